package main

import (
	"io"
	"testing"
)

func TestTheMasterKeyStandsBesideTheDatabaseUnlessNamed(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "data/master.key"},
		{[]string{"--db", "elsewhere/g.db"}, "elsewhere/master.key"},
		{[]string{"--db", "sqlite://elsewhere/g.db"}, "elsewhere/master.key"},
		{[]string{"--db", "postgres://gatehouse@db.example/gatehouse"}, "data/master.key"},
		{[]string{"--db", "postgres://gatehouse@db.example/gatehouse", "--key", "k"}, "k"},
	} {
		c, _, err := load(func(string) string { return "" }, test.args, io.Discard)
		if err != nil || c.Key != test.want {
			t.Errorf("%v: the key is in %q, %v; want %q", test.args, c.Key, err, test.want)
		}
	}
}

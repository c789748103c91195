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

func TestBeyondThisMachineTheConsoleWantsTLS(t *testing.T) {
	for base, taken := range map[string]bool{
		"https://id.example.com": true, "http://localhost:8080": true, "http://127.0.0.1:8080": true, "http://[::1]:8080": true,
		"http://id.example.com": false, "http://10.0.0.1": false, "http://localhost.example.com": false, "ftp://id.example.com": false,
		"https://id.example.com/path": false, "https://somebody@id.example.com": false, "id.example.com": false,
	} {
		_, _, err := load(func(string) string { return "" }, []string{"--base-url", base, "serve"}, io.Discard)
		if (err == nil) != taken {
			t.Errorf("--base-url %s: %v", base, err)
		}
	}
}

package main

import (
	"io"
	"strings"
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
		"https://id.example.com?": false, "https://id.example.com?x=1": false, "https://id.example.com#x": false,
		"https://id.example.com#": false, "https://:8443": false,
	} {
		_, _, err := load(func(string) string { return "" }, []string{"--base-url", base, "serve"}, io.Discard)
		if (err == nil) != taken {
			t.Errorf("--base-url %s: %v", base, err)
		}
	}
}

func TestADatabaseIsAFileOrAPostgreSQL(t *testing.T) {
	for location, taken := range map[string]bool{
		"data/gatehouse.db": true, "./odd://name": true, "sqlite:///var/lib/gatehouse.db": true,
		"postgres://gatehouse:secret@db.example/gatehouse": true, "postgresql://gatehouse:secret@db.example/gatehouse": true,
		"mysql://gatehouse:secret@db.example/gatehouse": false, "POSTGRES://gatehouse:secret@db.example/gatehouse": false,
		"https://gatehouse:secret@db.example": false, "jdbc.x+y-z://secret": false,
	} {
		_, _, err := load(func(string) string { return "" }, []string{"--db", location}, io.Discard)
		if (err == nil) != taken {
			t.Errorf("--db %s: %v", location, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error has the password: %v", err)
		}
	}
	if _, err := console(t, "file.db", "audit", "verify", "--without-key", "mysql://gatehouse:secret@db.example"); err == nil ||
		strings.Contains(err.Error(), "secret") {
		t.Errorf("audit verify of a mysql:// URL: %v", err)
	}
}

func TestTheVariableForMoreLinesInTheLogIsTrueOrFalse(t *testing.T) {
	for _, test := range []struct {
		text    string
		args    []string
		verbose bool
		wrong   bool
	}{
		{text: ""}, {text: "0"}, {text: "false"}, {text: "1", verbose: true}, {text: "true", verbose: true},
		{text: "false", args: []string{"--verbose"}, verbose: true}, {text: "true", args: []string{"--verbose=false"}},
		{text: "yes", wrong: true},
	} {
		getenv := func(name string) string {
			if name == "GATEHOUSE_VERBOSE" {
				return test.text
			}
			return ""
		}
		c, _, err := load(getenv, test.args, io.Discard)
		if c.Verbose != test.verbose || (err != nil) != test.wrong {
			t.Errorf("GATEHOUSE_VERBOSE=%s %v: %v, %v", test.text, test.args, c.Verbose, err)
		}
	}
}

package main

import (
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// console runs a command over a database and returns what it printed.
func console(t *testing.T, db string, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	p := process{args: append([]string{"--db", db, "--base-url", "http://localhost:8080"}, args...), getenv: func(string) string { return "" },
		out: &out, err: io.Discard}
	err := p.run(t.Context())
	return out.String(), err
}

func TestRecoverPrintsALinkForOnePerson(t *testing.T) {
	db := filepath.Join(t.TempDir(), "gatehouse.db")
	if _, err := console(t, db, "seed", "securecart"); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`^http://localhost:8080/invite/[\w-]{43}\n`)
	for _, args := range [][]string{{"ana.beltran"}, {"--administrator", "ana.beltran"}, {"ana.beltran", "--administrator"}} {
		out, err := console(t, db, append([]string{"recover"}, args...)...)
		if err != nil || !link.MatchString(out) {
			t.Errorf("recover %v printed %q, %v", args, out, err)
		}
	}
	for _, args := range [][]string{nil, {"no.body"}, {"ana.beltran", "ben.carter"}, {"--admin", "ana.beltran"}} {
		if out, err := console(t, db, append([]string{"recover"}, args...)...); err == nil {
			t.Errorf("recover %v printed %q", args, out)
		}
	}
}

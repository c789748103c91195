package main

import (
	"regexp"
	"testing"
)

func TestRecoverPrintsALinkForOnePerson(t *testing.T) {
	db := seededDatabase(t)
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

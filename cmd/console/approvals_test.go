package main

import (
	"strings"
	"testing"
)

func TestApprovalsAreTurnedOffOnTheHostAndOnlyWhereTheyAreOn(t *testing.T) {
	db := seededDatabase(t)
	for _, args := range [][]string{nil, {"on"}} {
		if out, err := console(t, db, append([]string{"approvals"}, args...)...); err == nil || !strings.Contains(err.Error(), "approvals off") {
			t.Errorf("approvals %v printed %q, %v", args, out, err)
		}
	}
	if _, err := console(t, db, "approvals", "off", "Otto", "left"); err == nil || !strings.Contains(err.Error(), "Nothing needs") {
		t.Errorf("turned off though it is off: %v", err)
	}
}

package store_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

func TestADatabaseIsClaimedWhileNobodyAttends(t *testing.T) {
	t.Parallel()
	location := storetest.Location(t)
	one, two := openAt(t, location), openAt(t, location)
	if !strings.HasPrefix(location, "postgres://") {
		if _, err := one.Attend(t.Context()); err == nil {
			t.Error("SQLite, which is locked by a file, let itself be attended")
		}
		return
	}
	first, err := one.Attend(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, err := two.Attend(t.Context())
	if err != nil {
		t.Fatalf("a second one cannot attend: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Claim(t.Context()); !errors.Is(err, store.ErrOthersPresent) {
		t.Errorf("Claim() while another attends = %v", err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	alone, err := one.Claim(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := two.Attend(t.Context()); !errors.Is(err, store.ErrOthersPresent) {
		t.Errorf("Attend() while another has it alone = %v", err)
	}
	if err := alone.Close(); err != nil {
		t.Fatal(err)
	}
}

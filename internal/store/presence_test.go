package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

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

// A console of an earlier release that went on would write rows that later ones take for forged.
func TestADatabaseIsNotBroughtToALaterSchemaWhileAnEarlierConsoleAttends(t *testing.T) {
	t.Parallel()
	location := storetest.Location(t)
	if !strings.HasPrefix(location, "postgres://") {
		t.Skip("a file is served by one process")
	}
	earlier := openAt(t, location)
	attending, err := earlier.Attend(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	storetest.NewIntruder(t, location).Do(`DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations)`)
	if _, err := store.Open(t.Context(), location, time.Now); !errors.Is(err, store.ErrOthersPresent) {
		t.Errorf("Open() = %v, want that another one is present", err)
	}
	if err := attending.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), location, time.Now); err == nil || errors.Is(err, store.ErrOthersPresent) {
		t.Errorf("Open() afterwards = %v, want that the last step is tried, which was taken before", err)
	}
}

package store_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

// TestADatabaseOfAnotherReleaseIsRefusedWithWhatToDo opens databases whose schema is of a newer release, of a changed file, and
// of an earlier release that is only to be read.
func TestADatabaseOfAnotherReleaseIsRefusedWithWhatToDo(t *testing.T) {
	t.Parallel()
	open := func(location string) error {
		s, err := store.Open(t.Context(), location, time.Now)
		if err != nil {
			return err
		}
		return s.Close()
	}
	read := func(location string) error {
		s, err := store.OpenToRead(t.Context(), location, storetest.Keys(t))
		if err != nil {
			return err
		}
		return s.Close()
	}
	for _, test := range []struct {
		name, change string
		open         func(location string) error
		want         string
	}{
		{"newer", `INSERT INTO migrations (name, hash) VALUES ('9999_later.sql', 'x')`, open, "use a newer console"},
		{"newer, to read", `INSERT INTO migrations (name, hash) VALUES ('9999_later.sql', 'x')`, read, "use a newer console"},
		{"changed", `UPDATE migrations SET hash = 'x' WHERE name LIKE '0001%'`, open, "not the one that was applied"},
		{"older, to read", `DELETE FROM migrations WHERE name NOT LIKE '0001%'`, read, "start this console on it once"},
	} {
		t.Run(test.name, func(t *testing.T) {
			location := storetest.Location(t)
			if err := test.open(location); err != nil {
				t.Fatal(err)
			}
			storetest.NewIntruder(t, location).Do(test.change)
			if err := test.open(location); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("it is opened with %v, want an error with %q", err, test.want)
			}
		})
	}
}

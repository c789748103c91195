package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

// TestAnInstallationThatIsGivenUpGoesOnAtTheNextStart ends the first start at one look after another, on one database: the start
// that is not given up finds what the others left and ends with all tables.
func TestAnInstallationThatIsGivenUpGoesOnAtTheNextStart(t *testing.T) {
	t.Parallel()
	location, looks := storetest.Empty(t), int64(0)
	var s *store.Store
	for err := errors.New("not opened"); err != nil; looks += 7 {
		if s, err = store.Open(storetest.GiveUp(t.Context(), looks), location, time.Now); err != nil && model.KindOf(err) == model.Invalid {
			t.Fatalf("given up at look %d: %v", looks, err)
		}
		if looks > 100_000 {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { s.Close() })
	storetest.Guard(t, s)
	if _, err := s.SignInPolicy(t.Context()); err != nil {
		t.Errorf("after %d looks the tables are not there: %v", looks, err)
	}
	for n := int64(0); ; n++ {
		read, err := store.OpenToRead(storetest.GiveUp(t.Context(), n), location, storetest.Keys(t))
		if err == nil {
			if err := read.Close(); err != nil {
				t.Error(err)
			}
			break
		}
		if n > 10_000 {
			t.Fatal(err)
		}
	}
	again, err := store.Open(context.Background(), location, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

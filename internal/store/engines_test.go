package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

// openAt opens a database as one process does.
func openAt(t *testing.T, location string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), location, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	storetest.Guard(t, s)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestProcessesThatStartTogetherMakeTheTablesOnce(t *testing.T) {
	t.Parallel()
	location := storetest.Empty(t)
	const processes = 4
	failed := make(chan error)
	for range processes {
		go func() {
			s, err := store.Open(context.WithoutCancel(t.Context()), location, time.Now)
			if err == nil {
				err = s.Close()
			}
			failed <- err
		}()
	}
	for range processes {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}

func TestProcessesThatWriteAtOnceKeepOneTrail(t *testing.T) {
	t.Parallel()
	location := storetest.Location(t)
	const processes, writers, writes = 2, 8, 10
	failed := make(chan error)
	for p := range processes {
		s := openAt(t, location)
		for w := range writers {
			go func() { failed <- writeMuch(context.WithoutCancel(t.Context()), s, fmt.Sprintf("%d-%d", p, w), writes) }()
		}
	}
	for range processes * writers {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	s := openAt(t, location)
	events, err := s.Events(t.Context(), store.EventFilter{})
	if err != nil || len(events) != processes*writers*writes {
		t.Fatalf("Events() = %d events, %v; want %d", len(events), err, processes*writers*writes)
	}
	check := audit.NewCheck()
	for _, e := range slices.Backward(events) {
		if err := check.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := check.End(); err != nil {
		t.Error(err)
	}
	if n, err := s.CountUsers(t.Context(), store.UserFilter{}); err != nil || n != processes*writers*writes {
		t.Errorf("CountUsers() = %d, %v; want one for each event", n, err)
	}
}

// writeMuch makes people, each with an event that counts those there were: a lost or doubled one would show.
func writeMuch(ctx context.Context, s *store.Store, name string, times int) error {
	for i := range times {
		err := s.Update(ctx, func(tx *store.Tx) error {
			before, err := tx.CountUsers(ctx, store.UserFilter{})
			if err != nil {
				return err
			}
			u := model.User{ID: model.UserID(fmt.Sprintf("u-%s-%d", name, i)), UserName: fmt.Sprintf("%s-%d", name, i),
				Email: fmt.Sprintf("%s-%d@securecart.example", name, i), Status: model.UserEnabled}
			if err := tx.InsertUser(ctx, u); err != nil {
				return err
			}
			if n, err := tx.CountEvents(ctx, store.EventFilter{}); err != nil || n != before {
				return fmt.Errorf("%d people are there, and %d events: %w", before, n, err)
			}
			return tx.Record(ctx, model.Event{Action: model.ActCreateUser, Outcome: model.Done, Summary: name})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func TestNumbersMayBeLarge(t *testing.T) {
	t.Parallel()
	s := open(t)
	const large = 1 << 40
	record(t, s, model.Event{Action: model.ActSignIn, Outcome: model.Done, Repeated: large})
	events, err := s.Events(t.Context(), store.EventFilter{})
	if err != nil || len(events) != 1 || events[0].Repeated != large {
		t.Errorf("Events() = %v, %v; want one that was repeated %d times", events, err, large)
	}
}

func TestPeopleStandInTheOrderOfBytes(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i, name := range []string{"zoe", "Émile", "a b", "_x", "ab", "a-c"} {
		change(t, s, func(tx *store.Tx) error {
			return tx.InsertUser(t.Context(), model.User{ID: model.UserID(fmt.Sprint("u-", i)), UserName: fmt.Sprint("u", i),
				Email: fmt.Sprint(i, "@securecart.example"), DisplayName: name, Status: model.UserEnabled})
		})
	}
	people, err := s.Users(t.Context(), store.UserFilter{}, store.UserPage{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range people {
		names = append(names, p.DisplayName)
	}
	if got, want := strings.Join(names, ", "), "_x, a b, a-c, ab, zoe, Émile"; got != want {
		t.Errorf("in the order %q, want %q", got, want)
	}
}

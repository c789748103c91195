package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// open opens a new database in a temporary file; its clock stands at noon.
func open(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), storetest.Location(t), func() time.Time { return noon })
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

func TestAChangeWithoutAnEventDoesNotCommit(t *testing.T) {
	t.Parallel()
	s := open(t)
	err := s.Update(t.Context(), func(*store.Tx) error { return nil })
	if !errors.Is(err, store.ErrUnaudited) {
		t.Errorf("Update() = %v, want ErrUnaudited", err)
	}
}

func TestAnErrorUndoesTheEventToo(t *testing.T) {
	t.Parallel()
	s, wrong := open(t), errors.New("wrong")
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.Record(t.Context(), model.Event{Action: "sso:CreateInstance", Outcome: model.Done}); err != nil {
			return err
		}
		return wrong
	})
	if !errors.Is(err, wrong) {
		t.Fatalf("Update() = %v, want %v", err, wrong)
	}
	events, err := s.Events(t.Context(), store.EventFilter{})
	if err != nil || len(events) != 0 {
		t.Errorf("Events() = %d events, %v; want none", len(events), err)
	}
}

func TestEventsAreNumberedAndChained(t *testing.T) {
	t.Parallel()
	s := open(t)
	for range 3 {
		record(t, s, model.Event{Action: "identitystore:CreateUser", Outcome: model.Done,
			Objects: []model.Ref{{Kind: model.RefUser, ID: "u", Name: "ann"}}, Summary: "Created ann"})
	}
	events, err := s.Events(t.Context(), store.EventFilter{})
	if err != nil {
		t.Fatal(err)
	}
	prev := audit.Start
	for i := range events {
		e := events[len(events)-1-i] // newest first
		if e.Seq != int64(i+1) || e.Prev != prev || e.Hash != audit.Hash(e) || !e.At.Equal(noon) {
			t.Errorf("event %d = seq %d, prev %s, hash %s (recomputed %s), at %s", i, e.Seq, e.Prev, e.Hash, audit.Hash(e), e.At)
		}
		prev = e.Hash
	}
}

func TestEventsReadBackAsTheyWereHashed(t *testing.T) {
	t.Parallel()
	s := open(t)
	const dirty = "a\xff\xfe\x00b\xed\xa0\x80 <script> \u202e \U0001F600 'x' \\"
	for range 3 {
		record(t, s, model.Event{ActorName: dirty, Action: dirty, Summary: dirty, Reason: dirty, SourceIP: dirty,
			RequestID: dirty, State: dirty, Objects: []model.Ref{{Kind: dirty, ID: dirty, Name: dirty}, {}}})
	}
	events, err := s.Events(t.Context(), store.EventFilter{})
	if err != nil || len(events) != 3 {
		t.Fatalf("Events() = %d events, %v", len(events), err)
	}
	check := audit.NewCheck()
	for _, e := range slices.Backward(events) {
		if err := check.Add(e); err != nil {
			t.Error(err)
		}
	}
	if err := check.End(); err != nil {
		t.Error(err)
	}
}

func TestAUniqueCommitAmongManyWriters(t *testing.T) {
	t.Parallel()
	s := open(t)
	done := make(chan error)
	for range 20 {
		go func() {
			done <- s.Update(context.WithoutCancel(t.Context()), func(tx *store.Tx) error {
				return tx.Record(t.Context(), model.Event{Action: "gatehouse:Test", Outcome: model.Done})
			})
		}()
	}
	for range 20 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	events, err := s.Events(t.Context(), store.EventFilter{})
	if err != nil || len(events) != 20 || events[0].Seq != 20 {
		t.Errorf("Events() = %d events, %v; want 20", len(events), err)
	}
}

func record(t *testing.T, s *store.Store, e model.Event) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.Record(t.Context(), e) }); err != nil {
		t.Fatal(err)
	}
}

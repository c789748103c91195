package store_test

import (
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

// indexedTrail is a store with a small trail: an event of two things, one of one thing that is named twice, one of nothing and one
// of a thing without an id, and an intruder.
func indexedTrail(t *testing.T) (*store.Store, *storetest.Intruder) {
	t.Helper()
	location := storetest.Location(t)
	s := openAt(t, location)
	ana, ops := model.Ref{Kind: model.RefUser, ID: "u-ana", Name: "ana"}, model.Ref{Kind: model.RefGroup, ID: "g-ops", Name: "ops"}
	for _, objects := range [][]model.Ref{{ana, ops}, {ana, {Kind: model.RefUser, ID: "u-ana", Name: "Ana"}}, nil,
		{{Kind: model.RefInstallation, Name: "Database"}}, {ops}} {
		record(t, s, model.Event{Action: model.ActSignIn, Outcome: model.Done, Objects: objects, Summary: "Did something"})
	}
	if found := misindexed(t, s); len(found) > 0 {
		t.Fatalf("before anything was changed: %q", found)
	}
	i := storetest.NewIntruder(t, location)
	i.Remember("event_objects")
	return s, i
}

// misindexed is what is wrong with the index of the trail.
func misindexed(t *testing.T, s *store.Store) []string {
	t.Helper()
	var found []string
	err := s.Snapshot(t.Context(), func(r store.Reader) error {
		return r.InspectIndex(t.Context(), func(d store.Damage) { found = append(found, d.Error()) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestEveryChangeToTheIndexOfTheTrailIsFound is exhaustive over a small trail: every row deleted, every column of every row with bits
// flipped, emptied and taken from every other row, and a row added for every event and thing that are not together.
func TestEveryChangeToTheIndexOfTheTrailIsFound(t *testing.T) {
	t.Parallel()
	s, i := indexedTrail(t)
	tried := 0
	found := func(what string) {
		t.Helper()
		tried++
		if found := misindexed(t, s); !slices.ContainsFunc(found, func(f string) bool {
			return strings.HasPrefix(f, "table event_objects, row seq=")
		}) {
			t.Errorf("%s: found %q", what, found)
		}
		i.Restore("event_objects")
	}
	draw := mathrand.New(mathrand.NewPCG(5, 2026))
	for n := range i.Rows("event_objects") {
		i.Do(`DELETE FROM event_objects` + i.At(i.Rows("event_objects")[n]))
		found(fmt.Sprintf("row %d was deleted", n))
		for _, column := range i.Columns("event_objects") {
			var others []any
			for other := range i.Rows("event_objects") {
				others = append(others, i.Cell("event_objects", column, i.Rows("event_objects")[other]))
			}
			for range 8 {
				if flipped, ok := storetest.Flipped(draw, others[n]); ok {
					others = append(others, flipped)
				}
			}
			for _, value := range append(others, "", "x") {
				row := i.Rows("event_objects")[n]
				if before := i.Cell("event_objects", column, row); value != before && i.Put("event_objects", column, row, value) {
					found(fmt.Sprintf("row %d: %s became %#v instead of %#v", n, column, value, before))
				}
			}
		}
	}
	for _, column := range []string{"id", "kind"} {
		if i.Try(`UPDATE event_objects SET `+column+` = CAST(`+column+` AS BLOB) WHERE seq = 1`) == nil { // for SQLite another value
			found(column + " looks the same and is none that is searched for")
		}
	}
	for _, thing := range [][2]string{{"user", "u-ana"}, {"group", "g-ops"}, {"user", "g-ops"}, {"installation", ""}, {"", ""}} {
		for seq := range 8 {
			if i.Try(`INSERT INTO event_objects (kind, id, seq) VALUES (?, ?, CAST(? AS INTEGER))`, thing[0], thing[1], seq) == nil {
				found(fmt.Sprintf("event %d was shown as one of %q", seq, thing))
			}
		}
	}
	if tried < 100 {
		t.Errorf("%d changes were tried: too few to tell", tried)
	}
	if found := misindexed(t, s); len(found) > 0 {
		t.Errorf("after all was put back: %q", found)
	}
}

func TestADamagedIndexOfTheTrailIsNamedByEventAndThing(t *testing.T) {
	t.Parallel()
	s, i := indexedTrail(t)
	i.Do(`DELETE FROM event_objects WHERE seq = 1`)
	i.Do(`UPDATE event_objects SET id = 'u-bo' WHERE seq = 2`)
	i.Do(`INSERT INTO event_objects (kind, id, seq) VALUES ('user', 'u-ana', 77)`)
	i.Do(`UPDATE events SET objects = 'nothing' WHERE seq = 5`)
	want := []string{
		`table event_objects, row seq=1 kind="group" id="g-ops": it is missing: the history of what the event speaks of does not show the event`,
		`table event_objects, row seq=1 kind="user" id="u-ana": it is missing: the history of what the event speaks of does not show the event`,
		`table event_objects, row seq=2 kind="user" id="u-bo": the event does not speak of this: it was changed, or written, outside Gatehouse`,
		`table event_objects, row seq=2 kind="user" id="u-ana": it is missing: the history of what the event speaks of does not show the event`,
		`table events, row seq=5: what the event speaks of cannot be read`,
		`table event_objects, row seq=5 kind="group" id="g-ops": the event does not speak of this: it was changed, or written, outside Gatehouse`,
		`table event_objects, row seq=77 kind="user" id="u-ana": the event does not speak of this: it was changed, or written, outside Gatehouse`,
	}
	if found := misindexed(t, s); !slices.Equal(found, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(found, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheIndexOfTheTrailIsMadeAnewFromItsEvents(t *testing.T) {
	t.Parallel()
	s, i := indexedTrail(t)
	change(t, s, func(tx *store.Tx) error {
		var errs []error
		for range 2500 { // more than are read at a time
			errs = append(errs, tx.Record(t.Context(), model.Event{Action: model.ActSignIn, Outcome: model.Done,
				Objects: []model.Ref{{Kind: model.RefUser, ID: "u-bo", Name: "bo"}}}))
		}
		return errors.Join(errs...)
	})
	i.Do(`UPDATE event_objects SET id = 'u-cy' WHERE id = 'u-bo'`)
	i.Do(`DELETE FROM event_objects WHERE seq < 4`)
	i.Do(`INSERT INTO event_objects (kind, id, seq) VALUES ('user', 'u-ana', 77000)`)
	i.Do(`UPDATE events SET objects = 'nothing' WHERE seq = 5`)
	change(t, s, func(tx *store.Tx) error { return tx.Reindex(t.Context()) })
	if found := misindexed(t, s); len(found) != 1 || found[0] != "table events, row seq=5: what the event speaks of cannot be read" {
		t.Errorf("found %q, want the event alone that cannot be read", found)
	}
	for id, want := range map[string]int{"u-ana": 2, "u-bo": 2500, "u-cy": 0, "g-ops": 1} {
		if n, err := s.CountEvents(t.Context(), store.EventFilter{Object: model.Ref{ID: id}}); err != nil || n != want {
			t.Errorf("%s is in %d events, %v; want %d", id, n, err, want)
		}
	}
}

// BenchmarkIndexOfTheTrail looks at the index of 100,000 events of two things each, beside a walk along their chain, and makes it
// anew.
func BenchmarkIndexOfTheTrail(b *testing.B) {
	s, err := store.Open(b.Context(), storetest.Location(b), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	storetest.Guard(b, s)
	err = s.Update(b.Context(), func(tx *store.Tx) error {
		for n := range 100_000 {
			err := tx.Record(b.Context(), model.Event{Action: model.ActSignIn, Outcome: model.Done, ActorName: "ana", Summary: "Did something",
				Objects: []model.Ref{{Kind: model.RefUser, ID: fmt.Sprintf("u-%d", n%5000), Name: "ana"}, {Kind: model.RefGroup,
					ID: fmt.Sprintf("g-%d", n%300), Name: "ops"}}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("look", func(b *testing.B) {
		for b.Loop() {
			if err := s.InspectIndex(b.Context(), func(d store.Damage) { b.Fatal(d.Error()) }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("chain", func(b *testing.B) {
		for b.Loop() {
			check := audit.NewCheck()
			if err := errors.Join(s.EachEvent(b.Context(), 0, check.Add), check.End()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			err := s.Update(b.Context(), func(tx *store.Tx) error {
				return errors.Join(tx.Reindex(b.Context()), tx.Record(b.Context(), model.Event{Action: model.ActAcceptDamage}))
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

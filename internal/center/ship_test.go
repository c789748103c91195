package center_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const collector = "tcp://collector.example:601"

// numbers are the sequence numbers of events.
func numbers(events []model.Event) (list []int64) {
	for _, e := range events {
		list = append(list, e.Seq)
	}
	return list
}

func TestACollectorGetsEveryEventOnceInOrderAcrossGaps(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	var got []int64
	take := func(events []model.Event) error {
		got = append(got, numbers(events)...)
		return nil
	}
	o.user(t, "ana")
	o.user(t, "bo")
	if n, err := o.c.Ship(t.Context(), collector, "one", take); err != nil || n != 2 {
		t.Fatalf("Ship() = %d, %v; want two events", n, err)
	}
	gone := errors.New("the collector is gone")
	o.user(t, "cleo")
	if _, err := o.c.Ship(t.Context(), collector, "one", func([]model.Event) error { return gone }); !errors.Is(err, gone) {
		t.Errorf("Ship() = %v, want what the sender says", err)
	}
	o.user(t, "dora")
	again := o.again(t) // the process stopped, and another one starts, before the first one's time is up
	if n, err := again.c.Ship(t.Context(), collector, "two", take); err != nil || n != 0 {
		t.Errorf("Ship() beside one that sends = %d, %v; want that it leaves it alone", n, err)
	}
	again.now = again.now.Add(time.Minute)
	for range 2 {
		if _, err := again.c.Ship(t.Context(), collector, "two", take); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(got, []int64{1, 2, 3, 4}) {
		t.Errorf("the collector got %v, want 1 to 4", got)
	}
	if err := again.c.EndShipping(t.Context(), collector, "two"); err != nil {
		t.Fatal(err)
	}
	again.user(t, "eva")
	if n, err := again.c.Ship(t.Context(), collector, "three", take); err != nil || n != 1 {
		t.Errorf("Ship() after the one before ended = %d, %v; want one event", n, err)
	}
	got = nil
	if n, err := again.c.Ship(t.Context(), "udp://another:514", "two", take); err != nil || n != 5 {
		t.Errorf("another collector got %v, %v; want all", got, err)
	}
}

func TestALongTrailIsSentInParts(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	err := o.store.Update(t.Context(), func(tx *store.Tx) error {
		for range 600 {
			if err := tx.Record(t.Context(), model.Event{Action: model.ActSignIn, Outcome: model.Failed}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{500, 100, 0} {
		if n, err := o.c.Ship(t.Context(), collector, "one", func([]model.Event) error { return nil }); err != nil || n != want {
			t.Errorf("Ship() = %d, %v; want %d", n, err, want)
		}
	}
}

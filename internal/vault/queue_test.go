package vault

import (
	"context"
	"errors"
	"testing"
)

// The queue is tested from inside, since only there it can be filled without waiting for anything.

func newCheapHasher(t *testing.T) *Hasher {
	t.Helper()
	h, err := NewHasher(Cost{Passes: 1, MemoryKiB: 8, Lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAFullQueueTurnsAway(t *testing.T) {
	h := newCheapHasher(t)
	for range cap(h.tickets) {
		h.tickets <- struct{}{}
	}
	if _, err := h.Hash(t.Context(), "tidal-copper"); !errors.Is(err, ErrBusy) {
		t.Errorf("hash: %v, want ErrBusy", err)
	}
	if _, err := h.Verify(t.Context(), "tidal-copper", ""); !errors.Is(err, ErrBusy) {
		t.Errorf("verify: %v, want ErrBusy", err)
	}

	<-h.tickets
	if _, err := h.Hash(t.Context(), "tidal-copper"); err != nil {
		t.Errorf("with a place free: %v", err)
	}
}

func TestWhoGivesUpLeavesTheQueue(t *testing.T) {
	h := newCheapHasher(t)
	for range cap(h.workers) {
		h.workers <- struct{}{}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	for range 10 * cap(h.tickets) {
		if _, err := h.Verify(gone, "tidal-copper", ""); !errors.Is(err, context.Canceled) {
			t.Fatalf("%v, want context.Canceled", err)
		}
	}
	if len(h.tickets) != 0 {
		t.Errorf("%d places stay taken", len(h.tickets))
	}
}

func TestAnUnknownPersonCostsTheSameWork(t *testing.T) {
	h := newCheapHasher(t)
	if h.NeedsRehash(h.nobody) {
		t.Errorf("the hash that nobody has is made at another cost: %s", h.nobody)
	}
	if other := newCheapHasher(t); other.nobody == h.nobody {
		t.Error("the hash that nobody has is known beforehand")
	}
}

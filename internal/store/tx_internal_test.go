package store

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestWaitingForAConnectionToWriteEndsWithItsContext holds the only connection: on PostgreSQL a busy pool or a server that drops
// packets keeps a write waiting in the same place.
func TestWaitingForAConnectionToWriteEndsWithItsContext(t *testing.T) {
	s := emptyStore(t, "")
	conn, err := s.writer.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.Housekeep(ctx, func(*Tx) error { return nil }) }()
	select {
	case err := <-ended:
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the write ended with %v, want that its time is over", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the write waits for a connection after its time is over")
	}
	select {
	case s.gate <- struct{}{}:
		<-s.gate
	case <-time.After(10 * time.Second):
		t.Error("nobody else may write")
	}
}

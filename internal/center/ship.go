package center

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const (
	mostShipped = 500 // events at a time

	// shipmentHeld is how long a process that sends keeps others from it without a sign of life.
	shipmentHeld = 30 * time.Second
)

// Ship sends the events that a destination does not have yet, the oldest first, at most 500 of them, and returns how many.
// holder names the process: of several one sends. How far it came is kept after send returns nil, so that nothing is lost
// by a stop or a gap; what was under way then is sent again. It is housekeeping, nobody's act.
func (c *Center) Ship(ctx context.Context, destination, holder string, send func([]model.Event) error) (int, error) {
	var events []model.Event
	err := c.Store.Snapshot(ctx, func(r store.Reader) error {
		sent, err := r.Shipped(ctx, destination)
		if err != nil {
			return err
		}
		events, err = r.EventsAfter(ctx, sent, mostShipped)
		return err
	})
	if err != nil || len(events) == 0 {
		return 0, err
	}
	mine := false
	err = c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		var sent int64
		if sent, mine, err = tx.ClaimShipment(ctx, destination, holder, tx.Now().Add(shipmentHeld)); err != nil || !mine {
			return err
		}
		for len(events) > 0 && events[0].Seq <= sent { // another process sent them in between
			events = events[1:]
		}
		return nil
	})
	if err != nil || !mine || len(events) == 0 {
		return 0, err
	}
	if err := send(events); err != nil {
		return 0, fmt.Errorf("send events %d to %d: %w", events[0].Seq, events[len(events)-1].Seq, err)
	}
	err = c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		return tx.AdvanceShipment(ctx, destination, holder, events[len(events)-1].Seq)
	})
	return len(events), err
}

// ShipAgain has what came after an event sent once more: the collector hung up so soon that it may not have it.
func (c *Center) ShipAgain(ctx context.Context, destination, holder string, after int64) error {
	err := c.Store.Housekeep(ctx, func(tx *store.Tx) error { return tx.RewindShipment(ctx, destination, holder, after) })
	if err != nil {
		return fmt.Errorf("go back to event %d for %s: %w", after, destination, err)
	}
	return nil
}

// EndShipping lets another process send to a destination at once.
func (c *Center) EndShipping(ctx context.Context, destination, holder string) error {
	err := c.Store.Housekeep(ctx, func(tx *store.Tx) error { return tx.ReleaseShipment(ctx, destination, holder) })
	if err != nil {
		return fmt.Errorf("let others send to %s: %w", destination, err)
	}
	return nil
}

package store

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// Shipped returns the last event that was sent to a destination; 0 when none was.
func (r Reader) Shipped(ctx context.Context, destination string) (int64, error) {
	var seqs []int64
	if err := r.list(ctx, &seqs, `SELECT seq FROM shipments WHERE destination = ?`, destination); err != nil || len(seqs) == 0 {
		return 0, err
	}
	return seqs[0], nil
}

// EventsAfter returns at most so many events after a sequence number, the oldest first.
func (r Reader) EventsAfter(ctx context.Context, after int64, most int) ([]model.Event, error) {
	var rows []eventRow
	err := r.list(ctx, &rows, `SELECT `+eventColumns+` FROM events WHERE seq > ? ORDER BY seq LIMIT ?`, after, most)
	if err != nil {
		return nil, fmt.Errorf("list events to send: %w", err)
	}
	events := make([]model.Event, len(rows))
	for i, row := range rows {
		if events[i], err = row.event(); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// ClaimShipment makes holder the one that sends to a destination until a moment, unless another one is that still; then it
// reports false. It returns the last event that was sent.
func (t *Tx) ClaimShipment(ctx context.Context, destination, holder string, until time.Time) (seq int64, ok bool, err error) {
	err = t.exec(ctx, `
		INSERT INTO shipments (destination, seq, holder, held_until) VALUES (?, 0, ?, ?) ON CONFLICT (destination) DO NOTHING`,
		destination, holder, until.UTC())
	if err != nil {
		return 0, false, fmt.Errorf("begin to send to %s: %w", destination, err)
	}
	n, err := t.affected(ctx, `
		UPDATE shipments SET holder = ?, held_until = ? WHERE destination = ? AND (holder = ? OR held_until < ?)`,
		holder, until.UTC(), destination, holder, t.now)
	if err != nil || n == 0 {
		return 0, false, err
	}
	seq, err = t.Shipped(ctx, destination)
	return seq, err == nil, err
}

// RewindShipment notes that what came after an event has to be sent again.
func (t *Tx) RewindShipment(ctx context.Context, destination, holder string, seq int64) error {
	return t.exec(ctx, `UPDATE shipments SET seq = ? WHERE destination = ? AND holder = ? AND seq > ?`, seq, destination, holder, seq)
}

// ReleaseShipment lets others send to a destination at once.
func (t *Tx) ReleaseShipment(ctx context.Context, destination, holder string) error {
	return t.exec(ctx, `UPDATE shipments SET held_until = ? WHERE destination = ? AND holder = ?`,
		t.now.Add(-time.Second), destination, holder)
}

// AdvanceShipment notes that everything up to an event was sent.
func (t *Tx) AdvanceShipment(ctx context.Context, destination, holder string, seq int64) error {
	return t.exec(ctx, `UPDATE shipments SET seq = ? WHERE destination = ? AND holder = ? AND seq < ?`, seq, destination, holder, seq)
}

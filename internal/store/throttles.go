package store

import (
	"context"
	"time"

	"gatehouse/internal/model"
)

// InBrowser stands in the place of a network where the subject is the id of a known browser: failures in it are counted
// wherever it is.
const InBrowser = "known browser"

// Throttle is how often signing in failed of late with one user name from one network. The zero value is never.
type Throttle struct {
	Failures int
	FirstAt  time.Time // of the failures that count
	LastAt   time.Time
}

// Throttle returns the failures of late with a subject from a network. A subject is the digest of a user name, and empty
// for all names together; see InBrowser for known browsers.
func (r Reader) Throttle(ctx context.Context, subject, network string) (Throttle, error) {
	var rows []struct {
		Failures          int
		FirstAt, FailedAt time.Time
	}
	err := r.list(ctx, &rows, `SELECT failures, first_at, failed_at FROM throttles WHERE subject = ? AND network = ?`,
		subject, network)
	if err != nil || len(rows) == 0 {
		return Throttle{}, err
	}
	return Throttle{Failures: rows[0].Failures, FirstAt: rows[0].FirstAt.UTC(), LastAt: rows[0].FailedAt.UTC()}, nil
}

// CountThrottle counts an attempt before it is looked at. Failures up to since are forgotten, and rows that say nothing any
// more: those of a known browser after as long as one stays known without being used, so that quiet days give it no new tries.
func (t *Tx) CountThrottle(ctx context.Context, subject, network string, since time.Time) error {
	err := t.exec(ctx, `DELETE FROM throttles WHERE failed_at <= ? AND (network <> ? OR failed_at <= ?)`,
		t.now.Add(-quiet), InBrowser, t.now.Add(-model.BrowserLife))
	if err != nil {
		return err
	}
	return t.exec(ctx, `
		INSERT INTO throttles (subject, network, failures, first_at, failed_at) VALUES (?, ?, 1, ?, ?)
		ON CONFLICT (subject, network) DO UPDATE SET
			failures = CASE WHEN throttles.first_at <= ? THEN 1 ELSE throttles.failures + 1 END,
			first_at = CASE WHEN throttles.first_at <= ? THEN excluded.first_at ELSE throttles.first_at END,
			failed_at = excluded.failed_at`, subject, network, t.now, t.now, since.UTC(), since.UTC())
}

// quiet is after how much time without a failure the row of a network says nothing any more: waits are far shorter.
const quiet = 24 * time.Hour

// UncountThrottle takes one failure back, for an attempt that turned out right.
func (t *Tx) UncountThrottle(ctx context.Context, subject, network string) error {
	return t.exec(ctx, `UPDATE throttles SET failures = failures - 1 WHERE subject = ? AND network = ? AND failures > 0`,
		subject, network)
}

// ClearThrottle forgets the failures with a subject: from one network, or from all when network is empty.
func (t *Tx) ClearThrottle(ctx context.Context, subject, network string) error {
	return t.exec(ctx, `DELETE FROM throttles WHERE subject = ? AND (network = ? OR ? = '')`, subject, network, network)
}

// ReturnThrottle forgets the failures with a subject from a network, unless another one was counted after a time.
func (t *Tx) ReturnThrottle(ctx context.Context, subject, network string, counted time.Time) error {
	return t.exec(ctx, `DELETE FROM throttles WHERE subject = ? AND network = ? AND failed_at = ?`, subject, network, counted)
}

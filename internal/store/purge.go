package store

import (
	"context"
	"fmt"
	"time"
)

// Purge forgets at most so many rows of each kind that have said nothing since before: sessions nobody used since, links
// and challenges that ran out, apps that nobody confirmed, reports that a newer one took the place of. What is still shown
// stays: each person's newest sign-in and newest link of each purpose. It returns how many rows went. The trail and
// everything with history is left alone.
func (t *Tx) Purge(ctx context.Context, before time.Time, most int) (int64, error) {
	var total int64
	for _, step := range []struct{ what, query string }{
		{"sessions", `DELETE FROM sessions WHERE pk IN (
			SELECT s.pk FROM sessions s
			WHERE s.last_seen_at <= ? AND (s.signed_in_at IS NULL OR EXISTS (
				SELECT 1 FROM sessions n WHERE n.user_pk = s.user_pk AND n.signed_in_at > s.signed_in_at))
			LIMIT ?)`},
		{"links", `DELETE FROM links WHERE pk IN (
			SELECT l.pk FROM links l
			WHERE l.expires_at <= ? AND (l.user_pk IS NULL OR EXISTS (
				SELECT 1 FROM links n WHERE n.user_pk = l.user_pk AND n.purpose = l.purpose AND n.pk > l.pk))
			LIMIT ?)`},
		{"challenges", `DELETE FROM challenges WHERE pk IN (SELECT c.pk FROM challenges c WHERE c.expires_at <= ? LIMIT ?)`},
		{"reports", `DELETE FROM reports WHERE pk IN (
			SELECT r.pk FROM reports r
			WHERE r.generated_at <= ? AND EXISTS (SELECT 1 FROM reports n WHERE n.kind = r.kind AND n.pk > r.pk)
			LIMIT ?)`},
	} {
		n, err := t.affected(ctx, step.query, before.UTC(), most)
		if err != nil {
			return total, fmt.Errorf("forget old %s: %w", step.what, err)
		}
		total += n
	}
	n, err := t.remove(ctx, totpDevices, `pk IN (
		SELECT d.pk FROM totp_devices d WHERE d.created_at <= ? AND d.confirmed_at IS NULL LIMIT ?)`, before.UTC(), most)
	if err != nil {
		return total, fmt.Errorf("forget apps that nobody confirmed: %w", err)
	}
	return total + n, nil
}

package store

import (
	"context"
	"fmt"
	"time"
)

// Purge forgets at most so many rows of each kind that have said nothing since before: sessions nobody used since, links
// and challenges that ran out, apps that nobody confirmed, reports that a newer one took the place of, e-mails that were
// sent or given up, notices that were told, and browsers that are not known any more. What is still shown stays: each
// person's newest sign-in and newest link of each purpose. It returns how many rows went. The trail and everything with
// history is left alone.
func (t *Tx) Purge(ctx context.Context, before time.Time, most int) (int64, error) {
	var total int64
	for _, step := range []struct{ what, query string }{
		{"challenges", `DELETE FROM challenges WHERE pk IN (SELECT c.pk FROM challenges c WHERE c.expires_at <= ? LIMIT ?)`},
		{"reports", `DELETE FROM reports WHERE pk IN (
			SELECT r.pk FROM reports r
			WHERE r.generated_at <= ? AND EXISTS (SELECT 1 FROM reports n WHERE n.kind = r.kind AND n.pk > r.pk)
			LIMIT ?)`},
		{"e-mails", `DELETE FROM outbox WHERE pk IN (SELECT pk FROM outbox WHERE settled_at <= ? LIMIT ?)`},
		{"notices", `DELETE FROM notices WHERE pk IN (SELECT pk FROM notices WHERE told_at <= ? LIMIT ?)`},
	} {
		n, err := t.affected(ctx, step.query, before.UTC(), most)
		if err != nil {
			return total, fmt.Errorf("forget old %s: %w", step.what, err)
		}
		total += n
	}
	for _, step := range []struct {
		what  string
		table guarded
		which string
	}{
		{"sessions", sessions, `pk IN (
			SELECT s.pk FROM sessions s
			WHERE s.last_seen_at <= ? AND (s.signed_in_at IS NULL OR EXISTS (
				SELECT 1 FROM sessions n WHERE n.user_pk = s.user_pk AND n.signed_in_at > s.signed_in_at))
			LIMIT ?)`},
		{"links", links, `pk IN (
			SELECT l.pk FROM links l
			WHERE l.expires_at <= ? AND (l.user_pk IS NULL OR EXISTS (
				SELECT 1 FROM links n WHERE n.user_pk = l.user_pk AND n.purpose = l.purpose AND n.pk > l.pk))
			LIMIT ?)`},
		{"apps that nobody confirmed", totpDevices, `pk IN (
			SELECT d.pk FROM totp_devices d WHERE d.created_at <= ? AND d.confirmed_at IS NULL LIMIT ?)`},
		{"networks", knownNetworks, `browser_pk IN (SELECT pk FROM known_browsers WHERE expires_at <= ? ORDER BY pk LIMIT ?)`},
		{"browsers", knownBrowsers, `pk IN (
			SELECT pk FROM known_browsers b WHERE b.expires_at <= ?
				AND NOT EXISTS (SELECT 1 FROM known_networks k WHERE k.browser_pk = b.pk) ORDER BY pk LIMIT ?)`},
	} {
		n, err := t.remove(ctx, step.table, step.which, before.UTC(), most)
		if err != nil {
			return total, fmt.Errorf("forget %s: %w", step.what, err)
		}
		total += n
	}
	return total, nil
}

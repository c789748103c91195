package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// Link returns the one-time link whose token has a digest, used or not.
func (r Reader) Link(ctx context.Context, digest string) (model.Link, error) {
	var row struct {
		ID, Purpose, CreatedBy string
		UserID                 sql.NullString
		CreatedAt, ExpiresAt   time.Time
		UsedAt                 sql.NullTime
	}
	err := r.found(ctx, &row, "link", "with this address", `
		SELECT l.id, l.purpose, l.created_by, l.created_at, l.expires_at, l.used_at, u.id AS user_id
		FROM links l LEFT JOIN users u ON u.pk = l.user_pk
		WHERE l.digest = ?`, digest)
	if err == nil {
		err = r.check(ctx, links, `digest = ?`, digest)
	}
	return model.Link{ID: model.LinkID(row.ID), User: model.UserID(row.UserID.String), Purpose: model.LinkPurpose(row.Purpose),
		CreatedBy: model.UserID(row.CreatedBy), CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, UsedAt: row.UsedAt.Time}, err
}

// FactorReset reports whether a link for another second factor was ever made for a person, be it good, too old or used.
func (r Reader) FactorReset(ctx context.Context, user model.UserID) (bool, error) {
	var n int
	err := r.one(ctx, &n, `
		SELECT count(*) FROM links l JOIN users u ON u.pk = l.user_pk
		WHERE u.id = ? AND l.purpose IN (?, ?)`, user, model.LinkMFAReset, model.LinkRecovery)
	if err == nil {
		err = r.check(ctx, links, `user_pk = (SELECT pk FROM users WHERE id = ?)`, user)
	}
	return n > 0, err
}

// CloseLinks makes the unused links of a person worthless, whatever their purpose.
func (t *Tx) CloseLinks(ctx context.Context, user model.UserID) error {
	_, err := t.end(ctx, links, `used_at = ?`, `used_at IS NULL AND user_pk = (SELECT pk FROM users WHERE id = ?)`, t.now, user)
	return err
}

// ExpireLinks makes the links of a person that are still good too old, and returns how many.
func (t *Tx) ExpireLinks(ctx context.Context, user model.UserID) (int64, error) {
	n, err := t.end(ctx, links, `expires_at = ?`,
		`used_at IS NULL AND expires_at > ? AND user_pk = (SELECT pk FROM users WHERE id = ?)`, t.now, t.now, user)
	if err != nil {
		return 0, fmt.Errorf("end the links of a person: %w", err)
	}
	return n, nil
}

// OpenLinks returns how many links of a person are good at a moment.
func (r Reader) OpenLinks(ctx context.Context, user model.UserID, now time.Time) (int, error) {
	var n int
	err := r.one(ctx, &n, `
		SELECT count(*) FROM links l JOIN users u ON u.pk = l.user_pk
		WHERE u.id = ? AND l.used_at IS NULL AND l.expires_at > ?`, user, now.UTC())
	if err != nil {
		return 0, fmt.Errorf("count the links of a person: %w", err)
	}
	return n, nil
}

// InsertLink keeps a one-time link and makes older ones of the same purpose and person worthless.
func (t *Tx) InsertLink(ctx context.Context, l model.Link, digest string) error {
	_, err := t.end(ctx, links, `used_at = ?`,
		`purpose = ? AND used_at IS NULL AND COALESCE(user_pk, 0) = COALESCE((SELECT pk FROM users WHERE id = ?), 0)`,
		t.now, l.Purpose, l.User)
	if err != nil {
		return err
	}
	return t.insert(ctx, links, `
		INSERT INTO links (pk, id, digest, user_pk, purpose, created_by, created_at, expires_at, used_at)
		VALUES (?, ?, ?, (SELECT pk FROM users WHERE id = ? AND to_seq IS NULL), ?, ?, ?, ?, NULL)`,
		t.newPK(), l.ID, digest, l.User, l.Purpose, l.CreatedBy, t.now, l.ExpiresAt.UTC())
}

// UseLink consumes a link; false when it was used or is too old.
func (t *Tx) UseLink(ctx context.Context, id model.LinkID) (bool, error) {
	n, err := t.amend(ctx, links, `used_at = ?`, `id = ? AND used_at IS NULL AND expires_at > ?`, t.now, id, t.now)
	return n == 1, err
}

// NewestLink returns the newest link for a person, used or not; the zero Link when there never was one.
func (r Reader) NewestLink(ctx context.Context, user model.UserID) (model.Link, error) {
	var rows []struct {
		ID, Purpose          string
		CreatedAt, ExpiresAt time.Time
		UsedAt               sql.NullTime
	}
	err := r.list(ctx, &rows, `
		SELECT l.id, l.purpose, l.created_at, l.expires_at, l.used_at
		FROM links l JOIN users u ON u.pk = l.user_pk
		WHERE u.id = ? ORDER BY l.pk DESC LIMIT 1`, user)
	if err != nil || len(rows) == 0 {
		return model.Link{}, err
	}
	row := rows[0]
	return model.Link{ID: model.LinkID(row.ID), User: user, Purpose: model.LinkPurpose(row.Purpose),
		CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, UsedAt: row.UsedAt.Time}, nil
}

package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// InsertNotice keeps a notice for a person.
func (t *Tx) InsertNotice(ctx context.Context, user model.UserID, n model.Notice) error {
	err := t.exec(ctx, `
		INSERT INTO notices (pk, user_pk, kind, text, created_at, told_at)
		SELECT ?, pk, ?, ?, ?, NULL FROM users WHERE id = ? AND to_seq IS NULL`, t.newPK(), n.Kind, n.Text, t.now, user)
	if err != nil {
		return fmt.Errorf("keep a notice: %w", err)
	}
	return nil
}

// Notices returns the newest notices of a person, newest first.
func (r Reader) Notices(ctx context.Context, user model.UserID, most int) ([]model.Notice, error) {
	var rows []struct {
		Kind, Text string
		CreatedAt  time.Time
		ToldAt     sql.NullTime
	}
	err := r.list(ctx, &rows, `
		SELECT n.kind, n.text, n.created_at, n.told_at FROM notices n JOIN users u ON u.pk = n.user_pk
		WHERE u.id = ? ORDER BY n.pk DESC LIMIT ?`, user, most)
	if err != nil {
		return nil, fmt.Errorf("list the notices of a person: %w", err)
	}
	list := make([]model.Notice, len(rows))
	for i, row := range rows {
		list[i] = model.Notice{Kind: model.NoticeKind(row.Kind), Text: row.Text, At: row.CreatedAt.UTC(), ToldAt: utcTime(row.ToldAt)}
	}
	return list, nil
}

// TellNotices returns the notices from before a moment that a person was not told of, oldest first, and marks them as told.
func (t *Tx) TellNotices(ctx context.Context, user model.UserID, before time.Time) ([]string, error) {
	const untold = ` WHERE told_at IS NULL AND created_at < ? AND user_pk = (SELECT pk FROM users WHERE id = ?)`
	var texts []string
	if err := t.list(ctx, &texts, `SELECT text FROM notices`+untold+` ORDER BY pk`, before.UTC(), user); err != nil {
		return nil, fmt.Errorf("read what a person was not told: %w", err)
	}
	if len(texts) == 0 {
		return nil, nil
	}
	return texts, t.exec(ctx, `UPDATE notices SET told_at = ?`+untold, t.now, before.UTC(), user)
}

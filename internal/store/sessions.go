package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

type sessionRow struct {
	ID, UserID, Stage, Methods    string
	SignedInAt, FactorAt, EndedAt sql.NullTime
	CreatedAt, LastSeenAt         time.Time
	SourceIP, UserAgent, Flash    string
	Epoch                         int64
}

const sessionColumns = `s.id, u.id AS user_id, s.stage, s.methods, s.signed_in_at, s.factor_at, s.ended_at, s.created_at,
	s.last_seen_at, s.source_ip, s.user_agent, s.flash, s.epoch`

func (r sessionRow) session() model.Session {
	return model.Session{ID: model.SessionID(r.ID), User: model.UserID(r.UserID), Stage: model.SessionStage(r.Stage),
		Methods: r.Methods, SignedInAt: r.SignedInAt.Time, FactorAt: r.FactorAt.Time, CreatedAt: r.CreatedAt,
		LastSeenAt: r.LastSeenAt, SourceIP: r.SourceIP, UserAgent: r.UserAgent, Epoch: r.Epoch, EndedAt: r.EndedAt.Time}
}

// SessionByDigest returns the session whose cookie has the given digest, and the messages kept for its next page.
func (r Reader) SessionByDigest(ctx context.Context, digest string) (s model.Session, flash string, err error) {
	var row sessionRow
	err = r.found(ctx, &row, "session", "of this browser", `
		SELECT `+sessionColumns+`
		FROM sessions s JOIN users u ON u.pk = s.user_pk AND u.to_seq IS NULL
		WHERE s.digest = ?`, digest)
	return row.session(), row.Flash, err
}

// SessionsOf returns the sessions of a person that have not ended, newest first.
func (r Reader) SessionsOf(ctx context.Context, user model.UserID) ([]model.Session, error) {
	var rows []sessionRow
	err := r.list(ctx, &rows, `
		SELECT `+sessionColumns+`
		FROM sessions s JOIN users u ON u.pk = s.user_pk
		WHERE u.id = ? AND s.ended_at IS NULL AND s.epoch = u.session_epoch AND s.stage = ?
		ORDER BY s.last_seen_at DESC`, user, model.StageSignedIn)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	sessions := make([]model.Session, len(rows))
	for i, row := range rows {
		sessions[i] = row.session()
	}
	return sessions, nil
}

// InsertSession keeps a new session; digest is that of its cookie.
func (t *Tx) InsertSession(ctx context.Context, s model.Session, digest string) error {
	return t.exec(ctx, `
		INSERT INTO sessions (pk, id, digest, user_pk, stage, methods, signed_in_at, factor_at, created_at, last_seen_at,
			source_ip, user_agent, epoch, flash, ended_at)
		SELECT ?, ?, ?, pk, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', NULL FROM users WHERE id = ? AND to_seq IS NULL`,
		t.newPK(), s.ID, digest, s.Stage, s.Methods, orNull(s.SignedInAt), orNull(s.FactorAt), t.now, t.now,
		s.SourceIP, s.UserAgent, s.Epoch, s.User)
}

// SeeSession notes that a session was used.
func (t *Tx) SeeSession(ctx context.Context, id model.SessionID) error {
	return t.exec(ctx, `UPDATE sessions SET last_seen_at = ? WHERE id = ?`, t.now, id)
}

// KeepFlash keeps messages for the session's next page; empty forgets them.
func (t *Tx) KeepFlash(ctx context.Context, id model.SessionID, flash string) error {
	return t.exec(ctx, `UPDATE sessions SET flash = ? WHERE id = ?`, flash, id)
}

// EndSession ends a session; it reports false when it had ended already.
func (t *Tx) EndSession(ctx context.Context, id model.SessionID) (bool, error) {
	n, err := t.affected(ctx, `UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL`, t.now, id)
	return n == 1, err
}

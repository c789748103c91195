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
	Browser                       string
	Epoch                         int64
}

const sessionColumns = `s.id, u.id AS user_id, s.stage, s.methods, s.signed_in_at, s.factor_at, s.ended_at, s.created_at,
	s.last_seen_at, s.source_ip, s.user_agent, s.flash, s.browser, s.epoch`

func (r sessionRow) session() model.Session {
	return model.Session{ID: model.SessionID(r.ID), User: model.UserID(r.UserID), Stage: model.SessionStage(r.Stage),
		Methods: r.Methods, SignedInAt: r.SignedInAt.Time, FactorAt: r.FactorAt.Time, CreatedAt: r.CreatedAt,
		LastSeenAt: r.LastSeenAt, SourceIP: r.SourceIP, UserAgent: r.UserAgent, Browser: model.BrowserID(r.Browser),
		Epoch: r.Epoch, EndedAt: r.EndedAt.Time}
}

// SessionByDigest returns the session whose cookie has the given digest, and the messages kept for its next page.
func (r Reader) SessionByDigest(ctx context.Context, digest string) (s model.Session, flash string, err error) {
	var row sessionRow
	err = r.found(ctx, &row, "session", "of this browser", `
		SELECT `+sessionColumns+`
		FROM sessions s JOIN users u ON u.pk = s.user_pk AND u.to_seq IS NULL
		WHERE s.digest = ?`, digest)
	if err == nil {
		err = r.check(ctx, sessions, `digest = ?`, digest)
	}
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
	return t.insert(ctx, sessions, `
		INSERT INTO sessions (pk, id, digest, user_pk, stage, methods, signed_in_at, factor_at, created_at, last_seen_at,
			source_ip, user_agent, browser, epoch, flash, ended_at)
		SELECT ?, ?, ?, pk, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', NULL FROM users WHERE id = ? AND to_seq IS NULL`,
		t.newPK(), s.ID, digest, s.Stage, s.Methods, orNull(s.SignedInAt), orNull(s.FactorAt), t.now, t.now,
		s.SourceIP, s.UserAgent, s.Browser, s.Epoch, s.User)
}

// RaiseSession gives a session another stage and another cookie: the cookie with the old digest is worthless from then on.
// It reports false when the session has ended or was raised by somebody else before.
func (t *Tx) RaiseSession(ctx context.Context, s model.Session, old, digest string) (bool, error) {
	n, err := t.amend(ctx, sessions,
		`digest = ?, stage = ?, methods = ?, signed_in_at = ?, factor_at = ?, browser = ?, last_seen_at = ?`,
		`id = ? AND digest = ? AND ended_at IS NULL`,
		digest, s.Stage, s.Methods, orNull(s.SignedInAt), orNull(s.FactorAt), s.Browser, t.now, s.ID, old)
	return n == 1, err
}

// SeeSession notes that a session was used.
func (t *Tx) SeeSession(ctx context.Context, id model.SessionID) error {
	_, err := t.amend(ctx, sessions, `last_seen_at = ?`, `id = ?`, t.now, id)
	return err
}

// KeepFlash keeps messages for the session's next page; empty forgets them.
func (t *Tx) KeepFlash(ctx context.Context, id model.SessionID, flash string) error {
	_, err := t.amend(ctx, sessions, `flash = ?`, `id = ?`, flash, id)
	return err
}

// EndSession ends a session; it reports false when it had ended already. Role credentials that it obtained go on.
func (t *Tx) EndSession(ctx context.Context, id model.SessionID) (bool, error) {
	n, err := t.end(ctx, sessions, `ended_at = ?`, `id = ? AND ended_at IS NULL`, t.now, id)
	return n == 1, err
}

// RevokeSession ends a session of a person and revokes the role credentials that it obtained; false when there is no such
// session.
func (t *Tx) RevokeSession(ctx context.Context, user model.UserID, id model.SessionID) (bool, error) {
	n, err := t.end(ctx, sessions, `ended_at = ?`,
		`id = ? AND ended_at IS NULL AND user_pk = (SELECT pk FROM users WHERE id = ?)`, t.now, id, user)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = t.end(ctx, roleSessions, `revoked_at = ?`, `revoked_at IS NULL AND expires_at > ? AND session_id = ?`, t.now, t.now, id)
	return err == nil, err
}

// RevokeOtherSessions ends every session of a person but one, and revokes the role credentials that those obtained. It
// returns how many signed-in ones it ended.
func (t *Tx) RevokeOtherSessions(ctx context.Context, user model.UserID, but model.SessionID) (int, error) {
	const others = `ended_at IS NULL AND id <> ? AND user_pk = (SELECT pk FROM users WHERE id = ?)`
	var n int
	err := t.one(ctx, &n, `SELECT count(*) FROM sessions WHERE `+others+` AND stage = ?`, but, user, model.StageSignedIn)
	if err == nil {
		_, err = t.end(ctx, sessions, `ended_at = ?`, others, t.now, but, user)
	}
	if err == nil {
		_, err = t.end(ctx, roleSessions, `revoked_at = ?`,
			`revoked_at IS NULL AND expires_at > ? AND session_id <> ? AND user_pk = (SELECT pk FROM users WHERE id = ?)`,
			t.now, t.now, but, user)
	}
	if err != nil {
		return 0, fmt.Errorf("end other sessions: %w", err)
	}
	return n, nil
}

// RevokeSessions ends every session of a person, with those under way, and revokes every role credential of theirs.
func (t *Tx) RevokeSessions(ctx context.Context, user model.UserID) error { return t.cutOff(ctx, user) }

// CountRoleSessions returns how many role credentials of a person work at a moment.
func (r Reader) CountRoleSessions(ctx context.Context, user model.UserID, now time.Time) (int, error) {
	var n int
	err := r.one(ctx, &n, `
		SELECT count(*) FROM role_sessions s JOIN users u ON u.pk = s.user_pk
		WHERE u.id = ? AND s.revoked_at IS NULL AND s.expires_at > ?`, user, now.UTC())
	if err != nil {
		return 0, fmt.Errorf("count the role sessions of a person: %w", err)
	}
	return n, nil
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

type roleSessionRow struct {
	AccessKeyID, TokenDigest, MasterKey, UserID, AccountID, SetID string
	RoleARN, RoleID, SessionName, SessionID                       string
	Epoch                                                         int64
	IssuedAt, ExpiresAt                                           time.Time
	RevokedAt, LastUsedAt                                         sql.NullTime
}

const selectRoleSessions = `
	SELECT s.access_key_id, s.token_digest, s.master_key, u.id AS user_id, a.id AS account_id, p.id AS set_id, s.role_arn,
		s.role_id, s.session_name, s.session_id, s.epoch, s.issued_at, s.expires_at, s.revoked_at, s.last_used_at
	FROM role_sessions s
	JOIN users u ON u.pk = s.user_pk
	JOIN accounts a ON a.pk = s.account_pk
	JOIN permission_sets p ON p.pk = s.set_pk`

func (r roleSessionRow) session() model.RoleSession {
	return model.RoleSession{AccessKeyID: model.AccessKeyID(r.AccessKeyID), User: model.UserID(r.UserID),
		Account: model.AccountID(r.AccountID), PermissionSet: model.PermissionSetID(r.SetID), RoleARN: r.RoleARN,
		SessionName: r.SessionName, RoleID: r.RoleID, Session: model.SessionID(r.SessionID), Epoch: r.Epoch,
		MasterKey: r.MasterKey, IssuedAt: r.IssuedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(), RevokedAt: utcTime(r.RevokedAt),
		LastUsedAt: utcTime(r.LastUsedAt)}
}

// utcTime is a time of the database, zero for NULL.
func utcTime(t sql.NullTime) time.Time {
	if !t.Valid {
		return time.Time{}
	}
	return t.Time.UTC()
}

// RoleSession returns the role session with an access key id, whatever has become of it since, and the digest of its
// session token.
func (r Reader) RoleSession(ctx context.Context, key model.AccessKeyID,
) (s model.RoleSession, digest string, err error) {
	var row roleSessionRow
	err = r.found(ctx, &row, "access key", string(key), selectRoleSessions+` WHERE s.access_key_id = ?`, key)
	if err == nil {
		err = r.check(ctx, roleSessions, `access_key_id = ?`, key)
	}
	if err != nil {
		return model.RoleSession{}, "", err
	}
	return row.session(), row.TokenDigest, nil
}

// RoleSessionsOf returns the role sessions of a person that are neither expired at a moment nor revoked, newest first.
func (r Reader) RoleSessionsOf(ctx context.Context, user model.UserID, now time.Time) ([]model.RoleSession, error) {
	var rows []roleSessionRow
	err := r.list(ctx, &rows, selectRoleSessions+`
		WHERE u.id = ? AND s.revoked_at IS NULL AND s.expires_at > ? ORDER BY s.issued_at DESC, s.pk DESC`, user, now.UTC())
	if err != nil {
		return nil, fmt.Errorf("list role sessions: %w", err)
	}
	list := make([]model.RoleSession, len(rows))
	for i, row := range rows {
		list[i] = row.session()
	}
	return list, nil
}

// Held is a permission set in an account.
type Held struct {
	Account model.AccountID
	Set     model.PermissionSetID
}

// LastUses returns when a person last used each role they ever had credentials for: when the newest were issued, or
// when any of them last signed a request.
func (r Reader) LastUses(ctx context.Context, user model.UserID) (map[Held]time.Time, error) {
	var rows []struct {
		AccountID  model.AccountID
		SetID      model.PermissionSetID
		IssuedAt   time.Time
		LastUsedAt sql.NullTime
	}
	err := r.list(ctx, &rows, `
		SELECT a.id AS account_id, p.id AS set_id, s.issued_at,
			(SELECT o.last_used_at FROM role_sessions o
				WHERE o.user_pk = s.user_pk AND o.account_pk = s.account_pk AND o.set_pk = s.set_pk AND o.last_used_at IS NOT NULL
				ORDER BY o.last_used_at DESC LIMIT 1) AS last_used_at
		FROM role_sessions s
		JOIN accounts a ON a.pk = s.account_pk
		JOIN permission_sets p ON p.pk = s.set_pk
		WHERE s.pk IN (
			SELECT max(n.pk) FROM role_sessions n JOIN users u ON u.pk = n.user_pk
			WHERE u.id = ? GROUP BY n.account_pk, n.set_pk)`, user)
	if err != nil {
		return nil, fmt.Errorf("list when roles were last used: %w", err)
	}
	uses := make(map[Held]time.Time, len(rows))
	for _, row := range rows {
		role := Held{row.AccountID, row.SetID}
		for _, at := range []time.Time{row.IssuedAt.UTC(), utcTime(row.LastUsedAt)} {
			if at.After(uses[role]) {
				uses[role] = at
			}
		}
	}
	return uses, nil
}

// InsertRoleSession keeps a role session; digest is that of its session token. It is an error when the person, the
// account or the permission set does not exist any more.
func (t *Tx) InsertRoleSession(ctx context.Context, s model.RoleSession, digest string) error {
	n, err := t.inserted(ctx, roleSessions, `
		INSERT INTO role_sessions (pk, access_key_id, token_digest, master_key, user_pk, account_pk, set_pk, role_arn,
			role_id, session_name, session_id, epoch, issued_at, expires_at, revoked_at, last_used_at)
		SELECT ?, ?, ?, ?, u.pk, a.pk, p.pk, ?, ?, ?, ?, u.session_epoch, ?, ?, NULL, NULL
		FROM users u, accounts a, permission_sets p
		WHERE u.id = ? AND u.to_seq IS NULL AND a.id = ? AND a.to_seq IS NULL AND p.id = ? AND p.to_seq IS NULL`,
		t.newPK(), s.AccessKeyID, digest, s.MasterKey, s.RoleARN, s.RoleID, s.SessionName, s.Session, s.IssuedAt.UTC(),
		s.ExpiresAt.UTC(), s.User, s.Account, s.PermissionSet)
	if err == nil && n != 1 {
		err = errors.New("the person, the account or the permission set is gone")
	}
	if err != nil {
		return fmt.Errorf("keep a role session: %w", err)
	}
	return nil
}

// RevokeRoleSession makes role credentials worthless; false when they were revoked or had expired before.
func (t *Tx) RevokeRoleSession(ctx context.Context, key model.AccessKeyID) (bool, error) {
	n, err := t.end(ctx, roleSessions, `revoked_at = ?`, `access_key_id = ? AND revoked_at IS NULL AND expires_at > ?`,
		t.now, key, t.now)
	return n == 1, err
}

// RevokeRoleSessionsOf makes all role credentials of a person worthless and returns how many worked until then.
func (t *Tx) RevokeRoleSessionsOf(ctx context.Context, user model.UserID) (int, error) {
	n, err := t.end(ctx, roleSessions, `revoked_at = ?`,
		`revoked_at IS NULL AND expires_at > ? AND user_pk = (SELECT pk FROM users WHERE id = ?)`, t.now, t.now, user)
	return int(n), err
}

// UseRoleSession notes that role credentials signed a request.
func (t *Tx) UseRoleSession(ctx context.Context, key model.AccessKeyID) error {
	_, err := t.amend(ctx, roleSessions, `last_used_at = ?`, `access_key_id = ?`, t.now, key)
	return err
}

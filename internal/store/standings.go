package store

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// Standing is what a sign-in policy is weighed against for one enabled person.
type Standing struct {
	User          model.UserID
	Name          string // display name
	PasswordAt    time.Time
	Length        int  // the password was seen to have at least so many characters
	TOTP          int  // confirmed authenticator apps
	Strong        int  // of them, with codes of model.StrongDigits
	Keys          int  // security keys that have not counted backwards
	RecoveryCodes int  // unused
	Reset         bool // a link for another second factor was made: without a device, that link alone leads to one
}

const selectStanding = `
	SELECT u.id AS user, u.display_name AS name, p.changed_at AS password_at, coalesce(p.length, 8) AS length,
		(SELECT count(*) FROM totp_devices d WHERE d.user_pk = u.pk AND d.confirmed_at IS NOT NULL) AS totp,
		(SELECT count(*) FROM totp_devices d WHERE d.user_pk = u.pk AND d.confirmed_at IS NOT NULL AND d.digits >= 8) AS strong,
		(SELECT count(*) FROM security_keys k WHERE k.user_pk = u.pk AND k.suspect_at IS NULL) AS keys,
		(SELECT count(*) FROM recovery_codes c WHERE c.user_pk = u.pk AND c.used_at IS NULL) AS recovery_codes,
		EXISTS (SELECT 1 FROM links l WHERE l.user_pk = u.pk AND l.purpose IN (?, ?)) AS reset
	FROM users u JOIN passwords p ON p.user_pk = u.pk
	WHERE u.to_seq IS NULL AND u.status = ?`

// Standings returns every enabled person who has a password, by name. Without one nobody can sign in, whatever the policy.
func (r Reader) Standings(ctx context.Context) ([]Standing, error) {
	var list []Standing
	err := r.list(ctx, &list, selectStanding+` ORDER BY u.sort_folded, u.pk`, model.LinkMFAReset, model.LinkRecovery, model.UserEnabled)
	if err != nil {
		return nil, fmt.Errorf("list how people sign in: %w", err)
	}
	return list, nil
}

// Standing is Standings for one person; a NotFound error when they are disabled or have no password.
func (r Reader) Standing(ctx context.Context, user model.UserID) (Standing, error) {
	var s Standing
	return s, r.found(ctx, &s, "password of", string(user), selectStanding+` AND u.id = ?`,
		model.LinkMFAReset, model.LinkRecovery, model.UserEnabled, user)
}

// SignedIn returns every session that is signed in and has not ended, whoever's.
func (r Reader) SignedIn(ctx context.Context) ([]model.Session, error) {
	var rows []sessionRow
	err := r.list(ctx, &rows, `
		SELECT `+sessionColumns+`
		FROM sessions s JOIN users u ON u.pk = s.user_pk AND u.to_seq IS NULL AND u.status = ?
		WHERE s.ended_at IS NULL AND s.epoch = u.session_epoch AND s.stage = ?`, model.UserEnabled, model.StageSignedIn)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	sessions := make([]model.Session, len(rows))
	for i, row := range rows {
		sessions[i] = row.session()
	}
	return sessions, nil
}

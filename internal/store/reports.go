package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// ReportKind says what a report is about.
type ReportKind string

// CredentialReport is the report on the credentials of every person of the directory.
const CredentialReport ReportKind = "credentials"

// Report is a generated report: its bytes stay as they were generated.
type Report struct {
	ID          string
	Kind        ReportKind
	GeneratedAt time.Time
	GeneratedBy model.UserID // empty: the host
	Body        string       // CSV
}

// NewestReport returns the newest report of a kind; a NotFound error when there is none.
func (r Reader) NewestReport(ctx context.Context, kind ReportKind) (Report, error) {
	var rows []Report
	err := r.list(ctx, &rows, `
		SELECT id, kind, generated_at, generated_by, body FROM reports
		WHERE kind = ? ORDER BY generated_at DESC, pk DESC LIMIT 1`, kind)
	if err != nil {
		return Report{}, fmt.Errorf("read the newest report: %w", err)
	}
	if len(rows) == 0 {
		return Report{}, &model.Error{Kind: model.NotFound, Message: "No report has been generated yet."}
	}
	rows[0].GeneratedAt = rows[0].GeneratedAt.UTC()
	return rows[0], nil
}

// InsertReport keeps a report.
func (t *Tx) InsertReport(ctx context.Context, r Report) error {
	return t.exec(ctx, `INSERT INTO reports (pk, id, kind, generated_at, generated_by, body) VALUES (?, ?, ?, ?, ?, ?)`,
		t.newPK(), r.ID, r.Kind, r.GeneratedAt, r.GeneratedBy, r.Body)
}

// Credentials is what a credential report says about one person, as far as it stands in rows.
type Credentials struct {
	model.User
	LastSignIn        time.Time // zero: never
	PasswordChangedAt time.Time // zero: no password
	PasswordUsedAt    time.Time // zero: never
	TOTPDevices       int       // confirmed ones
	SecurityKeys      int       // passkeys among them
	RecoveryCodesLeft int
	ActiveSessions    int       // signed in, not ended, of the present epoch and within the limits of time
	LastRoleSession   time.Time // zero: never
}

type credentialsRow struct {
	model.User
	LastSignIn, PasswordChangedAt, PasswordUsedAt, LastRoleSession sql.NullTime
	TOTPDevices, SecurityKeys, RecoveryCodesLeft, ActiveSessions   int
}

// Credentials returns a line for every person, by user name whatever the case. Sessions count as over that were last seen
// at seen or before, or began at begun or before.
func (r Reader) Credentials(ctx context.Context, seen, begun time.Time) ([]Credentials, error) {
	var rows []credentialsRow
	err := r.list(ctx, &rows, `
		SELECT u.id, u.user_name, u.given_name, u.family_name, u.display_name, u.email, u.title, u.status,
			u.session_epoch, u.version, u.created_at, u.updated_at,
			p.changed_at AS password_changed_at, p.last_used_at AS password_used_at,
			(SELECT s.signed_in_at FROM sessions s WHERE s.user_pk = u.pk AND s.signed_in_at IS NOT NULL
				ORDER BY s.signed_in_at DESC LIMIT 1) AS last_sign_in,
			(SELECT rs.issued_at FROM role_sessions rs WHERE rs.user_pk = u.pk
				ORDER BY rs.issued_at DESC LIMIT 1) AS last_role_session,
			(SELECT count(*) FROM totp_devices d WHERE d.user_pk = u.pk AND d.confirmed_at IS NOT NULL) AS totp_devices,
			(SELECT count(*) FROM security_keys k WHERE k.user_pk = u.pk) AS security_keys,
			(SELECT count(*) FROM recovery_codes c WHERE c.user_pk = u.pk AND c.used_at IS NULL) AS recovery_codes_left,
			(SELECT count(*) FROM sessions s WHERE s.user_pk = u.pk AND s.stage = 'signed-in' AND s.ended_at IS NULL
				AND u.status = 'ENABLED' AND s.epoch = u.session_epoch
				AND s.last_seen_at > ? AND s.created_at > ?) AS active_sessions
		FROM users u LEFT JOIN passwords p ON p.user_pk = u.pk
		WHERE u.to_seq IS NULL
		ORDER BY u.user_name_folded, u.pk`, seen.UTC(), begun.UTC())
	if err != nil {
		return nil, fmt.Errorf("list credentials: %w", err)
	}
	lines := make([]Credentials, len(rows))
	for i, row := range rows {
		lines[i] = Credentials{User: utc(row.User), LastSignIn: row.LastSignIn.Time,
			PasswordChangedAt: row.PasswordChangedAt.Time, PasswordUsedAt: row.PasswordUsedAt.Time,
			TOTPDevices: row.TOTPDevices, SecurityKeys: row.SecurityKeys, RecoveryCodesLeft: row.RecoveryCodesLeft,
			ActiveSessions: row.ActiveSessions, LastRoleSession: row.LastRoleSession.Time}
	}
	return lines, nil
}

package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

type totpRow struct {
	ID, Name, Secret        string
	SessionID               string
	Digits                  int
	LastStep                int64
	ConfirmedAt, LastUsedAt sql.NullTime
	CreatedAt               time.Time
}

const totpColumns = `d.id, d.name, coalesce(d.digits, 6) AS digits, d.secret, d.session_id, d.last_step, d.confirmed_at, d.last_used_at, d.created_at`

func (r totpRow) device() (model.TOTPDevice, error) {
	secret, err := base64.StdEncoding.DecodeString(r.Secret)
	if err != nil {
		return model.TOTPDevice{}, fmt.Errorf("decode the sealed secret of device %s: %w", r.ID, err)
	}
	return model.TOTPDevice{ID: model.DeviceID(r.ID), Name: r.Name, Digits: r.Digits, Secret: secret, Session: model.SessionID(r.SessionID),
		LastStep: r.LastStep, ConfirmedAt: r.ConfirmedAt.Time, LastUsedAt: r.LastUsedAt.Time, CreatedAt: r.CreatedAt}, nil
}

// TOTPDevices returns a person's authenticator apps, oldest first; those not confirmed yet are among them.
func (r Reader) TOTPDevices(ctx context.Context, user model.UserID) ([]model.TOTPDevice, error) {
	if err := r.check(ctx, totpDevices, ofUser, user); err != nil {
		return nil, err
	}
	var rows []totpRow
	err := r.list(ctx, &rows, `
		SELECT `+totpColumns+`
		FROM totp_devices d JOIN users u ON u.pk = d.user_pk
		WHERE u.id = ? ORDER BY d.pk`, user)
	if err != nil {
		return nil, fmt.Errorf("list authenticator apps: %w", err)
	}
	devices := make([]model.TOTPDevice, len(rows))
	for i, row := range rows {
		if devices[i], err = row.device(); err != nil {
			return nil, err
		}
	}
	return devices, nil
}

// InsertTOTPDevice keeps an authenticator app that is not confirmed yet. Secret must be sealed.
func (t *Tx) InsertTOTPDevice(ctx context.Context, user model.UserID, d model.TOTPDevice) error {
	digits := sql.NullInt64{Int64: int64(d.Digits), Valid: d.Strong()} // none, as from before there were others: six
	return t.insert(ctx, totpDevices, `
		INSERT INTO totp_devices (pk, id, user_pk, name, digits, secret, session_id, last_step, confirmed_at, last_used_at, created_at)
		SELECT ?, ?, pk, ?, ?, ?, ?, 0, NULL, NULL, ? FROM users WHERE id = ? AND to_seq IS NULL`,
		t.newPK(), d.ID, d.Name, digits, base64.StdEncoding.EncodeToString(d.Secret), d.Session, t.now, user)
}

// ConfirmTOTPDevice makes an app count under a name, with the time step of the code that proved it (0 for one that no
// code proved); false when it counts already.
func (t *Tx) ConfirmTOTPDevice(ctx context.Context, id model.DeviceID, name string, step int64) (bool, error) {
	used := time.Time{}
	if step > 0 {
		used = t.now
	}
	n, err := t.amend(ctx, totpDevices, `name = ?, confirmed_at = ?, last_step = ?, last_used_at = ?`,
		`id = ? AND confirmed_at IS NULL`, name, t.now, step, orNull(used), id)
	return n == 1, err
}

// UseTOTPStep consumes a time step of an app; false when it or a later one was consumed before.
func (t *Tx) UseTOTPStep(ctx context.Context, id model.DeviceID, step int64) (bool, error) {
	n, err := t.amend(ctx, totpDevices, `last_step = ?, last_used_at = ?`,
		`id = ? AND last_step < ? AND confirmed_at IS NOT NULL`, step, t.now, id, step)
	return n == 1, err
}

// RenameTOTPDevice gives a person's app another name.
func (t *Tx) RenameTOTPDevice(ctx context.Context, user model.UserID, id model.DeviceID, name string) error {
	_, err := t.amend(ctx, totpDevices, `name = ?`, `id = ? AND `+ofUser, name, id, user)
	return err
}

// DeleteTOTPDevice forgets an app of a person; false when there is none with that id.
func (t *Tx) DeleteTOTPDevice(ctx context.Context, user model.UserID, id model.DeviceID) (bool, error) {
	n, err := t.remove(ctx, totpDevices, `id = ? AND `+ofUser, id, user)
	return n == 1, err
}

// DeletePendingTOTPDevices forgets the apps of a person that were never confirmed: those of one session, or all when it is
// empty.
func (t *Tx) DeletePendingTOTPDevices(ctx context.Context, user model.UserID, session model.SessionID) error {
	_, err := t.remove(ctx, totpDevices, `confirmed_at IS NULL AND (session_id = ? OR ? = '') AND `+ofUser,
		session, session, user)
	return err
}

// DeleteFactors forgets every second factor of a person, recovery codes included.
func (t *Tx) DeleteFactors(ctx context.Context, user model.UserID) error {
	for _, table := range []guarded{totpDevices, securityKeys, recoveryCodes} {
		if _, err := t.remove(ctx, table, ofUser, user); err != nil {
			return fmt.Errorf("forget the second factors of %s: %w", user, err)
		}
	}
	return t.ClearCodeFailures(ctx, user)
}

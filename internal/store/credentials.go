package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// Password returns what is kept of a person's password; a NotFound error when they have none.
func (r Reader) Password(ctx context.Context, user model.UserID) (model.Password, error) {
	var row struct {
		Hash       string
		Length     int
		ChangedAt  time.Time
		LastUsedAt sql.NullTime
	}
	if err := r.check(ctx, passwords, ofUser, user); err != nil {
		return model.Password{}, err
	}
	err := r.found(ctx, &row, "password of", string(user), `
		SELECT p.hash, coalesce(p.length, 8) AS length, p.changed_at, p.last_used_at
		FROM passwords p JOIN users u ON u.pk = p.user_pk
		WHERE u.id = ? AND u.to_seq IS NULL`, user)
	return model.Password{Hash: row.Hash, Length: row.Length, ChangedAt: row.ChangedAt, LastUsedAt: row.LastUsedAt.Time}, err
}

// ofUser chooses a person's rows in a table of credentials.
const ofUser = `user_pk = (SELECT pk FROM users WHERE id = ?)`

// SetPassword keeps a new password and forgets the failures with the one before, of which and its predecessors so many are
// kept for comparing.
func (t *Tx) SetPassword(ctx context.Context, user model.UserID, p model.Password, keep int) error {
	if err := t.retirePassword(ctx, user, keep); err != nil {
		return err
	}
	had, err := t.amend(ctx, passwords, `hash = ?, length = ?, changed_at = ?`, ofUser, p.Hash, p.Length, t.now, user)
	if err == nil && had == 0 {
		err = t.insert(ctx, passwords, `
			INSERT INTO passwords (user_pk, hash, length, changed_at, last_used_at)
			SELECT pk, ?, ?, ?, NULL FROM users WHERE id = ? AND to_seq IS NULL`, p.Hash, p.Length, t.now, user)
	}
	if err != nil {
		return fmt.Errorf("set the password of %s: %w", user, err)
	}
	return t.ClearPasswordFailures(ctx, user)
}

// retirePassword moves a person's password, if there is one, to the earlier ones, and forgets all but the newest of those.
func (t *Tx) retirePassword(ctx context.Context, user model.UserID, keep int) error {
	err := t.insert(ctx, earlierPasswords, `
		INSERT INTO earlier_passwords (pk, user_pk, hash, retired_at)
		SELECT ?, p.user_pk, p.hash, ? FROM passwords p JOIN users u ON u.pk = p.user_pk WHERE u.id = ? AND ? > 0`,
		t.newPK(), t.now, user, keep)
	if err != nil {
		return fmt.Errorf("retire the password of %s: %w", user, err)
	}
	_, err = t.remove(ctx, earlierPasswords, ofUser+` AND pk NOT IN (
		SELECT e.pk FROM earlier_passwords e JOIN users u ON u.pk = e.user_pk WHERE u.id = ? ORDER BY e.pk DESC LIMIT ?)`,
		user, user, keep)
	return err
}

// EarlierPasswords returns the hashes of the passwords that a person had before, newest first.
func (r Reader) EarlierPasswords(ctx context.Context, user model.UserID, most int) ([]string, error) {
	if err := r.check(ctx, earlierPasswords, ofUser, user); err != nil {
		return nil, err
	}
	var hashes []string
	err := r.list(ctx, &hashes, `
		SELECT e.hash FROM earlier_passwords e JOIN users u ON u.pk = e.user_pk
		WHERE u.id = ? ORDER BY e.pk DESC LIMIT ?`, user, most)
	if err != nil {
		return nil, fmt.Errorf("read the earlier passwords of %s: %w", user, err)
	}
	return hashes, nil
}

// Rehash replaces the hash of an unchanged password.
func (t *Tx) Rehash(ctx context.Context, user model.UserID, hash string) error {
	_, err := t.amend(ctx, passwords, `hash = ?`, ofUser, hash, user)
	return err
}

// UsePassword notes that a password opened a sign-in, and that it was seen to have so many characters.
func (t *Tx) UsePassword(ctx context.Context, user model.UserID, length int) error {
	_, err := t.amend(ctx, passwords, `last_used_at = ?, length = CASE WHEN coalesce(length, 8) < ? THEN ? ELSE length END`,
		ofUser, t.now, length, length, user)
	return err
}

// DeletePassword forgets a person's password: they cannot sign in until they choose another. So many earlier ones, this
// one included, are kept for comparing.
func (t *Tx) DeletePassword(ctx context.Context, user model.UserID, keep int) error {
	if err := t.retirePassword(ctx, user, keep); err != nil {
		return err
	}
	_, err := t.remove(ctx, passwords, ofUser, user)
	return err
}

// Attempts are the failures in a row with a person's credentials.
type Attempts struct {
	PasswordFailures int
	PasswordFailedAt time.Time
	CodeFailures     int
	CodesDisabledAt  time.Time // not zero: codes are refused until a factor is bound anew
}

// Attempts returns the failures in a row of a person; zero when there are none.
func (r Reader) Attempts(ctx context.Context, user model.UserID) (Attempts, error) {
	var rows []struct {
		PasswordFailures, CodeFailures    int
		PasswordFailedAt, CodesDisabledAt sql.NullTime
	}
	err := r.list(ctx, &rows, `
		SELECT a.password_failures, a.password_failed_at, a.code_failures, a.codes_disabled_at
		FROM attempts a JOIN users u ON u.pk = a.user_pk
		WHERE u.id = ?`, user)
	if err != nil || len(rows) == 0 {
		return Attempts{}, err
	}
	row := rows[0]
	return Attempts{PasswordFailures: row.PasswordFailures, PasswordFailedAt: row.PasswordFailedAt.Time,
		CodeFailures: row.CodeFailures, CodesDisabledAt: row.CodesDisabledAt.Time}, nil
}

const insertAttempts = `
	INSERT INTO attempts (user_pk, password_failures, password_failed_at, code_failures, codes_disabled_at)
	SELECT pk, 0, NULL, 0, NULL FROM users WHERE id = ?
	ON CONFLICT (user_pk) DO NOTHING`

// CountPasswordFailure counts an attempt with a password before it is looked at; success takes it back.
func (t *Tx) CountPasswordFailure(ctx context.Context, user model.UserID) error {
	if err := t.exec(ctx, insertAttempts, user); err != nil {
		return err
	}
	return t.exec(ctx, `
		UPDATE attempts SET password_failures = password_failures + 1, password_failed_at = ?
		WHERE user_pk = (SELECT pk FROM users WHERE id = ?)`, t.now, user)
}

// UncountPasswordFailure takes one counted attempt back that was not looked at after all.
func (t *Tx) UncountPasswordFailure(ctx context.Context, user model.UserID) error {
	return t.exec(ctx, `
		UPDATE attempts SET password_failures = password_failures - 1
		WHERE password_failures > 0 AND user_pk = (SELECT pk FROM users WHERE id = ?)`, user)
}

// ClearPasswordFailures forgets the failures with a password.
func (t *Tx) ClearPasswordFailures(ctx context.Context, user model.UserID) error {
	return t.exec(ctx, `
		UPDATE attempts SET password_failures = 0, password_failed_at = NULL
		WHERE user_pk = (SELECT pk FROM users WHERE id = ?)`, user)
}

// CountCodeFailure counts an attempt with a code before it is looked at, and disables codes at the given number in a
// row. It reports false when codes are disabled already: then the code must not be looked at. Whoever looks at it and finds
// it right takes it back with ForgiveCode.
func (t *Tx) CountCodeFailure(ctx context.Context, user model.UserID, most int) (bool, error) {
	if err := t.exec(ctx, insertAttempts, user); err != nil {
		return false, err
	}
	// Both branches of CASE name the column: its type tells PostgreSQL that of the argument.
	n, err := t.affected(ctx, `
		UPDATE attempts SET code_failures = code_failures + 1, code_failed_at = ?,
			codes_disabled_at = CASE WHEN code_failures + 1 >= ? THEN ? ELSE codes_disabled_at END,
			codes_off_at = CASE WHEN code_failures + 1 >= ? THEN ? ELSE codes_off_at END
		WHERE user_pk = (SELECT pk FROM users WHERE id = ?) AND codes_disabled_at IS NULL`, t.now, most, t.now, most, t.now, user)
	return n == 1, err
}

// ForgiveCode takes an attempt back that was counted at a time and turned out right, and forgets the failures before it.
func (t *Tx) ForgiveCode(ctx context.Context, user model.UserID, counted time.Time) error {
	err := t.exec(ctx, `
		UPDATE attempts SET codes_off_at = NULL
		WHERE user_pk = (SELECT pk FROM users WHERE id = ?) AND codes_off_at = ?`, user, counted)
	if err != nil {
		return err
	}
	return t.ClearCodeFailures(ctx, user)
}

// WrongCodes is what wrong codes of everybody have done since a moment.
type WrongCodes struct {
	Off   int // people whose codes they turned off, whatever became of them since
	Wrong int // in a row, of people who typed the last of them since then and no right one after it
}

// WrongCodes returns what wrong codes of everybody have done after a moment.
func (r Reader) WrongCodes(ctx context.Context, since time.Time) (w WrongCodes, err error) {
	err = r.one(ctx, &w, `SELECT
		(SELECT count(*) FROM attempts WHERE codes_off_at > ?) AS off,
		(SELECT coalesce(sum(code_failures), 0) FROM attempts WHERE code_failed_at > ?) AS wrong`, since.UTC(), since.UTC())
	if err != nil {
		err = fmt.Errorf("count the wrong codes of everybody: %w", err)
	}
	return w, err
}

// Guessed is one person at whose codes somebody seems to guess.
type Guessed struct {
	Wrong int       // codes in a row
	At    time.Time // the last of them
	Off   time.Time // when they turned codes off last; zero: never
}

// GuessedAt returns the people at whose codes somebody seems to have guessed after a moment.
func (r Reader) GuessedAt(ctx context.Context, since time.Time) ([]Guessed, error) {
	var rows []struct {
		CodeFailures             int
		CodeFailedAt, CodesOffAt sql.NullTime
	}
	err := r.list(ctx, &rows, `SELECT code_failures, code_failed_at, codes_off_at FROM attempts
		WHERE codes_off_at > ? OR code_failed_at > ?`, since.UTC(), since.UTC())
	if err != nil {
		return nil, fmt.Errorf("list whose codes are guessed at: %w", err)
	}
	list := make([]Guessed, len(rows))
	for i, row := range rows {
		list[i] = Guessed{Wrong: row.CodeFailures, At: utcTime(row.CodeFailedAt), Off: utcTime(row.CodesOffAt)}
	}
	return list, nil
}

// ClearCodeFailures forgets the failures with codes and enables them again. That they were off still counts for WrongCodes.
func (t *Tx) ClearCodeFailures(ctx context.Context, user model.UserID) error {
	return t.exec(ctx, `
		UPDATE attempts SET code_failures = 0, code_failed_at = NULL, codes_disabled_at = NULL
		WHERE user_pk = (SELECT pk FROM users WHERE id = ?)`, user)
}

// ReplaceRecoveryCodes forgets a person's recovery codes and keeps the digests of new ones.
func (t *Tx) ReplaceRecoveryCodes(ctx context.Context, user model.UserID, digests []string) error {
	if _, err := t.remove(ctx, recoveryCodes, ofUser, user); err != nil {
		return fmt.Errorf("forget recovery codes: %w", err)
	}
	for _, digest := range digests {
		err := t.insert(ctx, recoveryCodes, `
			INSERT INTO recovery_codes (pk, user_pk, digest, created_at, used_at)
			SELECT ?, pk, ?, ?, NULL FROM users WHERE id = ?`, t.newPK(), digest, t.now, user)
		if err != nil {
			return fmt.Errorf("keep recovery codes: %w", err)
		}
	}
	return nil
}

// UseRecoveryCode consumes a recovery code; it reports false when there is no unused one with that digest.
func (t *Tx) UseRecoveryCode(ctx context.Context, user model.UserID, digest string) (bool, error) {
	n, err := t.amend(ctx, recoveryCodes, `used_at = ?`, ofUser+` AND digest = ? AND used_at IS NULL`, t.now, user, digest)
	return n == 1, err
}

// RecoveryCodesLeft returns how many unused recovery codes a person has.
func (r Reader) RecoveryCodesLeft(ctx context.Context, user model.UserID) (int, error) {
	var n int
	return n, r.one(ctx, &n, `
		SELECT count(*) FROM recovery_codes c JOIN users u ON u.pk = c.user_pk
		WHERE u.id = ? AND c.used_at IS NULL`, user)
}

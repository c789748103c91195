package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

type keyRow struct {
	ID, Name, CredentialID, PublicKey, Model, Transports string
	Discoverable, BackupEligible, BackedUp               bool
	SignCount                                            uint32
	SuspectAt, LastUsedAt                                sql.NullTime
	CreatedAt                                            time.Time
}

const keyColumns = `k.id, k.name, k.credential_id, k.public_key, k.model, k.transports, k.discoverable, k.backup_eligible,
	k.backed_up, k.sign_count, k.suspect_at, k.last_used_at, k.created_at`

func (r keyRow) key() (model.SecurityKey, error) {
	credential, err := base64.RawURLEncoding.DecodeString(r.CredentialID)
	if err != nil {
		return model.SecurityKey{}, fmt.Errorf("decode the credential id of security key %s: %w", r.ID, err)
	}
	public, err := base64.RawURLEncoding.DecodeString(r.PublicKey)
	if err != nil {
		return model.SecurityKey{}, fmt.Errorf("decode the public key of security key %s: %w", r.ID, err)
	}
	return model.SecurityKey{ID: model.DeviceID(r.ID), Name: r.Name, Credential: credential, PublicKey: public, Model: r.Model,
		Transports: r.Transports, Discoverable: r.Discoverable, BackupEligible: r.BackupEligible, BackedUp: r.BackedUp,
		SignCount: r.SignCount, SuspectAt: r.SuspectAt.Time, LastUsedAt: r.LastUsedAt.Time, CreatedAt: r.CreatedAt}, nil
}

// SecurityKeys returns a person's security keys and passkeys, oldest first.
func (r Reader) SecurityKeys(ctx context.Context, user model.UserID) ([]model.SecurityKey, error) {
	if err := r.check(ctx, securityKeys, ofUser, user); err != nil {
		return nil, err
	}
	var rows []keyRow
	err := r.list(ctx, &rows, `
		SELECT `+keyColumns+`
		FROM security_keys k JOIN users u ON u.pk = k.user_pk
		WHERE u.id = ? ORDER BY k.pk`, user)
	if err != nil {
		return nil, fmt.Errorf("list security keys: %w", err)
	}
	keys := make([]model.SecurityKey, len(rows))
	for i, row := range rows {
		if keys[i], err = row.key(); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// InsertSecurityKey keeps a new key of a person. A credential that is registered already, whoever's it is, is a Conflict
// error.
func (t *Tx) InsertSecurityKey(ctx context.Context, user model.UserID, k model.SecurityKey) error {
	credential := base64.RawURLEncoding.EncodeToString(k.Credential)
	var taken int
	if err := t.one(ctx, &taken, `SELECT count(*) FROM security_keys WHERE credential_id = ?`, credential); err != nil {
		return fmt.Errorf("look for a security key: %w", err)
	}
	if taken > 0 {
		return &model.Error{Kind: model.Conflict, Message: "This key is registered already."}
	}
	return t.insert(ctx, securityKeys, `
		INSERT INTO security_keys (pk, id, user_pk, name, credential_id, public_key, model, transports, discoverable,
			backup_eligible, backed_up, sign_count, suspect_at, last_used_at, created_at)
		SELECT ?, ?, pk, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ? FROM users WHERE id = ? AND to_seq IS NULL`,
		t.newPK(), k.ID, k.Name, credential, base64.RawURLEncoding.EncodeToString(k.PublicKey), k.Model, k.Transports, k.Discoverable,
		k.BackupEligible, k.BackedUp, k.SignCount, t.now, user)
}

// UseSecurityKey notes that a key has signed: its count goes from one number to another. It reports false when the count
// is another already, or the key was removed or suspected meanwhile.
func (t *Tx) UseSecurityKey(ctx context.Context, id model.DeviceID, from, to uint32, backedUp bool) (bool, error) {
	n, err := t.amend(ctx, securityKeys, `sign_count = ?, backed_up = ?, last_used_at = ?`,
		`id = ? AND sign_count = ? AND suspect_at IS NULL`, to, backedUp, t.now, id, from)
	return n == 1, err
}

// SuspectSecurityKey refuses a key from now on; false when it was before.
func (t *Tx) SuspectSecurityKey(ctx context.Context, id model.DeviceID) (bool, error) {
	n, err := t.amend(ctx, securityKeys, `suspect_at = ?`, `id = ? AND suspect_at IS NULL`, t.now, id)
	return n == 1, err
}

// RenameSecurityKey gives a person's key another name.
func (t *Tx) RenameSecurityKey(ctx context.Context, user model.UserID, id model.DeviceID, name string) error {
	_, err := t.amend(ctx, securityKeys, `name = ?`, `id = ? AND `+ofUser, name, id, user)
	return err
}

// DeleteSecurityKey forgets a key of a person; false when there is none with that id.
func (t *Tx) DeleteSecurityKey(ctx context.Context, user model.UserID, id model.DeviceID) (bool, error) {
	n, err := t.remove(ctx, securityKeys, `id = ? AND `+ofUser, id, user)
	return n == 1, err
}

// Challenge is what a key is asked to sign, by whom it may be answered and for what.
type Challenge struct {
	Digest  string // SHA-256 of the challenge, 64 hex digits
	Purpose model.ChallengePurpose
	Holder  string // digest of the cookie of the browser that may answer
	Network string // it came from
}

// InsertChallenge keeps a challenge for so long. It reports false when so many from its network are unanswered.
func (t *Tx) InsertChallenge(ctx context.Context, c Challenge, life time.Duration, most int) (bool, error) {
	var open int
	err := t.one(ctx, &open, `SELECT count(*) FROM challenges WHERE network = ? AND expires_at > ?`, c.Network, t.now)
	if err != nil || open >= most {
		return false, err
	}
	return true, t.exec(ctx, `
		INSERT INTO challenges (pk, digest, purpose, holder, network, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
		t.newPK(), c.Digest, c.Purpose, c.Holder, c.Network, t.now.Add(life))
}

// UseChallenge consumes a challenge; false when there is none that this browser may answer for this purpose now.
func (t *Tx) UseChallenge(ctx context.Context, c Challenge) (bool, error) {
	n, err := t.affected(ctx, `
		DELETE FROM challenges WHERE digest = ? AND purpose = ? AND holder = ? AND expires_at > ?`,
		c.Digest, c.Purpose, c.Holder, t.now)
	return n == 1, err
}

package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
)

// MACsByKey returns how many guarded rows have a MAC under which master key, by the key's id.
func (r Reader) MACsByKey(ctx context.Context) (map[string]int, error) {
	counts := map[string]int{}
	for _, g := range guardedTables() {
		var rows []struct {
			KeyID string
			Count int
		}
		err := r.list(ctx, &rows, `SELECT substr(mac, 1, 8) AS key_id, count(*) AS count FROM `+g.name+` GROUP BY substr(mac, 1, 8)`)
		if err != nil {
			return nil, fmt.Errorf("count the MACs of %s: %w", g.name, err)
		}
		for _, row := range rows {
			counts[row.KeyID] += row.Count
		}
	}
	return counts, nil
}

// LiveRoleSessions returns how many role credentials are good at a moment, and the last of their ends, by the id of the
// master key that their secrets come from.
func (r Reader) LiveRoleSessions(ctx context.Context, now time.Time) (counts map[string]int, last map[string]time.Time, err error) {
	var rows []struct {
		MasterKey string
		ExpiresAt time.Time
	}
	err = r.list(ctx, &rows, `
		SELECT master_key, expires_at FROM role_sessions WHERE revoked_at IS NULL AND expires_at > ? ORDER BY expires_at`, now.UTC())
	if err != nil {
		return nil, nil, fmt.Errorf("count role credentials: %w", err)
	}
	counts, last = map[string]int{}, map[string]time.Time{}
	for _, row := range rows {
		counts[row.MasterKey]++
		last[row.MasterKey] = row.ExpiresAt.UTC()
	}
	return counts, last, nil
}

// SealedSecret is the secret of an authenticator app as it rests.
type SealedSecret struct {
	User   model.UserID
	Device model.DeviceID
	Secret []byte
}

// SealedSecrets returns the secrets of all authenticator apps.
func (r Reader) SealedSecrets(ctx context.Context) ([]SealedSecret, error) {
	var rows []struct{ UserID, ID, Secret string }
	err := r.list(ctx, &rows, `
		SELECT u.id AS user_id, d.id, d.secret FROM totp_devices d JOIN users u ON u.pk = d.user_pk ORDER BY d.pk`)
	if err != nil {
		return nil, fmt.Errorf("list sealed secrets: %w", err)
	}
	list := make([]SealedSecret, len(rows))
	for i, row := range rows {
		secret, err := base64.StdEncoding.DecodeString(row.Secret)
		if err != nil {
			return nil, fmt.Errorf("decode the sealed secret of device %s: %w", row.ID, err)
		}
		list[i] = SealedSecret{User: model.UserID(row.UserID), Device: model.DeviceID(row.ID), Secret: secret}
	}
	return list, nil
}

// SealedMails returns the e-mails that wait with a sealed text.
func (r Reader) SealedMails(ctx context.Context) ([]model.Mail, error) {
	return r.mails(ctx, selectMail+` WHERE m.body <> '' ORDER BY m.pk`)
}

// ResealMail replaces the sealed text of an e-mail by the same text, sealed anew.
func (t *Tx) ResealMail(ctx context.Context, id model.MailID, body []byte) error {
	return t.exec(ctx, `UPDATE outbox SET body = ? WHERE id = ?`, base64.StdEncoding.EncodeToString(body), id)
}

// Reseal replaces the sealed secret of an authenticator app by the same secret, sealed anew.
func (t *Tx) Reseal(ctx context.Context, s SealedSecret) error {
	_, err := t.amend(ctx, totpDevices, `secret = ?`, `id = ?`, base64.StdEncoding.EncodeToString(s.Secret), s.Device)
	return err
}

// ReplaceCheckpoints puts checkpoints, the newest first, in the place of all that there are.
func (t *Tx) ReplaceCheckpoints(ctx context.Context, list []audit.Checkpoint) error {
	if _, err := t.remove(ctx, checkpoints, `pk > 0`); err != nil {
		return fmt.Errorf("forget checkpoints: %w", err)
	}
	for i := range list {
		if err := t.InsertCheckpoint(ctx, list[len(list)-1-i]); err != nil {
			return err
		}
	}
	return nil
}

// ForgetForged deletes sessions, role credentials and links that do not match their MACs, before RemakeMACs would make them good.
// Those under a master key that is not at hand go too: nothing tells them from forged ones. Of a link there stays that a second
// factor was reset, whatever it was for: otherwise the password alone might bind one.
func (t *Tx) ForgetForged(ctx context.Context) error {
	for _, g := range []guarded{sessions, roleSessions, links} {
		rows, err := t.rows(ctx, g, `SELECT `+t.plain(g)+` FROM `+g.name)
		if err != nil {
			return fmt.Errorf("look for forged %s: %w", g.name, err)
		}
		for _, row := range rows {
			if t.judge(t.ledger.macs, g, row) == nil {
				continue
			}
			query, args := `DELETE FROM `+g.name+` WHERE pk = ?`, []any{row.value("pk")}
			if g.name == links.name {
				query, args = `UPDATE links SET purpose = ?, used_at = ? WHERE pk = ?`, []any{model.LinkMFAReset, t.now, row.value("pk")}
			}
			if err := t.exec(ctx, query, args...); err != nil {
				return fmt.Errorf("forget forged %s: %w", g.name, err)
			}
		}
	}
	return nil
}

// RemakeMACs makes all MACs and tallies anew, under the key that new ones are made under, whatever the rows say, and
// returns of how many rows. Inspect tells beforehand what that would hide.
func (t *Tx) RemakeMACs(ctx context.Context) (int, error) {
	for _, g := range guardedTables() {
		if err := t.exec(ctx, `UPDATE `+g.name+` SET mac = ''`); err != nil {
			return 0, fmt.Errorf("forget the MACs of %s: %w", g.name, err)
		}
	}
	clear(t.ledger.tallies)
	return t.signAll(ctx)
}

// Accept runs fn in a write transaction of a database whose head may be damaged: what the head says is taken as it is,
// except that its trail ends with the last event that is there, and that row keys are handed out beyond all that are used.
// Like Update it commits only with an event.
func (s *Store) Accept(ctx context.Context, fn func(*Tx) error) error {
	s.guard.accepting = true
	defer func() { s.guard.accepting = false }()
	return s.Update(ctx, fn)
}

// RenameDocuments keeps policy documents that do not match their hash under the hash of what they are now.
func (t *Tx) RenameDocuments(ctx context.Context) error {
	var documents []struct{ Hash, Body string }
	if err := t.list(ctx, &documents, `SELECT hash, body FROM documents`); err != nil {
		return fmt.Errorf("list the policy documents: %w", err)
	}
	for _, d := range documents {
		if judgeDocument(d.Hash, d.Body) == nil {
			continue
		}
		hash, err := t.keepDocument(ctx, d.Body)
		if err != nil {
			return err
		}
		for _, query := range []string{
			`UPDATE permission_set_policies SET document_hash = ? WHERE document_hash = ?`,
			`UPDATE policy_versions SET document_hash = ? WHERE document_hash = ?`,
		} {
			if err := t.exec(ctx, query, hash, d.Hash); err != nil {
				return fmt.Errorf("rename a policy document: %w", err)
			}
		}
		if err := t.exec(ctx, `DELETE FROM documents WHERE hash = ?`, d.Hash); err != nil {
			return fmt.Errorf("forget a policy document: %w", err)
		}
	}
	return nil
}

// numbered are the tables whose row keys newPK hands out.
var numbered = []string{"users", "groups", "accounts", "ous", "sessions", "role_sessions", "links", "reports", "scenarios",
	"totp_devices", "security_keys", "challenges", "recovery_codes", "permission_sets", "permission_set_versions", "policies",
	"policy_versions", "policy_attachments", "assignments", "memberships", "ou_parents", "account_parents", "checkpoints",
	"sign_in_policies", "earlier_passwords", "known_browsers", "outbox", "notices",
	"approvals"}

// mend makes a head that can be gone on from.
func (t *Tx) mend(ctx context.Context) error {
	var last []struct {
		Seq  int64
		Hash string
	}
	if err := t.list(ctx, &last, `SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1`); err != nil {
		return fmt.Errorf("find the last event: %w", err)
	}
	t.head.Seq, t.head.Hash = 0, audit.Start
	if len(last) == 1 {
		t.head.Seq, t.head.Hash = last[0].Seq, last[0].Hash
	}
	for _, table := range numbered {
		var highest int64
		if err := t.one(ctx, &highest, `SELECT COALESCE(max(pk), 0) FROM `+table); err != nil {
			return fmt.Errorf("find the last row of %s: %w", table, err)
		}
		t.head.NextPK = max(t.head.NextPK, highest+1)
	}
	t.accessChanged()
	var err error
	t.ledger, err = readLedger(t.guard.keys, "")
	return err
}

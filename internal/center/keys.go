package center

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// KeyUse is a master key by its id and what rests under it.
type KeyUse struct {
	ID          string
	Seals       bool // new secrets and MACs are made under it
	AtHand      bool // it is in the key file or variable
	MACs        int
	Secrets     int // sealed ones
	Checkpoints int
	RoleSecrets int       // role credentials that are good now and whose secrets come from it
	NeededUntil time.Time // the last end of those; zero when there are none
}

// Unused reports whether nothing rests under the key any more.
func (k KeyUse) Unused() bool {
	return !k.Seals && k.MACs == 0 && k.Secrets == 0 && k.Checkpoints == 0 && k.RoleSecrets == 0
}

// KeyUses returns the master keys of a vault, the one that seals first, and then those that only a database names.
func KeyUses(ctx context.Context, r store.Reader, v *vault.Vault, now time.Time) ([]KeyUse, error) {
	var list []KeyUse
	place := map[string]int{}
	of := func(id string) *KeyUse {
		if _, ok := place[id]; !ok {
			place[id] = len(list)
			list = append(list, KeyUse{ID: id})
		}
		return &list[place[id]]
	}
	for i, id := range v.KeyIDs() {
		k := of(id)
		k.AtHand, k.Seals = true, i == 0
	}
	macs, err := r.MACsByKey(ctx)
	if err != nil {
		return nil, err
	}
	for id, n := range macs {
		of(id).MACs = n
	}
	secrets, err := r.SealedSecrets(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range secrets {
		of(vault.SealedUnder(s.Secret)).Secrets++
	}
	checkpoints, err := r.Checkpoints(ctx, 0)
	if err != nil {
		return nil, err
	}
	for _, c := range checkpoints {
		of(c.KeyID).Checkpoints++
	}
	live, last, err := r.LiveRoleSessions(ctx, now)
	for id, n := range live {
		of(id).RoleSecrets, of(id).NeededUntil = n, last[id]
	}
	return list, err
}

// Rotated is what a rotation brought under the new key.
type Rotated struct{ Secrets, Checkpoints, MACs int }

// RotateKeys brings everything that rests under an earlier master key under the first one, in one transaction: sealed
// secrets, signatures of checkpoints, MACs. Rows that do not match their MACs stop it, since new ones would hide that.
// Secrets of role credentials that were issued before still come from the earlier key, which has to stay at hand until
// they end.
func (c *Center) RotateKeys(ctx context.Context, host model.Actor) (Rotated, error) {
	var done Rotated
	if !host.Host {
		return done, errHostOnly
	}
	err := c.do(ctx, host, func(w *work) (err error) {
		w.own()
		if err := whole(ctx, w.tx.Reader); err != nil {
			return err
		}
		if done.Secrets, err = c.resealSecrets(ctx, w.tx); err != nil {
			return err
		}
		if done.Checkpoints, err = c.signAgain(ctx, w.tx); err != nil {
			return err
		}
		if done.MACs, err = w.tx.RemakeMACs(ctx); err != nil {
			return err
		}
		err = w.record(model.Event{Action: model.ActRotateKeys,
			Objects: []model.Ref{{Kind: model.RefInstallation, ID: c.Vault.KeyID(), Name: "Master key"}},
			Summary: fmt.Sprintf("Brought secrets, signatures and MACs under master key %s", c.Vault.KeyID())})
		if err != nil {
			return err
		}
		_, err = sign(ctx, w.tx, c.Vault)
		return err
	})
	return done, err
}

// whole returns the first damage of the guarded rows as an error.
func whole(ctx context.Context, r store.Reader) error {
	var first *store.Damage
	err := r.Inspect(ctx, func(d store.Damage) {
		if first == nil {
			first = &d
		}
	})
	if err != nil {
		return fmt.Errorf("look at the guarded rows: %w", err)
	}
	if first != nil {
		return fmt.Errorf("the database was changed from outside, see console audit verify: %w", first)
	}
	return nil
}

func (c *Center) resealSecrets(ctx context.Context, tx *store.Tx) (int, error) {
	secrets, err := tx.SealedSecrets(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, s := range secrets {
		if vault.SealedUnder(s.Secret) == c.Vault.KeyID() {
			continue
		}
		plain, err := c.Vault.Open(vault.TOTPSecret, s.Secret, string(s.User), string(s.Device))
		if err != nil {
			return 0, fmt.Errorf("open the secret of authenticator app %s: %w", s.Device, err)
		}
		if s.Secret, err = c.Vault.Seal(vault.TOTPSecret, plain, string(s.User), string(s.Device)); err != nil {
			return 0, err
		}
		if err := tx.Reseal(ctx, s); err != nil {
			return 0, err
		}
		n++
	}
	mails, err := c.resealMails(ctx, tx)
	return n + mails, err
}

// resealMails brings the texts of e-mails that were not sent yet under the present master key.
func (c *Center) resealMails(ctx context.Context, tx *store.Tx) (int, error) {
	mails, err := tx.SealedMails(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, m := range mails {
		if vault.SealedUnder(m.Body) == c.Vault.KeyID() {
			continue
		}
		text, err := c.Vault.Open(vault.MailText, m.Body, string(m.ID))
		if err != nil {
			return 0, fmt.Errorf("open the text of e-mail %s: %w", m.ID, err)
		}
		body, err := c.Vault.Seal(vault.MailText, text, string(m.ID))
		if err != nil {
			return 0, err
		}
		if err := tx.ResealMail(ctx, m.ID, body); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// signAgain signs the checkpoints of earlier keys under the present one. Those whose signature is not ours stay as they
// are, to be found.
func (c *Center) signAgain(ctx context.Context, tx *store.Tx) (int, error) {
	list, err := tx.Checkpoints(ctx, 0)
	if err != nil {
		return 0, err
	}
	n := 0
	for i, old := range list {
		if old.KeyID == c.Vault.KeyID() {
			continue
		}
		switch err := c.Vault.Verify(vault.TrailCheckpoint, old.KeyID, old.Message(), old.Signature); {
		case errors.Is(err, vault.ErrUnknownKey):
			return 0, fmt.Errorf("the checkpoint of event %d: %w", old.Seq, err)
		case err != nil:
			continue
		}
		list[i].KeyID = c.Vault.KeyID()
		_, list[i].Signature = c.Vault.Sign(vault.TrailCheckpoint, list[i].Message())
		n++
	}
	if n == 0 {
		return 0, nil
	}
	return n, tx.ReplaceCheckpoints(ctx, list)
}

// AcceptDamage goes on with a database that was changed from outside, for whoever has looked into it and cannot go back
// to a backup: forged sessions, role credentials and links go, other rows get MACs for what they are now, the index of the
// trail is made anew, the trail goes on after its last event, and an event and a signed checkpoint say so. It returns what was accepted.
func (c *Center) AcceptDamage(ctx context.Context, host model.Actor, reason string) (Evidence, error) {
	var e Evidence
	if !host.Host {
		return e, errHostOnly
	}
	e, err := Verify(ctx, c.Store, c.Vault, nil)
	if err != nil {
		return e, err
	}
	if e.Whole() {
		return e, &model.Error{Kind: model.Conflict, Message: "Nothing is wrong with this database: there is nothing to accept."}
	}
	return e, c.Store.Accept(ctx, func(tx *store.Tx) error {
		if err := errors.Join(tx.RenameDocuments(ctx), tx.ForgetForged(ctx), tx.Reindex(ctx)); err != nil {
			return err
		}
		rows, err := tx.RemakeMACs(ctx)
		if err != nil {
			return err
		}
		w := &work{ctx: ctx, center: c, tx: tx, actor: host}
		err = w.record(model.Event{Action: model.ActAcceptDamage, Reason: reason, State: state(map[string]any{
			"trail": e.Trail, "rows": e.Rows}), Objects: []model.Ref{{Kind: model.RefInstallation, Name: "Database"}},
			Summary: fmt.Sprintf("Accepted a database that was changed from outside: %s; %d rows have new MACs",
				numbered(len(e.Trail)+len(e.Rows), "damage", "damages"), rows)})
		if err != nil {
			return err
		}
		_, err = sign(ctx, tx, c.Vault)
		return err
	})
}

package center

import (
	"context"
	"fmt"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// AskNewKey returns the options, in JSON, with which a browser makes a new key of its person: their first device while they
// sign in, or a further one, which asks for a fresh second factor.
func (c *Center) AskNewKey(ctx context.Context, visit model.Actor, token string) ([]byte, error) {
	party, err := c.relyingParty()
	if err != nil {
		return nil, err
	}
	var options []byte
	err = c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		b, err := c.resume(ctx, tx.Reader, token)
		if err != nil {
			return err
		}
		purpose, err := c.registering(ctx, tx.Reader, b)
		if err != nil {
			return err
		}
		devices, err := devicesOf(ctx, tx.Reader, b.User.ID)
		if err != nil {
			return err
		}
		if err := room(devices); err != nil {
			return err
		}
		keys, err := tx.SecurityKeys(ctx, b.User.ID)
		if err != nil {
			return err
		}
		challenge, err := c.challenge(ctx, tx, visit, purpose, token)
		if err != nil {
			return err
		}
		options, err = party.Creation(ownerOf(b.User, keys), challenge)
		return err
	})
	return options, err
}

// registering is for what a browser may make a new key.
func (c *Center) registering(ctx context.Context, r store.Reader, b Browser) (model.ChallengePurpose, error) {
	if !b.rules.policy.Allows(model.FactorWebAuthn) {
		return "", errKeysOff()
	}
	switch {
	case b.Session.Stage.Binds():
		return model.ChallengeEnrol, nil
	case b.Session.Stage == model.StageSignedIn:
		actor := model.Actor{User: b.User.ID, MFA: !b.Session.FactorAt.IsZero(), FactorAt: b.Session.FactorAt}
		return model.ChallengeAdd, c.freshForDevice(ctx, r, actor)
	}
	return "", errSignedOut(nil)
}

// newKey is a key that a browser has made, on its way to be kept.
type newKey struct {
	browser Browser
	key     model.SecurityKey
}

// register verifies a new key, outside of the transaction that keeps it. It uses up the challenge, whatever comes of it.
func (c *Center) register(ctx context.Context, token, name, response string) (newKey, error) {
	var n newKey
	party, err := c.relyingParty()
	if err != nil {
		return n, err
	}
	if err := checkDeviceName(name); err != nil {
		return n, err
	}
	r, err := mfa.ParseRegistration(response)
	if err != nil {
		return n, keyProblem("The key gave no answer that can be read. Try again.")
	}
	var asked bool
	var devices []model.Device
	err = c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		if n.browser, err = c.resume(ctx, tx.Reader, token); err != nil {
			return err
		}
		purpose, err := c.registering(ctx, tx.Reader, n.browser)
		if err != nil {
			return err
		}
		if devices, err = devicesOf(ctx, tx.Reader, n.browser.User.ID); err != nil {
			return err
		}
		asked, err = answered(ctx, tx, r.Challenge, purpose, token)
		return err
	})
	if err != nil {
		return n, err
	}
	if !asked {
		return n, keyProblem("That took too long. Try again.")
	}
	made, err := party.Register(ownerOf(n.browser.User, nil), r)
	if err != nil {
		c.Log.Debug("new security key refused", "error", err)
		return n, keyProblem("The key could not be registered. Try again, or try another one.")
	}
	id, err := model.NewUUID(c.Random)
	if err != nil {
		return n, err
	}
	n.key = model.SecurityKey{ID: model.DeviceID(id), Credential: made.Credential, PublicKey: made.PublicKey, Model: made.Model,
		Transports: made.Transports, Discoverable: made.Discoverable, BackupEligible: made.BackupEligible, BackedUp: made.BackedUp,
		SignCount: made.SignCount, CreatedAt: c.Now()}
	n.key.Name = nameOr(name, n.key.Device().Kind, devices)
	return n, nil
}

// AddKey keeps a new key among the devices of the actor, whose browser's cookie is the token. An empty name gives it one.
func (c *Center) AddKey(ctx context.Context, actor model.Actor, token, name, response string) (model.Device, error) {
	n, err := c.register(ctx, token, name, response)
	if err != nil {
		return model.Device{}, err
	}
	err = c.do(ctx, actor, func(w *work) error {
		w.own()
		devices, err := devicesOf(w.ctx, w.tx.Reader, actor.User)
		if err != nil {
			return err
		}
		if err := room(devices); err != nil {
			return err
		}
		if err := w.allowFirstDevice(); err != nil {
			return err
		}
		if err := w.tx.InsertSecurityKey(w.ctx, actor.User, n.key); err != nil {
			return fmt.Errorf("keep a security key: %w", err)
		}
		if err := c.announceFactor(w.ctx, w.tx, n.browser.User, actor, n.key.Name); err != nil {
			return err
		}
		return w.record(addedDevice(n.browser.User, n.key.Device()))
	})
	return n.key.Device(), err
}

// EnrolKey keeps a new key as the first device of a person who is signing in, or as the stronger one that they need, makes recovery
// codes with a first one, and signs the browser in.
func (c *Center) EnrolKey(ctx context.Context, visit model.Actor, token, name, response string) (Confirmed, error) {
	n, err := c.register(ctx, token, name, response)
	if err != nil {
		return Confirmed{}, err
	}
	return c.enrolled(ctx, visit, token, func(tx *store.Tx, b Browser) (model.Device, error) {
		if err := tx.InsertSecurityKey(ctx, b.User.ID, n.key); err != nil {
			return model.Device{}, fmt.Errorf("keep a security key: %w", err)
		}
		return n.key.Device(), tx.DeletePendingTOTPDevices(ctx, b.User.ID, "")
	})
}

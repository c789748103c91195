package center

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// ChallengeLife is how long a person has to answer with their key.
const ChallengeLife = mfa.ChallengeLife

// mostChallenges is how many unanswered challenges one network may have: each is a row that anybody can make.
const mostChallenges = 200

// KeysWork reports whether browsers give security keys to the address under which people reach the console.
func (c *Center) KeysWork() bool { return c.party != nil }

// relyingParty returns whom keys sign for.
func (c *Center) relyingParty() (*mfa.RelyingParty, error) {
	if c.party == nil {
		return nil, &model.Error{Kind: model.Conflict, Message: "Security keys work only where the console has a host name, not a number. " +
			"Use a code."}
	}
	return c.party, nil
}

// ownerOf is a person with those of their keys that are taken.
func ownerOf(u model.User, keys []model.SecurityKey) mfa.Owner {
	o := mfa.Owner{Handle: string(u.ID), UserName: u.UserName, Name: u.DisplayName}
	for _, k := range trusted(keys) {
		o.Keys = append(o.Keys, mfa.Key{Credential: k.Credential, PublicKey: k.PublicKey, Model: k.Model, Transports: k.Transports,
			Discoverable: k.Discoverable, BackupEligible: k.BackupEligible, BackedUp: k.BackedUp, SignCount: k.SignCount})
	}
	return o
}

// trusted returns the keys that have not counted backwards.
func trusted(keys []model.SecurityKey) []model.SecurityKey {
	return slices.DeleteFunc(slices.Clone(keys), func(k model.SecurityKey) bool { return !k.SuspectAt.IsZero() })
}

// digestOf is what is kept of a challenge.
func digestOf(challenge []byte) string {
	return vault.TokenDigest(base64.RawURLEncoding.EncodeToString(challenge))
}

// challenge makes what a key has to sign, in a transaction: for one purpose, by one browser, within five minutes.
func (c *Center) challenge(ctx context.Context, tx *store.Tx, visit model.Actor, purpose model.ChallengePurpose, token string,
) ([]byte, error) {
	challenge, err := mfa.NewChallenge(c.Random)
	if err != nil {
		return nil, err
	}
	kept, err := tx.InsertChallenge(ctx, store.Challenge{Digest: digestOf(challenge), Purpose: purpose, Holder: vault.TokenDigest(token),
		Network: signin.Network(visit.SourceIP)}, mfa.ChallengeLife, mostChallenges)
	if err != nil {
		return nil, fmt.Errorf("keep a challenge: %w", err)
	}
	if !kept {
		return nil, &model.Error{Kind: model.Unavailable, Message: "Too many keys are being asked for from your network. Try again in a few " +
			"minutes, or use a code."}
	}
	return challenge, nil
}

// answered consumes a challenge; false when this browser may not answer it for this purpose, any more or at all.
func answered(ctx context.Context, tx *store.Tx, challenge []byte, purpose model.ChallengePurpose, token string) (bool, error) {
	ok, err := tx.UseChallenge(ctx, store.Challenge{Digest: digestOf(challenge), Purpose: purpose, Holder: vault.TokenDigest(token)})
	if err != nil {
		return false, fmt.Errorf("use a challenge: %w", err)
	}
	return ok, nil
}

// proving is for what a browser may show a key that is registered: signing in, or stepping up.
func (b Browser) proving() (model.ChallengePurpose, error) {
	switch b.Session.Stage {
	case model.StagePassword:
		return model.ChallengeFactor, nil
	case model.StageSignedIn:
		return model.ChallengeStepUp, nil
	}
	return "", errSignedOut(nil)
}

// AskKey returns the options, in JSON, with which a browser asks for one of its person's keys as their second factor, to
// sign in or to step up.
func (c *Center) AskKey(ctx context.Context, visit model.Actor, token string) ([]byte, error) {
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
		purpose, err := b.proving()
		if err != nil {
			return err
		}
		keys, err := tx.SecurityKeys(ctx, b.User.ID)
		if err != nil {
			return err
		}
		if len(trusted(keys)) == 0 {
			return &model.Error{Kind: model.Conflict, Message: "You have no security key here. Use a code."}
		}
		challenge, err := c.challenge(ctx, tx, visit, purpose, token)
		if err != nil {
			return err
		}
		options, err = party.Request(ownerOf(b.User, keys), challenge)
		return err
	})
	return options, err
}

// VerifyKey takes what a key answered and signs the browser in, or steps up a session that is signed in already.
func (c *Center) VerifyKey(ctx context.Context, visit model.Actor, token, response string) (Admission, error) {
	party, err := c.relyingParty()
	if err != nil {
		return Admission{}, err
	}
	a, err := mfa.ParseAssertion(response)
	if err != nil {
		return Admission{}, keyProblem("The key gave no answer that can be read. Try again, or use a code.")
	}
	var b Browser
	var keys []model.SecurityKey
	var asked bool
	err = c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		if b, err = c.resume(ctx, tx.Reader, token); err != nil {
			return err
		}
		purpose, err := b.proving()
		if err != nil {
			return err
		}
		if keys, err = tx.SecurityKeys(ctx, b.User.ID); err != nil {
			return err
		}
		asked, err = answered(ctx, tx, a.Challenge, purpose, token)
		return err
	})
	if err != nil {
		return Admission{}, err
	}
	if !asked {
		return Admission{}, c.refuseKey(ctx, visit, b, "a security key answered what it was not asked here, or too late")
	}
	used, signed, err := c.signed(party.Verify, ownerOf(b.User, keys), keys, a)
	if err != nil {
		return Admission{}, c.refuseKey(ctx, visit, b, "a security key's signature was not right")
	}
	if signed.WentBack {
		return Admission{}, c.suspect(ctx, visit, b, used)
	}
	admitted, err := c.pass(ctx, visit, token, proof{signin.KeyAccepted, "security-key"}, func(tx *store.Tx, b Browser) (bool, error) {
		if !b.rules.policy.Allows(model.FactorWebAuthn) {
			return false, errKeysOff()
		}
		return tx.UseSecurityKey(ctx, used.ID, used.SignCount, signed.SignCount, signed.BackedUp)
	})
	if err == nil && admitted.Token == "" {
		return Admission{}, c.refuseKey(ctx, visit, b, "a security key was used twice at the same moment")
	}
	return admitted, err
}

// signed verifies an answer and returns the key that gave it.
func (c *Center) signed(verify func(mfa.Owner, mfa.Assertion) (mfa.Signed, error), o mfa.Owner, keys []model.SecurityKey,
	a mfa.Assertion) (model.SecurityKey, mfa.Signed, error) {
	signed, err := verify(o, a)
	if err != nil {
		c.Log.Debug("security key refused", "error", err)
		return model.SecurityKey{}, signed, err
	}
	i := slices.IndexFunc(keys, func(k model.SecurityKey) bool { return slices.Equal(k.Credential, a.Credential) })
	return keys[i], signed, nil
}

// errKeysOff is what the owner of a key is told when the sign-in policy takes none.
func errKeysOff() error {
	return keyProblem("Security keys and passkeys are not accepted any more. Ask an administrator.")
}

func keyProblem(words string) error {
	return &model.Error{Kind: model.Invalid, Message: words, Fields: map[string]string{"key": words}}
}

// refuseKey records a key that was not accepted. Its answers cannot be guessed, so that nothing is counted.
func (c *Center) refuseKey(ctx context.Context, visit model.Actor, b Browser, why string) error {
	if err := c.refuseSecond(ctx, visit, b, why); err != nil {
		return err
	}
	return keyProblem("The key was not accepted. Try again, or use a code.")
}

// suspect refuses a key from now on that says it has signed less often than before.
func (c *Center) suspect(ctx context.Context, visit model.Actor, b Browser, k model.SecurityKey) error {
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		if _, err := tx.SuspectSecurityKey(ctx, k.ID); err != nil {
			return fmt.Errorf("suspect a security key: %w", err)
		}
		return tx.Record(ctx, by(b.as(visit), b.failed("the "+string(k.Device().Kind)+" "+k.Name+
			" counted backwards; it is refused from now on, there may be a copy of it")))
	})
	if err != nil {
		return fmt.Errorf("record a suspect key: %w", err)
	}
	return keyProblem("This key says that it was used less often than it was, so there may be a copy of it. It is not taken any more. " +
		"Use a code, remove the key under My security, and tell an administrator.")
}

package center

import (
	"context"
	"errors"
	"fmt"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// AskPasskey returns the options, in JSON, with which a browser asks for a passkey of whoever sits there, and a token for
// its cookie: only the browser that has it may answer.
func (c *Center) AskPasskey(ctx context.Context, visit model.Actor) (options []byte, token vault.Secret, err error) {
	party, err := c.relyingParty()
	if err != nil {
		return nil, "", err
	}
	if token, _, err = vault.NewToken(c.Random); err != nil {
		return nil, "", err
	}
	err = c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		challenge, err := c.challenge(ctx, tx, visit, model.ChallengePasskey, token.Reveal())
		if err != nil {
			return err
		}
		options, err = party.PasskeyRequest(challenge)
		return err
	})
	return options, token, err
}

// SignInWithPasskey takes what a passkey answered and signs its person in: it is both factors, because it has made sure who
// holds it. token is the cookie of the browser that asked.
func (c *Center) SignInWithPasskey(ctx context.Context, visit model.Actor, token, response string) (Admission, error) {
	party, err := c.relyingParty()
	if err != nil {
		return Admission{}, err
	}
	a, err := mfa.ParseAssertion(response)
	if err != nil {
		return Admission{}, errPasskey()
	}
	var u model.User
	var keys []model.SecurityKey
	var asked bool
	err = c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		if asked, err = answered(ctx, tx, a.Challenge, model.ChallengePasskey, token); err != nil || !asked {
			return err
		}
		if u, err = tx.User(ctx, model.UserID(a.Handle)); model.KindOf(err) == model.NotFound {
			return nil
		} else if err != nil {
			return err
		}
		keys, err = tx.SecurityKeys(ctx, u.ID)
		return err
	})
	switch {
	case err != nil:
		return Admission{}, err
	case !asked:
		return Admission{}, c.refusePasskey(ctx, visit, u, "it answered what it was not asked here, or too late")
	case u.ID == "":
		return Admission{}, c.refusePasskey(ctx, visit, u, "it is nobody's")
	case u.Status != model.UserEnabled:
		return Admission{}, c.refusePasskey(ctx, visit, u, "the person is disabled")
	}
	used, signed, err := c.signed(party.VerifyPasskey, ownerOf(u, keys), keys, a)
	if err != nil {
		return Admission{}, c.refusePasskey(ctx, visit, u, "its signature was not right")
	}
	if signed.WentBack {
		return Admission{}, c.suspect(ctx, visit, Browser{User: u}, used)
	}
	return c.enterWithPasskey(ctx, visit, u.ID, used, signed)
}

// enterWithPasskey signs somebody in whose passkey was right, unless it was removed or they were disabled meanwhile.
func (c *Center) enterWithPasskey(ctx context.Context, visit model.Actor, user model.UserID, used model.SecurityKey, signed mfa.Signed,
) (Admission, error) {
	var admitted Admission
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		u, err := tx.User(ctx, user)
		if err != nil {
			return err
		}
		if policy, err := tx.SignInPolicy(ctx); err != nil {
			return err
		} else if !policy.Allows(model.FactorWebAuthn) {
			return errKeysOff()
		}
		fresh, err := tx.UseSecurityKey(ctx, used.ID, used.SignCount, signed.SignCount, signed.BackedUp)
		if err != nil {
			return fmt.Errorf("use a passkey: %w", err)
		}
		if !fresh {
			return errPasskey()
		}
		if admitted, err = c.enter(ctx, tx, visit, u, byPassword, proof{signin.PasskeyAccepted, "passkey"}); err != nil {
			return err
		}
		if admitted.Token == "" {
			return errPasskey() // the sign-in policy keeps them out
		}
		e := signedIn(admitted)
		if admitted.Session.Stage == model.StageSignedIn {
			e.Summary = "Signed in with the passkey " + used.Name
		}
		return tx.Record(ctx, by(Browser{Session: admitted.Session, User: u}.as(visit), e))
	})
	if kind := model.KindOf(err); kind == model.NotFound || kind == model.Unauthenticated {
		return Admission{}, errPasskey() // disabled, deleted or without a factor since the question
	}
	if err != nil {
		return Admission{}, err
	}
	return admitted, nil
}

// errPasskey is what anybody is told whose passkey is not accepted, whatever the cause.
func errPasskey() error {
	return keyProblem("This passkey was not accepted. Sign in with your user name and password.")
}

// refusePasskey records a passkey that was not accepted, once a minute for each person, or network when it is nobody's.
func (c *Center) refusePasskey(ctx context.Context, visit model.Actor, u model.User, why string) error {
	e := model.Event{Action: model.ActSignIn, Outcome: model.Failed, Summary: "Sign-in with a passkey failed: " + why}
	if u.ID != "" {
		e.Objects = []model.Ref{userRef(u)}
	}
	key := refusalKey{u.ID, e.Action, why + " " + signin.Network(visit.SourceIP)}
	if err := c.recordRefusal(ctx, key, by(visit, e)); err != nil {
		return errors.Join(errPasskey(), err)
	}
	return errPasskey()
}

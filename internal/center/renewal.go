package center

import (
	"context"
	"fmt"

	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// Renewal is why a browser has to replace the password before it opens anything.
type Renewal struct {
	User      model.User
	MinLength int
	Days      int  // the age from which on a password is replaced; 0: none
	Old       bool // it has that age; else it is too short
}

// Renewal returns what the page for replacing a password says.
func (c *Center) Renewal(ctx context.Context, token string) (Renewal, error) {
	var n Renewal
	err := c.Store.Snapshot(ctx, func(r store.Reader) error {
		b, err := c.renewing(ctx, r, token)
		if err != nil {
			return err
		}
		password, err := r.Password(ctx, b.User.ID)
		p := b.rules.policy
		n = Renewal{User: b.User, MinLength: p.MinLength, Days: p.MaxAge, Old: password.Length >= p.MinLength}
		return err
	})
	return n, err
}

// renewing resumes a session whose password must be replaced.
func (c *Center) renewing(ctx context.Context, r store.Reader, token string) (Browser, error) {
	b, err := c.resume(ctx, r, token)
	if err == nil && b.Session.Stage != model.StageRenewal {
		err = errSignedOut(nil)
	}
	return b, err
}

// RenewPassword replaces a password that the policy calls spent and signs the browser in. Everything that was signed in
// with the old one ends.
func (c *Center) RenewPassword(ctx context.Context, visit model.Actor, token string, password vault.Secret) (Admission, error) {
	n, err := c.Renewal(ctx, token)
	if err != nil {
		return Admission{}, err
	}
	organization, err := c.OrganizationName(ctx)
	if err != nil {
		return Admission{}, err
	}
	chosen, err := c.newPassword(ctx, password, n.User, organization)
	if err != nil {
		return Admission{}, err
	}
	var admitted Admission
	err = c.Store.Update(ctx, func(tx *store.Tx) error {
		b, err := c.renewing(ctx, tx.Reader, token)
		if err != nil {
			return err
		}
		if err := setPassword(ctx, tx, b.User, chosen); err != nil {
			return err
		}
		ended, err := tx.RevokeOtherSessions(ctx, b.User.ID, b.Session.ID)
		if err != nil {
			return err
		}
		if admitted, err = c.raise(ctx, tx, visit, b, token, proof{kind: signin.PasswordRenewed}); err != nil {
			return err
		}
		who := b.as(visit)
		err = tx.Record(ctx, by(who, model.Event{Action: model.ActChangePassword, Outcome: model.Done,
			Objects: []model.Ref{userRef(b.User)}, Summary: "Replaced a password as the sign-in policy has it" + andEnded(ended)}))
		if err != nil {
			return fmt.Errorf("record a new password: %w", err)
		}
		return tx.Record(ctx, by(who, signedIn(admitted)))
	})
	if err != nil {
		return Admission{}, err
	}
	return admitted, nil
}

package center

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// newPassword checks a password that a person chose and hashes it: against their names, the organization's, the sign-in
// policy, and those they had before. It takes its time: call it outside transactions.
func (c *Center) newPassword(ctx context.Context, password vault.Secret, u model.User, organization string) (model.Password, error) {
	policy, err := c.Store.SignInPolicy(ctx)
	if err != nil {
		return model.Password{}, err
	}
	length := utf8.RuneCountInString(password.Reveal())
	if length < policy.MinLength {
		return model.Password{}, passwordProblem(fmt.Sprintf("Use at least %d characters.", policy.MinLength))
	}
	if weak := vault.Weak(password, u.UserName, u.Email, u.DisplayName, organization); weak != "" {
		return model.Password{}, passwordProblem(string(weak))
	}
	if err := c.unlikeEarlier(ctx, password, u, policy.Reuse); err != nil {
		return model.Password{}, err
	}
	hash, err := c.Hasher.Hash(ctx, password)
	if err != nil {
		return model.Password{}, hashing(err)
	}
	return model.Password{Hash: hash, Length: length}, nil
}

// unlikeEarlier refuses the present password, and so many of those before it.
func (c *Center) unlikeEarlier(ctx context.Context, password vault.Secret, u model.User, reuse int) error {
	if u.ID == "" {
		return nil // whoever is not kept yet had none
	}
	present, err := c.Store.Password(ctx, u.ID)
	if err != nil && model.KindOf(err) != model.NotFound {
		return err
	}
	if err == nil {
		switch same, err := c.Hasher.Verify(ctx, password, present.Hash); {
		case err != nil:
			return hashing(err)
		case same:
			return errSamePassword()
		}
	}
	earlier, err := c.Store.EarlierPasswords(ctx, u.ID, reuse)
	if err != nil {
		return err
	}
	for _, hash := range earlier {
		switch same, err := c.Hasher.Verify(ctx, password, hash); {
		case err != nil:
			return hashing(err)
		case same:
			return passwordProblem(fmt.Sprintf("You had this password before. Choose one that is none of your last %d.", reuse))
		}
	}
	return nil
}

// hashing is the error of a password that could not be hashed or compared.
func hashing(err error) error {
	if errors.Is(err, vault.ErrBusy) {
		return &model.Error{Kind: model.Unavailable, Message: "Too many passwords are being set at this moment. Try again in a few seconds."}
	}
	return fmt.Errorf("hash a new password: %w", err)
}

func passwordProblem(words string) error {
	return &model.Error{Kind: model.Invalid, Message: words, Fields: map[string]string{"password": words}}
}

func errSamePassword() error { return passwordProblem("Choose another password than the present one.") }

// setPassword keeps a new password and forgets the failures with the one before, from wherever.
func setPassword(ctx context.Context, tx *store.Tx, u model.User, p model.Password) error {
	policy, err := tx.SignInPolicy(ctx)
	if err != nil {
		return err
	}
	if err := tx.SetPassword(ctx, u.ID, p, policy.Reuse); err != nil {
		return err
	}
	return tx.ClearThrottle(ctx, vault.TokenDigest(store.Handle(u.UserName)), "")
}

// OrganizationName is the name of the organization, empty before set-up.
func (c *Center) OrganizationName(ctx context.Context) (string, error) {
	org, err := c.Store.Organization(ctx)
	if err != nil && model.KindOf(err) != model.NotFound {
		return "", err
	}
	return org.Name, nil
}

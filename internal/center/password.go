package center

import (
	"context"
	"errors"
	"fmt"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// newPassword checks a chosen password against the person's and the organization's names and hashes it. It takes its
// time: call it outside transactions.
func (c *Center) newPassword(ctx context.Context, password vault.Secret, u model.User, organization string) (string, error) {
	if weak := vault.Weak(password, u.UserName, u.Email, u.DisplayName, organization); weak != "" {
		return "", &model.Error{Kind: model.Invalid, Message: string(weak), Fields: map[string]string{"password": string(weak)}}
	}
	hash, err := c.Hasher.Hash(ctx, password)
	if errors.Is(err, vault.ErrBusy) {
		return "", &model.Error{Kind: model.Unavailable, Message: "Too many passwords are being set at this moment. Try again in a few seconds."}
	}
	if err != nil {
		return "", fmt.Errorf("hash a new password: %w", err)
	}
	return hash, nil
}

// setPassword keeps a new password and forgets the failures with the one before, from wherever.
func setPassword(ctx context.Context, tx *store.Tx, u model.User, hash string) error {
	if err := tx.SetPassword(ctx, u.ID, hash); err != nil {
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

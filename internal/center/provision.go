package center

import (
	"context"
	"fmt"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// errHostOnly is for acts that only a command on the machine itself may do.
var errHostOnly = &model.Error{Kind: model.Forbidden, Message: "This is done with a command on the machine that runs Gatehouse."}

// ProvisionCredentials gives a person a password and an authenticator app at once and returns the app's secret, in base32.
// It is for the host alone: a sample organization that is to be signed in to, and tests.
func (c *Center) ProvisionCredentials(ctx context.Context, host model.Actor, id model.UserID, password vault.Secret) (string, error) {
	if !host.Host {
		return "", errHostOnly
	}
	u, err := c.Store.User(ctx, id)
	if err != nil {
		return "", err
	}
	organization, err := c.OrganizationName(ctx)
	if err != nil {
		return "", err
	}
	chosen, err := c.newPassword(ctx, password, model.User{UserName: u.UserName, Email: u.Email, DisplayName: u.DisplayName},
		organization) // it may be the present one
	if err != nil {
		return "", err
	}
	secret, err := mfa.NewSecret(c.Random)
	if err != nil {
		return "", err
	}
	err = c.do(ctx, host, func(w *work) error {
		w.own()
		if err := setPassword(w.ctx, w.tx, u, chosen); err != nil {
			return err
		}
		if err := w.tx.DeleteFactors(w.ctx, u.ID); err != nil {
			return err
		}
		if err := w.addDevice(u, secret); err != nil {
			return err
		}
		if _, err := c.renewCodes(w.ctx, w.tx, u.ID); err != nil {
			return fmt.Errorf("make recovery codes: %w", err)
		}
		return w.record(model.Event{Action: model.ActProvision, Objects: []model.Ref{userRef(u)},
			Summary: "Gave " + u.DisplayName + " a password and an authenticator app"})
	})
	return secret, err
}

// addDevice keeps an authenticator app that counts from the start.
func (w *work) addDevice(u model.User, secret string) error {
	id, err := model.NewUUID(w.center.Random)
	if err != nil {
		return err
	}
	sealed, err := w.center.Vault.Seal(vault.TOTPSecret, []byte(secret), string(u.ID), id)
	if err != nil {
		return err
	}
	d := model.TOTPDevice{ID: model.DeviceID(id), Name: firstDevice, Secret: sealed}
	if err := w.tx.InsertTOTPDevice(w.ctx, u.ID, d); err != nil {
		return fmt.Errorf("keep an authenticator app: %w", err)
	}
	if _, err := w.tx.ConfirmTOTPDevice(w.ctx, d.ID, d.Name, 0); err != nil {
		return fmt.Errorf("confirm an authenticator app: %w", err)
	}
	return nil
}

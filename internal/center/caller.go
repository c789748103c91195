package center

import (
	"context"
	"crypto/subtle"
	"errors"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// Caller returns the role session that an access key belongs to and its secret access key, given the session token
// that goes with it. Everything is looked at anew with each call: credentials of a person who is disabled, whose
// sessions were ended, or who does not hold the role any more count as revoked. A key that does not exist, and a token
// that is not its own, are a NotFound error.
func (c *Center) Caller(ctx context.Context, key model.AccessKeyID, token vault.Secret,
) (model.RoleSession, vault.Secret, error) {
	var s model.RoleSession
	err := c.look(ctx, func(r store.Reader, graph *access.Snapshot) error {
		found, digest, err := r.RoleSession(ctx, key)
		if err != nil {
			return err
		}
		if subtle.ConstantTimeCompare([]byte(digest), []byte(vault.TokenDigest(token.Reveal()))) != 1 {
			return model.Missing("access key", string(key))
		}
		u, err := r.User(ctx, found.User)
		if err != nil {
			return err
		}
		_, held := graph.Role(u.ID, found.Account, found.PermissionSet, c.Now())
		if s = found; s.RevokedAt.IsZero() && (!held || s.Epoch != u.SessionEpoch) {
			s.RevokedAt = c.Now()
		}
		return nil
	})
	if err != nil {
		return model.RoleSession{}, "", err
	}
	secret, err := c.secretAccessKey(s)
	if errors.Is(err, vault.ErrUnknownKey) {
		c.Log.WarnContext(ctx, "role credentials of a master key that is not at hand", "access key", key,
			"master key", s.MasterKey)
		return model.RoleSession{}, "", model.Missing("access key", string(key))
	}
	return s, secret, err
}

// Called notes that a role session signed a request, at most once a minute. That it cannot be noted stops nobody.
func (c *Center) Called(ctx context.Context, s model.RoleSession) {
	if c.Now().Sub(s.LastUsedAt) < seenPause {
		return
	}
	err := c.Store.Housekeep(ctx, func(tx *store.Tx) error { return tx.UseRoleSession(ctx, s.AccessKeyID) })
	if err != nil {
		c.Log.WarnContext(ctx, "use of role credentials not noted", "access key", s.AccessKeyID, "err", err)
	}
}

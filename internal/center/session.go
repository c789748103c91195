package center

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Browser is a browser that has a session: who it belongs to and how far its sign-in has come.
type Browser struct {
	Session model.Session
	User    model.User
	Flash   string // messages for the next page, as kept by KeepFlash
}

// seenPause is how long a session's last-seen time may lag behind, so that reading pages does not write.
const seenPause = time.Minute

// Resume returns the browser whose cookie carries a token. An unknown, ended or outdated session, and one of a disabled
// person, is an Unauthenticated error.
func (c *Center) Resume(ctx context.Context, token string) (Browser, error) {
	var b Browser
	err := c.Store.Snapshot(ctx, func(r store.Reader) (err error) {
		if b.Session, b.Flash, err = r.SessionByDigest(ctx, digest(token)); err != nil {
			return err
		}
		b.User, err = r.User(ctx, b.Session.User)
		return err
	})
	if model.KindOf(err) == model.NotFound || (err == nil && !c.alive(b)) {
		return Browser{}, &model.Error{Kind: model.Unauthenticated, Message: "Your session has ended. Sign in again."}
	}
	if err != nil {
		return Browser{}, err
	}
	if c.Now().Sub(b.Session.LastSeenAt) >= seenPause {
		err = c.Store.Housekeep(ctx, func(tx *store.Tx) error { return tx.SeeSession(ctx, b.Session.ID) })
	}
	return b, err
}

// alive reports whether a session still counts: neither ended nor outdated, and its person enabled.
func (c *Center) alive(b Browser) bool {
	return b.Session.EndedAt.IsZero() && b.Session.Epoch == b.User.SessionEpoch && b.User.Status == model.UserEnabled
}

// KeepFlash keeps messages for the next page of a session.
func (c *Center) KeepFlash(ctx context.Context, id model.SessionID, flash string) error {
	return c.Store.Housekeep(ctx, func(tx *store.Tx) error { return tx.KeepFlash(ctx, id, flash) })
}

// digest is what is kept of a token: SHA-256, 64 hex digits.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

package center

import (
	"context"
	"fmt"

	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// recognise notes in which browser somebody signs in, and returns what its own cookie carries from now on: a new value
// each time, so that a copy of the old one is worth nothing. A browser that the person was not known in is announced to
// them, unless they have only just enrolled.
func (c *Center) recognise(ctx context.Context, tx *store.Tx, visit model.Actor, u model.User, s *model.Session,
	p model.SignInPolicy) (vault.Secret, error) {
	cookie, digest, err := vault.NewToken(c.Random)
	if err != nil {
		return "", err
	}
	known, err := tx.KnownBrowser(ctx, u.ID, visit.Browser.Digest, tx.Now())
	if err != nil && model.KindOf(err) != model.NotFound {
		return "", err
	}
	isNew := err != nil
	if isNew && visit.Browser.Digest != "" { // it may have been known to them until its time was up, or all sessions ended
		if err := tx.ForgetBrowserOf(ctx, u.ID, visit.Browser.Digest); err != nil {
			return "", err
		}
	}
	if visit.Browser.Digest != "" {
		if err := tx.RenewBrowserCookie(ctx, visit.Browser.Digest, digest); err != nil {
			return "", fmt.Errorf("renew the cookie of a browser: %w", err)
		}
	}

	proved := !s.FactorAt.IsZero()
	known.UserAgent, known.SourceIP = agentOf(visit), visit.SourceIP
	if proved || isNew {
		known.ExpiresAt = tx.Now().Add(model.BrowserLife)
	}
	known.Trusted = known.Trusted || proved && visit.Browser.Trust && p.Factor == model.FactorByContext
	if isNew {
		err = c.meet(ctx, tx, visit, u, &known, digest)
	} else {
		err = tx.UseBrowser(ctx, known)
	}
	if err != nil {
		return "", err
	}
	s.Browser = known.ID
	if network := signin.Vicinity(visit.SourceIP); proved && network != "" {
		return cookie, tx.AddNetwork(ctx, known.ID, network)
	}
	return cookie, nil
}

// meet keeps a browser in which a person signs in for the first time, or for the first time in long, and tells them.
func (c *Center) meet(ctx context.Context, tx *store.Tx, visit model.Actor, u model.User, b *model.KnownBrowser, digest string) error {
	id, err := model.NewUUID(c.Random)
	if err != nil {
		return err
	}
	b.ID, b.User = model.BrowserID(id), u.ID
	row, err := tx.UserRow(ctx, u.ID)
	if err != nil {
		return err
	}
	if err := tx.InsertBrowser(ctx, *b, digest); err != nil {
		return err
	}
	if row.LastSignIn.IsZero() {
		return nil // the very first sign-in of a person is no news to them
	}
	return c.announce(ctx, tx, u, model.Notice{Kind: model.NoticeNewBrowser,
		Text: "You were signed in with a browser that was not known before, from " + placeOf(visit) + "."})
}

// trustOnly forgets every browser of a person but the one whose cookie has a digest.
func (c *Center) trustOnly(ctx context.Context, tx *store.Tx, user model.UserID, digest string) error {
	known, err := tx.KnownBrowser(ctx, user, digest, tx.Now())
	if err != nil && model.KindOf(err) != model.NotFound {
		return err
	}
	return tx.ForgetOtherBrowsers(ctx, user, known.ID)
}

// ForgetOwnBrowser makes a browser unknown to the actor: they are asked for everything there again.
func (c *Center) ForgetOwnBrowser(ctx context.Context, actor model.Actor, id model.BrowserID) error {
	return c.do(ctx, actor, func(w *work) error {
		w.own()
		return w.forgetBrowser(actor.User, selfRef(actor), id, model.ActForgetBrowser)
	})
}

// ForgetBrowser makes a browser of a person unknown, for who may end their sessions.
func (c *Center) ForgetBrowser(ctx context.Context, actor model.Actor, user model.UserID, id model.BrowserID) error {
	return c.do(ctx, actor, func(w *work) error {
		u, err := w.tx.User(w.ctx, user)
		if err != nil {
			return err
		}
		if err := w.aboutPerson(model.ActEndSession, u); err != nil {
			return err
		}
		return w.forgetBrowser(u.ID, userRef(u), id, model.ActEndSession)
	})
}

func (w *work) forgetBrowser(user model.UserID, whose model.Ref, id model.BrowserID, action string) error {
	known, err := w.tx.ForgetBrowser(w.ctx, user, id)
	if err != nil {
		return err
	}
	if !known {
		return model.Missing("known browser", string(id))
	}
	return w.record(model.Event{Action: action, Objects: []model.Ref{whose},
		Summary: "Forgot a browser that " + whose.Name + " was known in"})
}

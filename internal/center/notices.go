package center

import (
	"context"
	"fmt"

	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
)

// announce tells a person of something that happened to their own sign-in: on the page about their security, after their
// next sign-in, and by e-mail where that is set up. It is part of the transaction of what it tells.
func (c *Center) announce(ctx context.Context, tx *store.Tx, u model.User, n model.Notice) error {
	if err := tx.InsertNotice(ctx, u.ID, n); err != nil {
		return err
	}
	return c.post(ctx, tx, c.noticeLetter(u, n.Text))
}

func (c *Center) announceFactor(ctx context.Context, tx *store.Tx, u model.User, visit model.Actor, device string) error {
	return c.announce(ctx, tx, u, model.Notice{Kind: model.NoticeNewFactor,
		Text: "The second factor " + device + " was added from " + placeOf(visit) + "."})
}

// announceCodesOff tells a person that wrong codes turned theirs off. Whoever typed them had come past the password.
func (c *Center) announceCodesOff(ctx context.Context, tx *store.Tx, b Browser, visit model.Actor) error {
	knew := "knew your password"
	if b.Session.Stage == model.StageSignedIn {
		knew = "was signed in as you"
	}
	return c.announce(ctx, tx, b.User, model.Notice{Kind: model.NoticeCodesOff, Text: fmt.Sprintf("Codes are off after %d wrong ones "+
		"in a row, the last of them from %s. Whoever typed them %s.", signin.MaxCodeFailures, placeOf(visit), knew)})
}

// announceOwn tells the actor of something that was done in their name.
func (w *work) announceOwn(n model.Notice) error {
	u, err := w.tx.User(w.ctx, w.actor.User)
	if err != nil {
		return err
	}
	return w.center.announce(w.ctx, w.tx, u, n)
}

// placeOf says where a request came from: "203.0.113.7".
func placeOf(visit model.Actor) string {
	if visit.SourceIP == "" {
		return "an unknown address"
	}
	return visit.SourceIP
}

// nameOf is who acts, in a sentence.
func nameOf(actor model.Actor) string {
	if actor.Host {
		return "the host"
	}
	return actor.Name
}

// TellNotices returns what happened to the actor's sign-in since they were last told, up to the sign-in of this session.
// Each is returned once.
func (c *Center) TellNotices(ctx context.Context, session model.Session) ([]string, error) {
	var texts []string
	err := c.Store.Housekeep(ctx, func(tx *store.Tx) (err error) {
		texts, err = tx.TellNotices(ctx, session.User, session.CreatedAt)
		return err
	})
	return texts, err
}

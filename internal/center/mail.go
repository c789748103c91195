package center

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// MailView is what administrators see of e-mails: never their text.
type MailView struct {
	Server string // empty: none is set up
	From   string
	Counts map[model.MailState]int
	Mails  []model.Mail // the newest, newest first
	May    bool         // the viewer may send a test
}

// mailsShown is how many e-mails the page has.
const mailsShown = 100

// Outbox returns what became of the newest e-mails.
func (c *Center) Outbox(ctx context.Context, actor model.Actor) (MailView, error) {
	var v MailView
	err := c.view(ctx, actor, act{action: model.ActReadMail}, func(r store.Reader, s *access.Snapshot) (err error) {
		if c.Mail != nil {
			v.Server, v.From = c.Mail.String(), c.Mail.From.String()
		}
		if v.Counts, err = r.CountMail(ctx); err != nil {
			return err
		}
		if v.Mails, err = r.Outbox(ctx, mailsShown); err != nil {
			return err
		}
		_, refused := authorise(s, actor, c.Now(), act{action: model.ActSendTestMail})
		v.May = refused == nil && c.Mail != nil
		return nil
	})
	return v, err
}

// SendTestMail puts an e-mail to the actor into the outbox.
func (c *Center) SendTestMail(ctx context.Context, actor model.Actor) error {
	return c.do(ctx, actor, func(w *work) error {
		if err := w.may(act{action: model.ActSendTestMail}); err != nil {
			return err
		}
		if c.Mail == nil {
			return errNoMail
		}
		u, err := w.tx.User(w.ctx, actor.User)
		if err != nil {
			return err
		}
		if err := c.post(w.ctx, w.tx, testLetter(u)); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActSendTestMail, Objects: []model.Ref{userRef(u)},
			Summary: "Sent a test e-mail to " + u.DisplayName})
	})
}

var errNoMail = &model.Error{Kind: model.Conflict, Message: "No SMTP server is set up. Whoever runs Gatehouse names one with --smtp."}

// SendsMail reports whether e-mails can be sent at all.
func (c *Center) SendsMail() bool { return c.Mail != nil }

const (
	// mostWishes is how many links for forgotten passwords one name gets within signin.NetworkWindow; the rest is dropped.
	mostWishes = 3
	// mostWishesFrom is how many are looked at from one network.
	mostWishesFrom = 20
)

// ForgotPassword takes the wish for a link for a forgotten password, by user name or e-mail address. It does the same
// whether anybody has the name or not: who is meant is found out when the e-mail is written, after the answer.
func (c *Center) ForgotPassword(ctx context.Context, visit model.Actor, handle string) error {
	if strings.TrimSpace(handle) == "" {
		return model.Problems{"username": "Enter your user name or e-mail address."}.Err()
	}
	if c.Mail == nil {
		return errNoMail
	}
	text, err := json.Marshal(wish{Handle: handle, SourceIP: visit.SourceIP, UserAgent: agentOf(visit), RequestID: visit.RequestID})
	if err != nil {
		return fmt.Errorf("encode a wish: %w", err)
	}
	name, network := vault.TokenDigest("forgotten "+store.Handle(handle)), signin.Network(visit.SourceIP)
	var wait time.Duration
	err = c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		since := tx.Now().Add(-signin.NetworkWindow)
		from, err := tx.Throttle(ctx, wishesFrom, network)
		if err != nil {
			return err
		}
		if from.Failures >= mostWishesFrom && from.FirstAt.After(since) {
			wait = from.FirstAt.Sub(since)
			return nil
		}
		of, err := tx.Throttle(ctx, name, "")
		if err != nil {
			return err
		}
		for _, count := range []error{tx.CountThrottle(ctx, wishesFrom, network, since), tx.CountThrottle(ctx, name, "", since)} {
			if count != nil {
				return fmt.Errorf("count a wish: %w", count)
			}
		}
		if of.Failures >= mostWishes && of.FirstAt.After(since) {
			return nil
		}
		return c.enclose(ctx, tx, model.Mail{Kind: model.MailForgotten, ExpiresAt: tx.Now().Add(LinkLife)}, string(text))
	})
	if err != nil || wait == 0 {
		return err
	}
	return model.Problems{"username": "Too many tries. Wait " + inWords(wait) + " and try again."}.Err()
}

// wishesFrom is the subject under which wishes from a network are counted; no digest of a name is like it.
const wishesFrom = "wishes"

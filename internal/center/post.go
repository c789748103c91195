package center

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	netmail "net/mail"
	"time"

	"gatehouse/internal/mail"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

const (
	// mostPosted is how many e-mails are taken at a time.
	mostPosted = 10
	// postHold is for how long taken e-mails are kept from other instances: longer than all of them can take.
	postHold = 10 * time.Minute
	// firstPause is how long the first failure puts an e-mail off; each further one doubles it, up to mostPause.
	firstPause = 10 * time.Second
	mostPause  = 15 * time.Minute
	// newsLife is for how long it is worth telling of something that happened.
	newsLife = 3 * 24 * time.Hour
)

// post puts a letter into the outbox, in the transaction of the act that it tells of. Without an SMTP server none is
// written. The text may hold a one-time link, so that it rests sealed.
func (c *Center) post(ctx context.Context, tx *store.Tx, l letter) error {
	if c.Mail == nil {
		return nil
	}
	return c.enclose(ctx, tx, model.Mail{Kind: l.kind, User: l.to.ID, Recipient: l.to.Email, Subject: l.subject,
		ExpiresAt: tx.Now().Add(l.life)}, l.text)
}

func (c *Center) enclose(ctx context.Context, tx *store.Tx, m model.Mail, text string) error {
	id, err := model.NewUUID(c.Random)
	if err != nil {
		return err
	}
	m.ID = model.MailID(id)
	if m.Body, err = c.Vault.Seal(vault.MailText, []byte(text), id); err != nil {
		return fmt.Errorf("seal an e-mail: %w", err)
	}
	return tx.InsertMail(ctx, m)
}

// Deliver hands over the e-mails that are due and returns how many it dealt with. It is the running console's work,
// nobody's act: what made each e-mail is in the trail. Several instances share the work.
func (c *Center) Deliver(ctx context.Context) (int, error) {
	if c.Mail == nil {
		return 0, nil
	}
	if due, err := c.Store.MailDue(ctx, c.Now()); err != nil || !due {
		return 0, err
	}
	var taken []model.Mail
	err := c.Store.Housekeep(ctx, func(tx *store.Tx) (err error) {
		taken, err = tx.TakeMail(ctx, mostPosted, postHold)
		return err
	})
	if err != nil {
		return 0, err
	}
	for i, m := range taken {
		if err := c.deliver(ctx, m); err != nil {
			return i, fmt.Errorf("deal with e-mail %s: %w", m.ID, err)
		}
	}
	return len(taken), nil
}

func (c *Center) deliver(ctx context.Context, m model.Mail) error {
	if !c.Now().Before(m.ExpiresAt) {
		problem := "given up: what it says was out of date before the server took it"
		if m.Problem != "" {
			problem += "; the last failure was: " + m.Problem
		}
		return c.settleMail(ctx, m.ID, model.MailFailed, problem)
	}
	text, err := c.Vault.Open(vault.MailText, m.Body, string(m.ID))
	if err != nil {
		c.Log.ErrorContext(ctx, "an e-mail cannot be opened", "mail", m.ID, "err", err)
		return c.settleMail(ctx, m.ID, model.MailFailed, "given up: its text cannot be opened with the master key at hand")
	}
	if m.Kind == model.MailForgotten {
		return c.grantWish(ctx, m, text)
	}
	u, err := c.Store.User(ctx, m.User)
	_, changed := errors.AsType[*store.Damage](err)
	switch {
	case changed: // others do not wait for it
		return c.settleMail(ctx, m.ID, model.MailFailed, "given up: the person was changed in the database from outside")
	case model.KindOf(err) == model.NotFound:
		return c.settleMail(ctx, m.ID, model.MailFailed, "given up: the person was deleted")
	case err != nil:
		return err
	case u.Status != model.UserEnabled:
		return c.settleMail(ctx, m.ID, model.MailFailed, "given up: the person is disabled")
	case u.Email != m.Recipient && m.Kind != model.MailNotice: // news has no secrets, and that of another address goes to the old one
		return c.settleMail(ctx, m.ID, model.MailFailed, "given up: the person has another e-mail address now")
	}
	return c.handOver(ctx, m, u, string(text))
}

// handOver gives an e-mail to the SMTP server and notes what became of it.
func (c *Center) handOver(ctx context.Context, m model.Mail, u model.User, text string) error {
	err := c.Mail.Send(ctx, mail.Message{ID: string(m.ID), To: netmail.Address{Name: u.DisplayName, Address: m.Recipient},
		Subject: m.Subject, Text: text, At: c.Now()})
	if err == nil {
		return c.settleMail(ctx, m.ID, model.MailSent, "")
	}
	failure, ok := errors.AsType[*mail.Failure](err)
	if !ok {
		return err
	}
	if failure.Permanent {
		return c.settleMail(ctx, m.ID, model.MailFailed, failure.Problem)
	}
	pause := firstPause
	for range m.Attempts - 1 {
		pause = min(2*pause, mostPause)
	}
	next := c.Now().Add(pause)
	if next.After(m.ExpiresAt) {
		next = m.ExpiresAt // when it is given up
	}
	ctx = context.WithoutCancel(ctx) // what is known is kept, also while the console stops
	return c.Store.Housekeep(ctx, func(tx *store.Tx) error { return tx.PostponeMail(ctx, m.ID, next, failure.Problem) })
}

func (c *Center) settleMail(ctx context.Context, id model.MailID, state model.MailState, problem string) error {
	ctx = context.WithoutCancel(ctx)
	return c.Store.Housekeep(ctx, func(tx *store.Tx) error { return tx.SettleMail(ctx, id, state, problem) })
}

// wish is what somebody typed on the page for forgotten passwords, and where.
type wish struct {
	Handle, SourceIP, UserAgent, RequestID string
}

// grantWish finds out who is meant and makes their link. Whoever is not there, is disabled or never had a password gets
// none; the trail says so.
func (c *Center) grantWish(ctx context.Context, m model.Mail, text []byte) error {
	var w wish
	if err := json.Unmarshal(text, &w); err != nil {
		return fmt.Errorf("decode a wish: %w", err)
	}
	visit := model.Actor{SourceIP: w.SourceIP, UserAgent: w.UserAgent, RequestID: w.RequestID}
	return c.Store.Update(ctx, func(tx *store.Tx) error {
		if mine, err := tx.DropMail(ctx, m.ID); err != nil {
			return fmt.Errorf("take a wish: %w", err)
		} else if !mine {
			return store.ErrRollback
		}
		people, err := tx.UsersByHandle(ctx, []string{w.Handle})
		if err != nil {
			return err
		}
		u, known := people[store.Handle(w.Handle)]
		e := model.Event{Action: model.ActForgotPassword, Outcome: model.Failed,
			Summary: "Sent no link for a forgotten password: nobody has the name that was typed"}
		if !known {
			return tx.Record(ctx, by(visit, e))
		}
		e.Objects = []model.Ref{userRef(u)}
		_, err = tx.Password(ctx, u.ID)
		switch {
		case err != nil && model.KindOf(err) != model.NotFound:
			return err
		case err != nil || u.Status != model.UserEnabled:
			e.Summary = "Sent no link for a forgotten password of " + u.DisplayName + ": they are disabled, or have no password"
			return tx.Record(ctx, by(visit, e))
		}
		token, err := c.newLink(ctx, tx, model.Link{User: u.ID, Purpose: model.LinkForgotten})
		if err != nil {
			return err
		}
		if err := c.post(ctx, tx, c.linkLetter(u, model.LinkForgotten, token)); err != nil {
			return err
		}
		e.Outcome, e.Summary = model.Done, "Sent "+u.DisplayName+" a link for a forgotten password, good for 15 minutes"
		return tx.Record(ctx, by(visit, e))
	})
}

package center

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// LinkLife is how long a one-time link is good for.
const LinkLife = 15 * time.Minute

// newLink makes a one-time link and returns its token. Older ones of the same purpose and person are worthless from then on.
func (c *Center) newLink(ctx context.Context, tx *store.Tx, l model.Link) (vault.Secret, error) {
	token, digest, err := vault.NewToken(c.Random)
	if err != nil {
		return "", err
	}
	id, err := model.NewUUID(c.Random)
	if err != nil {
		return "", err
	}
	l.ID, l.ExpiresAt = model.LinkID(id), tx.Now().Add(LinkLife)
	if err := tx.InsertLink(ctx, l, digest); err != nil {
		return "", fmt.Errorf("keep a one-time link: %w", err)
	}
	return token, nil
}

// Delivery is how a one-time link gets to its person.
type Delivery int

// The deliveries.
const (
	ByHand Delivery = iota // the operator gets the token, once, and passes the link on
	ByMail                 // it goes out by e-mail, and the operator never sees it
)

// Invite makes a link with which a person who has no password yet chooses one and enrols a second factor. It returns the
// token of the link, which is shown once; it is empty when the link goes out by e-mail. So it is with the other two.
func (c *Center) Invite(ctx context.Context, actor model.Actor, id model.UserID, how Delivery) (vault.Secret, error) {
	return c.issue(ctx, actor, issue{User: id, Action: model.ActInviteUser, How: how})
}

// ResetPassword takes a person's password away, ends their sessions, revokes their role credentials and makes a link with
// which they choose another. Their second factor stays and is asked for.
func (c *Center) ResetPassword(ctx context.Context, actor model.Actor, id model.UserID, how Delivery) (vault.Secret, error) {
	return c.issue(ctx, actor, issue{User: id, Action: model.ActResetPassword, How: how})
}

// ResetMFA takes a person's second factors and recovery codes away, ends their sessions, revokes their role credentials
// and makes a link with which they enrol anew, after their password. Without the link nobody can enrol for them.
func (c *Center) ResetMFA(ctx context.Context, actor model.Actor, id model.UserID, how Delivery) (vault.Secret, error) {
	return c.issue(ctx, actor, issue{User: id, Action: model.ActResetMFA, How: how})
}

// issuing is what differs between the links that operators make for people.
type issuing struct {
	purpose model.LinkPurpose
	summary string // with %s for the person
	prepare func(*work, model.User) error
}

// issuingOf says what an action makes.
func issuingOf(action string) issuing {
	switch action {
	case model.ActInviteUser:
		return issuing{purpose: model.LinkInvitation, summary: "Made an invitation for %s, good for 15 minutes", prepare: (*work).haveNoPassword}
	case model.ActResetPassword:
		return issuing{purpose: model.LinkPassword, prepare: (*work).takePassword,
			summary: "Reset the password of %s and ended their sessions; the link is good for 15 minutes"}
	}
	return issuing{purpose: model.LinkMFAReset, prepare: (*work).takeFactors,
		summary: "Reset the second factor of %s and ended their sessions; the link is good for 15 minutes"}
}

func (w *work) haveNoPassword(u model.User) error {
	_, err := w.tx.Password(w.ctx, u.ID)
	if model.KindOf(err) == model.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return &model.Error{Kind: model.Conflict, Message: u.DisplayName + " has a password already. Reset it instead."}
}

func (w *work) takePassword(u model.User) error {
	policy, err := w.tx.SignInPolicy(w.ctx)
	if err != nil {
		return err
	}
	if err := w.tx.DeletePassword(w.ctx, u.ID, policy.Reuse); err != nil {
		return fmt.Errorf("take a password away: %w", err)
	}
	err = w.center.announce(w.ctx, w.tx, u, model.Notice{Kind: model.NoticePasswordReset,
		Text: "Your password was reset by " + nameOf(w.actor) + ", and your sessions were ended."})
	if err != nil {
		return err
	}
	return w.tx.RevokeSessions(w.ctx, u.ID)
}

func (w *work) takeFactors(u model.User) error {
	if err := w.tx.DeleteFactors(w.ctx, u.ID); err != nil {
		return err
	}
	err := w.center.announce(w.ctx, w.tx, u, model.Notice{Kind: model.NoticeFactorsGone,
		Text: "Your second factor was reset by " + nameOf(w.actor) + ", and your sessions were ended."})
	if err != nil {
		return err
	}
	return w.tx.RevokeSessions(w.ctx, u.ID)
}

// issue is an Invite, a ResetPassword or a ResetMFA, as its action says.
type issue struct {
	User   model.UserID
	Action string
	How    Delivery
	token  vault.Secret
}

func (c *Center) issue(ctx context.Context, actor model.Actor, q issue) (vault.Secret, error) {
	err := c.propose(ctx, actor, q.Action, &q)
	return q.token, err
}

func (q *issue) run(w *work) error {
	i := issuingOf(q.Action)
	u, err := w.tx.User(w.ctx, q.User)
	if err != nil {
		return err
	}
	if err := w.aboutPerson(q.Action, u); err != nil {
		return err
	}
	switch {
	case u.ID == w.actor.User:
		return &model.Error{Kind: model.Conflict, Message: "For yourself, use My security. For the rest, ask another administrator."}
	case u.Status != model.UserEnabled:
		return &model.Error{Kind: model.Conflict, Message: u.DisplayName + " is disabled. Enable them first."}
	case q.How == ByMail && w.center.Mail == nil:
		return errNoMail
	}
	if err := i.prepare(w, u); err != nil {
		return err
	}
	l := model.Link{User: u.ID, Purpose: i.purpose, CreatedBy: w.actor.User}
	if q.token, err = w.center.newLink(w.ctx, w.tx, l); err != nil {
		return err
	}
	summary := fmt.Sprintf(i.summary, u.DisplayName)
	if q.How == ByMail {
		if err := w.center.post(w.ctx, w.tx, w.center.linkLetter(u, i.purpose, q.token)); err != nil {
			return err
		}
		q.token, summary = "", summary+", and sent by e-mail"
	}
	return w.record(model.Event{Action: q.Action, Objects: []model.Ref{userRef(u)}, Summary: summary})
}

// OpenLink is a one-time link that is still good, and whose it is.
type OpenLink struct {
	Link         model.Link
	User         model.User // zero for set-up
	Organization string     // its name, empty before set-up
}

// Link returns the link of a token. One that is unknown, used, too old, or of somebody who is disabled is a NotFound
// error: which of them, nobody is told.
func (c *Center) Link(ctx context.Context, token string) (OpenLink, error) {
	var open OpenLink
	err := c.Store.Snapshot(ctx, func(r store.Reader) (err error) {
		open, err = c.goodLink(ctx, r, token)
		return err
	})
	return open, err
}

func (c *Center) goodLink(ctx context.Context, r store.Reader, token string) (OpenLink, error) {
	var open OpenLink
	var err error
	if open.Link, err = r.Link(ctx, vault.TokenDigest(token)); err != nil {
		return open, noLink(err)
	}
	if !open.Link.UsedAt.IsZero() || !c.Now().Before(open.Link.ExpiresAt) {
		return open, noLink(nil)
	}
	if open.Link.Purpose == model.LinkSetUp {
		return open, nil
	}
	if open.User, err = r.User(ctx, open.Link.User); err != nil {
		return open, noLink(err)
	}
	if open.User.Status != model.UserEnabled {
		return open, noLink(nil)
	}
	org, err := r.Organization(ctx)
	open.Organization = org.Name
	return open, err
}

// noLink is what the bearer of a worthless link is told. Causes other than a missing row pass through.
func noLink(cause error) error {
	if cause != nil && model.KindOf(cause) != model.NotFound {
		return cause
	}
	return &model.Error{Kind: model.NotFound, Message: "This link was used already or is older than 15 minutes. " +
		"Ask whoever gave it to you for a new one."}
}

// AcceptLink uses a link up. With an invitation, a password reset or a recovery the password is the new one; with a reset
// of the second factor it is the present one. The browser then is where a right password leads: at the code, or at
// enrolling a second factor.
func (c *Center) AcceptLink(ctx context.Context, visit model.Actor, token string, password vault.Secret) (Admission, error) {
	open, err := c.Link(ctx, token)
	if err != nil {
		return Admission{}, err
	}
	switch open.Link.Purpose {
	case model.LinkSetUp:
		return Admission{}, noLink(nil)
	case model.LinkMFAReset:
		return c.acceptWithPassword(ctx, visit, token, Credentials{UserName: open.User.UserName, Password: password})
	}
	chosen, err := c.newPassword(ctx, password, open.User, open.Organization)
	if err != nil {
		return Admission{}, err
	}
	return c.useLink(ctx, visit, token, func(tx *store.Tx, l OpenLink) error {
		news := model.Notice{Kind: model.NoticePasswordNew,
			Text: "A new password was chosen with a one-time link from " + placeOf(visit) + "."}
		if l.Link.Purpose == model.LinkRecovery {
			news = model.Notice{Kind: model.NoticeFactorsGone, Text: "A new password was chosen with a one-time link of the host from " +
				placeOf(visit) + ", and your second factor was reset."}
			if err := tx.DeleteFactors(ctx, l.User.ID); err != nil {
				return err
			}
			if err := tx.CloseLinks(ctx, l.User.ID); err != nil {
				return fmt.Errorf("close other links: %w", err)
			}
		}
		if err := tx.RevokeSessions(ctx, l.User.ID); err != nil {
			return err
		}
		if l.Link.Purpose != model.LinkInvitation {
			if err := c.announce(ctx, tx, l.User, news); err != nil {
				return err
			}
		}
		return setPassword(ctx, tx, l.User, chosen)
	})
}

// acceptWithPassword uses a link whose bearer has to know the password: guesses count as those at sign-in do.
func (c *Center) acceptWithPassword(ctx context.Context, visit model.Actor, token string, given Credentials) (Admission, error) {
	if err := given.check(); err != nil {
		return Admission{}, err
	}
	try, err := c.reserve(ctx, visit, given.UserName)
	if err != nil {
		return Admission{}, err
	}
	if err := c.verify(ctx, &try, given.Password); err != nil {
		return Admission{}, err
	}
	if !try.right {
		return Admission{}, c.refusePassword(ctx, visit, try)
	}
	admitted, err := c.useLink(ctx, visit, token, func(tx *store.Tx, _ OpenLink) error { return c.accept(ctx, tx, &try) })
	if !try.right {
		return Admission{}, c.refusePassword(ctx, visit, try)
	}
	return admitted, err
}

// useLink uses a link up, does what it is for, and opens the session of its person, all or nothing.
func (c *Center) useLink(ctx context.Context, visit model.Actor, token string, act func(*store.Tx, OpenLink) error,
) (Admission, error) {
	var admitted Admission
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		l, err := c.goodLink(ctx, tx.Reader, token)
		if err != nil {
			return err
		}
		if ok, err := tx.UseLink(ctx, l.Link.ID); err != nil {
			return fmt.Errorf("use a link: %w", err)
		} else if !ok {
			return noLink(nil)
		}
		if err := act(tx, l); err != nil {
			return err
		}
		if l.User, err = tx.User(ctx, l.User.ID); err != nil {
			return err
		}
		if admitted, err = c.open(ctx, tx, visit, l.User, wayOf[l.Link.Purpose]); err != nil {
			return err
		}
		who := Browser{Session: admitted.Session, User: l.User}.as(visit)
		err = tx.Record(ctx, by(who, model.Event{Action: model.ActAcceptLink, Outcome: model.Done,
			Objects: []model.Ref{userRef(l.User)}, Summary: linkUsed[l.Link.Purpose]}))
		if err != nil || admitted.Token != "" && admitted.Session.Stage != model.StageSignedIn {
			return err
		}
		return tx.Record(ctx, by(who, afterPassword(admitted)))
	})
	if err == nil && admitted.Token == "" {
		err = errKeptOut()
	}
	if err != nil {
		return Admission{}, err
	}
	return admitted, nil
}

var linkUsed = map[model.LinkPurpose]string{
	model.LinkInvitation: "Accepted the invitation and chose a password",
	model.LinkPassword:   "Used the link for a new password and chose one",
	model.LinkForgotten:  "Used the link for a forgotten password and chose another",
	model.LinkMFAReset:   "Used the link for a new second factor",
	model.LinkRecovery:   "Used the link from the host and chose a new password",
}

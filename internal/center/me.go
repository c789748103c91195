package center

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// Security is how a person signs in, and where they are signed in.
type Security struct {
	User        model.User
	PasswordAt  time.Time // when the password was set; zero: there is none
	PasswordOff bool      // the password is refused after failures until it is reset, except in browsers where they proved a second factor
	MinLength   int       // characters that a new password has at least
	Devices     []model.Device
	CodesLeft   int  // unused recovery codes
	CodesOff    bool // codes of apps are refused after failures
	Sessions    []model.Session
	Browsers    []model.KnownBrowser
	Notices     []model.Notice    // what happened to their sign-in of late, newest first
	Pending     model.LinkPurpose // of a link that was not used yet; empty when there is none
	PendingTo   time.Time         // until when it is good
}

// OwnSecurity returns how the actor signs in.
func (c *Center) OwnSecurity(ctx context.Context, actor model.Actor) (Security, error) {
	var s Security
	err := c.look(ctx, func(r store.Reader, _ *access.Snapshot) (err error) {
		s, err = c.security(ctx, r, actor.User)
		return err
	})
	return s, err
}

func (c *Center) security(ctx context.Context, r store.Reader, id model.UserID) (Security, error) {
	var s Security
	var err error
	if s.User, err = r.User(ctx, id); err != nil {
		return s, err
	}
	password, err := r.Password(ctx, id)
	if err != nil && model.KindOf(err) != model.NotFound {
		return s, err
	}
	s.PasswordAt = password.ChangedAt
	if s.Devices, err = devicesOf(ctx, r, id); err != nil {
		return s, err
	}
	if s.CodesLeft, err = r.RecoveryCodesLeft(ctx, id); err != nil {
		return s, fmt.Errorf("count recovery codes: %w", err)
	}
	attempts, err := r.Attempts(ctx, id)
	if err != nil {
		return s, fmt.Errorf("read the failures of a person: %w", err)
	}
	s.CodesOff, s.PasswordOff = !attempts.CodesDisabledAt.IsZero(), attempts.PasswordFailures >= signin.MaxPasswordFailures
	sessions, err := r.SessionsOf(ctx, id)
	if err != nil {
		return s, err
	}
	if s.Sessions, err = c.current(ctx, r, s.User, sessions); err != nil {
		return s, err
	}
	policy, err := r.SignInPolicy(ctx)
	if err != nil {
		return s, err
	}
	s.MinLength = policy.MinLength
	if s.Browsers, err = r.KnownBrowsers(ctx, id, c.Now()); err != nil {
		return s, err
	}
	if s.Notices, err = r.Notices(ctx, id, noticesShown); err != nil {
		return s, err
	}
	link, err := r.NewestLink(ctx, id)
	if err != nil {
		return s, fmt.Errorf("look for a link of a person: %w", err)
	}
	if link.UsedAt.IsZero() && c.Now().Before(link.ExpiresAt) {
		s.Pending, s.PendingTo = link.Purpose, link.ExpiresAt
	}
	return s, nil
}

// current returns the sessions that would still count at their next request.
func (c *Center) current(ctx context.Context, r store.Reader, u model.User, sessions []model.Session) ([]model.Session, error) {
	in, err := c.inForce(ctx, r)
	if err != nil {
		return nil, err
	}
	var list []model.Session
	for _, s := range sessions {
		over, err := c.ending(ctx, r, in, u, s)
		if err != nil {
			return nil, err
		}
		if over == "" {
			list = append(list, s)
		}
	}
	return list, nil
}

// noticesShown is how many notices a page about a person's security has.
const noticesShown = 10

// ChangePassword replaces the actor's password by another, given the present one, and ends their other sessions.
func (c *Center) ChangePassword(ctx context.Context, actor model.Actor, present, chosen vault.Secret) error {
	if present == "" {
		return &model.Error{Kind: model.Invalid, Message: "Enter your present password.",
			Fields: map[string]string{"current": "Enter your present password."}}
	}
	try, err := c.reserve(ctx, actor, actor.UserName)
	if err != nil {
		return atCurrent(err)
	}
	if err := c.verify(ctx, &try, present); err != nil {
		return err
	}
	if !try.right {
		return c.refusePresent(ctx, actor)
	}
	hash, err := c.chosen(ctx, actor, try, present, chosen)
	if err != nil {
		return errors.Join(err, c.release(ctx, try))
	}
	err = c.do(ctx, actor, func(w *work) error {
		w.own()
		if err := c.accept(w.ctx, w.tx, &try); err != nil {
			return err
		}
		if err := setPassword(w.ctx, w.tx, try.user, hash); err != nil {
			return err
		}
		ended, err := w.tx.RevokeOtherSessions(w.ctx, actor.User, actor.Session)
		if err != nil {
			return err
		}
		if err := c.trustOnly(w.ctx, w.tx, actor.User, actor.Browser.Digest); err != nil {
			return err
		}
		err = c.announce(w.ctx, w.tx, try.user, model.Notice{Kind: model.NoticePasswordNew,
			Text: "Your password was changed from " + placeOf(actor) + "."})
		if err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActChangePassword, Objects: []model.Ref{selfRef(actor)},
			Summary: "Changed their own password" + andEnded(ended)})
	})
	if !try.right {
		return c.refusePresent(ctx, actor)
	}
	return err
}

// chosen checks and hashes a password that the actor chose in place of the present one.
func (c *Center) chosen(ctx context.Context, actor model.Actor, try attempt, present, chosen vault.Secret) (model.Password, error) {
	if chosen == present {
		return model.Password{}, errSamePassword()
	}
	organization, err := c.OrganizationName(ctx)
	if err != nil {
		return model.Password{}, err
	}
	return c.newPassword(ctx, chosen, try.user, organization)
}

// release takes the count of an attempt back whose password was right.
func (c *Center) release(ctx context.Context, try attempt) error {
	return c.Store.Housekeep(ctx, func(tx *store.Tx) error { return c.accept(ctx, tx, &try) })
}

func (c *Center) refusePresent(ctx context.Context, actor model.Actor) error {
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		return tx.Record(ctx, by(actor, model.Event{Action: model.ActChangePassword, Outcome: model.Failed,
			Objects: []model.Ref{selfRef(actor)}, Summary: "Did not change the password: the present one was wrong"}))
	})
	if err != nil {
		return fmt.Errorf("record a failure: %w", err)
	}
	return atCurrent(errWrongPassword())
}

// atCurrent moves what is wrong with a password to the field of the present one.
func atCurrent(err error) error {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || e.Fields["password"] == "" {
		return err
	}
	words := e.Fields["password"]
	if words == wrongPassword {
		words = "This is not your present password."
	}
	return &model.Error{Kind: e.Kind, Message: words, Fields: map[string]string{"current": words}}
}

func andEnded(sessions int) string {
	if sessions == 0 {
		return ""
	}
	return " and ended " + count(sessions, "other session")
}

// StartDevice begins adding an authenticator app to the devices of the actor, whose second factor must be fresh: the secret
// is shown from now on. Only the session that began may confirm it.
func (c *Center) StartDevice(ctx context.Context, actor model.Actor) (Enrolment, error) {
	var e Enrolment
	err := c.Store.Housekeep(ctx, func(tx *store.Tx) error { // nothing happened until the first code confirms it
		if err := c.freshForDevice(ctx, tx.Reader, actor); err != nil {
			return err
		}
		policy, err := tx.SignInPolicy(ctx)
		if err != nil {
			return err
		}
		if !policy.Allows(model.FactorTOTP) {
			return errAppsOff()
		}
		devices, err := devicesOf(ctx, tx.Reader, actor.User)
		if err != nil {
			return err
		}
		if err := room(devices); err != nil {
			return err
		}
		u, err := tx.User(ctx, actor.User)
		if err != nil {
			return err
		}
		s := model.Session{ID: actor.Session, User: actor.User}
		if _, err := c.startDevice(ctx, tx, s, nextName(model.DeviceApp, devices)); err != nil {
			return err
		}
		e, err = c.enrolment(ctx, tx.Reader, u, actor.Session)
		return err
	})
	return e, err
}

// PendingDevice returns the authenticator app that the actor's session is adding, with its secret: the actor's second factor
// must be fresh.
func (c *Center) PendingDevice(ctx context.Context, actor model.Actor) (Enrolment, error) {
	var e Enrolment
	err := c.look(ctx, func(r store.Reader, _ *access.Snapshot) error {
		if err := c.freshForDevice(ctx, r, actor); err != nil {
			return err
		}
		u, err := r.User(ctx, actor.User)
		if err != nil {
			return err
		}
		e, err = c.enrolment(ctx, r, u, actor.Session)
		return err
	})
	return e, err
}

// ConfirmDevice takes the first code of an app that the actor adds. Codes that were off after failures are taken again.
func (c *Center) ConfirmDevice(ctx context.Context, actor model.Actor, name, code string) error {
	if err := checkDeviceName(name); err != nil {
		return err
	}
	if !mfa.IsCode(code) {
		return errNoCode()
	}
	return c.do(ctx, actor, func(w *work) error {
		w.own()
		u, err := w.tx.User(w.ctx, actor.User)
		if err != nil {
			return err
		}
		if err := w.allowFirstDevice(); err != nil {
			return err
		}
		d, err := c.confirm(w.ctx, w.tx, enrolling{u, actor.Session, name, code})
		if err != nil {
			return err
		}
		if err := c.announceFactor(w.ctx, w.tx, u, actor, d.Name); err != nil {
			return err
		}
		return w.record(addedDevice(u, d))
	})
}

// RenewRecoveryCodes replaces the actor's recovery codes and returns the new ones, which are shown once.
func (c *Center) RenewRecoveryCodes(ctx context.Context, actor model.Actor) ([]string, error) {
	var codes []string
	err := c.do(ctx, actor, func(w *work) (err error) {
		w.own()
		if codes, err = c.renewCodes(w.ctx, w.tx, actor.User); err != nil {
			return fmt.Errorf("make recovery codes: %w", err)
		}
		err = w.announceOwn(model.Notice{Kind: model.NoticeCodesNew,
			Text: "New recovery codes were made from " + placeOf(actor) + "; the earlier ones are worthless."})
		if err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActRenewCodes, Objects: []model.Ref{selfRef(actor)},
			Summary: "Made new recovery codes; the earlier ones are worthless"})
	})
	return codes, err
}

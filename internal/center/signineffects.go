package center

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
)

// SignInEffects is what a sign-in policy would change for whom, by name. Who fares the same today is only counted.
type SignInEffects struct {
	LockedOut   Affected         // cannot sign in any more
	Enrol       Affected         // are asked to enrol a second factor at their next sign-in
	NewPassword Affected         // replace their password at their next sign-in
	SignedOut   Affected         // are signed in now and are signed out at their next request
	Unasked     Affected         // are not asked for a second factor any more
	People      int              // that the policy is for: enabled, with a password
	Approvers   []AffectedPerson // who could approve acts of the highest value, where the policy asks for a second administrator
}

// Affected is people whom a policy affects in one way.
type Affected struct {
	People  []AffectedPerson // whom it does not affect so today
	Already int              // whom it does
}

// AffectedPerson is one of them.
type AffectedPerson struct {
	model.Ref
	Why           string
	Administrator bool
}

// ForeseeSignInPolicy returns whom a policy would lock out, ask to enrol, make change the password and sign out, or why it
// cannot be saved. It saves the policy and undoes that at once: the same checks, the same permission.
func (c *Center) ForeseeSignInPolicy(ctx context.Context, actor model.Actor, p model.SignInPolicy) (SignInEffects, error) {
	var effects SignInEffects
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		w, err := c.begin(ctx, tx, actor)
		if err != nil {
			return err
		}
		w.rehearsal = true
		before, err := c.inForce(ctx, tx.Reader)
		if err != nil {
			return err
		}
		if err := w.saveSignInPolicy(p, ""); err != nil {
			return err
		}
		after, err := c.inForce(ctx, tx.Reader)
		if err != nil {
			return err
		}
		if effects, err = w.signInEffects(before, after); err != nil {
			return err
		}
		return store.ErrRollback
	})
	return effects, c.settle(ctx, actor, err)
}

func (w *work) signInEffects(before, after rules) (SignInEffects, error) {
	var e SignInEffects
	people, err := w.tx.Standings(w.ctx)
	if err != nil {
		return e, err
	}
	e.People = len(people)
	for _, s := range people {
		u := w.access.User(s.User)
		if u == nil {
			continue
		}
		at := standing{s, u, w.access.Operates(u.ID, w.tx.Now()), w.tx.Now()}
		was, is := at.under(before.policy), at.under(after.policy)
		who := AffectedPerson{Ref: model.Ref{Kind: model.RefUser, ID: string(s.User), Name: s.Name}}
		e.LockedOut.add(who, was.lockedOut, is.lockedOut)
		e.Enrol.add(who, was.enrol, is.enrol)
		e.NewPassword.add(who, was.renew, is.renew)
		e.Unasked.add(who, string(was.unasked), string(is.unasked))
	}
	if after.policy.TwoPeople {
		if e.Approvers, err = w.approvers(after.policy); err != nil {
			return e, err
		}
	}
	for _, list := range []*Affected{&e.LockedOut, &e.Enrol, &e.NewPassword, &e.Unasked} {
		w.markAdministrators(list)
	}
	return e, w.signedOut(&e, before, after)
}

// add counts a person whom the policy affects: by name unless it affects them so today.
func (a *Affected) add(who AffectedPerson, was, is string) {
	switch {
	case is == "":
	case was != "":
		a.Already++
	default:
		who.Why = is
		a.People = append(a.People, who)
	}
}

func (w *work) markAdministrators(a *Affected) {
	for i, p := range a.People {
		a.People[i].Administrator = w.access.Administers(model.UserID(p.ID), w.tx.Now(), false)
	}
}

// signedOut finds the people with a session that counts today and would be over at its next request.
func (w *work) signedOut(e *SignInEffects, before, after rules) error {
	sessions, err := w.tx.SignedIn(w.ctx)
	if err != nil {
		return err
	}
	why, order := map[model.UserID]string{}, []model.UserID{}
	for _, s := range sessions {
		u, err := w.tx.User(w.ctx, s.User)
		if err != nil {
			return err
		}
		if over, err := w.center.ending(w.ctx, w.tx.Reader, before, u, s); err != nil || over != "" {
			if err != nil {
				return err
			}
			continue
		}
		over, err := w.center.ending(w.ctx, w.tx.Reader, after, u, s)
		if err != nil {
			return err
		}
		if over != "" && why[s.User] == "" {
			why[s.User] = string(over)
			order = append(order, s.User)
		}
	}
	for _, id := range order {
		who := AffectedPerson{Ref: refsOfUser(w.access, id)[0], Why: why[id]}
		e.SignedOut.People = append(e.SignedOut.People, who)
	}
	w.markAdministrators(&e.SignedOut)
	return nil
}

// ending is why a session would be over at its next request under some rules; empty when it would go on.
func (c *Center) ending(ctx context.Context, r store.Reader, in rules, u model.User, s model.Session) (signin.Ending, error) {
	facts, err := c.factsOf(ctx, r, Browser{Session: s, User: u, rules: in})
	if err != nil {
		return "", err
	}
	return in.limits.Next(machineOf(s), signin.Event{Kind: signin.Request, At: c.Now(), Facts: facts}).Ended, nil
}

// stance is how a person fares at their next sign-in under a policy: reasons in words, empty where they do not apply.
type stance struct {
	lockedOut, enrol, renew string
	unasked                 unasked
	usable                  bool // they have a second factor of an accepted kind
}

// unasked is why nobody asks for a second factor.
type unasked string

const (
	unaskedAlways unasked = "in a group that is exempt"
	unaskedYet    unasked = "has none, and need not have one yet"
)

// standing is what a policy is weighed against for one person at a moment.
type standing struct {
	store.Standing
	user     *access.User
	operates bool // holds a role in the management account
	now      time.Time
}

// under finds out how a person fares under a policy.
func (s standing) under(p model.SignInPolicy) stance {
	var at stance
	strong := s.operates && p.Operators == model.OperatorsStrong
	if spent(p, s.PasswordAt, s.Length, s.now) {
		at.renew = fmt.Sprintf("unless it has %d characters, which nobody has seen yet", p.MinLength)
		if s.Length >= p.MinLength {
			at.renew = "it is older than " + count(p.MaxAge, "day")
		}
	}
	unasked := false
	for _, g := range s.user.Groups {
		unasked = unasked || exempt(p, s.operates, g.ID)
	}
	keys := s.Keys > 0 && p.Allows(model.FactorWebAuthn)
	at.usable = keys || s.TOTP > 0 && p.Allows(model.FactorTOTP)
	recovers := s.RecoveryCodes > 0 && p.Allows(model.FactorRecovery)
	switch {
	case s.Reset && s.TOTP+s.Keys == 0:
		at.lockedOut = "has to use a link for another second factor, after a reset"
	case unasked:
		at.unasked = unaskedAlways
	case at.usable && strong && !keys && s.Strong == 0:
		at.enrol = "administers, and has only an app with codes of 6 digits"
	case at.usable:
	case s.TOTP+s.Keys > 0 && recovers && enrolable(p):
		at.enrol = "has only a kind that is not accepted, and gets in with a recovery code"
	case s.TOTP+s.Keys > 0:
		at.lockedOut = "has only a kind of second factor that is not accepted"
	case p.NoDevice == model.NoDeviceBlock:
		at.lockedOut = "has no second factor"
	case p.NoDevice == model.NoDeviceAllow && s.now.Before(p.AllowedUntil):
		at.unasked = unaskedYet
	case !enrolable(p):
		at.lockedOut = "has no second factor, and none that can be enrolled is accepted"
	default:
		at.enrol = "has no second factor"
	}
	return at
}

// enrolable reports whether a kind of second factor is allowed that people can enrol at sign-in.
func enrolable(p model.SignInPolicy) bool {
	return p.Allows(model.FactorTOTP) || p.Allows(model.FactorWebAuthn)
}

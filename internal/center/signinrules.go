package center

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
)

// rules are the sign-in policy in force and the limits that follow from it, as one transaction reads them.
type rules struct {
	policy model.SignInPolicy
	limits signin.Limits
}

// inForce reads the sign-in policy. Until somebody saved one, sessions last as the program was told to let them.
func (c *Center) inForce(ctx context.Context, r store.Reader) (rules, error) {
	policy, err := r.SignInPolicy(ctx)
	return c.under(policy), err
}

// under is what would hold if a policy were in force.
func (c *Center) under(p model.SignInPolicy) rules {
	limits := c.Limits
	if p.Version > 0 {
		limits.Idle, limits.Absolute = p.Idle, p.Absolute
	}
	return rules{p, limits}
}

// way is how somebody came to the point where a right password leads.
type way int

const (
	byPassword way = iota // through the sign-in page, or a link that they asked for themselves
	byLeave               // through a link for a newcomer: it is leave to enrol a first second factor
	byReset               // through a link for another second factor: it alone is leave to enrol one after a reset
)

// wayOf says which links are leave to enrol.
var wayOf = map[model.LinkPurpose]way{model.LinkInvitation: byLeave, model.LinkMFAReset: byReset, model.LinkRecovery: byReset,
	model.LinkPassword: byPassword, model.LinkForgotten: byPassword}

// arrival is what is true of somebody whose password was right just now, in the browser at hand.
func (c *Center) arrival(ctx context.Context, r store.Reader, in rules, u model.User, visit model.Actor, way way,
) (signin.Facts, error) {
	facts, needs, err := c.beforeFactor(ctx, r, in.policy, u, way)
	if err != nil {
		return facts, err
	}
	known, err := r.KnownBrowser(ctx, u.ID, visit.Browser.Digest, c.Now())
	if err != nil && model.KindOf(err) != model.NotFound {
		return facts, err
	}
	network := signin.Vicinity(visit.SourceIP)
	vouched := false
	if err == nil && network != "" {
		if vouched, err = r.Vouches(ctx, u.ID, known.ID, network, c.Now()); err != nil {
			return facts, err
		}
	}
	facts.Asks, err = c.asks(ctx, r, in.policy, u, having{!facts.NoFactor, vouched, needs})
	if facts.Asks == signin.AskBoundFactor && way == byLeave || facts.NoFactor && way == byReset {
		facts.Asks = signin.AskFactor
	}
	return facts, err
}

// factsOf is what is true of the person of a session now.
func (c *Center) factsOf(ctx context.Context, r store.Reader, b Browser) (signin.Facts, error) {
	policy, u, s := b.rules.policy, b.User, b.Session
	if s.Stage == model.StagePassword || s.Stage == model.StageEnrolment {
		facts, _, err := c.beforeFactor(ctx, r, policy, u, wayTo[s.Stage])
		return facts, err
	}
	facts := signin.Facts{Person: string(u.ID), Enabled: u.Status == model.UserEnabled, Epoch: u.SessionEpoch}
	needs, err := c.strengthOf(ctx, r, policy, u.ID)
	if err != nil {
		return facts, err
	}
	facts.Weak = needs.weak()
	if s.Stage == model.StageStrengthening {
		if facts.PasswordSpent, err = c.passwordSpent(ctx, r, policy, u.ID); err != nil {
			return facts, err
		}
	}
	if !s.FactorAt.IsZero() {
		facts.FactorVoid = !policy.Allows(model.FactorKindOf(s.Methods)) ||
			needs.asked && needs.has && !model.StrongProof(s.Methods)
		return facts, nil // nothing more can be asked for
	}
	bound, err := hasFactor(ctx, r, u.ID, byPassword)
	if err != nil {
		return facts, err
	}
	vouched := false
	if s.Browser != "" {
		// The network was looked at when the session began, as AWS does; here the trust may have been taken back since.
		if vouched, err = r.Vouches(ctx, u.ID, s.Browser, "", c.Now()); err != nil {
			return facts, err
		}
	}
	facts.Asks, err = c.asks(ctx, r, policy, u, having{bound, vouched, needs})
	return facts, err
}

// wayTo says how somebody may have come to a stage before the second factor. After a reset only its link leads to enrolling:
// at its use the sessions end that were there before.
var wayTo = map[model.SessionStage]way{model.StagePassword: byPassword, model.StageEnrolment: byReset}

// beforeFactor is what is true of a person who has not proved a second factor, and came there in some way.
func (c *Center) beforeFactor(ctx context.Context, r store.Reader, p model.SignInPolicy, u model.User, by way,
) (signin.Facts, strength, error) {
	facts := signin.Facts{Person: string(u.ID), Enabled: u.Status == model.UserEnabled, Epoch: u.SessionEpoch}
	needs, err := c.strengthOf(ctx, r, p, u.ID)
	if err != nil {
		return facts, needs, err
	}
	if facts.NoFactor, err = lacksFactor(ctx, r, u.ID, by); err != nil {
		return facts, needs, err
	}
	facts.Weak = needs.weak() && !facts.NoFactor
	facts.PasswordSpent, err = c.passwordSpent(ctx, r, p, u.ID)
	return facts, needs, err
}

// passwordSpent reports whether a policy has a person's password replaced.
func (c *Center) passwordSpent(ctx context.Context, r store.Reader, p model.SignInPolicy, user model.UserID) (bool, error) {
	password, err := r.Password(ctx, user)
	if model.KindOf(err) == model.NotFound {
		return false, nil
	}
	return err == nil && spent(p, password.ChangedAt, password.Length, c.Now()), err
}

// hasFactor reports whether a person has a device, or had one until the second factor was reset: unless they came by the link for
// another one, they count as having one until they bind it, whatever became of the link. So the password alone binds none.
func hasFactor(ctx context.Context, r store.Reader, user model.UserID, by way) (bool, error) {
	devices, err := devicesOf(ctx, r, user)
	if err != nil || len(devices) > 0 || by == byReset {
		return len(devices) > 0, err
	}
	reset, err := r.FactorReset(ctx, user)
	if err != nil {
		return false, fmt.Errorf("look for a reset of the second factor: %w", err)
	}
	return reset, nil
}

// lacksFactor reports whether a person has no second factor, and may bind a first one. Because that is so much, it has to be
// certain that none was deleted from the database; all of them are looked at.
func lacksFactor(ctx context.Context, r store.Reader, user model.UserID, by way) (bool, error) {
	bound, err := hasFactor(ctx, r, user, by)
	if err != nil || bound {
		return false, err
	}
	return true, r.FactorsComplete(ctx)
}

// spent reports whether a policy has a password replaced: for its age, or because it was never seen to be long enough.
func spent(p model.SignInPolicy, changed time.Time, length int, now time.Time) bool {
	return p.MaxAge > 0 && now.Sub(changed) >= p.PasswordLife() || length < p.MinLength
}

// having is what somebody who signs in has.
type having struct {
	factor  bool // a second factor
	vouched bool // a browser at hand that is trusted
	needs   strength
}

// exempt reports whether a policy asks a member of a group for no second factor. It never does so of people who administer,
// whatever their permission sets ask for.
func exempt(p model.SignInPolicy, administers bool, group model.GroupID) bool {
	return p.Exempts(group) && !administers
}

// asks is what a policy asks of a person beside the password. No browser vouches for people of whom a strong factor is asked
// until they have one.
func (c *Center) asks(ctx context.Context, r store.Reader, p model.SignInPolicy, u model.User, has having) (signin.Asks, error) {
	if len(p.Exempt) > 0 {
		groups, err := r.MembershipsOf(ctx, u.ID)
		if err != nil {
			return signin.AskFactor, err
		}
		for _, g := range groups {
			if exempt(p, has.needs.administers, g.GroupID) {
				return signin.AskNothing, nil
			}
		}
	}
	switch {
	case p.Factor == model.FactorByContext && has.vouched && has.factor && !has.needs.weak():
		return signin.AskNothing, nil
	case p.NoDevice == model.NoDeviceAllow && !has.factor && c.Now().Before(p.AllowedUntil):
		return signin.AskNothing, nil
	case p.NoDevice == model.NoDeviceBlock:
		return signin.AskBoundFactor, nil
	}
	return signin.AskFactor, nil
}

package center

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// SignInPolicyView is the sign-in policy in force as a page shows it.
type SignInPolicyView struct {
	model.SignInPolicy
	Groups []model.Ref // every group, by name, to choose the exempt ones from
	By     string      // who saved it; empty for the host and the standard
	May    bool        // the viewer may change it
}

// SignInPolicy returns the sign-in policy in force.
func (c *Center) SignInPolicy(ctx context.Context, actor model.Actor) (SignInPolicyView, error) {
	var v SignInPolicyView
	err := c.view(ctx, actor, act{action: model.ActReadSignInPolicy}, func(r store.Reader, s *access.Snapshot) (err error) {
		if v.SignInPolicy, err = r.SignInPolicy(ctx); err != nil {
			return err
		}
		groups, err := r.Groups(ctx, "")
		if err != nil {
			return fmt.Errorf("list groups: %w", err)
		}
		for _, g := range groups {
			v.Groups = append(v.Groups, model.Ref{Kind: model.RefGroup, ID: string(g.ID), Name: g.Name})
		}
		if u := s.User(v.SavedBy); u != nil {
			v.By = u.DisplayName
		}
		_, err = authorise(s, actor, c.Now(), act{action: model.ActUpdateSignInPolicy})
		v.May = err == nil
		return nil
	})
	return v, err
}

// UpdateSignInPolicy puts a sign-in policy in force, for every request and sign-in from then on. p.Version is the version
// that was read; when somebody saved since, the error is a Conflict. So it is when afterwards nobody who administers the
// console could sign in with a second factor.
func (c *Center) UpdateSignInPolicy(ctx context.Context, actor model.Actor, p model.SignInPolicy, reason string) error {
	return c.propose(ctx, actor, model.ActUpdateSignInPolicy, &updateSignInPolicy{p, reason})
}

// updateSignInPolicy is an UpdateSignInPolicy.
type updateSignInPolicy struct {
	Policy model.SignInPolicy
	Reason string
}

func (q *updateSignInPolicy) run(w *work) error { return w.saveSignInPolicy(q.Policy, q.Reason) }

func (w *work) saveSignInPolicy(p model.SignInPolicy, reason string) error {
	if err := w.may(act{action: model.ActUpdateSignInPolicy, objects: []model.Ref{signInPolicyRef}}); err != nil {
		return err
	}
	if err := p.Check(); err != nil {
		return err
	}
	if p.NoDevice != model.NoDeviceAllow {
		p.AllowedUntil = time.Time{} // it says nothing then
	}
	objects := []model.Ref{signInPolicyRef}
	for _, id := range p.Exempt {
		g, err := w.tx.Group(w.ctx, id)
		if model.KindOf(err) == model.NotFound {
			return model.Problems{"exempt": "One of the groups does not exist any more."}.Err()
		}
		if err != nil {
			return err
		}
		objects = append(objects, model.Ref{Kind: model.RefGroup, ID: string(g.ID), Name: g.Name})
	}
	if err := w.tx.SaveSignInPolicy(w.ctx, p, w.actor.User); err != nil {
		return err
	}
	p.Version++
	if err := w.letAnAdministratorIn(w.access); err != nil {
		return err
	}
	if !p.Allows(model.FactorTOTP) && !w.center.KeysWork() {
		return model.Problems{"kinds": "Allow authenticator apps: browsers give no security keys to the address of this console, so that " +
			"nobody could enrol."}.Err()
	}
	if err := w.leaveTwo(p); err != nil {
		return err
	}
	return w.record(model.Event{Action: model.ActUpdateSignInPolicy, Objects: objects, Reason: reason,
		Summary: fmt.Sprintf("Saved version %d of the sign-in policy", p.Version), State: stateOfSignInPolicy(p)})
}

var signInPolicyRef = model.Ref{Kind: model.RefSignInPolicy, ID: "sign-in-policy", Name: "sign-in policy"}

// stateOfSignInPolicy is what the trail keeps of a policy: each rule in words that a history can compare.
func stateOfSignInPolicy(p model.SignInPolicy) string {
	return state(signInState(p))
}

func signInState(p model.SignInPolicy) map[string]any {
	var kinds, exempt []string
	for _, kind := range p.Kinds {
		kinds = append(kinds, string(kind))
	}
	for _, id := range p.Exempt {
		exempt = append(exempt, string(id))
	}
	until := ""
	if !p.AllowedUntil.IsZero() {
		until = p.AllowedUntil.UTC().Format(time.DateOnly)
	}
	return map[string]any{"version": p.Version, "second factor": string(p.Factor), "exempt groups": strings.Join(exempt, ", "),
		"without a device": string(p.NoDevice), "allowed until": until, "kinds": strings.Join(kinds, ", "),
		"people who administer need": string(p.Operators),
		"password length":            p.MinLength, "password age in days": p.MaxAge, "earlier passwords refused": p.Reuse,
		"idle limit": p.Idle.String(), "absolute limit": p.Absolute.String(),
		"second administrator": map[bool]string{false: "not asked for", true: "asked for"}[p.TwoPeople]}
}

// letAnAdministratorIn refuses a change after which nobody who administers the console for good could sign in with a second
// factor, which the operators' permission sets ask for. Before anybody has administered it there is nothing to keep.
func (w *work) letAnAdministratorIn(after *access.Snapshot) error {
	p, err := w.tx.SignInPolicy(w.ctx)
	if err != nil || !w.mayKeepOut(p) || after == nil {
		return err
	}
	any := false
	for u := range after.LastingAdministrators(w.tx.Now()) {
		any = true
		s, err := w.tx.Standing(w.ctx, u.ID)
		if model.KindOf(err) == model.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		at := standing{s, u, true, w.tx.Now()}.under(p)
		if at.lockedOut == "" {
			return nil
		}
	}
	if !any {
		return nil
	}
	return &model.Error{Kind: model.Conflict, Message: "After this change nobody who administers Gatehouse could sign in with a " +
		"second factor any more. Leave one administrator a way in: an enrolled factor of a kind that is allowed."}
}

// mayKeepOut reports whether a policy can keep somebody from signing in with a second factor at all.
func (w *work) mayKeepOut(p model.SignInPolicy) bool {
	return p.NoDevice == model.NoDeviceBlock || len(p.Kinds) < len(model.FactorKinds()) ||
		p.Operators == model.OperatorsStrong
}

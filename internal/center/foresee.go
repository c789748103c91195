package center

import (
	"context"
	"slices"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// foresee carries out an act and undoes it at once: the same checks, the same permission. It returns who could do what
// before and who could afterwards.
func (c *Center) foresee(
	ctx context.Context,
	actor model.Actor,
	run func(w *work) error,
) (before, after *access.Snapshot, err error) {
	err = c.Store.Update(ctx, func(tx *store.Tx) error {
		w, err := c.begin(ctx, tx, actor)
		if err != nil {
			return err
		}
		w.rehearsal = true
		if err := run(w); err != nil {
			return err
		}
		if err := w.keepAnAdministrator(); err != nil {
			return err
		}
		before = w.access
		if after, err = c.index.Build(ctx, tx.Reader); err != nil {
			return err
		}
		return store.ErrRollback
	})
	return before, after, c.settle(ctx, actor, err)
}

// MoveView is what moving an account would change.
type MoveView struct {
	From, To     string
	Lost, Gained []Role      // by permission set and then person
	Off, On      []Guardrail // policies that cease to bind, and those that begin to
}

// ForeseeMove returns what moving an account would change, or why it cannot be moved there.
func (c *Center) ForeseeMove(ctx context.Context, actor model.Actor, m Move) (MoveView, error) {
	var v MoveView
	before, after, err := c.foresee(ctx, actor, m.run)
	if err != nil {
		return v, err
	}
	v.From, v.To = before.Account(m.Account).OU.Words(), after.Account(m.Account).OU.Words()
	was, is := before.InAccount(m.Account, c.Now()), after.InAccount(m.Account, c.Now())
	v.Lost, v.Gained = without(was, is), without(is, was)
	err = c.Store.Snapshot(ctx, func(r store.Reader) error {
		attached, err := attachedAt(ctx, r)
		if err != nil {
			return err
		}
		old := grower{access: before, attached: attached}.guardrails(before.Account(m.Account).Path(), nil)
		now := grower{access: after, attached: attached}.guardrails(after.Account(m.Account).Path(), nil)
		v.Off, v.On = railsWithout(old, now), railsWithout(now, old)
		return nil
	})
	return v, err
}

// without returns the roles of a that b does not have.
func without(a, b []Role) []Role {
	has := map[[2]string]bool{}
	for _, r := range b {
		has[[2]string{string(r.User.ID), string(r.Set.ID)}] = true
	}
	return slices.DeleteFunc(slices.Clone(a), func(r access.Role) bool {
		return has[[2]string{string(r.User.ID), string(r.Set.ID)}]
	})
}

// railsWithout returns the policies of a, AWS's own left out, that do not stand in b.
func railsWithout(a, b []Guardrail) []Guardrail {
	has := map[model.PolicyID]bool{}
	for _, rail := range b {
		has[rail.Policy.ID] = true
	}
	return slices.DeleteFunc(
		slices.Clone(a),
		func(rail Guardrail) bool { return rail.Policy.AWSManaged || has[rail.Policy.ID] },
	)
}

// RemovalView is what removing an account would end, and what stands in its way.
type RemovalView struct {
	PlaceView
	Direct []RuleLine // rules that name the account: they have to be removed first
	Why    string     // why it cannot be removed; empty when it can
}

// ForeseeRemoval returns what removing an account would end.
func (c *Center) ForeseeRemoval(ctx context.Context, actor model.Actor, id model.AccountID) (RemovalView, error) {
	v := RemovalView{}
	var err error
	v.PlaceView, err = c.Place(
		ctx,
		actor,
		model.Target{Kind: model.TargetAccount, ID: string(id)},
		model.ActRemoveAccount,
	)
	if err != nil {
		return v, err
	}
	err = c.look(ctx, func(_ store.Reader, s *access.Snapshot) error {
		account := s.Account(id)
		if account == nil {
			return model.Missing("account", string(id))
		}
		v.Direct = ruleLines(ownRules(account), c.Now())
		if err := removable(s, account); err != nil {
			v.Why = err.Error()
		}
		return nil
	})
	return v, err
}

// DetachView is what detaching a policy would change.
type DetachView struct {
	Policy   model.Policy
	At       PlaceView
	Accounts int  // that it holds for there
	Closes   bool // nothing that stays attached there allows anything
}

// ForeseeDetach returns what detaching a policy would change, or why it cannot be detached.
func (c *Center) ForeseeDetach(ctx context.Context, actor model.Actor, d Detach) (DetachView, error) {
	var v DetachView
	_, after, err := c.foresee(ctx, actor, d.run)
	if err != nil {
		return v, err
	}
	if v.At, err = c.Place(ctx, actor, d.Target); err != nil {
		return v, err
	}
	err = c.Store.Snapshot(ctx, func(r store.Reader) error {
		if v.Policy, err = r.Policy(ctx, d.Policy); err != nil {
			return err
		}
		v.Accounts = len(bound(after, v.Policy.Kind, []PolicyTarget{{Place: v.At.Place}}))
		v.Closes = v.Policy.Kind == model.ServiceControlPolicy
		for _, rail := range v.At.Guardrails {
			if !rail.Direct || rail.Policy.ID == d.Policy || rail.Policy.Kind != model.ServiceControlPolicy {
				continue
			}
			stays, err := r.Policy(ctx, rail.Policy.ID)
			if err != nil {
				return err
			}
			v.Closes = v.Closes && !allows(stays.Document)
		}
		return nil
	})
	return v, err
}

// allows reports whether a document has an Allow statement.
func allows(document string) bool {
	doc, err := eval.Parse([]byte(document))
	return err == nil &&
		slices.ContainsFunc(doc.Statements, func(s eval.Statement) bool { return s.Effect == eval.Allow })
}

package center

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// SetDeletion is the plan of deleting a permission set: what goes with it.
type SetDeletion struct {
	Set      SetView
	Rules    []RuleLine // the assignments that are removed with it, in the order they were made
	Accounts []*access.Account
	People   []*access.User // who lose it
	Plan     string         // names exactly these assignments: what is confirmed
}

// PlanSetDeletion returns what deleting a permission set would take away. It needs permission to delete the set.
func (c *Center) PlanSetDeletion(
	ctx context.Context,
	actor model.Actor,
	id model.PermissionSetID,
) (SetDeletion, error) {
	var d SetDeletion
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) (err error) {
		if d.Set, err = c.setFor(ctx, moment{r, s, actor}, id, model.ActDeletePermissionSet); err != nil {
			return err
		}
		set := s.Set(id)
		d.Rules, d.Accounts, d.People = ruleLines(set.Rules(), c.Now()), set.HeldIn(c.Now()), set.Holders(c.Now())
		d.Plan = planOf(set.Rules())
		return nil
	})
	return d, err
}

// moment is what a question sees, and who asks it.
type moment struct {
	reader store.Reader
	access *access.Snapshot
	actor  model.Actor
}

// setFor returns a permission set to somebody who may carry out an action on it. Who may not is told so whether or not
// the set exists.
func (c *Center) setFor(ctx context.Context, m moment, id model.PermissionSetID, action string) (SetView, error) {
	set, missing := m.reader.PermissionSet(ctx, id)
	set.ID = id
	org := m.access.Organization
	err := c.allow(ctx, m.access, m.actor, act{action: action, objects: []model.Ref{refSet(set.PermissionSet)},
		resources: []string{org.InstanceARN(), org.PermissionSetARN(id)}, keys: tagKeys("aws:ResourceTag/", set.Tags)})
	if err != nil || missing != nil {
		return SetView{}, cmp.Or(err, missing)
	}
	return c.setView(m.access, m.actor, set), nil
}

// planOf names a list of rules: the same word for the same rules.
func planOf(rules []*access.Rule) string {
	if len(rules) == 0 {
		return ""
	}
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = string(r.ID)
	}
	slices.Sort(ids)
	sum := sha256.Sum256(fmt.Append(nil, ids))
	return hex.EncodeToString(sum[:8])
}

// DeletePermissionSet deletes version version of a permission set together with the assignments that plan names (see
// PlanSetDeletion); an empty plan deletes a set without assignments. A Conflict error says that either has changed. It
// returns the set's name.
func (c *Center) DeletePermissionSet(ctx context.Context, actor model.Actor, d SetRemoval) (name string, err error) {
	err = c.do(ctx, actor, func(w *work) error {
		set, err := w.set(d.ID, model.ActDeletePermissionSet)
		if err != nil {
			return err
		}
		if w.access == nil {
			return errNotSetUp
		}
		name = set.Name
		rules := w.access.Set(d.ID).Rules()
		if planOf(rules) != d.Plan {
			return assignedMeanwhile(set.Name, len(rules), d.Plan)
		}
		grant, who := w.grant, newAssigner(w.access, model.ActDeleteAssignment, w.ask)
		for _, rule := range rules {
			if _, err := w.unassign(who, rule.ID, d.Reason); err != nil {
				return err
			}
		}
		if err := w.tx.DeletePermissionSet(w.ctx, d.ID, d.Version); err != nil {
			return err
		}
		w.grant = grant
		return w.record(model.Event{Action: model.ActDeletePermissionSet, Objects: []model.Ref{refSet(set.PermissionSet)},
			Summary: "Deleted the permission set " + set.Name + withAssignments(len(rules)), Reason: d.Reason,
			State: stateOfSet(set.PermissionSet)})
	})
	return name, err
}

// SetRemoval says which permission set to delete, as of which version and plan, and why.
type SetRemoval struct {
	ID      model.PermissionSetID
	Version int64
	Plan    string
	Reason  string
}

func assignedMeanwhile(name string, rules int, plan string) error {
	words := fmt.Sprintf(
		"The assignments of %s have changed since you looked. Look at what would be removed and confirm again.",
		name,
	)
	if plan == "" {
		words = fmt.Sprintf(
			"%s is assigned %s, so it cannot be deleted on its own. Look at what would be removed and confirm that.",
			name,
			times(rules),
		)
	}
	return &model.Error{Kind: model.Conflict, Message: words}
}

func withAssignments(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " and its assignment"
	}
	return fmt.Sprintf(" and its %d assignments", n)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

package center

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gatehouse/internal/model"
)

// AssignRequest gives every principal every set on every target, as one rule each.
type AssignRequest struct {
	Principals []model.Principal
	Sets       []model.PermissionSetID
	Targets    []model.Target
	StartsAt   time.Time // zero: at once
	ExpiresAt  time.Time // zero: without end
	Reason     string
}

// MostAssignments is the most rules that one request may make: they are one transaction.
const MostAssignments = 5000

// Count returns how many rules the request asks for.
func (q AssignRequest) Count() int { return len(q.Principals) * len(q.Sets) * len(q.Targets) }

// Check reports what is wrong with the request at a moment.
func (q AssignRequest) Check(now time.Time) error {
	sample := model.Assignment{StartsAt: q.StartsAt, ExpiresAt: q.ExpiresAt, Reason: q.Reason}
	if len(q.Principals) > 0 {
		sample.Principal = q.Principals[0]
	}
	if len(q.Sets) > 0 {
		sample.PermissionSet = q.Sets[0]
	}
	if len(q.Targets) > 0 {
		sample.Target = q.Targets[0]
	}
	if err := sample.Check(now); err != nil {
		return err
	}
	if n := q.Count(); n > MostAssignments {
		return &model.Error{Kind: model.Invalid, Message: "Check the marked fields.", Fields: map[string]string{
			"targets": fmt.Sprintf("These are %d assignments; one pass makes at most %d. "+
				"Choose a unit instead of its accounts, or a group instead of its people.", n, MostAssignments)}}
	}
	return nil
}

// tidy returns the request without repetitions, with times in whole seconds of UTC. A start that has passed is "at
// once".
func (q AssignRequest) tidy(now time.Time) AssignRequest {
	q.Principals, q.Sets, q.Targets = distinct(q.Principals), distinct(q.Sets), distinct(q.Targets)
	q.StartsAt, q.ExpiresAt = q.StartsAt.UTC().Truncate(time.Second), q.ExpiresAt.UTC().Truncate(time.Second)
	if !q.StartsAt.After(now) {
		q.StartsAt = time.Time{}
	}
	return q
}

// distinct returns the values in their order, each once.
func distinct[T comparable](values []T) []T {
	seen := make(map[T]bool, len(values))
	return slices.DeleteFunc(slices.Clone(values), func(v T) bool {
		again := seen[v]
		seen[v] = true
		return again
	})
}

// Assign makes the rules of a request in one transaction and returns those it made: a rule that is there already with
// the same window is left as it is. When all of them are, that is a Conflict error.
func (c *Center) Assign(ctx context.Context, actor model.Actor, q AssignRequest) ([]model.Assignment, error) {
	if err := q.Check(c.Now()); err != nil {
		return nil, err
	}
	r := &assign{AssignRequest: q}
	err := c.propose(ctx, actor, model.ActCreateAssignment, r)
	return r.made, err
}

// assign is an Assign.
type assign struct {
	AssignRequest
	made []model.Assignment
}

func (q *assign) run(w *work) error {
	if err := q.Check(w.tx.Now()); err != nil {
		return err // it may have waited until its end was over
	}
	q.made = nil
	plan, err := planAssign(w.access, q.tidy(w.tx.Now()), w.tx.Now(), w.ask)
	if err != nil {
		return err
	}
	if len(plan.fresh) == 0 {
		return &model.Error{Kind: model.Conflict, Message: "All of these assignments are there already."}
	}
	for _, rule := range plan.fresh {
		a, err := w.assign(rule)
		if err != nil {
			return err
		}
		q.made = append(q.made, a)
	}
	return nil
}

func (w *work) assign(rule plannedRule) (model.Assignment, error) {
	id, err := model.NewUUID(w.center.Random)
	if err != nil {
		return model.Assignment{}, err
	}
	a := rule.Assignment
	a.ID, a.CreatedBy, a.CreatedAt = model.AssignmentID(id), w.actor.User, w.tx.Now()
	if err := w.tx.InsertAssignment(w.ctx, a); err != nil {
		return a, err
	}
	w.grant = rule.grant
	return a, w.recordRule(model.Event{Action: model.ActCreateAssignment, Reason: a.Reason}, "Assigned", a)
}

// Unassign removes rules in one transaction and returns those it removed. Rules that are gone already are left out;
// when all are, that is a NotFound error.
func (c *Center) Unassign(ctx context.Context, actor model.Actor, ids []model.AssignmentID, reason string,
) ([]model.Assignment, error) {
	if err := checkRemoval(ids); err != nil {
		return nil, err
	}
	var removed []model.Assignment
	err := c.do(ctx, actor, func(w *work) (err error) {
		removed, err = w.unassignAll(ids, reason)
		return err
	})
	return removed, err
}

func (w *work) unassignAll(ids []model.AssignmentID, reason string) ([]model.Assignment, error) {
	if w.access == nil {
		return nil, errNotSetUp
	}
	var removed []model.Assignment
	who := newAssigner(w.access, model.ActDeleteAssignment, w.ask)
	for _, id := range distinct(ids) {
		if w.access.Rule(id) == nil {
			continue
		}
		a, err := w.unassign(who, id, reason)
		if err != nil {
			return nil, err
		}
		removed = append(removed, a)
	}
	if len(removed) == 0 {
		return nil, model.Missing("assignment", string(ids[0]))
	}
	return removed, nil
}

func checkRemoval(ids []model.AssignmentID) error {
	p := model.Problems{}
	if len(ids) == 0 {
		p.Add("assignments", "Choose at least one assignment.")
	}
	if len(ids) > MostAssignments {
		p.Add("assignments", fmt.Sprintf("Remove at most %d assignments in one pass.", MostAssignments))
	}
	return p.Err()
}

func (w *work) unassign(who *assigner, id model.AssignmentID, reason string) (model.Assignment, error) {
	a, _, err := w.tx.Assignment(w.ctx, id)
	if err != nil {
		return a, err
	}
	grant, err := who.grant(a)
	if err != nil {
		return a, err
	}
	if _, err := w.tx.CloseAssignment(w.ctx, id); err != nil {
		return a, err
	}
	w.grant = grant
	return a, w.recordRule(model.Event{Action: model.ActDeleteAssignment, Reason: reason}, "Removed", a)
}

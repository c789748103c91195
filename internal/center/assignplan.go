package center

import (
	"fmt"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
)

// asker asks for permission for an act and returns the role session that allows it.
type asker func(act) (grant string, err error)

// ask is the asker of an act under way.
func (w *work) ask(a act) (string, error) {
	err := w.may(a)
	return w.grant, err
}

// errNotSetUp says that there is no organization yet.
var errNotSetUp = &model.Error{Kind: model.NotFound, Message: "This Gatehouse has not been set up yet."}

// assigner asks for permission to change who has which set where, each set and place once.
type assigner struct {
	access *access.Snapshot
	action string
	ask    asker
	grants map[assignPlace]string
}

type assignPlace struct {
	set    model.PermissionSetID
	target model.Target
}

func newAssigner(s *access.Snapshot, action string, ask asker) *assigner {
	return &assigner{access: s, action: action, ask: ask, grants: map[assignPlace]string{}}
}

// grant returns the role session that allows to change a rule. One role must allow the act on the set and the account
// together. A rule on a unit reaches every account below it now and later, so it takes permission on each of them and
// on the unit.
func (g *assigner) grant(a model.Assignment) (string, error) {
	at := assignPlace{a.PermissionSet, a.Target}
	if grant, known := g.grants[at]; known {
		return grant, nil
	}
	org := g.access.Organization
	question := act{action: g.action, objects: assignmentRefs(g.access, a)}
	if a.Target.Kind == model.TargetOU {
		question.unit = model.OUID(a.Target.ID)
		question.resources = []string{org.PermissionSetARN(a.PermissionSet), org.OUARN(question.unit)}
		if err := g.below(question.unit, a); err != nil {
			return "", err
		}
	} else {
		question.account = model.AccountID(a.Target.ID)
		question.resources = []string{org.PermissionSetARN(a.PermissionSet), org.AccountARN(question.account)}
	}
	grant, err := g.ask(question)
	if err == nil {
		g.grants[at] = grant
	}
	return grant, err
}

// below asks for the accounts in a unit and the units below it.
func (g *assigner) below(id model.OUID, a model.Assignment) error {
	unit := g.access.OU(id)
	if unit == nil {
		return nil
	}
	for _, account := range unit.Below() {
		a.Target = model.Target{Kind: model.TargetAccount, ID: string(account.ID)}
		if _, err := g.grant(a); err != nil {
			return err
		}
	}
	return nil
}

// assignPlan is what an AssignRequest comes to at one moment.
type assignPlan struct {
	fresh []plannedRule  // to be made
	kept  []*access.Rule // there already
}

type plannedRule struct {
	model.Assignment        // without id and creation
	grant            string // the role session that allows it
}

// planAssign works out a tidy request: the same for a review and for the act.
func planAssign(s *access.Snapshot, q AssignRequest, now time.Time, ask asker) (assignPlan, error) {
	var plan assignPlan
	if s == nil {
		return plan, errNotSetUp
	}
	who := newAssigner(s, model.ActCreateAssignment, ask)
	missing := model.Problems{}
	for a := range q.rules() {
		grant, err := who.grant(a)
		if err != nil {
			return plan, err
		}
		if noteMissing(missing, s, a); len(missing) > 0 {
			continue
		}
		if rule := s.Find(a, now); rule != nil {
			plan.kept = append(plan.kept, rule)
		} else {
			plan.fresh = append(plan.fresh, plannedRule{a, grant})
		}
	}
	return plan, missing.Err()
}

// rules yields the rules that the request asks for.
func (q AssignRequest) rules() func(yield func(model.Assignment) bool) {
	return func(yield func(model.Assignment) bool) {
		for _, principal := range q.Principals {
			for _, set := range q.Sets {
				for _, target := range q.Targets {
					a := model.Assignment{Principal: principal, PermissionSet: set, Target: target,
						StartsAt: q.StartsAt, ExpiresAt: q.ExpiresAt, Reason: q.Reason}
					if !yield(a) {
						return
					}
				}
			}
		}
	}
}

// noteMissing notes which end of a rule does not exist, or not any more.
func noteMissing(p model.Problems, s *access.Snapshot, a model.Assignment) {
	gone := func(field, what, id string) {
		p.Add(field, fmt.Sprintf("There is no %s %q. Choose another.", what, id))
	}
	switch who := a.Principal; {
	case who.Kind == model.PrincipalGroup && s.Group(model.GroupID(who.ID)) == nil:
		gone("principals", "group", who.ID)
	case who.Kind == model.PrincipalUser && s.User(model.UserID(who.ID)) == nil:
		gone("principals", "user", who.ID)
	}
	if s.Set(a.PermissionSet) == nil {
		gone("permission_sets", "permission set", string(a.PermissionSet))
	}
	switch where := a.Target; {
	case where.Kind == model.TargetOU && s.OU(model.OUID(where.ID)) == nil:
		gone("targets", "organizational unit", where.ID)
	case where.Kind == model.TargetAccount && s.Account(model.AccountID(where.ID)) == nil:
		gone("targets", "account", where.ID)
	}
}

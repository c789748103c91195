package center

import (
	"context"

	"gatehouse/internal/access"
	"gatehouse/internal/catalog"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// The rows that verbs about permission sets take and hand out.
type (
	SetFilter  = store.SetFilter
	SetVersion = store.SetVersion
)

// SetList is a page of permission sets.
type SetList struct {
	Sets  []SetSummary
	First int    // number of the first one here, from 1
	Total int    // on all pages
	After string // where the next page starts; empty on the last
	Any   bool   // there are permission sets at all
	May   bool   // the actor may create one
}

// SetSummary is a permission set in a list, with how far it reaches.
type SetSummary struct {
	store.SetRow
	access.Reach
}

// SetView is one permission set with how far it reaches and what the actor may do with it.
type SetView struct {
	store.SetVersion
	access.Reach
	ARN      string
	Policies []PolicyLine    // the AWS-managed ones, in order
	Fence    PolicyLine      // the boundary, when it is an AWS-managed policy
	May      map[string]bool // of sso:UpdatePermissionSet, sso:DeletePermissionSet and sso:CreateAccountAssignment
}

// PolicyLine is an AWS-managed policy of a permission set, or one that could be.
type PolicyLine struct {
	catalog.Policy      // only ARN and Name when the catalogue does not list it
	Listed         bool // the catalogue has it
	Known          bool // its document is known; otherwise it grants nothing
	Outdated       bool // the catalogue has a newer document than the one in use
}

// PermissionSets returns a page of permission sets.
func (c *Center) PermissionSets(ctx context.Context, actor model.Actor, f SetFilter) (SetList, error) {
	var list SetList
	err := c.view(ctx, actor, act{action: model.ActListPermissionSets}, func(r store.Reader, s *access.Snapshot) error {
		left, err := r.CountPermissionSets(ctx, f)
		if err != nil {
			return err
		}
		all := f
		all.After = ""
		if list.Total, err = r.CountPermissionSets(ctx, all); err != nil {
			return err
		}
		list.First = list.Total - left + 1
		rows, err := r.PermissionSets(ctx, f)
		if err != nil {
			return err
		}
		for _, row := range rows {
			list.Sets = append(list.Sets, SetSummary{row, s.Reach(row.ID, c.Now())})
		}
		if len(rows) < left {
			list.After = rows[len(rows)-1].Name
		}
		_, _, _, sets, _ := s.Counts()
		_, refused := authorise(
			s,
			actor,
			c.Now(),
			act{action: model.ActCreatePermissionSet, resources: []string{s.Organization.InstanceARN()}},
		)
		list.Any, list.May = sets > 0, actor.Host || refused == nil
		return nil
	})
	return list, err
}

// PermissionSet returns a permission set as it is now.
func (c *Center) PermissionSet(ctx context.Context, actor model.Actor, id model.PermissionSetID) (SetView, error) {
	var v SetView
	err := c.viewSet(ctx, actor, id, func(_ store.Reader, _ *access.Snapshot, view SetView) error {
		v = view
		return nil
	})
	return v, err
}

func (c *Center) viewSet(ctx context.Context, actor model.Actor, id model.PermissionSetID,
	fn func(store.Reader, *access.Snapshot, SetView) error) error {
	return c.view(ctx, actor, act{action: model.ActListPermissionSets}, func(r store.Reader, s *access.Snapshot) error {
		set, err := r.PermissionSet(ctx, id)
		if err != nil {
			return err
		}
		return fn(r, s, c.setView(s, actor, set))
	})
}

func (c *Center) setView(s *access.Snapshot, actor model.Actor, set store.SetVersion) SetView {
	v := SetView{
		SetVersion: set,
		Reach:      s.Reach(set.ID, c.Now()),
		ARN:        s.Organization.PermissionSetARN(set.ID),
		May:        map[string]bool{},
	}
	for _, arn := range set.ManagedPolicies {
		v.Policies = append(v.Policies, c.policyLine(arn, set.Documents[arn]))
	}
	if arn := set.Boundary.ManagedPolicy; arn != "" {
		v.Fence = c.policyLine(arn, set.Documents[arn])
	}
	a := act{resources: []string{s.Organization.InstanceARN(), v.ARN}, keys: tagKeys("aws:ResourceTag/", set.Tags)}
	offered := []string{model.ActUpdatePermissionSet, model.ActDeletePermissionSet, model.ActCreateAssignment}
	for _, a.action = range offered {
		_, refused := authorise(s, actor, c.Now(), a)
		v.May[a.action] = actor.Host || refused == nil
	}
	return v
}

// policyLine describes an AWS-managed policy with the document in use, which may be empty.
func (c *Center) policyLine(arn, document string) PolicyLine {
	policy, published, listed := c.Catalog.Policy(arn)
	if !listed {
		policy = catalog.Policy{ARN: arn, Name: baseName(arn)}
	}
	return PolicyLine{Policy: policy, Listed: listed, Known: document != "",
		Outdated: listed && document != "" && document != string(published)}
}

// SetAssignments returns a permission set with the assignments that give it, in the order they were made.
func (c *Center) SetAssignments(
	ctx context.Context,
	actor model.Actor,
	id model.PermissionSetID,
) (SetView, []RuleLine, error) {
	var v SetView
	var rules []RuleLine
	err := c.viewSet(ctx, actor, id, func(_ store.Reader, s *access.Snapshot, view SetView) error {
		v, rules = view, ruleLines(s.Set(id).Rules(), c.Now())
		return nil
	})
	return v, rules, err
}

// SetRoles returns a permission set with every role that comes from it now, by account and then person.
func (c *Center) SetRoles(ctx context.Context, actor model.Actor, id model.PermissionSetID) (SetView, []Role, error) {
	var v SetView
	var roles []Role
	err := c.viewSet(ctx, actor, id, func(_ store.Reader, s *access.Snapshot, view SetView) error {
		v, roles = view, s.OfSet(id, c.Now())
		return nil
	})
	return v, roles, err
}

// PermissionSetVersions returns a permission set with every save of it, newest first, without policies.
func (c *Center) PermissionSetVersions(ctx context.Context, actor model.Actor, id model.PermissionSetID,
) (SetView, []store.SetVersion, error) {
	var v SetView
	var versions []store.SetVersion
	err := c.viewSet(ctx, actor, id, func(r store.Reader, _ *access.Snapshot, view SetView) (err error) {
		v = view
		versions, err = r.PermissionSetVersions(ctx, id)
		return err
	})
	return v, versions, err
}

// ComparePermissionSet returns a permission set with two saves of it, to be compared.
func (c *Center) ComparePermissionSet(ctx context.Context, actor model.Actor, id model.PermissionSetID, from, to int64,
) (v SetView, before, after store.SetVersion, err error) {
	err = c.viewSet(ctx, actor, id, func(r store.Reader, _ *access.Snapshot, view SetView) (err error) {
		v = view
		if before, err = r.PermissionSetVersion(ctx, id, from); err != nil {
			return err
		}
		after, err = r.PermissionSetVersion(ctx, id, to)
		return err
	})
	return v, before, after, err
}

// PermissionSetSince returns a permission set as it is now and as it was at a version that somebody started from; the
// same when there was no such version.
func (c *Center) PermissionSetSince(ctx context.Context, actor model.Actor, id model.PermissionSetID, version int64,
) (v SetView, then SetVersion, err error) {
	err = c.viewSet(ctx, actor, id, func(r store.Reader, _ *access.Snapshot, view SetView) (err error) {
		v = view
		if then, err = r.PermissionSetVersion(ctx, id, version); model.KindOf(err) == model.NotFound {
			then, err = v.SetVersion, nil
		}
		return err
	})
	return v, then, err
}

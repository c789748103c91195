package center

import (
	"context"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// SetList is a page of permission sets.
type SetList struct {
	Sets  []SetSummary
	Total int    // on all pages
	After string // where the next page starts; empty on the last
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
	ARN string
	May map[string]bool // of sso:UpdatePermissionSet, sso:DeletePermissionSet and sso:CreateAccountAssignment
}

// Holder is a person who holds a permission set, with the roles it gives them, by account.
type Holder struct {
	User  *access.User
	Roles []access.Role
}

// PermissionSets returns a page of permission sets.
func (c *Center) PermissionSets(ctx context.Context, actor model.Actor, f store.SetFilter) (SetList, error) {
	var list SetList
	err := c.view(ctx, actor, act{action: model.ActListPermissionSets}, func(r store.Reader, s *access.Snapshot) error {
		var err error
		if list.Total, err = r.CountPermissionSets(ctx, f); err != nil {
			return err
		}
		rows, err := r.PermissionSets(ctx, f)
		if err != nil {
			return err
		}
		for _, row := range rows {
			list.Sets = append(list.Sets, SetSummary{row, s.Reach(row.ID, c.Now())})
		}
		if f.Limit > 0 && len(rows) == f.Limit {
			list.After = rows[len(rows)-1].Name
		}
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
		v := SetView{SetVersion: set, Reach: s.Reach(id, c.Now()), ARN: s.Organization.PermissionSetARN(id), May: map[string]bool{}}
		a := act{resources: []string{s.Organization.InstanceARN(), v.ARN}, keys: tagKeys("aws:ResourceTag/", set.Tags)}
		for _, a.action = range []string{model.ActUpdatePermissionSet, model.ActDeletePermissionSet, model.ActCreateAssignment} {
			_, refused := authorise(s, actor, c.Now(), a)
			v.May[a.action] = actor.Host || refused == nil
		}
		return fn(r, s, v)
	})
}

// SetAssignments returns a permission set with the assignments that give it, in the order they were made.
func (c *Center) SetAssignments(ctx context.Context, actor model.Actor, id model.PermissionSetID) (SetView, []*access.Rule, error) {
	var v SetView
	var rules []*access.Rule
	err := c.viewSet(ctx, actor, id, func(_ store.Reader, s *access.Snapshot, view SetView) error {
		v, rules = view, s.Set(id).Rules()
		return nil
	})
	return v, rules, err
}

// SetHolders returns a permission set with a page of the people who hold it now: most of them, beginning after the first
// skip in order of their names.
func (c *Center) SetHolders(ctx context.Context, actor model.Actor, id model.PermissionSetID, skip, most int,
) (SetView, []Holder, error) {
	var v SetView
	var holders []Holder
	err := c.viewSet(ctx, actor, id, func(_ store.Reader, s *access.Snapshot, view SetView) error {
		v = view
		people := s.Set(id).Holders(c.Now())
		people = people[min(max(skip, 0), len(people)):]
		for _, user := range people[:min(most, len(people))] {
			holder := Holder{User: user}
			for _, role := range s.Roles(user.ID, c.Now()) {
				if role.Set.ID == id {
					holder.Roles = append(holder.Roles, role)
				}
			}
			holders = append(holders, holder)
		}
		return nil
	})
	return v, holders, err
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

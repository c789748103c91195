package center

import (
	"context"
	"strconv"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// GroupProfile is a group as the head of its pages shows it.
type GroupProfile struct {
	model.Group
	ARN      string
	Empowers bool // its members could administer Gatehouse
	Members  int
	Rules    []*Rule // assignments, whether in force or not
	Reach    int     // permission sets in accounts that it gives an enabled member now
	Accounts int     // that they are in
}

// GroupProfile returns what is known of a group.
func (c *Center) GroupProfile(ctx context.Context, actor model.Actor, id model.GroupID) (GroupProfile, error) {
	var p GroupProfile
	err := c.view(ctx, actor, act{action: model.ActListGroups}, func(r store.Reader, s *access.Snapshot) (err error) {
		if p.Group, err = r.Group(ctx, id); err != nil {
			return err
		}
		p.ARN, p.Empowers = s.Organization.GroupARN(id), s.Empowers(id, c.Now())
		p.Members = len(s.Group(id).Members)
		p.Rules = s.RulesOf(id)
		roles := s.OfGroup(id, c.Now())
		p.Reach, p.Accounts = len(roles), accountsOf(roles)
		return nil
	})
	return p, err
}

// RolesOfGroup returns every role that a group gives an enabled member now; the user of these roles is nobody.
func (c *Center) RolesOfGroup(ctx context.Context, actor model.Actor, id model.GroupID) ([]Role, error) {
	var roles []Role
	err := c.view(ctx, actor, act{action: model.ActListGroups}, func(_ store.Reader, s *access.Snapshot) error {
		roles = s.OfGroup(id, c.Now())
		return nil
	})
	return roles, err
}

// MemberList is one page of the members of a group.
type MemberList struct {
	UserList
	Since map[model.UserID]time.Time
}

// Members returns one page of the people in a group.
func (c *Center) Members(ctx context.Context, actor model.Actor, q UserQuery) (MemberList, error) {
	var list MemberList
	err := c.view(ctx, actor, act{action: model.ActListGroups}, func(r store.Reader, s *access.Snapshot) (err error) {
		if list.UserList, err = c.list(ctx, r, s, q); err != nil {
			return err
		}
		ids := make([]model.UserID, len(list.People))
		for i, p := range list.People {
			ids[i] = p.ID
		}
		list.Since, err = r.MembersSince(ctx, q.Group, ids)
		return err
	})
	return list, err
}

// GroupAsOf is a group as it is now and as it was at an earlier version, for comparing after a stale save.
type GroupAsOf struct {
	Then, Now model.Group
	By        string
	At        time.Time
}

// CompareGroup returns a group now and at a version that somebody started from.
func (c *Center) CompareGroup(ctx context.Context, actor model.Actor, id model.GroupID, version int64) (GroupAsOf, error) {
	var v GroupAsOf
	err := c.view(ctx, actor, act{action: model.ActListGroups}, func(r store.Reader, s *access.Snapshot) (err error) {
		if v.Now, err = r.Group(ctx, id); err != nil {
			return err
		}
		var then groupState
		v.By, v.At, err = savedSince(ctx, r, s, groupRef(v.Now), version, &then)
		v.Then = model.Group{ID: id, Name: then.Name, Description: then.Description, Version: version}
		return err
	})
	return v, err
}

// MayAboutGroup reports which of some actions an actor may do to one group, with members who are no administrators.
func (c *Center) MayAboutGroup(ctx context.Context, actor model.Actor, id model.GroupID, actions ...string) (map[string]bool, error) {
	may := make(map[string]bool, len(actions))
	err := c.look(ctx, func(_ store.Reader, s *access.Snapshot) error {
		keys := map[string][]string{"gatehouse:TargetIsAdministrator": {strconv.FormatBool(s.Empowers(id, c.Now()))}}
		for _, action := range actions {
			a := act{action: action, resources: []string{s.Organization.GroupARN(id)}}
			if action == model.ActCreateMembership || action == model.ActDeleteMembership {
				a.keys = keys
			}
			_, err := authorise(s, actor, c.Now(), a)
			may[action] = err == nil
		}
		return nil
	})
	return may, err
}

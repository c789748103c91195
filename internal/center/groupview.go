package center

import (
	"context"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// GroupProfile is a group as the head of its pages shows it.
type GroupProfile struct {
	model.Group
	ARN      string
	Empowers bool // makes its members administrators of Gatehouse
	Members  int
	Rules    []RuleLine
	Accounts []GroupReach // what it reaches now
}

// GroupReach is an account that a group reaches, with the sets it has there.
type GroupReach struct {
	Account model.Ref
	Unit    string
	Sets    []RuleLine // the rules that give a set there, in force now
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
		p.Rules = ruleLines(s.RulesOf(id), c.Now())
		p.Accounts = groupReach(s.RulesOf(id), c.Now())
		return nil
	})
	return p, err
}

func groupReach(rules []*access.Rule, now time.Time) []GroupReach {
	var list []GroupReach
	at := map[model.AccountID]int{}
	for _, rule := range rules {
		if !rule.Holds(now) {
			continue
		}
		for _, account := range rule.Accounts() {
			if account.State != model.AccountActive {
				continue
			}
			i, known := at[account.ID]
			if !known {
				i = len(list)
				at[account.ID] = i
				list = append(list, GroupReach{Unit: account.OU.Words(),
					Account: model.Ref{Kind: model.RefAccount, ID: string(account.ID), Name: account.Name}})
			}
			list[i].Sets = append(list[i].Sets, ruleLine(rule, now))
		}
	}
	slices.SortFunc(list, func(a, b GroupReach) int {
		return strings.Compare(strings.ToLower(a.Account.Name), strings.ToLower(b.Account.Name))
	})
	return list
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

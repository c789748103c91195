package center

import (
	"context"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Profile is a person as the head and the overview of their pages show them.
type Profile struct {
	store.UserRow
	ARN         string
	Self        bool // the person who asks
	Administers bool // can administer Gatehouse now
	Groups      []GroupOf
	Direct      []*Rule // assignments to the person alone, whether in force or not
	Reach       int     // permission sets in accounts
	Accounts    int     // that they reach
	Sessions    []model.Session
	Credentials int // role credentials in use: issued, neither expired nor revoked
}

// GroupOf is a group that a person is in.
type GroupOf struct {
	model.Ref
	Since   time.Time
	Members int
	Rules   int // assignments of the group
}

// Person returns what is known of a person.
func (c *Center) Person(ctx context.Context, actor model.Actor, id model.UserID) (Profile, error) {
	var p Profile
	err := c.view(ctx, actor, act{action: model.ActListUsers}, func(r store.Reader, s *access.Snapshot) (err error) {
		if p.UserRow, err = r.UserRow(ctx, id); err != nil {
			return err
		}
		memberships, err := r.MembershipsOf(ctx, id)
		if err != nil {
			return err
		}
		for _, m := range memberships {
			p.Groups = append(p.Groups, groupOf(s, m))
		}
		if p.Sessions, err = r.SessionsOf(ctx, id); err != nil {
			return err
		}
		if p.Credentials, err = r.CountRoleSessions(ctx, id, c.Now()); err != nil {
			return err
		}
		p.ARN, p.Self = s.Organization.UserARN(id), id == actor.User
		p.Administers = s.Administers(id, c.Now(), false)
		p.Direct = s.DirectRules(id)
		roles := s.Roles(id, c.Now())
		p.Reach, p.Accounts = len(roles), accountsOf(roles)
		return nil
	})
	return p, err
}

func groupOf(s *access.Snapshot, m store.Membership) GroupOf {
	g := GroupOf{Ref: model.Ref{Kind: model.RefGroup, ID: string(m.GroupID), Name: m.Name}, Since: m.Since,
		Rules: len(s.RulesOf(m.GroupID))}
	if group := s.Group(m.GroupID); group != nil {
		g.Members = len(group.Members)
	}
	return g
}

// accountsOf counts the accounts of some roles.
func accountsOf(roles []access.Role) int {
	accounts := map[model.AccountID]bool{}
	for _, role := range roles {
		accounts[role.Account.ID] = true
	}
	return len(accounts)
}

// RolesOf returns every role that a person holds now, with the rules it comes from.
func (c *Center) RolesOf(ctx context.Context, actor model.Actor, id model.UserID) ([]Role, error) {
	var roles []Role
	err := c.view(ctx, actor, act{action: model.ActListUsers}, func(_ store.Reader, s *access.Snapshot) error {
		roles = s.Roles(id, c.Now())
		return nil
	})
	return roles, err
}

// UserAsOf is a person as they are now and as they were at an earlier version, for comparing after a stale save.
type UserAsOf struct {
	Then, Now model.User
	By        string    // who saved the current version
	At        time.Time // and when
}

// CompareUser returns a person now and at a version that somebody started from.
func (c *Center) CompareUser(ctx context.Context, actor model.Actor, id model.UserID, version int64) (UserAsOf, error) {
	var v UserAsOf
	err := c.view(ctx, actor, act{action: model.ActListUsers}, func(r store.Reader, s *access.Snapshot) (err error) {
		if v.Now, err = r.User(ctx, id); err != nil {
			return err
		}
		var then userState
		v.By, v.At, err = savedSince(ctx, r, s, userRef(v.Now), version, &then)
		v.Then = model.User{ID: id, UserName: then.UserName, GivenName: then.GivenName, FamilyName: then.FamilyName,
			DisplayName: then.DisplayName, Email: then.Email, Title: then.Title, Version: version}
		return err
	})
	return v, err
}

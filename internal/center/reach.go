package center

import (
	"context"
	"slices"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Reach is a permission set that a person holds in an account, and why.
type Reach struct {
	Account   model.Ref
	Unit      string // where the account sits: Workloads/Prod
	Set       model.Ref
	Note      string // description of the set
	Duration  time.Duration
	RoleARN   string
	ExpiresAt time.Time // from then on nothing gives it; zero: no end
	LastUsed  time.Time // when credentials were last issued for it; zero: never
	Via       []Way
	Grants    []string // names of the policies that may allow something
	Unknown   []string // policies whose document is not known here: they grant nothing
	Boundary  string   // name of the permissions boundary; empty: none
	Limits    []string // names of the organization policies on the way, without AWS's own that allow everything
}

// Way is one rule through which a person holds a role.
type Way struct {
	RuleLine
	MemberSince time.Time // of the group the rule names; zero for a rule that names the person
	MadeAt      time.Time
}

// ReachOf returns what a person can reach now: every role with the ways that lead to it, in order of accounts and sets.
func (c *Center) ReachOf(ctx context.Context, actor model.Actor, id model.UserID) ([]Reach, error) {
	var list []Reach
	err := c.view(ctx, actor, act{action: model.ActListUsers}, func(r store.Reader, s *access.Snapshot) error {
		facts, err := factsOf(ctx, r, id, c.Now())
		if err != nil {
			return err
		}
		for _, role := range s.Roles(id, c.Now()) {
			list = append(list, facts.reach(s, role))
		}
		return nil
	})
	return list, err
}

// reachFacts is what the graph does not hold of a person's ways.
type reachFacts struct {
	now    time.Time
	since  map[model.GroupID]time.Time
	madeAt map[model.AssignmentID]time.Time
	used   map[store.RoleUse]time.Time
}

func factsOf(ctx context.Context, r store.Reader, id model.UserID, now time.Time) (reachFacts, error) {
	f := reachFacts{now: now, since: map[model.GroupID]time.Time{}}
	memberships, err := r.MembershipsOf(ctx, id)
	if err != nil {
		return f, err
	}
	for _, m := range memberships {
		f.since[m.GroupID] = m.Since
	}
	if f.madeAt, err = r.RuleTimes(ctx, id); err != nil {
		return f, err
	}
	f.used, err = r.RoleUses(ctx, id)
	return f, err
}

func (f reachFacts) reach(s *access.Snapshot, role access.Role) Reach {
	reach := Reach{
		Account: model.Ref{Kind: model.RefAccount, ID: string(role.Account.ID), Name: role.Account.Name},
		Unit:    role.Account.OU.Words(),
		Set:     model.Ref{Kind: model.RefPermissionSet, ID: string(role.Set.ID), Name: role.Set.Name},
		Note:    role.Set.Description, Duration: role.Set.Duration, RoleARN: s.ARN(role), ExpiresAt: role.ExpiresAt(),
		LastUsed: f.used[store.RoleUse{Account: role.Account.ID, Set: role.Set.ID}],
		Unknown:  role.Set.Unknown,
	}
	for _, rule := range role.Via {
		way := Way{RuleLine: ruleLine(rule, f.now), MadeAt: f.madeAt[rule.ID]}
		if rule.Group != nil {
			way.MemberSince = f.since[rule.Group.ID]
		}
		reach.Via = append(reach.Via, way)
	}
	in := s.Input(role, access.Circumstances{Now: f.now, MFA: true}, access.Request{Action: "sts:GetCallerIdentity", Resource: "*"})
	reach.Grants = policyNames(in.Identity)
	if in.Boundary != nil {
		reach.Boundary = in.Boundary.Name()
	}
	for _, level := range slices.Concat(in.SCPs, in.RCPs) {
		for _, name := range policyNames(level.Policies) {
			if name != model.FullAWSAccessTitle && !slices.Contains(reach.Limits, name) {
				reach.Limits = append(reach.Limits, name)
			}
		}
	}
	return reach
}

func policyNames(policies []*eval.Policy) []string {
	names := make([]string, len(policies))
	for i, p := range policies {
		names[i] = p.Name()
	}
	return names
}

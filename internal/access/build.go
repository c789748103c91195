package access

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// builder turns rows that are joined by row keys into nodes that point at each other.
type builder struct {
	policies *policyCache
	graph    store.Graph
	ous      map[int64]*OU
	accounts map[int64]*Account
	users    map[int64]*User
	groups   map[int64]*Group
	sets     map[int64]*Set
}

func newSnapshot(g store.Graph, policies *policyCache) *Snapshot {
	b := builder{policies: policies, graph: g, ous: make(map[int64]*OU, len(g.OUs)),
		accounts: make(map[int64]*Account, len(g.Accounts)), users: make(map[int64]*User, len(g.Users)),
		groups: make(map[int64]*Group, len(g.Groups)), sets: make(map[int64]*Set, len(g.Sets))}
	b.units()
	b.members()
	b.attachments()
	b.people()
	b.memberships()
	b.permissionSets()
	s := &Snapshot{Organization: g.Organization, rules: b.rules()}
	s.ous = byID(b.ous, func(u *OU) model.OUID { return u.ID })
	s.accounts = byID(b.accounts, func(a *Account) model.AccountID { return a.ID })
	s.users = byID(b.users, func(u *User) model.UserID { return u.ID })
	s.groups = byID(b.groups, func(g *Group) model.GroupID { return g.ID })
	s.sets = byID(b.sets, func(s *Set) model.PermissionSetID { return s.ID })
	s.allUsers = sorted(b.users, func(u *User) string { return u.order })
	s.allGroups = sorted(b.groups, func(g *Group) string { return g.order })
	s.allSets = sorted(b.sets, func(s *Set) string { return s.order })
	s.ruleByID = make(map[model.AssignmentID]*Rule, len(s.rules))
	for _, r := range s.rules {
		s.ruleByID[r.ID] = r
	}
	return s
}

func byID[ID comparable, N any](nodes map[int64]*N, id func(*N) ID) map[ID]*N {
	found := make(map[ID]*N, len(nodes))
	for _, n := range nodes {
		found[id(n)] = n
	}
	return found
}

func sorted[N any](nodes map[int64]*N, order func(*N) string) []*N {
	return slices.SortedFunc(maps.Values(nodes), func(a, b *N) int { return strings.Compare(order(a), order(b)) })
}

func (b *builder) units() {
	for _, n := range b.graph.OUs {
		b.ous[n.PK] = &OU{ID: n.ID, Name: n.Name, order: order(n.Name, n.ID)}
	}
	for _, n := range b.graph.OUs {
		if parent := b.ous[n.ParentPK]; parent != nil {
			b.ous[n.PK].Parent = parent
			parent.Children = append(parent.Children, b.ous[n.PK])
		}
	}
	for _, u := range b.ous {
		slices.SortFunc(u.Children, func(a, b *OU) int { return strings.Compare(a.order, b.order) })
	}
}

// members hangs the accounts into the units. Going through them in order of their names sorts every unit's list.
func (b *builder) members() {
	accounts := make([]*Account, 0, len(b.graph.Accounts))
	for _, n := range b.graph.Accounts {
		a := &Account{ID: n.ID, Name: n.Name, State: n.State, OU: b.ous[n.OUPK], order: order(n.Name, n.ID)}
		if a.OU == nil {
			continue // a unit is deleted only when it is empty
		}
		b.accounts[n.PK] = a
		accounts = append(accounts, a)
	}
	slices.SortFunc(accounts, func(a, b *Account) int { return strings.Compare(a.order, b.order) })
	for _, a := range accounts {
		a.OU.Accounts = append(a.OU.Accounts, a)
		for at := a.OU; at != nil; at = at.Parent {
			at.below = append(at.below, a)
		}
	}
}

func (b *builder) attachments() {
	for _, edge := range b.graph.Attachments {
		policy := b.policies.compile(edge.Name, edge.DocumentHash, b.graph.Documents[edge.DocumentHash])
		if policy == nil {
			continue // saving refuses a document that cannot be read; without it the level allows less, never more
		}
		var level *attached
		if u := b.ous[edge.OUPK]; u != nil {
			level = &u.level
		} else if a := b.accounts[edge.AccountPK]; a != nil {
			level = &a.level
		} else {
			continue // its target is gone
		}
		if edge.Kind == model.ServiceControlPolicy {
			level.scps = append(level.scps, policy)
		} else {
			level.rcps = append(level.rcps, policy)
		}
	}
}

func (b *builder) people() {
	for _, n := range b.graph.Users {
		b.users[n.PK] = &User{ID: n.ID, UserName: n.UserName, DisplayName: n.DisplayName,
			Enabled: n.Status == model.UserEnabled, order: order(n.DisplayName, n.ID)}
	}
	for _, n := range b.graph.Groups {
		b.groups[n.PK] = &Group{ID: n.ID, Name: n.Name, order: order(n.Name, n.ID)}
	}
}

func (b *builder) memberships() {
	for _, edge := range b.graph.Memberships {
		group, user := b.groups[edge.GroupPK], b.users[edge.UserPK]
		if group == nil || user == nil {
			continue // one of them is gone; its memberships are closed in the same transaction
		}
		group.Members = append(group.Members, user)
		user.Groups = append(user.Groups, group)
	}
	for _, g := range b.groups {
		slices.SortFunc(g.Members, func(a, b *User) int { return strings.Compare(a.order, b.order) })
	}
	for _, u := range b.users {
		slices.SortFunc(u.Groups, func(a, b *Group) int { return strings.Compare(a.order, b.order) })
	}
}

func (b *builder) permissionSets() {
	for _, n := range b.graph.Sets {
		b.sets[n.PK] = &Set{ID: n.ID, Name: n.Name, Description: n.Description, RelayState: n.RelayState,
			Duration: time.Duration(n.SessionSeconds) * time.Second, Version: n.Version, order: order(n.Name, n.ID)}
	}
	for _, n := range b.graph.SetPolicies {
		if set := b.sets[n.SetPK]; set != nil {
			set.add(n, b.policyOf(set, n))
		}
	}
	policies := b.policies // and not b: a set must not hold on to the graph it was made from
	for _, set := range b.sets {
		set.identity = sync.OnceValue(func() []*eval.Policy { return policies.join(set.Policies) })
	}
}

// policyOf returns the policy of a set, nil when its document is not known or cannot be read.
func (b *builder) policyOf(set *Set, n store.SetPolicyNode) *eval.Policy {
	if n.DocumentHash == "" {
		return nil
	}
	return b.policies.compile(policyName(set, n), n.DocumentHash, b.graph.Documents[n.DocumentHash])
}

// policyName is what a policy is called in an explanation: its own name without the path, or whose inline policy it is.
func policyName(set *Set, n store.SetPolicyNode) string {
	if n.Kind == store.KindInline {
		return "inline policy of " + set.Name
	}
	return n.Name[strings.LastIndex(n.Name, "/")+1:]
}

func (s *Set) add(n store.SetPolicyNode, policy *eval.Policy) {
	if policy == nil {
		s.Unknown = append(s.Unknown, policyName(s, n))
	}
	switch {
	case n.Kind == store.KindManagedBoundary || n.Kind == store.KindCustomerBoundary:
		s.Bounded, s.Boundary = true, policy
	case policy != nil:
		s.Policies = append(s.Policies, policy)
	case n.Kind == store.KindManaged:
		s.Policies = append(s.Policies, mustCompile(policyName(s, n), mightDeny))
	}
}

// mightDeny stands for an AWS-managed policy whose document is not known: it may deny anything, so nothing is decided
// with it and authorization refuses. Customer-managed policies live in the accounts and are never known here; a set with
// one is judged by the rest of it, and its pages say so.
const mightDeny = `{"Version":"2012-10-17","Statement":[{"Sid":"DocumentNotKnown","Effect":"Deny","Action":"*","Resource":"*",
	"Condition":{"DocumentNotKnown":{"aws:PrincipalArn":"*"}}}]}`

func (b *builder) rules() []*Rule {
	rules := make([]*Rule, 0, len(b.graph.Assignments))
	for _, edge := range b.graph.Assignments {
		r := &Rule{ID: edge.ID, User: b.users[edge.UserPK], Group: b.groups[edge.GroupPK], Set: b.sets[edge.SetPK],
			Account: b.accounts[edge.AccountPK], OU: b.ous[edge.OUPK],
			StartsAt: edge.StartsAt.Time, ExpiresAt: edge.ExpiresAt.Time, Reason: edge.Reason, CreatedAt: edge.CreatedAt}
		if r.Set == nil || (r.User == nil && r.Group == nil) || (r.Account == nil && r.OU == nil) {
			continue // one end is gone; its rules are closed in the same transaction
		}
		r.hang()
		rules = append(rules, r)
	}
	return rules
}

// hang makes the rule known to the nodes it connects.
func (r *Rule) hang() {
	r.Set.rules = append(r.Set.rules, r)
	if r.User != nil {
		r.User.rules = append(r.User.rules, r)
	} else {
		r.Group.rules = append(r.Group.rules, r)
	}
	if r.Account != nil {
		r.Account.rules = append(r.Account.rules, r)
	} else {
		r.OU.rules = append(r.OU.rules, r)
	}
}

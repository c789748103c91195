package access

import (
	"strings"
	"time"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

type compiler func(name, hash, body string) *eval.Policy

func newSnapshot(g store.Graph, compile compiler) *Snapshot {
	s := &Snapshot{
		Organization: g.Organization,
		ous:          make(map[int64]*OU, len(g.OUs)), ouByID: make(map[model.OUID]*OU, len(g.OUs)),
		accounts:    make(map[int64]*Account, len(g.Accounts)),
		accountByID: make(map[model.AccountID]*Account, len(g.Accounts)),
		users:       make(map[int64]*User, len(g.Users)), userByID: make(map[model.UserID]*User, len(g.Users)),
		groups: make(map[int64]*Group, len(g.Groups)), groupByID: make(map[model.GroupID]*Group, len(g.Groups)),
		sets: make(map[int64]*Set, len(g.Sets)), setByID: make(map[model.PermissionSetID]*Set, len(g.Sets)),
		rulesOfUser: map[int64][]*Rule{}, rulesOfGroup: map[int64][]*Rule{},
	}
	s.addOrganization(g)
	s.addPolicies(g, compile)
	s.addDirectory(g)
	s.addSets(g, compile)
	s.addRules(g)
	return s
}

func (s *Snapshot) addOrganization(g store.Graph) {
	for _, n := range g.OUs {
		u := &OU{ID: n.ID, Name: n.Name}
		s.ous[n.PK], s.ouByID[n.ID] = u, u
	}
	for _, n := range g.OUs {
		if parent := s.ous[n.ParentPK]; parent != nil {
			s.ous[n.PK].Parent = parent
			parent.Children = append(parent.Children, s.ous[n.PK])
		}
	}
	for _, n := range g.Accounts {
		a := &Account{ID: n.ID, Name: n.Name, State: n.State, OU: s.ous[n.OUPK]}
		s.accounts[n.PK], s.accountByID[n.ID] = a, a
		a.OU.Accounts = append(a.OU.Accounts, a)
	}
}

func (s *Snapshot) addPolicies(g store.Graph, compile compiler) {
	for _, edge := range g.Attachments {
		level := &attached{}
		if u := s.ous[edge.OUPK]; u != nil {
			level = &u.level
		} else if a := s.accounts[edge.AccountPK]; a != nil {
			level = &a.level
		}
		policy := compile(edge.Name, edge.DocumentHash, g.Documents[edge.DocumentHash])
		if policy == nil {
			continue // saving refuses a document that cannot be read; without it the level allows less, never more
		}
		if edge.Kind == model.ServiceControlPolicy {
			level.scps = append(level.scps, policy)
		} else {
			level.rcps = append(level.rcps, policy)
		}
	}
}

func (s *Snapshot) addDirectory(g store.Graph) {
	for _, n := range g.Users {
		u := &User{ID: n.ID, UserName: n.UserName, DisplayName: n.DisplayName, Enabled: n.Status == model.UserEnabled, pk: n.PK}
		s.users[n.PK], s.userByID[n.ID] = u, u
	}
	for _, n := range g.Groups {
		group := &Group{ID: n.ID, Name: n.Name, pk: n.PK}
		s.groups[n.PK], s.groupByID[n.ID] = group, group
	}
	for _, edge := range g.Memberships {
		group, user := s.groups[edge.GroupPK], s.users[edge.UserPK]
		if group == nil || user == nil {
			continue // one of them is gone; its memberships are closed in the same transaction
		}
		group.Members = append(group.Members, user)
		user.Groups = append(user.Groups, group)
	}
}

func (s *Snapshot) addSets(g store.Graph, compile compiler) {
	for _, n := range g.Sets {
		set := &Set{ID: n.ID, Name: n.Name, Description: n.Description, RelayState: n.RelayState,
			Duration: time.Duration(n.SessionSeconds) * time.Second, Version: n.Version}
		s.sets[n.PK], s.setByID[n.ID] = set, set
	}
	for _, n := range g.SetPolicies {
		if set := s.sets[n.SetPK]; set != nil {
			set.add(n, g.Documents, compile)
		}
	}
}

func (s *Set) add(n store.SetPolicyNode, documents map[string]string, compile compiler) {
	name := n.Name[strings.LastIndex(n.Name, "/")+1:]
	if n.Kind == store.KindInline {
		name = "inline policy of " + s.Name
	}
	var policy *eval.Policy
	if n.DocumentHash != "" {
		policy = compile(name, n.DocumentHash, documents[n.DocumentHash])
	}
	if policy == nil {
		s.Unknown = append(s.Unknown, name)
	}
	if n.Kind == store.KindManagedBoundary || n.Kind == store.KindCustomerBoundary {
		s.Bounded, s.Boundary = true, policy
		return
	}
	if policy != nil {
		s.Policies = append(s.Policies, policy)
	}
}

func (s *Snapshot) addRules(g store.Graph) {
	for _, edge := range g.Assignments {
		r := &Rule{ID: edge.ID, User: s.users[edge.UserPK], Group: s.groups[edge.GroupPK], Set: s.sets[edge.SetPK],
			Account: s.accounts[edge.AccountPK], OU: s.ous[edge.OUPK],
			StartsAt: edge.StartsAt.Time, ExpiresAt: edge.ExpiresAt.Time, Reason: edge.Reason}
		if r.Set == nil || (r.User == nil && r.Group == nil) || (r.Account == nil && r.OU == nil) {
			continue // one end is gone; its rules are closed in the same transaction
		}
		s.rules = append(s.rules, r)
		if r.User != nil {
			s.rulesOfUser[r.User.pk] = append(s.rulesOfUser[r.User.pk], r)
		} else {
			s.rulesOfGroup[r.Group.pk] = append(s.rulesOfGroup[r.Group.pk], r)
		}
	}
}

package access

import (
	"iter"
	"maps"
	"time"

	"gatehouse/internal/model"
)

// Snapshot is who can do what at one change number, as an immutable graph. Windows of validity are tested when a
// question is asked, so a snapshot stays right while time passes.
type Snapshot struct {
	Organization model.Organization
	change       int64
	ous          map[model.OUID]*OU
	accounts     map[model.AccountID]*Account
	users        map[model.UserID]*User
	groups       map[model.GroupID]*Group
	sets         map[model.PermissionSetID]*Set
	allUsers     []*User // in order of their names, like the two below
	allGroups    []*Group
	allSets      []*Set
	rules        []*Rule
	ruleByID     map[model.AssignmentID]*Rule
}

// OU, Account, User, Group, Set and Rule look a node up by its public id; nil when there is none.
func (s *Snapshot) OU(id model.OUID) *OU                { return s.ous[id] }
func (s *Snapshot) Account(id model.AccountID) *Account { return s.accounts[id] }
func (s *Snapshot) User(id model.UserID) *User          { return s.users[id] }
func (s *Snapshot) Group(id model.GroupID) *Group       { return s.groups[id] }
func (s *Snapshot) Set(id model.PermissionSetID) *Set   { return s.sets[id] }
func (s *Snapshot) Rule(id model.AssignmentID) *Rule    { return s.ruleByID[id] }

// Root returns the root of the organization, nil before set-up.
func (s *Snapshot) Root() *OU { return s.ous[s.Organization.RootID] }

// Users, Groups, Accounts and Sets return every node of a kind in order of their names.
func (s *Snapshot) Users() []*User       { return s.allUsers }
func (s *Snapshot) Groups() []*Group     { return s.allGroups }
func (s *Snapshot) Accounts() []*Account { return s.Root().Below() }
func (s *Snapshot) Sets() []*Set         { return s.allSets }

// Units yields every unit and the root, in no particular order.
func (s *Snapshot) Units() iter.Seq[*OU] { return maps.Values(s.ous) }

// Rules returns every rule in the order they were made.
func (s *Snapshot) Rules() []*Rule { return s.rules }

// Change is the number of the newest change to access that the snapshot holds.
func (s *Snapshot) Change() int64 { return s.change }

// Counts returns how many users, groups, accounts, permission sets and rules there are.
func (s *Snapshot) Counts() (users, groups, accounts, sets, rules int) {
	return len(s.users), len(s.groups), len(s.accounts), len(s.sets), len(s.rules)
}

// Find returns the rule with the same ends and the same window as a; nil when there is none. Starts that have passed
// are the same: both are in force.
func (s *Snapshot) Find(a model.Assignment, now time.Time) *Rule {
	for _, r := range s.rulesOf(a.Principal) {
		sameStart := r.StartsAt.Equal(a.StartsAt) || (!r.StartsAt.After(now) && !a.StartsAt.After(now))
		if sameStart && r.ExpiresAt.Equal(a.ExpiresAt) && r.Set.ID == a.PermissionSet && r.target() == a.Target {
			return r
		}
	}
	return nil
}

func (r *Rule) target() model.Target {
	if r.OU != nil {
		return model.Target{Kind: model.TargetOU, ID: string(r.OU.ID)}
	}
	return model.Target{Kind: model.TargetAccount, ID: string(r.Account.ID)}
}

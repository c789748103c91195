package access

import (
	"slices"
	"time"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// Snapshot is who can do what at one change number, as an immutable graph. Windows of validity are tested when a
// question is asked, so a snapshot stays right while time passes.
type Snapshot struct {
	change       int64
	Organization model.Organization
	ous          map[int64]*OU
	accounts     map[int64]*Account
	users        map[int64]*User
	groups       map[int64]*Group
	sets         map[int64]*Set
	ouByID       map[model.OUID]*OU
	accountByID  map[model.AccountID]*Account
	userByID     map[model.UserID]*User
	groupByID    map[model.GroupID]*Group
	setByID      map[model.PermissionSetID]*Set
	rulesOfUser  map[int64][]*Rule
	rulesOfGroup map[int64][]*Rule
	rules        []*Rule
}

// The nodes of the graph. They are shared and must not be changed.
type (
	// OU is an organizational unit with what hangs below it.
	OU struct {
		ID       model.OUID
		Name     string
		Parent   *OU // nil for the root
		Children []*OU
		Accounts []*Account
		level    attached
	}
	// Account is an AWS account in its place.
	Account struct {
		ID    model.AccountID
		Name  string
		State model.AccountState
		OU    *OU
		level attached
	}
	// User is a person with their groups.
	User struct {
		ID          model.UserID
		UserName    string
		DisplayName string
		Enabled     bool
		Groups      []*Group
		pk          int64
	}
	// Group is a group with its members.
	Group struct {
		ID      model.GroupID
		Name    string
		Members []*User
		pk      int64
	}
	// Set is a permission set with its policies compiled.
	Set struct {
		ID          model.PermissionSetID
		Name        string
		Description string
		Duration    time.Duration
		RelayState  string
		Version     int64
		Policies    []*eval.Policy // managed, then inline
		Boundary    *eval.Policy
		Bounded     bool     // has a boundary, even one whose document is unknown
		Unknown     []string // policies whose document is not known or cannot be read: they grant nothing
	}
	// Rule is an assignment between nodes.
	Rule struct {
		ID        model.AssignmentID
		User      *User  // or nil
		Group     *Group // or nil
		Set       *Set
		Account   *Account // or nil
		OU        *OU      // or nil
		StartsAt  time.Time
		ExpiresAt time.Time
		Reason    string
	}
)

// attached are the organization policies attached at one target.
type attached struct{ scps, rcps []*eval.Policy }

// Holds reports whether the rule is in force at a moment.
func (r *Rule) Holds(now time.Time) bool {
	return !now.Before(r.StartsAt) && (r.ExpiresAt.IsZero() || now.Before(r.ExpiresAt))
}

// Accounts returns the accounts that the rule reaches now, in order of their names: the one it names, or all below its OU.
func (r *Rule) Accounts() []*Account {
	if r.Account != nil {
		return []*Account{r.Account}
	}
	return r.OU.Below()
}

// People returns the people that the rule is for, whether enabled or not.
func (r *Rule) People() []*User {
	if r.User != nil {
		return []*User{r.User}
	}
	return r.Group.Members
}

// Below returns all accounts in the unit and the units below it, in order of their names.
func (u *OU) Below() []*Account {
	accounts := slices.Clone(u.Accounts)
	for _, child := range u.Children {
		accounts = append(accounts, child.Below()...)
	}
	slices.SortFunc(accounts, func(a, b *Account) int { return compareNames(a.Name, b.Name, string(a.ID), string(b.ID)) })
	return accounts
}

// Path returns the units from the root down to the one the account sits in.
func (a *Account) Path() []*OU { return a.OU.Path() }

// Path returns the units from the root down to this one.
func (u *OU) Path() []*OU {
	var path []*OU
	for at := u; at != nil; at = at.Parent {
		path = append(path, at)
	}
	slices.Reverse(path)
	return path
}

// Words returns the names of the units below the root, joined by slashes: Workloads/Prod. The root alone is "Root".
func (u *OU) Words() string {
	if u.Parent == nil {
		return u.Name
	}
	words := u.Name
	for at := u.Parent; at.Parent != nil; at = at.Parent {
		words = at.Name + "/" + words
	}
	return words
}

// OU, Account, User, Group and Set look a node up by its public id; nil when there is none.
func (s *Snapshot) OU(id model.OUID) *OU                { return s.ouByID[id] }
func (s *Snapshot) Account(id model.AccountID) *Account { return s.accountByID[id] }
func (s *Snapshot) User(id model.UserID) *User          { return s.userByID[id] }
func (s *Snapshot) Group(id model.GroupID) *Group       { return s.groupByID[id] }
func (s *Snapshot) Set(id model.PermissionSetID) *Set   { return s.setByID[id] }

// Root returns the root of the organization, nil before set-up.
func (s *Snapshot) Root() *OU { return s.ouByID[s.Organization.RootID] }

// Rules returns every rule in the order they were made.
func (s *Snapshot) Rules() []*Rule { return s.rules }

// Change is the number of the newest change to access that the snapshot holds.
func (s *Snapshot) Change() int64 { return s.change }

// Counts returns how many users, groups, accounts, permission sets and rules there are.
func (s *Snapshot) Counts() (users, groups, accounts, sets, rules int) {
	return len(s.users), len(s.groups), len(s.accounts), len(s.sets), len(s.rules)
}

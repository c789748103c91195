package access

import (
	"slices"
	"strings"
	"time"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// The nodes of the graph. They and the slices they hold are shared and must not be changed. Lists of nodes are in order
// of their names.
type (
	// OU is an organizational unit with what hangs below it.
	OU struct {
		ID       model.OUID
		Name     string
		Parent   *OU // nil for the root
		Children []*OU
		Accounts []*Account // directly in the unit
		below    []*Account // in the unit and the units below it
		rules    []*Rule
		level    attached
		order    string
	}
	// Account is an AWS account in its place.
	Account struct {
		ID    model.AccountID
		Name  string
		State model.AccountState
		OU    *OU
		rules []*Rule // that name the account itself
		level attached
		order string
	}
	// User is a person with their groups.
	User struct {
		ID          model.UserID
		UserName    string
		DisplayName string
		Enabled     bool
		Groups      []*Group
		rules       []*Rule // that name the person themselves
		order       string
	}
	// Group is a group with its members, enabled or not.
	Group struct {
		ID      model.GroupID
		Name    string
		Members []*User
		rules   []*Rule
		order   string
	}
	// Set is a permission set with its policies compiled.
	Set struct {
		ID          model.PermissionSetID
		Name        string
		Description string
		Duration    time.Duration
		RelayState  string
		Version     int64
		Policies    []*eval.Policy        // managed, then inline
		identity    func() []*eval.Policy // the same, prepared for being asked together
		Boundary    *eval.Policy
		Bounded     bool     // has a boundary, even one whose document is unknown
		Unknown     []string // policies whose document is not known or cannot be read: they grant nothing
		rules       []*Rule
		order       string
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
		CreatedAt time.Time
	}
)

// attached are the organization policies attached at one target.
type attached struct{ scps, rcps []*eval.Policy }

// Rules returns the rules for the person: their own, then those of their groups.
func (u *User) Rules() []*Rule {
	rules := slices.Clone(u.rules)
	for _, group := range u.Groups {
		rules = append(rules, group.rules...)
	}
	return rules
}

// Rules returns the rules for the group.
func (g *Group) Rules() []*Rule { return g.rules }

// Rules returns the rules that give the set.
func (s *Set) Rules() []*Rule { return s.rules }

// Rules returns the rules that reach the account: its own, then those of the units above it, nearest first.
func (a *Account) Rules() []*Rule {
	rules := slices.Clone(a.rules)
	for at := a.OU; at != nil; at = at.Parent {
		rules = append(rules, at.rules...)
	}
	return rules
}

// Rules returns the rules that name the unit itself.
func (u *OU) Rules() []*Rule { return u.rules }

// Below returns all accounts in the unit and the units below it. A nil unit has none.
func (u *OU) Below() []*Account {
	if u == nil {
		return nil
	}
	return u.below
}

// Path returns the units from the root down to the one the account sits in.
func (a *Account) Path() []*OU { return a.OU.Path() }

// Guardrails returns the names of the service control policies over the account, from the root down, each once. AWS's
// FullAWSAccess, which limits nothing, is left out.
func (a *Account) Guardrails() []string {
	var names []string
	for _, level := range a.levels(func(at attached) []*eval.Policy { return at.scps }) {
		for _, p := range level.Policies {
			if p.Name() != model.FullAWSAccessTitle && !slices.Contains(names, p.Name()) {
				names = append(names, p.Name())
			}
		}
	}
	return names
}

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
	var names []string
	for _, at := range u.Path()[1:] {
		names = append(names, at.Name)
	}
	return strings.Join(names, "/")
}

// Holds reports whether the rule is in force at a moment. The end is the first second in which it is not.
func (r *Rule) Holds(now time.Time) bool {
	return !now.Before(r.StartsAt) && (r.ExpiresAt.IsZero() || now.Before(r.ExpiresAt))
}

// Accounts returns the accounts that the rule reaches: the one it names, or all below its unit.
func (r *Rule) Accounts() []*Account {
	if r.Account != nil {
		return []*Account{r.Account}
	}
	return r.OU.Below()
}

// Reaches reports whether the rule is about an account: names it, or a unit above it.
func (r *Rule) Reaches(account *Account) bool {
	if r.Account != nil {
		return r.Account == account
	}
	for at := account.OU; at != nil; at = at.Parent {
		if at == r.OU {
			return true
		}
	}
	return false
}

// People returns the people that the rule is for, whether enabled or not.
func (r *Rule) People() []*User {
	if r.User != nil {
		return []*User{r.User}
	}
	return r.Group.Members
}

// order is the key that sorts a node by its name whatever the case, then by its id.
func order[ID ~string](name string, id ID) string { return strings.ToLower(name) + "\x00" + string(id) }

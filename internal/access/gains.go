package access

import (
	"time"

	"gatehouse/internal/model"
)

// Suppose returns the rule as if it were made; nil when one of its ends does not exist. No node knows of it.
func (s *Snapshot) Suppose(a model.Assignment) *Rule {
	r := &Rule{ID: a.ID, Set: s.sets[a.PermissionSet], StartsAt: a.StartsAt, ExpiresAt: a.ExpiresAt, Reason: a.Reason,
		CreatedAt: a.CreatedAt}
	if a.Principal.Kind == model.PrincipalGroup {
		r.Group = s.groups[model.GroupID(a.Principal.ID)]
	} else {
		r.User = s.users[model.UserID(a.Principal.ID)]
	}
	if a.Target.Kind == model.TargetOU {
		r.OU = s.ous[model.OUID(a.Target.ID)]
	} else {
		r.Account = s.accounts[model.AccountID(a.Target.ID)]
	}
	if r.Set == nil || (r.User == nil && r.Group == nil) || (r.Account == nil && r.OU == nil) {
		return nil
	}
	return r
}

// Gain is what supposed rules for one person or group add of one set.
type Gain struct {
	User     *User  // or nil
	Group    *Group // or nil
	Set      *Set
	Rules    []*Rule
	Accounts int // active accounts that the rules reach
	People   int // enabled people they are for
	Gaining  int // of these, who do not hold the set yet in at least one of the accounts
}

// Gains returns what supposed rules would add for each principal and set, in the order of the rules. Rules that start
// later count as if they held now.
func (s *Snapshot) Gains(rules []*Rule, now time.Time) []Gain {
	type key struct {
		user  *User
		group *Group
		set   *Set
	}
	var gains []Gain
	position := map[key]int{}
	for _, r := range rules {
		k := key{r.User, r.Group, r.Set}
		at, known := position[k]
		if !known {
			at = len(gains)
			position[k] = at
			gains = append(gains, Gain{User: r.User, Group: r.Group, Set: r.Set})
		}
		gains[at].Rules = append(gains[at].Rules, r)
	}
	for i := range gains {
		gains[i].count(now)
	}
	return gains
}

// count works out accounts and people of a gain.
func (g *Gain) count(now time.Time) {
	accounts := map[*Account]bool{}
	for _, r := range g.Rules {
		for _, a := range r.Accounts() {
			if a.State == model.AccountActive {
				accounts[a] = true
			}
		}
	}
	g.Accounts = len(accounts)
	for _, user := range g.Rules[0].enabled() {
		g.People++
		if !user.holdsIn(accounts, g.Set, now) {
			g.Gaining++
		}
	}
}

// holdsIn reports whether a person holds a set in all of some accounts.
func (u *User) holdsIn(accounts map[*Account]bool, set *Set, now time.Time) bool {
	left := len(accounts)
	seen := map[*Account]bool{}
	for _, r := range u.Rules() {
		if r.Set != set || !r.Holds(now) {
			continue
		}
		for _, a := range r.Accounts() {
			if accounts[a] && !seen[a] {
				seen[a] = true
				left--
			}
		}
	}
	return left == 0
}

// NewAdministrators returns the enabled people whom supposed rules would make administrators of the console, who are
// none now, in order of their names.
func (s *Snapshot) NewAdministrators(rules []*Rule, now time.Time) []*User {
	management := s.accounts[s.Organization.ManagementAccount]
	if management == nil || management.State != model.AccountActive {
		return nil
	}
	people := map[*User]bool{}
	for _, r := range rules {
		if !r.Reaches(management) || !s.administers(anybody(management, r), now, false) {
			continue
		}
		for _, u := range r.enabled() {
			if !people[u] && !s.Administers(u.ID, now, false) {
				people[u] = true
			}
		}
	}
	return inOrder(people)
}

// anybody is the role that a rule gives somebody in an account, whoever it is.
func anybody(account *Account, r *Rule) Role {
	return Role{User: &User{UserName: "anybody"}, Account: account, Set: r.Set, Via: []*Rule{r}}
}

// Losing returns how many enabled people a rule gives its set to at a moment, and how many of them no longer hold it in
// every account once access is as another snapshot has it.
func Losing(rule *Rule, after *Snapshot, now time.Time) (losing, people int) {
	accounts := map[*Account]bool{}
	for _, a := range rule.active(now) {
		if later := after.accounts[a.ID]; later != nil {
			accounts[later] = true
		}
	}
	if len(accounts) == 0 {
		return 0, 0
	}
	set := after.sets[rule.Set.ID]
	for _, u := range rule.enabled() {
		people++
		if later := after.users[u.ID]; later == nil || !later.holdsIn(accounts, set, now) {
			losing++
		}
	}
	return losing, people
}

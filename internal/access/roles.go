package access

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/model"
)

// Role is a permission set that a person holds in an account, and every rule through which they hold it.
type Role struct {
	User    *User
	Account *Account
	Set     *Set
	Via     []*Rule // never empty; rules in force at the moment of the question
}

// ExpiresAt is the moment from which nothing gives the role any more; zero when at least one rule has no end.
func (r Role) ExpiresAt() time.Time {
	var last time.Time
	for _, rule := range r.Via {
		if rule.ExpiresAt.IsZero() {
			return time.Time{}
		}
		if rule.ExpiresAt.After(last) {
			last = rule.ExpiresAt
		}
	}
	return last
}

// ARN is the ARN of the role in the account.
func (s *Snapshot) ARN(r Role) string {
	return model.PermissionSet{ID: r.Set.ID, Name: r.Set.Name}.RoleARN(r.Account.ID, s.Organization.Region)
}

// SessionARN is the ARN of the person's session with the role.
func (s *Snapshot) SessionARN(r Role) string {
	return model.PermissionSet{ID: r.Set.ID, Name: r.Set.Name}.SessionARN(r.Account.ID, model.SessionName(r.User.UserName))
}

// Roles returns every role that a person holds at a moment, by account name and then set name. A disabled person holds
// none, and an account that is not active offers none.
func (s *Snapshot) Roles(id model.UserID, now time.Time) []Role {
	user := s.userByID[id]
	if user == nil || !user.Enabled {
		return nil
	}
	roles := map[roleKey]*Role{}
	for rule := range s.rulesFor(user) {
		if !rule.Holds(now) {
			continue
		}
		for _, account := range rule.Accounts() {
			if account.State != model.AccountActive {
				continue
			}
			key := roleKey{account, rule.Set}
			if roles[key] == nil {
				roles[key] = &Role{User: user, Account: account, Set: rule.Set}
			}
			roles[key].Via = append(roles[key].Via, rule)
		}
	}
	return sorted(roles)
}

type roleKey struct {
	account *Account
	set     *Set
}

func (s *Snapshot) rulesFor(user *User) func(yield func(*Rule) bool) {
	return func(yield func(*Rule) bool) {
		for _, rule := range s.rulesOfUser[user.pk] {
			if !yield(rule) {
				return
			}
		}
		for _, group := range user.Groups {
			for _, rule := range s.rulesOfGroup[group.pk] {
				if !yield(rule) {
					return
				}
			}
		}
	}
}

func sorted(roles map[roleKey]*Role) []Role {
	list := make([]Role, 0, len(roles))
	for _, r := range roles {
		list = append(list, *r)
	}
	slices.SortFunc(list, func(a, b Role) int {
		return cmp.Or(compareNames(a.Account.Name, b.Account.Name, string(a.Account.ID), string(b.Account.ID)),
			compareNames(a.Set.Name, b.Set.Name, string(a.Set.ID), string(b.Set.ID)))
	})
	return list
}

// Role returns the role that a set gives a person in an account at a moment; false when they do not hold it.
func (s *Snapshot) Role(user model.UserID, account model.AccountID, set model.PermissionSetID, now time.Time) (Role, bool) {
	for _, r := range s.Roles(user, now) {
		if r.Account.ID == account && r.Set.ID == set {
			return r, true
		}
	}
	return Role{}, false
}

// Supposed returns the role as if the person held it: for questions about a set that nobody gave them. Via is empty.
// false when one of the three does not exist.
func (s *Snapshot) Supposed(user model.UserID, account model.AccountID, set model.PermissionSetID) (Role, bool) {
	r := Role{User: s.userByID[user], Account: s.accountByID[account], Set: s.setByID[set]}
	return r, r.User != nil && r.Account != nil && r.Set != nil
}

// InAccount returns every role that anybody holds in an account at a moment, by set and then person.
func (s *Snapshot) InAccount(id model.AccountID, now time.Time) []Role {
	return s.filter(now, func(r Role) bool { return r.Account.ID == id })
}

// OfSet returns every role that comes from a permission set at a moment.
func (s *Snapshot) OfSet(id model.PermissionSetID, now time.Time) []Role {
	return s.filter(now, func(r Role) bool { return r.Set.ID == id })
}

func (s *Snapshot) filter(now time.Time, keep func(Role) bool) []Role {
	var list []Role
	for id := range s.userByID {
		for _, r := range s.Roles(id, now) {
			if keep(r) {
				list = append(list, r)
			}
		}
	}
	slices.SortFunc(list, func(a, b Role) int {
		return cmp.Or(
			compareNames(a.Account.Name, b.Account.Name, string(a.Account.ID), string(b.Account.ID)),
			compareNames(a.Set.Name, b.Set.Name, string(a.Set.ID), string(b.Set.ID)),
			compareNames(a.User.DisplayName, b.User.DisplayName, string(a.User.ID), string(b.User.ID)))
	})
	return list
}

// compareNames orders by name whatever the case, then by id.
func compareNames(a, b, idA, idB string) int {
	return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(idA, idB))
}

package access

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
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
	Via     []*Rule // rules in force at the moment of the question; empty only in a supposed role
}

// ID identifies the role among all roles of all people: 32 hex digits, the same as long as the three exist.
func (r Role) ID() string {
	return digest("role", string(r.User.ID), string(r.Account.ID), string(r.Set.ID))
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

// RoleID returns the unique id of the role of a set in an account, AROA and 17 characters: the same for ever, because
// it is derived.
func RoleID(set model.PermissionSetID, account model.AccountID) string {
	sum := sha256.Sum256([]byte("role id\x00" + string(set) + "\x00" + string(account)))
	return "AROA" + base32.StdEncoding.EncodeToString(sum[:])[:17]
}

// RowID returns the id of the row that a rule comes to in an account, 32 hex digits: AWS lists rows, we keep the rule.
func RowID(rule model.AssignmentID, account model.AccountID) string {
	return digest("row", string(rule), string(account))
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// Roles returns every role that a person holds at a moment, by account name and then set name. A disabled person holds
// none, and an account that is not active offers none.
func (s *Snapshot) Roles(id model.UserID, now time.Time) []Role {
	user := s.users[id]
	if user == nil {
		return nil
	}
	return held(user.Rules(), scope{user: user}, now)
}

// Role returns the role that a set gives a person in an account at a moment; false when they do not hold it.
func (s *Snapshot) Role(user model.UserID, account model.AccountID, set model.PermissionSetID, now time.Time,
) (Role, bool) {
	for _, r := range s.rolesIn(s.users[user], s.accounts[account], now) {
		if r.Set.ID == set {
			return r, true
		}
	}
	return Role{}, false
}

// rolesIn returns the roles of one person in one account, by set name.
func (s *Snapshot) rolesIn(user *User, account *Account, now time.Time) []Role {
	if user == nil || account == nil {
		return nil
	}
	reaching := slices.DeleteFunc(user.Rules(), func(r *Rule) bool { return !r.Reaches(account) })
	return held(reaching, scope{user: user, account: account}, now)
}

// InAccount returns every role that anybody holds in an account at a moment, by set and then person.
func (s *Snapshot) InAccount(id model.AccountID, now time.Time) []Role {
	account := s.accounts[id]
	if account == nil {
		return nil
	}
	return held(account.Rules(), scope{account: account}, now)
}

// OfSet returns every role that comes from a permission set at a moment, by account and then person.
func (s *Snapshot) OfSet(id model.PermissionSetID, now time.Time) []Role {
	set := s.sets[id]
	if set == nil {
		return nil
	}
	return held(set.Rules(), scope{}, now)
}

// OfGroup returns every role that a group gives an enabled member at a moment, by account and then set. The user of
// these roles is nobody in particular.
func (s *Snapshot) OfGroup(id model.GroupID, now time.Time) []Role {
	return held(s.RulesOf(id), scope{user: &User{Enabled: true}}, now)
}

// Supposed returns the role as if the person held it: for questions about a set that nobody gave them. Via is empty.
// false when one of the three does not exist.
func (s *Snapshot) Supposed(user model.UserID, account model.AccountID, set model.PermissionSetID) (Role, bool) {
	r := Role{User: s.users[user], Account: s.accounts[account], Set: s.sets[set]}
	return r, r.User != nil && r.Account != nil && r.Set != nil
}

// scope narrows rules to one person or one account, which all of them reach; nil stands for everybody and everywhere.
type scope struct {
	user    *User
	account *Account
}

func (s scope) people(r *Rule) []*User {
	if s.user != nil {
		return []*User{s.user}
	}
	return r.People()
}

func (s scope) accounts(r *Rule) []*Account {
	if s.account != nil {
		return []*Account{s.account}
	}
	return r.Accounts()
}

type roleKey struct {
	user    *User
	account *Account
	set     *Set
}

// held folds rules into the roles that they give at a moment, by account, set and person.
func held(rules []*Rule, within scope, now time.Time) []Role {
	var roles []Role
	position := map[roleKey]int{}
	for _, rule := range rules {
		if !rule.Holds(now) {
			continue
		}
		for _, account := range within.accounts(rule) {
			if account.State != model.AccountActive {
				continue
			}
			for _, user := range within.people(rule) {
				if !user.Enabled {
					continue
				}
				key := roleKey{user, account, rule.Set}
				at, known := position[key]
				if !known {
					at = len(roles)
					position[key] = at
					roles = append(roles, Role{User: user, Account: account, Set: rule.Set})
				}
				roles[at].Via = append(roles[at].Via, rule)
			}
		}
	}
	slices.SortFunc(roles, func(a, b Role) int {
		return cmp.Or(strings.Compare(a.Account.order, b.Account.order), strings.Compare(a.Set.order, b.Set.order),
			strings.Compare(a.User.order, b.User.order))
	})
	return roles
}

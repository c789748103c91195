package access

import (
	"time"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// Entry counts who can enter some accounts.
type Entry struct {
	People         int // enabled people who hold at least one role there
	Administrators int // those of them who can give themselves anything in one of the accounts
}

// Entry counts who can enter any of some accounts at a moment.
func (s *Snapshot) Entry(accounts []*Account, now time.Time) Entry {
	people, seen := map[*User]bool{}, map[sighting]bool{}
	for _, account := range accounts {
		if account.State != model.AccountActive {
			continue
		}
		for _, rule := range account.Rules() {
			if !rule.Holds(now) {
				continue
			}
			at := sighting{rule, s.Unbounded(rule.Set, account, now)}
			if seen[at] {
				continue
			}
			seen[at] = true
			for _, user := range rule.People() {
				if user.Enabled {
					people[user] = people[user] || at.unbounded
				}
			}
		}
	}
	entry := Entry{People: len(people)}
	for _, unbounded := range people {
		if unbounded {
			entry.Administrators++
		}
	}
	return entry
}

type sighting struct {
	rule      *Rule
	unbounded bool
}

// selfGranting are the acts with which somebody can give a role, and so themselves, any permission.
var selfGranting = []string{"iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"}

// Unbounded reports whether a set lets its holders, given a second factor, give themselves anything in an account: make
// any role and attach any policy to it.
func (s *Snapshot) Unbounded(set *Set, account *Account, now time.Time) bool {
	role := Role{User: &User{UserName: "somebody"}, Account: account, Set: set}
	c := Circumstances{Now: now, MFA: true, FactorAt: now}
	anyRole := "arn:aws:iam::" + string(account.ID) + ":role/any"
	for _, action := range selfGranting {
		result, err := eval.Decide(s.Input(role, c, Request{Action: action, Resource: anyRole}))
		if err != nil || result.Decision != eval.Allowed {
			return false
		}
	}
	return true
}

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

// Census counts who can enter accounts at one moment. Counting for many units and accounts, it judges every permission set
// in every account once at most. It is for one goroutine.
type Census struct {
	snapshot  *Snapshot
	now       time.Time
	unbounded map[offer]bool
}

// offer is a permission set in an account.
type offer struct {
	set     *Set
	account *Account
}

// principal is whom a rule gives its role: one of the two.
type principal struct {
	user  *User
	group *Group
}

// Census returns a Census of a moment.
func (s *Snapshot) Census(now time.Time) *Census {
	return &Census{snapshot: s, now: now, unbounded: map[offer]bool{}}
}

// Entry counts who can enter any of some accounts.
func (c *Census) Entry(accounts []*Account) Entry {
	people, settled := map[*User]bool{}, map[principal]bool{} // each with whether they count as administrators
	for _, account := range accounts {
		if account.State != model.AccountActive {
			continue
		}
		for _, rule := range account.Rules() {
			given := principal{rule.User, rule.Group}
			administer, seen := settled[given]
			if administer || !rule.Holds(c.now) {
				continue
			}
			administer = c.judge(offer{rule.Set, account})
			if seen && !administer {
				continue
			}
			settled[given] = administer
			for _, user := range rule.People() {
				if user.Enabled {
					people[user] = people[user] || administer
				}
			}
		}
	}
	entry := Entry{People: len(people)}
	for _, administers := range people {
		if administers {
			entry.Administrators++
		}
	}
	return entry
}

func (c *Census) judge(o offer) bool {
	unbounded, known := c.unbounded[o]
	if !known {
		unbounded = c.snapshot.Unbounded(o.set, o.account, c.now)
		c.unbounded[o] = unbounded
	}
	return unbounded
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

package access

import (
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/model"
)

// Reach is how far a permission set reaches at a moment.
type Reach struct {
	Rules    int // assignments, in force or not
	Accounts int // active accounts in which somebody holds it
	People   int // enabled people who hold it
}

// Reach returns how far a permission set reaches at a moment.
func (s *Snapshot) Reach(id model.PermissionSetID, now time.Time) Reach {
	set := s.sets[id]
	if set == nil {
		return Reach{}
	}
	accounts, people := set.reached(now)
	return Reach{Rules: len(set.rules), Accounts: len(accounts), People: len(people)}
}

// Holders returns the people who hold the set in at least one account at a moment, by display name.
func (s *Set) Holders(now time.Time) []*User {
	_, people := s.reached(now)
	return inOrder(people)
}

// inOrder returns people in order of their names.
func inOrder(people map[*User]bool) []*User {
	return slices.SortedFunc(maps.Keys(people), func(a, b *User) int { return strings.Compare(a.order, b.order) })
}

// HeldIn returns the accounts in which at least one person holds the set at a moment, by name.
func (s *Set) HeldIn(now time.Time) []*Account {
	accounts, _ := s.reached(now)
	return slices.SortedFunc(maps.Keys(accounts), func(a, b *Account) int { return strings.Compare(a.order, b.order) })
}

func (s *Set) reached(now time.Time) (map[*Account]bool, map[*User]bool) {
	accounts, people := map[*Account]bool{}, map[*User]bool{}
	for _, rule := range s.rules {
		active, enabled := rule.active(now), rule.enabled()
		if len(active) == 0 || len(enabled) == 0 {
			continue
		}
		for _, account := range active {
			accounts[account] = true
		}
		for _, user := range enabled {
			people[user] = true
		}
	}
	return accounts, people
}

// active returns the accounts in which the rule offers its role at a moment.
func (r *Rule) active(now time.Time) []*Account {
	if !r.Holds(now) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Accounts()), func(a *Account) bool { return a.State != model.AccountActive })
}

// enabled returns the people of the rule who can sign in.
func (r *Rule) enabled() []*User {
	return slices.DeleteFunc(slices.Clone(r.People()), func(u *User) bool { return !u.Enabled })
}

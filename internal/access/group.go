package access

import (
	"slices"
	"time"

	"gatehouse/internal/model"
)

// RulesOf returns the rules that are made for a group, in the order they were made.
func (s *Snapshot) RulesOf(id model.GroupID) []*Rule {
	if group := s.groupByID[id]; group != nil {
		return s.rulesOfGroup[group.pk]
	}
	return nil
}

// DirectRules returns the rules that are made for a person alone, in the order they were made.
func (s *Snapshot) DirectRules(id model.UserID) []*Rule {
	if user := s.userByID[id]; user != nil {
		return s.rulesOfUser[user.pk]
	}
	return nil
}

// Empowers reports whether a group makes its members administrators of the console at a moment.
func (s *Snapshot) Empowers(id model.GroupID, now time.Time) bool {
	c, anybody := Circumstances{Now: now, MFA: true, FactorAt: now}, &User{UserName: "anybody"}
	management := s.accountByID[s.Organization.ManagementAccount]
	return slices.ContainsFunc(s.RulesOf(id), func(rule *Rule) bool {
		return rule.Holds(now) && slices.Contains(rule.Accounts(), management) &&
			s.allowsAll(Role{User: anybody, Account: management, Set: rule.Set, Via: []*Rule{rule}}, c)
	})
}

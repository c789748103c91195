package access

import (
	"time"

	"gatehouse/internal/model"
)

// RulesOf returns the rules that are made for a group, in the order they were made.
func (s *Snapshot) RulesOf(id model.GroupID) []*Rule {
	return s.rulesOf(model.Principal{Kind: model.PrincipalGroup, ID: string(id)})
}

// DirectRules returns the rules that are made for a person alone, in the order they were made.
func (s *Snapshot) DirectRules(id model.UserID) []*Rule {
	return s.rulesOf(model.Principal{Kind: model.PrincipalUser, ID: string(id)})
}

// rulesOf returns the rules that name a principal itself.
func (s *Snapshot) rulesOf(p model.Principal) []*Rule {
	if p.Kind == model.PrincipalGroup {
		if g := s.groups[model.GroupID(p.ID)]; g != nil {
			return g.rules
		}
	} else if u := s.users[model.UserID(p.ID)]; u != nil {
		return u.rules
	}
	return nil
}

// Empowers reports whether a group makes its members such as could administer the console, at a moment.
func (s *Snapshot) Empowers(id model.GroupID, now time.Time) bool {
	management := s.accounts[s.Organization.ManagementAccount]
	if management == nil || management.State != model.AccountActive {
		return false
	}
	for _, rule := range s.RulesOf(id) {
		if rule.Holds(now) && rule.Reaches(management) && s.promotes(anybody(management, rule), now) {
			return true
		}
	}
	return false
}

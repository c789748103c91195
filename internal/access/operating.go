package access

import (
	"time"

	"gatehouse/internal/model"
)

// Operating is that a rule gives a person a version of a permission set in the management account: what operates the console.
type Operating struct {
	Rule    model.AssignmentID
	User    model.UserID
	Set     model.PermissionSetID
	Version int64
}

// Operating returns what operates the console at a moment or later on, whether the people are enabled or not: who waits for a
// rule to begin, or to be enabled, has it as good as in hand.
func (s *Snapshot) Operating(now time.Time) map[Operating]bool {
	all := map[Operating]bool{}
	for _, r := range s.operatingRules(now) {
		for _, u := range r.People() {
			all[Operating{r.ID, u.ID, r.Set.ID, r.Set.Version}] = true
		}
	}
	return all
}

// OperatesMore reports whether somebody operates the console in a way in which they did not before, when access was as another
// snapshot has it.
func (s *Snapshot) OperatesMore(before *Snapshot, now time.Time) bool {
	had := before.Operating(now)
	for o := range s.Operating(now) {
		if !had[o] {
			return true
		}
	}
	return false
}

// WillOperate reports whether a person operates the console at a moment or later on, enabled or not.
func (s *Snapshot) WillOperate(user model.UserID, now time.Time) bool {
	for o := range s.Operating(now) {
		if o.User == user {
			return true
		}
	}
	return false
}

// operatingRules are the rules that reach the management account and are not over.
func (s *Snapshot) operatingRules(now time.Time) []*Rule {
	account := s.accounts[s.Organization.ManagementAccount]
	if account == nil {
		return nil
	}
	var rules []*Rule
	for _, r := range account.Rules() {
		if r.ExpiresAt.IsZero() || now.Before(r.ExpiresAt) {
			rules = append(rules, r)
		}
	}
	return rules
}

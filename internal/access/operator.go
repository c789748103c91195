package access

import (
	"iter"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// Question is an act in the console that needs permission.
type Question struct {
	Action   string              // such as sso:CreateAccountAssignment
	Resource string              // ARN, or *
	Account  model.AccountID     // what it is about, for aws:ResourceOrgPaths; empty: the management account
	OU       model.OUID          // what it is about when that is a unit
	Keys     map[string][]string // further condition keys
}

// Answer says whether an operator may, and through what.
type Answer struct {
	Allowed bool
	Grant   string    // ARN of the role session that allows it
	Roles   []Refusal // when refused: why each of the person's roles in the management account does not
}

// Refusal is a role that does not allow an act.
type Refusal struct {
	Role     Role
	Question Question // the first that the role does not allow
	Result   eval.Result
}

// May answers whether a person may act on the console: exactly if one of their roles in the management account allows
// everything the act asks for. Each role is judged alone; the first that allows is named. A policy that cannot be read
// refuses.
func (s *Snapshot) May(user model.UserID, c Circumstances, questions ...Question) Answer {
	var answer Answer
	for _, role := range s.operatorRoles(user, c.Now) {
		refusal, refused := s.refusal(role, c, questions)
		if !refused {
			return Answer{Allowed: true, Grant: s.SessionARN(role)}
		}
		answer.Roles = append(answer.Roles, refusal)
	}
	return answer
}

// operatorRoles returns the roles of a person in the management account.
func (s *Snapshot) operatorRoles(user model.UserID, now time.Time) []Role {
	return s.rolesIn(s.users[user], s.accounts[s.Organization.ManagementAccount], now)
}

func (s *Snapshot) refusal(role Role, c Circumstances, questions []Question) (Refusal, bool) {
	for _, q := range questions {
		if result := s.judge(role, c, q); result.Decision != eval.Allowed {
			return Refusal{Role: role, Question: q, Result: result}, true
		}
	}
	return Refusal{}, false
}

func (s *Snapshot) judge(role Role, c Circumstances, q Question) eval.Result {
	result, err := eval.Decide(s.operatorInput(role, c, q))
	if err != nil {
		return eval.Result{} // the zero result refuses
	}
	return result
}

func (s *Snapshot) operatorInput(role Role, c Circumstances, q Question) *eval.Input {
	in := s.Input(role, c, Request{Action: q.Action, Resource: q.Resource,
		ResourceAccount: s.Organization.ManagementAccount, Keys: q.Keys})
	// The resource is the console's own; what it is about only shows in the organization path.
	if account := s.accounts[q.Account]; account != nil {
		in.Context.SetMany("aws:ResourceOrgPaths", s.orgPath(account.OU))
	}
	if unit := s.ous[q.OU]; unit != nil {
		in.Context.SetMany("aws:ResourceOrgPaths", s.orgPath(unit))
	}
	return in
}

// Operates reports whether a person holds any role in the management account: whether the console is for them.
func (s *Snapshot) Operates(user model.UserID, now time.Time) bool {
	return len(s.operatorRoles(user, now)) > 0
}

// administration are the acts that only an administrator may all do. The last two are patterns asked about as they
// stand: only a statement that covers all actions of the service covers them.
var administration = []string{
	"sso:CreatePermissionSet", "sso:PutInlinePolicyToPermissionSet", "sso:DeletePermissionSet",
	"sso:CreateAccountAssignment", "sso:DeleteAccountAssignment",
	"identitystore:CreateUser", "identitystore:UpdateUser", "identitystore:DeleteUser",
	"identitystore:CreateGroup", "identitystore:CreateGroupMembership", "identitystore:DeleteGroupMembership",
	"sso:*", "identitystore:*",
}

// Administers reports whether a person can administer the console at a moment, given a second factor: whether one role
// of theirs in the management account allows all of sso: and identitystore:. With lasting, only roles without end
// count.
func (s *Snapshot) Administers(user model.UserID, now time.Time, lasting bool) bool {
	for _, role := range s.operatorRoles(user, now) {
		if s.administers(role, now, lasting) {
			return true
		}
	}
	return false
}

func (s *Snapshot) administers(role Role, now time.Time, lasting bool) bool {
	if lasting && !role.ExpiresAt().IsZero() {
		return false
	}
	c := Circumstances{Now: now, MFA: true, FactorAt: now}
	for _, action := range administration {
		if s.judge(role, c, Question{Action: action, Resource: "*"}).Decision != eval.Allowed {
			return false
		}
	}
	return true
}

// promotion are acts of which one is enough, where it is allowed on everything, to make oneself an administrator, or to take an
// administrator's place.
var promotion = []string{"sso:CreateAccountAssignment", "sso:PutInlinePolicyToPermissionSet",
	"sso:AttachManagedPolicyToPermissionSet", "sso:DeleteInlinePolicyFromPermissionSet",
	"sso:DetachManagedPolicyFromPermissionSet", "sso:DeletePermissionsBoundaryFromPermissionSet",
	"identitystore:CreateGroupMembership", "gatehouse:ResetMFA"}

// CouldAdminister reports whether a person administers the console at a moment, or holds a role that lets them do one of the acts
// of promotion on everything and everybody. What a role allows on some things alone is not looked into.
func (s *Snapshot) CouldAdminister(user model.UserID, now time.Time) bool {
	return slices.ContainsFunc(s.operatorRoles(user, now), func(role Role) bool { return s.promotes(role, now) })
}

// promotes reports whether a role administers the console or leads to one that does.
func (s *Snapshot) promotes(role Role, now time.Time) bool {
	c := Circumstances{Now: now, MFA: true, FactorAt: now}
	anybody := map[string][]string{"gatehouse:TargetIsAdministrator": {"true"}}
	return s.administers(role, now, false) || slices.ContainsFunc(promotion, func(action string) bool {
		return s.judge(role, c, Question{Action: action, Resource: "*", Keys: anybody}).Decision == eval.Allowed
	})
}

// HasAdministrator reports whether at least one enabled person can administer the console without end.
func (s *Snapshot) HasAdministrator(now time.Time) bool {
	for range s.LastingAdministrators(now) {
		return true
	}
	return false
}

// LastingAdministrators yields the enabled people who can administer the console without end, some perhaps more than once.
func (s *Snapshot) LastingAdministrators(now time.Time) iter.Seq[*User] {
	return func(yield func(*User) bool) {
		for _, role := range s.InAccount(s.Organization.ManagementAccount, now) {
			if s.administers(role, now, true) && !yield(role.User) {
				return
			}
		}
	}
}

// Administrators returns the enabled people who can administer the console at a moment, by name.
func (s *Snapshot) Administrators(now time.Time) []*User {
	var list []*User
	for _, u := range s.users {
		if s.Administers(u.ID, now, false) {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b *User) int { return strings.Compare(a.order, b.order) })
	return list
}

package access

import (
	"crypto/sha256"
	"encoding/base32"
	"time"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// Question is an act in the console that needs permission.
type Question struct {
	Action   string              // such as sso:CreateAccountAssignment
	Resource string              // ARN, or *
	Account  model.AccountID     // owner of the resource, for aws:ResourceOrgPaths; empty: the management account
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
	Role   Role
	Result eval.Result
}

// May answers whether a person may act on the console: exactly if one of their roles in the management account allows it.
// Each role is judged alone; the first that allows is named. A policy that cannot be read refuses.
func (s *Snapshot) May(user model.UserID, c Circumstances, q Question) Answer {
	var answer Answer
	for _, role := range s.Roles(user, c.Now) {
		if role.Account.ID != s.Organization.ManagementAccount {
			continue
		}
		result := s.judge(role, c, q)
		if result.Decision == eval.Allowed {
			return Answer{Allowed: true, Grant: s.SessionARN(role)}
		}
		answer.Roles = append(answer.Roles, Refusal{Role: role, Result: result})
	}
	return answer
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
	// The resource is the console's own; the account it is about only shows in the organization path.
	if account := s.accountByID[q.Account]; account != nil {
		in.Context.SetMany("aws:ResourceOrgPaths", s.orgPath(account))
	}
	return in
}

// Operates reports whether a person holds any role in the management account: whether the console is for them.
func (s *Snapshot) Operates(user model.UserID, now time.Time) bool {
	for _, role := range s.Roles(user, now) {
		if role.Account.ID == s.Organization.ManagementAccount {
			return true
		}
	}
	return false
}

// administration are the acts that only an administrator may all do; lastingOnly leaves out grants with an end.
var administration = []string{
	"sso:CreatePermissionSet", "sso:PutInlinePolicyToPermissionSet", "sso:DeletePermissionSet",
	"sso:CreateAccountAssignment", "sso:DeleteAccountAssignment",
	"identitystore:CreateUser", "identitystore:UpdateUser", "identitystore:DeleteUser",
	"identitystore:CreateGroup", "identitystore:CreateGroupMembership", "identitystore:DeleteGroupMembership",
	"sso:*", "identitystore:*",
}

// Administers reports whether a person can administer the console at a moment, given a second factor: whether one role of
// theirs in the management account allows all of sso: and identitystore:. With lasting, only rules without end count.
func (s *Snapshot) Administers(user model.UserID, now time.Time, lasting bool) bool {
	c := Circumstances{Now: now, MFA: true, FactorAt: now}
	for _, role := range s.Roles(user, now) {
		if role.Account.ID != s.Organization.ManagementAccount || (lasting && !role.ExpiresAt().IsZero()) {
			continue
		}
		if s.allowsAll(role, c) {
			return true
		}
	}
	return false
}

func (s *Snapshot) allowsAll(role Role, c Circumstances) bool {
	for _, action := range administration {
		if s.judge(role, c, Question{Action: action, Resource: "*"}).Decision != eval.Allowed {
			return false
		}
	}
	return true
}

// HasAdministrator reports whether at least one enabled person can administer the console without end.
func (s *Snapshot) HasAdministrator(now time.Time) bool {
	for id := range s.userByID {
		if s.Administers(id, now, true) {
			return true
		}
	}
	return false
}

// RoleID returns the unique id of the role of a set in an account, AROA and 17 characters: the same for ever, because it is derived.
func RoleID(set model.PermissionSetID, account model.AccountID) string {
	sum := sha256.Sum256([]byte("role id\x00" + string(set) + "\x00" + string(account)))
	return "AROA" + base32.StdEncoding.EncodeToString(sum[:])[:17]
}

package model

import (
	"time"
)

// PrincipalKind says what an assignment gives access to.
type PrincipalKind string

// The kinds of principal, in AWS's words.
const (
	PrincipalUser  PrincipalKind = "USER"
	PrincipalGroup PrincipalKind = "GROUP"
)

// TargetKind says where an assignment or a policy attachment holds.
type TargetKind string

// The kinds of target. AWS assigns to accounts only; Gatehouse also follows an OU.
const (
	TargetAccount TargetKind = "AWS_ACCOUNT"
	TargetOU      TargetKind = "ORGANIZATIONAL_UNIT"
)

// Principal is who gets access: a user or a group.
type Principal struct {
	Kind PrincipalKind
	ID   string // a UserID or a GroupID
}

// Target is where access or a guardrail holds: an account, or an OU with everything below it.
type Target struct {
	Kind TargetKind
	ID   string // an AccountID or an OUID
}

// Assignment is a rule: who gets which permission set where, from when to when, and why. Which accounts that means is
// derived from the organization as it is at that moment.
type Assignment struct {
	ID            AssignmentID
	Principal     Principal
	PermissionSet PermissionSetID
	Target        Target
	StartsAt      time.Time // zero: at once
	ExpiresAt     time.Time // zero: without end; the first second in which it grants nothing
	Reason        string    // why, up to 1024 characters
	CreatedBy     UserID
	CreatedAt     time.Time
}

// AssignmentState is where a rule is in its life at a moment.
type AssignmentState string

// The states of a rule.
const (
	AssignmentLasting   AssignmentState = "lasting"   // in force, without end or with one beyond EndsSoon
	AssignmentEnding    AssignmentState = "ending"    // in force, and ends soon
	AssignmentScheduled AssignmentState = "scheduled" // starts later
	AssignmentExpired   AssignmentState = "expired"   // over: grants nothing, and stays in the list until it is removed
)

// EndsSoon is how long before its end a rule counts as ending.
const EndsSoon = 7 * 24 * time.Hour

// State returns where the rule is in its life at a moment.
func (a Assignment) State(now time.Time) AssignmentState {
	switch {
	case now.Before(a.StartsAt):
		return AssignmentScheduled
	case a.ExpiresAt.IsZero() || a.ExpiresAt.After(now.Add(EndsSoon)):
		return AssignmentLasting
	case a.ExpiresAt.After(now):
		return AssignmentEnding
	}
	return AssignmentExpired
}

// Holds reports whether the rule is in force at a moment.
func (a Assignment) Holds(now time.Time) bool {
	return !now.Before(a.StartsAt) && (a.ExpiresAt.IsZero() || now.Before(a.ExpiresAt))
}

// Check reports what is wrong with the rule at the moment it is made.
func (a Assignment) Check(now time.Time) error {
	p := Problems{}
	if a.Principal.ID == "" || (a.Principal.Kind != PrincipalUser && a.Principal.Kind != PrincipalGroup) {
		p.Add("principals", "Choose at least one group or person.")
	}
	if a.PermissionSet == "" {
		p.Add("permission_sets", "Choose at least one permission set.")
	}
	if a.Target.ID == "" || (a.Target.Kind != TargetAccount && a.Target.Kind != TargetOU) {
		p.Add("targets", "Choose at least one account or organizational unit.")
	}
	if !a.ExpiresAt.IsZero() && !a.ExpiresAt.After(now) {
		p.Add("expires_at", "The end lies in the past.")
	}
	if !a.ExpiresAt.IsZero() && !a.ExpiresAt.After(a.StartsAt) {
		p.Add("expires_at", "The end lies before the start.")
	}
	checkOptional(p, "reason", a.Reason, 1024)
	return p.Err()
}

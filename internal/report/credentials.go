// Package report owns computed tables: what is in the rows and columns of the credential report, how a cell is written,
// and how a report that was generated is read back and filtered.
//
// It leaves generating, keeping and authorising to internal/center, and never writes.
package report

import (
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Columns are the columns of the credential report for directory users, in order. Where AWS's report for IAM users has
// the same column, it has the same name and the same values.
var Columns = []string{
	"user", "arn", "user_creation_time", "status", "email", "groups", "last_sign_in", "password_enabled",
	"password_last_changed", "password_last_used", "password_next_rotation", "mfa_active", "totp_devices",
	"webauthn_devices", "recovery_codes_left", "active_sessions", "accounts", "permission_sets", "last_role_session",
}

// AWS's words for a value that cannot be and for one that is not known.
const (
	notApplicable = "N/A"            // there is no such credential
	noInformation = "no_information" // there is one, and it was never used
)

// timeForm is how AWS's report writes times: ISO 8601 in UTC with +00:00.
const timeForm = "2006-01-02T15:04:05+00:00"

// Credentials writes the credential report: a header and a line per person, LF between lines and none at the end, as
// AWS's report is written. Cells that a spreadsheet would take for a formula are led by an apostrophe.
func Credentials(people []store.Credentials, s *access.Snapshot, policy model.SignInPolicy, now time.Time) (string, error) {
	lines := [][]string{Columns}
	for _, p := range people {
		lines = append(lines, line(p, s, policy, now))
	}
	file, err := File(lines)
	return strings.TrimSuffix(file, "\n"), err
}

func line(p store.Credentials, s *access.Snapshot, policy model.SignInPolicy, now time.Time) []string {
	accounts, sets := reach(s, p.ID, now)
	return []string{
		p.UserName, s.Organization.UserARN(p.ID), moment(p.CreatedAt, ""), string(p.Status), p.Email, groups(s, p.ID),
		moment(p.LastSignIn, noInformation), strconv.FormatBool(!p.PasswordChangedAt.IsZero()),
		moment(p.PasswordChangedAt, notApplicable), passwordUsed(p), nextRotation(p, policy),
		strconv.FormatBool(p.TOTPDevices+p.SecurityKeys > 0), strconv.Itoa(p.TOTPDevices), strconv.Itoa(p.SecurityKeys),
		strconv.Itoa(p.RecoveryCodesLeft), strconv.Itoa(p.ActiveSessions), strconv.Itoa(accounts), strconv.Itoa(sets),
		moment(p.LastRoleSession, notApplicable),
	}
}

func passwordUsed(p store.Credentials) string {
	if p.PasswordChangedAt.IsZero() {
		return notApplicable
	}
	return moment(p.PasswordUsedAt, noInformation)
}

// nextRotation is when the sign-in policy has the password replaced.
func nextRotation(p store.Credentials, policy model.SignInPolicy) string {
	if p.PasswordChangedAt.IsZero() || policy.MaxAge == 0 {
		return notApplicable
	}
	return moment(p.PasswordChangedAt.Add(policy.PasswordLife()), notApplicable)
}

func moment(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.UTC().Format(timeForm)
}

func groups(s *access.Snapshot, id model.UserID) string {
	user := s.User(id)
	if user == nil {
		return ""
	}
	names := make([]string, len(user.Groups))
	for i, g := range user.Groups {
		names[i] = g.Name
	}
	return strings.Join(names, "; ")
}

// reach counts the accounts and the permission sets that a person holds roles in and through.
func reach(s *access.Snapshot, id model.UserID, now time.Time) (accounts, sets int) {
	inAccount, throughSet := map[model.AccountID]bool{}, map[model.PermissionSetID]bool{}
	for _, role := range s.Roles(id, now) {
		inAccount[role.Account.ID], throughSet[role.Set.ID] = true, true
	}
	return len(inAccount), len(throughSet)
}

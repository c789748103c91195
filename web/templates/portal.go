package templates

import (
	"fmt"
	"time"
)

// PortalPage is what a person may use: their roles by account, and the credentials they took.
type PortalPage struct {
	Greeting string
	Roles    int // of all accounts, whatever the filter says
	Accounts int
	EndsAt   time.Time // of the browser's session
	MFA      bool
	Recent   []PortalRole // used last, the latest first
	List     PortalAccounts
	Issued   IssuedProps
	Ask      []Person // without roles: who can give some
	Now      time.Time
}

// PortalAccounts is the list of accounts with their roles, the region "accounts".
type PortalAccounts struct {
	Query    string // what the list is filtered by
	Found    int    // roles that the filter leaves
	Accounts []PortalAccount
	Pager    PagerProps
	Now      time.Time
}

// PortalAccount is an account with the roles that the person has there.
type PortalAccount struct {
	Name, ID string
	Unit     string // where it sits: Workloads/Prod
	Roles    []PortalRole
}

// PortalRole is one role of a person.
type PortalRole struct {
	Account, AccountID string
	Set                string
	Note               string // description of the permission set
	Session            string // how long a session lasts: "8 h"
	Href               string // of the role's own page; keys are taken by posting to it
	Why                string // address that explains where the role comes from
	EndsAt             time.Time
	LastUsed           time.Time
}

// IssuedProps are role credentials that neither expired nor were revoked, the region "issued".
type IssuedProps struct {
	Rows      []IssuedRow
	Total     int    // with those that are not shown
	RevokeAll string // address that revokes all of them; empty with fewer than two
	Beside    bool   // sent along with another region: replaces the list where it stands
	Now       time.Time
}

// IssuedRow is one set of role credentials.
type IssuedRow struct {
	AccessKeyID                string
	Account, Set               string
	TakenAt, LastUsed, Expires time.Time
	Refused                    bool   // the role is not held any more
	Revoke                     string // address that asks before revoking; empty for who may not
}

func (p PortalPage) sub() string {
	if p.Roles == 0 {
		return "No roles yet."
	}
	return Plural(p.Roles, "role", "roles") + " in " + Plural(p.Accounts, "account", "accounts") + "."
}

// signedIn says until when the browser is signed in, and how.
func (p PortalPage) signedIn() string {
	text := "Signed in for " + Left(p.EndsAt, p.Now)
	if p.MFA {
		text += ", with a second factor"
	}
	return text + "."
}

// used is when a role was last used, in a row.
func (r PortalRole) used(now time.Time) string {
	if r.LastUsed.IsZero() {
		return "never used"
	}
	return "used " + Ago(r.LastUsed, now)
}

// ends is when a role ends, in a row; empty when it does not.
func (r PortalRole) ends(now time.Time) string {
	if r.EndsAt.IsZero() {
		return ""
	}
	return "ends " + Ago(r.EndsAt, now)
}

func (r PortalRole) what() string { return r.Set + " in " + r.Account }

func (p IssuedProps) actions() []Action {
	if p.RevokeAll == "" {
		return nil
	}
	return []Action{{Text: "Revoke all", Href: p.RevokeAll, Dialog: true}}
}

func issuedColumns() []Column {
	return []Column{{Text: "Access key"}, {Text: "Role"}, {Text: "Taken"}, {Text: "Last used"}, {Text: "Ends"},
		{Text: "Revoke", Hidden: true}}
}

// Left says how long it is until t, to the minute: "7 h 59 min". A moment that has passed is "0 min".
func Left(t, now time.Time) string {
	minutes := max(0, int(t.Sub(now).Minutes()))
	switch hours := minutes / 60; {
	case hours == 0:
		return fmt.Sprintf("%d min", minutes)
	case minutes%60 == 0:
		return fmt.Sprintf("%d h", hours)
	default:
		return fmt.Sprintf("%d h %d min", hours, minutes%60)
	}
}

package templates

import (
	"strings"
	"time"

	"github.com/a-h/templ"
)

// PermissionSetHead is the top of every page about one permission set.
type PermissionSetHead struct {
	Name, Base       string // Base is the address of the set
	ARN              string
	Session          string
	Version          int64
	SavedBy          string // display name, or "the host"
	SavedAt          time.Time
	Rules            int
	Accounts, People int
	Edit, Delete     string // addresses; empty when the person may not
	Assign           string
	Tab              string // address of the current tab below Base; empty for the first
	Now              time.Time
}

func (h PermissionSetHead) head() HeadProps {
	p := HeadProps{Title: h.Name, Facts: []Fact{
		{Label: "In use by", Value: setReach(h)},
		{Label: "Session", Value: Text(h.Session)},
		{Label: "Version", Value: setVersion(h)},
		{Label: "ARN", Value: setARN(h.ARN)},
	}}
	if h.Delete != "" {
		p.Actions = append(p.Actions, Action{Text: "Delete", Href: h.Delete, Icon: "trash", Danger: true, Dialog: true})
	}
	if h.Assign != "" {
		p.Actions = append(p.Actions, Action{Text: "Assign access", Href: h.Assign, Icon: "link"})
	}
	if h.Edit != "" {
		p.Actions = append(p.Actions, Action{Text: "Edit", Href: h.Edit, Icon: "pencil", Primary: true})
	}
	return p
}

// arnTail leaves out what all ARNs of permission sets begin with.
func arnTail(arn string) string {
	_, tail, found := strings.Cut(arn, "permissionSet/")
	if !found {
		return arn
	}
	return "…/" + tail
}

func (h PermissionSetHead) tabs() []Tab {
	tabs := []Tab{
		{Text: "Policies"},
		{Text: "Assignments", Href: "/assignments", Count: Number(h.Rules)},
		{Text: "Who has it", Href: "/people", Count: Number(h.People)},
		{Text: "Settings", Href: "/settings"},
		{Text: "Versions", Href: "/versions", Count: Number(int(h.Version))},
		{Text: "History", Href: "/history"},
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == h.Tab
		tabs[i].Href = h.Base + tabs[i].Href
	}
	return tabs
}

// PermissionSetPage is the policies of a permission set.
type PermissionSetPage struct {
	PermissionSetHead
	Managed  []SetPolicyRow
	Customer []string // path and name
	Inline   string
	Findings []Finding // about the inline policy
	Boundary BoundaryView
}

// SetPolicyRow is an AWS-managed policy of a permission set.
type SetPolicyRow struct {
	Name, Href, ARN string
	Version         string // as AWS numbers it; empty when the catalogue does not list it
	Known           bool   // its document is known; otherwise it grants nothing
	Outdated        bool   // the catalogue has a newer document
}

// BoundaryView is the permissions boundary of a set: an AWS-managed policy, a customer-managed one, or none.
type BoundaryView struct {
	Managed  SetPolicyRow
	Customer string // path and name
}

func (p PermissionSetPage) lines() []CodeLine { return FindingLines(p.Inline, p.Findings) }

// findings counts what a validator says by severity.
func findings(fs []Finding, severity string) (n int) {
	for _, f := range fs {
		if f.Severity == severity {
			n++
		}
	}
	return n
}

// PermissionSetSettings is what a permission set has beside its policies.
type PermissionSetSettings struct {
	PermissionSetHead
	ID, Description string
	RoleName        string // of its roles; the part that differs by account is …
	RelayState      string
	Tags            []Pair
	CreatedAt       time.Time
}

func (p PermissionSetSettings) facts() []Fact {
	orNone := func(text string) templ.Component {
		if text == "" {
			return none("none")
		}
		return Text(text)
	}
	return []Fact{
		{Label: "Description", Value: orNone(p.Description)},
		{Label: "Session duration", Value: Text(p.Session)},
		{Label: "Relay state", Value: orNone(p.RelayState)},
		{Label: "Id", Value: Copyable(p.ID, "permission set id")},
		{Label: "ARN", Value: ARN(p.ARN)},
		{Label: "Role in each account", Value: Mono(p.RoleName)},
		{Label: "Created", Value: Moment(p.CreatedAt)},
		{Label: "Saved", Value: Moment(p.SavedAt)},
	}
}

// PermissionSetAssignments is the assignments that give a permission set.
type PermissionSetAssignments struct {
	PermissionSetHead
	Rows []AssignmentRow
}

// AssignmentRow is one assignment on the page of the set it gives.
type AssignmentRow struct {
	Href              string
	Who               Link
	Group, Unit       bool // who it is for, and where
	Where             Link
	Accounts          int // that it reaches now
	StartsAt, EndsAt  time.Time
	Reason            string
	Upcoming, Expired bool
}

// PermissionSetPeople is who holds a permission set where.
type PermissionSetPeople struct {
	PermissionSetHead
	Roles RolesProps
}

// PermissionSetHistory is what happened to a permission set.
type PermissionSetHistory struct {
	PermissionSetHead
	History HistoryProps
}

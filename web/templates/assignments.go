package templates

import (
	"strings"
	"time"
)

// AssignmentsPage is the list of rules.
type AssignmentsPage struct {
	Total  int
	Views  []Tab
	Filter FilterProps
	Rows   []AssignedRow
	Pager  PagerProps
	Empty  EmptyProps
	CSV    string // address of the file of this view; empty when nothing is in it
	Assign string // address of the form to give access, with what the list is filtered by; empty when it is not offered
	Remove bool   // rows can be selected and removed
	Now    time.Time
}

// AssignedRow is a rule in a list.
type AssignedRow struct {
	ID     string
	Who    Link
	Group  bool
	Note   string // about who: "disabled"
	Set    Link
	Where  Link
	Unit   bool   // the rule follows a unit
	Reach  string // about where: "3 accounts", an account id
	Reason string
	Tone   Tone
	When   string // "no end", "ends tomorrow", "starts in 2 days", "expired yesterday"
	At     time.Time
}

// RemovalPage asks before assignments are removed.
type RemovalPage struct {
	Confirm ConfirmProps
	Rows    []RemovalRow
}

// RemovalRow is a rule that is to be removed, and who loses what by it.
type RemovalRow struct {
	AssignedRow
	Losing string
	Idle   bool // nobody loses anything
}

// AssignmentPage is one rule.
type AssignmentPage struct {
	Title   string
	Tone    Tone
	State   string
	Facts   []Fact
	Address string
	Actions []Action
	Removed bool
	History *HistoryProps // the History tab, when that is what is shown

	Who, Set, Where Link
	Group, Unit     bool
	People          string // "9 people, 1 of them disabled"
	Reach           string // "3 accounts, following the unit"
	Reason          string
	Rows            []DerivedRow
	Pager           PagerProps
}

// DerivedRow is what a rule comes to in one account.
type DerivedRow struct {
	ID        string
	Account   Link
	AccountID string
	Unit      string
	State     State
	RoleARN   string
}

func (p AssignmentsPage) actions() []Action {
	var list []Action
	if p.CSV != "" {
		list = append(list, Action{Text: "CSV of this view", Href: p.CSV, Icon: "download"})
	}
	if p.Assign != "" {
		list = append(list, Action{Text: "Assign access", Href: p.Assign, Icon: "plus", Primary: true})
	}
	return list
}

func (p AssignmentsPage) selects() string {
	if !p.Remove {
		return ""
	}
	return "assignments"
}

func (p AssignmentPage) tabs() []Tab {
	return []Tab{{Text: "Assignment", Href: p.Address, Current: p.History == nil},
		{Text: "History", Href: p.Address + "/history", Current: p.History != nil}}
}

func (r AssignedRow) what() string { return r.Set.Text + " for " + r.Who.Text + " on " + r.Where.Text }

// place is where a rule holds, in a sentence.
func (r AssignedRow) place() string {
	if r.Unit {
		return "all of " + r.Where.Text
	}
	return r.Where.Text
}

// roleName is the ARN's last part.
func (r DerivedRow) roleName() string { return r.RoleARN[strings.LastIndex(r.RoleARN, "/")+1:] }

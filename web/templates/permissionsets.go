package templates

import (
	"strings"
	"time"
)

// PermissionSetsPage is the list of permission sets.
type PermissionSetsPage struct {
	Query  string
	Rows   []PermissionSetRow
	Chips  []Chip
	Menus  []Menu
	Keep   []Pair // values of the address that stay while filtering
	Pager  PagerProps
	New    string // address of the form; empty when the person may not create
	Attach string // name of the policy that the chosen set is to get; empty in the plain list
	Cancel string // address of that policy
	Any    bool   // there are sets at all
	Now    time.Time
}

// PermissionSetRow is a permission set in a list.
type PermissionSetRow struct {
	Name, Href, Description string
	Managed, Customer       int
	Inline, Bounded         bool
	Unknown                 bool // a policy of it has no document here
	Session                 string
	Rules, Accounts, People int
	SavedAt                 time.Time
}

// policies says what a set consists of: 2 managed, inline, boundary.
func (r PermissionSetRow) policies() string {
	var parts []string
	if r.Managed > 0 {
		parts = append(parts, Number(r.Managed)+" AWS managed")
	}
	if r.Customer > 0 {
		parts = append(parts, Number(r.Customer)+" customer managed")
	}
	if r.Inline {
		parts = append(parts, "inline")
	}
	if r.Bounded {
		parts = append(parts, "boundary")
	}
	return orElse(strings.Join(parts, ", "), "none")
}

// reach says how far a set reaches, for narrow screens: 14 people in 2 accounts.
func (r PermissionSetRow) reach() string {
	switch {
	case r.Rules == 0:
		return "not assigned"
	case r.People == 0:
		return "held by nobody"
	}
	return Plural(r.People, "person", "people") + " in " + Plural(r.Accounts, "account", "accounts")
}

func (p PermissionSetsPage) head() HeadProps {
	head := HeadProps{Title: "Permission sets"}
	if p.Pager.Total > 0 {
		head.Count = Number(p.Pager.Total)
	}
	if p.Attach != "" {
		head.Title, head.Count = "Attach "+p.Attach, ""
		head.Sub = "Choose the permission set that gets it. Nothing is saved before you have reviewed the change."
		head.Actions = []Action{{Text: "Cancel", Href: p.Cancel}}
	} else {
		head.Actions = []Action{{Text: "AWS-managed policies", Href: "/permission-sets/catalogue", Icon: "file-certificate"}}
	}
	if p.New != "" {
		head.Actions = append(head.Actions, Action{Text: "New permission set", Href: p.New, Icon: "plus", Primary: true})
	}
	return head
}

func (p PermissionSetsPage) empty() EmptyProps {
	if p.Any || p.Query != "" || len(p.Chips) > 0 {
		return EmptyProps{Icon: "search-off", Title: "No permission set matches", Text: "Try fewer words, or drop a filter.",
			Actions: []Action{{Text: "Show all", Href: "/permission-sets"}}}
	}
	empty := EmptyProps{Icon: "shield-lock", Title: "No permission sets yet",
		Text: "A permission set says what people may do, and how long a session lasts. Assign it on accounts."}
	if p.New != "" {
		empty.Actions = []Action{{Text: "New permission set", Href: p.New, Icon: "plus", Primary: true}}
	}
	return empty
}

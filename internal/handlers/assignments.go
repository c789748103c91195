package handlers

import (
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// assignmentStates are the words that the address uses for the states of a rule.
var assignmentStates = map[string]model.AssignmentState{"ending": model.AssignmentEnding,
	"scheduled": model.AssignmentScheduled,
	"expired":   model.AssignmentExpired, "lasting": model.AssignmentLasting}

// filteredBy are the parameters of the list that the form to give access takes over.
var filteredBy = []string{"user", "group", "set", "account", "unit"}

func assignmentQuery(a listAddress) center.AssignmentQuery {
	q := center.AssignmentQuery{
		User: model.UserID(a.get("user")), Group: model.GroupID(a.get("group")), Set: model.PermissionSetID(a.get("set")),
		Account: model.AccountID(a.get("account")), OU: model.OUID(a.get("unit")), State: assignmentStates[a.get("state")],
		Text: a.get("q"), After: model.AssignmentID(a.get("after")), Before: model.AssignmentID(a.get("before")),
	}
	q.ByEnd = q.State == model.AssignmentEnding || q.State == model.AssignmentExpired
	return q
}

// listAssignments shows the rules.
func (h *Handlers) listAssignments(c echo.Context) error {
	a := addressOf(c, append([]string{"q", "state", "after", "before"}, filteredBy...)...)
	list, err := h.Center.Assignments(c.Request().Context(), person(c), assignmentQuery(a))
	if err != nil {
		return err
	}
	may, err := h.may(c, model.ActCreateAssignment, model.ActDeleteAssignment)
	if err != nil {
		return err
	}
	p := templates.AssignmentsPage{
		Total: list.Counts.Total, Views: assignmentViews(a, list), Filter: assignmentFilter(a, list),
		Pager: a.pager(list.First, len(list.Rules), list.Total, string(list.Back), string(list.Next), "assignments"),
		Empty: noAssignments(a, may[model.ActCreateAssignment]), Remove: may[model.ActDeleteAssignment], Now: h.Now(),
	}
	if list.Total > 0 {
		p.CSV = a.file()
	}
	if may[model.ActCreateAssignment] {
		p.Assign = assignFrom(a)
	}
	for _, rule := range list.Rules {
		p.Rows = append(p.Rows, h.assignedRow(rule))
	}
	return h.render(c, page{title: "Assignments", section: "/assignments",
		crumbs: []templates.Link{{Text: "Access"}, {Text: "Assignments"}}},
		templates.Assignments(p))
}

// downloadAssignments sends the rows that the chosen rules come to as a file.
func (h *Handlers) downloadAssignments(c echo.Context) error {
	a := addressOf(c, append([]string{"q", "state"}, filteredBy...)...)
	file, err := h.Center.DownloadAssignments(c.Request().Context(), person(c), assignmentQuery(a))
	if err != nil {
		return err
	}
	return sendCSV(c, "assignments-"+h.Now().UTC().Format(fileTime)+".csv", file)
}

// assignFrom is the address of the form to give access, with what the list is filtered by.
func assignFrom(a listAddress) string {
	q := url.Values{}
	for _, name := range filteredBy {
		if v := a.get(name); v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return "/assignments/new"
	}
	return "/assignments/new?" + q.Encode()
}

// assignmentViews are the states of rules, as saved views.
func assignmentViews(a listAddress, list center.AssignmentList) []templates.Tab {
	view := func(text, state string, n int) templates.Tab {
		return templates.Tab{Text: text, Href: a.with("state", state), Count: templates.Number(n),
			Current: a.get("state") == state}
	}
	n := list.Counts
	return []templates.Tab{view("All", "", n.Total), view("Ends within a week", "ending", n.Ending),
		view("Not started", "scheduled", n.Scheduled), view("Expired", "expired", n.Expired)}
}

// assignmentFilter is the bar above the list.
func assignmentFilter(a listAddress, list center.AssignmentList) templates.FilterProps {
	p := templates.FilterProps{Action: "/assignments", Query: a.get("q"), Label: "Filter assignments",
		Placeholder: "Filter by person, group, permission set, account, unit or reason",
		Target:      "assignments", Keep: a.keep()}
	chip := func(parameter, label, name string) {
		p.Chips = append(p.Chips, templates.Chip{Label: label, Text: name, Href: a.with(parameter, ""), On: true,
			Removable: true})
	}
	about := list.About
	if about.User != nil {
		chip("user", "For", about.User.DisplayName)
	}
	if about.Group != nil {
		chip("group", "For the group", about.Group.Name)
	}
	if about.Set != nil {
		chip("set", "Permission set", about.Set.Name)
	}
	if about.Account != nil {
		chip("account", "Reaches", about.Account.Name)
	}
	if about.OU != nil {
		chip("unit", "Reaches all of", about.OU.Words())
	}
	return p
}

// noAssignments says why the list is empty.
func noAssignments(a listAddress, assign bool) templates.EmptyProps {
	clear := []templates.Action{{Text: "Clear filter", Href: "/assignments", Icon: "x"}}
	switch {
	case a.get("q") != "":
		return templates.EmptyProps{Icon: "search-off", Title: "No assignment matches “" + a.get("q") + "”",
			Actions: clear}
	case a.get("state") == "ending":
		return templates.EmptyProps{Icon: "calendar", Title: "Nothing ends within a week", Actions: clear}
	case a.get("state") == "expired":
		return templates.EmptyProps{Icon: "calendar", Title: "Nothing has expired",
			Text: "Expired assignments stay here until they are removed. They grant nothing.", Actions: clear}
	case a.get("state") == "scheduled":
		return templates.EmptyProps{Icon: "calendar", Title: "Nothing starts later", Actions: clear}
	case len(a.query) > 0:
		return templates.EmptyProps{Icon: "search-off", Title: "No assignment matches this filter", Actions: clear}
	}
	p := templates.EmptyProps{Icon: "link", Title: "No assignments yet",
		Text: "An assignment gives a group or a person a permission set on accounts, or on all accounts of a unit."}
	if assign {
		p.Actions = []templates.Action{{Text: "Assign access", Href: "/assignments/new", Icon: "plus", Primary: true}}
	}
	return p
}

func (h *Handlers) assignedRow(r *center.Rule) templates.AssignedRow {
	row := templates.AssignedRow{ID: string(r.ID), Reason: r.Reason,
		Set: templates.Link{Text: r.Set.Name, Href: hrefOf(model.Ref{Kind: model.RefPermissionSet, ID: string(r.Set.ID)})}}
	if r.Group != nil {
		row.Group = true
		row.Who = templates.Link{Text: r.Group.Name, Href: hrefOf(model.Ref{Kind: model.RefGroup, ID: string(r.Group.ID)})}
	} else {
		row.Who = templates.Link{Text: r.User.DisplayName, Href: hrefOf(model.Ref{Kind: model.RefUser,
			ID: string(r.User.ID)})}
		if !r.User.Enabled {
			row.Note = "disabled"
		}
	}
	if r.Account != nil {
		row.Where = templates.Link{Text: r.Account.Name, Href: hrefOf(model.Ref{Kind: model.RefAccount,
			ID: string(r.Account.ID)})}
	} else {
		row.Unit, row.Reach = true, templates.Plural(len(r.OU.Below()), "account", "accounts")
		row.Where = templates.Link{Text: r.OU.Words(), Href: hrefOf(model.Ref{Kind: model.RefOU, ID: string(r.OU.ID)})}
	}
	row.Tone, row.When, row.At = h.validity(model.Assignment{StartsAt: r.StartsAt, ExpiresAt: r.ExpiresAt})
	return row
}

// validity says in words when a rule ends, or why it is not in force.
func (h *Handlers) validity(a model.Assignment) (tone templates.Tone, words string, at time.Time) {
	now := h.Now()
	switch a.State(now) {
	case model.AssignmentScheduled:
		return templates.ToneWait, "starts " + templates.Ago(a.StartsAt, now), a.StartsAt
	case model.AssignmentExpired:
		return templates.ToneOff, "expired " + templates.Ago(a.ExpiresAt, now), a.ExpiresAt
	case model.AssignmentEnding:
		return templates.ToneWarn, templates.Ago(a.ExpiresAt, now), a.ExpiresAt
	}
	if a.ExpiresAt.IsZero() {
		return templates.ToneNone, "no end", time.Time{}
	}
	return templates.ToneInfo, templates.Ago(a.ExpiresAt, now), a.ExpiresAt
}

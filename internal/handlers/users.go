package handlers

import (
	"net/url"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

var usersCrumb = templates.Link{Text: "Users", Href: "/users"}

// statusNames are the words that the address uses for the status of a person.
var statusNames = map[string]model.UserStatus{"enabled": model.UserEnabled, "disabled": model.UserDisabled}

func userQuery(a listAddress) center.UserQuery {
	return center.UserQuery{
		Text: a.get("q"), Status: statusNames[a.get("status")], Group: model.GroupID(a.get("group")),
		WithoutFactor: a.get("mfa") == "none", NeverSignedIn: a.get("seen") == "never",
		Sort: a.get("sort"), Descending: a.get("dir") == "desc",
		After: model.UserID(a.get("after")), Before: model.UserID(a.get("before")),
	}
}

// listUsers shows the people of the directory.
func (h *Handlers) listUsers(c echo.Context) error {
	a := addressOf(c, "q", "status", "group", "mfa", "seen", "sort", "dir", "after", "before")
	list, err := h.Center.Users(c.Request().Context(), person(c), userQuery(a))
	if err != nil {
		return err
	}
	may, err := h.may(c, model.ActCreateUser, model.ActCreateMembership, model.ActDisableUser)
	if err != nil {
		return err
	}
	p := templates.UsersPage{
		Total: list.Views.Everyone, Views: userViews(a, list.Views), Filter: userFilter(a, list), Sorted: "sorted by name",
		Rows: userRows(list.People), Empty: noUsers(a, list, may[model.ActCreateUser]), Now: h.Now(),
		Pager:  a.pager(list.First, len(list.People), list.Total, string(list.Back), string(list.Next), "users"),
		Create: may[model.ActCreateUser], Group: may[model.ActCreateMembership], Disable: may[model.ActDisableUser],
		Columns: []templates.Column{
			a.sorted(templates.Column{Text: "Name"}, "name", "name"),
			a.sorted(templates.Column{Text: "User name"}, "username", "name"), {Text: "Groups"}, {Text: "Second factor"},
			{Text: "Accounts", Num: true}, {Text: "Last sign-in"}, {Text: "Status"},
		},
	}
	if a.get("sort") != "" {
		p.Sorted = "sorted by " + a.get("sort")
	}
	return h.render(c, page{title: "Users", section: "/users", crumbs: []templates.Link{{Text: "Directory"}, {Text: "Users"}}},
		templates.Users(p))
}

// userViews are the saved views of the list: filters with a name.
func userViews(a listAddress, v center.Views) []templates.Tab {
	view := func(text, query string, n int) templates.Tab {
		values, _ := url.ParseQuery(query) // our own words
		current := true
		for _, name := range []string{"status", "mfa", "seen", "group"} {
			current = current && values.Get(name) == a.get(name)
		}
		href := "/users"
		if query != "" {
			href += "?" + query
		}
		return templates.Tab{Text: text, Href: href, Count: templates.Number(n), Current: current}
	}
	return []templates.Tab{
		view("Everyone", "", v.Everyone), view("Without MFA", "mfa=none&status=enabled", v.WithoutFactor),
		view("Never signed in", "seen=never&status=enabled", v.NeverSignedIn), view("Disabled", "status=disabled", v.Disabled),
	}
}

// userFilter is the bar above the list: what is filtered by, and what else could be.
func userFilter(a listAddress, list center.UserList) templates.FilterProps {
	p := templates.FilterProps{Action: "/users", Query: a.get("q"), Label: "Filter users",
		Placeholder: "Filter by name, user name or e-mail", Target: "users", Keep: a.keep()}
	var menu templates.Menu
	for _, f := range []struct{ name, value, label, text string }{
		{"status", "enabled", "Status", "is enabled"}, {"status", "disabled", "Status", "is disabled"},
		{"mfa", "none", "Second factor", "is none"}, {"seen", "never", "Last sign-in", "is never"},
	} {
		if a.get(f.name) == f.value {
			p.Chips = append(p.Chips, templates.Chip{Label: f.label, Text: f.text, Href: a.with(f.name, ""), On: true, Removable: true})
		} else {
			menu.Items = append(menu.Items, templates.MenuItem{Text: f.label + " " + f.text, Href: a.with(f.name, f.value)})
		}
	}
	if a.get("group") != "" {
		p.Chips = append(p.Chips, templates.Chip{Label: "Group", Text: "is " + list.InGroup.Name, Href: a.with("group", ""),
			On: true, Removable: true})
	}
	menu.Text = "Filter"
	p.Menus = []templates.Menu{menu}
	return p
}

// noUsers says why the list is empty.
func noUsers(a listAddress, list center.UserList, create bool) templates.EmptyProps {
	if !list.Filtered {
		p := templates.EmptyProps{Icon: "user", Title: "No users yet",
			Text: "People get access through groups. Create the first person and put them into one."}
		if create {
			p.Actions = []templates.Action{{Text: "New user", Href: "/users/new", Icon: "plus", Primary: true}}
		}
		return p
	}
	p := templates.EmptyProps{Icon: "search-off", Title: "No user matches this filter",
		Text:    templates.Plural(list.Views.Everyone, "user is", "users are") + " in the directory.",
		Actions: []templates.Action{{Text: "Clear filter", Href: "/users", Icon: "x"}}}
	if q := a.get("q"); q != "" {
		p.Title = "No user matches “" + q + "”"
	}
	return p
}

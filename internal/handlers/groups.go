package handlers

import (
	"maps"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

var groupsCrumb = templates.Link{Text: "Groups", Href: "/groups"}

// listGroups shows the groups of the directory.
func (h *Handlers) listGroups(c echo.Context) error {
	a := addressOf(c, "q", "view", "sort", "dir", "after", "before")
	list, err := h.Center.Groups(c.Request().Context(), person(c), center.GroupQuery{Text: a.get("q"), View: a.get("view"),
		Sort: a.get("sort"), Descending: a.get("dir") == "desc", After: model.GroupID(a.get("after")), Before: model.GroupID(a.get("before"))})
	if err != nil {
		return err
	}
	may, err := h.may(c, model.ActCreateGroup)
	if err != nil {
		return err
	}
	p := templates.GroupsPage{
		Total: list.InAll, Create: may[model.ActCreateGroup], Views: groupViews(a, list), Empty: noGroups(a, list, may[model.ActCreateGroup]),
		Filter: templates.FilterProps{Action: "/groups", Query: a.get("q"), Label: "Filter groups", Placeholder: "Filter by name or description",
			Target: "groups", Keep: a.keep()},
		Pager:  a.pager(list.First, len(list.Groups), list.Total, string(list.Back), string(list.Next), "groups"),
		Sorted: "sorted by " + orText(a.get("sort"), "name"),
		Columns: []templates.Column{
			a.sorted(templates.Column{Text: "Name"}, "name", "name"), {Text: "Description"},
			a.sorted(templates.Column{Text: "Members", Num: true}, "members", "name"), {Text: "Permission sets"},
			a.sorted(templates.Column{Text: "Accounts", Num: true}, "accounts", "name"),
		},
	}
	for _, g := range list.Groups {
		p.Rows = append(p.Rows, templates.GroupRow{ID: string(g.ID), Name: g.Name, Description: g.Description, Members: g.Members,
			Rules: g.Rules, Accounts: g.Accounts, Sets: strings.Join(g.Sets, ", ")})
	}
	return h.render(c, page{title: "Groups", section: "/groups", crumbs: []templates.Link{{Text: "Directory"}, {Text: "Groups"}}},
		templates.Groups(p))
}

func groupViews(a listAddress, list center.GroupList) []templates.Tab {
	view := func(text, name string, n int) templates.Tab {
		href := "/groups"
		if name != "" {
			href += "?view=" + name
		}
		return templates.Tab{Text: text, Href: href, Count: templates.Number(n), Current: a.get("view") == name}
	}
	return []templates.Tab{view("All groups", "", list.All), view("Without members", "empty", list.Empty),
		view("Without access", "unused", list.NoAccess)}
}

func noGroups(a listAddress, list center.GroupList, create bool) templates.EmptyProps {
	if list.InAll == 0 {
		p := templates.EmptyProps{Icon: "users-group", Title: "No groups yet",
			Text: "Groups carry access: assign a permission set once, and every member has it. Most organizations start with one group per team."}
		if create {
			p.Actions = []templates.Action{{Text: "New group", Href: "/groups/new", Icon: "plus", Primary: true}}
		}
		return p
	}
	p := templates.EmptyProps{Icon: "search-off", Title: "No group matches this view",
		Text:    templates.Plural(list.InAll, "group is", "groups are") + " in the directory.",
		Actions: []templates.Action{{Text: "Show all groups", Href: "/groups", Icon: "x"}}}
	if q := a.get("q"); q != "" {
		p.Title = "No group matches “" + q + "”"
	}
	return p
}

func orText(text, standard string) string {
	if text == "" {
		return standard
	}
	return text
}

// groupOf reads the group whose id stands in the address, and what the viewer may do with it.
func (h *Handlers) groupOf(c echo.Context) (aboutGroup, error) {
	profile, err := h.Center.GroupProfile(c.Request().Context(), person(c), model.GroupID(c.Param("id")))
	if err != nil {
		return aboutGroup{}, err
	}
	may, err := h.may(c, model.ActCreateAssignment)
	if err != nil {
		return aboutGroup{}, err
	}
	about, err := h.Center.MayAboutGroup(c.Request().Context(), person(c), profile.ID, model.ActUpdateGroup, model.ActDeleteGroup,
		model.ActCreateMembership, model.ActDeleteMembership)
	maps.Copy(may, about)
	return aboutGroup{profile, may}, err
}

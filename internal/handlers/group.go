package handlers

import (
	"net/url"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// aboutGroup is what the pages about a group are made of: what is known of it, and what the viewer may do.
type aboutGroup struct {
	center.GroupProfile
	may map[string]bool
}

func (g aboutGroup) address(tab string) string {
	return "/groups/" + url.PathEscape(string(g.ID)) + tab
}

func (g aboutGroup) head(tab string) templates.GroupHead {
	head := templates.GroupHead{ID: string(g.ID), Name: g.Name, Description: g.Description, ARN: g.ARN, Members: g.Members,
		Reach: g.Reach, Administers: g.Empowers, Tab: tab}
	if g.may[model.ActDeleteGroup] {
		head.More = []templates.Action{{Text: "Delete", Href: g.address("/delete"), Icon: "trash", Danger: true, Dialog: true}}
	}
	if g.may[model.ActUpdateGroup] {
		head.Actions = append(head.Actions, templates.Action{Text: "Edit", Href: g.address("/edit"), Icon: "pencil"})
	}
	if g.may[model.ActCreateMembership] {
		head.Actions = append(head.Actions, templates.Action{Text: "Add members", Href: g.address("/add"), Icon: "user-plus", Primary: true})
	}
	return head
}

func (g aboutGroup) page(title string) page {
	p := page{title: g.Name, section: "/groups", crumbs: []templates.Link{groupsCrumb, {Text: g.Name}}}
	if title != "" {
		p.title = title + " · " + g.Name
		p.crumbs = []templates.Link{groupsCrumb, {Text: g.Name, Href: g.address("")}, {Text: title}}
	}
	return p
}

// showGroup shows the members of a group.
func (h *Handlers) showGroup(c echo.Context) error {
	g, err := h.groupOf(c)
	if err != nil {
		return err
	}
	a := addressOf(c, "q", "sort", "dir", "after", "before")
	query := userQuery(a)
	query.Group = g.ID
	list, err := h.Center.Members(c.Request().Context(), person(c), query)
	if err != nil {
		return err
	}
	p := templates.GroupPage{
		Head: g.head(""), Now: h.Now(), Rows: userRows(list.People), Sorted: "sorted by " + orText(a.get("sort"), "name"),
		Filter: templates.FilterProps{Action: g.address(""), Query: a.get("q"), Label: "Filter members",
			Placeholder: "Filter by name, user name or e-mail", Target: "members", Keep: a.keep()},
		Pager: a.pager(list.First, len(list.People), list.Total, string(list.Back), string(list.Next), "members"),
		Join:  g.may[model.ActCreateMembership], Leave: g.may[model.ActDeleteMembership],
		Columns: []templates.Column{a.sorted(templates.Column{Text: "Name"}, "name", "name"),
			a.sorted(templates.Column{Text: "User name"}, "username", "name"), {Text: "Joined"}, {Text: "Second factor"}, {Text: "Status"}},
	}
	if p.Leave {
		p.Columns = append(p.Columns, templates.Column{Text: "Action", Hidden: true})
	}
	for i, m := range list.People {
		p.Rows[i].Since = list.Since[m.ID]
	}
	p.Empty = g.noMembers(a)
	return h.render(c, g.page(""), templates.Group(p))
}

func (g aboutGroup) noMembers(a listAddress) templates.EmptyProps {
	if q := a.get("q"); q != "" {
		return templates.EmptyProps{Icon: "search-off", Title: "No member matches “" + q + "”",
			Text:    templates.Plural(g.Members, "person is", "people are") + " in this group.",
			Actions: []templates.Action{{Text: "Clear filter", Href: g.address(""), Icon: "x"}}}
	}
	p := templates.EmptyProps{Icon: "users-group", Title: "No members yet", Text: "Whoever joins has what is assigned to this group, at once."}
	if g.may[model.ActCreateMembership] {
		p.Actions = []templates.Action{{Text: "Add members", Href: g.address("/add"), Icon: "user-plus"}}
	}
	return p
}

// showGroupAccess shows what a group is given, and the accounts it reaches.
func (h *Handlers) showGroupAccess(c echo.Context) error {
	g, err := h.groupOf(c)
	if err != nil {
		return err
	}
	roles, err := h.Center.RolesOfGroup(c.Request().Context(), person(c), g.ID)
	if err != nil {
		return err
	}
	p := templates.GroupAccessPage{Head: g.head("access"), Rules: h.ownRules(g.Rules), Now: h.Now(),
		Roles: h.roles(c, roles, templates.RolesProps{Title: "What members reach", Count: reachText(g.Reach, g.Accounts), Noun: g.Name,
			Sets: true, Accounts: true, Empty: templates.EmptyProps{Icon: "link", Title: "No account is reached now",
				Text: "The assignments have ended, or their units hold no active account."}})}
	if g.may[model.ActCreateAssignment] {
		p.Assign = "/assignments/new?group=" + url.QueryEscape(string(g.ID))
	}
	return h.render(c, g.page("Access"), templates.GroupAccess(p))
}

// showGroupHistory shows what happened to a group.
func (h *Handlers) showGroupHistory(c echo.Context) error {
	g, err := h.groupOf(c)
	if err != nil {
		return err
	}
	past, err := h.history(c, model.Ref{Kind: model.RefGroup, ID: string(g.ID)}, "group")
	if err != nil {
		return err
	}
	return h.render(c, g.page("History"), templates.GroupHistory(templates.GroupHistoryPage{Head: g.head("history"), History: past}))
}

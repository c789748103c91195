package handlers

import (
	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// askMembers shows who can be added to a group.
func (h *Handlers) askMembers(c echo.Context) error {
	return h.memberChoice(c, templates.GroupAddPage{}, nil)
}

func (h *Handlers) memberChoice(c echo.Context, p templates.GroupAddPage, trouble *model.Error) error {
	g, err := h.groupOf(c)
	if err != nil {
		return err
	}
	a := addressOf(c, "q", "after", "before")
	query := userQuery(a)
	query.NotIn = g.ID
	list, err := h.Center.Users(c.Request().Context(), person(c), query)
	if err != nil {
		return err
	}
	p.Head, p.Rows = g.head(""), userRows(list.People)
	p.Filter = templates.FilterProps{Action: g.address("/add"), Query: a.get("q"), Label: "Find people",
		Placeholder: "Find by name, user name or e-mail", Target: "candidates"}
	p.Pager = a.pager(list.First, len(list.People), list.Total, string(list.Back), string(list.Next), "candidates")
	p.Empty = templates.EmptyProps{Icon: "search-off", Title: "Nobody else matches “" + a.get("q") + "”",
		Text: "Members of the group are left out here.", Actions: []templates.Action{{Text: "Show everybody", Href: g.address("/add"), Icon: "x"}}}
	if a.get("q") == "" {
		p.Empty = templates.EmptyProps{Icon: "users-group", Title: "Everybody is in this group already"}
	}
	about := g.page("Add members")
	if trouble != nil {
		about.status, about.failed, p.Faults = statusOf[trouble.Kind], true, faults(trouble)
	}
	return h.render(c, about, templates.GroupAdd(p))
}

// addMembers puts the people into a group who were ticked or pasted.
func (h *Handlers) addMembers(c echo.Context) error {
	form, err := decode[templates.MembersForm](c)
	if err != nil {
		return err
	}
	ctx, actor, group := c.Request().Context(), person(c), model.GroupID(c.Param("id"))
	people, p := userIDs(form.User), templates.GroupAddPage{Form: form}
	if len(people) == 0 {
		var lines center.MemberLines
		if lines, err = h.Center.ParseMembers(ctx, actor, group, form.Members); err == nil {
			people, err = lines.People(form.Skip != "")
		}
		p.Lines = pastedLines(lines)
	}
	added := 0
	if err == nil {
		added, err = h.Center.AddMembers(ctx, actor, group, people)
	}
	if e, ok := answerable(err); ok {
		return h.memberChoice(c, p, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/groups/"+string(group), "Added "+templates.Plural(added, "person", "people")+".")
}

// removeMember takes a person out of a group, from the group's page.
func (h *Handlers) removeMember(c echo.Context) error {
	group, user := c.Param("id"), c.Param("user")
	if err := h.Center.RemoveMember(c.Request().Context(), person(c), model.GroupID(group), model.UserID(user)); err != nil {
		return err
	}
	h.toast(c, templates.Toast{Tone: templates.ToneOK, Text: "Removed from the group.", Undo: "/groups/" + group + "/members/" + user + "/restore"})
	return h.redirect(c, "/groups/"+group)
}

// restoreMember puts a person back into a group: it undoes removeMember.
func (h *Handlers) restoreMember(c echo.Context) error {
	group, user := model.GroupID(c.Param("id")), model.UserID(c.Param("user"))
	if _, err := h.Center.AddMembers(c.Request().Context(), person(c), group, []model.UserID{user}); err != nil {
		return err
	}
	return h.done(c, "/groups/"+string(group), "Back in the group.")
}

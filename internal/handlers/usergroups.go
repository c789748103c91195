package handlers

import (
	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// joinForm puts one person into a group.
type joinForm struct {
	Group string `form:"group"`
}

// showUserGroups shows the groups of a person.
func (h *Handlers) showUserGroups(c echo.Context) error { return h.userGroups(c, joinForm{}, nil) }

func (h *Handlers) userGroups(c echo.Context, form joinForm, trouble *model.Error) error {
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	p := templates.UserGroupsPage{Head: h.userHead(u, "groups"), Groups: groupLines(u, u.may[model.ActDeleteMembership]), Typed: form.Group}
	if u.may[model.ActCreateMembership] {
		groups, err := h.Center.GroupNames(c.Request().Context(), person(c))
		if err != nil {
			return err
		}
		p.Offer = u.otherGroups(groups)
	}
	about := userPage(u, "Groups")
	if trouble != nil {
		about.status, about.failed, p.Faults = statusOf[trouble.Kind], true, faults(trouble)
		if p.Faults["group"] == "" {
			p.Faults["group"] = trouble.Message
		}
	}
	return h.render(c, about, templates.UserGroups(p))
}

// otherGroups are the groups that a person is not in; none when they are in all.
func (u aboutUser) otherGroups(groups []model.Group) []templates.Option {
	in := map[string]bool{}
	for _, g := range u.Groups {
		in[g.ID] = true
	}
	var others []model.Group
	for _, g := range groups {
		if !in[string(g.ID)] {
			others = append(others, g)
		}
	}
	if len(others) == 0 {
		return nil
	}
	return groupOptions(others)
}

// joinUser puts a person into a group, from the person's page.
func (h *Handlers) joinUser(c echo.Context) error {
	form, err := decode[joinForm](c)
	if err != nil {
		return err
	}
	id := model.UserID(c.Param("id"))
	_, err = h.Center.AddMembers(c.Request().Context(), person(c), model.GroupID(form.Group), []model.UserID{id})
	if e, ok := answerable(err); ok {
		return h.userGroups(c, form, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/users/"+string(id)+"/groups", "Added to the group.")
}

// leaveGroup takes a person out of a group, from the person's page.
func (h *Handlers) leaveGroup(c echo.Context) error {
	id, group := model.UserID(c.Param("id")), model.GroupID(c.Param("group"))
	if err := h.Center.RemoveMember(c.Request().Context(), person(c), group, id); err != nil {
		return err
	}
	return h.done(c, "/users/"+string(id)+"/groups", "Removed from the group.")
}

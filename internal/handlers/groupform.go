package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// newGroup shows the form for a new group.
func (h *Handlers) newGroup(c echo.Context) error {
	if err := h.Center.Enter(c.Request().Context(), person(c), model.ActListGroups); err != nil {
		return err
	}
	return h.groupNew(c, templates.GroupNewPage{}, nil)
}

func (h *Handlers) groupNew(c echo.Context, p templates.GroupNewPage, trouble *model.Error) error {
	about := page{title: "New group", section: "/groups", crumbs: []templates.Link{groupsCrumb, {Text: "New group"}}}
	if trouble != nil {
		about.status, about.failed, p.Faults = statusOf[trouble.Kind], true, faults(trouble)
	}
	return h.render(c, about, templates.GroupNew(p))
}

// createGroup adds a group to the directory, with the people that were pasted.
func (h *Handlers) createGroup(c echo.Context) error {
	form, err := decode[templates.GroupForm](c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), person(c)
	g := model.Group{Name: form.Name, Description: form.Description}
	p := templates.GroupNewPage{Form: form}
	var members []model.UserID
	if strings.TrimSpace(form.Members) != "" {
		var lines center.MemberLines
		if lines, err = h.Center.ParseMembers(ctx, actor, "", form.Members); err == nil {
			members, err = lines.People(form.Skip != "")
		}
		p.Lines = pastedLines(lines)
	}
	if err == nil {
		g, err = h.Center.CreateGroup(ctx, actor, g, members...)
	}
	if e, ok := answerable(err); ok {
		return h.groupNew(c, p, e)
	}
	if err != nil {
		return err
	}
	words := "Created the group " + g.Name + "."
	if len(members) > 0 {
		words = "Created the group " + g.Name + " with " + templates.Plural(len(members), "member", "members") + "."
	}
	return h.done(c, "/groups/"+string(g.ID), words)
}

// pastedLines says of each entry of a pasted list whom it means.
func pastedLines(lines center.MemberLines) []templates.PastedLine {
	rows := make([]templates.PastedLine, len(lines))
	for i, l := range lines {
		rows[i] = templates.PastedLine{Text: l.Text, State: templates.State{Tone: templates.ToneOK, Text: "Will be added"}}
		if l.User.ID != "" {
			rows[i].Person = templates.Link{Text: l.User.DisplayName, Href: hrefOf(model.Ref{Kind: model.RefUser, ID: string(l.User.ID)})}
		}
		switch {
		case l.Problem != "":
			rows[i].State = templates.State{Tone: templates.ToneBad, Text: l.Problem}
		case l.Twice:
			rows[i].State = templates.State{Tone: templates.ToneOff, Text: "Named above already"}
		case l.Member:
			rows[i].State = templates.State{Tone: templates.ToneOff, Text: "Member already"}
		}
	}
	return rows
}

// editGroup shows the form that changes a group.
func (h *Handlers) editGroup(c echo.Context) error {
	g, err := h.groupOf(c)
	if err != nil {
		return err
	}
	return h.groupEdit(c, g, templates.EditGroupForm{Name: g.Name, Description: g.Description, Version: strconv.FormatInt(g.Version, 10)}, nil)
}

func (h *Handlers) groupEdit(c echo.Context, g aboutGroup, form templates.EditGroupForm, trouble *model.Error) error {
	about, p := g.page("Edit"), templates.GroupEditPage{ID: string(g.ID), Name: g.Name, Form: form}
	if trouble != nil {
		about.status, about.failed, p.Faults = statusOf[trouble.Kind], true, faults(trouble)
	}
	return h.render(c, about, templates.GroupEdit(p))
}

// updateGroup saves what was changed about a group.
func (h *Handlers) updateGroup(c echo.Context) error {
	form, err := decode[templates.EditGroupForm](c)
	if err != nil {
		return err
	}
	typed := model.Group{ID: model.GroupID(c.Param("id")), Name: form.Name, Description: form.Description, Version: versionOf(form.Version)}
	g, err := h.Center.UpdateGroup(c.Request().Context(), person(c), typed, form.Reason)
	e, ok := answerable(err)
	if ok && e.Kind == model.Conflict && len(e.Fields) == 0 {
		return h.groupConflict(c, typed, form)
	}
	if ok {
		saved, err := h.groupOf(c)
		if err != nil {
			return err
		}
		return h.groupEdit(c, saved, form, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/groups/"+string(g.ID), "Saved the group "+g.Name+".")
}

// groupConflict shows both versions of a group that somebody else saved meanwhile.
func (h *Handlers) groupConflict(c echo.Context, typed model.Group, form templates.EditGroupForm) error {
	v, err := h.Center.CompareGroup(c.Request().Context(), person(c), typed.ID, typed.Version)
	if err != nil {
		return err
	}
	saved := aboutGroup{GroupProfile: center.GroupProfile{Group: v.Now}}
	props := conflict(conflictOf{noun: "group", then: v.Then.Version, now: v.Now.Version, by: v.By, at: v.At, seen: h.Now(),
		address: saved.address(""), reason: form.Reason}, []templates.ConflictField{
		{Label: "Name", Name: "name", Before: v.Then.Name, Saved: v.Now.Name, Yours: typed.Name},
		{Label: "Description", Name: "description", Before: v.Then.Description, Saved: v.Now.Description, Yours: typed.Description},
	})
	about := saved.page("Edit")
	about.status, about.failed = http.StatusConflict, true
	return h.render(c, about, templates.GroupEdit(templates.GroupEditPage{ID: string(typed.ID), Name: v.Now.Name, Conflict: &props}))
}

// askDeleteGroup asks before a group is taken out of the directory, and says who loses what.
func (h *Handlers) askDeleteGroup(c echo.Context) error {
	return h.deletingGroup(c, templates.ConfirmForm{}, nil)
}

func (h *Handlers) deletingGroup(c echo.Context, form templates.ConfirmForm, trouble *model.Error) error {
	g, err := h.groupOf(c)
	if err != nil {
		return err
	}
	p := templates.ConfirmProps{Title: "Delete the group " + g.Name, Text: "This cannot be undone. The people stay in the directory.",
		Action: g.address("/delete"), Button: "Delete", Danger: true, Reason: true, Cancel: g.address(""), TypeName: g.Name, Typed: form.Confirm,
		Because: form.Reason}
	if g.Members > 0 {
		p.Effects = append(p.Effects, templates.Plural(g.Members, "membership ends", "memberships end")+".")
	}
	if n := len(g.Rules); n > 0 {
		p.Effects = append(p.Effects, templates.Plural(n, "assignment is removed", "assignments are removed")+".")
	}
	if g.Reach > 0 && g.Members > 0 {
		p.Effects = append(p.Effects, "Members lose "+reachText(g.Reach, g.Accounts)+", unless another group gives it to them.")
	}
	about := g.page("Delete")
	if trouble != nil {
		about.status, about.failed, p.Problems = statusOf[trouble.Kind], true, faults(trouble)
	}
	return h.render(c, about, templates.Confirm(p))
}

// deleteGroup takes a group out of the directory.
func (h *Handlers) deleteGroup(c echo.Context) error {
	form, err := decode[templates.ConfirmForm](c)
	if err != nil {
		return err
	}
	g, err := h.groupOf(c)
	if err != nil {
		return err
	}
	if err = confirmed(form.Confirm, g.Name); err == nil {
		err = h.Center.DeleteGroup(c.Request().Context(), person(c), g.ID, form.Reason)
	}
	if e, ok := answerable(err); ok {
		return h.deletingGroup(c, form, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/groups", "Deleted the group "+g.Name+".")
}

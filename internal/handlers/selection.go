package handlers

import (
	"errors"
	"fmt"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// selectionForm is several people and what is to happen to them.
type selectionForm struct {
	User   []string `form:"user"`
	Group  string   `form:"group"`
	Reason string   `form:"reason"`
}

func (f selectionForm) people() []model.UserID { return userIDs(f.User) }

func userIDs(texts []string) []model.UserID {
	ids := make([]model.UserID, len(texts))
	for i, text := range texts {
		ids[i] = model.UserID(text)
	}
	return ids
}

// askSelection asks about the people that were ticked in the list: which group, or whether to keep them out.
func (h *Handlers) askSelection(c echo.Context) error {
	form := selectionForm{User: c.QueryParams()["user"], Group: c.QueryParam("group")}
	if c.QueryParam("do") == "disable" {
		return h.selection(c, form, disabling(form), nil)
	}
	return h.selection(c, form, joining(form), nil)
}

func disabling(form selectionForm) templates.ConfirmProps {
	return templates.ConfirmProps{
		Title:   "Disable " + templates.Plural(len(form.User), "person", "people"),
		Effects: []string{"Their sessions end and their role credentials are revoked at once.", "Their groups and assignments stay for when they are enabled again."},
		Action:  "/users/disable", Button: "Disable", Danger: true, Reason: true, Because: form.Reason, Cancel: "/users",
	}
}

func joining(form selectionForm) templates.ConfirmProps {
	return templates.ConfirmProps{Title: "Add " + templates.Plural(len(form.User), "person", "people") + " to a group",
		Text: "They get everything that is assigned to the group.", Action: "/users/join", Button: "Add to group", Cancel: "/users"}
}

// selection shows the question, with what is wrong with the answer given before.
func (h *Handlers) selection(c echo.Context, form selectionForm, ask templates.ConfirmProps, trouble *model.Error) error {
	ctx, actor := c.Request().Context(), person(c)
	people, err := h.Center.Lines(ctx, actor, form.people())
	if err != nil {
		return err
	}
	p := templates.SelectionPage{Confirm: ask, People: userRows(people), Group: form.Group}
	if ask.Action == "/users/join" {
		groups, err := h.Center.GroupNames(ctx, actor)
		if err != nil {
			return err
		}
		p.Groups = groupOptions(groups)
	}
	about := page{title: ask.Title, section: "/users", crumbs: []templates.Link{usersCrumb, {Text: ask.Title}}}
	if trouble != nil {
		about.status, about.failed = statusOf[trouble.Kind], true
		p.Confirm.Problems = faults(trouble)
	}
	return h.render(c, about, templates.Selection(p))
}

// written is the reason that was typed into the form of a request; empty when none came with it.
func written(c echo.Context) string { return c.Request().PostForm.Get("reason") }

// faults are the problems of a form by field; the whole form's stand under the empty name.
func faults(e *model.Error) map[string]string {
	if len(e.Fields) > 0 {
		return e.Fields
	}
	return map[string]string{"": e.Message}
}

func groupOptions(groups []model.Group) []templates.Option {
	options := []templates.Option{{Text: "Choose a group"}}
	for _, g := range groups {
		options = append(options, templates.Option{Value: string(g.ID), Text: g.Name})
	}
	return options
}

// disableUsers keeps several people out.
func (h *Handlers) disableUsers(c echo.Context) error {
	form, err := decode[selectionForm](c)
	if err != nil {
		return err
	}
	n, err := h.Center.DisableUsers(c.Request().Context(), person(c), form.people(), form.Reason)
	if e, ok := answerable(err); ok {
		return h.selection(c, form, disabling(form), e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/users", "Disabled "+templates.Plural(n, "person", "people")+". Their sessions have ended.")
}

// joinUsers puts several people into a group.
func (h *Handlers) joinUsers(c echo.Context) error {
	form, err := decode[selectionForm](c)
	if err != nil {
		return err
	}
	n, err := h.Center.AddMembers(c.Request().Context(), person(c), model.GroupID(form.Group), form.people())
	if e, ok := answerable(err); ok {
		return h.selection(c, form, joining(form), e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/groups/"+form.Group, fmt.Sprintf("Added %s.", templates.Plural(n, "person", "people")))
}

// answerable returns the error of an act when the page it was asked on can say it: what was typed is wrong, or has
// become wrong since.
func answerable(err error) (*model.Error, bool) {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || (e.Kind != model.Invalid && e.Kind != model.Conflict) {
		return nil, false
	}
	return e, true
}

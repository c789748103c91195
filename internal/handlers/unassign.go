package handlers

import (
	"errors"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// removalForm is the assignments to remove, and why.
type removalForm struct {
	Assignments []string `form:"assignments"`
	Reason      string   `form:"reason"`
}

func (f removalForm) ids() []model.AssignmentID {
	ids := make([]model.AssignmentID, len(f.Assignments))
	for i, id := range f.Assignments {
		ids[i] = model.AssignmentID(id)
	}
	return ids
}

// askUnassign asks whether to remove assignments, with who would lose what.
func (h *Handlers) askUnassign(c echo.Context) error {
	return h.removal(c, removalForm{Assignments: c.QueryParams()["assignments"]}, nil)
}

func (h *Handlers) removal(c echo.Context, form removalForm, trouble *model.Error) error {
	about := page{section: "/assignments", crumbs: []templates.Link{assignmentsCrumb, {Text: "Remove"}}}
	losses, err := h.Center.ReviewUnassign(c.Request().Context(), person(c), form.ids())
	if e, ok := errors.AsType[*model.Error](err); ok && (e.Kind == model.Invalid || e.Kind == model.Conflict) {
		trouble = e // it cannot be done as it stands; the page says why and offers the way back
	} else if err != nil {
		return err
	}
	p := templates.RemovalPage{Confirm: templates.ConfirmProps{
		Title: "Remove " + templates.Plural(len(losses), "assignment", "assignments"), Action: "/assignments/remove",
		Text: "Who loses a role can no longer enter the account with it from the next request on.",
		Button: "Remove " + templates.Plural(len(losses), "assignment",
			"assignments"), Danger: true, Reason: true, Because: written(c), Cancel: "/assignments"}}
	for _, loss := range losses {
		p.Rows = append(p.Rows, h.removalRow(loss))
	}
	if about.title = p.Confirm.Title; trouble != nil {
		about.status, about.failed, p.Confirm.Problems = statusOf[trouble.Kind], true, faults(trouble)
	}
	return h.render(c, about, templates.Removal(p))
}

func (h *Handlers) removalRow(loss center.Loss) templates.RemovalRow {
	row := templates.RemovalRow{AssignedRow: h.assignedRow(loss.Rule)}
	switch {
	case loss.People == 0:
		row.Losing, row.Idle = "nobody holds it now", true
	case loss.Losing == 0:
		row.Losing, row.Idle = "nobody: kept through another", true
	case loss.Losing < loss.People:
		row.Losing = templates.Number(loss.Losing) + " of " +
			templates.Plural(loss.People, "person loses it", "people lose it")
	default:
		row.Losing = templates.Plural(loss.People, "person loses it", "people lose it")
	}
	return row
}

// unassign removes assignments.
func (h *Handlers) unassign(c echo.Context) error {
	form, err := decode[removalForm](c)
	if err != nil {
		return err
	}
	removed, err := h.Center.Unassign(c.Request().Context(), person(c), form.ids(), form.Reason)
	if e, ok := errors.AsType[*model.Error](err); ok && (e.Kind == model.Invalid || e.Kind == model.Conflict) {
		return h.removal(c, form, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/assignments", "Removed "+templates.Plural(len(removed), "assignment", "assignments")+".")
}

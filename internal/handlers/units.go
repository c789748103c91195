package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// unitTarget is the unit that the address names.
func unitTarget(c echo.Context) model.Target {
	return model.Target{Kind: model.TargetOU, ID: c.Param("id")}
}

// unit is the page of a unit: GET /accounts/ous/:id.
func (h *Handlers) unit(c echo.Context) error {
	v, view, err := h.unitView(c, "overview")
	if err != nil {
		return err
	}
	for _, p := range v.Below {
		row := placeRow(p)
		row.Depth = 0
		view.Rows = append(view.Rows, row)
	}
	view.Rules = rulesOf(v, "Nothing is assigned on this unit itself.", h.Now())
	view.Guardrails, view.Entries = guardrails(v, true), entries(v)
	if v.May[model.ActAttachPolicy] {
		view.Attach = "/accounts/attach?targets=" + v.Target.ID
	}
	return h.renderUnit(c, v, view)
}

// unitHistory is the History tab of a unit.
func (h *Handlers) unitHistory(c echo.Context) error {
	v, view, err := h.unitView(c, "history")
	if err != nil {
		return err
	}
	if view.History, err = h.history(c, model.Ref{Kind: model.RefOU, ID: v.Target.ID}, "unit"); err != nil {
		return err
	}
	return h.renderUnit(c, v, view)
}

func (h *Handlers) renderUnit(c echo.Context, v center.PlaceView, view templates.UnitPage) error {
	return h.render(c, formPage(v.Name, placeCrumbs(v, ""), 0), templates.Unit(view))
}

func (h *Handlers) unitView(c echo.Context, tab string) (center.PlaceView, templates.UnitPage, error) {
	v, err := h.Center.Place(c.Request().Context(), person(c), unitTarget(c))
	if err != nil {
		return v, templates.UnitPage{}, err
	}
	view := templates.UnitPage{Name: v.Name, ID: v.Target.ID, Root: v.Unit == "", Tab: tab, Actions: unitActions(v)}
	view.Facts = []templates.Fact{
		{Label: "Id", Value: templates.Copyable(v.Target.ID, "unit id")},
		{Label: "Accounts", Value: templates.Text(templates.Number(v.Accounts))},
		{Label: "People", Value: templates.Text(templates.Number(v.Entry.People))},
		{Label: "ARN", Value: templates.ARN(v.ARN)},
	}
	return v, view, nil
}

func unitActions(v center.PlaceView) []templates.Action {
	base, root := placeHref(v.Target), v.Unit == ""
	var actions []templates.Action
	if v.May[model.ActDeleteOU] && !root {
		actions = append(actions, templates.Action{Text: "Delete", Href: base + "/delete", Icon: "trash", Danger: true, Dialog: true})
	}
	if v.May[model.ActUpdateOU] && !root {
		actions = append(actions, templates.Action{Text: "Rename", Href: base + "/edit", Icon: "pencil"})
	}
	if v.May[model.ActCreateOU] && v.Depth < model.MostOUDepth {
		actions = append(
			actions,
			templates.Action{Text: "New unit", Href: "/accounts/ous/new?parent=" + v.Target.ID, Icon: "plus"},
		)
	}
	if v.May[model.ActCreateAccount] {
		actions = append(
			actions,
			templates.Action{Text: "Add account", Href: "/accounts/new?ou=" + v.Target.ID, Icon: "plus", Primary: true},
		)
	}
	return actions
}

// newUnit is the form that makes a unit: GET /accounts/ous/new.
func (h *Handlers) newUnit(c echo.Context) error {
	return h.newUnitForm(c, templates.UnitFormPage{Form: templates.UnitForm{Parent: c.QueryParam("parent")}}, 0)
}

func (h *Handlers) newUnitForm(c echo.Context, view templates.UnitFormPage, status int) error {
	units, err := h.Center.Units(c.Request().Context(), person(c), model.ActCreateOU)
	if err != nil {
		return err
	}
	view.Units, view.Cancel = unitOptions(units), "/accounts"
	return h.render(c, formPage("New unit", accountsCrumbs("New unit"), status), templates.UnitFields(view))
}

// createUnit takes the form: POST /accounts/ous/new.
func (h *Handlers) createUnit(c echo.Context) error {
	form, err := decode[templates.UnitForm](c)
	if err != nil {
		return err
	}
	u, err := h.Center.CreateOU(
		c.Request().Context(),
		person(c),
		model.OU{Name: form.Name, Parent: model.OUID(form.Parent)},
		form.Reason,
	)
	if e, ok := problemsOf(err); ok {
		return h.newUnitForm(c, templates.UnitFormPage{Form: form, Problems: e.Fields}, statusOf[e.Kind])
	}
	if err != nil {
		return err
	}
	return h.done(c, "/accounts/ous/"+string(u.ID), "Created the unit "+u.Name+".")
}

// editUnit is the form that renames a unit: GET /accounts/ous/:id/edit.
func (h *Handlers) editUnit(c echo.Context) error {
	return h.unitForm(c, templates.UnitFormPage{}, 0)
}

func (h *Handlers) unitForm(c echo.Context, view templates.UnitFormPage, status int) error {
	v, err := h.Center.Place(c.Request().Context(), person(c), unitTarget(c), model.ActUpdateOU)
	if err != nil {
		return err
	}
	saved := strconv.FormatInt(v.OU.Version, 10)
	if view.Form.Version == "" {
		view.Form = templates.UnitForm{Name: v.OU.Name, Version: saved}
	} else if view.Form.Version != saved {
		view.Form.Version = saved
		view.Stale = &templates.StaleProps{Noun: "unit", Fields: []templates.StaleField{{Label: "Name", Saved: v.OU.Name, Yours: view.Form.Name}}}
	}
	view.ID, view.Cancel = v.Target.ID, placeHref(v.Target)
	return h.render(c, formPage("Rename "+v.Name, placeCrumbs(v, "Rename"), status),
		templates.UnitFields(view))
}

// saveUnit takes the form: POST /accounts/ous/:id/edit.
func (h *Handlers) saveUnit(c echo.Context) error {
	form, err := decode[templates.UnitForm](c)
	if err != nil {
		return err
	}
	u := model.OU{ID: model.OUID(c.Param("id")), Name: form.Name, Version: versionOf(form.Version)}
	u, err = h.Center.RenameOU(c.Request().Context(), person(c), u, form.Reason)
	if e, ok := problemsOf(err); ok {
		return h.unitForm(c, templates.UnitFormPage{Form: form, Problems: e.Fields}, statusOf[e.Kind])
	}
	if model.KindOf(err) == model.Conflict {
		return h.unitForm(c, templates.UnitFormPage{Form: form}, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/accounts/ous/"+string(u.ID), "Renamed the unit to "+u.Name+".")
}

// deleteUnit asks before a unit goes, or says what stands in the way: GET /accounts/ous/:id/delete.
func (h *Handlers) deleteUnit(c echo.Context) error { return h.deleteUnitForm(c, nil, 0) }

func (h *Handlers) deleteUnitForm(c echo.Context, problems map[string]string, status int) error {
	v, err := h.Center.Place(c.Request().Context(), person(c), unitTarget(c), model.ActDeleteOU)
	if err != nil {
		return err
	}
	at := formPage("Delete "+v.Name, placeCrumbs(v, "Delete"), status)
	if v.Kept != "" {
		return h.render(
			c,
			at,
			templates.InTheWay(templates.InTheWayProps{Title: v.Name + " cannot be deleted yet", Text: v.Kept,
				Rules: rulesAt(v.Rules, h.Now()), Back: placeHref(v.Target)}),
		)
	}
	var effects []string
	for _, a := range v.Attached {
		if !a.Policy.AWSManaged {
			effects = append(effects, "The "+a.Policy.Kind.Short()+" "+a.Policy.Name+" is detached from it.")
		}
	}
	return h.render(
		c,
		at,
		templates.Confirm(templates.ConfirmProps{Title: "Delete the unit " + v.Name, Effects: effects,
			Text: "It is empty: nobody's access changes. Its history stays.", Danger: true, Reason: true,
			Because: written(c), Problems: problems,
			Action: placeHref(v.Target) + "/delete", Button: "Delete unit", Cancel: placeHref(v.Target)}),
	)
}

// dropUnit deletes a unit: POST /accounts/ous/:id/delete.
func (h *Handlers) dropUnit(c echo.Context) error {
	form, err := decode[templates.ReasonForm](c)
	if err != nil {
		return err
	}
	err = h.Center.DeleteOU(c.Request().Context(), person(c), model.OUID(c.Param("id")), form.Reason)
	if e, ok := problemsOf(err); ok {
		return h.deleteUnitForm(c, e.Fields, statusOf[e.Kind])
	}
	if model.KindOf(err) == model.Conflict {
		return h.deleteUnitForm(c, nil, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/accounts", "Deleted the unit.")
}

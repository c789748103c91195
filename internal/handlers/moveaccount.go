package handlers

import (
	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// moveAccount asks for a unit, and with one chosen says what changes: GET /accounts/:id/move.
func (h *Handlers) moveAccount(c echo.Context) error {
	form := templates.MoveForm{OU: c.QueryParam("ou")}
	view := templates.MovePage{Form: form}
	if form.OU == "" {
		return h.moveForm(c, view, 0)
	}
	v, err := h.Center.ForeseeMove(
		c.Request().Context(),
		person(c),
		center.Move{Account: model.AccountID(c.Param("id")), To: model.OUID(form.OU)},
	)
	if e, ok := problemsOf(err); ok {
		view.Problems = e.Fields
		return h.moveForm(c, view, statusOf[e.Kind])
	}
	if model.KindOf(err) == model.Conflict {
		view.Problems = map[string]string{"ou": err.Error()}
		return h.moveForm(c, view, statusOf[model.Conflict])
	}
	if err != nil {
		return err
	}
	view.Review = moveReview(v)
	return h.moveForm(c, view, 0)
}

func (h *Handlers) moveForm(c echo.Context, view templates.MovePage, status int) error {
	ctx, actor := c.Request().Context(), person(c)
	v, err := h.Center.Place(ctx, actor, accountTarget(c), model.ActMoveAccount)
	if err != nil {
		return err
	}
	units, err := h.Center.Units(ctx, actor, model.ActMoveAccount)
	if err != nil {
		return err
	}
	view.Name, view.ID, view.Here, view.Units = v.Name, v.Target.ID, unitLink(v.Place).Text, unitOptions(units)
	for i, u := range view.Units {
		if u.Value == string(v.Unit) {
			view.Units[i].Text, view.Units[i].Disabled = u.Text+" (now)", true
		}
	}
	if view.Form.OU == "" {
		view.Units = append([]templates.Option{{Text: "Choose a unit"}}, view.Units...)
	}
	return h.render(c, formPage("Move "+v.Name, placeCrumbs(v, "Move"), status),
		templates.Move(view))
}

// mostMoved is how many people who gain or lose a role are named.
const mostMoved = 25

func moveReview(v center.MoveView) *templates.MoveReview {
	r := &templates.MoveReview{
		From:   v.From,
		To:     v.To,
		Lost:   moveRoles(v.Lost),
		Gained: moveRoles(v.Gained),
		Most:   mostMoved,
	}
	for _, rail := range v.Off {
		r.Off = append(r.Off, policyLink(rail.Policy))
	}
	for _, rail := range v.On {
		r.On = append(r.On, policyLink(rail.Policy))
	}
	return r
}

func moveRoles(roles []center.Role) []templates.MoveRole {
	rows := make([]templates.MoveRole, len(roles))
	for i, r := range roles {
		rows[i] = templates.MoveRole{
			Person: refLink(model.Ref{Kind: model.RefUser, ID: string(r.User.ID), Name: r.User.DisplayName}),
			Set:    refLink(model.Ref{Kind: model.RefPermissionSet, ID: string(r.Set.ID), Name: r.Set.Name}),
		}
	}
	return rows
}

// putAccount moves an account: POST /accounts/:id/move.
func (h *Handlers) putAccount(c echo.Context) error {
	form, err := decode[templates.MoveForm](c)
	if err != nil {
		return err
	}
	m := center.Move{Account: model.AccountID(c.Param("id")), To: model.OUID(form.OU), Reason: form.Reason}
	err = h.Center.MoveAccount(c.Request().Context(), person(c), m)
	if e, ok := problemsOf(err); ok {
		return h.moveForm(c, templates.MovePage{Form: form, Problems: e.Fields}, statusOf[e.Kind])
	}
	if err != nil {
		return err
	}
	return h.done(c, "/accounts/"+c.Param("id"), "Moved the account.")
}

// removeAccount says what removing an account ends, or what stands in its way: GET /accounts/:id/remove.
func (h *Handlers) removeAccount(c echo.Context) error { return h.removeForm(c, nil, 0) }

func (h *Handlers) removeForm(c echo.Context, problems map[string]string, status int) error {
	v, err := h.Center.ForeseeRemoval(c.Request().Context(), person(c), model.AccountID(c.Param("id")))
	if err != nil {
		return err
	}
	at := formPage("Remove "+v.Name, placeCrumbs(v.PlaceView, "Remove"), status)
	if v.Why != "" {
		return h.render(
			c,
			at,
			templates.InTheWay(templates.InTheWayProps{Title: v.Name + " cannot be removed yet", Text: v.Why,
				Rules: rulesAt(v.Direct, h.Now()), Back: placeHref(v.Target)}),
		)
	}
	return h.render(c, at, templates.Confirm(templates.ConfirmProps{
		Title: "Remove " + v.Name + " from the organization", Effects: removalEffects(v), Danger: true, Reason: true,
		Because: written(c), Problems: problems,
		Text:   "Nothing changes at AWS. The account can be added again; its history stays.",
		Action: placeHref(v.Target) + "/remove", Button: "Remove account", Cancel: placeHref(v.Target)}))
}

func removalEffects(v center.RemovalView) []string {
	var effects []string
	if n := len(v.Roles); n > 0 {
		effects = append(effects, templates.Plural(v.Entry.People, "person loses", "people lose")+" "+
			templates.Plural(n, "role", "roles")+" here, which assignments on units give. Sessions with them end.")
	}
	for _, a := range v.Attached {
		if !a.Policy.AWSManaged {
			effects = append(effects, "The "+a.Policy.Kind.Short()+" "+a.Policy.Name+" is detached from it.")
		}
	}
	return append(effects, "It leaves the unit "+unitLink(v.Place).Text+".")
}

// dropAccount removes an account: POST /accounts/:id/remove.
func (h *Handlers) dropAccount(c echo.Context) error {
	form, err := decode[templates.ReasonForm](c)
	if err != nil {
		return err
	}
	err = h.Center.RemoveAccount(c.Request().Context(), person(c), model.AccountID(c.Param("id")), form.Reason)
	if e, ok := problemsOf(err); ok {
		return h.removeForm(c, e.Fields, statusOf[e.Kind])
	}
	if model.KindOf(err) == model.Conflict {
		return h.removeForm(c, nil, statusOf[model.Conflict])
	}
	if err != nil {
		return err
	}
	return h.done(c, "/accounts", "Removed the account.")
}

package handlers

import (
	"slices"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// attachForm chooses a policy and where it is to hold: GET /accounts/attach.
func (h *Handlers) attachForm(c echo.Context) error {
	form := templates.AttachForm{Policy: c.QueryParam("policy"), Targets: c.QueryParams()["targets"]}
	return h.renderAttach(c, templates.AttachPage{Form: form}, 0)
}

func (h *Handlers) renderAttach(c echo.Context, view templates.AttachPage, status int) error {
	choices, err := h.Center.AttachChoices(c.Request().Context(), person(c), view.Form.Targets...)
	if err != nil {
		return err
	}
	if view.Form.Policy == "" {
		view.Policies = []templates.Option{{Text: "Choose a policy"}}
	}
	has := map[string]bool{}
	for _, p := range choices.Policies {
		view.Policies = append(
			view.Policies,
			templates.Option{Value: string(p.ID), Text: p.Name + ", " + p.Kind.Short()},
		)
		if string(p.ID) == view.Form.Policy {
			for _, t := range p.Targets {
				has[t.Target.ID] = true
			}
		}
	}
	for _, p := range choices.Places {
		row := templates.AttachRow{Place: placeRow(p.Place), Checked: slices.Contains(view.Form.Targets, p.Target.ID)}
		switch {
		case has[p.Target.ID]:
			row.Off, row.Checked = "has it", false
		case p.Full:
			row.Off, row.Checked = "holds as many as AWS allows", false
		}
		view.Rows = append(view.Rows, row)
	}
	view.Folded, view.Cancel = choices.Folded, attachBack(view.Form)
	return h.render(
		c,
		formPage("Attach a policy", policiesCrumbs(templates.Link{Text: "Attach"}), status),
		templates.Attach(view),
	)
}

// attachBack is where somebody came from: the place or the policy that the form began with.
func attachBack(f templates.AttachForm) string {
	switch {
	case f.Policy != "":
		return policyLink(model.Policy{ID: model.PolicyID(f.Policy)}).Href + "/targets"
	case len(f.Targets) == 1:
		return placeHref(targetOf(f.Targets[0]))
	}
	return "/accounts/policies"
}

// attach takes the form: POST /accounts/attach.
func (h *Handlers) attach(c echo.Context) error {
	form, err := decode[templates.AttachForm](c)
	if err != nil {
		return err
	}
	a := center.Attach{Policy: model.PolicyID(form.Policy), Reason: form.Reason}
	for _, id := range form.Targets {
		a.Targets = append(a.Targets, targetOf(id))
	}
	err = h.Center.AttachPolicy(c.Request().Context(), person(c), a)
	if e, ok := problemsOf(err); ok {
		return h.renderAttach(c, templates.AttachPage{Form: form, Problems: e.Fields}, statusOf[e.Kind])
	}
	if err != nil {
		return err
	}
	back := policyLink(model.Policy{ID: a.Policy}).Href + "/targets"
	return h.done(c, back, "Attached the policy to "+templates.Plural(len(a.Targets), "target", "targets")+".")
}

// detachForm asks before a policy is detached: GET /accounts/detach.
func (h *Handlers) detachForm(c echo.Context) error {
	return h.renderDetach(
		c,
		templates.DetachForm{Policy: c.QueryParam("policy"), Target: c.QueryParam("target")},
		nil,
		0,
	)
}

func (h *Handlers) renderDetach(
	c echo.Context,
	form templates.DetachForm,
	problems map[string]string,
	status int,
) error {
	d := center.Detach{Policy: model.PolicyID(form.Policy), Target: targetOf(form.Target)}
	back := placeHref(d.Target)
	v, err := h.Center.ForeseeDetach(c.Request().Context(), person(c), d)
	at := formPage("Detach a policy", policiesCrumbs(templates.Link{Text: "Detach"}), status)
	if model.KindOf(err) == model.Conflict {
		return h.render(
			c,
			at,
			templates.InTheWay(templates.InTheWayProps{Title: "It stays attached", Text: err.Error(), Back: back}),
		)
	}
	if err != nil {
		return err
	}
	effects := []string{"It no longer limits " + templates.Plural(v.Accounts, "account", "accounts") + ", which " +
		templates.Plural(v.At.Entry.People, "person", "people") + " can enter."}
	if v.Closes {
		effects = append(effects, "Nothing that stays attached there allows anything: everything would be denied in "+
			templates.Plural(v.Accounts, "account", "accounts")+".")
	}
	return h.render(
		c,
		at,
		templates.Confirm(templates.ConfirmProps{Title: "Detach " + v.Policy.Name + " from " + v.At.Name,
			Effects: effects, Text: "The policy itself stays and can be attached again.", Danger: true, Reason: true,
			Because: written(c), Problems: problems,
			Fields: []templates.Pair{{Name: "policy", Value: form.Policy}, {Name: "target", Value: form.Target}},
			Action: "/accounts/detach", Button: "Detach", Cancel: back}),
	)
}

// detach takes the form: POST /accounts/detach.
func (h *Handlers) detach(c echo.Context) error {
	form, err := decode[templates.DetachForm](c)
	if err != nil {
		return err
	}
	d := center.Detach{Policy: model.PolicyID(form.Policy), Target: targetOf(form.Target), Reason: form.Reason}
	err = h.Center.DetachPolicy(c.Request().Context(), person(c), d)
	if e, ok := problemsOf(err); ok {
		return h.renderDetach(c, form, e.Fields, statusOf[e.Kind])
	}
	if err != nil {
		return err
	}
	return h.done(c, placeHref(d.Target), "Detached the policy.")
}

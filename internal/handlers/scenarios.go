package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// scenarios lists the saved scenarios, each proved now.
func (h *Handlers) scenarios(c echo.Context) error {
	proofs, err := h.Center.Scenarios(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	var p templates.ScenariosPage
	for _, proof := range proofs {
		p.Rows = append(p.Rows, templates.ScenarioRow{Name: proof.Name, Description: proof.Description,
			Href: "/simulate/scenarios/" + string(proof.ID), Cases: len(proof.Cases), Failing: proof.Failing()})
	}
	return h.render(c, page{title: "Saved scenarios", section: "/simulate", crumbs: scenarioCrumbs("")}, templates.Scenarios(p))
}

// scenario shows one saved scenario, proved now.
func (h *Handlers) scenario(c echo.Context) error {
	ctx, actor := c.Request().Context(), person(c)
	proof, err := h.Center.Scenario(ctx, actor, model.ScenarioID(c.Param("id")))
	if err != nil {
		return err
	}
	may, err := h.Center.Allows(ctx, actor, model.ActDeleteScenario)
	if err != nil {
		return err
	}
	p := templates.ScenarioPage{ID: string(proof.ID), Name: proof.Name, Description: proof.Description,
		Failing: proof.Failing(), MayDelete: may[model.ActDeleteScenario]}
	for i, one := range proof.Cases {
		p.Cases = append(p.Cases, scenarioCase(i, one))
	}
	return h.render(c, page{title: proof.Name, section: "/simulate", crumbs: scenarioCrumbs(proof.Name)}, templates.Scenario(p))
}

func scenarioCrumbs(name string) []templates.Link {
	crumbs := []templates.Link{{Text: "Simulate", Href: "/simulate"}, {Text: "Saved scenarios"}}
	if name != "" {
		crumbs[1].Href = "/simulate/scenarios"
		crumbs = append(crumbs, templates.Link{Text: name})
	}
	return crumbs
}

var expectations = map[string]string{
	model.ExpectAllowed: "allowed", model.ExpectExplicitDeny: "denied by a statement",
	model.ExpectImplicitDeny: "not allowed", model.ExpectDenied: "denied or not allowed",
}

func scenarioCase(i int, one center.ProvedCase) templates.ScenarioCase {
	shown := templates.ScenarioCase{Name: one.Name, Who: one.Principal, Expect: expectations[one.Expect], Holds: one.Holds()}
	if shown.Name == "" {
		shown.Name = "Case " + templates.Number(i+1)
	}
	if one.Err != nil {
		shown.Problem = one.Err.Error()
	}
	var form templates.SimulateForm
	if role := one.Role; role.User != nil {
		shown.Who = role.User.DisplayName + " with " + role.Set.Name + " in " + role.Account.Name
		form = templates.SimulateForm{User: role.User.UserName, Account: string(role.Account.ID), Set: string(role.Set.ID), Keys: keyLines(one.Keys)}
		if one.NoMFA {
			form.NoMFA = "on"
			shown.Who += ", without a second factor"
		}
	}
	for _, row := range one.Rows {
		line := simulateRow(row)
		if form.User != "" && one.Policy == "" && one.Session == "" {
			form.Actions, form.Resources = row.Action, row.Resource
			line.Href = simulationAddress(form)
		}
		shown.Rows = append(shown.Rows, line)
	}
	return shown
}

// keyLines writes condition keys as they are typed.
func keyLines(keys map[string][]string) string {
	var b strings.Builder
	for key, values := range keys {
		b.WriteString(key + " = " + strings.Join(values, ", ") + "\n")
	}
	return b.String()
}

// saveScenario saves the question of the simulator with the verdicts that it has now.
func (h *Handlers) saveScenario(c echo.Context) error {
	form, err := decode[templates.SimulateForm](c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), person(c)
	choices, err := h.Center.Choices(ctx, actor, form.User)
	if err != nil {
		return err
	}

	saved, err := h.Center.SaveAnswer(ctx, actor, form.Name, func() (model.Simulation, error) { return simulationOf(form, choices) })
	if e, ok := problemsOf(err); ok {
		return h.refuseScenario(c, form, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/simulate/scenarios/"+string(saved.ID), "Saved the scenario "+saved.Name+".")
}

// refuseScenario shows the simulator again with what is wrong, and the answer still there.
func (h *Handlers) refuseScenario(c echo.Context, form templates.SimulateForm, e *model.Error) error {
	form.Problems = simulateFields(e.Fields)
	return h.showSimulation(c, form, true)
}

// confirmDeleteScenario asks before a scenario goes.
func (h *Handlers) confirmDeleteScenario(c echo.Context) error {
	proof, err := h.Center.Scenario(c.Request().Context(), person(c), model.ScenarioID(c.Param("id")))
	if err != nil {
		return err
	}
	at := "/simulate/scenarios/" + string(proof.ID)
	return h.render(c, page{title: "Delete scenario", section: "/simulate", crumbs: scenarioCrumbs(proof.Name)},
		templates.Confirm(templates.ConfirmProps{Title: "Delete the scenario " + proof.Name + "?", Action: at + "/delete", Button: "Delete scenario",
			Danger: true, Cancel: at, Effects: []string{"Its cases are not proved any more. Its history stays in the trail."}}))
}

// deleteScenario takes a scenario out of the list.
func (h *Handlers) deleteScenario(c echo.Context) error {
	if _, err := decode[struct{}](c); err != nil {
		return err
	}
	if err := h.Center.DeleteScenario(c.Request().Context(), person(c), model.ScenarioID(c.Param("id"))); err != nil {
		return err
	}
	return h.done(c, "/simulate/scenarios", "Deleted the scenario.")
}

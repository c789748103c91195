package handlers

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

const scenariosPath = "/simulate/scenarios"

// scenarios lists the saved scenarios, each proved now.
func (h *Handlers) scenarios(c echo.Context) error {
	proofs, err := h.Center.Scenarios(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	var p templates.ScenariosPage
	for _, proof := range proofs {
		row := scenarioRow(proof)
		if p.Rows = append(p.Rows, row); row.Failing > 0 {
			p.Failing++
		}
	}
	return h.render(c, page{title: "Saved scenarios", section: "/simulate", crumbs: scenarioCrumbs("")}, templates.Scenarios(p))
}

func scenarioRow(proof center.Proof) templates.ScenarioRow {
	return templates.ScenarioRow{Name: proof.Name, Description: proof.Description,
		Href: scenariosPath + "/" + string(proof.ID), Cases: len(proof.Cases), Failing: proof.Failing()}
}

// scenario shows one saved scenario, proved now.
func (h *Handlers) scenario(c echo.Context) error {
	proof, p, err := h.scenarioOf(c)
	if err != nil {
		return err
	}
	for i, one := range proof.Cases {
		p.Cases = append(p.Cases, scenarioCase(i, one))
	}
	return h.render(c, page{title: proof.Name, section: "/simulate", crumbs: scenarioCrumbs(proof.Name)}, templates.Scenario(p))
}

// scenarioHistory shows what happened to a scenario.
func (h *Handlers) scenarioHistory(c echo.Context) error {
	proof, p, err := h.scenarioOf(c)
	if err != nil {
		return err
	}
	past, err := h.history(c, model.Ref{Kind: model.RefScenario, ID: string(proof.ID)}, "scenario")
	if err != nil {
		return err
	}
	p.Past = &past
	return h.render(c, page{title: proof.Name, section: "/simulate", crumbs: scenarioCrumbs(proof.Name)}, templates.Scenario(p))
}

// scenarioOf is the scenario that the address names, and the head of its pages.
func (h *Handlers) scenarioOf(c echo.Context) (center.Proof, templates.ScenarioPage, error) {
	ctx, actor := c.Request().Context(), person(c)
	proof, err := h.Center.Scenario(ctx, actor, model.ScenarioID(c.Param("id")))
	if err != nil {
		return proof, templates.ScenarioPage{}, err
	}
	may, err := h.Center.Allows(ctx, actor, model.ActSaveScenario, model.ActDeleteScenario)
	return proof, templates.ScenarioPage{Address: scenariosPath + "/" + string(proof.ID), Name: proof.Name,
		Description: proof.Description, Total: len(proof.Cases), Failing: proof.Failing(),
		MayEdit: may[model.ActSaveScenario], MayDelete: may[model.ActDeleteScenario]}, err
}

func scenarioCrumbs(names ...string) []templates.Link {
	crumbs := []templates.Link{{Text: "Simulate", Href: "/simulate"}, {Text: "Saved scenarios", Href: scenariosPath}}
	for _, name := range names {
		if name != "" {
			crumbs = append(crumbs, templates.Link{Text: name})
		}
	}
	crumbs[len(crumbs)-1].Href = ""
	return crumbs
}

var expectations = map[string]string{
	model.ExpectAllowed: "allowed", model.ExpectExplicitDeny: "denied by a statement",
	model.ExpectImplicitDeny: "not allowed", model.ExpectDenied: "denied or not allowed",
}

func scenarioCase(i int, one center.ProvedCase) templates.ScenarioCase {
	shown := templates.ScenarioCase{Name: one.Name, Who: whose(one.Simulated, one.Principal),
		Expect: expectations[one.Expect], Holds: one.Holds()}
	if shown.Name == "" {
		shown.Name = "Case " + strconv.Itoa(i+1)
	}
	if e, ok := problemsOf(one.Err); ok {
		shown.Problem = "This cannot be asked any more. " + e.Fields[slices.Min(slices.Collect(maps.Keys(e.Fields)))]
	} else if one.Err != nil {
		shown.Problem = one.Err.Error()
	}
	for _, key := range slices.Sorted(maps.Keys(one.Keys)) {
		shown.Keys = append(shown.Keys, key+" = "+strings.Join(one.Keys[key], ", "))
	}
	if one.NoMFA {
		shown.Keys = append(shown.Keys, "without a second factor")
	}
	form := templates.SimulateForm{Keys: keyLines(one.Keys), Owner: string(one.Owner), Policy: one.Policy, Session: one.Session,
		Principal: one.Principal, Identity: one.Identity}
	if role := one.Role; role.User != nil {
		form.User, form.Account, form.Set = role.User.UserName, string(role.Account.ID), string(role.Set.ID)
	}
	if one.NoMFA {
		form.NoMFA = "on"
	}
	for _, row := range one.Rows {
		line := simulateRow(row)
		form.Actions, form.Resources = row.Action, row.Resource
		if line.Href = simulationAddress(form); form.Pasted() {
			line.Href, line.Ask = "", form.Values()
		}
		shown.Rows = append(shown.Rows, line)
	}
	return shown
}

// keyLines writes condition keys as they are typed.
func keyLines(keys map[string][]string) string {
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		lines = append(lines, key+" = "+strings.Join(keys[key], ", "))
	}
	return strings.Join(lines, "\n")
}

// saveScenario saves the question of the simulator with the verdicts that it has now.
func (h *Handlers) saveScenario(c echo.Context) error {
	form, err := decode[templates.SimulateForm](c)
	if err != nil {
		return err
	}
	form.TakeRole()
	ctx, actor := c.Request().Context(), person(c)
	choices, err := h.Center.Choices(ctx, actor, form.User)
	if err != nil {
		return err
	}
	var saved model.Scenario
	question, err := simulationOf(form, choices)
	if err == nil {
		saved, err = h.Center.SaveAnswer(ctx, actor, form.Name, question)
	}
	if e, ok := problemsOf(err); ok {
		form.Add(e.Fields)
		return h.showSimulation(c, form, true)
	}
	if err != nil {
		return err
	}
	return h.done(c, scenariosPath+"/"+string(saved.ID), "Saved the scenario "+saved.Name+".")
}

// editScenario shows the form that gives a scenario another name and description.
func (h *Handlers) editScenario(c echo.Context) error {
	proof, p, err := h.scenarioOf(c)
	if err != nil {
		return err
	}
	form := templates.ScenarioForm{Name: proof.Name, Description: proof.Description, Version: strconv.FormatInt(proof.Version, 10)}
	return h.scenarioForm(c, templates.ScenarioEditPage{Address: p.Address, Saved: p.Name, Form: form}, 0)
}

func (h *Handlers) scenarioForm(c echo.Context, p templates.ScenarioEditPage, status int) error {
	crumbs := scenarioCrumbs(p.Saved, "Edit")
	crumbs[2].Href = p.Address
	return h.render(c, page{status: status, failed: status != 0, title: "Edit " + p.Saved, section: "/simulate", crumbs: crumbs},
		templates.ScenarioEdit(p))
}

// renameScenario gives a scenario another name and description.
func (h *Handlers) renameScenario(c echo.Context) error {
	form, err := decode[templates.ScenarioForm](c)
	if err != nil {
		return err
	}
	typed := model.Scenario{ID: model.ScenarioID(c.Param("id")), Name: form.Name, Description: form.Description,
		Version: versionOf(form.Version)}
	_, err = h.Center.RenameScenario(c.Request().Context(), person(c), typed)
	e, ok := answerable(err)
	if err != nil && !ok {
		return err
	}
	address := scenariosPath + "/" + c.Param("id")
	if !ok {
		return h.done(c, address, "Saved the scenario "+strings.TrimSpace(form.Name)+".")
	}
	v, err := h.Center.CompareScenario(c.Request().Context(), person(c), typed.ID, typed.Version)
	if err != nil {
		return err
	}
	p := templates.ScenarioEditPage{Address: address, Saved: v.Now.Name, Form: form, Problems: faults(e)}
	if e.Kind == model.Conflict && len(e.Fields) == 0 {
		both := conflict(conflictOf{noun: "scenario", then: v.Then.Version, now: v.Now.Version, by: v.By, at: v.At, seen: h.Now(),
			address: address}, []templates.ConflictField{
			{Label: "Name", Name: "name", Before: v.Then.Name, Saved: v.Now.Name, Yours: typed.Name},
			{Label: "Description", Name: "description", Before: v.Then.Description, Saved: v.Now.Description, Yours: typed.Description},
		})
		p.Conflict = &both
	}
	return h.scenarioForm(c, p, statusOf[e.Kind])
}

// confirmDeleteScenario asks before a scenario goes.
func (h *Handlers) confirmDeleteScenario(c echo.Context) error {
	proof, p, err := h.scenarioOf(c)
	if err != nil {
		return err
	}
	crumbs := scenarioCrumbs(proof.Name, "Delete")
	crumbs[2].Href = p.Address
	return h.render(c, page{title: "Delete scenario", section: "/simulate", crumbs: crumbs},
		templates.Confirm(templates.ConfirmProps{Title: "Delete the scenario " + proof.Name, Action: p.Address + "/delete",
			Button: "Delete", Danger: true, Cancel: p.Address,
			Effects: []string{"Its " + templates.Plural(len(proof.Cases), "case is", "cases are") + " not proved any more. " +
				"Its history stays in the trail."}}))
}

// deleteScenario takes a scenario out of the list.
func (h *Handlers) deleteScenario(c echo.Context) error {
	if _, err := decode[templates.ConfirmForm](c); err != nil {
		return err
	}
	if err := h.Center.DeleteScenario(c.Request().Context(), person(c), model.ScenarioID(c.Param("id"))); err != nil {
		return err
	}
	return h.done(c, scenariosPath, "Deleted the scenario.")
}

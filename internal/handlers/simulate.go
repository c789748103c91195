package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// simulate shows the simulator, and the answer to the question that its address asks.
func (h *Handlers) simulate(c echo.Context) error {
	q := c.QueryParams()
	form := templates.SimulateForm{User: q.Get("user"), Account: q.Get("account"), Set: q.Get("set"), Actions: q.Get("actions"),
		Resources: q.Get("resources"), Keys: q.Get("keys"), NoMFA: q.Get("no_mfa"), Owner: q.Get("owner"), Row: q.Get("row")}
	if form.User == "" {
		form.User = browser(c).User.UserName
	}
	return h.showSimulation(c, form, q.Get("actions") != "")
}

// askSimulation answers a question. One without pasted documents gets an address of its own, which can be shared.
func (h *Handlers) askSimulation(c echo.Context) error {
	form, err := decode[templates.SimulateForm](c)
	if err != nil {
		return err
	}
	if !form.Pasted() && form.Actions != "" && form.Account != "" && form.Set != "" && len(form.Keys) < mostAddress {
		return h.redirect(c, simulationAddress(form))
	}
	return h.showSimulation(c, form, true)
}

// mostAddress is how many bytes of condition keys still go into an address.
const mostAddress = 2000

func (h *Handlers) showSimulation(c echo.Context, form templates.SimulateForm, asked bool) error {
	ctx, actor := c.Request().Context(), person(c)
	choices, err := h.Center.Choices(ctx, actor, form.User)
	if err != nil {
		return err
	}
	may, err := h.Center.Allows(ctx, actor, model.ActSaveScenario, model.ActListScenarios)
	if err != nil {
		return err
	}
	p := templates.SimulatePage{Form: form, Users: choices.Users, Accounts: options(choices.Accounts, "Choose an account"),
		Sets: options(choices.Sets, "Choose a permission set"), Operator: choices.Everybody, Complete: "/actions",
		Scenarios: may[model.ActListScenarios]}
	status := http.StatusOK
	if asked {
		question, problems := simulationOf(form, choices)
		answer, err := center.Simulated{}, problems
		if err == nil {
			answer, err = h.Center.Simulate(ctx, actor, question)
		}
		if e, ok := problemsOf(err); ok {
			p.Form.Problems, status = simulateFields(e.Fields), http.StatusUnprocessableEntity
		} else if err != nil {
			return err
		} else {
			p.Answer, p.MaySave = h.simulateAnswer(answer, form, choices), may[model.ActSaveScenario]
			if !form.Pasted() {
				p.Link = simulationAddress(form)
			}
		}
	}
	return h.render(c, page{status: status, title: "Simulate", section: "/simulate", editor: true, failed: status != http.StatusOK,
		layout: h.layoutFor(c), crumbs: []templates.Link{{Text: "Explain"}, {Text: "Simulate"}}}, templates.Simulate(p))
}

// layoutFor is the console's layout for operators and the portal's for everybody else.
func (h *Handlers) layoutFor(c echo.Context) layout {
	if h.operates(c) {
		return templates.Layout
	}
	return templates.Portal
}

// simulateFields puts problems at the fields of this page.
func simulateFields(fields map[string]string) map[string]string {
	if words, ok := fields["role"]; ok {
		fields["set"] = words
		delete(fields, "role")
	}
	return fields
}

func options(choices []center.Choice, first string) []templates.Option {
	list := []templates.Option{{Text: first}}
	for _, choice := range choices {
		text := choice.Name
		if choice.Held {
			text += " (held)"
		}
		list = append(list, templates.Option{Value: choice.ID, Text: text})
	}
	return list
}

func simulationAddress(f templates.SimulateForm) string {
	q := url.Values{}
	for name, value := range map[string]string{"user": f.User, "account": f.Account, "set": f.Set, "actions": f.Actions,
		"resources": f.Resources, "keys": f.Keys, "no_mfa": f.NoMFA, "owner": f.Owner} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Row != "" && f.Row != "0" {
		q.Set("row", f.Row)
	}
	return "/simulate?" + q.Encode()
}

// simulationOf reads the question as typed. Only the form of its lines is judged here.
func simulationOf(f templates.SimulateForm, choices center.Choices) (model.Simulation, error) {
	problems := model.Problems{}
	if f.Principal == "" && choices.User == "" {
		problems.Add("user", "There is nobody with this user name.")
	}
	q := model.Simulation{User: choices.User, Account: model.AccountID(f.Account), PermissionSet: model.PermissionSetID(f.Set),
		Principal: strings.TrimSpace(f.Principal), Identity: f.Identity, Actions: words(f.Actions), Resources: lines(f.Resources),
		Owner: model.AccountID(strings.TrimSpace(f.Owner)), Policy: f.Policy, Session: f.Session, NoMFA: f.NoMFA != ""}
	if q.Pasted() {
		q.User, q.Account, q.PermissionSet = "", "", ""
	}
	q.Keys = map[string][]string{}
	for _, line := range lines(f.Keys) {
		key, value, found := strings.Cut(line, "=")
		if !found {
			problems.Add("keys", "Write each condition key as key = value; several values with commas.")
			continue
		}
		var values []string
		for _, v := range strings.Split(value, ",") {
			values = append(values, strings.TrimSpace(v))
		}
		q.Keys[strings.TrimSpace(key)] = values
	}
	return q, problems.Err()
}

// lines are the non-empty lines of a text, without white space around them.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// words are the parts of a text between white space and commas.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
}

// rowNumber is the row that is explained: the asked one, or the first.
func rowNumber(text string, rows int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n >= rows {
		return 0
	}
	return n
}

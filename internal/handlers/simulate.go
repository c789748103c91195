package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/report"
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
	return h.showSimulation(c, form, form.Actions != "")
}

// askSimulation answers a question. One without pasted documents gets an address of its own, which can be shared.
func (h *Handlers) askSimulation(c echo.Context) error {
	form, err := decode[templates.SimulateForm](c)
	if err != nil {
		return err
	}
	form.TakeRole()
	at := simulationAddress(form)
	if !form.Pasted() && form.RoleGiven() && form.Actions != "" && len(at) < mostAddress {
		return h.redirect(c, at)
	}
	return h.showSimulation(c, form, true)
}

// mostAddress is how many bytes an address may have that is shared; a longer question is answered where it was posted.
const mostAddress = 4000

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
	if !choices.Everybody {
		form.User = actor.UserName
	}
	p := simulatePage(form, choices)
	p.Scenarios = may[model.ActListScenarios]
	status := http.StatusOK
	if asked {
		answer, err := h.answer(c, form, choices)
		if e, ok := problemsOf(err); ok {
			p.Form.Add(e.Fields)
		} else if err != nil {
			return err
		}
		if err == nil {
			p.Answer, p.MaySave = h.simulateAnswer(answer, form, choices), may[model.ActSaveScenario]
		}
	}
	if len(p.Form.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return h.render(c, page{status: status, title: "Simulate", section: "/simulate", editor: true,
		failed: status != http.StatusOK, layout: h.layoutFor(c),
		crumbs: []templates.Link{{Text: "Explain"}, {Text: "Simulate"}}}, templates.Simulate(p))
}

// answer asks the question that a form puts.
func (h *Handlers) answer(c echo.Context, form templates.SimulateForm, choices center.Choices) (center.Simulated, error) {
	question, err := simulationOf(form, choices)
	if err != nil {
		return center.Simulated{}, err
	}
	row, err := strconv.Atoi(form.Row)
	if err != nil {
		row = 0 // a made-up address: the first answer is explained
	}
	return h.Center.Simulate(c.Request().Context(), person(c), question, row)
}

// downloadAnswers sends the answers to a question as a file.
func (h *Handlers) downloadAnswers(c echo.Context) error {
	form, err := decode[templates.SimulateForm](c)
	if err != nil {
		return err
	}
	form.TakeRole()
	choices, err := h.Center.Choices(c.Request().Context(), person(c), form.User)
	if err != nil {
		return err
	}
	answer, err := h.answer(c, form, choices)
	if _, ok := problemsOf(err); ok {
		return h.showSimulation(c, form, true)
	}
	if err != nil {
		return err
	}
	lines := [][]string{{"who", "action", "resource", "verdict", "decided_by"}}
	for _, row := range answer.Rows {
		lines = append(lines, []string{whose(answer, form.Principal), row.Action, row.Resource, row.Decision, row.Verdict.By})
	}
	file, err := report.File(lines)
	if err != nil {
		return err
	}
	return sendCSV(c, "simulation-"+h.Now().UTC().Format(fileTime)+".csv", file)
}

// layoutFor is the console's layout for operators and the portal's for everybody else.
func (h *Handlers) layoutFor(c echo.Context) layout {
	if h.operates(c) {
		return templates.Layout
	}
	return templates.Portal
}

// simulatePage offers what can be asked about. A role that the person does not hold is chosen below the others.
func simulatePage(form templates.SimulateForm, choices center.Choices) templates.SimulatePage {
	p := templates.SimulatePage{Form: form, Users: choices.Users, Region: choices.Region, Operator: choices.Everybody,
		Accounts: options(choices.Accounts, "Choose an account"), Sets: options(choices.Sets, "Choose a permission set")}
	for _, role := range choices.Roles {
		p.Roles = append(p.Roles, templates.Option{Value: string(role.Account.ID) + "/" + string(role.Set.ID),
			Text: role.Set.Name + " in " + role.Account.Name})
	}
	switch held := form.Account + "/" + form.Set; {
	case slices.ContainsFunc(p.Roles, func(o templates.Option) bool { return o.Value == held }):
		p.Form.Role = held
	case form.Account != "" || form.Set != "" || form.Role == templates.OtherRole || (len(p.Roles) == 0 && choices.Everybody):
		p.Form.Role = templates.OtherRole
	default:
		p.Form.Role = ""
	}
	return p
}

func options(choices []center.Choice, first string) []templates.Option {
	list := []templates.Option{{Text: first}}
	for _, choice := range choices {
		list = append(list, templates.Option{Value: choice.ID, Text: choice.Name})
	}
	return list
}

func simulationAddress(f templates.SimulateForm) string {
	q := url.Values{}
	for name, value := range map[string]string{"user": f.User, "account": f.Account, "set": f.Set, "actions": f.Actions,
		"resources": f.Resources, "keys": f.Keys, "no_mfa": f.NoMFA, "owner": f.Owner} {
		if value = strings.TrimSpace(value); value != "" {
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
	q := model.Simulation{User: choices.User, Account: model.AccountID(f.Account), PermissionSet: model.PermissionSetID(f.Set),
		Principal: strings.TrimSpace(f.Principal), Identity: f.Identity, Actions: words(f.Actions), Resources: words(f.Resources),
		Owner: model.AccountID(strings.TrimSpace(f.Owner)), Policy: f.Policy, Session: f.Session, NoMFA: f.NoMFA != "",
		Keys: map[string][]string{}}
	switch {
	case q.Pasted():
		q.User, q.Account, q.PermissionSet = "", "", ""
	case choices.User == "":
		problems.Add("user", "There is nobody with this user name.")
	case !f.RoleGiven() && len(choices.Roles) == 0 && !choices.Everybody:
		problems.Add("role", "You hold no role yet.")
	case !f.RoleGiven() && f.Role != templates.OtherRole:
		problems.Add("role", "Choose one of the roles of "+choices.Name+".")
	}
	for line := range strings.Lines(f.Keys) {
		key, value, found := strings.Cut(line, "=")
		if key = strings.TrimSpace(key); key == "" && !found {
			continue
		}
		if !found {
			problems.Add("keys", "Write each condition key as key = value, several values with commas between them.")
			continue
		}
		q.Keys[key] = append(q.Keys[key], values(value)...)
	}
	return q, problems.Err()
}

// values are the parts of a text between commas; none when there is nothing.
func values(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	list := strings.Split(text, ",")
	for i, v := range list {
		list[i] = strings.TrimSpace(v)
	}
	return list
}

// words are the parts of a text between white space and commas, each once.
func words(text string) []string {
	var list []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", \n\t\r", r) }) {
		if !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}

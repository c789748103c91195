package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
	"gatehouse/web/templates"
)

const settingsPath = "/settings"

func settingsPage(title string) page {
	return page{title: title, section: settingsPath, crumbs: []templates.Link{{Text: "Settings"}}}
}

// showSignInPolicy shows the policy in force, in a form for who may change it.
func (h *Handlers) showSignInPolicy(c echo.Context) error {
	v, err := h.Center.SignInPolicy(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	return h.signInPolicyPage(c, v, templates.SignInPolicyPage{Form: formOfRules(v)}, 0)
}

// formOfRules is a policy as its form shows it.
func formOfRules(v center.SignInPolicyView) templates.SignInPolicyForm {
	f := templates.SignInPolicyForm{Version: strconv.FormatInt(v.Version, 10), Factor: string(v.Factor), NoDevice: string(v.NoDevice),
		Operators: string(v.Operators),
		MinLength: strconv.Itoa(v.MinLength), Reuse: strconv.Itoa(v.Reuse), Idle: minutes(v.Idle), Absolute: minutes(v.Absolute),
		Exempt: strings.Join(exemptNames(v), ", ")}
	if v.TwoPeople {
		f.TwoPeople = "yes"
	}
	if v.MaxAge > 0 {
		f.MaxAge = strconv.Itoa(v.MaxAge)
	}
	if !v.AllowedUntil.IsZero() {
		f.Until = v.AllowedUntil.UTC().Format(time.DateOnly)
	}
	for _, kind := range v.SignInPolicy.Kinds {
		f.Kinds = append(f.Kinds, string(kind))
	}
	return f
}

func minutes(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }

// exemptNames are the names of the exempt groups; one that was deleted since is left out, and so leaves with the next save.
func exemptNames(v center.SignInPolicyView) []string {
	var names []string
	for _, g := range v.Groups {
		if v.Exempts(model.GroupID(g.ID)) {
			names = append(names, g.Name)
		}
	}
	return names
}

func (h *Handlers) signInPolicyPage(c echo.Context, v center.SignInPolicyView, p templates.SignInPolicyPage, status int) error {
	may, err := h.may(c, model.ActReadMail)
	if err != nil {
		return err
	}
	p.May, p.Mail, p.InForce = v.May, may[model.ActReadMail], h.inForceFacts(v)
	for _, g := range v.Groups[:min(len(v.Groups), groupsSuggested)] {
		p.Groups = append(p.Groups, g.Name)
	}
	for _, kind := range model.FactorKinds() {
		p.Kinds = append(p.Kinds, templates.CheckProps{Name: "kinds", ID: "kind-" + string(kind), Value: string(kind),
			Label: acceptedWords[kind], Checked: slices.Contains(p.Form.Kinds, string(kind))})
	}
	about := settingsPage("Sign-in policy")
	about.status, about.failed = status, len(p.Problems) > 0
	return h.render(c, about, templates.SignInPolicy(p))
}

var (
	acceptedWords = map[model.FactorKind]string{model.FactorTOTP: "Codes of authenticator apps",
		model.FactorWebAuthn: "Security keys and passkeys", model.FactorRecovery: "Recovery codes"}
	ruleWords     = map[model.FactorRule]string{model.FactorAlways: "always", model.FactorByContext: "in a new place"}
	noDeviceWords = map[model.NoDeviceRule]string{model.NoDeviceEnrol: "enrol one at sign-in", model.NoDeviceBlock: "are kept out"}
	operatorWords = map[model.OperatorRule]string{model.OperatorsAny: "any of these",
		model.OperatorsStrong: "a security key, a passkey, or codes of 8 digits"}
)

// inForceFacts say what holds now.
func (h *Handlers) inForceFacts(v center.SignInPolicyView) []templates.Fact {
	without := noDeviceWords[v.NoDevice]
	if v.NoDevice == model.NoDeviceAllow {
		without = "may sign in without until " + v.AllowedUntil.UTC().Format("2 January 2006")
	}
	var kinds []string
	for _, kind := range v.SignInPolicy.Kinds {
		kinds = append(kinds, acceptedWords[kind])
	}
	age := "never"
	if v.MaxAge > 0 {
		age = "after " + templates.Plural(v.MaxAge, "day", "days")
	}
	facts := []templates.Fact{
		{Label: "Second factor", Value: templates.Text(ruleWords[v.Factor])},
		{Label: "Never asked", Value: textOr(strings.Join(exemptNames(v), ", "), "nobody")},
		{Label: "Who has none", Value: templates.Text(without)},
		{Label: "Accepted", Value: templates.Text(strings.Join(kinds, ", "))},
		{Label: "Who administers needs", Value: templates.Text(operatorWords[v.Operators])},
		{Label: "Passwords", Value: templates.Text(fmt.Sprintf("%d characters or more", v.MinLength))},
		{Label: "Replaced", Value: templates.Text(age)},
		{Label: "Earlier ones refused", Value: templates.Text(strconv.Itoa(v.Reuse))},
		{Label: "Without use", Value: templates.Text(templates.Plural(int(v.Idle/time.Minute), "minute", "minutes"))},
		{Label: "In all", Value: templates.Text(templates.Plural(int(v.Absolute/time.Minute), "minute", "minutes"))},
	}
	if v.TwoPeople {
		facts = append(facts, templates.Fact{Label: "Highest value", Value: templates.Text("needs a second administrator")})
	}
	if v.Version == 0 {
		return append(facts, templates.Fact{Label: "Version", Value: templates.Text("the standard; nobody has saved one")})
	}
	return append(facts, templates.Fact{Label: "Version", Value: templates.Text(strconv.FormatInt(v.Version, 10))},
		templates.Fact{Label: "Saved", Value: templates.Time(v.SavedAt, h.Now())},
		templates.Fact{Label: "By", Value: textOr(v.By, "the host")})
}

// saveSignInPolicy shows whom the rules of the form would affect and, once that was seen for these very rules, saves them.
func (h *Handlers) saveSignInPolicy(c echo.Context) error {
	form, err := decode[templates.SignInPolicyForm](c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), person(c)
	if err := h.Center.Enter(ctx, actor, model.ActUpdateSignInPolicy); err != nil {
		return err
	}
	v, err := h.Center.SignInPolicy(ctx, actor)
	if err != nil {
		return err
	}
	p, problems := typedPolicy(form, v)
	seal := vault.TokenDigest(fmt.Sprintf("%+v", p))
	if len(problems) == 0 && form.Reviewed == seal {
		if err = h.Center.UpdateSignInPolicy(ctx, actor, p, form.Reason); err == nil {
			return h.done(c, settingsPath, "The sign-in policy is in force.")
		}
	}
	form.Reviewed = ""
	page := templates.SignInPolicyPage{Form: form, Problems: problems}
	if err == nil && len(problems) == 0 {
		var effects center.SignInEffects
		if effects, err = h.Center.ForeseeSignInPolicy(ctx, actor, p); err == nil {
			page.Form.Reviewed, page.Review = seal, reviewOf(effects)
			return h.signInPolicyPage(c, v, page, 0)
		}
	}
	if err == nil {
		return h.signInPolicyPage(c, v, page, statusOf[model.Invalid])
	}
	e, ok := answerable(err)
	if !ok {
		return err
	}
	if e.Kind == model.Conflict && p.Version != v.Version { // saved by somebody else since: what is in force stands beside
		page.Form.Version = strconv.FormatInt(v.Version, 10)
	}
	page.Problems = faults(e)
	return h.signInPolicyPage(c, v, page, statusOf[e.Kind])
}

// typedPolicy reads a form. What is no number is a problem of its field; bounds are for the policy itself to check.
func typedPolicy(f templates.SignInPolicyForm, v center.SignInPolicyView) (model.SignInPolicy, model.Problems) {
	problems := model.Problems{}
	number := func(field, text string) int {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 0 || n > 1_000_000 {
			problems.Add(field, "Enter a whole number.")
			return 0
		}
		return n
	}
	p := model.SignInPolicy{Factor: model.FactorRule(f.Factor), TwoPeople: f.TwoPeople != "", NoDevice: model.NoDeviceRule(f.NoDevice),
		Operators: model.OperatorRule(f.Operators),
		MinLength: number("min_length", f.MinLength), Reuse: number("reuse", f.Reuse),
		Idle:     time.Duration(number("idle", f.Idle)) * time.Minute,
		Absolute: time.Duration(number("absolute", f.Absolute)) * time.Minute}
	if strings.TrimSpace(f.MaxAge) != "" {
		p.MaxAge = number("max_age", f.MaxAge)
	}
	for _, kind := range f.Kinds {
		p.Kinds = append(p.Kinds, model.FactorKind(kind))
	}
	var err error
	if p.Version, err = strconv.ParseInt(f.Version, 10, 64); err != nil {
		p.Version = -1 // nobody's version: the save is stale
	}
	if text := strings.TrimSpace(f.Until); text != "" && p.NoDevice == model.NoDeviceAllow {
		if p.AllowedUntil, err = time.Parse(time.DateOnly, text); err != nil {
			problems.Add("until", "Enter a day such as 2027-01-31.")
		}
	}
	p.Exempt = exemptOf(f.Exempt, v, problems)
	if own, ok := answerable(p.Check()); ok {
		for field, words := range own.Fields {
			problems.Add(field, words)
		}
	}
	return p, problems
}

// exemptOf finds groups by the names that were typed. A name that holds a comma itself is found as well.
func exemptOf(text string, v center.SignInPolicyView, problems model.Problems) []model.GroupID {
	byName := map[string]model.GroupID{}
	for _, g := range v.Groups {
		byName[strings.ToLower(g.Name)] = model.GroupID(g.ID)
	}
	var list []model.GroupID
	parts := strings.Split(text, ",")
	for len(parts) > 0 {
		if strings.TrimSpace(parts[0]) == "" {
			parts = parts[1:]
			continue
		}
		n := len(parts)
		for n > 0 && byName[strings.ToLower(strings.TrimSpace(strings.Join(parts[:n], ",")))] == "" {
			n--
		}
		if n == 0 {
			problems.Add("exempt", "There is no group "+strings.TrimSpace(parts[0])+".")
			return list
		}
		if id := byName[strings.ToLower(strings.TrimSpace(strings.Join(parts[:n], ",")))]; !slices.Contains(list, id) {
			list = append(list, id)
		}
		parts = parts[n:]
	}
	return list
}

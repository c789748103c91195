package handlers_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
)

// complete fills in what a page leaves to be typed, without which a request is refused before anybody asks who sends it, and
// chooses for some routes another thing than the first that a page leads to.
func (c *census) complete(t *testing.T, one *call) {
	t.Helper()
	if to := c.elsewhere(t, one.name()); to != "" {
		one.path = to
	}
	for pair := range strings.SplitSeq(c.typed(t, *one), "&") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			value, err := url.QueryUnescape(value)
			must(t, err)
			one.form.Set(name, value)
		}
	}
}

// elsewhere is the address of a thing that a route can act on; empty: the one that a page leads to.
func (c *census) elsewhere(t *testing.T, route string) string {
	t.Helper()
	switch route {
	case "POST /accounts/:id/move":
		return "/accounts/" + string(securecart.Dev) + "/move"
	case "POST /accounts/:id/remove":
		return "/accounts/" + string(securecart.LogArchive) + "/remove"
	case "POST /portal/:account/:set":
		return "/portal/" + string(securecart.Management) + "/" + string(c.planted.Sets[center.AdministratorSet])
	}
	return ""
}

// idOf is the identifier of the thing of a name.
func (c *census) idOf(t *testing.T, table, name string) string {
	t.Helper()
	for _, row := range c.watch(t).Contents()[table] {
		if row["name"] == name {
			return row["id"]
		}
	}
	t.Fatalf("there is nothing called %s among the %s", name, table)
	return ""
}

// typed is what somebody types into the form of a route.
func (c *census) typed(t *testing.T, one call) string {
	t.Helper()
	ben, grace := string(c.planted.Users["ben.carter"]), string(c.planted.Users["grace.kim"])
	switch one.name() {
	case "POST /users":
		return "username=nina.new&given_name=Nina&family_name=New&email=nina@securecart.example"
	case "POST /users/:id/delete", "POST /groups/:id/delete":
		return "confirm=" + url.QueryEscape(c.confirmation(t, one))
	case "POST /users/disable":
		return "user=" + ben
	case "POST /users/join":
		return "user=" + ben + "&group=" + c.idOf(t, "groups", "Gatehouse-Auditors")
	case "POST /groups":
		return "name=Newcomers"
	case "POST /groups/:id/add":
		return "members=grace.kim"
	case "POST /accounts/new":
		return "account_id=123412341234&name=New-Account&email=new@securecart.example"
	case "POST /accounts/ous/new":
		return "name=New+unit"
	case "POST /accounts/:id/move":
		return "ou=" + c.idOf(t, "ous", "Security")
	case "POST /accounts/policies/new":
		return "name=New+policy"
	case "POST /accounts/attach":
		return "policy=" + c.idOf(t, "policies", "Guardrails") + "&targets=" + c.idOf(t, "ous", "Security")
	case "POST /permission-sets":
		return "name=New-Set&session_duration=1&description=New"
	case "POST /assignments":
		return "principals=user:" + grace + "&permission_sets=" + string(c.planted.Sets[center.AuditorSet]) + "&targets=account:" + string(securecart.Dev)
	case "POST /me/password":
		return "current=" + url.QueryEscape(elenasPassword) + "&password=four+words+nobody+says"
	case "POST /signin":
		return "username=elena.novak&password=" + url.QueryEscape(elenasPassword)
	case "POST /validate":
		return "kind=identity&document=" + url.QueryEscape(model.FullAWSAccessBody)
	case "POST /simulate", "POST /simulate.csv", "POST /simulate/scenarios":
		return "user=ben.carter&role=" + string(securecart.Dev) + "/none&principal=&name=New+scenario&actions=s3:GetObject&resources=*&identity=" +
			url.QueryEscape(model.FullAWSAccessBody)
	case "POST /settings":
		return "min_length=12"
	}
	return ""
}

// confirmation is the name that the form of a deletion asks for.
func (c *census) confirmation(t *testing.T, one call) string {
	t.Helper()
	kind, rest, _ := strings.Cut(strings.TrimPrefix(one.path, "/"), "/")
	id, _, _ := strings.Cut(rest, "/")
	if kind == "groups" {
		g, err := c.center.Store.Group(t.Context(), model.GroupID(id))
		must(t, err)
		return g.Name
	}
	u, err := c.center.Store.User(t.Context(), model.UserID(id))
	must(t, err)
	return u.UserName
}

// reviewed are routes whose form is sent only after a review of it, which the census does not do.
var reviewed = []string{"POST /assignments"}

// sendReviewed sends a form and, where the answer is a review of it, sends that on.
func (c *census) sendReviewed(t *testing.T, one call) (status int) {
	t.Helper()
	w := c.send(one)
	path, _, _ := strings.Cut(one.path, "?")
	for _, f := range formsIn(t, w.Body.String(), path) {
		before, _, _ := strings.Cut(f.action, "?")
		for _, name := range []string{"review", "reviewed"} {
			if before == path && f.values.Get(name) != "" && one.form.Get(name) != f.values.Get(name) {
				one.form = cloned(one.form)
				one.form.Set(name, f.values.Get(name))
				return c.send(one).Code
			}
		}
	}
	return w.Code
}

func cloned(form url.Values) url.Values {
	clone := url.Values{}
	for name, values := range form {
		clone[name] = slices.Clone(values)
	}
	return clone
}

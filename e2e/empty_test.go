package e2e

import (
	"net/url"
	"strings"
	"testing"
)

// TestAnEmptyOrganizationIsSoundOnEveryList looks at a console that was set up a moment ago, in every view.
func TestAnEmptyOrganizationIsSoundOnEveryList(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	v := c.setUp(t)
	for _, path := range []string{"/", "/portal", "/me/access", "/users", "/groups", "/accounts", "/accounts?view=list", "/accounts/policies",
		"/permission-sets", "/assignments", "/assignments/new", "/simulate/scenarios", "/reports/credentials", "/audit", "/approvals",
		"/settings/history", "/settings/mail", "/search?q=anything"} {
		t.Run(path, func(t *testing.T) {
			j := newJourney(t, c.base, view{})
			j.take(v)
			j.Open(path)
			j.At(strings.Split(path, "?")[0])
			j.Look("empty" + strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path))
		})
	}
}

// setUp makes an organization with nothing but its administrator, who is signed in.
func (c *console) setUp(t *testing.T) *visitor {
	t.Helper()
	v := newVisitor(c.base)
	path := c.SetupPath()
	v.Post(t, path, url.Values{"organization": {"SecureCart"}, "account_id": {"111122223333"}, "account_name": {"SecureCart-Management"},
		"account_email": {"aws@securecart.example"}, "given_name": {"Elena"}, "family_name": {"Novak"},
		"email": {"elena@securecart.example"}, "username": {"elena.novak"}, "password": {"four words that nobody guesses"}})
	shown := shownKey.FindSubmatch(v.Get(t, "/signin/enrol").body)
	if shown == nil {
		t.Fatal("the set-up leads to no authenticator app")
	}
	code := c.Code(strings.ReplaceAll(string(shown[1]), " ", ""))
	if a := v.Post(t, "/signin/enrol", url.Values{"name": {"Phone"}, "code": {code}}); a.status >= 400 {
		t.Fatalf("enrol: %d at %s", a.status, a.path)
	}
	return v
}

package e2e

import (
	"strings"
	"testing"
)

// asAdministrator opens a tab in which an administrator of the sample organization is signed in.
func asAdministrator(t *testing.T, c *console, people []SeededUser, v view) *journey {
	t.Helper()
	for _, p := range people {
		if p.Role == "administrator" {
			j := newJourney(t, c.base, v)
			j.Open("/signin")
			j.Type("username", p.UserName)
			j.Type("password", p.Password)
			j.Click("form button[type=submit]")
			j.At("/signin/mfa")
			j.Type("code", c.Code(p.TOTPSecret)) // the sixth digit sends the form
			j.At("/")
			return j
		}
	}
	t.Fatalf("no administrator among %v", people)
	return nil
}

func TestLookAtPermissionSets(t *testing.T) {
	c := startConsole(t)
	people := c.Seed()
	for _, v := range []view{{}, {phone: true, dark: true}} {
		j := asAdministrator(t, c, people, v)
		j.Open("/permission-sets")
		j.See("SecureCart-Support")
		j.Shot("sets-list")
		j.Axe()
		href := Eval[string](j, `[...document.querySelectorAll('a.gh-name')].find(a => a.innerText.includes('Support')).getAttribute('href')`)
		for _, tab := range []string{"", "/assignments", "/people", "/settings", "/versions", "/history", "/edit", "/delete"} {
			j.Open(href + tab)
			j.See("SecureCart-Support")
			j.Shot("set" + strings.ReplaceAll(tab, "/", "-"))
			j.Axe()
		}
		for name, path := range map[string]string{"new": "/permission-sets/new", "catalogue": "/permission-sets/catalogue?q=read",
			"policy": "/permission-sets/catalogue/ReadOnlyAccess", "attach": "/permission-sets?attach=arn:aws:iam::aws:policy/ReadOnlyAccess"} {
			j.Open(path)
			j.See("olic")
			j.Shot("set-" + name)
			j.Axe()
		}
	}
}

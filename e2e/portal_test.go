package e2e

import (
	"strings"
	"testing"
)

// inPortal opens a tab in which a person of the sample is signed in, at the portal. Nothing counts yet.
func inPortal(t *testing.T, c *console, userName string, v view) *journey {
	t.Helper()
	for _, p := range c.people {
		if p.UserName != userName {
			continue
		}
		j := newJourney(t, c.base, v)
		j.Open("/signin")
		j.Type("username", p.UserName)
		j.Type("password", p.Password)
		j.Submit()
		j.At("/signin/mfa")
		j.Type("code", c.Code(p.TOTPSecret)) // the sixth digit sends the form, where scripts run
		if v.noScript {
			j.Submit()
		}
		j.At("/portal")
		j.countAnew()
		return j
	}
	t.Fatalf("nobody is called %s", userName)
	return nil
}

// countAnew forgets the clicks and loads so far.
func (j *journey) countAnew() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.clicks, j.loads = 0, 0
}

const (
	developerKeys = "Keys of SecureCart-Developer-PermSet in SecureCart-Dev"
	covered       = `getComputedStyle(document.querySelector('[data-format=posix] .gh-mask')).webkitTextSecurity`
)

func TestThePortal(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	for name, prove := range map[string]func(*testing.T, *console){
		"keys take two clicks":                  keysTakeTwoClicks,
		"a role used before takes one click":    usedRoleTakesOneClick,
		"a role is found without a click":       roleIsFoundWithoutAClick,
		"keys in use are revoked in two clicks": keysAreRevokedInTwoClicks,
		"it works without scripts":              portalWorksWithoutScripts,
		"own access is explained":               ownAccessIsExplained,
	} {
		t.Run(name, func(t *testing.T) { prove(t, c) })
	}
}

func keysTakeTwoClicks(t *testing.T, c *console) { // U4
	j := inPortal(t, c, "ana.beltran", view{})
	j.Shot("portal-new")
	j.Click(developerKeys)
	j.See("Temporary keys")
	j.Click("Copy all")
	j.See("Copied all")
	j.Goal(2, 0)
	if got := Eval[string](j, covered); got != "disc" {
		t.Errorf("secrets are covered by %q, want discs", got)
	}
	j.Shot("portal-keys")
	j.Axe()
	j.Click("Windows")
	j.See("$Env:AWS_ACCESS_KEY_ID")
	j.Click("File")
	j.See("aws_access_key_id")
	j.Click("Close")
	j.See("Credentials in use 1") // behind the dialog, without loading the page again
}

func usedRoleTakesOneClick(t *testing.T, c *console) { // U3
	j := inPortal(t, c, "jonas.weber", view{dark: true})
	j.Click(developerKeys)
	j.See("Temporary keys")
	j.Open("/portal")
	j.Shot("portal")
	j.Axe()
	j.countAnew()
	j.Click(".gh-tile form button")
	j.See("Keys for SecureCart-Dev")
	j.Goal(1, 0)
	j.Axe()
}

func roleIsFoundWithoutAClick(t *testing.T, c *console) { // U5
	j := inPortal(t, c, "marcus.lindqvist", view{})
	j.press("/")
	j.press("shared")
	j.wait("one account is left", `document.querySelectorAll('#accounts .gh-acc').length === 1`)
	j.press("\r")
	j.See("Keys for DevOps")
	j.See("Take keys")
	j.Shot("portal-role")
	j.Axe()
	j.Goal(0, 1)
}

func keysAreRevokedInTwoClicks(t *testing.T, c *console) { // U10, for keys
	j := inPortal(t, c, "yuki.mori", view{phone: true})
	j.Click(developerKeys)
	j.See("Temporary keys")
	j.Shot("portal-keys")
	j.Axe()
	j.Click("Close")
	j.countAnew()
	j.Click("Revoke")
	j.See("Programs that use them are refused")
	j.Shot("portal-revoke")
	j.Axe()
	j.Click("Revoke")
	j.See("Revoked ASIA")
	j.Goal(2, 1)
	if text := Eval[string](j, `document.querySelector('main').innerText`); strings.Contains(text, "Credentials in use") {
		t.Error("the revoked credentials are still listed")
	}
}

func portalWorksWithoutScripts(t *testing.T, c *console) {
	j := inPortal(t, c, "ben.carter", view{noScript: true})
	j.Type("q", "prod")
	j.Click("Find")
	j.See("SecureCart-Production")
	j.Click("Keys of SecureCart-Support-PermissionSet in SecureCart-Production")
	j.See("export AWS_SECRET_ACCESS_KEY")
	if got := Eval[string](j, covered); got != "none" {
		t.Errorf("secrets are covered by %q although nothing uncovers them", got)
	}
	j.Shot("portal-keys-noscript")
	j.Click("Windows")
	j.See("$Env:AWS_SESSION_TOKEN")
	j.Click("Close")
	j.At("/portal")
	j.Click("Revoke")
	j.See("Programs that use them are refused")
	j.Click(".btn-danger")
	j.See("Revoked ASIA")
}

func ownAccessIsExplained(t *testing.T, c *console) {
	j := inPortal(t, c, "luca.ferri", view{})
	j.Click(".gh-acc .gh-why")
	j.See("Member of")
	j.At("/me/access")
	j.Shot("my-access")
	j.Axe()
}

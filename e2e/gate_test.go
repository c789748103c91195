package e2e

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// with opens a tab that has the cookies of a visitor.
func with(t *testing.T, v *visitor) *journey {
	t.Helper()
	j := newJourney(t, v.base, view{})
	j.take(v)
	return j
}

func atSignIn(t *testing.T) *journey {
	j := newJourney(t, sample(t).base, view{})
	j.Open("/signin")
	return j
}

// withPassword is somebody who has given their password and no code yet.
func withPassword(t *testing.T) *journey {
	t.Helper()
	c := sample(t)
	v, p := newVisitor(c.base), pick(t, c.people, "executive")
	v.Post(t, "/signin", url.Values{"username": {p.UserName}, "password": {p.Password}})
	return with(t, v)
}

func atSecondFactor(t *testing.T) *journey {
	j := withPassword(t)
	j.Open("/signin/mfa")
	j.At("/signin/mfa")
	return j
}

func atRecovery(t *testing.T) *journey {
	j := withPassword(t)
	j.Open("/signin/recovery")
	j.At("/signin/recovery")
	return j
}

// invitation is the path of the link for a person who was just created.
func invitation(t *testing.T, userName string) string {
	t.Helper()
	made := sample(t).signIn(t, administrator).Post(t, "/users", url.Values{"username": {userName},
		"given_name": {"Rosa"}, "family_name": {"Lindgren"}, "email": {userName + "@securecart.example"}})
	link := inviteLink.FindString(string(made.body))
	if link == "" {
		t.Fatalf("create %s: %d at %s, and no invitation", userName, made.status, made.path)
	}
	return strings.TrimPrefix(link, sample(t).base)
}

func atInvitation(t *testing.T) *journey {
	j := newJourney(t, sample(t).base, view{})
	j.Open(invitation(t, "rosa.lindgren"))
	j.See("Welcome to SecureCart")
	return j
}

func atDeadLink(t *testing.T) *journey {
	j := newJourney(t, sample(t).base, view{})
	j.Open("/invite/was-used-already")
	j.See("This link does not work any more")
	return j
}

func atEnrolment(t *testing.T) *journey {
	v := newVisitor(sample(t).base)
	v.Post(t, invitation(t, "rosa.berg"), url.Values{"username": {"rosa.berg"}, "password": {"a long sentence of mine"}})
	j := with(t, v)
	j.Open("/signin/enrol")
	j.At("/signin/enrol")
	return j
}

// atEnrolKey is at the key that somebody invited may enrol instead of an app.
func atEnrolKey(t *testing.T) *journey {
	v := newVisitor(sample(t).base)
	v.Post(t, invitation(t, "rosa.keller"), url.Values{"username": {"rosa.keller"}, "password": {"a long sentence of mine"}})
	j := with(t, v)
	j.Open("/signin/enrol/key")
	j.At("/signin/enrol/key")
	return j
}

// atNewDevice is at the key of an app that was just begun.
func atNewDevice(t *testing.T) *journey {
	v := sample(t).signIn(t, "support")
	v.Post(t, "/me/devices", url.Values{})
	j := with(t, v)
	j.Open("/me/devices/new")
	j.At("/me/devices/new")
	return j
}

func atSetUp(t *testing.T) *journey {
	c := startConsole(t)
	j := newJourney(t, c.base, view{})
	j.Open(c.SetupPath())
	j.See("Set up")
	return j
}

var shownKey = regexp.MustCompile(`gh-secret"><code>([A-Z2-7 ]+)</code>`)

// prepare does what some pages are about: the developer takes keys twice and has two authenticator apps.
func prepare(t *testing.T, c *console) {
	t.Helper()
	v := c.signIn(t, developer)
	v.Post(t, "/me/devices", url.Values{})
	shown := shownKey.FindSubmatch(v.Get(t, "/me/devices/new").body)
	if shown == nil {
		t.Fatal("no key is shown for another authenticator app")
	}
	code := c.Code(strings.ReplaceAll(string(shown[1]), " ", ""))
	if a := v.Post(t, "/me/devices/new", url.Values{"name": {"Tablet"}, "code": {code}}); a.path != "/me" {
		t.Fatalf("add an authenticator app: %d at %s", a.status, a.path)
	}
	roles := 0
	for _, l := range links(v.Get(t, "/portal").body) {
		if !fits("/portal/:account/:set", l.address) {
			continue
		}
		v.Post(t, l.address, url.Values{})
		if roles++; roles == 2 {
			return
		}
	}
	t.Fatal("the portal leads the developer to fewer than two roles")
}

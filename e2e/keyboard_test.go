package e2e

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// TestSigningInTakesAKeyboardAlone goes through both steps with the keys of a keyboard, without touching anything.
func TestSigningInTakesAKeyboardAlone(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	for _, v := range []view{{}, {noScript: true}} {
		p := pick(t, c.people, "administrator")
		j := newJourney(t, c.base, v)
		j.Open("/signin")
		j.tabTo("username")
		j.press(p.UserName)
		j.tabTo("password")
		j.press(p.Password)
		j.press(kb.Enter)
		j.At("/signin/mfa")
		j.tabTo("code")
		j.press(c.Code(p.TOTPSecret))
		if v.noScript {
			j.press(kb.Enter)
		}
		j.At("/")
		j.See("Overview")
		// What is used most is reached at once: past the links of every page, and to the way out.
		j.press(kb.Tab)
		if text := Eval[string](j, `document.activeElement.innerText`); text != "Skip to content" {
			t.Errorf("the first thing that the tabulator reaches is %q", text)
		}
		j.Goal(0, 3)
	}
}

// tabTo presses the tabulator until a field has the focus, which has to be seen.
func (j *journey) tabTo(name string) {
	j.t.Helper()
	for range 12 {
		if Eval[string](j, `document.activeElement?.name ?? ''`) == name {
			if !Eval[bool](j, `document.activeElement.matches(':focus-visible')`) {
				j.t.Errorf("nobody sees that %s has the focus", name)
			}
			return
		}
		j.press(kb.Tab)
	}
	j.t.Fatalf("the tabulator does not reach %s", name)
}

// TestAfterSigningOutTheBrowserHasNothingLeft goes back after signing out, and looks at what the browser stores.
func TestAfterSigningOutTheBrowserHasNothingLeft(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := newJourney(t, c.base, view{})
	j.Open("/signin")
	j.SignIn(c, pick(t, c.people, "developer"))
	j.At("/portal")
	j.Open("/me")
	j.See("My security")
	stored := Eval[[]string](j, `[...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie].filter(Boolean)`)
	if len(stored) > 0 {
		t.Errorf("scripts can read %q", stored)
	}
	j.Click(".gh-me summary")
	j.Click("Sign out")
	j.At("/signin")
	for range 2 {
		Eval[bool](j, `history.back(), true`)
		j.At("/signin")
		j.wait("nothing of before", `!document.body.innerText.includes('My security')`)
	}
}

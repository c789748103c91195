package e2e

import (
	"fmt"
	"testing"
	"time"
)

// fleet is how many accounts the fleet of this journey has, beside those of the sample.
const fleet = 40

// addFleet adds accounts to the organization as the administrator, by sending the page's own form.
func (j *journey) addFleet() {
	j.t.Helper()
	refused := Eval[int](j, fmt.Sprintf(`(async () => {
		let refused = 0
		for (let i = 0; i < %d; i++) {
			const body = new URLSearchParams(new FormData(document.querySelector('main form')))
			body.set('account_id', String(700000000000 + i))
			body.set('name', 'Fleet-' + i)
			body.set('email', 'fleet-' + i + '@securecart.example')
			const answer = await fetch('/accounts/new', { method: 'POST', body })
			if (!answer.ok) refused++
		}
		return refused
	})()`, fleet))
	if refused > 0 {
		j.t.Fatalf("%d of %d accounts were refused", refused, fleet)
	}
}

func TestJourneyGiveAGroupOneSetOnFortyAccounts(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.Open("/accounts/new")
	j.addFleet()
	j.Open("/assignments")
	j.fromHere()
	j.Click("Assign access")
	j.Type("who", "SecureCart-DevOps")
	j.wait("narrow the list", `document.querySelectorAll('#principals input').length === 1`)
	j.press("\r")
	j.Click(`#permission_sets label:has([value]):first-of-type`)
	j.Type("where", "fleet-")
	j.See("Select all 40 matching")
	j.Click("Select all 40 matching")
	j.See("40 new assignments")
	j.Click("Assign 40")
	j.See("Made 40 assignments.")
	j.Goal(4, 3)
}

func TestWhatIsTypedWhileAListIsOnItsWayIsKept(t *testing.T) {
	t.Parallel()
	j := sample(t).As(t, administrator, view{})
	j.Open("/assignments/new")
	Eval[bool](j, `(fetch => {
		window.fetch = (...all) => new Promise(done => setTimeout(done, 300)).then(() => fetch(...all))
		return true
	})(window.fetch)`)
	Eval[bool](j, `document.querySelector('[name=who]').focus(), true`)
	for _, key := range "SecureCart-DevOps" {
		j.press(string(key))
		time.Sleep(190 * time.Millisecond) // slow enough for answers to come in between
	}
	j.wait("the list narrowed", `document.querySelectorAll('#principals input').length === 1`)
	if typed := Eval[string](j, `document.activeElement.name + ' ' + document.activeElement.value`); typed != "who SecureCart-DevOps" {
		t.Errorf("the focus and the text are %q", typed)
	}
}

func TestAssigningWorksWithoutScripts(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	admin := pick(t, c.people, "administrator")
	j := newJourney(t, c.base, view{noScript: true})
	j.Open("/signin")
	j.SignIn(c, admin)
	j.At("/")
	j.Open("/assignments/new")
	j.Click(`#principals label:first-of-type`)
	j.Click(`#permission_sets label:first-of-type`)
	j.Click(`#targets label:first-of-type`)
	j.Click("#review noscript button, #review div > button[formmethod=get]")
	j.See("1 new assignment")
	j.Click("Assign 1")
	j.See("Made 1 assignment.")
	j.Click("tbody input[name=assignments]")
	j.Click(".gh-bulk button")
	j.See("Kept in the audit trail.")
	j.Type("reason", "not needed")
	j.Click("Remove 1 assignment")
	j.See("Removed 1 assignment.")
}

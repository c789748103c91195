package e2e

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/mail/mailtest"
)

// withMail is a console of the test's own whose e-mails go to a real SMTP server on this machine.
func withMail(t *testing.T) (*console, *mailtest.Server) {
	t.Helper()
	server := mailtest.Start(t, mailtest.Kind{})
	dir := t.TempDir()
	c, err := plantWith(dir, "--smtp", "smtp+plain://"+server.Address, "--smtp-from", "Gatehouse <id@securecart.example>")
	if err != nil {
		t.Fatal(err)
	}
	c.until(t)
	return c, server
}

// letter waits for an e-mail to somebody.
func letter(t *testing.T, server *mailtest.Server, to string, part string) mailtest.Letter {
	t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); time.Sleep(50 * time.Millisecond) {
		for _, l := range server.Letters() {
			if l.To == to && strings.Contains(l.Text, part) {
				return l
			}
		}
	}
	t.Fatalf("no e-mail to %s with %q: %+v", to, part, server.Letters())
	return mailtest.Letter{}
}

// rules are the sign-in policy as its form sends it, with changes.
func rules(changes url.Values) url.Values {
	form := url.Values{"version": {"0"}, "factor": {"always"}, "exempt": {""}, "no_device": {"enrol"}, "until": {""},
		"kinds": {"totp", "webauthn", "recovery-code"}, "operators": {"any"}, "min_length": {"8"}, "max_age": {""}, "reuse": {"0"}, "idle": {"15"},
		"absolute": {"480"}, "reason": {""}, "reviewed": {""}}
	for name, values := range changes {
		form[name] = values
	}
	return form
}

var reviewed = regexp.MustCompile(`name="reviewed" value="([0-9a-f]{64})"`)

// enforce puts rules in force as the administrator does: review first, then save.
func (c *console) enforce(t *testing.T, changes url.Values) {
	t.Helper()
	v, form := c.signIn(t, administrator), rules(changes)
	seen := reviewed.FindSubmatch(v.Post(t, "/settings", form).body)
	if seen == nil {
		t.Fatal("the review of the policy offers nothing to save")
	}
	form.Set("reviewed", string(seen[1]))
	a := v.Post(t, "/settings", form)
	if strings.HasPrefix(a.path, "/signin?ended=policy") { // it is in force, and asks more of who saved it
		return
	}
	if a.path != "/settings" || !strings.Contains(string(a.body), "is in force.") {
		t.Fatalf("save the policy: %d at %s", a.status, a.path)
	}
}

func atForgotten(t *testing.T) *journey {
	j := newJourney(t, sample(t).base, view{})
	j.Open("/signin")
	j.Click("Forgot your password?")
	j.At("/forgot")
	return j
}

func atForgottenByMail(t *testing.T) *journey {
	c, _ := withMail(t)
	j := newJourney(t, c.base, view{})
	j.Open("/forgot")
	j.See("Send the link")
	return j
}

func atOutbox(t *testing.T) *journey {
	c, server := withMail(t)
	server.Refuse(550, "there is no such mailbox here")
	j := c.Tab(t, administrator, view{})
	j.Open("/settings/mail")
	j.Click("Send me a test")
	j.See("The test is on its way.")
	for range 40 {
		j.Open("/settings/mail")
		if Eval[bool](j, `document.querySelector('main').innerText.includes('no such mailbox')`) {
			break
		}
	}
	j.See("no such mailbox")
	return j
}

func atRenewal(t *testing.T) *journey {
	c := ownSample(t)
	c.enforce(t, url.Values{"min_length": {"64"}})
	j := newJourney(t, c.base, view{})
	j.Open("/signin")
	j.SignIn(c, pick(t, c.people, developer))
	j.At("/signin/password")
	return j
}

func atTrust(t *testing.T) *journey {
	c := ownSample(t)
	c.enforce(t, url.Values{"factor": {"context"}})
	j := newJourney(t, c.base, view{})
	j.Open("/signin")
	j.password(pick(t, c.people, developer))
	return j
}

func atKeyAndTrust(t *testing.T) *journey {
	j, _ := keyAndTrust(t)
	return j
}

// keyAndTrust is where somebody with an app and a key may trust the browser with either, and who.
func keyAndTrust(t *testing.T) (*journey, SeededUser) {
	t.Helper()
	c := ownSample(t)
	p := pick(t, c.people, developer)
	j := c.As(t, developer, view{})
	j.securityKey(false)
	j.Open("/me/keys/new")
	j.Type("name", "Blue key")
	j.Click("Register")
	j.At("/me")
	c.enforce(t, url.Values{"factor": {"context"}})
	j.signOut()
	j.password(p)
	return j, p
}

// atStronger is where an administrator with an app of six digits is led once the policy asks them for more.
func atStronger(t *testing.T) *journey {
	c := ownSample(t)
	c.enforce(t, url.Values{"operators": {"strong"}})
	j := newJourney(t, c.base, view{})
	j.Open("/signin")
	j.SignIn(c, pick(t, c.people, administrator))
	j.At("/signin/enrol")
	return j
}

func atLeftovers(t *testing.T) *journey {
	j := ownSample(t).As(t, administrator, view{})
	j.searchFor("ana.beltran")
	j.Click("Offboard")
	j.Click("#dialog button.btn-danger")
	j.See("is cut off")
	return j
}

// reviewRules changes the policy on the page and asks whom that would affect.
func reviewRules(j *journey) {
	j.Click("input[name=no_device][value=block]")
	j.Type("min_length", "64")
	j.Click("Review who is affected")
	j.See("Before you save")
}

func TestJourneyOffboardSomebodyForGood(t *testing.T) { // A5
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.searchFor("ana.beltran")
	j.fromHere()
	j.Click("Offboard")
	j.See("one-time links end at once")
	j.Shot("offboard-dialog")
	j.Axe()
	j.Click("#dialog button.btn-danger")
	j.See("is cut off")
	j.See("SecureCart-Developers") // the group that is left, with its link
	j.Goal(2, 1)
	v := newVisitor(c.base)
	ana := pick(t, c.people, "ana.beltran")
	if a := v.Post(t, "/signin", url.Values{"username": {ana.UserName}, "password": {ana.Password}}); a.path != "/signin" {
		t.Errorf("signed in again, they are at %s", a.path)
	}
}

func TestJourneyAskEverybodyForALongerPassword(t *testing.T) { // A12: choose, review, save
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.Click("Settings")
	j.At("/settings")
	j.fromHere()
	j.Click("input[name=no_device][value=block]")
	j.Click("Review who is affected")
	j.See("Before you save")
	j.Click("Save the policy")
	j.See("The sign-in policy is in force.")
	j.Goal(3, 3)
	j.See("are kept out")
	j.Open("/settings/history")
	j.See("saved version 1 of the sign-in policy")
}

func TestAPolicyThatLocksOutTheLastAdministratorIsNotSaved(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.Open("/settings")
	j.Click("#kind-totp")
	j.Click("#kind-recovery-code")
	j.Click("Review who is affected")
	j.See("nobody who administers Gatehouse could sign in")
	j.Axe()
	j.Shot("settings-refused")
}

func TestJourneyForgottenPassword(t *testing.T) { // U8
	t.Parallel()
	c, server := withMail(t)
	ana := pick(t, c.people, "ana.beltran")
	j := newJourney(t, c.base, view{})
	j.Open("/signin")
	j.fromHere()
	j.Click("Forgot your password?")
	j.Type("username", "nobody.at.all")
	j.Submit()
	j.See("Look into your mailbox")
	unknown := Eval[string](j, `document.querySelector('main').innerText`)
	j.Open("/forgot")
	j.fromHere()
	j.Type("username", ana.UserName)
	j.Submit()
	j.See("Look into your mailbox")
	if known := Eval[string](j, `document.querySelector('main').innerText`); known != unknown {
		t.Errorf("the page tells who exists: %q, %q", known, unknown)
	}
	j.Shot("forgot-sent")
	j.Axe()
	link := inviteLink.FindString(letter(t, server, "ana.beltran@securecart.example", "/invite/").Text)
	j.Open(strings.TrimPrefix(link, c.base))
	j.Type("password", "other words nobody ever says")
	j.Submit()
	j.At("/signin/mfa")
	j.Type("code", c.Code(ana.TOTPSecret))
	j.At("/portal")
	j.Goal(2, 5)
	letter(t, server, "ana.beltran@securecart.example", "A new password was chosen")
}

func TestAnInvitationGoesOutByEMail(t *testing.T) {
	t.Parallel()
	c, server := withMail(t)
	j := c.As(t, administrator, view{})
	j.Open("/users/new")
	for name, text := range map[string]string{"given_name": "Maja", "family_name": "Lund", "username": "maja.lund",
		"email": "maja.lund@securecart.example"} {
		j.Type(name, text)
	}
	j.Click("Create user")
	j.See("On its way to maja.lund@securecart.example")
	if Eval[bool](j, `document.body.innerText.includes('/invite/')`) {
		t.Error("the operator sees the link")
	}
	j.Shot("user-created-mailed")
	j.Axe()
	link := inviteLink.FindString(letter(t, server, "maja.lund@securecart.example", "/invite/").Text)
	if strings.Contains(c.out.String(), strings.TrimPrefix(link, c.base+"/invite/")) {
		t.Error("the log has the link")
	}
	j.Open("/settings/mail")
	j.See("Your invitation to Gatehouse")
	if Eval[bool](j, `document.body.innerText.includes('/invite/')`) {
		t.Error("the outbox shows the link")
	}
}

func TestATrustedBrowserIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	c.enforce(t, url.Values{"factor": {"context"}})
	dev := pick(t, c.people, developer)
	j := newJourney(t, c.base, view{})
	j.Open("/signin")
	j.password(dev)
	j.Click("input[name=trust]")
	j.Type("code", c.Code(dev.TOTPSecret))
	j.Click("Sign in") // nothing is sent at the sixth digit where there is something to choose
	j.At("/portal")
	j.Open("/me")
	j.See("Known browsers")
	j.See("trusted")
	j.Shot("me-known-browsers")
	j.Axe()
	Eval[bool](j, `fetch('/signout', {method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}}).then(r => r.ok)`)
	j.Open("/signin")
	j.Type("username", dev.UserName)
	j.Type("password", dev.Password)
	j.Submit()
	j.At("/portal")
	j.Open("/me")
	j.Click("Forget Chrome on Linux")
	j.At("/signin") // the session that the browser vouched for is over
}

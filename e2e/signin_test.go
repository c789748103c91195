package e2e

import (
	"regexp"
	"strings"
	"testing"
)

// SignIn signs somebody in: two steps, the second of which sends itself at the sixth digit where scripts run.
func (j *journey) SignIn(c *console, p SeededUser) {
	j.t.Helper()
	j.password(p)
	j.Type("code", c.Code(p.TOTPSecret))
	if j.view.noScript {
		j.Submit()
	}
}

// key is the secret that the enrolment page shows.
func (j *journey) key() string {
	j.t.Helper()
	return strings.ReplaceAll(Eval[string](j, `document.querySelector('.gh-secret code').innerText`), " ", "")
}

func TestTheFirstRunLeadsFromTheLinkIntoTheConsole(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	j := newJourney(t, c.base, view{})
	j.Open("/")
	j.At("/signin")
	j.See("Not set up yet")
	j.Shot("signin-before-setup")
	j.Axe()
	link := c.SetupPath()
	j.Open(link)
	j.Shot("setup")
	j.Axe()
	j.Click("Continue")
	j.See("There is a problem")
	j.Shot("setup-problems")
	j.Axe()
	for name, text := range map[string]string{"organization": "SecureCart", "account_id": "111122223333", "account_name": "SecureCart-Management",
		"account_email": "aws@securecart.example", "given_name": "Elena", "family_name": "Novak", "email": "elena@securecart.example",
		"username": "elena.novak"} {
		j.Type(name, text)
	}
	j.Type("password", "four words that nobody guesses")
	j.Submit()
	j.At("/signin/enrol")
	j.See("Add an authenticator app")
	j.Shot("enrol")
	j.Axe()
	secret := j.key()
	j.Type("code", c.Code(secret))
	j.See("Keep your recovery codes")
	if n := Eval[int](j, `document.querySelectorAll('.gh-codes code').length`); n != 10 {
		t.Errorf("%d recovery codes", n)
	}
	j.Shot("recovery-codes")
	j.Axe()
	j.Click("I saved them")
	j.At("/setup/sample")
	j.See("SecureCart is set up")
	j.Shot("sample")
	j.Axe()
	j.Click("Add SecureCart")
	j.At("/")
	j.See("Planted SecureCart")
	j.Shot("overview-planted")
	j.Open(link)
	j.See("Gatehouse is set up already")
}

func TestSigningInTakesTwoSubmits(t *testing.T) { // U2
	t.Parallel()
	c := ownSample(t)
	j := newJourney(t, c.base, view{})
	j.Open("/me?x=1")
	j.At("/signin")
	j.SignIn(c, pick(t, c.people, "developer"))
	j.At("/me")
	j.See("My security")
	j.Goal(1, 4) // the second submit is the sixth digit
}

func TestSigningInWorksWithoutScripts(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := newJourney(t, c.base, view{noScript: true})
	j.Open("/signin")
	j.SignIn(c, pick(t, c.people, "administrator"))
	j.At("/")
	j.See("Overview")
	j.Goal(2, 3)
}

func TestAWrongCodeKeepsThePlaceAndARecoveryPathIsThere(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	for _, v := range []view{{}, {phone: true, dark: true}} {
		j := newJourney(t, c.base, v)
		dev := pick(t, c.people, "developer")
		j.Open("/signin")
		j.Type("username", dev.UserName)
		j.Type("password", "not my password")
		j.Submit()
		j.See("The user name or the password is not right.")
		j.Shot("signin-wrong")
		j.Axe()
		j.Type("password", dev.Password)
		j.Submit()
		j.At("/signin/mfa")
		j.Shot("signin-mfa")
		j.Axe()
		j.Type("code", "000 000")
		j.See("This code is not right.")
		j.Shot("signin-mfa-wrong")
		j.Axe()
		j.Click("Use a recovery code")
		j.At("/signin/recovery")
		j.Type("code", "ABCD")
		j.Submit()
		j.See("A recovery code has 24 letters and digits, in groups of four.")
		j.Shot("signin-recovery")
		j.Axe()
		j.Click("Not you?")
		j.At("/signin")
	}
}

func TestAnInvitedPersonIsSignedInAfterFourClicks(t *testing.T) { // U1
	t.Parallel()
	c := ownSample(t)
	admin := newJourney(t, c.base, view{})
	admin.Open("/signin")
	admin.SignIn(c, pick(t, c.people, "administrator"))
	admin.At("/")
	link := admin.invite("nina.new")

	j := newJourney(t, c.base, view{})
	j.Open(link[len(c.base):])
	j.See("Welcome to SecureCart")
	j.Shot("invitation")
	j.Axe()
	j.Type("password", "four words that nobody guesses")
	j.Submit()
	j.At("/signin/enrol")
	j.Type("code", c.Code(j.key()))
	j.See("Keep your recovery codes")
	j.Click("I saved them")
	j.At("/portal")
	j.Goal(4, 6)
}

var inviteLink = regexp.MustCompile(`https?://[^\s"<]+/invite/[\w-]+`)

// invite creates a person and returns the link of their invitation.
func (j *journey) invite(userName string) string {
	j.t.Helper()
	j.Open("/users/new")
	for name, text := range map[string]string{"username": userName, "given_name": "Nina", "family_name": "New", "email": userName + "@securecart.example"} {
		j.Type(name, text)
	}
	j.Submit()
	j.See("/invite/")
	return inviteLink.FindString(Eval[string](j, `document.body.innerText`))
}

func TestAddingASecondAppTakesThreeClicks(t *testing.T) { // U7
	t.Parallel()
	c := ownSample(t)
	for _, v := range []view{{}, {phone: true, dark: true}} {
		j := newJourney(t, c.base, v)
		j.Open("/signin")
		j.Shot("signin")
		j.Axe()
		dev := pick(t, c.people, "developer")
		j.SignIn(c, dev)
		j.At("/portal")
		j.Open("/me")
		j.See("My security")
		j.Shot("me")
		j.Axe()
		clicks := j.clicks
		j.Click("Add an app")
		j.At("/me/devices/new")
		j.Shot("device")
		j.Axe()
		j.Type("name", "Tablet")
		j.Type("code", c.Code(j.key()))
		j.At("/me")
		j.See("Tablet")
		if n := j.clicks - clicks; n > 3 {
			t.Errorf("adding an app took %d clicks", n)
		}
		j.Shot("me-two")
		j.Click("Remove")
		j.See("Its codes are not taken any more")
		j.Shot("me-remove")
		j.Axe()
		j.Open("/me/password")
		j.Shot("me-password")
		j.Axe()
		j.Open("/me/recovery-codes")
		j.Shot("me-codes")
		j.Axe()
	}
}

func TestAnOperatorResetsASecondFactor(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	admin := newJourney(t, c.base, view{})
	admin.Open("/signin")
	admin.SignIn(c, pick(t, c.people, "administrator"))
	admin.At("/")
	dev := pick(t, c.people, "developer")

	j := newJourney(t, c.base, view{phone: true})
	j.Open("/signin")
	j.SignIn(c, dev)
	j.At("/portal")

	admin.Open("/users?q=" + dev.UserName)
	admin.Click("a.gh-name")
	admin.Click("Security")
	admin.See("Signed in")
	admin.Shot("user-security")
	admin.Axe()
	admin.Click("Reset second factor")
	admin.See("stop working now")
	admin.Shot("user-reset-mfa")
	admin.Axe()
	admin.Click("form[action$=mfa] button")
	admin.See("/invite/")
	admin.Shot("user-link")
	admin.Axe()
	link := inviteLink.FindString(Eval[string](admin, `document.body.innerText`))

	j.Open("/portal")
	j.At("/signin")
	j.See("User name")
	j.Type("username", dev.UserName)
	j.Type("password", dev.Password)
	j.Submit()
	j.At("/signin/mfa")
	j.See("Use the link you were given")
	j.Shot("mfa-reset")
	j.Axe()
	j.Open(link[len(c.base):])
	j.See("Set up a new second factor")
	j.Shot("link-mfa")
	j.Axe()
	j.Type("password", dev.Password)
	j.Submit()
	j.At("/signin/enrol")
	j.Shot("enrol")
	j.Axe()
	j.Type("code", c.Code(j.key()))
	j.See("Keep your recovery codes")
	j.Shot("recovery-codes")
	j.Axe()
	j.Open(link[len(c.base):])
	j.See("This link does not work any more")
	j.Shot("link-dead")
	j.Axe()
}

func TestACodeWorksOnceAndSigningOutEndsTheSession(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	p := pick(t, c.people, "support")
	j := newJourney(t, c.base, view{})
	j.Open("/signin")
	j.password(p)
	code := c.Code(p.TOTPSecret)
	j.Type("code", code)
	j.At("/portal")

	again := newJourney(t, c.base, view{})
	again.Open("/signin")
	again.password(p)
	again.Type("code", code)
	again.wait("the same code refused", `document.querySelector('[name=code][aria-invalid=true]') !== null`)
	again.Look("signin-mfa-refused")
	again.Open("/portal")
	again.At("/signin/mfa")

	j.Click(".gh-me summary")
	j.Click("Sign out")
	j.At("/signin")
	j.Open("/portal")
	j.At("/signin")
}

// password is the first step of signing in.
func (j *journey) password(p SeededUser) {
	j.t.Helper()
	j.Type("username", p.UserName)
	j.Type("password", p.Password)
	j.Submit()
	j.At("/signin/mfa")
}

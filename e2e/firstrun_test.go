package e2e

import "testing"

// setUp follows the printed link as far as the page of the authenticator app.
func setUp(t *testing.T, c *console) *journey {
	t.Helper()
	j := newJourney(t, c.base, view{})
	j.Open(c.SetupPath())
	for _, f := range [][2]string{{"organization", "Nordwind"}, {"account_id", "111122223333"}, {"account_name", "Nordwind-Management"},
		{"account_email", "aws@nordwind.example"}, {"given_name", "Rosa"}, {"family_name", "Lindgren"},
		{"email", "rosa@nordwind.example"}, {"username", "rosa.lindgren"}, {"password", firstPassword}} {
		j.Type(f[0], f[1])
	}
	j.Submit()
	j.At("/signin/enrol")
	return j
}

const firstPassword = "four words without sense"

func atSample(t *testing.T) *journey {
	c := startConsole(t)
	j := setUp(t, c)
	j.Type("code", c.Code(j.key()))
	j.See("Keep your recovery codes")
	j.Click("I saved them")
	j.At("/setup/sample")
	return j
}

// The first five minutes: the printed link, oneself as administrator, an authenticator app, recovery codes, the sample.
func TestANewPersonGetsFromThePrintedLinkToTheSampleOrganization(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	link := c.SetupPath()
	j := setUp(t, c)
	key := j.key()
	j.Type("code", c.Code(key)) // the sixth digit sends the form
	j.See("Keep your recovery codes")
	if n := Eval[int](j, `document.querySelectorAll('.gh-codes li').length`); n != 10 {
		t.Errorf("%d recovery codes are shown", n)
	}
	j.Look("recovery-codes")
	j.Click("I saved them")
	j.See("Nordwind is set up")
	j.Click("Add SecureCart")
	j.At("/")
	j.See("Nordwind, 6 accounts")
	j.See("9 of 9 hold")
	j.Goal(3, 6)

	t.Run("the link does not work again", func(t *testing.T) {
		j := newJourney(t, c.base, view{})
		j.Open(link)
		j.See("Gatehouse is set up already")
	})
	t.Run("the first administrator signs in with what they chose", func(t *testing.T) {
		j := newJourney(t, c.base, view{})
		j.Open("/signin")
		j.SignIn(c, SeededUser{UserName: "rosa.lindgren", Password: firstPassword, TOTPSecret: key})
		j.At("/")
		j.Open("/users")
		j.See("Ana Beltran")
	})
}

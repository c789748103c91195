package e2e

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"gatehouse/internal/store"
	"gatehouse/internal/vault"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/jmoiron/sqlx"
)

// key gives the browser of a journey a security key, or where it verifies people a passkey.
func (j *journey) securityKey(verifies bool) {
	j.t.Helper()
	j.do("plug a security key in", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		options := &webauthn.VirtualAuthenticatorOptions{Protocol: webauthn.AuthenticatorProtocolCtap2,
			Transport: webauthn.AuthenticatorTransportUsb, AutomaticPresenceSimulation: true}
		if verifies {
			options.Transport = webauthn.AuthenticatorTransportInternal
			options.HasResidentKey, options.HasUserVerification, options.IsUserVerified = true, true, true
		}
		_, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: options})
		return err
	}))
}

// grownStale makes every second factor one that was proved long ago. It goes through the store, as the console's process does:
// a row that is written past it signs nobody in.
func (c *console) grownStale(t *testing.T) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	keys, err := vault.ReadKeyFile(filepath.Join(filepath.Dir(c.db), "master.key"))
	must(err)
	v, err := vault.New(rand.Reader, keys...)
	must(err)
	s, err := store.Open(t.Context(), c.db, time.Now)
	must(err)
	defer s.Close()
	_, err = s.Guard(t.Context(), v.RowKeys())
	must(err)
	must(s.Housekeep(t.Context(), func(tx *store.Tx) error {
		for _, digest := range c.cookies(t) {
			session, _, err := tx.SessionByDigest(t.Context(), digest)
			if err != nil {
				return err
			}
			session.FactorAt = time.Now().Add(-time.Hour)
			if _, err := tx.RaiseSession(t.Context(), session, digest, digest); err != nil {
				return err
			}
		}
		return nil
	}))
}

// cookies are the digests of the cookies of everybody who is signed in.
func (c *console) cookies(t *testing.T) (digests []string) {
	t.Helper()
	db, err := sqlx.Open("sqlite", "file:"+c.db+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.SelectContext(t.Context(), &digests, `SELECT digest FROM sessions WHERE ended_at IS NULL`); err != nil {
		t.Fatal(err)
	}
	return digests
}

func (j *journey) signOut() {
	j.t.Helper()
	j.Click(".gh-me summary")
	j.Click("Sign out")
	j.At("/signin")
}

func TestASecurityKeyIsAddedInThreeClicksAndSignsIn(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	p := pick(t, c.people, developer)
	j := c.As(t, developer, view{})
	j.securityKey(false)
	j.Open("/me")
	clicks := j.clicks
	j.Click("Add a key")
	j.At("/me/keys/new")
	j.Type("name", "Blue key")
	j.Click("Register")
	j.At("/me")
	j.See("The security key Blue key is added.")
	if n := j.clicks - clicks; n > 3 {
		t.Errorf("adding a key took %d clicks", n)
	}
	j.Look("me-with-key")
	j.signOut()

	j.password(p)
	j.Look("signin-mfa-key")
	j.Click("Use a security key")
	j.At("/portal")
	c.grownStale(t)
	j.Open("/me/keys/new")
	j.See("Confirm it is you")
	j.Look("confirm-key")
	j.Click("Use a security key")
	j.At("/me/keys/new")
	j.Click("Register")
	j.See("This key is registered already.")
}

func TestABrowserIsTrustedWithAKey(t *testing.T) {
	t.Parallel()
	j, p := keyAndTrust(t)
	j.Click("input[name=trust]") // beside the code, and for the key as well
	j.Click("Use a security key")
	j.At("/portal")
	j.signOut()
	j.Type("username", p.UserName)
	j.Type("password", p.Password)
	j.Submit()
	j.At("/portal")
}

func TestAPasskeySignsInWithOneClick(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, developer, view{})
	j.securityKey(true)
	j.Open("/me/keys/new")
	j.Click("Register")
	j.At("/me")
	j.See("The passkey Passkey is added.")
	j.signOut()
	j.Open("/me")
	j.At("/signin")
	j.countAnew()
	j.Click("Sign in with a passkey")
	j.At("/me")
	j.See("passkey")
	j.Goal(1, 2)
}

func TestAnInvitedPersonEnrolsAKeyInsteadOfAnApp(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	link := c.As(t, administrator, view{}).invite("nina.new")
	j := newJourney(t, c.base, view{})
	j.securityKey(false)
	j.Open(link[len(c.base):])
	j.Type("password", "four words that nobody guesses")
	j.Submit()
	j.At("/signin/enrol")
	j.Click("Use a security key or passkey")
	j.At("/signin/enrol/key")
	j.Click("Register")
	j.See("Keep your recovery codes")
	j.Click("I saved them")
	j.At("/portal")
	j.signOut()
	j.Type("username", "nina.new")
	j.Type("password", "four words that nobody guesses")
	j.Submit()
	j.See("Use your security key")
	j.Look("signin-mfa-key-alone")
	j.Click("Use a security key")
	j.At("/portal")
}

// Somebody whose second factor is no longer fresh confirms, and what they typed is saved as they typed it.
func TestADangerousActGoesOnAfterTheConfirmation(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]view{"with scripts": {}, "without scripts": {noScript: true}} {
		t.Run(name, func(t *testing.T) {
			c := ownSample(t)
			p := pick(t, c.people, administrator)
			j := c.As(t, administrator, v)
			j.Open("/users/new")
			c.grownStale(t)
			for field, text := range map[string]string{"username": "nina.new", "given_name": "Nina", "family_name": "O’New <b>",
				"email": "nina@securecart.example"} {
				j.Type(field, text)
			}
			j.Submit()
			j.See("Confirm it is you")
			if name == "without scripts" {
				j.Shot("confirm-without-scripts")
			}
			j.Type("stepup_code", "000000")
			j.Submit()
			j.See("This code is not right.")
			j.Type("stepup_code", c.Code(p.TOTPSecret))
			j.Submit()
			j.See("/invite/")
			j.See("O’New <b>")
		})
	}
}

package handlers_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/handlers"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// cookies of a sign-in under way and of a session.
var sessionCookies = []string{"gatehouse-signin", "gatehouse"}

// held is the value of the session cookie that the browser holds, under whichever name.
func (g *gate) held(t *testing.T) string {
	t.Helper()
	value := ""
	for _, c := range g.cookies {
		if strings.HasPrefix(c.Name, "gatehouse") && c.Name != "gatehouse-browser" {
			if value != "" {
				t.Fatal("the browser holds two session cookies")
			}
			value = c.Value
		}
	}
	return value
}

// with asks for a page that signed-in people see, with one cookie.
func (g *gate) with(name, value string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://gatehouse.example/portal", nil)
	r.Header.Set("Cookie", name+"="+value)
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	return w
}

// dead fails the test if a value opens anything, under either name.
func (g *gate) dead(t *testing.T, what, value string) {
	t.Helper()
	for _, name := range sessionCookies {
		if w := g.with(name, value); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/signin?") {
			t.Errorf("%s: as %s it leads to %d %s", what, name, w.Code, w.Header().Get("Location"))
		}
	}
}

// TestTheSessionIDChangesAtEveryRiseAndTheOldOneIsDead goes through all four: a right password, a second factor, a password
// that had to be replaced, a step-up; with an id that somebody else planted in the browser before.
func TestTheSessionIDChangesAtEveryRiseAndTheOldOneIsDead(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	g.enforce(t, func(p *model.SignInPolicy) { p.MaxAge = 30 })
	g.now = g.now.Add(31 * 24 * time.Hour)
	planted, _, err := vault.NewToken(g.center.Random)
	must(t, err)
	for _, name := range sessionCookies {
		g.cookies = append(g.cookies, &http.Cookie{Name: name, Value: planted.Reveal()})
	}
	before := planted.Reveal()
	for _, rise := range []struct{ path, form, to string }{
		{"/signin", "username=ana.beltran&password=" + url.QueryEscape(anasPassword), "/signin/mfa"},
		{"/signin/mfa", "code=CODE", "/signin/password"},
		{"/signin/password", "password=four+other+words+nobody+says", "/"},
		{"/confirm", "stepup_code=CODE", "/"},
	} {
		form, err := url.ParseQuery(strings.Replace(rise.form, "CODE", g.code(t), 1))
		must(t, err)
		leads(t, g.follow(g.serve(http.MethodPost, rise.path, form)), rise.to)
		g.dead(t, "the id before "+rise.path, before)
		if before = g.held(t); before == "" {
			t.Fatalf("%s gives no cookie", rise.path)
		}
		g.now = g.now.Add(time.Minute)
	}
	if w := g.with("gatehouse", before); w.Code != http.StatusOK {
		t.Errorf("the last id leads to %d", w.Code)
	}
}

// enter signs Ana in anew, in a browser of its own, and returns its session cookie.
func (g *gate) enter(t *testing.T) string {
	t.Helper()
	var err error
	g.secret, err = g.center.ProvisionCredentials(t.Context(), host, g.user.ID, anasPassword)
	must(t, err)
	g.cookies = nil
	g.post("/signin", "username", g.user.UserName, "password", anasPassword)
	leads(t, g.post("/signin/mfa", "code", g.code(t)), "/")
	return g.held(t)
}

// TestWhatEndsASessionEndsItAtTheNextRequest has a second browser keep its cookie while each of these happens.
func TestWhatEndsASessionEndsItAtTheNextRequest(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	ctx, id := t.Context(), g.user.ID
	sessionOf := func(cookie string) model.SessionID {
		b, err := g.center.Resume(ctx, cookie)
		must(t, err)
		return b.Session.ID
	}
	link := func(_ vault.Secret, err error) error { return err }
	for _, cause := range []struct {
		name string
		act  func(cookie string) error
		undo func() error
	}{
		{"signing out", func(string) error { leads(t, g.post("/signout"), "/signin"); return nil }, nil},
		{"ending it from another browser", func(cookie string) error {
			g.enter(t)
			leads(t, g.post("/me/sessions/"+string(sessionOf(cookie))+"/end"), "/me")
			return nil
		}, nil},
		{"ending all others", func(string) error { g.enter(t); leads(t, g.post("/me/sessions/end-others"), "/me"); return nil }, nil},
		{"changing the password in another browser", func(string) error {
			g.enter(t)
			leads(t, g.post("/me/password", "current", anasPassword, "password", "four other words nobody says"), "/me")
			return nil
		}, nil},
		{"an administrator ends it", func(cookie string) error { return g.center.EndSession(ctx, host, id, sessionOf(cookie)) }, nil},
		{"an administrator ends all", func(string) error { return g.center.EndSessions(ctx, host, id) }, nil},
		{"the password is reset", func(string) error { return link(g.center.ResetPassword(ctx, host, id, center.ByHand)) }, nil},
		{"the second factor is reset", func(string) error { return link(g.center.ResetMFA(ctx, host, id, center.ByHand)) }, nil},
		{"the policy takes no apps any more", func(string) error {
			g.enforce(t, func(p *model.SignInPolicy) { p.Kinds = []model.FactorKind{model.FactorWebAuthn, model.FactorRecovery} })
			return nil
		}, func() error { g.enforce(t, func(p *model.SignInPolicy) { p.Kinds = model.FactorKinds() }); return nil }},
		{"a quarter of an hour without a request", func(string) error { g.now = g.now.Add(15 * time.Minute); return nil }, nil},
		{"disabling", func(string) error { return g.center.DisableUser(ctx, host, id, "") },
			func() error { return g.center.EnableUser(ctx, host, id, "") }},
		{"disabling and enabling again", func(string) error {
			return errors.Join(g.center.DisableUser(ctx, host, id, ""), g.center.EnableUser(ctx, host, id, ""))
		}, nil},
		{"offboarding", func(string) error { return g.center.Offboard(ctx, host, id, "") },
			func() error { return g.center.EnableUser(ctx, host, id, "") }},
		{"deleting", func(string) error { return g.center.DeleteUser(ctx, host, id, "") }, nil},
	} {
		cookie := g.enter(t)
		if w := g.with("gatehouse", cookie); w.Code != http.StatusOK {
			t.Fatalf("before %s the cookie leads to %d", cause.name, w.Code)
		}
		must(t, cause.act(cookie))
		g.dead(t, "after "+cause.name, cookie)
		if cause.undo != nil {
			must(t, cause.undo())
			g.dead(t, "after the end of "+cause.name, cookie)
		}
	}
}

// TestCookiesHaveExactlyTheirFlags compares what browsers are sent, byte by byte but for the values.
func TestCookiesHaveExactlyTheirFlags(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	g.enforce(t, func(p *model.SignInPolicy) { p.Factor = model.FactorByContext })
	value := regexp.MustCompile(`=[A-Za-z0-9_-]{43}; `)
	soon := regexp.MustCompile(` Expires=[^;]+ 20\d\d [^;]+;`) // said beside Max-Age, which counts
	for base, want := range map[string]string{
		"http://gatehouse.example": "gatehouse-signin=VALUE; Path=/; Max-Age=300; HttpOnly; SameSite=Lax\n" +
			"gatehouse=VALUE; Path=/; HttpOnly; SameSite=Lax\n" +
			"gatehouse-signin=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; SameSite=Lax\n" +
			"gatehouse-browser=VALUE; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax\n" +
			"gatehouse=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; SameSite=Lax\n",
		"https://gatehouse.example": "__Host-gatehouse-signin=VALUE; Path=/; Max-Age=300; HttpOnly; Secure; SameSite=Lax\n" +
			"__Host-gatehouse=VALUE; Path=/; HttpOnly; Secure; SameSite=Lax\n" +
			"__Host-gatehouse-signin=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax\n" +
			"__Host-gatehouse-browser=VALUE; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax\n" +
			"__Host-gatehouse=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax\n",
	} {
		g.handler = handlers.New(handlers.Config{Center: g.center, Log: g.center.Log, Now: g.center.Now, BaseURL: base})
		g.cookies = nil
		g.now = g.now.Add(time.Minute)
		var sent strings.Builder
		for _, w := range []*httptest.ResponseRecorder{
			g.post("/signin", "username", g.user.UserName, "password", anasPassword),
			g.post("/signin/mfa", "code", g.code(t), "trust", "on"),
			g.post("/signout"),
		} {
			for _, set := range w.Header().Values("Set-Cookie") {
				sent.WriteString(soon.ReplaceAllString(value.ReplaceAllString(set, "=VALUE; "), "") + "\n")
			}
		}
		if sent.String() != want {
			t.Errorf("%s sets\n%swant\n%s", base, sent.String(), want)
		}
	}
}

// TestNoAlteredCookieOpensAnything tries cookies that were changed a little, cut, joined or made up, beside sessions of both kinds.
func TestNoAlteredCookieOpensAnything(t *testing.T) {
	t.Parallel()
	cookies := 100_000
	if testing.Short() {
		cookies = 1000
	}
	g := openGate(t)
	whole := g.enter(t)
	g.cookies = nil
	g.post("/signin", "username", g.user.UserName, "password", anasPassword)
	half := g.held(t)
	b, err := g.center.Resume(t.Context(), whole)
	must(t, err)
	known := []string{vault.TokenDigest(whole), string(b.Session.ID), string(g.user.ID), "", "0", "null", "' OR 1=1 --", whole + half,
		whole + ", " + half, "gatehouse=" + whole, base64.StdEncoding.EncodeToString([]byte(whole))}
	random := rand.New(rand.NewPCG(256, 43))
	tried := 0
	for n := 0; tried < cookies; n++ {
		of := []string{whole, half}[random.IntN(2)]
		value := altered(random, of)
		if n < len(known) {
			value = known[n]
		}
		// Quotes and white space around a value are no part of it: then it is the cookie itself.
		if bare := strings.Trim(value, "\" \t"); bare == whole || bare == half {
			continue
		}
		tried++
		g.dead(t, fmt.Sprintf("%q, made of a good cookie", value), value)
		if t.Failed() {
			return
		}
	}
	for name, good := range map[string]string{"gatehouse": whole, "gatehouse-signin": half} {
		if b, err := g.center.Resume(t.Context(), good); err != nil || b.Session.Stage == "" {
			t.Errorf("%s does not work any more: %v", name, err)
		}
	}
}

// altered is a cookie with something done to it.
func altered(random *rand.Rand, of string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	at, letter := random.IntN(len(of)), alphabet[random.IntN(len(alphabet))]
	switch random.IntN(8) {
	case 0: // cut at the end or at the start
		return []string{of[:at], of[at:]}[random.IntN(2)]
	case 1: // one letter another
		return of[:at] + string(letter) + of[at+1:]
	case 2: // one bit the other way round
		return of[:at] + string(of[at]^1<<random.IntN(7)) + of[at+1:]
	case 3: // one letter more, or one less
		return []string{of[:at] + string(letter) + of[at:], of[:at] + of[at+1:]}[random.IntN(2)]
	case 4: // two letters exchanged
		letters, other := []byte(of), random.IntN(len(of))
		letters[at], letters[other] = letters[other], letters[at]
		return string(letters)
	case 5: // letters in the other case, from somewhere on
		return of[:at] + strings.ToUpper(of[at:])
	case 6: // something behind it
		return of + []string{"=", "==", "%00", ".", "/", "\t", "A", of}[random.IntN(8)]
	}
	made := make([]byte, len(of))
	for i := range made {
		made[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(made)
}

package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gatehouse/internal/handlers"
	"gatehouse/internal/model"
)

// rules are the sign-in policy as its form sends it, with changes in pairs.
func rules(version string, changes ...string) url.Values {
	form := url.Values{"version": {version}, "factor": {"always"}, "exempt": {""}, "no_device": {"enrol"}, "until": {""},
		"kinds": {"totp", "webauthn", "recovery-code"}, "operators": {"any"}, "min_length": {"8"}, "max_age": {""}, "reuse": {"0"}, "idle": {"15"},
		"absolute": {"480"}, "reason": {""}, "reviewed": {""}}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

var reviewedRules = regexp.MustCompile(`name="reviewed" value="([0-9a-f]{64})"`)

func TestThePolicyIsSavedOnlyAfterTheReviewOfTheSameRules(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	form := rules("0", "min_length", "12", "exempt", "SecureCart-Support, securecart-developers")
	w := s.serve(http.MethodPost, "/settings", form)
	seen := reviewedRules.FindStringSubmatch(w.Body.String())
	if w.Code != http.StatusOK || seen == nil || !strings.Contains(w.Body.String(), "Before you save") {
		t.Fatalf("the review answers %d: %s", w.Code, main(w))
	}
	if p, err := s.center.Store.SignInPolicy(t.Context()); err != nil || p.Version != 0 {
		t.Fatalf("the review saved %+v, %v", p, err)
	}
	form.Set("reviewed", seen[1])
	form.Set("min_length", "13") // not what was reviewed
	if w = s.serve(http.MethodPost, "/settings", form); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Before you save") {
		t.Fatalf("other rules are not reviewed anew: %d: %s", w.Code, main(w))
	}
	form.Set("min_length", "12")
	leads(t, s.serve(http.MethodPost, "/settings", form), "/settings")
	p, err := s.center.Store.SignInPolicy(t.Context())
	if err != nil || p.Version != 1 || p.MinLength != 12 || len(p.Exempt) != 2 {
		t.Errorf("in force is %+v, %v", p, err)
	}
	if w = s.serve(http.MethodPost, "/settings", form); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "Somebody else changed this") ||
		!strings.Contains(w.Body.String(), `name="min_length" value="12"`) && !strings.Contains(w.Body.String(), `value="12"`) {
		t.Errorf("a stale save answers %d: %s", w.Code, main(w))
	}
}

func TestWhatIsWrongWithThePolicyIsSaidAtItsFieldAndKept(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	for field, value := range map[string]string{"min_length": "seven", "max_age": "-1", "reuse": "11", "idle": "4", "absolute": "99999999",
		"exempt": "No such group", "factor": "sometimes", "no_device": "ask nicely", "until": "tomorrow", "kinds": "smoke"} {
		form := rules("0", field, value)
		if field == "until" {
			form.Set("no_device", "allow")
		}
		w := s.serve(http.MethodPost, "/settings", form)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="`+field+`-problem"`) {
			t.Errorf("%s=%s answers %d: %s", field, value, w.Code, main(w))
		}
	}
	form := rules("0")
	form.Del("kinds")
	if w := s.serve(http.MethodPost, "/settings", form); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no kind at all answers %d", w.Code)
	}
}

func TestTheForgottenPageAnswersEverybodyAlike(t *testing.T) {
	t.Parallel()
	s := openShop(t).withMail(t).signedOut()
	ask := func(name string) (int, string, http.Header) {
		w := s.serve(http.MethodPost, "/forgot", url.Values{"username": {name}})
		return w.Code, w.Body.String(), w.Header()
	}
	code, body, header := ask("elena.novak")
	for _, name := range []string{"nobody.at.all", "elena.novak@securecart.example", "ben.carter", "' OR 1=1"} {
		c, b, h := ask(name)
		if c != code || b != body || len(h) != len(header) {
			t.Errorf("%s is answered otherwise: %d", name, c)
		}
	}
	if code != http.StatusOK || strings.Contains(body, "elena") {
		t.Errorf("%d: %s", code, body)
	}
}

func TestWithoutAnSMTPServerTheForgottenPageSaysWhoHelps(t *testing.T) {
	t.Parallel()
	s := openShop(t).signedOut()
	if w := s.serve(http.MethodGet, "/forgot", nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Ask an administrator") {
		t.Errorf("%d: %s", w.Code, main(w))
	}
	if w := s.serve(http.MethodPost, "/forgot", url.Values{"username": {"elena.novak"}}); w.Code != http.StatusConflict {
		t.Errorf("%d: %s", w.Code, main(w))
	}
}

func TestTheCookieThatRecognisesABrowserIsKeptFromScriptsAndRenewed(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	g.handler = handlers.New(handlers.Config{Center: g.center, Log: g.center.Log, Now: g.center.Now, BaseURL: "https://gatehouse.example"})
	enter := func() *http.Cookie {
		t.Helper()
		leads(t, g.post("/signin", "username", "ana.beltran", "password", anasPassword), "/signin/mfa")
		w := g.post("/signin/mfa", "code", g.code(t))
		return cookie(t, w, "__Host-gatehouse-browser")
	}
	first := enter()
	if !first.HttpOnly || !first.Secure || first.SameSite != http.SameSiteLaxMode || first.Path != "/" || first.Domain != "" ||
		first.MaxAge != int(model.BrowserLife.Seconds()) || len(first.Value) != 43 {
		t.Errorf("the cookie is %+v", first)
	}
	g.now = g.now.Add(60e9)
	if second := enter(); second.Value == first.Value {
		t.Error("the cookie stays the same")
	}
	known, err := g.center.Store.KnownBrowsers(t.Context(), g.user.ID, g.now)
	if err != nil || len(known) != 1 {
		t.Errorf("the browser is known %d times, %v", len(known), err)
	}
}

func TestASpentPasswordLeadsToOneStepOnly(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	g.enforce(t, func(p *model.SignInPolicy) { p.MinLength = model.MaxPasswordLength })
	leads(t, g.post("/signin", "username", "ana.beltran", "password", anasPassword, "next", "/me"), "/signin/mfa?next=%2Fme")
	leads(t, g.post("/signin/mfa", "code", g.code(t), "next", "/me"), "/signin/password?next=%2Fme")
	for _, path := range []string{"/me", "/portal", "/users", "/signin", "/signin/mfa", "/signin/enrol"} {
		leads(t, g.get(path), "/signin/password")
	}
	if w := g.post("/signin/password", "username", "ana.beltran", "password", "short", "next", "/me"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a short one answers %d", w.Code)
	}
	long := strings.Repeat("four words nobody says and more ", 3)
	leads(t, g.post("/signin/password", "username", "ana.beltran", "password", long, "next", "/me"), "/me")
	if w := g.get("/me"); w.Code != http.StatusOK {
		t.Errorf("/me answers %d", w.Code)
	}
}

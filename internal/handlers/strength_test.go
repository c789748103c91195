package handlers_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
)

var shownSecret = regexp.MustCompile(`<code>([A-Z2-7 ]{39})</code>`)

// TestAnAdministratorWithSixDigitsIsLedToEight saves the rule through its page, is signed out by it, and signs in.
func TestAnAdministratorWithSixDigitsIsLedToEight(t *testing.T) {
	s := openShop(t)
	secret, err := s.center.ProvisionCredentials(t.Context(), host, s.planted.People[0].ID, elenasPassword)
	must(t, err)
	form := rules("0", "operators", "strong")
	review := s.serve(http.MethodPost, "/settings", form)
	for _, want := range []string{"1 person would be asked to enrol a second factor", "administers, and has only an app with codes of 6 digits",
		"1 person would be signed out at the next request"} {
		if !strings.Contains(review.Body.String(), want) {
			t.Errorf("the review does not say %q: %s", want, main(review))
		}
	}
	form.Set("reviewed", reviewedRules.FindStringSubmatch(review.Body.String())[1])
	leads(t, s.serve(http.MethodPost, "/settings", form), "/settings")
	leads(t, s.serve(http.MethodGet, "/users", nil), "/signin?ended=policy&next=%2Fusers")

	g := &gate{shop: s.signedOut(), user: s.planted.People[0].User, secret: secret}
	g.now = g.now.Add(time.Minute)
	leads(t, g.post("/signin", "username", g.user.UserName, "password", elenasPassword, "next", "/users"), "/signin/mfa?next=%2Fusers")
	leads(t, g.post("/signin/mfa", "code", g.code(t), "next", "/users"), "/signin/enrol?next=%2Fusers")
	for _, path := range []string{"/", "/users", "/portal", "/me", "/signin"} {
		leads(t, g.get(path), "/signin/enrol")
	}
	page := g.get("/signin/enrol?next=/users").Body.String()
	for _, want := range []string{"Add a stronger second factor", "which asks for more than a code of 6 digits", "Time based, 8 digits", `data-autosubmit="8"`,
		`inputmode="numeric"`, `autocomplete="one-time-code"`, "Use a security key or passkey"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	long := mfa.App{Secret: strings.ReplaceAll(shownSecret.FindStringSubmatch(page)[1], " ", ""), Digits: mfa.LongDigits}
	w := g.post("/signin/enrol", "name", "Long one", "code", "123456")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "An app that shows 6 cannot be used") {
		t.Errorf("six digits of the new app: %d %s", w.Code, main(w))
	}
	code, err := long.Code(mfa.Step(g.now))
	must(t, err)
	leads(t, g.post("/signin/enrol", "name", "Long one", "code", code[:4]+" "+code[4:], "next", "/users"), "/users")
	if page := g.get("/me").Body.String(); !strings.Contains(page, "authenticator app, 8 digits") ||
		!strings.Contains(page, "authenticator app, 6 digits") || !strings.Contains(page, "password and code of 8 digits") {
		t.Errorf("My security does not tell the apps apart")
	}
	if facts := g.get("/settings").Body.String(); !strings.Contains(facts, "a security key, a passkey, or codes of 8 digits") {
		t.Error("the settings do not say what is in force")
	}

	g.cookies = nil
	g.post("/signin", "username", g.user.UserName, "password", elenasPassword)
	if page := g.get("/signin/mfa").Body.String(); !strings.Contains(page, "Enter the 8-digit code") ||
		!strings.Contains(page, `data-autosubmit="8"`) || !strings.Contains(page, "Long one") {
		t.Error("the page for the code does not ask for eight digits of the long app")
	}
}

func TestARuleForWhoAdministersThatNobodyOffersIsRefused(t *testing.T) {
	s := openShop(t)
	w := s.serve(http.MethodPost, "/settings", rules("0", "operators", "magic"))
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `id="operators-problem"`) {
		t.Errorf("%d: %s", w.Code, main(w))
	}
	p, err := s.center.Store.SignInPolicy(t.Context())
	if must(t, err); p.Operators != model.OperatorsAny {
		t.Errorf("in force is %q", p.Operators)
	}
}

package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// openBoss is a gate at which the administrator has signed in, longer ago than dangerous acts allow.
func openBoss(t *testing.T) *gate {
	t.Helper()
	g := openGate(t)
	g.user = g.planted.People[0].User
	var err error
	g.secret, err = g.center.ProvisionCredentials(t.Context(), host, g.user.ID, anasPassword)
	must(t, err)
	leads(t, g.post("/signin", "username", "elena.novak", "password", anasPassword), "/signin/mfa")
	leads(t, g.post("/signin/mfa", "code", g.code(t)), "/")
	g.now = g.now.Add(6 * time.Minute)
	return g
}

// asked returns the form of a page that asks to confirm, and fails the test when the answer is no such page.
func asked(t *testing.T, w *httptest.ResponseRecorder, status int) form {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(w.Body.String()))
	must(t, err)
	if w.Code != status || !strings.Contains(w.Body.String(), "Confirm it is you") {
		t.Fatalf("%d, want %d and a question: %s", w.Code, status, main(w))
	}
	for n := range doc.Descendants() {
		if n.Data == "form" && attribute(n, "action") != "/signout" {
			return readForm(doc, n, "/")
		}
	}
	t.Fatal("the page has no form")
	return form{}
}

const hardDocument = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{\"Sid\": \"NoUsers\", \"Effect\": \"Deny\",\n" +
	"    \"Action\": \"iam:CreateUser\", \"Resource\": \"*\"}]\n}\n"

func TestAStepUpGoesOnWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	g := openBoss(t)
	before := g.cookies
	typed := url.Values{"name": {"NoUsers"}, "description": {"No <b>users</b> & \"more\""},
		"document": {hardDocument}, "reason": {"CHG-7"}}
	f := asked(t, g.follow(g.serve(http.MethodPost, "/accounts/policies/new", typed)), http.StatusForbidden)
	if f.action != "/accounts/policies/new" || f.values.Get("name") != typed.Get("name") || f.values.Get("document") != hardDocument {
		t.Fatalf("the question keeps %v at %s", f.values, f.action)
	}
	f.values.Set("stepup_code", "000000")
	f = asked(t, g.follow(g.serve(http.MethodPost, f.action, f.values)), http.StatusUnprocessableEntity)
	f.values.Set("stepup_code", g.code(t))
	w := g.follow(g.serve(http.MethodPost, f.action, f.values))
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/accounts/policies/p-") {
		t.Fatalf("after the code: %d %s", w.Code, main(w))
	}
	made, err := g.center.Store.Policy(t.Context(), model.PolicyID(strings.TrimPrefix(w.Header().Get("Location"), "/accounts/policies/")))
	if err != nil || made.Name != typed.Get("name") || made.Document != hardDocument {
		t.Errorf("the policy is %+v, %v", made, err)
	}
	fresh := cookie(t, w, "gatehouse")
	if !fresh.HttpOnly || fresh.Value == before[0].Value {
		t.Errorf("the cookie after a step-up is %+v", fresh)
	}
	g.cookies = before
	leads(t, g.get("/portal"), "/signin?next=%2Fportal")
	events, err := g.center.Store.Events(t.Context(), store.EventFilter{Limit: 3})
	must(t, err)
	if events[0].Action != model.ActCreatePolicy || events[1].Action != model.ActStepUp || events[2].Outcome != model.Failed {
		t.Errorf("the trail tells %q, %q, %q", events[0].Summary, events[1].Summary, events[2].Summary)
	}
}

func TestAPersonIsNotCreatedBeforeTheirInvitationMayBe(t *testing.T) {
	t.Parallel()
	g := openBoss(t)
	typed := url.Values{"username": {"nina.new"}, "given_name": {"Nina"}, "family_name": {"New"}, "email": {"nina@securecart.example"}}
	f := asked(t, g.follow(g.serve(http.MethodPost, "/users", typed)), http.StatusForbidden)
	if _, err := g.center.Store.UserByName(t.Context(), "nina.new"); model.KindOf(err) != model.NotFound {
		t.Errorf("the person exists already: %v", err)
	}
	f.values.Set("stepup_code", g.code(t))
	if w := g.follow(g.serve(http.MethodPost, f.action, f.values)); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "/invite/") {
		t.Errorf("%d %s", w.Code, main(w))
	}
}

func TestAPageThatAsksLeadsBackToItself(t *testing.T) {
	t.Parallel()
	g := openBoss(t)
	f := asked(t, g.get("/me/keys/new"), http.StatusForbidden)
	if f.action != "/confirm" || f.values.Get("next") != "/me/keys/new" {
		t.Fatalf("%s %v", f.action, f.values)
	}
	f.values.Set("stepup_code", g.code(t))
	leads(t, g.follow(g.serve(http.MethodPost, f.action, f.values)), "/me/keys/new")
	if w := g.get("/me/keys/new"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Register") {
		t.Errorf("%d %s", w.Code, main(w))
	}
	for _, next := range []string{"//evil.example", "https://evil.example", "/confirm", "/signout"} {
		leads(t, g.post("/confirm", "next", next), "/")
	}
}

func TestASecurityKeyConfirmsAnAct(t *testing.T) {
	t.Parallel()
	g := openBoss(t)
	g.post("/confirm", "stepup_code", g.code(t))
	key := &softkey.Key{Origin: "http://gatehouse.example"}
	made, err := key.Create(g.post("/me/keys/options").Body.Bytes())
	must(t, err)
	leads(t, g.post("/me/keys/new", "key", made, "name", "Blue key"), "/me")
	g.now = g.now.Add(6 * time.Minute)
	f := asked(t, g.post("/me/recovery-codes"), http.StatusForbidden)
	if _, has := f.values["stepup_key"]; !has {
		t.Fatalf("no key is asked for: %v", f.values)
	}
	answer, err := key.Get(g.post("/confirm/options").Body.Bytes())
	must(t, err)
	f.values.Set("stepup_key", answer)
	if w := g.follow(g.serve(http.MethodPost, f.action, f.values)); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Keep your recovery codes") {
		t.Errorf("%d %s", w.Code, main(w))
	}
	g.now = g.now.Add(6 * time.Minute)
	f = asked(t, g.post("/me/recovery-codes"), http.StatusForbidden)
	f.values.Set("stepup_key", answer)
	asked(t, g.follow(g.serve(http.MethodPost, f.action, f.values)), http.StatusUnprocessableEntity)
}

func TestASecondFactorThatComesTwiceConfirmsNothing(t *testing.T) {
	t.Parallel()
	g := openBoss(t)
	w := g.serve(http.MethodPost, "/me/recovery-codes", url.Values{"stepup_code": {g.code(t), "000000"}})
	if w.Code != http.StatusUnprocessableEntity || strings.Contains(w.Body.String(), "Keep your recovery codes") {
		t.Errorf("%d %s", w.Code, main(w))
	}
}

func TestAPasskeySignsInThroughThePages(t *testing.T) {
	t.Parallel()
	g := openBoss(t)
	g.post("/confirm", "stepup_code", g.code(t))
	key := &softkey.Key{Origin: "http://gatehouse.example", Passkey: true, Verifies: true}
	made, err := key.Create(g.post("/me/keys/options").Body.Bytes())
	must(t, err)
	leads(t, g.post("/me/keys/new", "key", made, "name", ""), "/me")
	g.post("/signout")
	g.cookies = nil
	options := g.post("/signin/passkey/options")
	held := cookie(t, options, "gatehouse-passkey")
	if !held.HttpOnly || held.SameSite != http.SameSiteStrictMode || held.MaxAge != 300 || held.Domain != "" {
		t.Errorf("the cookie of the question is %+v", held)
	}
	answer, err := key.Get(options.Body.Bytes())
	must(t, err)
	g.cookies = nil
	if w := g.post("/signin/passkey", "key", answer, "next", "/me"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without the cookie: %d", w.Code)
	}
	options = g.post("/signin/passkey/options")
	answer, err = key.Get(options.Body.Bytes())
	must(t, err)
	leads(t, g.post("/signin/passkey", "key", answer, "next", "/me"), "/me")
	if w := g.get("/me"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "passkey") {
		t.Errorf("%d %s", w.Code, main(w))
	}
}

// TestTheHelpDeskResetsASecondFactor follows the link through to the person's new device.
func TestTheHelpDeskResetsASecondFactor(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	desk := g.planted.People[0]
	for _, p := range g.planted.People {
		if p.Role == "help-desk" {
			desk = p
		}
	}
	secret, err := g.center.ProvisionCredentials(t.Context(), host, desk.ID, anasPassword)
	must(t, err)
	person, personSecret := g.user, g.secret
	g.secret = secret
	leads(t, g.post("/signin", "username", desk.UserName, "password", anasPassword), "/signin/mfa")
	leads(t, g.post("/signin/mfa", "code", g.code(t)), "/")
	g.now = g.now.Add(6 * time.Minute)
	f := asked(t, g.post("/users/"+string(person.ID)+"/security/mfa"), http.StatusForbidden)
	f.values.Set("stepup_code", g.code(t))
	w := g.follow(g.serve(http.MethodPost, f.action, f.values))
	_, link, found := strings.Cut(w.Body.String(), "http://gatehouse.example/invite/")
	if w.Code != http.StatusOK || !found || !strings.Contains(w.Body.String(), "data-copy") {
		t.Fatalf("%d %s", w.Code, main(w))
	}
	link = "/invite/" + link[:43]
	g.cookies = nil
	leads(t, g.post("/signin", "username", person.UserName, "password", anasPassword), "/signin/mfa")
	if page := g.get("/signin/mfa").Body.String(); !strings.Contains(page, "Use the link you were given") {
		t.Error("the person is not told to use the link")
	}
	g.secret = personSecret
	if w := g.post("/signin/mfa", "code", g.code(t)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("the old app still works: %d", w.Code)
	}
	leads(t, g.post(link, "password", anasPassword), "/signin/enrol")
	if w := g.post(link, "password", anasPassword); w.Code != http.StatusNotFound {
		t.Errorf("the link works twice: %d", w.Code)
	}
	enrolling := g.cookies
	g.cookies = nil // somebody else, who knows the password
	leads(t, g.post("/signin", "username", person.UserName, "password", anasPassword), "/signin/mfa")
	leads(t, g.get("/signin/enrol"), "/signin/mfa")
	g.cookies = enrolling
	g.secret = shownKey(t, g.get("/signin/enrol").Body.String())
	if w := g.post("/signin/enrol", "code", g.code(t), "name", "Phone"); w.Code != http.StatusOK {
		t.Errorf("the new app is not bound: %d", w.Code)
	}
	leads(t, g.get("/signin"), "/")
}

func TestTheQuestionOffersOnlyWhatThePolicyTakes(t *testing.T) {
	t.Parallel()
	g := openBoss(t)
	g.post("/confirm", "stepup_code", g.code(t))
	key := &softkey.Key{Origin: "http://gatehouse.example"}
	made, err := key.Create(g.post("/me/keys/options").Body.Bytes())
	must(t, err)
	leads(t, g.post("/me/keys/new", "key", made, "name", "Blue key"), "/me")
	g.post("/signout")
	leads(t, g.post("/signin", "username", "elena.novak", "password", anasPassword), "/signin/mfa")
	answer, err := key.Get(g.post("/signin/key/options").Body.Bytes())
	must(t, err)
	leads(t, g.post("/signin/key", "key", answer), "/")
	for _, kinds := range [][]model.FactorKind{{model.FactorWebAuthn}, {model.FactorWebAuthn, model.FactorRecovery}, model.FactorKinds()} {
		g.enforce(t, func(p *model.SignInPolicy) { p.Kinds = kinds })
		page := g.get("/confirm").Body.String()
		code := strings.Contains(page, `name="stepup_code"`)
		if !strings.Contains(page, `name="stepup_key"`) || code != (len(kinds) > 1) {
			t.Errorf("with %v: %s", kinds, page)
		}
		if apps := strings.Contains(page, "authenticator app"); code && apps != slices.Contains(kinds, model.FactorTOTP) {
			t.Errorf("with %v the field for codes speaks of apps: %v", kinds, apps)
		}
	}
}

func TestAStepUpByRecoveryCodeTellsHowManyAreLeft(t *testing.T) {
	t.Parallel()
	g := openBoss(t)
	g.post("/confirm", "stepup_code", g.code(t))
	codes := shownCodes(t, g.post("/me/recovery-codes").Body.String())
	g.now = g.now.Add(6 * time.Minute)
	leads(t, g.post("/confirm", "stepup_code", codes[0], "next", "/me"), "/me")
	if page := g.get("/me").Body.String(); !strings.Contains(page, "9 recovery codes are left.") {
		t.Error(page)
	}
}

// Making somebody an operator asks, however it is done: here by a group that holds a set in the management account.
func TestAddingAnOperatorAsksAndKeepsWhomItWasAbout(t *testing.T) {
	t.Parallel()
	g := openBoss(t)
	org, err := g.center.Organization(t.Context())
	must(t, err)
	sets, err := g.center.SetNames(t.Context(), host)
	must(t, err)
	operators, err := g.center.CreateGroup(t.Context(), host, model.Group{Name: "Second line"})
	must(t, err)
	_, err = g.center.Assign(t.Context(), host, center.AssignRequest{Sets: []model.PermissionSetID{sets[center.AuditorSet]},
		Principals: []model.Principal{{Kind: model.PrincipalGroup, ID: string(operators.ID)}},
		Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(org.ManagementAccount)}}})
	must(t, err)
	at := "/groups/" + string(operators.ID) + "/add"
	f := asked(t, g.follow(g.serve(http.MethodPost, at, url.Values{"members": {"ana.beltran"}})), http.StatusForbidden)
	if f.action != at || f.values.Get("members") != "ana.beltran" {
		t.Fatalf("the question keeps %v at %s", f.values, f.action)
	}
	if people, err := g.center.Store.MembershipsOf(t.Context(), g.planted.Users["ana.beltran"]); err != nil || inGroup(people, operators.ID) {
		t.Errorf("she is in the group already: %v, %v", people, err)
	}
	f.values.Set("stepup_code", g.code(t))
	if w := g.follow(g.serve(http.MethodPost, f.action, f.values)); w.Code != http.StatusSeeOther {
		t.Fatalf("after the code: %d %s", w.Code, main(w))
	}
	if people, err := g.center.Store.MembershipsOf(t.Context(), g.planted.Users["ana.beltran"]); err != nil || !inGroup(people, operators.ID) {
		t.Errorf("she is in %v, %v", people, err)
	}
}

func inGroup(list []store.Membership, id model.GroupID) bool {
	return slices.ContainsFunc(list, func(m store.Membership) bool { return m.GroupID == id })
}

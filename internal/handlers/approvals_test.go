package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gatehouse/internal/model"
)

// board is the shop with a second administrator, where acts of the highest value need both.
type board struct {
	*gate
	first, second []*http.Cookie
	other         model.User
}

func openBoard(t *testing.T) *board {
	t.Helper()
	b := &board{gate: openBoss(t)}
	for _, p := range b.planted.People {
		if p.Role == "auditor" {
			b.other = p.User
		}
	}
	_, err := b.center.Recover(t.Context(), host, b.other.UserName, true)
	must(t, err)
	secret, err := b.center.ProvisionCredentials(t.Context(), host, b.other.ID, anasPassword)
	must(t, err)
	b.enforce(t, func(p *model.SignInPolicy) { p.TwoPeople = true })
	b.cookies, b.secret = nil, secret
	leads(t, b.post("/signin", "username", b.other.UserName, "password", anasPassword), "/signin/mfa")
	leads(t, b.post("/signin/mfa", "code", b.code(t)), "/")
	b.second = b.cookies
	b.openAgain(t)
	b.first = b.cookies
	return b
}

// wishes reads the form of a page that asks whether to ask for approval.
func wishes(t *testing.T, w *httptest.ResponseRecorder, status int) form {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(w.Body.String()))
	must(t, err)
	if w.Code != status || !strings.Contains(w.Body.String(), "This needs a second administrator") {
		t.Fatalf("%d, want %d and the offer to ask for approval: %s", w.Code, status, main(w))
	}
	for n := range doc.Descendants() {
		if n.Data == "form" && attribute(n, "action") != "/signout" {
			return readForm(doc, n, "/")
		}
	}
	t.Fatal("the page has no form")
	return form{}
}

var newPolicy = url.Values{"name": {"NoUsers"}, "description": {"No <b>users</b>"}, "document": {hardDocument}, "reason": {"CHG-7"}}

// asked asks for approval of a new policy and returns where it waits.
func (b *board) asked(t *testing.T) string {
	t.Helper()
	b.cookies = b.first
	f := wishes(t, b.serve(http.MethodPost, "/accounts/policies/new", newPolicy), http.StatusForbidden)
	f.values.Set("approval_reason", "nobody needs them")
	w := b.serve(http.MethodPost, f.action, f.values)
	at := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/approvals/") {
		t.Fatalf("asking for approval: %d %s", w.Code, main(w))
	}
	return at
}

func TestWhatWasTypedWaitsUntilAnotherAdministratorApproves(t *testing.T) {
	b := openBoard(t)
	f := wishes(t, b.serve(http.MethodPost, "/accounts/policies/new", newPolicy), http.StatusForbidden)
	if f.action != "/accounts/policies/new" || f.values.Get("document") != hardDocument || f.values.Get("approval_reason") != "CHG-7" {
		t.Fatalf("the page keeps %v for %s", f.values, f.action)
	}
	f.values.Set("approval_reason", " ")
	f = wishes(t, b.serve(http.MethodPost, f.action, f.values), http.StatusUnprocessableEntity)
	if f.values.Get("document") != hardDocument {
		t.Error("a missing reason loses what was typed")
	}
	at := b.asked(t)
	if w := b.serve(http.MethodGet, at, nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Withdraw") ||
		strings.Contains(w.Body.String(), "Approve and carry out") {
		t.Errorf("who asked sees %d %s", w.Code, main(w))
	}
	if w := b.serve(http.MethodPost, at+"/approve", url.Values{"word": {""}}); w.Code != http.StatusForbidden {
		t.Errorf("who asked approves: %d", w.Code)
	}
	b.cookies = b.second
	w := b.serve(http.MethodGet, at, nil)
	for _, part := range []string{"nobody needs them", "Create the SCP NoUsers", "Approve and carry out", "iam:CreateUser"} {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("the approver's page does not say %q: %s", part, main(w))
		}
	}
	leads(t, b.serve(http.MethodPost, at+"/approve", url.Values{"word": {"fine"}}), at)
	if w := b.serve(http.MethodPost, at+"/approve", url.Values{"word": {""}}); w.Code != http.StatusConflict {
		t.Errorf("approved twice: %d", w.Code)
	}
	policies, err := b.center.Store.Policies(t.Context())
	must(t, err)
	made := 0
	for _, p := range policies {
		if p.Name == "NoUsers" && p.Document == hardDocument {
			made++
		}
	}
	if made != 1 {
		t.Errorf("%d policies were made", made)
	}
}

func TestApprovingAsksForAFreshFactorAndGoesOnWithTheWord(t *testing.T) {
	b := openBoard(t)
	at := b.asked(t)
	b.cookies = b.second
	b.now = b.now.Add(6 * time.Minute)
	f := asked(t, b.serve(http.MethodPost, at+"/approve", url.Values{"word": {"seen"}}), http.StatusForbidden)
	if f.values.Get("word") != "seen" {
		t.Errorf("the question keeps %v", f.values)
	}
	f.values.Set("stepup_code", b.code(t))
	leads(t, b.follow(b.serve(http.MethodPost, f.action, f.values)), at)
}

func TestAskingOutlivesTheQuestionForAFreshFactor(t *testing.T) {
	b := openBoard(t)
	b.cookies = b.second
	b.now = b.now.Add(6 * time.Minute)
	typed := url.Values{"approval_reason": {"kept"}}
	for name, values := range newPolicy {
		typed[name] = values
	}
	f := asked(t, b.serve(http.MethodPost, "/accounts/policies/new", typed), http.StatusForbidden)
	f.values.Set("stepup_code", b.code(t))
	if w := b.follow(b.serve(http.MethodPost, f.action, f.values)); !strings.HasPrefix(w.Header().Get("Location"), "/approvals/") {
		t.Errorf("%d %s", w.Code, main(w))
	}
}

func TestWhatBecameOldIsSaidAndNotDone(t *testing.T) {
	b := openBoard(t)
	at := b.asked(t)
	must(t, second(b.center.CreatePolicy(t.Context(), host, model.Policy{Kind: model.ServiceControlPolicy, Name: "nousers",
		Document: hardDocument}, "")))
	b.cookies = b.second
	w := b.serve(http.MethodPost, at+"/approve", url.Values{"word": {""}})
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "It was not carried out") {
		t.Errorf("%d %s", w.Code, main(w))
	}
	if w := b.serve(http.MethodPost, at+"/decline", url.Values{"why": {""}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("declined without a word: %d", w.Code)
	}
	leads(t, b.serve(http.MethodPost, at+"/decline", url.Values{"why": {"taken"}}), at)
}

func second[T any](_ T, err error) error { return err }

func TestScriptsAreToldThatTheyNeedASecondAdministrator(t *testing.T) {
	b := openBoard(t)
	r := httptest.NewRequest(http.MethodPost, "http://gatehouse.example/accounts/policies/new", strings.NewReader(newPolicy.Encode()))
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "second administrator") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

func TestALinkThatSomebodyAskedForIsShownToWhoApproves(t *testing.T) {
	b := openBoard(t)
	path := "/users/" + string(b.planted.Users["noor.haddad"]) + "/security/password"
	f := wishes(t, b.serve(http.MethodPost, path, url.Values{}), http.StatusForbidden)
	f.values.Set("approval_reason", "forgotten")
	at := b.serve(http.MethodPost, f.action, f.values).Header().Get("Location")
	b.cookies = b.second
	w := b.serve(http.MethodPost, at+"/approve", url.Values{"word": {""}})
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "http://gatehouse.example/invite/") {
		t.Errorf("%d %s", w.Code, main(w))
	}
}

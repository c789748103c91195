package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/handlers"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// gate is the shop with somebody who can sign in through the pages.
type gate struct {
	*shop
	user   model.User
	secret string
}

const anasPassword = "four words nobody says"

func openGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{shop: openShop(t)}
	g.cookies = nil
	var err error
	g.user, err = g.center.Store.User(t.Context(), g.planted.Users["ana.beltran"])
	must(t, err)
	g.secret, err = g.center.ProvisionCredentials(t.Context(), host, g.user.ID, anasPassword)
	must(t, err)
	return g
}

// code is what the app shows now.
func (g *gate) code(t *testing.T) string {
	t.Helper()
	code, err := mfa.App{Secret: g.secret, Digits: mfa.Digits}.Code(mfa.Step(g.now))
	must(t, err)
	return code
}

// follow keeps the cookies of an answer as a browser does: set, replaced and taken away.
func (g *gate) follow(w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	for _, set := range w.Result().Cookies() {
		var kept []*http.Cookie
		for _, c := range g.cookies {
			if c.Name != set.Name {
				kept = append(kept, c)
			}
		}
		if set.MaxAge >= 0 {
			kept = append(kept, set)
		}
		g.cookies = kept
	}
	return w
}

func (g *gate) post(path string, pairs ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return g.follow(g.serve(http.MethodPost, path, form))
}

func (g *gate) get(path string) *httptest.ResponseRecorder {
	return g.follow(g.serve(http.MethodGet, path, nil))
}

// cookie returns the only cookie of an answer.
func cookie(t *testing.T, w *httptest.ResponseRecorder, name string) *http.Cookie {
	t.Helper()
	for _, c := range w.Result().Cookies() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %s in %v", name, w.Result().Cookies())
	return nil
}

func leads(t *testing.T, w *httptest.ResponseRecorder, to string) {
	t.Helper()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != to {
		t.Fatalf("%d → %q, want %q: %s", w.Code, w.Header().Get("Location"), to, main(w))
	}
}

func TestCookiesAreKeptFromScriptsAndOtherSitesAndChangeAtEachStep(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	w := g.post("/signin", "username", "ana.beltran", "password", anasPassword, "next", "/me")
	leads(t, w, "/signin/mfa?next=%2Fme")
	half := cookie(t, w, "gatehouse-signin")
	if !half.HttpOnly || half.SameSite != http.SameSiteLaxMode || half.Path != "/" || half.Domain != "" || half.MaxAge != 300 || len(half.Value) != 43 {
		t.Errorf("the cookie of the password step is %+v", half)
	}
	leads(t, g.get("/me"), "/signin/mfa")
	w = g.post("/signin/mfa", "code", g.code(t), "next", "/me")
	leads(t, w, "/me")
	whole := cookie(t, w, "gatehouse")
	if !whole.HttpOnly || whole.SameSite != http.SameSiteLaxMode || whole.Path != "/" || whole.Domain != "" || whole.MaxAge != 0 || whole.Value == half.Value {
		t.Errorf("the cookie of the session is %+v", whole)
	}
	if gone := cookie(t, w, "gatehouse-signin"); gone.MaxAge >= 0 || gone.Value != "" {
		t.Errorf("the cookie of the password step stays: %+v", gone)
	}
	if w := g.get("/me"); w.Code != http.StatusOK {
		t.Errorf("/me answers %d", w.Code)
	}
	for name, value := range map[string]string{"gatehouse": half.Value, "gatehouse-signin": whole.Value} {
		g.cookies = []*http.Cookie{{Name: name, Value: value}}
		leads(t, g.get("/me"), "/signin?next=%2Fme")
	}
	g.cookies = []*http.Cookie{whole}
	w = g.post("/signout")
	leads(t, w, "/signin")
	if gone := cookie(t, w, "gatehouse"); gone.MaxAge >= 0 || gone.Value != "" {
		t.Errorf("the cookie stays after signing out: %+v", gone)
	}
	g.cookies = []*http.Cookie{whole}
	leads(t, g.get("/me"), "/signin?next=%2Fme")
}

func TestOverTLSCookiesBelongToTheHostAlone(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	g.handler = handlers.New(handlers.Config{Center: g.center, Log: g.center.Log, Now: g.center.Now, BaseURL: "https://gatehouse.example"})
	w := g.post("/signin", "username", "ana.beltran", "password", anasPassword)
	half := cookie(t, w, "__Host-gatehouse-signin")
	w = g.post("/signin/mfa", "code", g.code(t))
	whole := cookie(t, w, "__Host-gatehouse")
	for _, c := range []*http.Cookie{half, whole} {
		if !c.Secure || c.Domain != "" || c.Path != "/" {
			t.Errorf("%+v", c)
		}
	}
	if w.Header().Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}

func TestAWrongPasswordLosesNothingButItself(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	for _, name := range []string{"ana.beltran", "no.body"} {
		w := g.post("/signin", "username", name, "password", "wrong secret", "next", "/groups?q=a")
		page := w.Body.String()
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(page, `value="`+name+`"`) ||
			!strings.Contains(page, `value="/groups?q=a"`) || !strings.Contains(page, "is not right") {
			t.Errorf("%s: %d %s", name, w.Code, main(w))
		}
		if strings.Contains(page, "wrong secret") || len(w.Result().Cookies()) > 0 {
			t.Errorf("%s: the page holds the password, or sets a cookie", name)
		}
	}
}

var tokens = regexp.MustCompile(`[0-9a-f]{16}`)

// TestThePageSaysTheSameOfEverybody compares the whole answer for names that are known, unknown, disabled and new.
func TestThePageSaysTheSameOfEverybody(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	must(t, g.center.DisableUser(t.Context(), host, g.planted.Users["grace.kim"], ""))
	answers := map[string]bool{}
	for _, name := range []string{"ana.beltran", "grace.kim", "mei.tanaka", "xyz.xyzxyz"} {
		w := g.post("/signin", "username", name, "password", "wrong secret")
		text := strings.ReplaceAll(w.Body.String(), name, "NAME")
		answers[http.StatusText(w.Code)+tokens.ReplaceAllString(text, "ID")] = true
	}
	if len(answers) != 1 {
		t.Errorf("%d different answers", len(answers))
	}
}

func TestAnExpiredSessionSendsScriptsToSignInToo(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	g.post("/signin", "username", "ana.beltran", "password", anasPassword)
	g.post("/signin/mfa", "code", g.code(t))
	g.now = g.now.Add(15 * time.Minute)
	leads(t, g.get("/me"), "/signin?ended=idle&next=%2Fme")
	if page := g.get("/signin?ended=idle").Body.String(); !strings.Contains(page, "not used for a while") {
		t.Error("the page does not say why")
	}
	r := httptest.NewRequest(http.MethodGet, "http://gatehouse.example/me", nil)
	r.Header.Set("HX-Request", "true")
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("HX-Redirect"), "/signin") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// shownKey is the secret of the app that a page lets somebody enrol.
func shownKey(t *testing.T, page string) string {
	t.Helper()
	key := regexp.MustCompile(`<code>([A-Z2-7 ]{39})</code>`).FindStringSubmatch(page)
	if key == nil {
		t.Fatal("the page shows no key")
	}
	return strings.ReplaceAll(key[1], " ", "")
}

func TestRecoveryCodesAreShownOnceAndDownloaded(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	token, err := g.center.Invite(t.Context(), host, g.planted.Users["ben.carter"], center.ByHand)
	must(t, err)
	leads(t, g.post("/invite/"+token.Reveal(), "password", anasPassword), "/signin/enrol")
	page := g.get("/signin/enrol").Body.String()
	if !strings.Contains(page, "<path class=\"gh-qr-fg\"") {
		t.Fatal("the page shows no picture")
	}
	g.secret = shownKey(t, page)
	w := g.post("/signin/enrol", "code", g.code(t), "name", "Ben’s phone")
	codes := regexp.MustCompile(`(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}`).FindAllString(w.Body.String(), -1)
	if w.Code != http.StatusOK || len(codes) < 10 {
		t.Fatalf("%d, %d codes", w.Code, len(codes))
	}
	leads(t, g.post("/signin/enrol", "code", g.code(t)), "/")
	file := g.post("/me/recovery-codes.txt", "codes", strings.Join(codes[:10], "\n"))
	if file.Code != http.StatusOK || !strings.Contains(file.Header().Get("Content-Disposition"), "attachment") ||
		!strings.HasPrefix(file.Header().Get("Content-Type"), "text/plain") || strings.Count(file.Body.String(), "\n") < 10 {
		t.Errorf("the file: %d %v", file.Code, file.Header())
	}
	for _, other := range []string{"", "<script>alert(1)</script>", codes[0] + "\nhello"} {
		if w := g.post("/me/recovery-codes.txt", "codes", other); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%q makes a file: %d", other, w.Code)
		}
	}
	for _, path := range []string{"/me", "/signin/enrol", "/me/devices/new"} {
		if strings.Contains(g.get(path).Body.String(), codes[0]) {
			t.Errorf("%s shows a recovery code again", path)
		}
	}
}

// TestADisabledPersonsNextRequestLeadsOut keeps the cookie and disables the person between two requests.
func TestADisabledPersonsNextRequestLeadsOut(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	g.post("/signin", "username", "ana.beltran", "password", anasPassword)
	g.post("/signin/mfa", "code", g.code(t))
	if w := g.get("/portal"); w.Code != http.StatusOK {
		t.Fatalf("/portal answers %d", w.Code)
	}
	must(t, g.center.DisableUser(t.Context(), host, g.user.ID, ""))
	leads(t, g.get("/portal"), "/signin?next=%2Fportal")
}

func TestSigningInAsSomebodyElseEndsTheSessionBefore(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	g.post("/signin", "username", "ana.beltran", "password", anasPassword)
	g.post("/signin/mfa", "code", g.code(t))
	before := g.cookies
	_, err := g.center.ProvisionCredentials(t.Context(), host, g.planted.Users["grace.kim"], vault.Secret(anasPassword))
	must(t, err)
	leads(t, g.post("/signin", "username", "grace.kim", "password", anasPassword), "/signin/mfa")
	g.cookies = before
	leads(t, g.get("/portal"), "/signin?next=%2Fportal")
}

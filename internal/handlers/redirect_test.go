package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// elsewhereOrNowhere are addresses that a browser could read as another site, or that are no page to go to after signing in.
func elsewhereOrNowhere() []string {
	return []string{
		// Another host
		"//evil.example", "///evil.example", "////evil.example", "//evil.example/%2f..", "//evil.example\\@gatehouse.example", "//", "//evil",
		"//user:pw@evil.example", "//[::1]", "//127.0.0.1:80/x", "//gatehouse.example", "//gatehouse.example.evil.example", "//%65vil.example",
		"/\\evil.example", "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "/@evil.example\\", "\\evil.example", "/\\\\evil.example",
		// A scheme
		"https://evil.example", "http://evil.example", "http:evil.example", "https:/evil.example", "https:\\\\evil.example", "HTTPS://EVIL.EXAMPLE",
		"http://gatehouse.example@evil.example", "http://gatehouse.example:80@evil.example", "http://gatehouse.example", "https://gatehouse.example/me",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", " javascript:alert(1)", "javascript://%0aalert(1)", "vbscript:x",
		"data:text/html,x", "data:text/html;base64,PHNjcmlwdD4=", "blob:http://evil.example/x", "view-source:x", "ftp://evil.example",
		"mailto:a@evil.example", "file:///etc/passwd", "intent://evil.example#Intent;end", "about:blank", "x:y",
		// Characters that browsers drop
		"/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", "\n/evil.example", "\x00//evil.example", "/\x00/evil.example",
		"/\x0b/evil.example", "/\x1f/evil.example", "/\x7f/evil.example", " /me", "/me ", "\u00a0//evil.example", "/\u00a0/evil", "/\u2028/evil",
		"\u200b//evil.example", "\ufeff//evil.example", "/\u3000/evil", "/\uff0f/evil.example", "\uff0f\uff0fevil.example", "/\u2215evil", "/／evil.example",
		// A header of its own
		"/me\r\nSet-Cookie: x=y", "/me\nLocation: //evil.example", "/me\r\n\r\n<script>alert(1)</script>",
		// No address of ours
		"", "evil.example", "evil.example/", "@evil.example", ".evil.example", "?next=//evil.example", "#//evil", "..//evil.example", "./evil", "me",
		"/%", "/%zz", strings.Repeat("/a", 2000), "/" + strings.Repeat("a", 100_000),
		// A step of signing in, or out: nowhere to go afterwards
		"/signin", "/signin/mfa", "/signout", "/invite/x", "/forgot", "/confirm", "/signin?next=//evil.example", "/confirm?next=//evil.example",
	}
}

// odd are addresses that look as if they led away and do not: what browsers make of them stays here.
var odd = []string{"/.//evil.example", "/..//evil.example", "/%5cevil.example", "/%2f%2fevil.example", "/%0d%0aLocation:evil", "/@evil.example",
	"/x?next=https://evil.example", "/x#//evil.example", "/a:b", "/x//evil.example", "/;//evil.example", "/%09/evil.example"}

// resolved is the place that a browser on a page of ours goes to.
func resolved(t *testing.T, to string) *url.URL {
	t.Helper()
	page, err := url.Parse("http://gatehouse.example/signin")
	must(t, err)
	u, err := page.Parse(to)
	must(t, err)
	return u
}

// crossroads are where somebody is sent on to an address that came with the request.
var crossroads = []struct {
	name string
	open func(*testing.T) *shop
	ask  func(*testing.T, *shop, string) string // where it leads
}{
	{"signed in already", openShop, func(t *testing.T, s *shop, next string) string {
		return s.serve(http.MethodGet, "/signin?next="+url.QueryEscape(next), nil).Header().Get("Location")
	}},
	{"the sign-in page", signedOutShop, func(t *testing.T, s *shop, next string) string {
		return hidden(t, s.serve(http.MethodGet, "/signin?next="+url.QueryEscape(next), nil))
	}},
	{"a wrong password", signedOutShop, func(t *testing.T, s *shop, next string) string {
		s.now = s.now.Add(time.Hour) // longer than anybody has to wait
		return hidden(t, s.serve(http.MethodPost, "/signin", url.Values{"username": {"x"}, "password": {"x"}, "next": {next}}))
	}},
	{"the second factor", halfwayShop, func(t *testing.T, s *shop, next string) string {
		return hidden(t, s.serve(http.MethodGet, "/signin/mfa?next="+url.QueryEscape(next), nil))
	}},
	{"the recovery code", halfwayShop, func(t *testing.T, s *shop, next string) string {
		return hidden(t, s.serve(http.MethodGet, "/signin/recovery?next="+url.QueryEscape(next), nil))
	}},
	{"confirmed already", openShop, func(t *testing.T, s *shop, next string) string {
		return s.serve(http.MethodPost, "/confirm", url.Values{"next": {next}}).Header().Get("Location")
	}},
	{"confirming", openShop, func(t *testing.T, s *shop, next string) string {
		s.now = opening.Add(2 * s.center.Limits.Fresh)
		return hidden(t, s.serve(http.MethodGet, "/confirm?next="+url.QueryEscape(next), nil))
	}},
}

func signedOutShop(t *testing.T) *shop { return openShop(t).signedOut() }
func halfwayShop(t *testing.T) *shop   { return openShop(t).withPassword(t) }

// TestNothingLeadsToAnotherSite tries at least 80 addresses everywhere that says where to go next.
func TestNothingLeadsToAnotherSite(t *testing.T) {
	t.Parallel()
	values := elsewhereOrNowhere()
	if len(values) < 80 {
		t.Errorf("there are only %d addresses", len(values))
	}
	for _, at := range crossroads {
		s := at.open(t)
		for _, next := range values {
			decoded := at.name == "a wrong password" || at.name == "confirmed already"
			if decoded && strings.Contains(next, "\x00") {
				continue // a form that has it is refused
			}
			if to := at.ask(t, s, next); to != "/" {
				t.Errorf("%s: %.60q leads to %q, not to the front page", at.name, next, to)
			}
		}
		for _, next := range odd {
			if to := resolved(t, at.ask(t, s, next)); to.Host != "gatehouse.example" || to.Scheme != "http" {
				t.Errorf("%s: %q leads to %q", at.name, next, to)
			}
		}
		for _, next := range []string{"/users?q=a%20b&status=ENABLED", "/portal", "/users/580da048d0-x/access#graph"} {
			if to := at.ask(t, s, next); to != next {
				t.Errorf("%s: %q leads to %q", at.name, next, to)
			}
		}
	}
}

// hidden is where the form of a page leads next: its field, or the front page where it has none.
func hidden(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	doc, err := html.Parse(w.Body)
	must(t, err)
	if w.Code >= http.StatusInternalServerError || w.Code == http.StatusSeeOther {
		t.Errorf("answered %d %s", w.Code, w.Header().Get("Location"))
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "input" && attribute(n, "name") == "next" {
			return attribute(n, "value")
		}
	}
	return "/"
}

// TestSigningInLeadsWhereItWasAskedTo goes through both steps with an address of ours and with one that is not.
func TestSigningInLeadsWhereItWasAskedTo(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{"/users?q=a": "/users?q=a", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/"} {
		g := openGate(t)
		g.post("/signin", "username", "ana.beltran", "password", anasPassword, "next", next)
		leads(t, g.post("/signin/mfa", "code", g.code(t), "next", next), want)
	}
}

// TestAnotherSitesReferrerLeadsNowhere sends a referrer of another site, to which "go back" must not lead.
func TestAnotherSitesReferrerLeadsNowhere(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	for _, referrer := range []string{"http://evil.example/users", "http://gatehouse.example@evil.example/", "http://gatehouse.example//evil.example/", "//evil.example", "javascript:alert(1)", "%"} {
		s.now = opening.Add(s.center.Limits.Fresh * 2)
		r := httptest.NewRequest(http.MethodPost, "http://gatehouse.example/users/"+string(s.planted.Users["ben.carter"])+"/delete",
			strings.NewReader("confirm=ben.carter"))
		for _, c := range s.cookies {
			r.AddCookie(c)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Referer", referrer)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if strings.Contains(w.Body.String(), "evil.example") || w.Code >= http.StatusInternalServerError {
			t.Errorf("%q: %d, and the page has it", referrer, w.Code)
		}
		judgeMarkup(t, referrer, w.Body.String())
	}
}

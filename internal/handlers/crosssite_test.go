package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gatehouse/internal/model"
)

// origins are the ways in which a request can say where it comes from, and whether it is carried out.
var origins = []struct {
	name          string
	site, origin  string
	contentType   string
	refusedStatus int // 0: let through
}{
	{name: "same origin", site: "same-origin"},
	{name: "typed by the person", site: "none"},
	{name: "an old browser, our origin", origin: "http://gatehouse.example"},
	{name: "same origin and our origin", site: "same-origin", origin: "http://gatehouse.example"},
	{name: "a neighbouring site", site: "same-site", refusedStatus: http.StatusForbidden},
	{name: "another site", site: "cross-site", refusedStatus: http.StatusForbidden},
	{name: "another site that claims our origin", site: "cross-site", origin: "http://gatehouse.example", refusedStatus: http.StatusForbidden},
	{name: "an old browser, another origin", origin: "http://evil.example", refusedStatus: http.StatusForbidden},
	{name: "an old browser, no origin to tell", origin: "null", refusedStatus: http.StatusForbidden},
	{name: "an old browser, a host that begins like ours", origin: "http://gatehouse.example.evil", refusedStatus: http.StatusForbidden},
	{name: "nothing said, with a cookie", refusedStatus: http.StatusForbidden},
	{name: "JSON", site: "same-origin", contentType: "application/json", refusedStatus: http.StatusUnsupportedMediaType},
	{name: "plain text", site: "same-origin", contentType: "text/plain", refusedStatus: http.StatusUnsupportedMediaType},
	{name: "a form of files", site: "same-origin", contentType: "multipart/form-data; boundary=x", refusedStatus: http.StatusUnsupportedMediaType},
}

// TestNothingChangesOnTheWordOfAnotherSite sends every changing route of the console from everywhere.
func TestNothingChangesOnTheWordOfAnotherSite(t *testing.T) {
	t.Parallel()
	c := takeCensus(t)
	for _, one := range c.routes {
		if one.method != http.MethodPost || one.who == "machine" || one.pattern == "/signout" {
			continue
		}
		for _, from := range origins {
			takesJSON := one.pattern == "/simulate/explain" && from.contentType == "application/json"
			if from.refusedStatus == 0 || takesJSON {
				continue
			}
			c.signInAs(t, map[bool]string{true: halfway, false: admin}[one.who == "sign-in"])
			before := c.trail(t)
			r := httptest.NewRequest(http.MethodPost, "http://gatehouse.example"+one.path, strings.NewReader(one.form.Encode()))
			for _, cookie := range c.cookies {
				r.AddCookie(cookie)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for key, value := range map[string]string{"Sec-Fetch-Site": from.site, "Origin": from.origin, "Content-Type": from.contentType} {
				if value != "" {
					r.Header.Set(key, value)
				}
			}
			w := httptest.NewRecorder()
			c.handler.ServeHTTP(w, r)
			where := one.name() + " from " + from.name
			if after := c.trail(t); after.Seq != before.Seq && after.Outcome == model.Done {
				t.Errorf("%s was done: %s", where, after.Summary)
			}
			if w.Code != from.refusedStatus && !(w.Code == http.StatusSeeOther && one.who == "sign-in") {
				t.Errorf("%s answered %d, want %d", where, w.Code, from.refusedStatus)
			}
		}
	}
}

func TestWhereOurOwnPagesComeFromIsAccepted(t *testing.T) {
	t.Parallel()
	c := takeCensus(t)
	for _, from := range origins {
		if from.refusedStatus != 0 {
			continue
		}
		c.signInAs(t, admin)
		r := httptest.NewRequest(http.MethodPost, "http://gatehouse.example/groups", strings.NewReader("name=G+"+strings.ReplaceAll(from.name, " ", "+")))
		r.AddCookie(c.cookies[0])
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for key, value := range map[string]string{"Sec-Fetch-Site": from.site, "Origin": from.origin} {
			if value != "" {
				r.Header.Set(key, value)
			}
		}
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, r)
		if w.Code != http.StatusSeeOther {
			t.Errorf("from %s: %d %s", from.name, w.Code, main(w))
		}
	}
}

// TestReadingChangesNothing asks for every page and file as an administrator. Downloads leave their record, and nothing else.
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	c := takeCensus(t)
	for _, one := range c.routes {
		if one.method != http.MethodGet || one.who == "machine" {
			continue
		}
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			c.signInAs(t, admin)
			before := c.trail(t)
			c.serve(method, one.path, nil)
			after := c.trail(t)
			download := strings.HasSuffix(one.pattern, ".csv") || strings.HasSuffix(one.pattern, ".jsonl")
			if after.Seq != before.Seq && !download && after.Action != model.ActSimulate {
				t.Errorf("%s %s left the event %q", method, one.path, after.Summary)
			}
		}
	}
}

// TestEveryAnswerCarriesItsHeaders looks at every route, at what is not there, and at refusals.
func TestEveryAnswerCarriesItsHeaders(t *testing.T) {
	t.Parallel()
	c := takeCensus(t)
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store", "Strict-Transport-Security": "", "Server": "",
	}
	odd := []call{{method: "GET", path: "/no/such/page"}, {method: "DELETE", path: "/users"}, {method: "TRACE", path: "/"},
		{method: "GET", path: "/users%2F1"}, {method: "POST", path: "/me"}}
	for _, one := range append(odd, c.routes...) {
		if one.who == "machine" && one.method == http.MethodPost {
			continue
		}
		for _, role := range []string{nobody, admin} {
			c.signInAs(t, role)
			w := c.send(one)
			for key, value := range want {
				if got := w.Header().Get(key); got != value {
					t.Errorf("%s %s as %s (%d): %s is %q", one.method, one.path, role, w.Code, key, got)
				}
			}
		}
	}
}

// TestNoOtherSpellingOfAnAddressGetsIn asks for operators' pages in spellings that a router may read differently.
func TestNoOtherSpellingOfAnAddressGetsIn(t *testing.T) {
	t.Parallel()
	c := takeCensus(t)
	c.signInAs(t, nobody)
	for _, one := range c.routes {
		if one.method != http.MethodGet || (one.who != "operator" && one.who != "everyone") {
			continue
		}
		path, _, _ := strings.Cut(one.path, "?")
		for _, spelt := range []string{path + "/", "/" + path, strings.ToUpper(path), strings.Replace(path, "/", "/./", 1), path + "%00",
			strings.ReplaceAll(path, "/", "%2F"), strings.ReplaceAll(path, "/", "%5C"), "/x/.." + path, path + ";x=1", path + "%2e"} {
			r := httptest.NewRequest(http.MethodGet, "http://gatehouse.example/", nil)
			r.URL.Opaque, r.RequestURI = "", spelt
			if u, err := r.URL.Parse(spelt); err == nil && strings.HasPrefix(spelt, "/") && !strings.HasPrefix(spelt, "//") {
				r.URL = u
			} else {
				r.URL.Path = spelt
			}
			w := httptest.NewRecorder()
			c.handler.ServeHTTP(w, r)
			if w.Code == http.StatusOK {
				t.Errorf("%q is answered to anybody", spelt)
			}
		}
	}
}

package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
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

// sendFrom makes the request of a call as a page of some origin would.
func (c *census) sendFrom(one call, site, origin, contentType string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(one.method, "http://gatehouse.example"+one.path, strings.NewReader(one.form.Encode()))
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if one.pattern == "/simulate/explain" {
		r.Header.Set("Content-Type", "application/json")
	}
	for key, value := range map[string]string{"Sec-Fetch-Site": site, "Origin": origin, "Content-Type": contentType} {
		if value != "" {
			r.Header.Set(key, value)
		}
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

// signInFor makes the browser that of somebody who may use a route, and returns which role or stage that is.
func (c *census) signInFor(t *testing.T, one call) (role string) {
	t.Helper()
	role = admin
	if one.who == "sign-in" {
		role = halfway
		if strings.Contains(one.pattern, "/enrol") {
			role = enrolling
		}
	}
	c.signInAs(t, role)
	return role
}

// TestNothingChangesOnTheWordOfAnotherSite sends every changing route of the console from everywhere. What is refused leaves
// not one row behind, in no table.
func TestNothingChangesOnTheWordOfAnotherSite(t *testing.T) {
	t.Parallel()
	c, sent := takeCensus(t), 0
	for _, one := range c.routes {
		if one.method != http.MethodPost {
			continue
		}
		c.signInFor(t, one)
		mark := c.watch(t).Mark()
		for _, from := range origins {
			takesJSON := one.pattern == "/simulate/explain" && from.contentType == "application/json"
			if from.refusedStatus == 0 || takesJSON {
				continue
			}
			w := c.sendFrom(one, from.site, from.origin, from.contentType)
			where := one.name() + " from " + from.name
			if wrote := c.watch(t).Writes(mark); len(wrote) > 0 {
				t.Fatalf("%s was answered %d, and %v", where, w.Code, wrote)
			}
			// Machines have no browser whose pages could send something: there the signature counts, and nothing else.
			refused := w.Code == from.refusedStatus || (one.who == "machine" && w.Code >= http.StatusBadRequest) ||
				(w.Code == http.StatusSeeOther && one.pattern == "/signin/password" && from.contentType != "")
			if !refused {
				t.Errorf("%s answered %d, want %d", where, w.Code, from.refusedStatus)
			}
			sent++
		}
	}
	if sent < 900 {
		t.Errorf("only %d requests were sent", sent)
	}
}

// TestWhereOurOwnPagesComeFromIsAccepted sends every changing route from our own pages: where it comes from is no reason to
// refuse it.
func TestWhereOurOwnPagesComeFromIsAccepted(t *testing.T) {
	t.Parallel()
	for _, from := range origins {
		if from.refusedStatus != 0 {
			continue
		}
		t.Run(from.name, func(t *testing.T) {
			t.Parallel()
			c := takeCensus(t)
			for _, one := range last(c.routes, "delete", "remove", "disable", "signout", "end", "revoke", "reset", "security") {
				if one.method != http.MethodPost || one.who == "machine" {
					continue
				}
				c.signInFor(t, one)
				w := c.sendFrom(one, from.site, from.origin, from.contentType)
				if w.Code == http.StatusUnsupportedMediaType || strings.Contains(w.Body.String(), "came from another site") {
					t.Errorf("%s: %d %s", one.name(), w.Code, main(w))
				}
			}
			c.signInAs(t, admin)
			group := call{method: http.MethodPost, path: "/groups", form: url.Values{"name": {"G " + from.name}}}
			if w := c.sendFrom(group, from.site, from.origin, ""); w.Code != http.StatusSeeOther {
				t.Errorf("%d %s", w.Code, main(w))
			}
		})
	}
}

// TestReadingChangesNothing asks for every page and file, and looks at every table. Downloads leave their record in the
// trail, and nothing else does.
func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	c, sent := takeCensus(t), 0
	for _, one := range c.routes {
		if one.method != http.MethodGet {
			continue
		}
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			c.signInFor(t, one)
			mark := c.watch(t).Mark()
			w := c.serve(method, one.path, nil)
			if wrote := c.wrote(t, mark); len(wrote) > 0 {
				t.Errorf("%s %s was answered %d, and %v", method, one.path, w.Code, wrote)
			}
			recorded := strings.HasSuffix(one.pattern, ".csv") || strings.HasSuffix(one.pattern, ".jsonl")
			if wrote := c.watch(t).Writes(mark); (len(wrote) > 0) != recorded {
				t.Errorf("%s %s was answered %d, and %v", method, one.path, w.Code, wrote)
			}
			sent++
		}
	}
	if sent < 180 {
		t.Errorf("only %d pages were asked for", sent)
	}
}

// TestOtherMethodsDoNothing sends what no page of the console uses.
func TestOtherMethodsDoNothing(t *testing.T) {
	t.Parallel()
	c := takeCensus(t)
	c.signInAs(t, admin)
	mark := c.watch(t).Mark()
	methods := []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, http.MethodOptions, "PROPFIND", "REPORT", "BREW"}
	for i, one := range c.routes {
		for j, method := range methods {
			if testing.Short() && (i+j)%4 != 0 {
				continue
			}
			w := c.serve(method, one.path, url.Values{"_method": {"POST"}})
			if w.Code < http.StatusBadRequest && method != http.MethodOptions {
				t.Errorf("%s %s is answered %d", method, one.path, w.Code)
			}
		}
	}
	if wrote := c.watch(t).Writes(mark); len(wrote) > 0 {
		t.Errorf("they were answered, and %v", wrote)
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

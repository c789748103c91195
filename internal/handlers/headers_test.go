package handlers_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/handlers"
	"gatehouse/web/static"
)

// guards are the headers of every answer, word for word.
var guards = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /csp",
	"X-Content-Type-Options":       "nosniff",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self)",
	"Cache-Control":                "no-store",
}

// others are the headers that an answer may have besides, depending on what it is.
var others = []string{"Content-Type", "Content-Length", "Content-Disposition", "Vary", "Location", "Set-Cookie", "Allow", "Hx-Redirect", "Hx-Replace-Url",
	"Retry-After", "X-Amzn-Requestid", "Etag", "Accept-Ranges", "Content-Encoding"}

// judgeHeaders compares the headers of an answer with those that it must have, and with those that it may have.
func judgeHeaders(t *testing.T, where string, got http.Header, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if given := got.Values(name); len(given) != 1 || given[0] != value {
			t.Errorf("%s: %s is %q, want %q", where, name, given, value)
		}
	}
	for name := range got {
		if _, guard := want[name]; !guard && !slices.Contains(others, name) {
			t.Errorf("%s: it has the header %s: %q", where, name, got.Get(name))
		}
	}
	for _, name := range []string{"Location", "Hx-Redirect", "Hx-Replace-Url"} {
		if to := got.Get(name); !ours(to) {
			t.Errorf("%s: %s is %q", where, name, to)
		}
	}
	if kind := got.Get("Content-Type"); strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "charset=") {
		t.Errorf("%s: a text of type %q, without its character set", where, kind)
	}
}

// TestEveryAnswerCarriesExactlyItsHeaders looks at every route as nobody, as somebody and as an administrator, asked for whole,
// in part and for its headers alone. No page has a script, a style or an event in it.
func TestEveryAnswerCarriesExactlyItsHeaders(t *testing.T) {
	t.Parallel()
	for _, role := range []string{nobody, ordinary, admin} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			c := takeCensus(t)
			for _, one := range last(c.routes, "delete", "remove", "disable", "signout", "end", "revoke", "reset", "security") {
				c.signInAs(t, role)
				c.judgeAnswer(t, one.name(), c.send(one))
				if one.method == http.MethodGet {
					c.judgeAnswer(t, "HEAD "+one.path, c.serve(http.MethodHead, one.path, nil))
					c.judgeAnswer(t, one.name()+" for a region", c.region(one.path))
				}
			}
		})
	}
}

// judgeAnswer looks at the headers and, where there is one, the page.
func (s *shop) judgeAnswer(t *testing.T, where string, w *httptest.ResponseRecorder) {
	t.Helper()
	judgeHeaders(t, where, w.Header(), guards)
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		judgeMarkup(t, where, w.Body.String())
	}
}

// region asks as htmx does for a part of a page.
func (s *shop) region(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://gatehouse.example"+path, nil)
	for _, c := range s.cookies {
		r.AddCookie(c)
	}
	for name, value := range map[string]string{"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "main#main"} {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// TestErrorsCarryTheSameHeaders provokes every kind of failure.
func TestErrorsCarryTheSameHeaders(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	large := strings.NewReader(strings.Repeat("x", 600<<10))
	requests := map[string]*http.Request{
		"not found":         httptest.NewRequest(http.MethodGet, "/no/such/page", nil),
		"no such thing":     httptest.NewRequest(http.MethodGet, "/users/none", nil),
		"no such method":    httptest.NewRequest(http.MethodDelete, "/users", nil),
		"a trace":           httptest.NewRequest(http.MethodTrace, "/", nil),
		"options":           httptest.NewRequest(http.MethodOptions, "/users", nil),
		"an escaped slash":  httptest.NewRequest(http.MethodGet, "/users%2F1", nil),
		"not a form":        httptest.NewRequest(http.MethodPost, "/groups", strings.NewReader("{}")),
		"too large":         httptest.NewRequest(http.MethodPost, "/groups", large),
		"another site":      httptest.NewRequest(http.MethodPost, "/groups", nil),
		"to sign-in":        httptest.NewRequest(http.MethodGet, "/users", nil),
		"a dead link":       httptest.NewRequest(http.MethodGet, "/invite/none", nil),
		"a call without it": httptest.NewRequest(http.MethodPost, "/", nil),
		"a probe":           httptest.NewRequest(http.MethodGet, "/healthz", nil),
		"another probe":     httptest.NewRequest(http.MethodGet, "/readyz", nil),
	}
	for _, r := range requests {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	requests["another site"].Header.Set("Sec-Fetch-Site", "cross-site")
	requests["too large"].Header.Set("Content-Type", "application/x-www-form-urlencoded")
	met := map[int]bool{}
	try := func() {
		for _, name := range slices.Sorted(maps.Keys(requests)) {
			for _, cookies := range [][]*http.Cookie{nil, s.cookies} {
				r := requests[name].Clone(t.Context())
				for _, c := range cookies {
					r.AddCookie(c)
				}
				w := httptest.NewRecorder()
				s.handler.ServeHTTP(w, r)
				met[w.Code] = true
				s.judgeAnswer(t, name+" ("+http.StatusText(w.Code)+")", w)
			}
		}
	}
	try()
	must(t, s.center.Store.Close())
	try()
	for _, status := range []int{200, 204, 303, 403, 404, 405, 413, 415, 500, 503} {
		if !met[status] {
			t.Errorf("no request was answered %d: %v", status, slices.Sorted(maps.Keys(met)))
		}
	}
}

// TestFilesCarryTheSameHeaders asks for every file, under its address and under others.
func TestFilesCarryTheSameHeaders(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	for _, name := range static.Names() {
		w := s.serve(http.MethodGet, static.URL(name), nil)
		kept := maps.Clone(guards)
		kept["Cache-Control"] = "public, max-age=31536000, immutable"
		judgeHeaders(t, name, w.Header(), kept)
		if w.Code != http.StatusOK {
			t.Errorf("%s is answered %d", name, w.Code)
		}
		kept["Cache-Control"] = "no-cache"
		judgeHeaders(t, name+" of another edition", s.serve(http.MethodGet, static.Prefix+"0/"+name, nil).Header(), kept)
	}
	for _, path := range []string{"", "x", "x/y", "x/../../etc/passwd", "0/", "0/app.css/"} {
		w := s.serve(http.MethodGet, static.Prefix+path, nil)
		judgeHeaders(t, "/static/"+path, w.Header(), guards)
		if w.Code != http.StatusNotFound {
			t.Errorf("/static/%s is answered %d", path, w.Code)
		}
	}
	judgeHeaders(t, "a form sent to a file", s.serve(http.MethodPost, static.URL("app.css"), nil).Header(), guards)
}

// TestOverTLSBrowsersAreToldToStayThere looks at a console that is reached over TLS.
func TestOverTLSBrowsersAreToldToStayThere(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.handler = handlers.New(handlers.Config{Center: s.center, Log: s.center.Log, Now: s.center.Now, BaseURL: "https://gatehouse.example"})
	want := maps.Clone(guards)
	want["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
	for _, path := range []string{"/signin", "/users", "/no/such/page", "/healthz", static.Prefix + "none"} {
		judgeHeaders(t, path, s.serve(http.MethodGet, path, nil).Header(), want)
	}
}

package handlers_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/handlers"
	"gatehouse/internal/mail"
	"gatehouse/internal/mail/mailtest"
	"gatehouse/internal/store"
)

// spoofs are what a client may claim of itself and of where it asks.
var spoofs = map[string]http.Header{
	"forwarded for one":         {"X-Forwarded-For": {"203.0.113.66"}},
	"forwarded for many":        {"X-Forwarded-For": {"203.0.113.66, 10.0.0.1, 127.0.0.1"}},
	"forwarded for two headers": {"X-Forwarded-For": {"203.0.113.66", "127.0.0.1"}},
	"forwarded for IPv6":        {"X-Forwarded-For": {"[2001:db8::66]:4711"}},
	"forwarded for nonsense":    {"X-Forwarded-For": {"'; DROP TABLE users; --, <script>, " + strings.Repeat("9", 5000)}},
	"a real address":            {"X-Real-Ip": {"203.0.113.66"}, "X-Client-Ip": {"203.0.113.66"}, "X-Remote-Addr": {"203.0.113.66"}},
	"what clouds write": {"Cf-Connecting-Ip": {"203.0.113.66"}, "True-Client-Ip": {"203.0.113.66"}, "Fastly-Client-Ip": {"203.0.113.66"},
		"X-Azure-Clientip": {"203.0.113.66"}, "X-Cluster-Client-Ip": {"203.0.113.66"}},
	"the standard's header": {"Forwarded": {`for=203.0.113.66;host=evil.example;proto=https`}},
	"another host": {"X-Forwarded-Host": {"evil.example"}, "X-Host": {"evil.example"}, "X-Forwarded-Server": {"evil.example"},
		"X-Original-Host": {"evil.example"}},
	"another scheme": {"X-Forwarded-Proto": {"https"}, "X-Forwarded-Protocol": {"https"}, "X-Forwarded-Ssl": {"on"}, "X-Url-Scheme": {"https"},
		"Front-End-Https": {"on"}, "X-Forwarded-Scheme": {"https"}, "X-Forwarded-Port": {"443"}},
	"another address of the page": {"X-Original-Url": {"/signout"}, "X-Rewrite-Url": {"/signout"}, "X-Forwarded-Prefix": {"//evil.example"},
		"X-Forwarded-Path": {"//evil.example"}, "X-Forwarded-Uri": {"/signout"}},
	"another method":           {"X-Http-Method-Override": {"DELETE"}, "X-Http-Method": {"DELETE"}, "X-Method-Override": {"DELETE"}},
	"another host in the line": {"Host": {"evil.example"}},
	"another host with a port": {"Host": {"gatehouse.example:80@evil.example"}},
	"everything at once": {"Host": {"evil.example"}, "X-Forwarded-For": {"203.0.113.66"}, "X-Forwarded-Host": {"evil.example"},
		"X-Forwarded-Proto": {"https"}, "Forwarded": {"for=203.0.113.66"}, "X-Real-Ip": {"203.0.113.66"}},
}

// claims is a browser that claims things of itself in every request.
type claims struct {
	*shop
	header http.Header
	peer   string // who really connects
}

func (c *claims) send(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://gatehouse.example"+path, strings.NewReader(form.Encode()))
	r.RemoteAddr = c.peer
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	maps.Copy(r.Header, c.header.Clone())
	if host := c.header.Get("Host"); host != "" {
		r.Host = host
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

// TestWhatAClientClaimsOfItselfChangesNothing sends at least 12 sets of headers, directly and through a proxy that is trusted,
// and looks at the address that counts failures, at the trail, at links, at cookies and at redirects.
func TestWhatAClientClaimsOfItselfChangesNothing(t *testing.T) {
	t.Parallel()
	if len(spoofs) < 12 {
		t.Fatalf("only %d sets of headers", len(spoofs))
	}
	for _, name := range slices.Sorted(maps.Keys(spoofs)) {
		c := &claims{shop: openShop(t), header: spoofs[name], peer: "198.51.100.9:4711"}
		c.judge(t, name)
	}
	for _, name := range slices.Sorted(maps.Keys(spoofs)) {
		header := spoofs[name].Clone()
		header["X-Forwarded-For"] = append(header["X-Forwarded-For"], "198.51.100.9") // what the proxy saw
		c := &claims{shop: openShop(t), header: header, peer: "10.1.2.3:4711"}
		c.handler = handlers.New(handlers.Config{Center: c.center, Log: c.center.Log, Now: c.center.Now, BaseURL: "http://gatehouse.example",
			Proxies: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}})
		c.judge(t, name+", through a proxy")
	}
}

var absolute = regexp.MustCompile(`[a-z]+://[^\s"'<>)]+`)

func (c *claims) judge(t *testing.T, where string) {
	t.Helper()
	signedIn := c.cookies
	letters := c.mailed(t)

	made := c.send(http.MethodPost, "/users/"+string(c.planted.Users["ben.carter"])+"/invitation", url.Values{"delivery": {"hand"}})
	links := absolute.FindAllString(made.Body.String(), -1)
	if !slices.ContainsFunc(links, func(link string) bool { return strings.HasPrefix(link, "http://gatehouse.example/invite/") }) ||
		strings.Contains(made.Body.String(), "evil.example") {
		t.Errorf("%s: the page of an invitation (%d) has the links %q", where, made.Code, links)
	}
	c.send(http.MethodPost, "/users/"+string(c.planted.Users["grace.kim"])+"/invitation", url.Values{"delivery": {"mail"}})
	for _, text := range letters() {
		for _, link := range absolute.FindAllString(text, -1) {
			if !strings.HasPrefix(link, "http://gatehouse.example/") {
				t.Errorf("%s: an e-mail leads to %s", where, link)
			}
		}
	}

	c.cookies = nil
	c.send(http.MethodPost, "/signin", url.Values{"username": {"elena.novak"}, "password": {"wrong"}})
	for _, row := range c.watch(t).Contents()["throttles"] {
		if row["network"] != "198.51.100.9" {
			t.Errorf("%s: failures are counted for %s", where, row["network"])
		}
	}
	right := c.send(http.MethodPost, "/signin", url.Values{"username": {"elena.novak"}, "password": {elenasPassword}, "next": {"/me"}})
	if to := right.Header().Get("Location"); to != "/signin/mfa?next=%2Fme" {
		t.Errorf("%s: the right password leads to %q (%d)", where, to, right.Code)
	}
	half := cookie(t, right, "gatehouse-signin")
	if half.Secure || half.Domain != "" || half.Path != "/" || !half.HttpOnly || half.SameSite != http.SameSiteLaxMode {
		t.Errorf("%s: the cookie is %+v", where, half)
	}
	judgeHeaders(t, where, right.Header(), guards)
	for _, row := range c.watch(t).Contents()["sessions"] {
		if ip := row["source_ip"]; ip != "" && ip != "198.51.100.9" {
			t.Errorf("%s: the session is one from %s", where, ip)
		}
	}
	past, err := c.center.Store.Events(t.Context(), store.EventFilter{Limit: 4})
	must(t, err)
	for _, e := range past {
		if e.SourceIP != "198.51.100.9" {
			t.Errorf("%s: %q is recorded as coming from %s", where, e.Summary, e.SourceIP)
		}
	}
	c.cookies = signedIn
	if w := c.send(http.MethodGet, "/me", nil); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "evil.example") {
		t.Errorf("%s: /me answers %d", where, w.Code)
	}
}

// mailed gives the shop a mail server of its own; the function returns what it was handed.
func (s *shop) mailed(t *testing.T) func() []string {
	t.Helper()
	server := mailtest.Start(t, mailtest.Kind{TLS: true})
	to, err := mail.Parse("smtps://"+server.Address, "Gatehouse <id@securecart.example>", "")
	must(t, err)
	to.Roots = server.Roots
	s.center.Mail, s.center.BaseURL = &to, "http://gatehouse.example"
	return func() []string {
		sent, err := s.center.Deliver(t.Context())
		must(t, err)
		var texts []string
		for _, l := range server.Letters() {
			texts = append(texts, l.Text)
		}
		if sent == 0 || len(texts) != sent {
			t.Errorf("%d e-mails were sent, %d arrived", sent, len(texts))
		}
		return texts
	}
}

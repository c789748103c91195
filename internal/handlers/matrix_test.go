package handlers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"gatehouse/internal/handlers"
	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
	"gatehouse/internal/store"
	"gatehouse/web/static"
)

// census is every registered route, with a request to each that means something in the shop.
type census struct {
	*shop
	routes []call
	people map[string]model.User // by role
}

// call is a registered route and a request to it.
type call struct {
	method, pattern string
	who, action     string     // as the table declares it
	path            string     // with real identifiers
	form            url.Values // what a page would send
	offered         bool       // a page links to it or has its form
}

func (c call) name() string { return c.method + " " + c.pattern }

// takeCensus opens a shop of its own, with the routes of the console. Identifiers are the same in every shop.
func takeCensus(t *testing.T) *census {
	t.Helper()
	c := &census{shop: openShop(t), people: map[string]model.User{}}
	for _, p := range c.planted.People {
		if _, has := c.people[p.Role]; !has {
			c.people[p.Role] = p.User
		}
	}
	survey.Do(func() { survey.routes = c.walk(t) })
	c.routes = survey.routes
	return c
}

// survey is what the first census finds out.
var survey struct {
	sync.Once
	routes []call
}

// walk follows every link of the console as an administrator, until each route that a page leads to has an address.
func (c *census) walk(t *testing.T) []call {
	t.Helper()
	c.signInAs(t, "administrator")
	paths, forms := c.crawl(t)
	var routes []call
	for _, r := range c.handler.(*echo.Echo).Routes() {
		who, action, _ := strings.Cut(r.Name, " ")
		if strings.HasPrefix(r.Path, "/static/") || r.Method == http.MethodHead {
			continue
		}
		one := call{method: r.Method, pattern: r.Path, who: who, action: action}
		if f, ok := forms[r.Path]; ok && r.Method == http.MethodPost {
			one.path, one.form, one.offered = f.action, f.values, true
		} else if path, ok := paths[r.Path]; ok {
			one.path, one.offered = path, r.Method == http.MethodGet
		}
		if one.path == "" {
			one.path = c.guess(r.Path)
		}
		if r.Method == http.MethodPost && one.form == nil {
			one.form = url.Values{}
		}
		c.complete(t, &one)
		routes = append(routes, one)
	}
	slices.SortFunc(routes, func(a, b call) int { return strings.Compare(a.name(), b.name()) })
	return routes
}

// guess fills in the parameters of a pattern by what stands before them.
func (c *census) guess(pattern string) string {
	user := string(c.people["support"].ID)
	fill := map[string]string{"/users/:": user, "/members/:": user, "/accounts/:": string(securecart.Production)}
	out := ""
	for _, part := range strings.Split(strings.TrimPrefix(pattern, "/"), "/") {
		out += "/"
		if !strings.HasPrefix(part, ":") {
			out += part
			continue
		}
		value := "none"
		for before, v := range fill {
			if strings.HasSuffix(out, strings.TrimSuffix(before, ":")) {
				value = v
			}
		}
		out += value
	}
	return out
}

// crawl returns an address for each pattern that pages link to, and a form for each that pages post to.
func (c *census) crawl(t *testing.T) (paths map[string]string, forms map[string]form) {
	t.Helper()
	paths, forms = map[string]string{}, map[string]form{}
	seen, queue := map[string]int{}, []string{"/", "/portal", "/me", "/me/access", "/simulate", "/assignments/new", "/healthz"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		found := c.patternOf(http.MethodGet, path)
		if found == "" || seen[found] >= 3 {
			continue
		}
		seen[found]++
		w := c.serve(http.MethodGet, path, nil)
		if paths[found] == "" || (w.Code == http.StatusOK && seen[found] == 1) {
			paths[found] = path
		}
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		doc, err := html.Parse(w.Body)
		must(t, err)
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			for _, key := range []string{"href", "hx-get"} {
				if to := attribute(n, key); n.Data != "link" && strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") {
					queue = append(queue, to)
				}
			}
			if n.Data != "form" {
				continue
			}
			f := readForm(doc, n, path)
			at := c.patternOf(f.method, f.action)
			if _, known := forms[at]; f.method == http.MethodPost && at != "" && !known {
				forms[at] = f
			}
		}
	}
	return paths, forms
}

// patternOf is the route that an address leads to, empty when there is none.
func (c *census) patternOf(method, address string) string {
	path, _, _ := strings.Cut(address, "?")
	path, _, _ = strings.Cut(path, "#")
	e := c.handler.(*echo.Echo)
	ctx := e.NewContext(httptest.NewRequest(method, "/", nil), nil)
	e.Router().Find(method, path, ctx)
	if strings.HasPrefix(ctx.Path(), "/static/") {
		return ""
	}
	return ctx.Path()
}

// stages are the ways in which a request can come that are no role.
const (
	nobody      = "anonymous"
	halfway     = "password"
	enrolling   = "enrolment"
	weak        = "strengthening" // an administrator whose second factor is not strong enough
	locked      = "disabled"
	ordinary    = "developer"
	admin       = "administrator"
	auditorRole = "auditor"
	deskRole    = "help-desk"
)

// signInAs makes the shop's browser that of somebody at a stage or in a role, with a session begun just now.
func (c *census) signInAs(t *testing.T, role string) {
	t.Helper()
	c.cookies = nil
	c.now = c.now.Add(time.Minute) // refusals are recorded once a minute
	if role == nobody {
		return
	}
	stage, cookie, u := model.StageSignedIn, "gatehouse", c.people[role]
	switch role {
	case halfway:
		stage, cookie, u = model.StagePassword, "gatehouse-signin", c.people[admin]
	case enrolling:
		stage, cookie, u = model.StageEnrolment, "gatehouse-signin", c.people["support"]
	case weak:
		stage, cookie, u = model.StageStrengthening, "gatehouse-signin", c.people[admin]
	case locked:
		u = c.people["executive"]
	}
	u, err := c.center.Store.User(t.Context(), u.ID)
	must(t, err)
	session := model.Session{User: u.ID, Stage: stage, Methods: "password", Epoch: u.SessionEpoch}
	if stage == model.StageSignedIn || stage == model.StageStrengthening {
		session.Methods, session.SignedInAt, session.FactorAt = "password totp", c.now, c.now
	}
	token := c.session(t, session)
	if role == locked && u.Status == model.UserEnabled {
		must(t, c.center.DisableUser(t.Context(), host, u.ID, ""))
	}
	c.cookies = []*http.Cookie{{Name: cookie, Value: token}}
}

// send makes the request of a call from the shop's browser.
func (c *census) send(one call) *httptest.ResponseRecorder {
	return c.serve(one.method, one.path, one.form)
}

// asksToSignIn reports whether an answer leads to a step of signing in instead of what was asked for.
func asksToSignIn(w *httptest.ResponseRecorder) bool {
	to, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	return w.Code == http.StatusSeeOther && slices.Contains([]string{"/signin", "/signin/mfa", "/signin/enrol"}, to)
}

// TestEveryRouteIsForWhomItSays walks every registered route in every role, anonymous and half signed in included: who
// may not is sent to sign in or refused, the refusal is recorded under the action that the route declares, and nothing in
// the database is other than before; who may is let through.
func TestEveryRouteIsForWhomItSays(t *testing.T) {
	t.Parallel()
	for _, role := range []string{nobody, locked, halfway, enrolling, weak, ordinary, auditorRole, deskRole, admin} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			c := takeCensus(t)
			if role == weak {
				c.enforce(t, func(p *model.SignInPolicy) { p.Operators = model.OperatorsStrong })
			}
			for _, one := range last(c.routes, "delete", "remove", "disable", "signout", "end", "revoke", "reset", "security") {
				if one.who == "machine" || one.pattern == "/signin/cancel" {
					continue
				}
				c.signInAs(t, role)
				before := moment{c.trail(t), c.watch(t).Mark()}
				w := c.send(one)
				c.judge(t, role, one, w, before)
			}
			if role == admin && c.watch(t).Mark() < 500 {
				t.Errorf("all that an administrator did wrote %d rows: writes are not noticed", c.watch(t).Mark())
			}
		})
	}
}

// moment is the time before a request, by the trail and by what was written.
type moment struct {
	newest model.Event
	mark   int64
}

// TestTheRouteTableIsAllThatIsServed compares the table with what the router knows, both ways.
func TestTheRouteTableIsAllThatIsServed(t *testing.T) {
	t.Parallel()
	served := map[string]string{}
	for _, r := range openShop(t).handler.(*echo.Echo).Routes() {
		served[r.Method+" "+r.Path] = r.Name
	}
	declared := handlers.Routes()
	if len(declared) < 180 {
		t.Errorf("only %d routes are declared", len(declared))
	}
	for _, r := range declared {
		methods := []string{r.Method}
		if r.Method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		for _, method := range methods {
			if name := served[method+" "+r.Path]; name != r.Who+" "+r.Action {
				t.Errorf("%s %s is declared for %s %s and served for %q", method, r.Path, r.Who, r.Action, name)
			}
			delete(served, method+" "+r.Path)
		}
		if !slices.Contains([]string{"anyone", "sign-in", "everyone", "operator", "machine"}, r.Who) {
			t.Errorf("%s %s does not say who may use it", r.Method, r.Path)
		}
		if r.Who == "operator" && !slices.Contains(model.Actions(), r.Action) {
			t.Errorf("%s %s is for the action %q, which there is not", r.Method, r.Path, r.Action)
		}
	}
	for name := range served {
		if !strings.HasSuffix(name, " "+static.Prefix+"*") {
			t.Errorf("%s is served and not declared", name)
		}
	}
}

// last moves routes whose pattern has one of some words to the end: they take away what others need.
func last(routes []call, words ...string) []call {
	ends := func(one call) int {
		if one.method == http.MethodPost && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(one.pattern, w) }) {
			return 1
		}
		return 0
	}
	routes = slices.Clone(routes)
	slices.SortStableFunc(routes, func(a, b call) int { return ends(a) - ends(b) })
	return routes
}

// trail is the newest event.
func (c *census) trail(t *testing.T) model.Event {
	t.Helper()
	events, err := c.center.Store.Events(t.Context(), store.EventFilter{Limit: 1})
	must(t, err)
	return events[0]
}

func (c *census) judge(t *testing.T, role string, one call, w *httptest.ResponseRecorder, before moment) {
	t.Helper()
	signedIn := slices.Contains([]string{ordinary, auditorRole, deskRole, admin}, role)
	where := fmt.Sprintf("%s as %s at %s: %d", one.name(), role, one.path, w.Code)
	if w.Code >= http.StatusInternalServerError {
		t.Errorf("%s", where)
	}
	switch {
	case one.who == "anyone":
		if w.Code == http.StatusForbidden || w.Code == http.StatusUnauthorized {
			t.Errorf("%s, though it is for anyone", where)
		}
	case one.who == "sign-in" && (role == halfway || role == enrolling || role == weak):
		if w.Header().Get("Location") == "/signin" {
			t.Errorf("%s → %s", where, w.Header().Get("Location"))
		}
	case one.who == "sign-in" && signedIn:
		if w.Header().Get("Location") != "/" {
			t.Errorf("%s → %q, want /", where, w.Header().Get("Location"))
		}
	case !signedIn:
		if !asksToSignIn(w) {
			t.Errorf("%s, want a redirect to sign-in", where)
		}
		if after := c.trail(t); after.Seq != before.newest.Seq {
			t.Errorf("%s left an event: %s", where, after.Summary)
		}
		// Whose sessions are over is noticed when one of them is used: the row ends, and gets its MAC.
		ended := []string{"UPDATE sessions", "UPDATE sessions"}
		if wrote := c.wrote(t, before.mark); len(wrote) > 0 && (role != locked || !slices.Equal(wrote, ended)) {
			t.Errorf("%s, and %v", where, wrote)
		}
	case asksToSignIn(w) && one.pattern != "/signout":
		t.Errorf("%s → %s, though the person is signed in", where, w.Header().Get("Location"))
	case one.who == "operator":
		c.judgeOperator(t, role, one, w, before)
	}
}

func (c *census) judgeOperator(t *testing.T, role string, one call, w *httptest.ResponseRecorder, before moment) {
	t.Helper()
	u := c.people[role]
	actor := model.Actor{User: u.ID, UserName: u.UserName, MFA: true, FactorAt: c.now}
	may, err := c.center.Allows(t.Context(), actor, one.action)
	must(t, err)
	where := fmt.Sprintf("%s as %s at %s: %d", one.name(), role, one.path, w.Code)
	if may[one.action] {
		if w.Code == http.StatusForbidden && one.offered && role == admin {
			t.Errorf("%s, though the role allows %s: %s", where, one.action, main(w))
		}
		return
	}
	after := c.trail(t)
	if after.Seq != before.newest.Seq && after.Outcome == model.Done {
		t.Errorf("%s, and it was done: %s", where, after.Summary)
	}
	if wrote := c.wrote(t, before.mark); len(wrote) > 0 {
		t.Errorf("%s, and %v", where, wrote)
	}
	switch {
	case w.Code == http.StatusForbidden:
		// Whoever may not even read what the act is about is refused that. The auditor reads everything.
		reading := role != auditorRole && strings.Contains(after.Action, ":List")
		if (after.Action != one.action && !reading) || after.Outcome != model.Refused || after.Actor != u.ID {
			t.Errorf("%s is recorded as %s %s %q, declared is %s", where, after.Outcome, after.Action, after.Summary, one.action)
		}
	case one.method == http.MethodGet || w.Code < http.StatusBadRequest ||
		(one.offered && role == auditorRole && !slices.Contains(reviewed, one.name())):
		t.Errorf("%s, want a refusal: %s does not allow %s", where, role, one.action)
	}
}

// main is the text of a page.
func main(w *httptest.ResponseRecorder) string {
	text := markup.ReplaceAllString(w.Body.String(), " ")
	text = strings.Join(strings.Fields(text), " ")
	return text[:min(len(text), 300)]
}

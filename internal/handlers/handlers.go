// Package handlers owns HTTP: the one table of routes with who may use each, the session of a browser, forms in, pages
// and status codes out.
//
// It leaves every rule to internal/center, opens no transaction, and leaves what a page looks like to web/templates.
package handlers

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/web/static"
)

// Config is what the handlers need.
type Config struct {
	Center  *center.Center
	Log     *slog.Logger
	Now     func() time.Time
	BaseURL string         // scheme and host under which people reach the console: the only source of absolute links
	Proxies []netip.Prefix // whose X-Forwarded-For is believed; empty: nobody's
}

// Handlers answers requests.
type Handlers struct {
	Config
	machines   map[string]bool // routes for machines: "POST /"
	violations budget          // of reports that reach the log
}

// New returns the console's HTTP handler.
func New(config Config) http.Handler {
	h := &Handlers{Config: config, machines: map[string]bool{}, violations: budget{most: violationsMinute}}
	e := echo.New()
	e.HTTPErrorHandler = h.fail
	e.IPExtractor = ipExtractor(config.Proxies)
	e.Pre(requestID, h.logRequests, h.headers)
	e.Use(h.recoverPanics, limitBody, h.sameOrigin, h.identify)
	e.Match([]string{http.MethodGet, http.MethodHead}, static.Prefix+"*", echo.WrapHandler(static.Handler()))
	for _, r := range h.routes() {
		h.register(e, r)
	}
	return e
}

// audience says who may use a route.
type audience string

// The audiences. A route for operators names an action besides: its verb authorises it, and the matrix test proves it.
const (
	anyone   audience = "anyone"   // no session needed
	signIn   audience = "sign-in"  // between password and second factor
	everyone audience = "everyone" // signed in; the verb acts on the person's own things
	operator audience = "operator" // signed in; the verb asks for the action
	machine  audience = "machine"  // health checks, AWS clients, browsers' reports: no cookie, no page
)

// forMachine reports whether a request goes to a route for machines. Those neither read a cookie nor change anything on
// the word of one, so that where such a request comes from says nothing.
func (h *Handlers) forMachine(c echo.Context) bool {
	return h.machines[c.Request().Method+" "+c.Path()]
}

// route is one line of the table.
type route struct {
	method string
	path   string
	who    audience
	action string // what the verb authorises; empty unless who is operator
	run    echo.HandlerFunc
}

// Route is a line of the route table for who wants to read it: every address of the console, who may use it, and for
// operators the action that it needs.
type Route struct {
	Method, Path, Who, Action string
}

// Routes returns the route table.
func Routes() []Route {
	var list []Route
	for _, r := range new(Handlers).routes() {
		list = append(list, Route{r.method, r.path, string(r.who), r.action})
	}
	return list
}

func (h *Handlers) register(e *echo.Echo, r route) {
	if (r.who == operator) != (r.action != "") {
		panic(fmt.Sprintf("route %s %s: operators' routes, and only those, name an action", r.method, r.path))
	}
	methods := []string{r.method}
	if r.method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	for _, method := range methods {
		e.Add(method, r.path, h.admit(r)).Name = string(r.who) + " " + r.action
		h.machines[method+" "+r.path] = r.who == machine
	}
}

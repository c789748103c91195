package handlers

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/redirect"
	"gatehouse/internal/vault"
	"gatehouse/web/static"
)

const (
	browserKey = "browser" // center.Browser, in the request and in the gorilla session
	tokenKey   = "token"   // what its cookie carries
	endedKey   = "ended"   // why a session is over: one of the keys of endings
	knownKey   = "known"   // digest of the cookie by which the browser is recognised
)

// identify finds out whose browser asks. Whether that is enough is for the route to say.
func (h *Handlers) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if h.forMachine(c) || strings.HasPrefix(c.Request().URL.Path, static.Prefix) {
			return next(c)
		}
		if cookie, err := c.Request().Cookie(h.browserCookie()); err == nil && cookie.Value != "" {
			c.Set(knownKey, vault.TokenDigest(cookie.Value))
		}
		for _, name := range []string{h.cookieName(true), h.cookieName(false)} {
			session, err := h.sessions().Get(c.Request(), name)
			if err != nil {
				return err
			}
			if b, ok := session.Values[browserKey].(center.Browser); ok {
				c.Set(browserKey, b)
				c.Set(tokenKey, session.ID)
				break
			}
			if ended, ok := session.Values[endedKey].(string); ok {
				c.Set(endedKey, ended)
			}
		}
		return next(c)
	}
}

// browser returns the session of the asking browser; its zero value when there is none.
func browser(c echo.Context) center.Browser {
	b, _ := c.Get(browserKey).(center.Browser)
	return b
}

// token returns what the session cookie of the asking browser carries.
func token(c echo.Context) string {
	t, _ := c.Get(tokenKey).(string)
	return t
}

// visitor returns where a request comes from, whoever is signed in.
func visitor(c echo.Context) model.Actor {
	return model.Actor{SourceIP: c.RealIP(), UserAgent: c.Request().UserAgent(), RequestID: requestIDOf(c),
		Browser: model.BrowserClaim{Digest: knownDigest(c)}}
}

// person returns who is signed in, as an actor; User is empty when nobody is, or not fully.
func person(c echo.Context) model.Actor {
	a, b := visitor(c), browser(c)
	if b.Session.Stage != model.StageSignedIn {
		return a
	}
	a.User, a.UserName, a.Name, a.Session = b.User.ID, b.User.UserName, b.User.DisplayName, b.Session.ID
	a.Asking, _ = c.Get(askingKey).(model.Asking)
	a.MFA, a.FactorAt = !b.Session.FactorAt.IsZero(), b.Session.FactorAt
	return a
}

// admit lets a request through to a route only if the route is for whoever asks.
func (h *Handlers) admit(r route) echo.HandlerFunc {
	run := r.run
	switch {
	case r.path == explainPath:
		run = only(isJSON, run)
	case r.method != http.MethodGet && r.who != machine:
		run = only(isForm, run)
	}
	if r.who == operator {
		run = h.veiling(r.action, run)
	}
	act := h.steppingUp(h.asking(run))
	return func(c echo.Context) error {
		stage := browser(c).Session.Stage
		switch r.who {
		case anyone, machine:
			return run(c)
		case signIn:
			if stage != "" && stage != model.StageSignedIn {
				return run(c)
			}
		case everyone, operator:
			if stage == model.StageSignedIn {
				return act(c)
			}
		}
		return h.toSignIn(c)
	}
}

// explainPath takes JSON, and nothing else, where other addresses take forms.
const explainPath = "/simulate/explain"

// only refuses requests whose body is not of a kind, also where a form without fields is all that is sent.
func only(kind func(*http.Request) bool, run echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !kind(c.Request()) {
			return errNoForm
		}
		return run(c)
	}
}

// veiling answers that there is no such thing only to who may do the route's action somewhere. To everybody else it is refused,
// as it is for a thing that is there.
func (h *Handlers) veiling(action string, run echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := run(c)
		if model.KindOf(err) != model.NotFound {
			return err
		}
		if refused := h.Center.Veil(c.Request().Context(), person(c), action); refused != nil {
			return refused
		}
		return err
	}
}

// toSignIn sends a browser to the step of signing in that it has to take next, and back here afterwards.
func (h *Handlers) toSignIn(c echo.Context) error {
	to, query := "/signin", url.Values{}
	switch browser(c).Session.Stage {
	case model.StagePassword:
		to = "/signin/mfa"
	case model.StageEnrolment, model.StageStrengthening:
		to = "/signin/enrol"
	case model.StageRenewal:
		to = "/signin/password"
	case model.StageSignedIn:
		to = "/"
	default:
		if ended, _ := c.Get(endedKey).(string); endings[ended] != "" {
			query.Set("ended", ended)
		}
		if next := here(c.Request().URL.RequestURI()); c.Request().Method == http.MethodGet && next != "/" {
			query.Set("next", next)
		}
	}
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusUnauthorized)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// endings are the reasons why sessions end that people are told.
var endings = map[string]string{
	"idle":    "You were signed out because this browser was not used for a while.",
	"limit":   "You were signed out because a session lasts no longer than this one did.",
	"policy":  "You were signed out because the rules for signing in have changed.",
	"pending": "The second step took more than 5 minutes. Start again.",
	"all":     "All your sessions were ended.",
}

// here returns where to go inside the console: next when it is a page of ours to go to, the front page otherwise.
func here(next string) string {
	const front = "/"
	path, ok := redirect.Inside(next)
	if !ok {
		return front
	}
	for _, gate := range []string{"/signin", "/signout", "/invite", "/forgot", stepUpPath} {
		if path == gate || strings.HasPrefix(path, gate+"/") {
			return front
		}
	}
	return next
}

// operates reports whether the console is for the person who asks; when that cannot be found out, it is not.
func (h *Handlers) operates(c echo.Context) bool {
	m, err := h.Center.Menu(c.Request().Context(), person(c))
	return err == nil && m.Operator
}

// cookieName is the cookie of a signed-in session, or the one of a sign-in under way. Over TLS both carry the __Host-
// prefix: such a cookie cannot be set by a neighbouring site.
func (h *Handlers) cookieName(signedIn bool) string {
	name := "gatehouse"
	if !signedIn {
		name = "gatehouse-signin"
	}
	if h.secure() {
		name = "__Host-" + name
	}
	return name
}

// hold gives the browser the cookie of an admission and takes away the one it had before.
func (h *Handlers) hold(c echo.Context, a center.Admission) error {
	signedIn := a.Session.Stage == model.StageSignedIn
	session, err := h.sessions().Get(c.Request(), h.cookieName(signedIn))
	if err != nil {
		return err
	}
	session.ID = a.Token.Reveal()
	session.Options.MaxAge = 0
	if !signedIn {
		session.Options.MaxAge = int(h.Center.Limits.Pending.Seconds())
	}
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	if err := h.drop(c, h.cookieName(!signedIn)); err != nil {
		return err
	}
	h.remember(c, a)
	b := center.Browser{Session: a.Session, User: a.User}
	if before := browser(c); before.Session.ID == a.Session.ID {
		b.Flash = before.Flash
	}
	c.Set(browserKey, b)
	c.Set(tokenKey, session.ID)
	return nil
}

// remember gives the browser the cookie by which it is recognised.
func (h *Handlers) remember(c echo.Context, a center.Admission) {
	if a.Browser == "" {
		return
	}
	c.SetCookie(&http.Cookie{Name: h.browserCookie(), Value: a.Browser.Reveal(), Path: "/", MaxAge: int(model.BrowserLife.Seconds()),
		Secure: h.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// browserCookie is the cookie by which a browser is recognised, whoever signs in with it.
func (h *Handlers) browserCookie() string {
	if h.secure() {
		return "__Host-gatehouse-browser"
	}
	return "gatehouse-browser"
}

// knownDigest returns the digest of the cookie by which the asking browser is recognised; empty when it has none.
func knownDigest(c echo.Context) string {
	digest, _ := c.Get(knownKey).(string)
	return digest
}

// drop takes a cookie away from the browser, if it has one.
func (h *Handlers) drop(c echo.Context, name string) error {
	if _, err := c.Request().Cookie(name); err != nil {
		return nil // it has none
	}
	session, err := h.sessions().Get(c.Request(), name)
	if err != nil {
		return err
	}
	session.ID, session.Options.MaxAge = "", -1
	return session.Save(c.Request(), c.Response())
}

func (h *Handlers) sessions() sessions.Store {
	return &browserSessions{center: h.Center, secure: h.secure(), signedIn: h.cookieName(true)}
}

// browserSessions is our sessions.Store: the cookie carries an opaque token, everything else is a row.
type browserSessions struct {
	center   *center.Center
	secure   bool
	signedIn string // name of the cookie that signed-in sessions have; others have another
}

// Get returns the session of a request.
func (s *browserSessions) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session of a request from its cookie. A cookie that leads nowhere, or to a session at another stage than
// the cookie is for, gives a new, empty session.
func (s *browserSessions) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.IsNew = true
	session.Options = &sessions.Options{Path: "/", Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil // no cookie: nobody is signed in
	}
	b, err := s.center.Resume(r.Context(), cookie.Value)
	if model.KindOf(err) == model.Unauthenticated {
		session.Values[endedKey] = b.Ended
		return session, nil
	}
	if err != nil {
		return session, err
	}
	if (b.Session.Stage == model.StageSignedIn) != (name == s.signedIn) {
		return session, nil
	}
	session.ID, session.IsNew = cookie.Value, false
	session.Values[browserKey] = b
	return session, nil
}

// Save sets the cookie to the session's token, or removes it when MaxAge is negative.
func (s *browserSessions) Save(_ *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	http.SetCookie(w, sessions.NewCookie(session.Name(), session.ID, session.Options))
	return nil
}

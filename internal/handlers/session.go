package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/static"
	"gatehouse/web/templates"
)

const browserKey = "browser"

// identify finds out whose browser asks. Whether that is enough is for the route to say.
func (h *Handlers) identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if h.forMachine(c) {
			return next(c)
		}
		session, err := h.sessions().Get(c.Request(), h.cookieName())
		if err != nil {
			return err
		}
		if b, ok := session.Values[browserKey].(center.Browser); ok {
			c.Set(browserKey, b)
		}
		return next(c)
	}
}

// browser returns the session of the asking browser; its zero value when there is none.
func browser(c echo.Context) center.Browser {
	b, _ := c.Get(browserKey).(center.Browser)
	return b
}

// person returns who is signed in, as an actor; User is empty when nobody is, or not fully.
func person(c echo.Context) model.Actor {
	a := model.Actor{SourceIP: c.RealIP(), UserAgent: c.Request().UserAgent(), RequestID: requestIDOf(c)}
	b := browser(c)
	if b.Session.Stage != model.StageSignedIn {
		return a
	}
	a.User, a.UserName, a.Name, a.Session = b.User.ID, b.User.UserName, b.User.DisplayName, b.Session.ID
	a.MFA, a.FactorAt = !b.Session.FactorAt.IsZero(), b.Session.FactorAt
	return a
}

// admit lets a request through to a route only if the route is for whoever asks.
func (h *Handlers) admit(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		stage := browser(c).Session.Stage
		switch r.who {
		case anyone, machine:
			return r.run(c)
		case signIn:
			if stage == model.StagePassword || stage == model.StageEnrolment {
				return r.run(c)
			}
		case everyone, operator:
			if stage == model.StageSignedIn {
				return r.run(c)
			}
		}
		return h.toSignIn(c)
	}
}

// toSignIn sends a browser to the step of signing in that it has to take next, and back here afterwards.
func (h *Handlers) toSignIn(c echo.Context) error {
	to := "/signin"
	switch browser(c).Session.Stage {
	case model.StagePassword:
		to = "/signin/mfa"
	case model.StageEnrolment:
		to = "/signin/enrol"
	case model.StageSignedIn:
		to = "/"
	default:
		if r := c.Request(); r.Method == http.MethodGet && r.URL.Path != "/" {
			to += "?next=" + url.QueryEscape(r.URL.RequestURI())
		}
	}
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusUnauthorized)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// operates reports whether the console is for the person who asks; when that cannot be found out, it is not.
func (h *Handlers) operates(c echo.Context) bool {
	m, err := h.Center.Menu(c.Request().Context(), person(c))
	return err == nil && m.Operator
}

// shell is what the layout shows around a page for the person who asks.
func (h *Handlers) shell(c echo.Context, p page) (templates.Shell, error) {
	s := templates.Shell{Title: p.title, Failed: p.failed, Section: p.section, Crumbs: p.crumbs, Editor: p.editor,
		Toasts: h.takeToasts(c), Unstyled: !static.Built()}
	actor := person(c)
	if actor.User == "" || p.status >= http.StatusInternalServerError {
		return s, nil
	}
	m, err := h.Center.Menu(c.Request().Context(), actor)
	if err != nil {
		return s, err
	}
	s.OrgName, s.OrgID = m.Organization.Name, m.Organization.ID
	s.Viewer = templates.Viewer{Name: actor.Name, UserName: actor.UserName, Initials: browser(c).User.Initials(), Operator: m.Operator}
	s.Nav = navigation(m)
	return s, nil
}

// takeToasts returns the messages queued in this request and those kept from the one before, and forgets them.
func (h *Handlers) takeToasts(c echo.Context) []templates.Toast {
	var kept []templates.Toast
	if b := browser(c); b.Flash != "" {
		if err := json.Unmarshal([]byte(b.Flash), &kept); err != nil {
			kept = nil // messages of an older program: not worth a failed page
		}
		if err := h.Center.KeepFlash(c.Request().Context(), b.Session.ID, ""); err != nil {
			h.Log.Warn("messages not forgotten", "id", requestIDOf(c), "err", err)
		}
		b.Flash = ""
		c.Set(browserKey, b)
	}
	queued, _ := c.Get(toastsKey).([]templates.Toast)
	c.Set(toastsKey, nil)
	return append(kept, queued...)
}

// keepToasts keeps the queued messages for the page that the browser is sent to.
func (h *Handlers) keepToasts(c echo.Context) error {
	queued, _ := c.Get(toastsKey).([]templates.Toast)
	b := browser(c)
	if len(queued) == 0 || b.Session.ID == "" {
		return nil
	}
	flash, err := json.Marshal(queued)
	if err != nil {
		return err
	}
	return h.Center.KeepFlash(c.Request().Context(), b.Session.ID, string(flash))
}

// cookieName carries the __Host- prefix over TLS: such a cookie cannot be set by a neighbouring site.
func (h *Handlers) cookieName() string {
	if h.secure() {
		return "__Host-gatehouse"
	}
	return "gatehouse"
}

func (h *Handlers) sessions() sessions.Store {
	return &browserSessions{center: h.Center, secure: h.secure()}
}

// browserSessions is our sessions.Store: the cookie carries an opaque token, everything else is a row.
type browserSessions struct {
	center *center.Center
	secure bool
}

// Get returns the session of a request.
func (s *browserSessions) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session of a request from its cookie. A cookie that leads nowhere gives a new, empty session.
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
		return session, nil
	}
	if err != nil {
		return session, err
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

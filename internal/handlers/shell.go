package handlers

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"gatehouse/web/static"
	"gatehouse/web/templates"
)

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
	if m.Operator {
		s.Search = searchPath
	}
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

package handlers

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"gatehouse/web/templates"
)

// page is what a handler says about the page it answers with, besides its body.
type page struct {
	status  int // 0 means 200
	title   string
	section string // address of the navigation item it belongs to
	crumbs  []templates.Link
	layout  layout // nil means the console's
	failed  bool   // a form on it was refused
	editor  bool   // it has a policy editor
}

// layout puts a body into a document.
type layout func(templates.Shell, templ.Component) templ.Component

func gate(s templates.Shell, body templ.Component) templ.Component {
	return templates.Gate(s, false, body)
}
func wideGate(s templates.Shell, body templ.Component) templ.Component {
	return templates.Gate(s, true, body)
}

// fragment reports which region htmx asked for; ok is false when the browser needs a whole document.
func fragment(r *http.Request) (id string, ok bool) {
	if r.Header.Get("HX-Request-Type") != "partial" {
		return "", false
	}
	_, id, ok = strings.Cut(r.Header.Get("HX-Target"), "#") // htmx 4 sends tag#id
	return id, ok && id != ""
}

// render answers with a page: the whole document, or only the region that htmx named. Nothing is sent until all of it
// has been rendered.
func (h *Handlers) render(c echo.Context, p page, body templ.Component) error {
	ctx, out := c.Request().Context(), new(bytes.Buffer)
	c.Response().Header().Add("Vary", "HX-Request-Type, HX-Target")
	if id, ok := fragment(c.Request()); ok {
		if err := templ.RenderFragments(ctx, out, body, id); err != nil {
			return err
		}
		if out.Len() > 0 {
			if err := templates.MoreToasts(h.takeToasts(c)).Render(ctx, out); err != nil {
				return err
			}
			return c.HTMLBlob(statusOr200(p.status), out.Bytes())
		}
	}
	shell, err := h.shell(c, p)
	if err != nil {
		return err
	}
	in := p.layout
	if in == nil {
		in = templates.Layout
	}
	if err := in(shell, body).Render(ctx, out); err != nil {
		return err
	}
	return c.HTMLBlob(statusOr200(p.status), out.Bytes())
}

func statusOr200(status int) int {
	if status == 0 {
		return http.StatusOK
	}
	return status
}

// done answers a form that was carried out: go there and say so. It works the same with and without JavaScript.
func (h *Handlers) done(c echo.Context, to, words string) error {
	h.toast(c, templates.Toast{Tone: templates.ToneOK, Text: words})
	return h.redirect(c, to)
}

// redirect sends the browser to another page of ours.
func (h *Handlers) redirect(c echo.Context, to string) error {
	if err := h.keepToasts(c); err != nil {
		return err
	}
	if c.Request().Header.Get("HX-Request") == "true" {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

const toastsKey = "toasts"

// toast queues a message for the next page that this person sees.
func (h *Handlers) toast(c echo.Context, t templates.Toast) {
	queued, _ := c.Get(toastsKey).([]templates.Toast)
	c.Set(toastsKey, append(queued, t))
}

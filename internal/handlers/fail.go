package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

var statusOf = map[model.Kind]int{
	model.Internal:        http.StatusInternalServerError,
	model.Invalid:         http.StatusUnprocessableEntity,
	model.NotFound:        http.StatusNotFound,
	model.Conflict:        http.StatusConflict,
	model.Forbidden:       http.StatusForbidden,
	model.Unauthenticated: http.StatusUnauthorized,
	model.Unavailable:     http.StatusServiceUnavailable,
	model.Unconfirmed:     http.StatusForbidden,
	model.Unapproved:      http.StatusForbidden,
}

// problemsOf returns what is wrong with the fields of a form, when that is what err says.
func problemsOf(err error) (*model.Error, bool) {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || len(e.Fields) == 0 || (e.Kind != model.Invalid && e.Kind != model.Conflict) {
		return nil, false
	}
	return e, true
}

// fail turns whatever a handler returns as an error into a response, and is the only place that logs such errors.
func (h *Handlers) fail(err error, c echo.Context) {
	if c.Response().Committed || errors.Is(err, context.Canceled) {
		return
	}
	if model.KindOf(err) == model.Unconfirmed && wantsPage(c.Request()) {
		if err = h.askToStepUp(c); err == nil {
			return
		}
	}
	if u, ok := errors.AsType[*center.Unapproved](err); ok && (u.Wanted.ID != "" || wantsPage(c.Request())) {
		if err = h.needsApproval(c, u.Wanted); err == nil {
			return
		}
	}
	p := h.describe(err, c)
	if p.Status >= http.StatusInternalServerError {
		h.Log.Error("request failed", "id", p.RequestID, "route", c.Path(), "err", err)
	}
	if answerErr := h.answerFailure(c, p); answerErr != nil {
		h.Log.Error("error page failed", "id", p.RequestID, "err", answerErr)
		_ = c.String(p.Status, p.Title+"\n") // the connection is all that is left to fail
	}
}

func (h *Handlers) describe(err error, c echo.Context) templates.ErrorPageProps {
	p := templates.ErrorPageProps{Status: http.StatusInternalServerError, RequestID: requestIDOf(c)}
	tooLarge, isTooLarge := errors.AsType[*http.MaxBytesError](err)
	switch e := (*echo.HTTPError)(nil); {
	case isTooLarge:
		p.Status, p.Message = http.StatusRequestEntityTooLarge, "This form is larger than "+templates.Number(int(tooLarge.Limit))+" bytes."
	case errors.As(err, &e):
		p.Status = e.Code
	default:
		if m, ok := errors.AsType[*model.Error](err); ok {
			p.Status, p.Message = statusOf[m.Kind], m.Error()
		}
	}
	if p.Title = titleOf(p.Status); model.KindOf(err) == model.Unapproved {
		p.Title = "This needs a second administrator"
	}
	if p.Message == "" {
		p.Message = adviceOf(p.Status)
	}
	return p
}

// answerFailure sends the error page, or for scripts and AWS clients its words. The request's own verb has failed, so a
// page that cannot learn who is asking falls back to one without navigation.
func (h *Handlers) answerFailure(c echo.Context, p templates.ErrorPageProps) error {
	if c.Request().Method == http.MethodHead {
		return c.NoContent(p.Status)
	} else if !wantsPage(c.Request()) {
		return c.String(p.Status, p.Title+"\n")
	}
	about := page{status: p.Status, title: p.Title, layout: gate}
	if person(c).User != "" && p.Status < http.StatusInternalServerError {
		about.layout, p.Back = nil, templates.Link{Text: "Overview", Href: "/"}
		if !h.operates(c) {
			about.layout, p.Back = templates.Portal, templates.Link{Text: "My accounts", Href: "/portal"}
		}
	}
	c.Request().Header.Del("HX-Request-Type") // an error replaces the page, not a region of it
	return h.render(c, about, templates.ErrorPage(p))
}

// wantsPage reports whether whoever asks can show a page.
func wantsPage(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return r.Method != http.MethodHead && (accept == "" || strings.Contains(accept, "text/html") || strings.Contains(accept, "*/*"))
}

func titleOf(status int) string {
	switch status {
	case http.StatusNotFound:
		return "Page not found"
	case http.StatusForbidden:
		return "Not allowed"
	case http.StatusUnauthorized:
		return "Sign in to go on"
	case http.StatusConflict:
		return "Changed in the meantime"
	case http.StatusUnprocessableEntity, http.StatusBadRequest:
		return "This request cannot be used"
	case http.StatusMethodNotAllowed:
		return "This address does not take such requests"
	case http.StatusRequestEntityTooLarge:
		return "Too much was sent"
	case http.StatusUnsupportedMediaType:
		return "This form came in a shape that is not accepted"
	case http.StatusServiceUnavailable:
		return "Not available at the moment"
	}
	return "Something went wrong here"
}

func adviceOf(status int) string {
	switch status {
	case http.StatusNotFound:
		return "There is nothing at this address. It may have been deleted, or the link may be incomplete."
	case http.StatusInternalServerError:
		return "Nothing was changed. Try again; if it happens again, tell whoever runs this console the request id."
	case http.StatusMethodNotAllowed:
		return "Go back and use the form on the page."
	}
	return ""
}

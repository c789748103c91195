package handlers

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/web/templates"
)

// enrolForm is what the page with the new key sends.
type enrolForm struct {
	Name string `form:"name"`
	Code string `form:"code"`
	Next string `form:"next"`
}

func (h *Handlers) showEnrolment(c echo.Context) error {
	return h.enrolPage(c, templates.EnrolPage{Next: here(c.QueryParam("next"))})
}

func (h *Handlers) enrolPage(c echo.Context, p templates.EnrolPage) error {
	e, err := h.Center.Enrolment(c.Request().Context(), token(c))
	if err != nil {
		return err
	}
	p.Action, p.Steps = "/signin/enrol", enrolSteps(1)
	if e.NoApps {
		return h.redirect(c, nextTo("/signin/enrol/key", p.Next))
	}
	if e.Keys {
		p.Key = "/signin/enrol/key"
	}
	p.Sub = e.Organization + " asks everyone for a second factor. It takes about a minute and needs your phone."
	if e.Stronger {
		p.Steps, p.Title = nil, "Add a stronger second factor"
		p.Sub = "You administer " + e.Organization + ", which asks for more than a code of 6 digits: codes of 8, a security key or a " +
			"passkey. Once you have one of these, your codes of 6 digits are not taken any more. Recovery codes stay."
	}
	return h.showKey(c, e, p, wideGate)
}

// showKey answers with the page of a key that is to be taken over into an app.
func (h *Handlers) showKey(c echo.Context, e center.Enrolment, p templates.EnrolPage, in layout) error {
	p.Digits = e.Digits
	p.Secret, p.QR, p.QRSize = grouped(e.Secret.Reveal()), e.QR, square(e.QRSize)
	if len(p.Problems) == 0 {
		p.Name = e.Name
	}
	p.Title = cmp.Or(p.Title, "Add an authenticator app")
	about := page{title: p.Title, section: "/me", layout: in}
	if len(p.Problems) > 0 {
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	return h.render(c, about, templates.Enrol(p))
}

// enrolSteps are the steps of a first sign-in, the nth of which (from 0) is current.
func enrolSteps(n int) []templates.Step {
	steps := []templates.Step{{Text: "Password set"}, {Text: "Second factor"}, {Text: "Recovery codes"}}
	for i := range steps {
		steps[i].Done, steps[i].Current = i < n, i == n
	}
	return steps
}

// confirmEnrolment keeps a first authenticator app and answers with the recovery codes.
func (h *Handlers) confirmEnrolment(c echo.Context) error {
	form, err := decode[enrolForm](c)
	if err != nil {
		return err
	}
	done, err := h.Center.ConfirmEnrolment(c.Request().Context(), visitor(c), token(c), form.Name, form.Code)
	if e, ok := problemsOf(err); ok {
		return h.enrolPage(c, templates.EnrolPage{Name: form.Name, Next: here(form.Next), Problems: e.Fields})
	}
	return h.enrolled(c, done, err, form.Next)
}

// codesForm holds recovery codes that are shown, on their way into a file.
type codesForm struct {
	Codes string `form:"codes"`
}

// downloadCodes gives the codes that a page shows back as a file. Nothing is looked up and nothing else is taken.
func (h *Handlers) downloadCodes(c echo.Context) error {
	form, err := decode[codesForm](c)
	if err != nil {
		return err
	}
	text, err := h.Center.CodesFile(person(c), strings.Fields(form.Codes))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="gatehouse-recovery-codes.txt"`)
	return c.String(http.StatusOK, text)
}

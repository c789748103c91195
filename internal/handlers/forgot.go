package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/vault"
	"gatehouse/web/templates"
)

// forgotForm is what the page for forgotten passwords sends.
type forgotForm struct {
	UserName string `form:"username"`
}

func (h *Handlers) showForgotten(c echo.Context) error {
	return h.forgottenPage(c, 0, templates.ForgottenPage{})
}

func (h *Handlers) forgottenPage(c echo.Context, status int, p templates.ForgottenPage) error {
	p.Mail = h.Center.SendsMail()
	return h.render(c, page{status: status, title: "Forgotten password", layout: gate, failed: status != 0}, templates.Forgotten(p))
}

// forgot takes the wish for a link. The answer is the same whoever is meant, and whether there is anybody.
func (h *Handlers) forgot(c echo.Context) error {
	form, err := decode[forgotForm](c)
	if err != nil {
		return err
	}
	err = h.Center.ForgotPassword(c.Request().Context(), visitor(c), form.UserName)
	if e, ok := answerable(err); ok {
		return h.forgottenPage(c, statusOf[e.Kind], templates.ForgottenPage{UserName: form.UserName, Problems: faults(e)})
	}
	if err != nil {
		return err
	}
	return h.render(c, page{title: "Look into your mailbox", layout: gate}, templates.ForgottenSent())
}

// renewalForm is what the page for replacing a password sends. The user name is there for password managers.
type renewalForm struct {
	UserName string `form:"username"`
	Password string `form:"password"`
	Next     string `form:"next"`
}

func (h *Handlers) showRenewal(c echo.Context) error {
	return h.renewalPage(c, templates.RenewalPage{Next: here(c.QueryParam("next"))})
}

func (h *Handlers) renewalPage(c echo.Context, p templates.RenewalPage) error {
	n, err := h.Center.Renewal(c.Request().Context(), token(c))
	if err != nil {
		return err
	}
	p.UserName, p.Initials, p.MinLength, p.Days, p.Old = n.User.UserName, n.User.Initials(), n.MinLength, n.Days, n.Old
	about := page{title: "Choose a new password", layout: gate}
	if len(p.Problems) > 0 {
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	return h.render(c, about, templates.Renewal(p))
}

// renew replaces a password and signs the browser in.
func (h *Handlers) renew(c echo.Context) error {
	form, err := decode[renewalForm](c)
	if err != nil {
		return err
	}
	admitted, err := h.Center.RenewPassword(c.Request().Context(), visitor(c), token(c), vault.Secret(form.Password))
	if e, ok := problemsOf(err); ok {
		return h.renewalPage(c, templates.RenewalPage{Next: here(form.Next), Problems: e.Fields})
	}
	if err != nil {
		return h.late(c, err)
	}
	return h.onward(c, admitted, form.Next)
}

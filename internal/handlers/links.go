package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
	"gatehouse/web/templates"
)

// linkForm is what the page of a one-time link sends. The user name is there for password managers.
type linkForm struct {
	UserName string `form:"username"`
	Password string `form:"password"`
}

func (h *Handlers) showLink(c echo.Context) error {
	open, err := h.Center.Link(c.Request().Context(), c.Param("token"))
	return h.linkPage(c, open, err, nil)
}

func (h *Handlers) linkPage(c echo.Context, open center.OpenLink, err error, problems map[string]string) error {
	if model.KindOf(err) == model.NotFound || (err == nil && open.Link.Purpose == model.LinkSetUp) {
		const title = "This link does not work any more"
		return h.render(c, page{status: http.StatusNotFound, title: title, layout: gate}, templates.DeadLink(title,
			"It was used already or is older than 15 minutes. Ask whoever gave it to you for a new one."))
	}
	if err != nil {
		return err
	}
	p := linkWords(open)
	p.Action, p.Problems = "/invite/"+url.PathEscape(c.Param("token")), problems
	p.Organization, p.Name, p.UserName = open.Organization, open.User.DisplayName, open.User.UserName
	about := page{title: p.Title, layout: gate}
	if len(problems) > 0 {
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	return h.render(c, about, templates.UseLink(p))
}

// linkWords is what a link's page says, by what the link is for.
func linkWords(open center.OpenLink) templates.LinkPage {
	switch open.Link.Purpose {
	case model.LinkInvitation:
		return templates.LinkPage{Title: "Welcome to " + open.Organization, Button: "Continue",
			Text: "Choose a password for your AWS accounts and roles. Next you set up a second factor."}
	case model.LinkMFAReset:
		return templates.LinkPage{Title: "Set up a new second factor", Button: "Continue", Present: true,
			Text: "Your second factor was reset. Enter your password; next you set up another."}
	case model.LinkForgotten:
		return templates.LinkPage{Title: "Choose a new password", Button: "Continue",
			Text: "The one you have works until then. Next you are asked for your second factor."}
	case model.LinkRecovery:
		return templates.LinkPage{Title: "Choose a new password", Button: "Continue",
			Text: "Next you set up a new second factor. What you had before stops working."}
	}
	return templates.LinkPage{Title: "Choose a new password", Button: "Continue",
		Text: "Next you are asked for your second factor."}
}

func (h *Handlers) useLink(c echo.Context) error {
	form, err := decode[linkForm](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	admitted, err := h.Center.AcceptLink(ctx, visitor(c), c.Param("token"), vault.Secret(form.Password))
	if e, ok := problemsOf(err); ok {
		open, err := h.Center.Link(ctx, c.Param("token"))
		return h.linkPage(c, open, err, e.Fields)
	}
	if err != nil {
		return h.linkPage(c, center.OpenLink{}, err, nil)
	}
	return h.onward(c, admitted, "/")
}

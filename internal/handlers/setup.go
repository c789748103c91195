package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
	"gatehouse/internal/vault"
	"gatehouse/web/templates"
)

func (h *Handlers) showSetUp(c echo.Context) error {
	open, err := h.Center.Link(c.Request().Context(), c.Param("token"))
	if model.KindOf(err) == model.NotFound || (err == nil && open.Link.Purpose != model.LinkSetUp) {
		return h.deadSetUp(c)
	}
	if err != nil {
		return err
	}
	return h.setUpPage(c, templates.SetUpPage{Form: templates.SetUpForm{Region: "us-east-1"}})
}

func (h *Handlers) setUpPage(c echo.Context, p templates.SetUpPage) error {
	p.Action = "/setup/" + url.PathEscape(c.Param("token"))
	about := page{title: "Set up Gatehouse", layout: wideGate}
	if len(p.Problems) > 0 {
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	return h.render(c, about, templates.SetUp(p))
}

// deadSetUp says how to get another set-up link; once Gatehouse is set up, that it is.
func (h *Handlers) deadSetUp(c echo.Context) error {
	name, err := h.Center.OrganizationName(c.Request().Context())
	if err != nil {
		return err
	}
	title, text := "This link does not work any more", "It was used already or is older than 15 minutes. Stop Gatehouse and start it again: it "+
		"prints a new one."
	if name != "" {
		title, text = "Gatehouse is set up already", "Sign in. If nobody can, run console recover on the machine that runs Gatehouse."
	}
	return h.render(c, page{status: http.StatusNotFound, title: title, layout: gate}, templates.DeadLink(title, text))
}

func (h *Handlers) setUp(c echo.Context) error {
	form, err := decode[templates.SetUpForm](c)
	if err != nil {
		return err
	}
	admitted, err := h.Center.SetUp(c.Request().Context(), visitor(c), c.Param("token"), center.SetUpRequest{
		Organization: form.Organization, Region: form.Region,
		Account: model.Account{ID: model.AccountID(form.AccountID), Name: form.AccountName, Email: form.AccountEmail},
		User:    model.User{UserName: form.UserName, GivenName: form.GivenName, FamilyName: form.FamilyName, Email: form.Email},
	}, vault.Secret(form.Password))
	if e, ok := problemsOf(err); ok {
		return h.setUpPage(c, templates.SetUpPage{Form: form, Problems: e.Fields})
	}
	if model.KindOf(err) == model.NotFound {
		return h.deadSetUp(c)
	}
	if err != nil {
		return err
	}
	return h.onward(c, admitted, samplePath)
}

// samplePath is where set-up ends.
const samplePath = "/setup/sample"

// showSample offers the sample to a Gatehouse that holds nothing yet.
func (h *Handlers) showSample(c echo.Context) error {
	m, err := h.Center.Menu(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	if m.Accounts > 1 || m.Users > 1 {
		return h.redirect(c, "/")
	}
	return h.render(c, page{title: m.Organization.Name + " is set up", layout: wideGate},
		templates.Sample(templates.SamplePage{Organization: m.Organization.Name}))
}

// plantSample adds SecureCart to an organization that was just set up.
func (h *Handlers) plantSample(c echo.Context) error {
	if _, err := decode[struct{}](c); err != nil {
		return err
	}
	if err := h.Center.Fresh(c.Request().Context(), person(c), model.ActCreatePolicy); err != nil {
		return err // half of the sample would be planted when its guardrails ask
	}
	planted, err := securecart.Plant(c.Request().Context(), h.Center, person(c))
	if err != nil {
		return err
	}
	return h.done(c, "/", "Planted SecureCart: "+templates.Plural(len(planted.People), "person", "people")+
		", who can sign in once they are invited.")
}

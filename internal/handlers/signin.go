package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
	"gatehouse/web/templates"
)

// signInForm is what the first step of signing in sends.
type signInForm struct {
	UserName string `form:"username"`
	Password string `form:"password"`
	Next     string `form:"next"`
}

func (h *Handlers) showSignIn(c echo.Context) error {
	next := here(c.QueryParam("next"))
	switch browser(c).Session.Stage {
	case model.StageSignedIn:
		return h.redirect(c, next)
	case model.StagePassword, model.StageEnrolment, model.StageStrengthening, model.StageRenewal:
		return h.toSignIn(c)
	}
	return h.signInPage(c, 0, templates.SignInPage{Next: next, Ended: endings[c.QueryParam("ended")]})
}

func (h *Handlers) signInPage(c echo.Context, status int, p templates.SignInPage) (err error) {
	if p.Organization, err = h.Center.OrganizationName(c.Request().Context()); err != nil {
		return err
	}
	p.Passkeys = h.Center.KeysWork()
	return h.render(c, page{status: status, title: "Sign in", layout: gate, failed: status != 0}, templates.SignIn(p))
}

func (h *Handlers) signIn(c echo.Context) error {
	form, err := decode[signInForm](c)
	if err != nil {
		return err
	}
	given := center.Credentials{UserName: form.UserName, Password: vault.Secret(form.Password)}
	admitted, err := h.Center.SignIn(c.Request().Context(), visitor(c), given)
	if e, ok := problemsOf(err); ok {
		return h.signInPage(c, statusOf[e.Kind], templates.SignInPage{UserName: form.UserName, Next: here(form.Next), Problems: e.Fields})
	}
	if err != nil {
		return err
	}
	return h.onward(c, admitted, form.Next)
}

// onward gives the browser its next cookie and sends it to its next step. Who was signed in before in this browser is
// signed out.
func (h *Handlers) onward(c echo.Context, admitted center.Admission, next string) error {
	if before := person(c); before.User != "" {
		if err := h.Center.SignOut(c.Request().Context(), before); err != nil {
			return err
		}
	}
	if err := h.hold(c, admitted); err != nil {
		return err
	}
	if err := h.warnOfCodes(c, admitted); err != nil {
		return err
	}
	switch admitted.Session.Stage {
	case model.StageEnrolment, model.StageStrengthening:
		return h.redirect(c, nextTo("/signin/enrol", next))
	case model.StagePassword:
		return h.redirect(c, nextTo("/signin/mfa", next))
	case model.StageRenewal:
		return h.redirect(c, nextTo("/signin/password", next))
	}
	if err := h.tellNews(c, admitted); err != nil {
		return err
	}
	return h.redirect(c, here(next))
}

// nextTo adds where to go after signing in to the address of a step.
func nextTo(step, next string) string {
	if next = here(next); next == "/" {
		return step
	}
	return step + "?" + url.Values{"next": {next}}.Encode()
}

// codeForm is what a step with a code sends.
type codeForm struct {
	Code  string `form:"code"`
	Next  string `form:"next"`
	Trust string `form:"trust"` // "on": do not ask in this browser again, where the policy lets people choose that
}

// factorStep is a page of the second step.
type factorStep struct {
	title string
	body  func(templates.FactorPage) templ.Component
}

var (
	codeStep     = factorStep{"Prove your second factor", templates.SecondFactor}
	recoveryStep = factorStep{"Enter a recovery code", templates.RecoveryCode}
)

// atStage lets a browser through that is at a stage of signing in, and sends any other to the step that is next for it.
func (h *Handlers) atStage(stage model.SessionStage, run echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if browser(c).Session.Stage != stage {
			return h.toSignIn(c)
		}
		return run(c)
	}
}

// binding lets a browser through whose person has to bind a second factor: a first one, or a stronger one.
func (h *Handlers) binding(run echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !browser(c).Session.Stage.Binds() {
			return h.toSignIn(c)
		}
		return run(c)
	}
}

func (h *Handlers) showSecondFactor(c echo.Context) error {
	return h.factorPage(c, codeStep, templates.FactorPage{Next: here(c.QueryParam("next"))})
}

func (h *Handlers) showRecovery(c echo.Context) error {
	return h.factorPage(c, recoveryStep, templates.FactorPage{Next: here(c.QueryParam("next"))})
}

func (h *Handlers) factorPage(c echo.Context, step factorStep, p templates.FactorPage) error {
	f, err := h.Center.Factors(c.Request().Context(), token(c))
	if err != nil {
		return err
	}
	p.UserName, p.Initials, p.Devices, p.Disabled, p.Reset = f.User.UserName, f.User.Initials(), f.Devices, f.Disabled, f.Reset
	p.Digits = f.Digits
	if h.Center.KeysWork() {
		p.Keys = len(f.Keys)
	}
	p.NoCodes, p.NoRecovery, p.Trust = !f.Codes, !f.Recovery, f.Trust
	about := page{title: step.title, layout: gate}
	if len(p.Problems) > 0 {
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	return h.render(c, about, step.body(p))
}

func (h *Handlers) verifyCode(c echo.Context) error {
	return h.prove(c, codeStep, h.Center.VerifyCode)
}

func (h *Handlers) verifyRecovery(c echo.Context) error {
	return h.prove(c, recoveryStep, h.Center.VerifyRecoveryCode)
}

// prove signs a browser in with what a step's form holds.
func (h *Handlers) prove(c echo.Context, step factorStep,
	verb func(context.Context, model.Actor, string, string) (center.Admission, error)) error {
	form, err := decode[codeForm](c)
	if err != nil {
		return err
	}
	visit := visitor(c)
	visit.Browser.Trust = form.Trust == "on"
	admitted, err := verb(c.Request().Context(), visit, token(c), form.Code)
	if e, ok := problemsOf(err); ok {
		return h.factorPage(c, step, templates.FactorPage{Next: here(form.Next), Trusted: form.Trust == "on", Problems: e.Fields})
	}
	if err != nil {
		return h.late(c, err)
	}
	return h.onward(c, admitted, form.Next)
}

// late sends somebody back to the start whose sign-in took too long. Other errors pass through.
func (h *Handlers) late(c echo.Context, err error) error {
	if model.KindOf(err) == model.Unauthenticated {
		return h.redirect(c, "/signin?ended=pending")
	}
	return err
}

// tellNews says once what happened to somebody's sign-in since they were last here.
func (h *Handlers) tellNews(c echo.Context, a center.Admission) error {
	news, err := h.Center.TellNotices(c.Request().Context(), a.Session)
	if err != nil {
		return err
	}
	for i, text := range news[:min(len(news), newsTold)] {
		toast := templates.Toast{Tone: templates.ToneWarn, Text: text, Detail: "Not you? Tell an administrator."}
		if i == newsTold-1 && len(news) > newsTold {
			toast.Detail = "There is more under My security."
		}
		h.toast(c, toast)
	}
	return nil
}

// newsTold is how many notices are told at once; My security has all of late.
const newsTold = 3

// warnOfCodes says how many recovery codes are left to somebody who used one.
func (h *Handlers) warnOfCodes(c echo.Context, a center.Admission) error {
	if !a.Spent {
		return nil
	}
	s, err := h.Center.OwnSecurity(c.Request().Context(), model.Actor{User: a.User.ID})
	if err != nil {
		return err
	}
	h.toast(c, templates.Toast{Tone: templates.ToneOK, Text: templates.Plural(s.CodesLeft, "recovery code is left.", "recovery codes are left."),
		Detail: "Make new ones, and add your phone anew, under My security."})
	return nil
}

// cancelSignIn forgets a sign-in under way, for somebody else to begin.
func (h *Handlers) cancelSignIn(c echo.Context) error {
	if err := h.Center.CancelSignIn(c.Request().Context(), visitor(c), token(c)); err != nil {
		return err
	}
	if err := h.drop(c, h.cookieName(false)); err != nil {
		return err
	}
	return h.redirect(c, "/signin")
}

func (h *Handlers) signOut(c echo.Context) error {
	if err := h.Center.SignOut(c.Request().Context(), person(c)); err != nil {
		return err
	}
	if err := h.drop(c, h.cookieName(true)); err != nil {
		return err
	}
	return h.redirect(c, "/signin")
}

// grouped writes a key in groups of four, as people read it.
func grouped(key string) string {
	var b strings.Builder
	for i := 0; i < len(key); i += 4 {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(key[i:min(i+4, len(key))])
	}
	return b.String()
}

func square(size int) string { return fmt.Sprintf("0 0 %d %d", size, size) }

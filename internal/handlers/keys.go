package handlers

import (
	"context"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// keyForm is what a security key's answer comes in.
type keyForm struct {
	Key  string `form:"key"`
	Next string `form:"next"`
}

// factorKeyForm is what a security key's answer comes in while somebody signs in.
type factorKeyForm struct {
	keyForm
	Trust string `form:"trust"` // "on": as in codeForm
}

// newKeyForm is what a new key comes in.
type newKeyForm struct {
	keyForm
	Name string `form:"name"`
}

// askFor answers a script with the options for a key. What asks reads no form, but sends one, as every page does.
func (h *Handlers) askFor(ask func(context.Context, model.Actor, string) ([]byte, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		options, err := ask(c.Request().Context(), visitor(c), token(c))
		if err != nil {
			return err
		}
		return c.JSONBlob(http.StatusOK, options)
	}
}

// verifyKey signs a browser in with a security key after the password.
func (h *Handlers) verifyKey(c echo.Context) error {
	form, err := decode[factorKeyForm](c)
	if err != nil {
		return err
	}
	visit := visitor(c)
	visit.Browser.Trust = form.Trust == "on"
	admitted, err := h.Center.VerifyKey(c.Request().Context(), visit, token(c), form.Key)
	if e, ok := problemsOf(err); ok {
		return h.factorPage(c, codeStep, templates.FactorPage{Next: here(form.Next), Trusted: visit.Browser.Trust, Problems: e.Fields})
	}
	if model.KindOf(err) == model.Unauthenticated {
		return h.redirect(c, "/signin?ended=pending")
	}
	if err != nil {
		return err
	}
	return h.onward(c, admitted, form.Next)
}

// passkeyCookie is the cookie of a browser that is asked for a passkey: no other may answer.
func (h *Handlers) passkeyCookie(value string, seconds int) *http.Cookie {
	name := "gatehouse-passkey"
	if h.secure() {
		name = "__Host-" + name
	}
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds, Secure: h.secure(), HttpOnly: true,
		SameSite: http.SameSiteStrictMode}
}

// askPasskey answers a script with the options for a passkey of whoever sits there.
func (h *Handlers) askPasskey(c echo.Context) error {
	options, token, err := h.Center.AskPasskey(c.Request().Context(), visitor(c))
	if err != nil {
		return err
	}
	c.SetCookie(h.passkeyCookie(token.Reveal(), int(center.ChallengeLife.Seconds())))
	return c.JSONBlob(http.StatusOK, options)
}

// signInWithPasskey signs a browser in with a passkey alone.
func (h *Handlers) signInWithPasskey(c echo.Context) error {
	form, err := decode[keyForm](c)
	if err != nil {
		return err
	}
	asked := ""
	if cookie, err := c.Cookie(h.passkeyCookie("", 0).Name); err == nil {
		asked = cookie.Value
		c.SetCookie(h.passkeyCookie("", -1))
	}
	admitted, err := h.Center.SignInWithPasskey(c.Request().Context(), visitor(c), asked, form.Key)
	if e, ok := problemsOf(err); ok {
		return h.signInPage(c, statusOf[e.Kind], templates.SignInPage{Next: here(form.Next), Problems: e.Fields})
	}
	if err != nil {
		return err
	}
	return h.onward(c, admitted, form.Next)
}

// showNewKey shows the page that makes a further key, to somebody whose second factor is fresh.
func (h *Handlers) showNewKey(c echo.Context) error {
	if err := h.Center.ReadyForDevice(c.Request().Context(), person(c)); err != nil {
		return err
	}
	return h.newKeyPage(c, templates.NewKeyPage{})
}

func (h *Handlers) newKeyPage(c echo.Context, p templates.NewKeyPage) error {
	p.Action, p.Options, p.Cancel, p.Works = "/me/keys/new", "/me/keys/options", "/me", h.Center.KeysWork()
	return h.keyPage(c, p)
}

func (h *Handlers) keyPage(c echo.Context, p templates.NewKeyPage) error {
	about := page{title: "Add a security key or passkey", section: "/me", layout: gate}
	if len(p.Problems) > 0 {
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	return h.render(c, about, templates.NewKey(p))
}

// addKey keeps a further key of the person.
func (h *Handlers) addKey(c echo.Context) error {
	form, err := decode[newKeyForm](c)
	if err != nil {
		return err
	}
	d, err := h.Center.AddKey(c.Request().Context(), person(c), token(c), form.Name, form.Key)
	if e, ok := problemsOf(err); ok {
		return h.newKeyPage(c, templates.NewKeyPage{Name: form.Name, Problems: e.Fields})
	}
	if err != nil {
		return err
	}
	return h.done(c, "/me", "The "+string(d.Kind)+" "+d.Name+" is added.")
}

// showEnrolKey shows the page that makes a first key while somebody signs in.
func (h *Handlers) showEnrolKey(c echo.Context) error {
	return h.enrolKeyPage(c, templates.NewKeyPage{Next: here(c.QueryParam("next"))})
}

func (h *Handlers) enrolKeyPage(c echo.Context, p templates.NewKeyPage) error {
	p.Action, p.Options, p.App, p.Works = "/signin/enrol/key", "/signin/enrol/key/options", "/signin/enrol", h.Center.KeysWork()
	if browser(c).Session.Stage == model.StageEnrolment {
		p.Steps = enrolSteps(1)
	}
	return h.keyPage(c, p)
}

// enrolKey keeps a first key and answers with the recovery codes.
func (h *Handlers) enrolKey(c echo.Context) error {
	form, err := decode[newKeyForm](c)
	if err != nil {
		return err
	}
	done, err := h.Center.EnrolKey(c.Request().Context(), visitor(c), token(c), form.Name, form.Key)
	if e, ok := problemsOf(err); ok {
		return h.enrolKeyPage(c, templates.NewKeyPage{Name: form.Name, Next: here(form.Next), Problems: e.Fields})
	}
	return h.enrolled(c, done, err, form.Next)
}

// enrolled answers with the recovery codes of somebody who has enrolled: they are kept nowhere from which another page could
// show them. Who bound a stronger factor keeps the codes they have, and goes on.
func (h *Handlers) enrolled(c echo.Context, done center.Confirmed, err error, next string) error {
	if model.KindOf(err) == model.Unauthenticated {
		return h.redirect(c, "/signin?ended=pending")
	}
	if err != nil {
		return err
	}
	if len(done.RecoveryCodes) == 0 {
		return h.onward(c, done.Admission, next)
	}
	if err := h.hold(c, done.Admission); err != nil {
		return err
	}
	p := templates.CodesPage{Codes: done.RecoveryCodes, Steps: enrolSteps(2), Next: here(next)}
	return h.render(c, page{title: "Keep your recovery codes", layout: wideGate}, templates.RecoveryCodes(p))
}

// deviceRow is a device as lists show it.
func deviceRow(d model.Device) templates.DeviceRow {
	kind := string(d.Kind)
	if d.Digits > 0 {
		kind += fmt.Sprintf(", %d digits", d.Digits)
	}
	return templates.DeviceRow{ID: string(d.ID), Name: d.Name, Kind: kind, Refused: !d.SuspectAt.IsZero(),
		AddedAt: d.AddedAt, UsedAt: d.LastUsedAt}
}

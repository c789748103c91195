package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// The fields of a step-up. They come with whatever form a dangerous act has, are taken out of it and read before the act's
// own handler, which never sees them.
const (
	stepUpCode = "stepup_code"
	stepUpKey  = "stepup_key"
)

// steppingUp steps the session up when a form brings a second factor, and then goes on with the act that asked for it.
func (h *Handlers) steppingUp(run echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method != http.MethodPost || !isForm(r) {
			return run(c)
		}
		if err := r.ParseForm(); err != nil {
			return formError(err)
		}
		given, codes, keys := r.PostForm, r.PostForm[stepUpCode], r.PostForm[stepUpKey]
		for _, name := range []string{stepUpCode, stepUpKey} {
			given.Del(name)
			r.Form.Del(name)
		}
		switch {
		case len(codes)+len(keys) == 0:
			return run(c)
		case len(codes) > 1 || len(keys) > 1:
			return unusable("The second factor came more than once.")
		}
		admitted, err := h.confirm(c, strings.Join(codes, ""), strings.Join(keys, ""))
		if e, ok := problemsOf(err); ok {
			return h.stepUpPage(c, map[string]string{stepUpCode: e.Fields["code"], stepUpKey: e.Fields["key"]})
		}
		if model.KindOf(err) == model.Unauthenticated {
			c.Set(browserKey, nil)
			return h.toSignIn(c)
		}
		if err != nil {
			return err
		}
		if err := h.hold(c, admitted); err != nil {
			return err
		}
		if err := h.warnOfCodes(c, admitted); err != nil {
			return err
		}
		return run(c)
	}
}

// confirm proves the second factor with a key's answer if there is one, else with a code of either kind.
func (h *Handlers) confirm(c echo.Context, code, key string) (center.Admission, error) {
	if key != "" {
		return h.Center.VerifyKey(c.Request().Context(), visitor(c), token(c), key)
	}
	return h.Center.VerifyCode(c.Request().Context(), visitor(c), token(c), code)
}

// askToStepUp answers an act that asks for a fresh second factor: the page goes on with the act, whatever was typed.
func (h *Handlers) askToStepUp(c echo.Context) error { return h.stepUpPage(c, nil) }

func (h *Handlers) stepUpPage(c echo.Context, problems map[string]string) error {
	f, err := h.Center.OwnFactors(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	p := templates.StepUpPage{Action: c.Request().URL.RequestURI(), Cancel: cameFrom(c.Request()), Problems: problems,
		Apps: len(f.Devices) > 0 && f.Codes, Disabled: f.Disabled, Recovery: f.Recovery, Keys: len(f.Keys) > 0 && h.Center.KeysWork()}
	if c.Request().Method == http.MethodPost {
		p.Fields = typed(c.Request().PostForm)
	} else if c.Path() != stepUpPath {
		p.Action, p.Fields = stepUpPath, []templates.Pair{{Name: "next", Value: c.Request().URL.RequestURI()}}
	} else {
		p.Action, p.Fields = stepUpPath, []templates.Pair{{Name: "next", Value: here(c.QueryParam("next"))}}
	}
	about := page{title: "Confirm it is you", status: http.StatusForbidden, layout: gate}
	if len(problems) > 0 {
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	if c.Request().Method == http.MethodGet && c.Path() == stepUpPath {
		about.status = http.StatusOK
	}
	c.Request().Header.Del("HX-Request-Type") // it replaces the page, not a region of it
	return h.render(c, about, templates.StepUp(p))
}

// typed are the fields of a form, in order of their names.
func typed(form url.Values) []templates.Pair {
	var list []templates.Pair
	for name, values := range form {
		for _, value := range values {
			list = append(list, templates.Pair{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(list, func(a, b templates.Pair) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// cameFrom is the page of ours that a request came from, or the front page.
func cameFrom(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return here("")
	}
	return here(u.RequestURI())
}

// stepUpPath is where somebody confirms who came for a page and not with a form.
const stepUpPath = "/confirm"

// nextForm says where to go afterwards.
type nextForm struct {
	Next string `form:"next"`
}

// confirmed sends somebody on who has confirmed, which steppingUp saw to. Whoever has not is asked again there.
func (h *Handlers) confirmed(c echo.Context) error {
	form, err := decode[nextForm](c)
	if err != nil {
		return err
	}
	return h.redirect(c, here(form.Next))
}

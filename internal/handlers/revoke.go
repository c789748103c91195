package handlers

import (
	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// ownCredentials is where a person's own role credentials are revoked.
const ownCredentials = portalPath + "/credentials"

// revokeForm is what asking for a reason sends; for one's own credentials none is asked for.
type revokeForm struct {
	Reason string `form:"reason"`
}

// askRevoke asks before a person's own role credentials are revoked.
func (h *Handlers) askRevoke(c echo.Context) error {
	list, err := h.Center.RoleSessionsOf(c.Request().Context(), person(c), person(c).User)
	if err != nil {
		return err
	}
	p, err := h.aboutRevoking(c, list)
	if err != nil {
		return err
	}
	p.Action, p.Cancel = c.Request().URL.Path, portalPath
	return h.render(c, page{title: p.Title, section: portalPath, layout: templates.Portal}, templates.Confirm(p))
}

// revoke makes a person's own role credentials worthless.
func (h *Handlers) revoke(c echo.Context) error {
	return h.revokeOf(c, person(c).User, portalPath)
}

// askRevokeUser asks an operator before role credentials of somebody are revoked.
func (h *Handlers) askRevokeUser(c echo.Context) error {
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	list, err := h.Center.RoleSessionsOf(c.Request().Context(), person(c), u.ID)
	if err != nil {
		return err
	}
	p, err := h.aboutRevoking(c, list)
	if err != nil {
		return err
	}
	p.Action, p.Cancel, p.Reason = c.Request().URL.Path, u.address("/security"), true
	return h.render(c, userPage(u, p.Button), templates.Confirm(p))
}

// revokeUser makes role credentials of somebody worthless.
func (h *Handlers) revokeUser(c echo.Context) error {
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	return h.revokeOf(c, u.ID, u.address("/security"))
}

// aboutRevoking is the question about one of some credentials, or about all when the address names none.
func (h *Handlers) aboutRevoking(c echo.Context, list []center.Issued) (templates.ConfirmProps, error) {
	p := templates.ConfirmProps{Danger: true, Effects: []string{"Programs that use them are refused from the next request on."}}
	key := model.AccessKeyID(c.Param("key"))
	if key == "" && len(list) > 0 {
		p.Title, p.Button = "Revoke all credentials", "Revoke all"
		p.Text = templates.Plural(len(list), "set of credentials is", "sets of credentials are") + " in use."
		return p, nil
	}
	for _, s := range list {
		if s.AccessKeyID == key {
			p.Title, p.Button = "Revoke "+string(key), "Revoke"
			p.Text = "Credentials of " + s.SetName + " in " + s.AccountName + ", taken " + templates.Ago(s.IssuedAt, h.Now()) + "."
			return p, nil
		}
	}
	return p, &model.Error{Kind: model.NotFound,
		Message: "These credentials have expired or were revoked before, so nothing is left to do."}
}

// revokeOf revokes what the address names, one set of credentials or all of a person, and goes back.
func (h *Handlers) revokeOf(c echo.Context, user model.UserID, back string) error {
	form, err := decode[revokeForm](c)
	if err != nil {
		return err
	}
	ctx, actor, key := c.Request().Context(), person(c), model.AccessKeyID(c.Param("key"))
	if key != "" {
		if err := h.Center.RevokeRoleSession(ctx, actor, user, key, form.Reason); err != nil {
			return err
		}
		return h.done(c, back, "Revoked "+string(key)+".")
	}
	n, err := h.Center.RevokeAllOf(ctx, actor, user, form.Reason)
	if err != nil {
		return err
	}
	return h.done(c, back, "Revoked "+templates.Plural(n, "set", "sets")+" of credentials.")
}

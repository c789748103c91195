package handlers

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// credentialsOwnPath is where a person's own role credentials are revoked.
const credentialsOwnPath = portalPath + "/credentials"

func revokePath(key model.AccessKeyID) string {
	return credentialsOwnPath + "/" + url.PathEscape(string(key)) + "/revoke"
}

// myRole shows a role that the person holds, and offers its keys.
func (h *Handlers) myRole(c echo.Context) error {
	account, set := roleParams(c)
	role, err := h.Center.MyRole(c.Request().Context(), person(c), account, set)
	if err != nil {
		return err
	}
	return h.renderKeys(c, templates.RoleKeysPage{Role: portalRole(role), Now: h.Now()})
}

// takeKeys issues role credentials and shows them, once. Loading the page again asks for new ones.
func (h *Handlers) takeKeys(c echo.Context) error {
	if _, err := decode[struct{}](c); err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), person(c)
	account, set := roleParams(c)
	issued, err := h.Center.IssueRoleCredentials(ctx, actor, account, set)
	if err != nil {
		return err
	}
	p := templates.RoleKeysPage{Now: h.Now(),
		Role: portalRole(center.HeldRole{Role: issued.Role, LastUsed: issued.IssuedAt}),
		Keys: &templates.RoleKeys{AccessKeyID: string(issued.AccessKeyID), Secret: issued.SecretAccessKey.Reveal(),
			Token: issued.SessionToken.Reveal(), ExpiresAt: issued.ExpiresAt, Endpoint: h.BaseURL, Region: issued.Region,
			Profile: string(account) + "_" + issued.Role.Set.Name, Format: formatFor(c.Request().UserAgent())}}
	if _, beside := fragment(c.Request()); beside {
		list, err := h.Center.RoleSessionsOf(ctx, actor, actor.User)
		if err != nil {
			return err
		}
		behind := h.issued(list)
		behind.Beside = true
		p.Issued = &behind
	}
	return h.renderKeys(c, p)
}

func (h *Handlers) renderKeys(c echo.Context, p templates.RoleKeysPage) error {
	about := page{title: "Keys for " + p.Role.Account, section: portalPath, layout: templates.Portal}
	return h.render(c, about, templates.RoleKeysPanel(p))
}

func roleParams(c echo.Context) (model.AccountID, model.PermissionSetID) {
	return model.AccountID(c.Param("account")), model.PermissionSetID(c.Param("set"))
}

// formatFor guesses from what a browser says of itself where keys will be pasted.
func formatFor(userAgent string) string {
	if strings.Contains(userAgent, "Windows") {
		return templates.FormatPowerShell
	}
	return templates.FormatPosix
}

// confirmRevoke asks before a person's own role credentials are revoked.
func (h *Handlers) confirmRevoke(c echo.Context) error {
	key := model.AccessKeyID(c.Param("key"))
	list, err := h.Center.RoleSessionsOf(c.Request().Context(), person(c), person(c).User)
	if err != nil {
		return err
	}
	for _, s := range list {
		if s.AccessKeyID == key {
			taken := templates.Ago(s.IssuedAt, h.Now())
			return h.renderConfirmRevoke(c, templates.ConfirmProps{Title: "Revoke " + string(key), Action: revokePath(key),
				Button: "Revoke", Text: "Credentials of " + s.SetName + " in " + s.AccountName + ", taken " + taken + "."})
		}
	}
	return &model.Error{Kind: model.NotFound,
		Message: "These credentials have expired or were revoked before, so nothing is left to do."}
}

// confirmRevokeAll asks before all of a person's own role credentials are revoked.
func (h *Handlers) confirmRevokeAll(c echo.Context) error {
	list, err := h.Center.RoleSessionsOf(c.Request().Context(), person(c), person(c).User)
	if err != nil {
		return err
	}
	return h.renderConfirmRevoke(c, templates.ConfirmProps{Title: "Revoke all credentials", Button: "Revoke all",
		Action: credentialsOwnPath + "/revoke",
		Text:   "These are " + templates.Plural(len(list), "set", "sets") + " of credentials in use."})
}

func (h *Handlers) renderConfirmRevoke(c echo.Context, p templates.ConfirmProps) error {
	p.Danger, p.Cancel = true, portalPath
	p.Effects = []string{"Programs that use them are refused from the next request on."}
	return h.render(c, page{title: p.Title, section: portalPath, layout: templates.Portal}, templates.Confirm(p))
}

// revoke makes a person's own role credentials worthless.
func (h *Handlers) revoke(c echo.Context) error {
	if _, err := decode[struct{}](c); err != nil {
		return err
	}
	key := model.AccessKeyID(c.Param("key"))
	if err := h.Center.RevokeRoleSession(c.Request().Context(), person(c), key, ""); err != nil {
		return err
	}
	return h.done(c, portalPath, "Revoked "+string(key)+".")
}

// revokeAll makes all of a person's own role credentials worthless.
func (h *Handlers) revokeAll(c echo.Context) error {
	if _, err := decode[struct{}](c); err != nil {
		return err
	}
	n, err := h.Center.RevokeAllOf(c.Request().Context(), person(c), person(c).User, "")
	if err != nil {
		return err
	}
	return h.done(c, portalPath, "Revoked "+templates.Plural(n, "set", "sets")+" of credentials.")
}

package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

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
		behind := h.issued(list, ownCredentials)
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

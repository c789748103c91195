package handlers

import (
	"net/url"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
	"gatehouse/web/templates"
)

// userSecurity shows how a person signs in, and where they are signed in.
func (h *Handlers) userSecurity(c echo.Context) error {
	u, s, err := h.securityOf(c)
	if err != nil {
		return err
	}
	p := templates.UserSecurityPage{Head: h.userHead(u, "security"), PasswordAt: s.PasswordAt, PasswordOff: s.PasswordOff, CodesLeft: s.CodesLeft,
		CodesOff: s.CodesOff, Pending: pendingWords(s.Pending), PendingTo: s.PendingTo, Now: h.Now()}
	for _, d := range s.Devices {
		p.Devices = append(p.Devices, deviceRow(d))
	}
	for _, m := range s.Sessions {
		row := sessionRow(m, u.address("/sessions/"), person(c).Session)
		if !u.may[model.ActEndSession] {
			row.EndHref = ""
		}
		p.Sessions = append(p.Sessions, row)
	}
	forget := u.address("/browsers/")
	if !u.may[model.ActEndSession] {
		forget = ""
	}
	p.Browsers, p.News = browserRows(s.Browsers, forget), newsRows(s.Notices)
	if p.Issued, err = h.issuedTo(c, u); err != nil {
		return err
	}
	others := u.Status == model.UserEnabled && !u.Self
	if others && u.may[model.ActResetPassword] && !s.PasswordAt.IsZero() {
		p.ResetPassword = u.address("/security/password")
	}
	if others && u.may[model.ActInviteUser] && s.PasswordAt.IsZero() && s.Pending != model.LinkPassword {
		p.Invite = u.address("/invitation")
	}
	if others && u.may[model.ActResetMFA] {
		p.ResetMFA = u.address("/security/mfa")
	}
	if u.may[model.ActEndSession] && len(s.Sessions) > 0 && !u.Self {
		p.EndAll = u.address("/sessions/end")
	}
	return h.render(c, userPage(u, "Security"), templates.UserSecurity(p))
}

// issuedTo is the list of a person's role credentials, with ways to revoke them for who may.
func (h *Handlers) issuedTo(c echo.Context, u aboutUser) (templates.IssuedProps, error) {
	list, err := h.Center.RoleSessionsOf(c.Request().Context(), person(c), u.ID)
	if err != nil || !u.may[model.ActRevokeRoleSession] {
		return h.issued(list, ""), err
	}
	return h.issued(list, u.address("/credentials")), nil
}

func (h *Handlers) securityOf(c echo.Context) (aboutUser, center.Security, error) {
	u, err := h.userOf(c)
	if err != nil {
		return u, center.Security{}, err
	}
	s, err := h.Center.Security(c.Request().Context(), person(c), u.ID)
	return u, s, err
}

// pendingWords is what an unused link is for.
func pendingWords(purpose model.LinkPurpose) string {
	return map[model.LinkPurpose]string{model.LinkInvitation: "invitation", model.LinkPassword: "new password",
		model.LinkForgotten: "forgotten password", model.LinkMFAReset: "new second factor", model.LinkRecovery: "recovery from the host"}[purpose]
}

func (h *Handlers) askResetPassword(c echo.Context) error {
	return h.askReset(c, templates.ConfirmProps{Title: "Reset the password of ", Button: "Reset password", Action: "/security/password",
		Text:    "You get a link that works once, within 15 minutes, to choose a new password. The second factor stays and is asked for.",
		Effects: []string{"The present password stops working now."}})
}

func (h *Handlers) askResetMFA(c echo.Context) error {
	return h.askReset(c, templates.ConfirmProps{Title: "Reset the second factor of ", Button: "Reset second factor", Action: "/security/mfa",
		Text: "You get a link that works once, within 15 minutes, to set up a new second factor. It asks for the password. Make sure " +
			"that you are talking to the person themselves.",
		Effects: []string{"Their authenticator apps, security keys, passkeys and recovery codes stop working now.", "Without the link nobody can set up a new one."}})
}

// askReset asks before something is taken away with which a person signs in.
func (h *Handlers) askReset(c echo.Context, p templates.ConfirmProps) error {
	u, s, err := h.securityOf(c)
	if err != nil {
		return err
	}
	p.Title, p.Action, p.Cancel, p.Danger = p.Title+u.DisplayName, u.address(p.Action), u.address("/security"), true
	if n := len(s.Sessions); n > 0 {
		p.Effects = append(p.Effects, templates.Plural(n, "session ends", "sessions end")+" at once.")
	}
	if u.Credentials > 0 {
		p.Effects = append(p.Effects, templates.Plural(u.Credentials, "set of role credentials is", "sets of role credentials are")+" revoked at once.")
	}
	if h.Center.SendsMail() {
		return h.render(c, userPage(u, p.Button), templates.ConfirmDelivery(p, u.Email))
	}
	return h.render(c, userPage(u, p.Button), templates.Confirm(p))
}

// deliveryForm says how a one-time link gets to its person.
type deliveryForm struct {
	Delivery string `form:"delivery"` // "mail" or "hand"; empty: by e-mail where that is set up
}

// usual is how a one-time link gets to its person unless somebody chose.
func (h *Handlers) usual() center.Delivery {
	if h.Center.SendsMail() {
		return center.ByMail
	}
	return center.ByHand
}

// delivery reads how a one-time link is to get to its person.
func (h *Handlers) delivery(c echo.Context) (center.Delivery, error) {
	form, err := decode[deliveryForm](c)
	if err != nil {
		return center.ByHand, err
	}
	if form.Delivery == "hand" {
		return center.ByHand, nil
	}
	return h.usual(), nil
}

func (h *Handlers) resetPassword(c echo.Context) error {
	how, err := h.delivery(c)
	if err != nil {
		return err
	}
	token, err := h.Center.ResetPassword(c.Request().Context(), person(c), model.UserID(c.Param("id")), how)
	return h.showLinkOnce(c, token, err, model.ActResetPassword)
}

func (h *Handlers) resetMFA(c echo.Context) error {
	how, err := h.delivery(c)
	if err != nil {
		return err
	}
	token, err := h.Center.ResetMFA(c.Request().Context(), person(c), model.UserID(c.Param("id")), how)
	return h.showLinkOnce(c, token, err, model.ActResetMFA)
}

// linkPurposes say what a link is for that an action made.
var linkPurposes = map[string]string{model.ActInviteUser: "to set up their sign-in", model.ActResetPassword: "to choose a new password",
	model.ActResetMFA: "to set up a new second factor"}

// showLinkOnce answers with a one-time link itself: only its digest is kept.
func (h *Handlers) showLinkOnce(c echo.Context, token vault.Secret, err error, action string) error {
	if err != nil {
		return err
	}
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	p := templates.LinkMadePage{Name: u.DisplayName, Purpose: linkPurposes[action], Address: u.Email, Expires: h.Now().Add(center.LinkLife),
		Back: u.address("/security")}
	if token != "" {
		p.Link = h.BaseURL + "/invite/" + url.PathEscape(token.Reveal())
	}
	return h.render(c, userPage(u, "One-time link"), templates.LinkMade(p))
}

func (h *Handlers) endSession(c echo.Context) error {
	id := model.UserID(c.Param("id"))
	if err := h.Center.EndSession(c.Request().Context(), person(c), id, model.SessionID(c.Param("session"))); err != nil {
		return err
	}
	return h.done(c, "/users/"+url.PathEscape(string(id))+"/security", "The session is ended.")
}

// forgetBrowser makes a browser of a person unknown.
func (h *Handlers) forgetBrowser(c echo.Context) error {
	id := model.UserID(c.Param("id"))
	if err := h.Center.ForgetBrowser(c.Request().Context(), person(c), id, model.BrowserID(c.Param("browser"))); err != nil {
		return err
	}
	return h.done(c, "/users/"+url.PathEscape(string(id))+"/security", "The browser is forgotten.")
}

func (h *Handlers) endSessions(c echo.Context) error {
	id := model.UserID(c.Param("id"))
	if err := h.Center.EndSessions(c.Request().Context(), person(c), id); err != nil {
		return err
	}
	return h.done(c, "/users/"+url.PathEscape(string(id))+"/security", "All sessions are ended.")
}

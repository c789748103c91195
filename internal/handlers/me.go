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

func (h *Handlers) me(c echo.Context) error {
	s, err := h.Center.OwnSecurity(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	p := templates.MePage{UserName: s.User.UserName, PasswordAt: s.PasswordAt, CodesLeft: s.CodesLeft, CodesOff: s.CodesOff, Keys: h.Center.KeysWork(), Now: h.Now()}
	for _, d := range s.Devices {
		at := "/me/devices/" + url.PathEscape(string(d.ID))
		row := deviceRow(d)
		row.Alone, row.RenameHref, row.RemoveHref = center.Last(s.Devices, d), at+"/rename", at+"/remove"
		p.Devices = append(p.Devices, row)
	}
	for _, m := range s.Sessions {
		p.Sessions = append(p.Sessions, sessionRow(m, "/me/sessions/", person(c).Session))
	}
	p.Browsers, p.News = browserRows(s.Browsers, "/me/browsers/"), newsRows(s.Notices)
	return h.render(c, h.ownPage("My security"), templates.Me(p))
}

// browserRows are known browsers as lists show them; at is where each is forgotten, empty for who may not.
func browserRows(list []model.KnownBrowser, at string) []templates.BrowserRow {
	rows := make([]templates.BrowserRow, len(list))
	for i, b := range list {
		rows[i] = templates.BrowserRow{Browser: browserWords(b.UserAgent), Agent: b.UserAgent, Address: b.SourceIP, Seen: b.LastUsedAt,
			Ends: b.ExpiresAt, Trusted: b.Trusted}
		if at != "" {
			rows[i].ForgetHref = at + url.PathEscape(string(b.ID)) + "/forget"
		}
	}
	return rows
}

func newsRows(list []model.Notice) []templates.NewsRow {
	rows := make([]templates.NewsRow, len(list))
	for i, n := range list {
		rows[i] = templates.NewsRow{Text: n.Text, At: n.At}
	}
	return rows
}

// ownPage is a page about oneself.
func (h *Handlers) ownPage(title string) page {
	return page{title: title, section: "/me", layout: templates.Portal}
}

// sessionRow is a session as lists show it, with the address under which it is ended unless it is the one that asks.
func sessionRow(m model.Session, at string, own model.SessionID) templates.SessionRow {
	row := templates.SessionRow{Browser: browserWords(m.UserAgent), Agent: m.UserAgent, Address: m.SourceIP, Began: m.SignedInAt,
		Seen: m.LastSeenAt, Method: methodWords(m.Methods), Here: m.ID == own}
	if !row.Here {
		row.EndHref = at + url.PathEscape(string(m.ID)) + "/end"
	}
	return row
}

// passwordForm is what changing one's own password sends. The user name is there for password managers.
type passwordForm struct {
	UserName string `form:"username"`
	Current  string `form:"current"`
	Password string `form:"password"`
}

func (h *Handlers) showPassword(c echo.Context) error { return h.passwordPage(c, nil) }

func (h *Handlers) passwordPage(c echo.Context, problems map[string]string) error {
	s, err := h.Center.OwnSecurity(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	about := h.ownPage("Change your password")
	if len(problems) > 0 {
		about.failed, about.status = true, http.StatusUnprocessableEntity
	}
	return h.render(c, about, templates.ChangePassword(templates.PasswordPage{UserName: s.User.UserName,
		Others: max(0, len(s.Sessions)-1), MinLength: s.MinLength, Problems: problems}))
}

func (h *Handlers) changePassword(c echo.Context) error {
	form, err := decode[passwordForm](c)
	if err != nil {
		return err
	}
	err = h.Center.ChangePassword(c.Request().Context(), person(c), vault.Secret(form.Current), vault.Secret(form.Password))
	if e, ok := problemsOf(err); ok {
		return h.passwordPage(c, e.Fields)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/me", "Password changed.")
}

// askRenewCodes asks before the present recovery codes become worthless.
func (h *Handlers) askRenewCodes(c echo.Context) error {
	s, err := h.Center.OwnSecurity(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	return h.render(c, h.ownPage("Make new recovery codes"), templates.Confirm(templates.ConfirmProps{Title: "Make new recovery codes",
		Text: "Ten new codes are shown once.", Action: "/me/recovery-codes", Button: "Make new codes", Cancel: "/me",
		Effects: []string{templates.Plural(s.CodesLeft, "code that you have now becomes worthless", "codes that you have now become worthless") + "."}}))
}

// renewCodes answers with the codes themselves: nothing keeps them for another page.
func (h *Handlers) renewCodes(c echo.Context) error {
	codes, err := h.Center.RenewRecoveryCodes(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	return h.render(c, page{title: "Keep your recovery codes", layout: wideGate},
		templates.RecoveryCodes(templates.CodesPage{Codes: codes, Next: "/me"}))
}

// forgetOwnBrowser makes a browser unknown.
func (h *Handlers) forgetOwnBrowser(c echo.Context) error {
	if err := h.Center.ForgetOwnBrowser(c.Request().Context(), person(c), model.BrowserID(c.Param("id"))); err != nil {
		return err
	}
	return h.done(c, "/me", "Forgotten. The next sign-in there is asked for everything.")
}

func (h *Handlers) endOwnSession(c echo.Context) error {
	if err := h.Center.EndOwnSession(c.Request().Context(), person(c), model.SessionID(c.Param("id"))); err != nil {
		return err
	}
	return h.done(c, "/me", "Signed out there.")
}

func (h *Handlers) endOtherSessions(c echo.Context) error {
	ended, err := h.Center.EndOtherSessions(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	return h.done(c, "/me", "Signed out of "+templates.Plural(ended, "other browser", "other browsers")+".")
}

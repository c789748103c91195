package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// askDisable asks before a person is kept out, and says what ends with it.
func (h *Handlers) askDisable(c echo.Context) error {
	return h.askAbout(c, templates.ConfirmForm{}, disablingUser, nil)
}

// askDelete asks before a person is taken out of the directory, and says what ends with it.
func (h *Handlers) askDelete(c echo.Context) error {
	return h.askAbout(c, templates.ConfirmForm{}, deletingUser, nil)
}

func disablingUser(u aboutUser) templates.ConfirmProps {
	return templates.ConfirmProps{Title: "Disable " + u.DisplayName, Button: "Disable", Danger: true, Action: u.address("/disable"),
		Text:    u.DisplayName + " can no longer sign in. Groups and assignments stay, and count again once they are enabled.",
		Effects: lost(u), Reason: true}
}

func deletingUser(u aboutUser) templates.ConfirmProps {
	effects := lost(u)
	if n := len(u.Groups); n > 0 {
		effects = append(effects, templates.Plural(n, "membership ends", "memberships end")+": "+namesOf(u)+".")
	}
	if n := len(u.Direct); n > 0 {
		effects = append(effects, templates.Plural(n, "direct assignment is removed", "direct assignments are removed")+".")
	}
	return templates.ConfirmProps{Title: "Delete " + u.DisplayName, Button: "Delete", Danger: true, Action: u.address("/delete"),
		Text:    "This cannot be undone. The audit trail keeps what they did; the user name " + u.UserName + " becomes free.",
		Effects: effects, Reason: true, TypeName: u.UserName}
}

// lost says what ends at once when a person is kept out.
func lost(u aboutUser) []string {
	var effects []string
	if n := len(u.Sessions); n > 0 {
		effects = append(effects, templates.Plural(n, "session ends", "sessions end")+" at once.")
	}
	if u.Credentials > 0 {
		effects = append(effects, templates.Plural(u.Credentials, "set of role credentials is", "sets of role credentials are")+" revoked at once.")
	}
	if u.Reach > 0 {
		effects = append(effects, "They lose "+reachText(u.Reach, u.Accounts)+".")
	}
	if u.Administers {
		effects = append(effects, "They administer Gatehouse now.")
	}
	return effects
}

func namesOf(u aboutUser) string {
	names := make([]string, len(u.Groups))
	for i, g := range u.Groups {
		names[i] = g.Name
	}
	return strings.Join(names, ", ")
}

// askAbout shows a question about a person, with what is wrong with the answer given before.
func (h *Handlers) askAbout(c echo.Context, form templates.ConfirmForm, ask func(aboutUser) templates.ConfirmProps, trouble *model.Error) error {
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	p := ask(u)
	p.Cancel, p.Typed, p.Because = u.address(""), form.Confirm, form.Reason
	about := userPage(u, p.Button)
	if trouble != nil {
		about.status, about.failed, p.Problems = statusOf[trouble.Kind], true, faults(trouble)
	}
	return h.render(c, about, templates.Confirm(p))
}

// disableUser keeps a person out.
func (h *Handlers) disableUser(c echo.Context) error {
	form, err := decode[templates.ConfirmForm](c)
	if err != nil {
		return err
	}
	id := model.UserID(c.Param("id"))
	err = h.Center.DisableUser(c.Request().Context(), person(c), id, form.Reason)
	if e, ok := answerable(err); ok {
		return h.askAbout(c, form, disablingUser, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/users/"+string(id), "Disabled. Sessions and role credentials have ended.")
}

// confirmed reports a problem of the field "confirm" when a name was not typed as asked.
func confirmed(typed, name string) error {
	p := model.Problems{}
	if strings.TrimSpace(typed) != name {
		p.Add("confirm", "Type "+name+" to confirm.")
	}
	return p.Err()
}

// enableUser lets a person sign in again.
func (h *Handlers) enableUser(c echo.Context) error {
	id := model.UserID(c.Param("id"))
	if err := h.Center.EnableUser(c.Request().Context(), person(c), id, ""); err != nil {
		return err
	}
	return h.done(c, "/users/"+string(id), "Enabled.")
}

// deleteUser takes a person out of the directory.
func (h *Handlers) deleteUser(c echo.Context) error {
	form, err := decode[templates.ConfirmForm](c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), person(c)
	u, err := h.Center.Person(ctx, actor, model.UserID(c.Param("id")))
	if err != nil {
		return err
	}
	err = confirmed(form.Confirm, u.UserName)
	if err == nil {
		err = h.Center.DeleteUser(ctx, actor, u.ID, form.Reason)
	}
	if e, ok := answerable(err); ok {
		return h.askAbout(c, form, deletingUser, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/users", "Deleted "+u.DisplayName+".")
}

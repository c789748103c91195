package handlers

import (
	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// askOffboard asks before a person is kept out for good, and says what ends with it.
func (h *Handlers) askOffboard(c echo.Context) error {
	return h.askAbout(c, templates.ConfirmForm{}, offboardingUser, nil)
}

func offboardingUser(u aboutUser) templates.ConfirmProps {
	effects := append([]string{"They are disabled; sessions, role credentials and one-time links end at once."}, lost(u)...)
	return templates.ConfirmProps{Title: "Offboard " + u.DisplayName, Button: "Offboard", Danger: true, Action: u.address("/offboard"),
		Text:    "Nothing that was ever given to them works any more. What is left to clear away is listed next.",
		Effects: effects, Reason: true}
}

// offboard keeps a person out for good.
func (h *Handlers) offboard(c echo.Context) error {
	form, err := decode[templates.ConfirmForm](c)
	if err != nil {
		return err
	}
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	err = h.Center.Offboard(c.Request().Context(), person(c), u.ID, form.Reason)
	if e, ok := answerable(err); ok {
		return h.askAbout(c, form, offboardingUser, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, u.address("/leftovers"), "Offboarded. Nothing that was given to them works any more.")
}

// ended says that nothing is left of something, or how much.
func ended(n int, one string) templ.Component {
	if n == 0 {
		return templates.Status(templates.ToneOK, "none")
	}
	return templates.Status(templates.ToneWarn, templates.Number(n)+" "+one)
}

// leftovers shows what offboarding leaves of a person.
func (h *Handlers) leftovers(c echo.Context) error {
	u, err := h.userOf(c)
	if err != nil {
		return err
	}
	l, err := h.Center.Leftovers(c.Request().Context(), person(c), u.ID)
	if err != nil {
		return err
	}
	p := templates.LeftoversPage{Head: h.userHead(u, ""), Name: u.DisplayName, At: l.At, CutOff: l.CutOff(), Now: h.Now(),
		Groups: groupLines(u, u.may[model.ActDeleteMembership]), Direct: h.ownRules(l.Direct)}
	state := userState(u.User, u.HasPassword, u.CodesDisabled)
	p.Ended = []templates.Fact{
		{Label: "Status", Value: templates.Status(state.Tone, state.Text)},
		{Label: "Sessions", Value: ended(l.Sessions, "session")},
		{Label: "Role credentials", Value: ended(l.Issued, "set in use")},
		{Label: "One-time links", Value: ended(l.Links, "link that works")},
	}
	p.Kept = []templates.Fact{
		{Label: "Password", Value: templates.Text(map[bool]string{true: "kept, and refused", false: "none"}[l.Password])},
		{Label: "Devices", Value: templates.Text(templates.Number(l.Devices))},
		{Label: "Recovery codes", Value: templates.Text(templates.Number(l.Codes))},
	}
	if u.may[model.ActListSessions] {
		p.Security = u.address("/security")
	}
	if !u.Self && u.may[model.ActDeleteUser] {
		p.Delete = u.address("/delete")
	}
	return h.render(c, userPage(u, "Leftovers"), templates.Leftovers(p))
}

package handlers

import (
	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// invite makes a new invitation for a person who has no password yet.
func (h *Handlers) invite(c echo.Context) error {
	how, err := h.delivery(c)
	if err != nil {
		return err
	}
	u, err := h.Center.Person(c.Request().Context(), person(c), model.UserID(c.Param("id")))
	if err != nil {
		return err
	}
	return h.showInvitation(c, u.User, how, true)
}

// showInvitation makes an invitation for a person and shows it, once. again says that the person existed before. Who may
// not invite, or cannot at the moment, reads why.
func (h *Handlers) showInvitation(c echo.Context, u model.User, how center.Delivery, again bool) error {
	ctx, actor := c.Request().Context(), person(c)
	p := templates.UserCreatedPage{ID: string(u.ID), Name: u.DisplayName, UserName: u.UserName, Email: u.Email, Again: again}
	token, err := h.Center.Invite(ctx, actor, u.ID, how)
	switch kind := model.KindOf(err); {
	case err == nil && how == center.ByMail:
		p.Mailed, p.Expires = true, h.Now().Add(center.LinkLife)
	case err == nil:
		p.Link, p.Expires = h.BaseURL+"/invite/"+token.Reveal(), h.Now().Add(center.LinkLife)
	case !again && (kind == model.Conflict || kind == model.Forbidden):
		p.Why = err.Error()
	default:
		return err
	}
	profile, err := h.Center.Person(ctx, actor, u.ID)
	if err != nil {
		return err
	}
	for _, g := range profile.Groups {
		p.Groups = append(p.Groups, g.Name)
	}
	return h.render(c, userPage(aboutUser{Profile: profile}, "Invitation"), templates.UserCreated(p))
}

package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// Of the groups offered to a new person: how many with a box to tick, and how many names while typing.
const (
	groupsOffered   = 12
	groupsSuggested = 200
)

// newUser shows the form for a new person.
func (h *Handlers) newUser(c echo.Context) error {
	return h.userNew(c, templates.NewUserForm{Group: c.QueryParams()["group"]}, nil)
}

func (h *Handlers) userNew(c echo.Context, form templates.NewUserForm, trouble *model.Error) error {
	list, err := h.Center.Groups(c.Request().Context(), person(c), center.GroupQuery{})
	if err != nil {
		return err
	}
	names, err := h.Center.GroupNames(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	p := templates.UserNewPage{Form: form, Groups: list.All, Offer: offered(list.Groups, form.Group)}
	for _, g := range names[:min(len(names), groupsSuggested)] {
		p.Names = append(p.Names, g.Name)
	}
	about := page{title: "New user", section: "/users", crumbs: []templates.Link{usersCrumb, {Text: "New user"}}}
	if trouble != nil {
		about.status, about.failed, p.Faults = statusOf[trouble.Kind], true, faults(trouble)
	}
	return h.render(c, about, templates.UserNew(p))
}

// offered are the groups with a box to tick: those chosen already, then the first by name.
func offered(groups []center.GroupLine, chosen []string) []templates.GroupOffer {
	var offer, rest []templates.GroupOffer
	for _, g := range groups {
		o := templates.GroupOffer{ID: string(g.ID), Name: g.Name, Chosen: slices.Contains(chosen, string(g.ID)),
			Note: templates.Plural(g.Members, "member", "members") + " · " + templates.Plural(g.Accounts, "account", "accounts")}
		if o.Chosen {
			offer = append(offer, o)
		} else {
			rest = append(rest, o)
		}
	}
	if len(groups) <= groupsOffered {
		offer = append(offer, rest...)
		slices.SortStableFunc(offer, func(a, b templates.GroupOffer) int {
			return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		})
		return offer
	}
	return append(offer, rest[:max(0, groupsOffered-len(offer))]...)
}

// createUser adds a person to the directory and to their groups, and shows their invitation.
func (h *Handlers) createUser(c echo.Context) error {
	form, err := decode[templates.NewUserForm](c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), person(c)
	named, err := h.Center.ParseGroups(ctx, actor, form.Groups)
	if e, ok := answerable(err); ok {
		return h.userNew(c, form, e)
	}
	if err != nil {
		return err
	}
	for _, id := range form.Group {
		named = append(named, model.GroupID(id))
	}
	if err := h.Center.Fresh(ctx, actor, model.ActInviteUser); err != nil {
		return err // the invitation that follows would ask, when the person exists already
	}
	u, err := h.Center.CreateUser(ctx, actor, userFrom(form.UserFields, form.UserName), named)
	if e, ok := answerable(err); ok {
		return h.userNew(c, form, e)
	}
	if err != nil {
		return err
	}
	return h.showInvitation(c, u, h.usual(), false)
}

func userFrom(f templates.UserFields, userName string) model.User {
	return model.User{UserName: userName, GivenName: f.GivenName, FamilyName: f.FamilyName, DisplayName: f.DisplayName,
		Email: f.Email, Title: f.Title}
}

// editUser shows the form that changes a person.
func (h *Handlers) editUser(c echo.Context) error {
	u, err := h.Center.Person(c.Request().Context(), person(c), model.UserID(c.Param("id")))
	if err != nil {
		return err
	}
	form := templates.EditUserForm{UserFields: userFields(u.User), Version: strconv.FormatInt(u.Version, 10)}
	return h.userEdit(c, u.User, form, nil)
}

func userFields(u model.User) templates.UserFields {
	return templates.UserFields{GivenName: u.GivenName, FamilyName: u.FamilyName, DisplayName: u.DisplayName, Email: u.Email, Title: u.Title}
}

func (h *Handlers) userEdit(c echo.Context, u model.User, form templates.EditUserForm, trouble *model.Error) error {
	p := templates.UserEditPage{ID: string(u.ID), Name: u.DisplayName, UserName: u.UserName, Form: form}
	about := userPage(aboutUser{Profile: profileOf(u)}, "Edit")
	if trouble != nil {
		about.status, about.failed, p.Faults = statusOf[trouble.Kind], true, faults(trouble)
	}
	return h.render(c, about, templates.UserEdit(p))
}

func profileOf(u model.User) (p center.Profile) {
	p.User = u
	return p
}

// updateUser saves what was changed about a person.
func (h *Handlers) updateUser(c echo.Context) error {
	form, err := decode[templates.EditUserForm](c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), person(c)
	typed := userFrom(form.UserFields, "")
	typed.ID, typed.Version = model.UserID(c.Param("id")), versionOf(form.Version)
	u, err := h.Center.UpdateUser(ctx, actor, typed, form.Reason)
	e, ok := answerable(err)
	if ok && e.Kind == model.Conflict && len(e.Fields) == 0 {
		return h.userConflict(c, typed, form)
	}
	if ok {
		saved, err := h.Center.Person(ctx, actor, typed.ID)
		if err != nil {
			return err
		}
		return h.userEdit(c, saved.User, form, e)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/users/"+string(u.ID), "Saved the profile of "+u.DisplayName+".")
}

// userConflict shows both versions of a person that somebody else saved meanwhile.
func (h *Handlers) userConflict(c echo.Context, typed model.User, form templates.EditUserForm) error {
	v, err := h.Center.CompareUser(c.Request().Context(), person(c), typed.ID, typed.Version)
	if err != nil {
		return err
	}
	field := func(label, name string, of func(model.User) string) templates.ConflictField {
		return templates.ConflictField{Label: label, Name: name, Before: of(v.Then), Saved: of(v.Now), Yours: of(typed)}
	}
	props := conflict(conflictOf{noun: "user", then: v.Then.Version, now: v.Now.Version, by: v.By, at: v.At, seen: h.Now(),
		address: "/users/" + string(typed.ID), reason: form.Reason}, []templates.ConflictField{
		field("Given name", "given_name", func(u model.User) string { return u.GivenName }),
		field("Family name", "family_name", func(u model.User) string { return u.FamilyName }),
		field("Display name", "display_name", func(u model.User) string { return u.DisplayName }),
		field("E-mail", "email", func(u model.User) string { return u.Email }),
		field("Job title", "title", func(u model.User) string { return u.Title }),
	})
	about := userPage(aboutUser{Profile: profileOf(v.Now)}, "Edit")
	about.status, about.failed = http.StatusConflict, true
	return h.render(c, about, templates.UserEdit(templates.UserEditPage{ID: string(typed.ID), Name: v.Now.DisplayName, Conflict: &props}))
}

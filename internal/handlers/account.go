package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// accountTarget is the account that the address names.
func accountTarget(c echo.Context) model.Target {
	return model.Target{Kind: model.TargetAccount, ID: c.Param("id")}
}

// account is the page of an account: GET /accounts/:id.
func (h *Handlers) account(c echo.Context) error {
	v, view, err := h.accountView(c, "overview")
	if err != nil {
		return err
	}
	view.Roles = h.roles(
		c,
		v.Roles,
		templates.RolesProps{Title: "Who can enter", Noun: v.Name, People: true, Sets: true,
			Count: templates.Plural(v.Entry.People, "person", "people"),
			Empty: templates.EmptyProps{
				Icon:  "users",
				Title: "Nobody can enter",
				Text:  "Assign a permission set to a group or a person, here or on a unit above.",
			}},
	)
	view.Rules = rulesOf(v, "Neither the account nor a unit above it is the target of one.", h.Now())
	view.Guardrails = guardrails(v, true)
	if v.May[model.ActAttachPolicy] {
		view.Attach = "/accounts/attach?targets=" + v.Target.ID
	}
	return h.renderAccount(c, v, view)
}

// accountHistory is the History tab of an account.
func (h *Handlers) accountHistory(c echo.Context) error {
	v, view, err := h.accountView(c, "history")
	if err != nil {
		return err
	}
	if view.History, err = h.history(c, model.Ref{Kind: model.RefAccount, ID: v.Target.ID}, "account"); err != nil {
		return err
	}
	return h.renderAccount(c, v, view)
}

func (h *Handlers) renderAccount(c echo.Context, v center.PlaceView, view templates.AccountPage) error {
	return h.render(c, formPage(v.Name, placeCrumbs(v, ""), 0), templates.Account(view))
}

// accountView is what every tab of an account has.
func (h *Handlers) accountView(c echo.Context, tab string) (center.PlaceView, templates.AccountPage, error) {
	v, err := h.Center.Place(c.Request().Context(), person(c), accountTarget(c))
	if err != nil {
		return v, templates.AccountPage{}, err
	}
	view := templates.AccountPage{Name: v.Name, ID: v.Target.ID, Tab: tab, Actions: accountActions(v)}
	view.Facts = []templates.Fact{
		{Label: "Status", HideLabel: true, Value: templates.Status(stateTone(v.State), capital(stateWord(v.State)))},
		{Label: "Id", Value: templates.Copyable(v.Target.ID, "account id")},
		{Label: "Unit", Value: templates.LinkTo(unitLink(v.Place))},
	}
	if v.Management {
		view.Facts = append(
			view.Facts,
			templates.Fact{
				Label:     "Kind",
				HideLabel: true,
				Value:     templates.Pill(templates.ToneInfo, "Management account"),
			},
		)
	}
	if v.State != model.AccountActive {
		view.Inactive = stateWord(v.State)
	}
	view.Details = append([]templates.Fact{
		{Label: "E-mail", Value: templates.Breakable(v.Account.Email)},
		{Label: "ARN", Value: templates.ARN(v.ARN)},
		{Label: "Added", Value: templates.Moment(v.Account.CreatedAt)},
	}, tagFacts(v.Account.Tags)...)
	return v, view, nil
}

func accountActions(v center.PlaceView) []templates.Action {
	base := "/accounts/" + v.Target.ID
	var actions []templates.Action
	if v.May[model.ActRemoveAccount] && !v.Management {
		actions = append(actions, templates.Action{Text: "Remove", Href: base + "/remove", Icon: "trash", Danger: true, Dialog: true})
	}
	if v.May[model.ActMoveAccount] {
		actions = append(actions, templates.Action{Text: "Move", Href: base + "/move", Icon: "folder"})
	}
	if v.May[model.ActUpdateAccount] {
		actions = append(actions, templates.Action{Text: "Edit", Href: base + "/edit", Icon: "pencil"})
	}
	if v.May[model.ActCreateAssignment] {
		actions = append(actions, templates.Action{Text: "Assign access", Href: assignHref(v.Target), Icon: "plus", Primary: true})
	}
	return actions
}

// placeCrumbs leads from the organization to a place, or to a form about it when last is not empty.
func placeCrumbs(v center.PlaceView, last string) []templates.Link {
	crumbs := []templates.Link{{Text: "Accounts", Href: "/accounts"}}
	for _, above := range v.Above {
		if above.Depth > 0 {
			crumbs = append(crumbs, templates.Link{Text: above.Name, Href: placeHref(above.Target)})
		}
	}
	if last == "" {
		return append(crumbs, templates.Link{Text: v.Name})
	}
	return append(crumbs, templates.Link{Text: v.Name, Href: placeHref(v.Target)}, templates.Link{Text: last})
}

// newAccount is the form that adds an account: GET /accounts/new.
func (h *Handlers) newAccount(c echo.Context) error {
	return h.accountForm(
		c,
		templates.AccountFormPage{New: true, Form: templates.AccountForm{OU: c.QueryParam("ou")}},
		0,
	)
}

// accountForm shows the form of an account with its choices.
func (h *Handlers) accountForm(c echo.Context, view templates.AccountFormPage, status int) error {
	crumbs := accountsCrumbs("Add an account")
	title := "Add an account"
	view.Cancel = "/accounts"
	if view.New {
		units, err := h.Center.Units(c.Request().Context(), person(c), model.ActCreateAccount)
		if err != nil {
			return err
		}
		view.Units = unitOptions(units)
	} else {
		v, err := h.Center.Place(c.Request().Context(), person(c), accountTarget(c), model.ActUpdateAccount)
		if err != nil {
			return err
		}
		if view.Form.Version == "" {
			view.Form = accountFormOf(v.Account)
		}
		view.Form.AccountID, view.Cancel = v.Target.ID, placeHref(v.Target)
		title, crumbs = "Edit "+v.Name, placeCrumbs(v, "Edit")
		for _, state := range model.AccountStates {
			view.States = append(view.States, templates.Option{Value: string(state), Text: capital(stateWord(state))})
		}
	}
	return h.render(c, formPage(title, crumbs, status),
		templates.AccountFields(view))
}

func accountFormOf(a model.Account) templates.AccountForm {
	return templates.AccountForm{AccountID: string(a.ID), Name: a.Name, Email: a.Email, State: string(a.State),
		Tags: tagsText(a.Tags), Version: strconv.FormatInt(a.Version, 10)}
}

// accountOf is the account that a form describes.
func accountOf(f templates.AccountForm) (model.Account, error) {
	p := model.Problems{}
	tags := tagsOf(p, f.Tags)
	return model.Account{
		ID:      model.AccountID(f.AccountID),
		Name:    f.Name,
		Email:   f.Email,
		State:   model.AccountState(f.State),
		OU:      model.OUID(f.OU),
		Tags:    tags,
		Version: versionOf(f.Version),
	}, p.Err()
}

// versionOf reads the version that a form carries; anything else is a version that nothing has.
func versionOf(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// addAccount takes the form: POST /accounts/new.
func (h *Handlers) addAccount(c echo.Context) error {
	form, err := decode[templates.AccountForm](c)
	if err != nil {
		return err
	}
	a, err := accountOf(form)
	if err == nil {
		a, err = h.Center.AddAccount(c.Request().Context(), person(c), a, form.Reason)
	}
	if e, ok := problemsOf(err); ok {
		return h.accountForm(c, templates.AccountFormPage{New: true, Form: form, Problems: e.Fields}, statusOf[e.Kind])
	}
	if err != nil {
		return err
	}
	return h.done(c, "/accounts/"+string(a.ID), fmt.Sprintf("Added the account %s.", a.Name))
}

// editAccount is the form of an account: GET /accounts/:id/edit.
func (h *Handlers) editAccount(c echo.Context) error {
	return h.accountForm(c, templates.AccountFormPage{}, 0)
}

// saveAccount takes the form: POST /accounts/:id/edit.
func (h *Handlers) saveAccount(c echo.Context) error {
	form, err := decode[templates.AccountForm](c)
	if err != nil {
		return err
	}
	form.AccountID = c.Param("id")
	a, err := accountOf(form)
	if err == nil {
		a, err = h.Center.UpdateAccount(c.Request().Context(), person(c), a, form.Reason)
	}
	if e, ok := problemsOf(err); ok {
		return h.accountForm(c, templates.AccountFormPage{Form: form, Problems: e.Fields}, statusOf[e.Kind])
	}
	if model.KindOf(err) == model.Conflict {
		return h.accountConflict(c, form, err)
	}
	if err != nil {
		return err
	}
	return h.done(c, "/accounts/"+string(a.ID), "Saved the account "+a.Name+".")
}

// accountConflict shows what was typed beside what somebody else saved meanwhile.
func (h *Handlers) accountConflict(c echo.Context, form templates.AccountForm, refused error) error {
	v, err := h.Center.CompareAccount(
		c.Request().Context(),
		person(c),
		model.AccountID(form.AccountID),
		versionOf(form.Version),
	)
	if err != nil {
		return errors.Join(refused, err)
	}
	then, saved := accountFormOf(v.Then), accountFormOf(v.Now)
	p := templates.ConflictProps{Title: v.By + " saved this account " + templates.Ago(v.At, h.Now()),
		Text:    "You started from version " + form.Version + ", version " + saved.Version + " is saved now. What you typed is kept.",
		Started: "You started from, " + form.Version, Saved: "Saved by " + v.By + ", " + saved.Version,
		Action: "/accounts/" + form.AccountID + "/edit", Discard: "/accounts/" + form.AccountID,
		Keep: []templates.Pair{{Name: "version", Value: saved.Version}, {Name: "reason", Value: form.Reason}}}
	for _, f := range []templates.ConflictField{
		{Label: "Name", Name: "name", Before: then.Name, Saved: saved.Name, Yours: form.Name},
		{Label: "E-mail", Name: "email", Before: then.Email, Saved: saved.Email, Yours: form.Email},
		{Label: "State", Name: "state", Before: then.State, Saved: saved.State, Yours: form.State},
		{Label: "Tags", Name: "tags", Before: then.Tags, Saved: saved.Tags, Yours: form.Tags, Mono: true},
	} {
		p.Fields = append(p.Fields, f)
		if f.Saved == f.Yours {
			p.Keep = append(p.Keep, templates.Pair{Name: f.Name, Value: f.Yours})
		}
	}
	crumbs := []templates.Link{
		{Text: "Accounts", Href: "/accounts"},
		{Text: v.Now.Name, Href: "/accounts/" + form.AccountID},
		{Text: "Edit"},
	}
	return h.render(c, formPage("Edit "+v.Now.Name, crumbs, http.StatusConflict),
		templates.Conflicted("Edit "+v.Now.Name, p))
}

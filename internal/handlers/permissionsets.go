package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

const (
	permissionSets = "/permission-sets"
	setsPage       = 50 // permission sets on a page of the list
)

var setsCrumb = templates.Link{Text: "Permission sets", Href: permissionSets}

// listPermissionSets is the list; with ?attach= it is the choice of the set that gets a policy.
func (h *Handlers) listPermissionSets(c echo.Context) error {
	query := c.QueryParams()
	filter := center.SetFilter{Text: query.Get("q"), Use: query.Get("use"), After: query.Get("after"), Limit: setsPage}
	list, err := h.Center.PermissionSets(c.Request().Context(), person(c), filter)
	if err != nil {
		return err
	}
	attach := query.Get("attach")
	p := templates.PermissionSetsPage{Query: filter.Text, Any: list.Any, Now: h.Now(), Pager: setsPager(query, list)}
	p.Chips, p.Menus = useFilter(query)
	for _, name := range []string{"use", "attach"} {
		if v := query.Get(name); v != "" {
			p.Keep = append(p.Keep, templates.Pair{Name: name, Value: v})
		}
	}
	if attach != "" {
		p.Attach, p.Cancel = nameOfPolicy(attach), policyHref(attach)
	}
	if list.May {
		p.New = permissionSets + "/new"
		if attach != "" {
			p.New += "?" + url.Values{"attach": {attach}}.Encode()
		}
	}
	for _, s := range list.Sets {
		p.Rows = append(p.Rows, setRow(s, attach))
	}
	return h.render(c, page{title: "Permission sets", section: permissionSets,
		crumbs: []templates.Link{{Text: "Access"}, {Text: "Permission sets"}}}, templates.PermissionSets(p))
}

// setRow is a set in a list. Its name leads to its page, or to its form with a policy to attach.
func setRow(s center.SetSummary, attach string) templates.PermissionSetRow {
	row := templates.PermissionSetRow{Name: s.Name, Href: setHref(s.ID), Description: s.Description, Managed: s.Managed,
		Customer: s.Customer, Inline: s.Inline, Bounded: s.Bounded, Unknown: s.Unknown, Session: sessionText(s.Session()),
		Rules: s.Rules, Accounts: s.Accounts, People: s.People, SavedAt: s.SavedAt}
	if attach != "" {
		row.Href += "/edit?" + url.Values{"attach": {attach}}.Encode()
	}
	return row
}

func setHref(id model.PermissionSetID) string {
	return hrefOf(model.Ref{Kind: model.RefPermissionSet, ID: string(id)})
}

func setsPager(query url.Values, list center.SetList) templates.PagerProps {
	p := templates.PagerProps{First: list.First, Last: list.First + len(list.Sets) - 1, Total: list.Total, Target: "list"}
	if list.After != "" {
		p.Next = permissionSets + "?" + with(query, "after", list.After).Encode()
	}
	if query.Get("after") != "" {
		p.Back, p.BackText = permissionSets+"?"+with(query, "after", "").Encode(), "First"
	}
	return p
}

// useFilter offers the sets in use, and those that are not.
func useFilter(query url.Values) ([]templates.Chip, []templates.Menu) {
	words := map[string]string{"yes": "is assigned", "no": "is not assigned"}
	query = with(query, "after", "")
	without := with(query, "use", "")
	if text, on := words[query.Get("use")]; on {
		return []templates.Chip{
			{Label: "Use", Text: text, Href: permissionSets + "?" + without.Encode(), On: true, Removable: true},
		}, nil
	}
	menu := templates.Menu{Text: "Filter"}
	for _, value := range []string{"yes", "no"} {
		menu.Items = append(
			menu.Items,
			templates.MenuItem{Text: "Use " + words[value], Href: permissionSets + "?" + with(query, "use", value).Encode()},
		)
	}
	return nil, []templates.Menu{menu}
}

// newPermissionSet is the empty form, with the policy that ?attach= names ticked.
func (h *Handlers) newPermissionSet(c echo.Context) error {
	form := templates.PermissionSetForm{SessionDuration: "1"}
	if arn := c.QueryParam("attach"); arn != "" {
		form.ManagedPolicies = []string{arn}
	}
	return h.setForm(c, "", form, nil)
}

// draftPermissionSet draws the form for a new set again, with what its search finds.
func (h *Handlers) draftPermissionSet(c echo.Context) error {
	form, err := decode[templates.PermissionSetForm](c)
	if err != nil {
		return err
	}
	return h.setForm(c, "", form, nil)
}

func (h *Handlers) createPermissionSet(c echo.Context) error {
	form, err := decode[templates.PermissionSetForm](c)
	if err != nil {
		return err
	}
	set, err := h.setOf(form)
	if err == nil {
		set, err = h.Center.CreatePermissionSet(c.Request().Context(), person(c), set, form.Reason)
	}
	if problems, ok := problemsOf(err); ok {
		return h.setForm(c, "", form, problems)
	}
	if err != nil {
		return err
	}
	return h.done(c, setHref(set.ID), "Created the permission set "+set.Name+".")
}

// setForm draws the form for a permission set: a new one when id is empty. problems may be nil.
func (h *Handlers) setForm(
	c echo.Context,
	id model.PermissionSetID,
	form templates.PermissionSetForm,
	problems *model.Error,
) error {
	chosen := arnsOf(form)
	draft, err := h.Center.DraftPermissionSet(c.Request().Context(), person(c), id, form.Find, chosen)
	if err != nil {
		return err
	}
	form.ManagedPolicies = chosen
	p := templates.PermissionSetFormPage{Form: form, Total: draft.Total, Catalogue: draft.Catalogue,
		Chosen: choices(draft.Chosen), Found: choices(draft.Found), Findings: h.inlineFindings(form.InlinePolicy)}
	about := page{
		title:   "New permission set",
		section: permissionSets,
		editor:  true,
		crumbs:  []templates.Link{setsCrumb, {Text: "New"}},
	}
	if id != "" {
		head := h.setHead(draft.Set, "")
		p.Set = &head
		about.title, about.crumbs = "Edit "+head.Name, setCrumbs(head, "Edit")
	}
	if problems != nil {
		p.Problems, about.failed, about.status = fieldsOrMessage(problems), true, statusOf[problems.Kind]
	}
	return h.render(c, about, templates.PermissionSetFields(p))
}

func choices(lines []center.PolicyLine) []templates.PolicyChoice {
	list := make([]templates.PolicyChoice, len(lines))
	for i, l := range lines {
		list[i] = templates.PolicyChoice{ARN: l.ARN, Name: l.Name, Path: l.Path, Href: policyHref(l.ARN), Known: l.Known}
	}
	return list
}

// completeActions proposes how the action that was begun in an editor goes on.
func (h *Handlers) completeActions(c echo.Context) error {
	const most = 40
	items := h.Center.Catalog.Complete(c.QueryParam("prefix"), most)
	if items == nil {
		items = []string{}
	}
	return c.JSON(http.StatusOK, map[string][]string{"items": items})
}

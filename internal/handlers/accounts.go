package handlers

import (
	"fmt"
	"net/url"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// targetOf tells a unit's id from an account's.
func targetOf(id string) model.Target {
	if model.AccountID(id).Valid() {
		return model.Target{Kind: model.TargetAccount, ID: id}
	}
	return model.Target{Kind: model.TargetOU, ID: id}
}

// placeHref is the page of a unit or an account.
func placeHref(t model.Target) string {
	if t.Kind == model.TargetOU {
		return "/accounts/ous/" + url.PathEscape(t.ID)
	}
	return "/accounts/" + url.PathEscape(t.ID)
}

// accounts is the organization: GET /accounts.
func (h *Handlers) accounts(c echo.Context) error {
	q := treeQuery{text: c.QueryParam("q"), guarded: c.QueryParam("scp") != "", list: c.QueryParam("view") == "list",
		at: c.QueryParam("at"), after: c.QueryParam("after")}
	ctx, actor := c.Request().Context(), person(c)
	tree, err := h.Center.Tree(
		ctx,
		actor,
		center.TreeQuery{Text: q.text, Guarded: q.guarded, List: q.list, Open: q.at, After: q.after},
	)
	if err != nil {
		return err
	}
	clear := "/accounts"
	if q.list {
		clear = "/accounts?view=list"
	}
	view := templates.AccountsPage{
		Count: fmt.Sprintf("%s in %s", templates.Number(tree.Accounts), templates.Plural(tree.Units, "unit", "units")),
		Query: q.text, Keep: q.keep(), Flat: q.list, Folded: tree.Folded, Clear: clear, List: "/accounts?view=list",
		Views: []templates.Tab{
			{Text: "Tree", Href: "/accounts", Current: !q.list},
			{Text: "List", Href: "/accounts?view=list", Current: q.list},
		},
		Guarded: templates.Chip{
			Text:      "Has its own guardrail",
			Href:      q.with(func(q *treeQuery) { q.guarded = !q.guarded }),
			On:        q.guarded,
			Removable: q.guarded,
		},
	}
	if tree.First > 0 {
		view.Pager = templates.PagerProps{
			First:  tree.First,
			Last:   tree.First + len(tree.Places) - 1,
			Total:  tree.Matches,
			Target: "places",
		}
		if tree.Next != "" {
			view.Pager.Next = q.with(func(q *treeQuery) { q.after = tree.Next })
		}
		if q.after != "" {
			view.Pager.Back, view.Pager.BackText = q.with(func(q *treeQuery) { q.after = "" }), "First"
		}
	}
	at := q.at
	if at == "" && len(tree.Places) > 0 {
		at = tree.Places[0].Target.ID
	}
	for _, p := range tree.Places {
		row := placeRow(p)
		if !q.list {
			row.Select, row.Selected = q.with(func(q *treeQuery) { q.at = p.Target.ID }), p.Target.ID == at
		}
		view.Rows = append(view.Rows, row)
	}
	if !q.list {
		if view.Selected, err = h.selected(c, at); err != nil {
			return err
		}
	}
	if view.Actions, err = h.organizationActions(c); err != nil {
		return err
	}
	return h.render(c, formPage("Accounts", []templates.Link{{Text: "Access"}, {Text: "Accounts"}}, 0),
		templates.Accounts(view))
}

// treeQuery is what the address of the organization says.
type treeQuery struct {
	text, at, after string
	guarded, list   bool
}

// with is the address after a change.
func (q treeQuery) with(change func(*treeQuery)) string {
	change(&q)
	values := url.Values{}
	set := func(name, value string) {
		if value != "" {
			values.Set(name, value)
		}
	}
	set("q", q.text)
	set("at", q.at)
	set("after", q.after)
	for _, pair := range q.keep() {
		set(pair.Name, pair.Value)
	}
	if len(values) == 0 {
		return "/accounts"
	}
	return "/accounts?" + values.Encode()
}

// keep is what stays in the address while somebody types into the filter.
func (q treeQuery) keep() []templates.Pair {
	var pairs []templates.Pair
	if q.list {
		pairs = append(pairs, templates.Pair{Name: "view", Value: "list"})
	}
	if q.guarded {
		pairs = append(pairs, templates.Pair{Name: "scp", Value: "1"})
	}
	return pairs
}

// organizationActions are the buttons above the organization that the person may use.
func (h *Handlers) organizationActions(c echo.Context) ([]templates.Action, error) {
	may, err := h.Center.Allows(
		c.Request().Context(),
		person(c),
		model.ActListPolicies,
		model.ActCreateOU,
		model.ActCreateAccount,
	)
	if err != nil {
		return nil, err
	}
	var actions []templates.Action
	if may[model.ActListPolicies] {
		actions = append(actions, templates.Action{Text: "Policies", Href: "/accounts/policies", Icon: "shield-half"})
	}
	if may[model.ActCreateOU] {
		actions = append(actions, templates.Action{Text: "New unit", Href: "/accounts/ous/new", Icon: "plus"})
	}
	if may[model.ActCreateAccount] {
		actions = append(
			actions,
			templates.Action{Text: "Add account", Href: "/accounts/new", Icon: "plus", Primary: true},
		)
	}
	return actions, nil
}

// placeRow is a unit or an account as tables show it.
func placeRow(p center.Place) templates.PlaceRow {
	row := templates.PlaceRow{
		Name:       p.Name,
		ID:         p.Target.ID,
		Href:       placeHref(p.Target),
		Unit:       p.IsUnit(),
		Depth:      p.Depth,
		Management: p.Management,
		Inherits:   p.Inherits,
		Accounts:   p.Accounts,
		People:     p.Entry.People,
		Admins:     p.Entry.Administrators,
		Path:       unitLink(p),
	}
	if !p.IsUnit() && p.State != model.AccountActive {
		row.State = stateWord(p.State)
	}
	for _, a := range p.Attached {
		if !a.Policy.AWSManaged {
			row.Guardrails = append(row.Guardrails, policyLink(a.Policy))
		}
	}
	return row
}

// unitLink is the unit that a place is in, in words.
func unitLink(p center.Place) templates.Link {
	words := p.Path
	if words == "" {
		words = "Root"
	}
	return templates.Link{Text: words, Href: placeHref(model.Target{Kind: model.TargetOU, ID: string(p.Unit)})}
}

func policyLink(p model.Policy) templates.Link {
	return templates.Link{Text: p.Name, Href: "/accounts/policies/" + url.PathEscape(string(p.ID))}
}

// stateWord is the state of an account as people say it.
func stateWord(s model.AccountState) string {
	switch s {
	case model.AccountActive:
		return "active"
	case model.AccountPending:
		return "pending activation"
	case model.AccountSuspended:
		return "suspended"
	case model.AccountPendingClosure:
		return "pending closure"
	}
	return "closed"
}

// stateTone is the colour of a state.
func stateTone(s model.AccountState) templates.Tone {
	switch s {
	case model.AccountActive:
		return templates.ToneOK
	case model.AccountPending:
		return templates.ToneWait
	case model.AccountSuspended, model.AccountPendingClosure:
		return templates.ToneWarn
	}
	return templates.ToneOff
}

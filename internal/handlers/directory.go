package handlers

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// may reports which actions the person who asks may do at all: which buttons a page offers.
func (h *Handlers) may(c echo.Context, actions ...string) (map[string]bool, error) {
	return h.Center.Allows(c.Request().Context(), person(c), actions...)
}

// userRow is a person as a list shows them.
func userRow(p center.UserLine) templates.UserRow {
	return templates.UserRow{
		ID: string(p.ID), Name: p.DisplayName, UserName: p.UserName, Initials: p.Initials(),
		Groups: strings.Join(p.Groups, ", "), Accounts: p.Accounts, Seen: p.LastSignIn,
		Factor: factorState(p.Factors), Status: userState(p.User, p.HasPassword, p.CodesDisabled),
	}
}

func userRows(people []center.UserLine) []templates.UserRow {
	rows := make([]templates.UserRow, len(people))
	for i, p := range people {
		rows[i] = userRow(p)
	}
	return rows
}

func factorState(factors int) templates.State {
	if factors == 0 {
		return templates.State{Tone: templates.ToneWarn, Text: "None"}
	}
	return templates.State{Tone: templates.ToneOK, Text: templates.Plural(factors, "device", "devices")}
}

func userState(u model.User, hasPassword, locked bool) templates.State {
	switch {
	case u.Status == model.UserDisabled:
		return templates.State{Tone: templates.ToneOff, Text: "Disabled"}
	case !hasPassword:
		return templates.State{Tone: templates.ToneWait, Text: "No password"}
	case locked:
		return templates.State{Tone: templates.ToneBad, Text: "Codes refused"}
	}
	return templates.State{Tone: templates.ToneOK, Text: "Active"}
}

// ownRules are the assignments of a person or a group.
func (h *Handlers) ownRules(rules []*center.Rule) []templates.OwnRule {
	rows := make([]templates.OwnRule, len(rules))
	for i, r := range rules {
		rows[i] = templates.OwnRule{Rule: templates.Link{Text: "Open", Href: "/assignments/" + url.PathEscape(string(r.ID))},
			Set:    templates.Link{Text: r.Set.Name, Href: hrefOf(model.Ref{Kind: model.RefPermissionSet, ID: string(r.Set.ID)})},
			Reason: r.Reason, EndsAt: r.ExpiresAt, State: ruleState(r, h.Now())}
		if r.Account != nil {
			rows[i].Target = templates.Link{Text: r.Account.Name, Href: hrefOf(model.Ref{Kind: model.RefAccount, ID: string(r.Account.ID)})}
			rows[i].Reach = string(r.Account.ID)
			continue
		}
		rows[i].Target = templates.Link{Text: r.OU.Words(), Href: hrefOf(model.Ref{Kind: model.RefOU, ID: string(r.OU.ID)})}
		rows[i].Reach = "unit, " + templates.Plural(len(r.Accounts()), "account", "accounts")
	}
	return rows
}

func ruleState(r *center.Rule, now time.Time) templates.State {
	switch {
	case now.Before(r.StartsAt):
		return templates.State{Tone: templates.ToneWait, Text: "Starts " + templates.Ago(r.StartsAt, now)}
	case !r.Holds(now):
		return templates.State{Tone: templates.ToneOff, Text: "Ended"}
	case !r.ExpiresAt.IsZero():
		return templates.State{Tone: templates.ToneOK, Text: "Temporary"}
	}
	return templates.State{Tone: templates.ToneOK, Text: "In force"}
}

// listAddress builds addresses of a list from the one that was asked for.
type listAddress struct {
	path  string
	query url.Values
}

// addressOf returns the address of a list with the parameters that the list knows.
func addressOf(c echo.Context, known ...string) listAddress {
	a := listAddress{path: c.Request().URL.Path, query: url.Values{}}
	for _, name := range known {
		if v := c.QueryParam(name); v != "" && utf8.ValidString(v) && !strings.ContainsRune(v, 0) {
			a.query.Set(name, v)
		}
	}
	return a
}

// with returns the address with a parameter set, or left out when it is empty; what pages is dropped.
func (a listAddress) with(name, value string) string {
	query := with(a.query, name, value)
	for _, paging := range []string{"after", "before"} {
		if paging != name {
			query.Del(paging)
		}
	}
	if len(query) == 0 {
		return a.path
	}
	return a.path + "?" + query.Encode()
}

// file returns the address of the list as a file.
func (a listAddress) file() string {
	return listAddress{path: a.path + ".csv", query: a.query}.with("after", "")
}

// get returns a parameter.
func (a listAddress) get(name string) string { return a.query.Get(name) }

// keep returns the parameters that a filter form sends along.
func (a listAddress) keep() []templates.Pair {
	var pairs []templates.Pair
	for name := range a.query {
		if name != "q" && name != "after" && name != "before" {
			pairs = append(pairs, templates.Pair{Name: name, Value: a.query.Get(name)})
		}
	}
	slices.SortFunc(pairs, func(a, b templates.Pair) int { return strings.Compare(a.Name, b.Name) })
	return pairs
}

// sorted fills in how a column sorts: first ascending, when it is asked for again descending.
func (a listAddress) sorted(column templates.Column, name, standard string) templates.Column {
	current, descending := a.get("sort"), a.get("dir") == "desc"
	if current == "" {
		current = standard
	}
	next := listAddress{a.path, with(a.query, "dir", "")}
	if current == name {
		column.Order = "ascending"
		if descending {
			column.Order = "descending"
		} else {
			next.query.Set("dir", "desc")
		}
	}
	column.Sort = next.with("sort", name)
	return column
}

// pager is the foot of a page of rows.
func (a listAddress) pager(first, shown, total int, back, next, target string) templates.PagerProps {
	p := templates.PagerProps{First: first, Last: first + shown - 1, Total: total, Target: target}
	if back != "" {
		p.Back = a.with("before", back)
	}
	if next != "" {
		p.Next = a.with("after", next)
	}
	return p
}

// textOr is a text, or in grey the word that stands for none.
func textOr(text, none string) templ.Component {
	if text == "" {
		return templates.Faint(none)
	}
	return templates.Text(text)
}

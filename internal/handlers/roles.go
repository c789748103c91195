package handlers

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// rolesPage is how many roles a page of a list shows.
const rolesPage = 50

// roles fills a table of roles at the address the request asks for: the rows that ?q= names, from the one after
// ?after=, with ?why= open. p says what the table is of and which columns differ from row to row.
func (h *Handlers) roles(c echo.Context, list []center.Role, p templates.RolesProps) templates.RolesProps {
	p.Address, p.Now, p.Why, p.Query = c.Request().URL.Path, h.Now(), c.QueryParam("why"), url.Values{}
	for _, name := range []string{"q", "after"} {
		if v := c.QueryParam(name); v != "" {
			p.Query.Set(name, v)
		}
	}
	p.Search = p.Search || len(list) > rolesPage
	found := matching(list, p.Query.Get("q"))
	from := 0
	for i, r := range found {
		if r.ID() == p.Query.Get("after") {
			from = i + 1
		}
	}
	shown := found[from:min(from+rolesPage, len(found))]
	for _, r := range shown {
		row := roleRow(r)
		if row.ID == p.Why {
			explainRow(&row, r)
		}
		p.Rows = append(p.Rows, row)
	}
	p.Pager = templates.PagerProps{First: from + 1, Last: from + len(shown), Total: len(found), Target: "roles"}
	if from+len(shown) < len(found) {
		p.Pager.Next = p.Address + "?" + with(p.Query, "after", shown[len(shown)-1].ID()).Encode()
	}
	if from > 0 {
		p.Pager.Back, p.Pager.BackText = p.Address+"?"+with(p.Query, "after", "").Encode(), "First"
	}
	return p
}

// matching returns the roles that have a text in one of their names.
func matching(roles []center.Role, text string) []center.Role {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return roles
	}
	return slices.DeleteFunc(slices.Clone(roles), func(r center.Role) bool { return !strings.Contains(roleText(r), text) })
}

// with returns a copy of a query with one value set, or removed when it is empty.
func with(query url.Values, name, value string) url.Values {
	changed := url.Values{}
	for n, values := range query {
		changed[n] = values
	}
	changed.Del(name)
	if value != "" {
		changed.Set(name, value)
	}
	return changed
}

// roleText is what a filter looks into.
func roleText(r center.Role) string {
	parts := []string{r.User.DisplayName, r.User.UserName, r.Account.Name, string(r.Account.ID), r.Set.Name}
	for _, rule := range r.Via {
		if rule.Group != nil {
			parts = append(parts, rule.Group.Name)
		}
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}

func roleRow(r center.Role) templates.RoleRow {
	row := templates.RoleRow{
		ID: r.ID(), UserName: r.User.UserName,
		Account: templates.Link{Text: r.Account.Name, Href: hrefOf(model.Ref{Kind: model.RefAccount,
			ID: string(r.Account.ID)})},
		AccountID: string(r.Account.ID), Session: sessionText(r.Set.Duration), EndsAt: r.ExpiresAt(),
		Set: templates.Link{Text: r.Set.Name, Href: hrefOf(model.Ref{Kind: model.RefPermissionSet, ID: string(r.Set.ID)})},
	}
	if r.User.ID != "" {
		row.Person = templates.Link{Text: r.User.DisplayName,
			Href: hrefOf(model.Ref{Kind: model.RefUser, ID: string(r.User.ID)})}
	}
	for _, rule := range r.Via {
		row.Ways = append(row.Ways, roleWay(rule))
	}
	return row
}

// explainRow adds what only the row that is open shows: what its set may allow, and what limits it.
func explainRow(row *templates.RoleRow, r center.Role) {
	row.Limits, row.Unknown = r.Account.Guardrails(), r.Set.Unknown
	for _, p := range r.Set.Policies {
		row.Grants = append(row.Grants, p.Name())
	}
	if r.Set.Boundary != nil {
		row.Boundary = r.Set.Boundary.Name()
	}
}

func roleWay(rule *center.Rule) templates.RoleWay {
	way := templates.RoleWay{Rule: templates.Link{Href: "/assignments/" + url.PathEscape(string(rule.ID))},
		Reason: rule.Reason,
		Since:  rule.CreatedAt, EndsAt: rule.ExpiresAt}
	if g := rule.Group; g != nil {
		way.Group = templates.Link{Text: g.Name, Href: hrefOf(model.Ref{Kind: model.RefGroup, ID: string(g.ID)})}
		way.Members = len(g.Members)
	}
	if rule.OU != nil {
		way.Unit = rule.OU.Words()
	}
	return way
}

// sessionText is how long a session lasts, as people say it: 1 h, 1 h 30 min.
func sessionText(d time.Duration) string {
	hours, minutes := int(d.Hours()), int(d.Minutes())%60
	if minutes == 0 {
		return fmt.Sprintf("%d h", hours)
	}
	return fmt.Sprintf("%d h %d min", hours, minutes)
}

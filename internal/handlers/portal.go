package handlers

import (
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/web/templates"
)

const (
	portalPath = "/portal"
	mostRecent = 3  // roles that a person used last
	portalPage = 50 // accounts on a page
	mostIssued = 10 // role credentials in the list of those in use
)

// portal is the first page of everybody who is signed in.
func (h *Handlers) portal(c echo.Context) error {
	mine, err := h.Center.Portal(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	found := heldMatching(mine.Roles, c.QueryParam("q"))
	if c.QueryParam("open") != "" && len(found) == 1 {
		return h.redirect(c, rolePath(found[0].Role))
	}
	b := browser(c)
	p := templates.PortalPage{Greeting: "Hello, " + b.User.GivenName, Roles: len(mine.Roles),
		Accounts: len(byAccount(mine.Roles)), EndsAt: b.EndsAt(),
		MFA: person(c).MFA, Recent: h.recent(mine.Roles),
		List: h.portalAccounts(c, found), Issued: h.issued(mine.Issued, ownCredentials), Now: h.Now()}
	for _, name := range mine.Ask {
		p.Ask = append(p.Ask, templates.Person{Name: name, Note: "administrator"})
	}
	return h.render(c, page{title: "My accounts", section: portalPath, layout: templates.Portal}, templates.PortalHome(p))
}

// heldMatching returns the roles that have every word of a text in one of their names or ids.
func heldMatching(roles []center.HeldRole, text string) []center.HeldRole {
	words := strings.Fields(strings.ToLower(text))
	return slices.DeleteFunc(slices.Clone(roles), func(r center.HeldRole) bool {
		names := strings.ToLower(strings.Join([]string{r.Account.Name, string(r.Account.ID), r.Account.OU.Words(), r.Set.Name,
			r.Set.Description}, "\n"))
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(names, w) })
	})
}

// byAccount cuts a list of roles, which is in order of accounts, into one part for each account.
func byAccount(roles []center.HeldRole) [][]center.HeldRole {
	var parts [][]center.HeldRole
	for len(roles) > 0 {
		n := 1
		for n < len(roles) && roles[n].Account == roles[0].Account {
			n++
		}
		parts, roles = append(parts, roles[:n]), roles[n:]
	}
	return parts
}

// recent returns the roles that were used last, the latest first.
func (h *Handlers) recent(roles []center.HeldRole) []templates.PortalRole {
	used := slices.DeleteFunc(slices.Clone(roles), func(r center.HeldRole) bool { return r.LastUsed.IsZero() })
	slices.SortStableFunc(used, func(a, b center.HeldRole) int { return b.LastUsed.Compare(a.LastUsed) })
	var recent []templates.PortalRole
	for _, r := range used[:min(mostRecent, len(used))] {
		recent = append(recent, portalRole(r))
	}
	return recent
}

// portalAccounts is the page of accounts after the one that ?after= names.
func (h *Handlers) portalAccounts(c echo.Context, found []center.HeldRole) templates.PortalAccounts {
	query, parts := url.Values{}, byAccount(found)
	list := templates.PortalAccounts{Query: strings.TrimSpace(c.QueryParam("q")), Found: len(found), Now: h.Now()}
	if list.Query != "" {
		query.Set("q", list.Query)
	}
	from := 1 + slices.IndexFunc(parts, func(part []center.HeldRole) bool {
		return string(part[0].Account.ID) == c.QueryParam("after")
	})
	shown := parts[from:min(from+portalPage, len(parts))]
	for _, part := range shown {
		a := part[0].Account
		account := templates.PortalAccount{Name: a.Name, ID: string(a.ID), Unit: a.OU.Words()}
		for _, r := range part {
			account.Roles = append(account.Roles, portalRole(r))
		}
		list.Accounts = append(list.Accounts, account)
	}
	list.Pager = templates.PagerProps{First: from + 1, Last: from + len(shown), Total: len(parts), Target: "accounts"}
	if from+len(shown) < len(parts) {
		last := shown[len(shown)-1][0].Account.ID
		list.Pager.Next = portalPath + "?" + with(query, "after", string(last)).Encode()
	}
	if from > 0 {
		list.Pager.Back, list.Pager.BackText = strings.TrimSuffix(portalPath+"?"+query.Encode(), "?"), "First"
	}
	return list
}

func portalRole(r center.HeldRole) templates.PortalRole {
	return templates.PortalRole{Account: r.Account.Name, AccountID: string(r.Account.ID), Set: r.Set.Name,
		Note: r.Set.Description, Session: sessionText(r.Set.Duration), Href: rolePath(r.Role),
		Why:    myAccessPath + "?why=" + r.ID() + "#ask-" + r.ID(),
		EndsAt: r.ExpiresAt(), LastUsed: r.LastUsed}
}

// rolePath is the address of a person's own role.
func rolePath(r center.Role) string {
	return portalPath + "/" + url.PathEscape(string(r.Account.ID)) + "/" + url.PathEscape(string(r.Set.ID))
}

// issued is the list of role credentials that are neither expired nor revoked. address is where they are revoked; empty
// for who may not.
func (h *Handlers) issued(list []center.Issued, address string) templates.IssuedProps {
	p := templates.IssuedProps{Total: len(list), Now: h.Now()}
	if len(list) > 1 && address != "" {
		p.RevokeAll = address + "/revoke"
	}
	for _, s := range list[:min(mostIssued, len(list))] {
		row := templates.IssuedRow{AccessKeyID: string(s.AccessKeyID), Account: s.AccountName, Set: s.SetName,
			TakenAt: s.IssuedAt, LastUsed: s.LastUsedAt, Expires: s.ExpiresAt, Refused: !s.Held}
		if address != "" {
			row.Revoke = address + "/" + url.PathEscape(string(s.AccessKeyID)) + "/revoke"
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

const myAccessPath = "/me/access"

// myAccess explains every role of the person who asks.
func (h *Handlers) myAccess(c echo.Context) error {
	mine, err := h.Center.Portal(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	roles, used := make([]center.Role, len(mine.Roles)), map[string]center.HeldRole{}
	for i, r := range mine.Roles {
		roles[i], used[r.ID()] = r.Role, r
	}
	name := browser(c).User.DisplayName
	p := h.roles(c, roles, templates.RolesProps{Title: "My roles", Noun: name, Accounts: true, Sets: true, Used: true,
		Graph: true, Count: templates.Number(len(roles)), Search: true, Empty: templates.EmptyProps{Icon: "cloud-off",
			Title: "You have no roles yet", Text: "Roles come with a group or an assignment."}})
	linked := h.operates(c)
	for i := range p.Rows {
		p.Rows[i].LastUsed = used[p.Rows[i].ID].LastUsed
		if !linked {
			p.Rows[i] = withoutLinks(p.Rows[i])
		}
	}
	about := page{title: "My access, explained", section: myAccessPath, layout: templates.Portal}
	return h.render(c, about, templates.MyAccess(p))
}

// withoutLinks is a row for somebody who may not open the pages of the console.
func withoutLinks(row templates.RoleRow) templates.RoleRow {
	row.Person.Href, row.Account.Href, row.Set.Href = "", "", ""
	for i := range row.Ways {
		row.Ways[i].Group.Href, row.Ways[i].Rule.Href = "", ""
	}
	return row
}

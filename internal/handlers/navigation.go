package handlers

import (
	"strconv"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// place is one item of the navigation and the action that opens it.
type place struct {
	item   templates.NavItem
	action string
}

// navigation offers the places that a person may open; people without a role in the management account get the portal's.
func navigation(m center.Menu) []templates.NavGroup {
	if !m.Operator {
		return templates.PortalNav()
	}
	count := strconv.Itoa
	groups := []struct {
		heading string
		places  []place
	}{
		{"", []place{{templates.NavItem{Text: "Overview", Href: "/", Icon: "layout-dashboard"}, model.ActReadOverview}}},
		{"Directory", []place{
			{templates.NavItem{Text: "Users", Href: "/users", Icon: "user", Count: count(m.Users)}, model.ActListUsers},
			{templates.NavItem{Text: "Groups", Href: "/groups", Icon: "users", Count: count(m.Groups)}, model.ActListGroups},
		}},
		{"Access", []place{
			{templates.NavItem{Text: "Accounts", Href: "/accounts", Icon: "sitemap", Count: count(m.Accounts)}, model.ActListAccounts},
			{templates.NavItem{Text: "Permission sets", Href: "/permission-sets", Icon: "shield-lock", Count: count(m.Sets)}, model.ActListPermissionSets},
			{templates.NavItem{Text: "Assignments", Href: "/assignments", Icon: "link", Count: count(m.Assignments)}, model.ActListAssignments},
		}},
		{"Explain", []place{{templates.NavItem{Text: "Simulate", Href: "/simulate", Icon: "player-play"}, model.ActSimulate}}},
		{"Evidence", []place{
			{templates.NavItem{Text: "Credential report", Href: "/reports/credentials", Icon: "file-text"}, model.ActGetReport},
			{templates.NavItem{Text: "Audit trail", Href: "/audit", Icon: "history"}, model.ActReadAudit},
		}},
		{"Gatehouse", []place{
			{templates.NavItem{Text: "Settings", Href: settingsPath, Icon: "settings"}, model.ActReadSignInPolicy},
		}},
	}
	var nav []templates.NavGroup
	for _, g := range groups {
		shown := templates.NavGroup{Heading: g.heading}
		for _, p := range g.places {
			if m.May[p.action] {
				shown.Items = append(shown.Items, p.item)
			}
		}
		if g.heading == "Gatehouse" && m.Approvals {
			shown.Items = append([]templates.NavItem{approvalsItem(m.ToApprove)}, shown.Items...)
		}
		if len(shown.Items) > 0 {
			nav = append(nav, shown)
		}
	}
	return nav
}

// approvalsItem counts what waits for the viewer's word.
func approvalsItem(waiting int) templates.NavItem {
	item := templates.NavItem{Text: "Approvals", Href: approvalsPath, Icon: "checks"}
	if waiting > 0 {
		item.Count = strconv.Itoa(waiting)
	}
	return item
}

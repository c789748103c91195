package handlers

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// setID is the permission set that the address names.
func setID(c echo.Context) model.PermissionSetID { return model.PermissionSetID(c.Param("id")) }

// setHead is the top of the pages about a permission set; tab is the current one's address below the set's.
func (h *Handlers) setHead(v center.SetView, tab string) templates.PermissionSetHead {
	base := setHref(v.ID)
	head := templates.PermissionSetHead{Name: v.Name, Base: base, ARN: v.ARN, Session: sessionText(v.SessionDuration),
		Version: v.Version, SavedBy: savedBy(v.SavedByName), SavedAt: v.UpdatedAt, Rules: v.Rules, Accounts: v.Accounts,
		People: v.People, Tab: tab, Now: h.Now()}
	if v.May[model.ActUpdatePermissionSet] {
		head.Edit = base + "/edit"
	}
	if v.May[model.ActDeletePermissionSet] {
		head.Delete = base + "/delete"
	}
	if v.May[model.ActCreateAssignment] {
		head.Assign = "/assignments/new?" + url.Values{"permission_sets": {string(v.ID)}}.Encode()
	}
	return head
}

func savedBy(name string) string {
	if name == "" {
		return "the host"
	}
	return name
}

func setCrumbs(head templates.PermissionSetHead, here string) []templates.Link {
	if here == "" {
		return []templates.Link{setsCrumb, {Text: head.Name}}
	}
	return []templates.Link{setsCrumb, {Text: head.Name, Href: head.Base}, {Text: here}}
}

func setPage(head templates.PermissionSetHead, here string) page {
	title := head.Name
	if here != "" {
		title = here + " of " + head.Name
	}
	return page{title: title, section: permissionSets, crumbs: setCrumbs(head, here)}
}

func (h *Handlers) permissionSet(c echo.Context) error {
	v, err := h.Center.PermissionSet(c.Request().Context(), person(c), setID(c))
	if err != nil {
		return err
	}
	p := templates.PermissionSetPage{PermissionSetHead: h.setHead(v, ""), Inline: v.InlinePolicy,
		Findings: h.inlineFindings(v.InlinePolicy)}
	p.Boundary.Customer = v.Boundary.Customer.Path + v.Boundary.Customer.Name
	for _, line := range v.Policies {
		p.Managed = append(p.Managed, setPolicyRow(line))
	}
	for _, name := range v.CustomerPolicies {
		p.Customer = append(p.Customer, name.Path+name.Name)
	}
	if v.Boundary.ManagedPolicy != "" {
		p.Boundary.Managed = setPolicyRow(v.Fence)
	}
	return h.render(c, setPage(p.PermissionSetHead, ""), templates.PermissionSet(p))
}

func setPolicyRow(l center.PolicyLine) templates.SetPolicyRow {
	return templates.SetPolicyRow{
		Name:     l.Name,
		ARN:      l.ARN,
		Href:     policyHref(l.ARN),
		Version:  l.Version,
		Known:    l.Known,
		Outdated: l.Outdated,
	}
}

func (h *Handlers) permissionSetSettings(c echo.Context) error {
	v, err := h.Center.PermissionSet(c.Request().Context(), person(c), setID(c))
	if err != nil {
		return err
	}
	p := templates.PermissionSetSettings{
		PermissionSetHead: h.setHead(v, "/settings"),
		ID:                string(v.ID),
		Description:       v.Description,
		RelayState:        v.RelayState,
		CreatedAt:         v.CreatedAt,
		RoleName:          rolePattern(v.PermissionSet),
	}
	for _, key := range slices.Sorted(maps.Keys(v.Tags)) {
		p.Tags = append(p.Tags, templates.Pair{Name: key, Value: v.Tags[key]})
	}
	return h.render(c, setPage(p.PermissionSetHead, "Settings"), templates.PermissionSetSettingsTab(p))
}

// rolePattern is the name of a set's roles with … for the part that differs by account.
func rolePattern(s model.PermissionSet) string {
	name := s.RoleName("")
	return name[:strings.LastIndexByte(name, '_')+1] + "…"
}

func (h *Handlers) permissionSetAssignments(c echo.Context) error {
	v, rules, err := h.Center.SetAssignments(c.Request().Context(), person(c), setID(c))
	if err != nil {
		return err
	}
	p := templates.PermissionSetAssignments{PermissionSetHead: h.setHead(v, "/assignments")}
	for _, r := range rules {
		p.Rows = append(p.Rows, h.assignmentRow(r))
	}
	return h.render(c, setPage(p.PermissionSetHead, "Assignments"), templates.PermissionSetAssignmentsTab(p))
}

func (h *Handlers) assignmentRow(r center.RuleLine) templates.AssignmentRow {
	return templates.AssignmentRow{
		Href:  "/assignments/" + url.PathEscape(string(r.ID)),
		Who:   templates.Link{Text: r.Principal.Name, Href: hrefOf(r.Principal)},
		Group: r.Principal.Kind == model.RefGroup, Unit: r.Target.Kind == model.RefOU,
		Where: templates.Link{Text: r.Target.Name, Href: hrefOf(r.Target)}, Accounts: r.Accounts,
		StartsAt: r.StartsAt, EndsAt: r.ExpiresAt, Reason: r.Reason,
		Upcoming: !r.Holds && r.StartsAt.After(h.Now()), Expired: !r.Holds && !r.StartsAt.After(h.Now()),
	}
}

func (h *Handlers) permissionSetPeople(c echo.Context) error {
	v, roles, err := h.Center.SetRoles(c.Request().Context(), person(c), setID(c))
	if err != nil {
		return err
	}
	p := templates.PermissionSetPeople{PermissionSetHead: h.setHead(v, "/people")}
	p.Roles = h.roles(c, roles, templates.RolesProps{Title: "Who has it", Noun: v.Name, People: true, Accounts: true,
		Count: templates.Plural(v.People, "person", "people") + " in " + templates.Plural(v.Accounts, "account", "accounts"),
		Empty: templates.EmptyProps{
			Icon:  "users",
			Title: "Nobody has it now",
			Text:  "Nothing assigns it, or its assignments have ended or have not begun.",
		}})
	return h.render(c, setPage(p.PermissionSetHead, "Who has it"), templates.PermissionSetPeopleTab(p))
}

func (h *Handlers) permissionSetHistory(c echo.Context) error {
	v, err := h.Center.PermissionSet(c.Request().Context(), person(c), setID(c))
	if err != nil {
		return err
	}
	p := templates.PermissionSetHistory{PermissionSetHead: h.setHead(v, "/history")}
	ref := model.Ref{Kind: model.RefPermissionSet, ID: string(v.ID), Name: v.Name}
	if p.History, err = h.history(c, ref, "permission set"); err != nil {
		return err
	}
	return h.render(c, setPage(p.PermissionSetHead, "History"), templates.PermissionSetHistoryTab(p))
}

package templates_test

import (
	"testing"
	"time"

	"gatehouse/web/templates"
)

var (
	prodUnit = templates.Link{Text: "Workloads/Prod", Href: "/accounts/ous/ou-sc7k-b8k6y2rj"}
	denyIAM  = templates.Link{Text: "ProdGuardrails", Href: "/accounts/policies/p-0d7aabc399"}
	live     = templates.PlaceRow{
		Name: "SecureCart-Production", ID: "222233334444", Href: "/accounts/222233334444", Depth: 3, Path: prodUnit,
		Inherits: true, People: 13, Select: "/accounts?at=222233334444", Selected: true,
	}
)

func places() []templates.PlaceRow {
	return []templates.PlaceRow{
		{
			Name:       "Root",
			ID:         "r-sc7k",
			Href:       "/accounts/ous/r-sc7k",
			Unit:       true,
			People:     18,
			Admins:     2,
			Guardrails: []templates.Link{denyIAM},
		},
		{
			Name:       "SecureCart-Management",
			ID:         "111122223333",
			Href:       "/accounts/111122223333",
			Depth:      1,
			Management: true,
			People:     1,
			Admins:     1,
		},
		{Name: "Retired", ID: "999900001111", Href: "/accounts/999900001111", Depth: 6, State: "suspended"},
		live,
	}
}

func guardrails() templates.GuardrailsProps {
	return templates.GuardrailsProps{Closed: []string{"Prod"}, Rails: []templates.GuardrailRow{
		{
			Name: "BaselineDeny",
			Href: denyIAM.Href,
			Kind: "SCP",
			From: templates.Link{Text: "Root", Href: "/accounts/ous/r-sc7k"},
			Text: "No IAM users",
		},
		{Name: "OnlyUs", Href: denyIAM.Href, Kind: "RCP", Direct: true, Detach: "/accounts/detach?policy=p&target=t"},
	}}
}

func entries() templates.EntriesProps {
	p := templates.EntriesProps{People: 13}
	for i := range 10 {
		p.Entries = append(
			p.Entries,
			templates.EntryBar{
				Set:       templates.Link{Text: "Set", Href: "/permission-sets/ps"},
				People:    10 - i,
				Unbounded: i == 1,
			},
		)
	}
	return p
}

func TestTheOrganization(t *testing.T) {
	panel := templates.PlacePanel{
		Name:       live.Name,
		ID:         live.ID,
		Href:       live.Href,
		Guardrails: guardrails(),
		Entries:    entries(),
		Facts: []templates.Fact{
			{Label: "Unit", Value: templates.LinkTo(prodUnit)},
			{Label: "Tags", Value: templates.TagList([]string{"use=shop"})},
		},
		Actions: []templates.Action{{Text: "Open", Href: live.Href, Icon: "arrow-right"}},
	}
	page := templates.AccountsPage{Count: "6 in 5 units", Rows: places(), Selected: &panel,
		Views: []templates.Tab{
			{Text: "Tree", Href: "/accounts", Current: true},
			{Text: "List", Href: "/accounts?view=list"},
		}}
	golden(t, "accounts-tree", templates.Accounts(page))
	page.Selected, page.Flat, page.Pager = nil, true, templates.PagerProps{
		First:  1,
		Last:   4,
		Total:  9,
		Next:   "/accounts?after=x",
		Target: "places",
	}
	golden(t, "accounts-list", templates.Accounts(page))
	page.Flat, page.Folded, page.List = false, true, "/accounts?view=list"
	golden(t, "accounts-folded", templates.Accounts(page))
	golden(t, "accounts-none", templates.Accounts(templates.AccountsPage{Query: "zzz", Clear: "/accounts"}))
	golden(t, "guardrails-management", templates.Guardrails(templates.GuardrailsProps{Management: true}))
	golden(t, "guardrails-none", templates.Guardrails(templates.GuardrailsProps{Closed: []string{"Prod", "Live"}}))
	golden(t, "entries-none", templates.Entries(templates.EntriesProps{}))
}

func TestAnAccountAndAUnit(t *testing.T) {
	rules := templates.RulesProps{Total: 30, All: "/assignments", Rules: []templates.RuleRow{
		{
			Href:      "/assignments/1",
			Principal: templates.Link{Text: "Developers", Href: "/groups/g"},
			Group:     true,
			Set:       denyIAM,
			Target:    prodUnit,
		},
		{
			Href:      "/assignments/2",
			Principal: templates.Link{Text: "Ana", Href: "/users/u"},
			Set:       denyIAM,
			Target:    prodUnit,
			Ends:      "in 6 days",
		},
		{
			Href:      "/assignments/3",
			Principal: templates.Link{Text: "Bob", Href: "/users/v"},
			Set:       denyIAM,
			Target:    prodUnit,
			Off:       "ended",
		},
	}}
	account := templates.AccountPage{Name: live.Name, ID: live.ID, Tab: "overview", Inactive: "suspended", Rules: rules,
		Guardrails: guardrails(), Attach: "/accounts/attach?targets=222233334444", Roles: templates.RolesProps{Title: "Who can enter"}}
	golden(t, "account", templates.Account(account))
	account.Tab = "history"
	golden(t, "account-history", templates.Account(account))
	unit := templates.UnitPage{
		Name:       "Prod",
		ID:         "ou-sc7k-b8k6y2rj",
		Tab:        "overview",
		Rows:       places(),
		Rules:      rules,
		Guardrails: guardrails(),
		Entries:    entries(),
	}
	golden(t, "unit", templates.Unit(unit))
	golden(
		t,
		"unit-empty",
		templates.Unit(
			templates.UnitPage{
				Name:  "Prod",
				ID:    "ou-1",
				Tab:   "overview",
				Rules: templates.RulesProps{Empty: "Nothing."},
			},
		),
	)
	golden(
		t,
		"in-the-way",
		templates.InTheWay(
			templates.InTheWayProps{Title: "Not yet", Text: "Remove them first.", Rules: rules, Back: "/accounts"},
		),
	)
}

func TestTheFormsOfTheOrganization(t *testing.T) {
	units := []templates.Option{{Value: "r-sc7k", Text: "Root"}, {Value: "ou-1", Text: "Prod", Disabled: true}}
	problems := map[string]string{"name": "Enter a value.", "tags": "Write it as key=value."}
	golden(
		t,
		"account-new",
		templates.AccountFields(templates.AccountFormPage{New: true, Units: units, Problems: problems,
			Form: templates.AccountForm{AccountID: "2222", OU: "ou-1", Reason: "CHG-1"}}),
	)
	golden(t, "account-edit", templates.AccountFields(templates.AccountFormPage{
		Form: templates.AccountForm{
			AccountID: "222233334444",
			Name:      "Live",
			Tags:      "a=1\nb=2",
			Version:   "3",
			State:     "ACTIVE",
		},
		Stale: &templates.StaleProps{
			Noun:   "account",
			Fields: []templates.StaleField{{Label: "Name", Saved: "A", Yours: "B"}},
		}}))
	golden(t, "unit-new", templates.UnitFields(templates.UnitFormPage{Units: units, Problems: problems}))
	golden(
		t,
		"unit-rename",
		templates.UnitFields(templates.UnitFormPage{ID: "ou-1", Form: templates.UnitForm{Name: "Prod", Version: "1"}}),
	)
	move := templates.MovePage{Name: "Live", ID: "222233334444", Here: "Root", Units: units}
	golden(t, "move", templates.Move(move))
	role := templates.MoveRole{Person: templates.Link{Text: "Ana", Href: "/users/u"}, Set: denyIAM}
	move.Review = &templates.MoveReview{
		From:   "Root",
		To:     "Prod",
		Off:    []templates.Link{denyIAM},
		On:     []templates.Link{denyIAM},
		Lost:   []templates.MoveRole{role, role},
		Gained: []templates.MoveRole{role},
		Most:   1,
	}
	golden(t, "move-review", templates.Move(move))
	move.Review = &templates.MoveReview{From: "Root", To: "Prod"}
	golden(t, "move-nothing", templates.Move(move))
}

func TestPoliciesOfTheOrganization(t *testing.T) {
	golden(
		t,
		"policies",
		templates.Policies(templates.PoliciesPage{Count: "2 SCPs, 0 RCPs", Now: now, Rows: []templates.PolicyRow{
			{
				Name:    "FullAWSAccess",
				Href:    denyIAM.Href,
				Kind:    "SCP",
				AWS:     true,
				Targets: []templates.Link{prodUnit, denyIAM},
				More:    3,
				Version: 1,
				SavedAt: now.Add(-time.Hour),
			},
			{Name: "Spare", Href: denyIAM.Href, Kind: "RCP", Text: "Only us", Version: 2, SavedAt: now}}}),
	)
	golden(t, "policies-none", templates.Policies(templates.PoliciesPage{Clear: "/accounts/policies"}))
	p := templates.PolicyPage{
		Name:     "Spare",
		ID:       "p-1",
		Tab:      "document",
		Now:      now,
		Lines:    templates.Lines("{\n}", 1, nil, nil),
		Size:     "3 of 10,240 characters",
		Attach:   "/accounts/attach?policy=p-1",
		Findings: []templates.Finding{{Line: 1, Severity: "warning", Message: "Missing version.", Detail: "Add it."}},
		Targets: []templates.PolicyTargetRow{
			{Place: prodUnit, Unit: true, ID: "ou-1", Path: "Root", Since: now, Detach: "/accounts/detach"},
			{Place: prodUnit, ID: "111122223333", Since: now, Void: true},
		},
		Versions: []templates.PolicyVersionRow{
			{Version: 2, Name: "Spare", By: "host", At: now, Compare: "?version=2", Current: true},
			{Version: 1, Name: "Old", By: "Ana", At: now},
		},
		Compare: &templates.PolicyCompare{From: 1, To: 2, Lines: templates.TextDiff("{\n}", "{\n  1\n}")},
	}
	for _, tab := range []string{"document", "targets", "versions", "history"} {
		p.Tab = tab
		golden(t, "policy-"+tab, templates.ControlPolicy(p))
	}
	p.Tab, p.Targets = "targets", nil
	golden(t, "policy-nowhere", templates.ControlPolicy(p))
	form := templates.PolicyFormPage{
		Editor:   "scp",
		Form:     templates.PolicyForm{Kind: "scp", Name: "Spare", Document: "{}"},
		KindHint: "Limits.",
		Kinds: []templates.Tab{
			{Text: "SCP", Href: "/accounts/policies/new", Current: true},
		},
		Problems: map[string]string{"document": "Line 1: no."},
	}
	golden(t, "policy-new", templates.PolicyFields(form))
	form.ID, form.Bound, form.Stale = "p-1", "It is attached to 1 target.", &templates.StaleProps{
		Noun: "policy",
		Diff: p.Compare.Lines,
	}
	golden(t, "policy-edit", templates.PolicyFields(form))
	golden(
		t,
		"attach",
		templates.Attach(templates.AttachPage{Folded: true, Policies: []templates.Option{{Text: "Choose a policy"}},
			Rows: []templates.AttachRow{
				{Place: live, Checked: true},
				{Place: places()[0], Off: "has it"},
			}, Problems: map[string]string{"targets": "Choose one."}}),
	)
}

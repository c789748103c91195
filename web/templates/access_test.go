package templates_test

import (
	"testing"
	"time"

	"gatehouse/web/templates"
)

// support is an assignment that ends, developers one that does not and follows a unit.
var (
	support = templates.AssignedRow{ID: "a1", Group: true, Who: templates.Link{Text: "SecureCart-Support",
		Href: "/groups/g1"},
		Set:   templates.Link{Text: "Support-PermissionSet", Href: "/permission-sets/ps-1"},
		Where: templates.Link{Text: "SecureCart-Dev", Href: "/accounts/333344445555"}, Reason: "CHG-204",
		Tone: templates.ToneWarn, When: "in 5 days", At: now.Add(5 * 24 * time.Hour)}
	workloads = templates.AssignedRow{ID: "a2", Who: templates.Link{Text: "Priya Raman", Href: "/users/u1"},
		Note:  "disabled",
		Set:   templates.Link{Text: "DevOps-PermissionSet", Href: "/permission-sets/ps-2"},
		Where: templates.Link{Text: "Workloads", Href: "/accounts/ous/ou-1"}, Unit: true, Reach: "3 accounts",
		When: "no end"}
)

func TestAssignmentPages(t *testing.T) {
	list := templates.AssignmentsPage{Total: 2, Assign: "/assignments/new", Remove: true, Now: now,
		Views:  []templates.Tab{{Text: "All", Href: "/assignments", Count: "2", Current: true}},
		Filter: templates.FilterProps{Action: "/assignments", Label: "Filter assignments", Target: "rules"},
		Rows:   []templates.AssignedRow{support, workloads}, Pager: templates.PagerProps{First: 1, Last: 2, Total: 2}}
	golden(t, "assignments", templates.Assignments(list))
	list.Remove, list.Rows = false, nil
	list.Empty = templates.EmptyProps{Icon: "search-off", Title: "No assignment matches “x”",
		Actions: []templates.Action{{Text: "Clear filter", Href: "/assignments", Icon: "x"}}}
	golden(t, "assignments-none", templates.Assignments(list))
	golden(t, "assignments-remove", templates.Removal(templates.RemovalPage{
		Confirm: templates.ConfirmProps{Title: "Remove 1 assignment", Action: "/assignments/remove",
			Button: "Remove 1 assignment", Danger: true},
		Rows: []templates.RemovalRow{{AssignedRow: support, Losing: "5 people lose it"}}}))
}

func TestTheFormThatAssignsAccess(t *testing.T) {
	choice := func(value, text, icon string) templates.Choice {
		return templates.Choice{Value: value, Text: text, Icon: icon, Note: "3", On: true}
	}
	who, set, where := choice("group:g1", "SecureCart-Support", "users"), choice("ps-1", "Support-PermissionSet",
		"shield-lock"),
		choice("account:333344445555", "SecureCart-Dev", "cloud")
	p := templates.AssignPage{Cancel: "/assignments", Pickers: []templates.Picker{
		{Name: "principals", Title: "Who", Filter: "who", Hint: "Group or person", Autofocus: true,
			Groups: []templates.ChoiceGroup{{Heading: "Groups", Choices: []templates.Choice{who}}}},
		{Name: "permission_sets", Title: "Permission sets", Filter: "name",
			Groups: []templates.ChoiceGroup{{Choices: []templates.Choice{set}}}},
		{Name: "targets", Title: "Accounts and units", Filter: "where", Query: "x", Left: 4, All: "Select all 6 accounts"},
	}}
	golden(t, "assign", templates.Assign(p))
	p.Review = templates.AssignReview{Ready: true, Who: []templates.Choice{who}, Sets: []templates.Choice{set},
		Where: []templates.Choice{where},
		Count: 1, New: 1, People: 3, Window: "No end", Digest: "d1", Gains: []templates.GainRow{{Group: true,
			Who: support.Who, Set: support.Set,
			Where: "SecureCart-Dev", Gains: "3 people"}},
		Notes: []templates.ReviewNote{{Tone: templates.ToneWarn, Text: "It opens the management account."}}}
	golden(t, "assign-review", templates.Assign(p))
	p.Faults = map[string]string{"expires_at": "The end lies before the start."}
	p.Form.StartsAt, p.Form.ExpiresAt = "2027-05-05T10:00", "2027-05-04T10:00"
	p.Review.Ready, p.Review.Gains, p.Review.Notes, p.Review.Refusal = false, nil, nil, "The end lies before the start."
	golden(t, "assign-refused", templates.Assign(p))
}

func TestTheSimulator(t *testing.T) {
	p := templates.SimulatePage{Operator: true, Scenarios: true, Users: []string{"priya.raman"}, Region: "eu-central-1",
		Roles:    []templates.Option{{Value: "222233334444/ps-2", Text: "DevOps-PermissionSet in Production"}},
		Accounts: []templates.Option{{Value: "222233334444", Text: "Production"}},
		Sets:     []templates.Option{{Value: "ps-2", Text: "DevOps-PermissionSet"}},
		Form: templates.SimulateForm{User: "priya.raman", Actions: "iam:PutRolePolicy\necs:UpdateService",
			Resources: "*"}}
	golden(t, "simulate", templates.Simulate(p))
	p.MaySave, p.Answer = true, answer()
	golden(t, "simulate-verdict", templates.Simulate(p))
	p.Operator, p.MaySave, p.Answer = false, false, nil
	p.Form.Problems = map[string]string{"actions": "Enter at least one action."}
	golden(t, "simulate-own-refused", templates.Simulate(p))
}

// answer is a denied action, explained, and one that nothing allows.
func answer() *templates.SimulateAnswer {
	return &templates.SimulateAnswer{Who: "Priya Raman with DevOps-PermissionSet in Production", Denied: 1, Not: 1,
		Unknown: []string{"ecs:Upgrade"},
		Verdict: templates.VerdictProps{Tone: templates.ToneBad, Title: "Denied by a service control policy",
			Text: templates.Text("ProdGuardrails denies it."), Meta: "iam:PutRolePolicy"},
		Steps: []templates.ChainStep{{Title: "SCP", Sub: "Root", Word: "allows", State: templates.ChainPass},
			{Title: "SCP", Sub: "OU Prod", Word: "explicit deny", State: templates.ChainDeny, Decides: true}},
		Notes: []string{"The boundary does not count here."}, CodeSub: "ProdGuardrails, statement 1 of 2",
		Code: templates.CodeProps{Label: "Deciding statement", Lines: templates.Lines("{\n  \"Effect\": \"Deny\"\n}", 4,
			map[int]templates.Mark{5: templates.MarkDenies}, map[int]string{5: "refuses"})},
		Remedies: []templates.Remedy{{Kind: templates.RemedyAccount, Text: templates.Text("Do it in SecureCart-Dev.")}},
		Rows: []templates.SimulateRow{
			{Tone: templates.ToneBad, Verdict: "Denied", Action: "iam:PutRolePolicy", Resource: "*",
				By: "SCP ProdGuardrails", Open: true},
			{Index: 1, Tone: templates.ToneWarn, Verdict: "Not allowed", Action: "ecs:UpdateService",
				Resource: "arn:aws:ecs:eu-central-1:222233334444:service/shop",
				By:       "no statement allows it"}}}
}

func TestScenarioPages(t *testing.T) {
	holds := templates.ScenarioRow{Name: "1. DevOps changes infrastructure", Href: "/simulate/scenarios/s1",
		Description: "Full administration.", Cases: 5}
	fails := templates.ScenarioRow{Name: "2. Developers deploy", Href: "/simulate/scenarios/s2", Cases: 2, Failing: 1}
	golden(t, "scenarios", templates.Scenarios(templates.ScenariosPage{Rows: []templates.ScenarioRow{holds, fails},
		Failing: 1}))
	golden(t, "scenarios-none", templates.Scenarios(templates.ScenariosPage{}))
	row := templates.SimulateRow{Tone: templates.ToneOK, Verdict: "Allowed", Action: "sts:AssumeRole",
		Resource: "role/service", By: "Trust",
		Ask: []templates.Pair{{Name: "actions", Value: "sts:AssumeRole"}}}
	p := templates.ScenarioPage{Address: "/simulate/scenarios/s2", Name: fails.Name,
		Description: "Deploying works.", Total: 2, Failing: 1, MayEdit: true, MayDelete: true,
		Cases: []templates.ScenarioCase{{Name: "Deploys", Who: "service:ec2.amazonaws.com", Expect: "allowed",
			Holds: true, Keys: []string{"aws:SourceIp = 203.0.113.24"},
			Rows: []templates.SimulateRow{row}}, {Name: "Is gone", Expect: "denied", Problem: "There is no user nobody."}}}
	golden(t, "scenario-fails", templates.Scenario(p))
	p.Failing, p.Cases, p.MayEdit, p.MayDelete = 0, p.Cases[:1], false, false
	golden(t, "scenario-holds", templates.Scenario(p))
}

package templates_test

import (
	"testing"
	"time"

	"gatehouse/web/templates"
)

func TestTheOverview(t *testing.T) {
	p := templates.OverviewPage{Organization: "SecureCart", Accounts: 6, People: 48, WithFactor: 44, Rules: 31,
		Scenarios: 2, SignedIn: 14, Failed: 4,
		Administrators: []templates.Link{{Text: "Elena Novak", Href: "/users/u1"}, {Text: "Ana Beltran",
			Href: "/users/u2"}, {Text: "Ben Carter", Href: "/users/u3"}},
		Ending: []templates.EndingRule{{Who: "SecureCart-Support", Href: "/assignments/a1",
			What: "Support-PermissionSet · SecureCart-Dev", Ends: now.Add(26 * time.Hour)}},
		Failing: []templates.Link{{Text: "2. Developers deploy", Href: "/simulate/scenarios/s2"}},
		Proofs: []templates.ScenarioRow{{Name: "2. Developers deploy", Href: "/simulate/scenarios/s2", Cases: 2,
			Failing: 1},
			{Name: "1. DevOps changes infrastructure", Href: "/simulate/scenarios/s1", Cases: 5}},
		SignIns: templates.BarsProps{Label: "Sign-ins per day", Bars: []templates.Bar{{Name: "19 Nov", OK: 5},
			{Name: "20 Nov", OK: 9, Bad: 4, Note: "4 failed: luca.ferri"}}},
		Recent: []templates.FeedItem{{Icon: "users", What: templates.Text("Elena Novak added Ana Beltran"),
			At: now.Add(-time.Hour), Detail: "HR-1"}},
		Trail: "/audit", MayAssign: true, Now: now}
	golden(t, "overview", templates.Overview(p))
	golden(t, "overview-new", templates.Overview(templates.OverviewPage{Organization: "Nordwind", Accounts: 1,
		People: 1, WithFactor: 1, Now: now}))
	golden(t, "overview-slow", templates.Overview(templates.OverviewPage{Organization: "SecureCart", Accounts: 6, People: 48,
		WithFactor: 44, Trail: "/audit", Now: now, Slowdown: templates.Slowdown{Wrong: 131, Off: 23, Until: now.Add(41 * time.Minute),
			Every: 30, Trail: "/audit?q=a+wrong+code"}}))
}

func TestTheCredentialReport(t *testing.T) {
	p := templates.CredentialReportPage{MayGenerate: true, Now: now}
	golden(t, "report-none", templates.CredentialReport(p))
	p = templates.CredentialReportPage{Generated: true, GeneratedAt: now.Add(-2 * time.Hour),
		RenewableAt: now.Add(2 * time.Hour), By: "Daniel Osei", Now: now,
		Chips: []templates.Chip{{Text: "Everyone", Count: "2", Href: "/reports/credentials", On: true},
			{Text: "No second factor", Count: "1", Href: "/reports/credentials?finding=no-mfa"}},
		Filter: templates.FilterProps{Action: "/reports/credentials", Label: "Filter the report", Target: "report"},
		CSV:    "/reports/credentials.csv",
		Rows: []templates.CredentialRow{
			{UserName: "ana.beltran", Href: "/users/u1", Enabled: true, Groups: "SecureCart-Developers", MFA: true,
				SecondFactors: "1 app",
				LastSignIn:    now.Add(-time.Hour), PasswordChanged: now.AddDate(0, 0, -100), PasswordAgeInDays: 100,
				RecoveryCodes: "10", Sessions: "1", Accounts: "2", Sets: "2"},
			{UserName: "ben.carter", Enabled: false, SecondFactors: "none", NoSignIn: "no_information",
				NoPassword: "N/A", Accounts: "0", Sets: "0"},
		}, Pager: templates.PagerProps{First: 1, Last: 2, Total: 2}}
	golden(t, "report", templates.CredentialReport(p))
	p.Rows, p.Clear, p.Age, p.AgeProblem = nil, "/reports/credentials", "many", "Enter a number of days."
	golden(t, "report-no-match", templates.CredentialReport(p))
}

func TestTheAuditTrail(t *testing.T) {
	p := templates.AuditPage{Total: 2, Shown: 1, CSV: "/audit.csv", Head: "9f2c5b7de1a041be",
		Older: "/audit?before=1", Outcomes: []templates.Option{{Text: "Any"}},
		Filter: templates.FilterProps{Action: "/audit", Label: "Filter the trail", Target: "trail"},
		Days: []templates.EventDay{{Title: "Friday 20 November 2026",
			Events: []templates.EventProps{{ID: "e1", At: now, Icon: "users",
				What: templates.Text("Elena Novak added Ana Beltran"), Name: "identitystore:CreateGroupMembership",
				Origin: "203.0.113.24"}}}}}
	p.JSONL = "/audit.jsonl"
	p.Proof = templates.TrailProof{At: now.Add(-time.Minute), Now: now, SignedAt: now.Add(-time.Hour), Signed: 1234}
	golden(t, "audit", templates.Audit(p))
	p.Proof.Broken = "event 5: it was changed after it was written"
	golden(t, "audit-broken", templates.Audit(p))
	p.Shown, p.Days, p.Filtered, p.FormShown, p.Clear, p.Older, p.CSV = 0, nil, true, true, "/audit", "", ""
	p.Form = templates.AuditForm{From: "yesterday", Problems: map[string]string{"from": "Enter a date."}}
	golden(t, "audit-no-match", templates.Audit(p))
}

package templates_test

import (
	"testing"
	"time"

	"gatehouse/web/templates"
)

const twoLines = "{\n  \"Version\": \"2012-10-17\", \"Statement\": []\n}\n"

func setHead() templates.PermissionSetHead {
	return templates.PermissionSetHead{Name: "Support", Base: "/permission-sets/ps-1", Session: "8 h", Version: 12,
		ARN: "arn:aws:sso:::permissionSet/ssoins-7223a1b2c3d4e5f6/ps-1", SavedBy: "Elena Novak", SavedAt: now.Add(-9 * 24 * time.Hour),
		Rules: 2, Accounts: 2, People: 14, Edit: "/permission-sets/ps-1/edit", Delete: "/permission-sets/ps-1/delete", Now: now}
}

func TestPermissionSetLists(t *testing.T) {
	golden(
		t,
		"permission-sets",
		templates.PermissionSets(templates.PermissionSetsPage{New: "/permission-sets/new", Any: true, Now: now,
			Pager: templates.PagerProps{First: 1, Last: 2, Total: 2}, Rows: []templates.PermissionSetRow{
				{
					Name:     "Support",
					Href:     "/permission-sets/ps-1",
					Managed:  1,
					Customer: 2,
					Inline:   true,
					Bounded:  true,
					Unknown:  true,
					Session:  "8 h",
					Rules:    2,
					Accounts: 2,
					People:   14,
					SavedAt:  now.Add(-time.Hour),
				},
				{Name: "Unused", Href: "/permission-sets/ps-2", Session: "1 h", SavedAt: now},
			}}),
	)
	golden(t, "permission-sets-none", templates.PermissionSets(templates.PermissionSetsPage{New: "/permission-sets/new"}))
	golden(t, "permission-sets-no-match", templates.PermissionSets(templates.PermissionSetsPage{Query: "zzz", Any: true}))
	golden(
		t,
		"permission-sets-attach",
		templates.PermissionSets(templates.PermissionSetsPage{Attach: "Billing", Cancel: "/x", Any: true}),
	)
	golden(t, "catalogue-missing", templates.Catalogue(templates.CataloguePage{Empty: true}))
	golden(
		t,
		"catalogue",
		templates.Catalogue(templates.CataloguePage{Total: 1594, Query: "s3", Rows: []templates.CatalogueRow{
			{Name: "Linked", Href: "/l", Path: "/aws-service-role/", Version: "v1", Updated: now, ServiceLinked: true},
			{Name: "AmazonS3ReadOnlyAccess", Href: "/s", Path: "/", Version: "v3", Updated: now, Used: 2},
		}}),
	)
	golden(t, "catalogue-policy", templates.CataloguePolicy(templates.CataloguePolicyPage{Name: "Billing",
		ARN: "arn:aws:iam::aws:policy/job-function/Billing", Lines: templates.Lines(twoLines, 1, nil, nil),
		Differs: templates.TextDiff("{}", twoLines), Attach: "/a", New: "/n"}))
}

func TestAPermissionSetsPages(t *testing.T) {
	golden(
		t,
		"permission-set",
		templates.PermissionSet(templates.PermissionSetPage{PermissionSetHead: setHead(), Inline: twoLines,
			Customer: []string{"/team/Orders"}, Findings: []templates.Finding{
				{
					Line:     2,
					Severity: "warning",
					Message:  "Empty.",
					Detail:   "Add a statement.",
				}, {Severity: "error", Message: "Wrong."}},
			Managed: []templates.SetPolicyRow{{Name: "ReadOnlyAccess", Href: "/r", Version: "v128", Known: true},
				{Name: "Old", Href: "/o", Version: "v2", Known: true, Outdated: true}, {Name: "Gone", Href: "/g"}},
			Boundary: templates.BoundaryView{Customer: "/fences/Base"}}),
	)
	bare := setHead()
	bare.Edit, bare.Delete, bare.People, bare.Rules = "", "", 0, 0
	golden(t, "permission-set-bare", templates.PermissionSet(templates.PermissionSetPage{PermissionSetHead: bare}))
	golden(
		t,
		"permission-set-settings",
		templates.PermissionSetSettingsTab(templates.PermissionSetSettings{PermissionSetHead: setHead(),
			ID: "ps-1", RoleName: "AWSReservedSSO_Support_…", Tags: []templates.Pair{{Name: "team", Value: "support"}}, CreatedAt: now}),
	)
	golden(t, "permission-set-assignments", templates.PermissionSetAssignmentsTab(templates.PermissionSetAssignments{
		PermissionSetHead: setHead(), Rows: []templates.AssignmentRow{
			{
				Href:     "/assignments/1",
				Who:      templates.Link{Text: "Ops", Href: "/g"},
				Group:    true,
				Where:    templates.Link{Text: "Prod", Href: "/u"},
				Unit:     true,
				Accounts: 3,
				EndsAt:   now.Add(time.Hour),
				Reason:   "CHG-1",
			},
			{
				Href:    "/assignments/2",
				Who:     templates.Link{Text: "Ana", Href: "/a"},
				Where:   templates.Link{Text: "Dev", Href: "/d"},
				Expired: true,
			},
			{
				Href:     "/assignments/3",
				Who:      templates.Link{Text: "Ben", Href: "/b"},
				Where:    templates.Link{Text: "Dev", Href: "/d"},
				Upcoming: true,
				StartsAt: now.Add(time.Hour),
			},
		}}))
	versions := []templates.VersionRow{
		{Version: 2, Summary: "Attached Billing", Reason: "CHG-2", By: "Elena Novak", At: now, Current: true, Changes: "/c"},
		{Version: 1, Summary: "Created", By: "the host", At: now.Add(-time.Hour)}}
	golden(
		t,
		"permission-set-versions",
		templates.PermissionSetVersionsTab(templates.PermissionSetVersions{PermissionSetHead: setHead(), Rows: versions}),
	)
	golden(
		t,
		"permission-set-compare",
		templates.PermissionSetComparisonPage(templates.PermissionSetComparison{PermissionSetHead: setHead(),
			From: versions[1], To: versions[0], Fields: []templates.Change{{Field: "AWS-managed policy", After: "Billing"}},
			Documents: []templates.DocumentDiff{{Name: "Inline policy", Lines: templates.TextDiff("{}", twoLines)}}}),
	)
	golden(
		t,
		"permission-set-delete",
		templates.PermissionSetDeletePage(templates.PermissionSetDeletion{Set: setHead(), Plan: "abc",
			People: []string{"Ana", "Ben"}, Problems: map[string]string{"": "The assignments have changed."}, Reason: "unused",
			Rows: []templates.AssignmentRow{
				{Who: templates.Link{Text: "Ops"}, Group: true, Where: templates.Link{Text: "Prod"}, Unit: true},
			}}),
	)
}

func TestPermissionSetForms(t *testing.T) {
	form := templates.PermissionSetForm{
		Name:            "Support",
		Description:     "Reads",
		ManagedPolicies: []string{"arn:r"},
		InlinePolicy:    twoLines,
		Boundary:        "/fences/Base",
		SessionDuration: "8",
		Tags:            "a=b",
		Reason:          "CHG-1",
		Version:         "12",
		Find:            "read",
	}
	golden(
		t,
		"permission-set-new",
		templates.PermissionSetFields(templates.PermissionSetFormPage{Form: form, Catalogue: true, Total: 40,
			Chosen:   []templates.PolicyChoice{{ARN: "arn:r", Name: "ReadOnlyAccess", Path: "/", Href: "/r"}},
			Found:    []templates.PolicyChoice{{ARN: "arn:b", Name: "Billing", Path: "/job-function/", Href: "/b", Known: true}},
			Problems: map[string]string{"name": "Enter a name.", "managed_policies": "Attach fewer."}}),
	)
	head := setHead()
	golden(
		t,
		"permission-set-edit",
		templates.PermissionSetFields(templates.PermissionSetFormPage{Set: &head, Form: form}),
	)
	golden(
		t,
		"permission-set-review",
		templates.PermissionSetReviewPage(templates.PermissionSetReview{Set: head, Form: form,
			Fields:   []templates.Change{{Field: "Session duration", Before: "PT4H", After: "PT8H"}},
			Findings: []templates.Finding{{Line: 1, Severity: "warning", Message: "Wide."}}}),
	)
	golden(
		t,
		"permission-set-review-same",
		templates.PermissionSetReviewPage(templates.PermissionSetReview{Set: head, Form: form, Same: true}),
	)
}

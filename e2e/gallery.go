package e2e

import (
	"time"

	"gatehouse/web/static"
	"gatehouse/web/templates"
)

// galleryPerson is a row of the gallery's list.
type galleryPerson struct {
	Name, UserName, Groups, Factor, Status string
	FactorTone, StatusTone                 templates.Tone
	Accounts                               int
	Ago                                    time.Duration // zero: never
}

// Seen is when the person was last there.
func (p galleryPerson) Seen(now time.Time) time.Time {
	if p.Ago == 0 {
		return time.Time{}
	}
	return now.Add(-p.Ago)
}

var galleryPeople = []galleryPerson{
	{"Amara Diallo", "amara.diallo", "Support", "App", "Active", "ok", "ok", 2, 12 * time.Minute},
	{"Ana Beltrán", "ana.beltran", "Developers, Support", "App, key", "Active", "ok", "ok", 3, 4 * time.Minute},
	{"Ben Carter", "ben.carter", "Support", "None", "Active", "warn", "ok", 2, 26 * time.Hour},
	{"Daniel Osei", "daniel.osei", "Security", "App, key", "Active", "ok", "ok", 6, 3 * time.Hour},
	{"Elena Novak", "elena.novak", "Security", "2 keys", "Active", "ok", "ok", 6, time.Second},
	{"Henrik Dahl", "henrik.dahl", "Finance", "None", "Invited", "warn", "wait", 1, 0},
	{"Luca Ferri", "luca.ferri", "Support", "Reset, enrolling", "Locked", "wait", "bad", 2, 120 * time.Hour},
	{"Marcus Lindqvist", "marcus.lindqvist", "DevOps", "None", "Disabled", "warn", "off", 5, 2 * time.Hour},
}

// galleryUnit is a row of the gallery's tree.
type galleryUnit struct {
	Name, ID, Class string
	People          int
}

var galleryTree = []galleryUnit{
	{"Root", "r-sc7k", "", 48},
	{"Workloads", "ou-sc7k-9r2tqw5d", "gh-d1", 38},
	{"Prod", "ou-sc7k-b8k6y2rj", "gh-d2", 32},
	{"SecureCart-Production", "222233334444", "gh-d3", 32},
}

var galleryProblems = map[string]string{
	"name":  "Shorten the name to 32 characters, it has 35",
	"hours": "Enter a session duration between 1 and 12 hours",
}

const galleryPolicy = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "OrderTablesOnly",
      "Effect": "Deny",
      "Action": "dynamodb:*",
      "NotResource": "arn:aws:dynamodb:*:*:table/*"
    },
    {
      "Sid": "OpenSupportCases",
      "Effect": "Allow",
      "Action": ["support:CreateCase", "support:AddComment"],
      "Resource": "*",
      "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    }
  ]
}`

const galleryPolicyAfter = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "OrderTablesOnly",
      "Effect": "Deny",
      "Action": "dynamodb:*",
      "NotResource": "arn:aws:dynamodb:*:*:table/orders*"
    },
    {
      "Sid": "OpenSupportCases",
      "Effect": "Allow",
      "Action": ["support:CreateCase", "support:AddComment"],
      "Resource": "*",
      "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}
    }
  ]
}`

const galleryStatement = `{
  "Sid": "NoIamChangesInProduction",
  "Effect": "Deny",
  "Action": ["iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Put*"],
  "Resource": "*"
}`

var galleryFindings = []templates.Finding{
	{
		Line:     13,
		Column:   42,
		Severity: "error",
		Message:  "support:AddComment does not exist.",
		Detail:   "Nearest: AddCommunicationToCase.",
	},
	{
		Line:     15,
		Severity: "warning",
		Message:  "Bool is true only when the key is present.",
		Detail:   "Without the key it lets through.",
	},
}

func galleryGraph() templates.GraphProps {
	return templates.GraphProps{
		Label:   "Ana Beltrán reaches SecureCart-Production through SecureCart-Developers and Developer-PermSet",
		Columns: []string{"Person", "Group or direct", "Permission set", "Account"},
		Nodes: []templates.GraphNode{
			{ID: "u", Column: 0, Title: "Ana Beltrán", Sub: "ana.beltran", Hot: true},
			{ID: "g1", Column: 1, Title: "SecureCart-Developers", Sub: "9 members", Hot: true, Href: "/object"},
			{ID: "g2", Column: 1, Title: "SecureCart-Support", Sub: "14 members", Href: "/object"},
			{ID: "g3", Column: 1, Title: "Direct", Sub: "ends tomorrow, 18:00 UTC", Dashed: true},
			{
				ID:     "p1",
				Column: 2,
				Title:  "SecureCart-Developer-PermSet",
				Sub:    "deploy, read metrics · 8 h",
				Hot:    true,
				Href:   "/object",
			},
			{ID: "p2", Column: 2, Title: "Support-PermissionSet", Sub: "read order tables · 8 h", Href: "/object"},
			{
				ID:     "p3",
				Column: 2,
				Title:  "DevOps-PermissionSet",
				Sub:    "administrator · 1 h",
				Dashed: true,
				Href:   "/object",
			},
			{ID: "a2", Column: 3, Title: "SecureCart-Dev", Sub: "333344445555", Mono: true, Href: "/object"},
			{
				ID:     "a1",
				Column: 3,
				Title:  "SecureCart-Production",
				Sub:    "222233334444",
				Mono:   true,
				Hot:    true,
				Href:   "/object",
			},
			{ID: "a3", Column: 3, Title: "DevOps", Sub: "444455556666", Mono: true, Denied: true, Href: "/object"},
		},
		Edges: []templates.GraphEdge{
			{From: "u", To: "g1", Hot: true}, {From: "u", To: "g2"}, {From: "u", To: "g3", Dashed: true},
			{From: "g1", To: "p1", Hot: true}, {From: "g2", To: "p2"}, {From: "g3", To: "p3", Dashed: true},
			{From: "p1", To: "a1", Hot: true}, {From: "p1", To: "a2"}, {From: "p1", To: "a3"},
			{From: "p2", To: "a1"}, {From: "p2", To: "a2"}, {From: "p3", To: "a2", Dashed: true},
		},
	}
}

func galleryChain(decision templates.ChainState) []templates.ChainStep {
	steps := []templates.ChainStep{
		{Title: "SCP", Sub: "Root", Word: "2 of 2 allow", State: templates.ChainPass},
		{Title: "SCP", Sub: "OU Workloads and more", Word: "1 of 1 allows", State: templates.ChainPass},
		{Title: "SCP", Sub: "OU Prod", Word: "1 of 1 allows", State: templates.ChainPass},
		{Title: "Boundary", Sub: "none attached", Word: "not set", State: templates.ChainUnset},
		{Title: "Identity", Sub: "Permission set", Word: "would allow", State: templates.ChainWould},
		{Title: "Session", Sub: "no policy", Word: "not set", State: templates.ChainUnset},
	}
	switch decision {
	case templates.ChainDeny:
		steps[2] = templates.ChainStep{
			Title:   "SCP",
			Sub:     "OU Prod",
			Word:    "explicit deny",
			State:   decision,
			Decides: true,
		}
	case templates.ChainMiss:
		steps[4] = templates.ChainStep{
			Title:   "Identity",
			Sub:     "Permission set",
			Word:    "no allow",
			State:   decision,
			Decides: true,
		}
	default:
		steps[4] = templates.ChainStep{
			Title:   "Identity",
			Sub:     "Permission set",
			Word:    "allows",
			State:   decision,
			Decides: true,
		}
	}
	return steps
}

func galleryBars() templates.BarsProps {
	ok := []int{12, 9, 31, 34, 29, 38, 36, 14, 8, 37, 33, 39, 41, 40}
	bad := []int{0, 1, 2, 1, 0, 3, 1, 0, 0, 1, 9, 1, 2, 2}
	p := templates.BarsProps{
		Label: "Sign-ins per day, 7 to 20 November: 401 in all, 23 failed; most failures on 17 November, 9",
	}
	for i := range ok {
		day := time.Date(2026, time.November, 7+i, 0, 0, 0, 0, time.UTC)
		p.Bars = append(p.Bars, templates.Bar{Name: day.Format("2 Jan"), OK: ok[i], Bad: bad[i]})
	}
	p.Bars[10].Note = "9 failed: luca.ferri"
	return p
}

func galleryEvents(now time.Time) []templates.EventDay {
	return []templates.EventDay{{
		Title: "Friday 20 November 2026",
		Events: []templates.EventProps{
			{
				ID: "e3", At: now, Icon: "shield-lock",
				What: galleryWhat("changed the inline policy of", "SecureCart-Support-PermissionSet"),
				Name: "sso:PutInlinePolicyToPermissionSet", Detail: "reason CHG-204",
				Changes: []templates.Change{
					{Field: "inline[0].NotResource", Before: "…:table/*", After: "…:table/orders*"},
					{
						Field: "inline[1]",
						After: "Deny s3:GetObject securecart-invoices/*",
					}, {Field: "inline[2]", Before: "Allow s3:*"},
				},
				Origin: "203.0.113.24", Actions: []templates.Action{{Text: "Undo", Href: "/object", Post: true, Icon: "arrow-back-up"}},
			},
			{
				At:   now.Add(-time.Hour),
				Icon: "user-plus",
				What: galleryWhat("added Tom Okafor to", "SecureCart-Developers"),
				Name: "identitystore:CreateGroupMembership",
			},
			{
				At:      now.Add(-2 * time.Hour),
				Icon:    "users",
				Refused: true,
				What:    galleryWhat("was refused to delete", "SecureCart-Support"),
				Name:    "identitystore:DeleteGroup",
			},
		},
	}}
}

func galleryShell(title, section string) templates.Shell {
	return templates.Shell{
		Title: title, Section: section, OrgName: "SecureCart", OrgID: "o-sc7k2p9d1q", Search: "/lists", Editor: true,
		Crumbs:   []templates.Link{{Text: "Gallery", Href: "/lists"}, {Text: title}},
		Viewer:   templates.Viewer{Name: "Elena Novak", UserName: "elena.novak", Initials: "EN", Operator: true},
		Unstyled: !static.Built(),
		Nav: []templates.NavGroup{
			{Items: []templates.NavItem{{Text: "Overview", Href: "/overview", Icon: "layout-dashboard"}}},
			{
				Heading: "Directory",
				Items: []templates.NavItem{
					{Text: "Users", Href: "/lists", Icon: "user", Count: "48"},
					{Text: "Ana", Href: "/object", Icon: "users", Count: "7"},
				},
			},
			{
				Heading: "Explain",
				Items: []templates.NavItem{
					{Text: "Simulate", Href: "/explain", Icon: "player-play"},
					{Text: "Forms", Href: "/forms", Icon: "pencil"},
				},
			},
			{Items: []templates.NavItem{{Text: "States", Href: "/states", Icon: "settings"}}},
		},
	}
}

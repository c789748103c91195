package templates_test

import (
	"testing"
	"time"

	"gatehouse/web/templates"

	"github.com/a-h/templ"
)

func TestFiltersAndTables(t *testing.T) {
	golden(
		t,
		"filter",
		templates.Filter(
			templates.FilterProps{
				Action:      "/users",
				Query:       `"a`,
				Label:       "Filter users",
				Placeholder: "Name",
				Target:      "list",
				Keep:        []templates.Pair{{Name: "status", Value: "active"}},
				Chips: []templates.Chip{
					{Label: "Status", Text: "is active", Href: "/users", On: true, Removable: true},
					{Text: "All", Href: "/users", On: true},
					{Text: "No MFA", Href: "/users?mfa=none", Icon: "alert-triangle"},
				},
				Menus: []templates.Menu{
					{Text: "Filter", Items: []templates.MenuItem{{Text: "Disabled", Href: "/users?s=d", On: true}}},
				},
				Actions: []templates.Action{{Text: "CSV", Href: "/users.csv"}},
			},
		),
	)
	golden(t, "filter-plain", templates.Filter(templates.FilterProps{Action: "/users", Label: "Filter users"}))
	golden(
		t,
		"table",
		with(
			templates.Table(
				templates.TableProps{
					Caption: "People",
					Cards:   true,
					Select:  "user",
					Columns: []templates.Column{
						{Text: "Name", Sort: "/u?sort=-name", Order: "ascending"},
						{Text: "Seen", Sort: "/u?sort=seen", Order: "descending"},
						{Text: "Accounts", Num: true, Sort: "/u"},
						{Text: "Why", Hidden: true},
						{Text: "Plain"},
					},
				},
			),
			templates.SelectRow("user", "u1", "f", "Ana"),
		),
	)
	golden(t, "bulk", with(templates.Bulk("user"), templates.SubmitDanger("Disable")))
}

func TestPagers(t *testing.T) {
	golden(
		t,
		"pager",
		templates.Pager(
			templates.PagerProps{
				First:  51,
				Last:   100,
				Total:  1234,
				Back:   "/u?before=1",
				Next:   "/u?after=2",
				Target: "list",
			},
		),
	)
	golden(
		t,
		"pager-first",
		templates.Pager(
			templates.PagerProps{
				First:    1,
				Last:     50,
				Total:    -1,
				Next:     "/u?after=2",
				BackText: "Newer",
				NextText: "Older",
			},
		),
	)
	golden(t, "pager-single", templates.Pager(templates.PagerProps{Note: "4 units"}))
	golden(t, "more", templates.More("More actions", []templates.Action{{Text: "Disable", Href: "/x", Post: true}}))
}

func TestValues(t *testing.T) {
	golden(
		t,
		"statuses",
		templ.Join(
			templates.Status(templates.ToneOK, "a"),
			templates.Status(templates.ToneBad, "b"),
			templates.Status(templates.ToneWarn, "c"),
			templates.Status(templates.ToneInfo, "d"),
			templates.Status(templates.ToneWait, "e"),
			templates.Status(templates.ToneOff, "f"),
			templates.Pill(templates.ToneOK, "g"),
			templates.Pill(templates.ToneNone, "h"),
			templates.Tag("key", "i"),
		),
	)
	golden(
		t,
		"times",
		templ.Join(templates.Time(now.Add(-time.Hour), now), templates.Time(time.Time{}, now), templates.Moment(now)),
	)
	golden(t, "secret", templates.Secret("JBSW Y3DP", "key"))
	golden(t, "meter", templates.Meter(96, 90, templates.ToneBad, "96 of 90 days"))
}

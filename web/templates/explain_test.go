package templates_test

import (
	"testing"
	"time"

	"gatehouse/web/templates"
)

func TestVerdicts(t *testing.T) {
	chain := []templates.ChainStep{
		{
			Title: "SCP",
			Sub:   "Root",
			Word:  "allows",
			State: templates.ChainPass,
		}, {Title: "SCP", Sub: "An organizational unit", Word: "explicit deny", State: templates.ChainDeny, Decides: true},
		{
			Title: "Boundary",
			Sub:   "none",
			Word:  "not set",
			State: templates.ChainUnset,
		}, {Title: "Identity", Word: "would allow", State: templates.ChainWould}, {Title: "Session", Word: "no allow", State: templates.ChainMiss},
	}
	golden(
		t,
		"verdict",
		with(
			templates.Verdict(
				templates.VerdictProps{
					Tone:  templates.ToneBad,
					Title: "Denied",
					Text:  templates.Text("why"),
					Meta:  "1 ms",
				},
			),
			templates.Chain(chain),
		),
	)
	golden(
		t,
		"verdict-miss",
		templates.Verdict(templates.VerdictProps{Tone: templates.ToneWarn, Title: "Not allowed"}),
	)
	golden(t, "verdict-allowed", templates.Verdict(templates.VerdictProps{Tone: templates.ToneOK, Title: "Allowed"}))
	golden(
		t,
		"path",
		templates.Path(
			[]templates.PathStep{{Label: "Person", Text: "Ana"}, {Label: "Set", Text: "Dev", Href: "/s", Mono: true}},
		),
	)
	golden(
		t,
		"miss",
		templates.Miss(
			templates.MissProps{
				Text: templates.Text("closest"),
				Parts: []templates.MissPart{
					{Name: "Action", Text: templates.Text("s3:*"), Mono: true, Fits: true},
					{Name: "Resource", Text: templates.Text("other")},
				},
			},
		),
	)
}

func TestGraphAndCode(t *testing.T) {
	golden(
		t,
		"graph",
		templates.Graph(
			templates.GraphProps{
				Label:   "l",
				Columns: []string{"Person", "Account"},
				Nodes: []templates.GraphNode{
					{ID: "u", Title: "Ana", Sub: "ana", Hot: true},
					{ID: "a", Column: 1, Title: "Production", Sub: "222233334444", Mono: true, Hot: true, Href: "/a"},
					{ID: "b", Column: 1, Title: "Dev", Dashed: true},
				},
				Edges: []templates.GraphEdge{
					{From: "u", To: "a", Hot: true},
					{From: "u", To: "b", Dashed: true},
					{From: "u", To: "gone"},
				},
			},
		),
	)
	golden(
		t,
		"code",
		templates.Code(
			templates.CodeProps{
				Label: "l",
				ID:    "p",
				Lines: templates.Lines(
					"{\n  \"A\": [1, true, \"<x>\"]\n}",
					13,
					map[int]templates.Mark{14: templates.MarkDenies},
					map[int]string{14: "fits"},
				),
			},
		),
	)
	golden(t, "diff", templates.Diff("l", templates.TextDiff("a\nb\nc\nd\ne\nf\ng\nh", "a\nb\nc\nd\ne\nf\nG\nh\ni")))
}

func TestTimelines(t *testing.T) {
	golden(t, "events", templates.Events([]templates.EventDay{{Title: "Today", Events: []templates.EventProps{
		{
			ID:     "e1",
			At:     now,
			Icon:   "users",
			What:   templates.Text("did"),
			Name:   "sso:Do",
			Detail: "why",
			Changes: []templates.Change{
				{Field: "f", Before: "a", After: "b"},
				{Field: "g", After: "c"},
				{Field: "h", Before: "d"},
			},
			Origin:  "203.0.113.24",
			Actions: []templates.Action{{Text: "Undo", Href: "/u", Post: true}},
		},
		{At: now, Icon: "users", Refused: true, What: templates.Text("was refused"), Name: "sso:Do"},
	}}}))
	golden(
		t,
		"feed",
		templates.Feed(
			[]templates.FeedItem{
				{Icon: "users", What: templates.Text("did"), At: now.Add(-time.Hour), Detail: "why"},
			},
			now,
		),
	)
}

func TestCharts(t *testing.T) {
	golden(
		t,
		"figures",
		templates.Figures(
			[]templates.Figure{
				{
					Label: "MFA",
					Value: "44",
					Of:    "of 48",
					Ring:  &templates.RingProps{Part: 44, Whole: 48, Label: "44 of 48"},
					Below: templates.Text("b"),
				},
				{Label: "Admins", Value: "3"},
			},
		),
	)
	golden(
		t,
		"bars",
		templates.Bars(
			templates.BarsProps{
				Label: "l",
				Bars: []templates.Bar{
					{Name: "1 Nov", OK: 5, Bad: 1},
					{Name: "2 Nov"},
					{Name: "3 Nov", OK: 9, Bad: 3, Note: "odd"},
				},
			},
		),
	)
	golden(t, "legend", templates.Legend([]templates.LegendItem{{Text: "Signed in"}, {Text: "Failed", Bad: true}}))
}

package templates_test

import (
	"testing"

	"gatehouse/web/templates"
)

func TestHeads(t *testing.T) {
	action := templates.Action{
		Text:   "Delete",
		Href:   "/x",
		Icon:   "trash",
		Danger: true,
		Dialog: true,
		Label:  "Delete Ana",
	}
	golden(
		t,
		"head",
		templates.Head(
			templates.HeadProps{
				Title:    "Ana",
				Sub:      "sub",
				Initials: "AB",
				Facts: []templates.Fact{
					{Label: "Id", Value: templates.Copyable("1-2", "user id")},
					{Label: "Status", HideLabel: true, Value: templates.Status(templates.ToneOK, "Active")},
				},
				Actions: []templates.Action{
					action,
					{
						Text:   "Undo",
						Href:   "/undo",
						Post:   true,
						Fields: []templates.Pair{{Name: "version", Value: "3"}},
					},
					{Text: "Generate", Off: "At 16:04", Primary: true},
				},
			},
		),
	)
	golden(
		t,
		"details",
		templates.Details([]templates.Fact{{Label: "ARN", Value: templates.ARN("arn:aws:iam::1:user/a")}}),
	)
	golden(
		t,
		"tabs",
		templates.Tabs(
			"Sections",
			[]templates.Tab{
				{Text: "Profile", Href: "/a", Current: true},
				{Text: "Access", Href: "/b", Count: "6", Icon: "key"},
			},
		),
	)
	golden(
		t,
		"segments",
		templates.Segments(
			"View",
			[]templates.Tab{{Text: "Tree", Href: "/a", Current: true}, {Text: "List", Href: "/b"}},
		),
	)
}

func TestBlocks(t *testing.T) {
	action := templates.Action{
		Text:   "Delete",
		Href:   "/x",
		Icon:   "trash",
		Danger: true,
		Dialog: true,
		Label:  "Delete Ana",
	}
	golden(
		t,
		"steps",
		templates.Steps(
			[]templates.Step{{Text: "Who", Href: "/w", Done: true}, {Text: "What", Current: true}, {Text: "Review"}},
		),
	)
	golden(
		t,
		"card",
		with(
			templates.Card(
				templates.CardProps{
					ID:      "c",
					Title:   "Groups",
					Count:   "2",
					Sub:     "sub",
					Actions: []templates.Action{action},
					Padded:  true,
				},
			),
			templates.Text("body"),
		),
	)
	golden(
		t,
		"empty",
		with(
			templates.Empty(
				templates.EmptyProps{
					Icon:    "lock",
					Title:   "Not yours",
					Text:    "Ask:",
					Actions: []templates.Action{{Text: "Why?", Href: "/why"}},
				},
			),
			templates.People([]templates.Person{{Name: "Elena Novak", Note: "administrator"}}),
		),
	)
	golden(
		t,
		"empty-broken",
		templates.Empty(templates.EmptyProps{Icon: "plug-connected-x", Bad: true, Title: "Broken"}),
	)
	golden(
		t,
		"note",
		with(
			templates.Note(
				templates.NoteProps{
					Tone:    templates.ToneWarn,
					Title:   "T",
					Icon:    "clock",
					Top:     true,
					Actions: []templates.Action{{Text: "Go", Href: "/go"}},
				},
			),
			templates.Text("body"),
		),
	)
	golden(
		t,
		"savebar",
		templates.SaveBar(templates.SaveBarProps{Button: "Save", Discard: "/d", Reason: true, ReasonText: "CHG-1"}),
	)
}

func TestDialogs(t *testing.T) {
	golden(
		t,
		"confirm",
		templates.Confirm(
			templates.ConfirmProps{
				Title:    "Delete Ana?",
				Text:     "No way back.",
				Effects:  []string{"6 roles end"},
				Action:   "/x",
				Button:   "Delete user",
				Danger:   true,
				Fields:   []templates.Pair{{Name: "version", Value: "3"}},
				TypeName: "ana",
				Typed:    "an",
				Reason:   true,
				Cancel:   "/users/1",
				Problems: map[string]string{"confirm": "Type ana exactly"},
			},
		),
	)
	golden(
		t,
		"confirm-plain",
		templates.Confirm(
			templates.ConfirmProps{Title: "Disable Ana?", Action: "/x", Button: "Disable user", Cancel: "/users/1"},
		),
	)
	golden(
		t,
		"panel",
		with(
			templates.Panel(templates.PanelProps{Title: "Keys", Sub: "sub", Close: "/portal", Foot: "Recorded."}),
			templates.CodeBlock("env", "Variables", "A=1"),
			templates.CopyFrom("env", "Copy all"),
		),
	)
	golden(
		t,
		"conflict",
		templates.Conflict(
			templates.ConflictProps{
				Title:   "Daniel saved",
				Text:    "Two differ.",
				Started: "From, 12",
				Saved:   "Daniel, 13",
				Action:  "/s",
				Keep:    []templates.Pair{{Name: "version", Value: "13"}},
				Foot:    "Makes 14.",
				Discard: "/d",
				Fields: []templates.ConflictField{
					{Label: "Hours", Name: "h", Before: "12", Saved: "4", Yours: "8", Mono: true},
					{Label: "Text", Name: "t", Before: "a", Saved: "b", Yours: "a"},
					{Label: "Same", Name: "s", Before: "a", Saved: "a", Yours: "a"},
					{Label: "Both", Name: "b", Before: "a", Saved: "b", Yours: "b"},
				},
			},
		),
	)
}

func TestErrorPages(t *testing.T) {
	golden(
		t,
		"error-broken",
		templates.ErrorPage(
			templates.ErrorPageProps{
				Status:    500,
				Title:     "Broken",
				Message:   "Again.",
				RequestID: "7d1e",
				Retry:     "/r",
				Back:      templates.Link{Text: "Overview", Href: "/"},
			},
		),
	)
	golden(
		t,
		"error-refused",
		templates.ErrorPage(
			templates.ErrorPageProps{
				Status:  403,
				Title:   "Not allowed",
				Message: "Ask:",
				Ask:     []templates.Person{{Name: "Elena Novak", Note: "can grant it"}},
			},
		),
	)
	golden(
		t,
		"error-missing",
		templates.ErrorPage(templates.ErrorPageProps{Status: 404, Title: "Not here", Message: "Gone."}),
	)
}

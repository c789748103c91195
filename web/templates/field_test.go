package templates_test

import (
	"testing"

	"gatehouse/web/templates"
)

func TestFieldStates(t *testing.T) {
	golden(
		t,
		"field",
		templates.Field(
			templates.FieldProps{
				Name:      "name",
				Label:     "Name",
				Value:     `"><b>`,
				Hint:      "Letters.",
				Optional:  true,
				MaxLength: 32,
			},
		),
	)
	golden(
		t,
		"field-problem",
		templates.Field(
			templates.FieldProps{
				Name:    "hours",
				ID:      "h",
				Label:   "Hours",
				Value:   "36",
				Short:   true,
				Hint:    "1 to 12.",
				Problem: "Enter 1 to 12",
			},
		),
	)
	golden(
		t,
		"field-password",
		templates.Field(
			templates.FieldProps{
				Name:         "password",
				Label:        "Password",
				Type:         "password",
				Value:        "never shown",
				Autocomplete: "current-password",
				Aside:        templates.Text("aside"),
			},
		),
	)
	golden(
		t,
		"field-code",
		templates.Field(
			templates.FieldProps{Name: "code", Label: "Code", Type: "code", AutoSubmit: 6, Autofocus: true},
		),
	)
	golden(
		t,
		"field-mono",
		templates.Field(
			templates.FieldProps{
				Name:        "arn",
				Label:       "ARN",
				Mono:        true,
				HideLabel:   true,
				Suggestions: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"},
				ReadOnly:    true,
			},
		),
	)
}

func TestChoices(t *testing.T) {
	options := []templates.Option{
		{Value: "a", Text: "A"},
		{Value: "b", Text: "B", Hint: "second"},
		{Value: "c", Text: "C", Disabled: true},
	}
	golden(
		t,
		"select",
		templates.Select(
			templates.SelectProps{Name: "kind", Label: "Kind", Value: "b", Options: options, Problem: "Choose one"},
		),
	)
	golden(
		t,
		"textarea",
		templates.TextArea(templates.TextAreaProps{Name: "text", Label: "Text", Value: "<b>", Mono: true, Hint: "h"}),
	)
	golden(
		t,
		"check",
		templates.Check(
			templates.CheckProps{
				Name:    "agree",
				Label:   "I saved them",
				Checked: true,
				Problem: "Confirm it",
				Hint:    "h",
			},
		),
	)
	golden(
		t,
		"radios",
		templates.Radios(
			templates.RadioProps{Name: "ends", Label: "Ends", Value: "a", Options: options, Problem: "Choose one"},
		),
	)
	golden(
		t,
		"radios-inline",
		templates.Radios(
			templates.RadioProps{Name: "ends", Label: "Ends", Options: options, Inline: true, Hint: "h"},
		),
	)
}

func TestEditorAndSummary(t *testing.T) {
	findings := []templates.Finding{
		{Line: 2, Severity: "error", Message: "No.", Detail: "Yes."},
		{Severity: "warning", Message: "Hm."},
		{Line: 1, Severity: "info", Message: "So."},
	}
	golden(
		t,
		"editor",
		templates.EditorField(
			templates.EditorProps{
				Name:     "policy",
				Label:    "Policy",
				Value:    "{\n}",
				Kind:     "scp",
				Validate: "/v",
				Complete: "/c",
				Max:      5120,
				Findings: findings,
			},
		),
	)
	golden(
		t,
		"editor-plain",
		templates.EditorField(
			templates.EditorProps{Name: "policy", Label: "Policy", ReadOnly: true, Problem: "Not JSON"},
		),
	)
	golden(
		t,
		"summary",
		templates.ErrorSummary(
			templates.Problems(map[string]string{"name": "Shorten it", "": "Nothing was saved", "x": "X"}, "name"),
		),
	)
	golden(t, "summary-none", templates.ErrorSummary(nil))
}

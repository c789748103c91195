package templates

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode"

	"github.com/a-h/templ"
)

// frameProps is what every field has around its control.
type frameProps struct {
	ID, Label, Hint, Problem string
	HideLabel, Optional      bool
	Aside                    templ.Component
}

func (p FieldProps) id() string { return fieldID(p.ID, p.Name) }

func (p FieldProps) frame() frameProps {
	return frameProps{
		ID: p.id(), Label: p.Label, Hint: p.Hint, Problem: p.Problem,
		HideLabel: p.HideLabel, Optional: p.Optional, Aside: p.Aside,
	}
}

// attributes are those of the input, in the order they are written.
func (p FieldProps) attributes() templ.OrderedAttributes {
	class := p.class()
	if p.Problem != "" {
		class += " is-invalid"
	}
	a := templ.OrderedAttributes{
		{Key: "class", Value: class}, {Key: "id", Value: p.id()}, {Key: "name", Value: p.Name},
		{Key: "type", Value: p.inputType()},
	}
	// A password is never sent back to the browser that typed it.
	if p.Type != "password" {
		a = append(a, templ.KeyValue[string, any]{Key: "value", Value: p.Value})
	}
	a = append(a, p.codeAttributes()...)
	text := func(key, value string) {
		if value != "" {
			a = append(a, templ.KeyValue[string, any]{Key: key, Value: value})
		}
	}
	text("placeholder", p.Placeholder)
	text("autocomplete", p.Autocomplete)
	if p.MaxLength > 0 {
		text("maxlength", strconv.Itoa(p.MaxLength))
	}
	if p.Mono || p.Autocomplete == "username" {
		text("autocapitalize", "none")
		text("spellcheck", "false")
	}
	if len(p.Suggestions) > 0 {
		text("list", p.id()+"-list")
	}
	flag := func(key string, on bool) {
		a = append(a, templ.KeyValue[string, any]{Key: key, Value: on})
	}
	flag("autofocus", p.Autofocus)
	flag("readonly", p.ReadOnly)
	if p.AutoSubmit > 0 {
		a = append(a, templ.KeyValue[string, any]{Key: "data-autosubmit", Value: strconv.Itoa(p.AutoSubmit)})
	}
	return append(a, ariaAttributes(p.id(), p.Hint, p.Problem)...)
}

// codeAttributes make phones offer the code and show digits; a space may be typed.
func (p FieldProps) codeAttributes() templ.OrderedAttributes {
	if p.Type != "code" {
		return nil
	}
	return templ.OrderedAttributes{
		{Key: "inputmode", Value: "numeric"}, {Key: "autocomplete", Value: "one-time-code"},
		{Key: "maxlength", Value: "12"}, {Key: "autocapitalize", Value: "none"}, {Key: "spellcheck", Value: "false"},
	}
}

// ariaAttributes tie a control to its hint and its problem.
func ariaAttributes(id, hint, problem string) templ.OrderedAttributes {
	var a templ.OrderedAttributes
	if problem != "" {
		a = append(a, templ.KeyValue[string, any]{Key: "aria-invalid", Value: "true"})
	}
	if ids := describedBy(id, hint, problem); ids != "" {
		a = append(a, templ.KeyValue[string, any]{Key: "aria-describedby", Value: ids})
	}
	return a
}

func checkValue(v string) string {
	if v == "" {
		return "on"
	}
	return v
}

// findingsJSON is how a page hands its findings to the editor.
func findingsJSON(fs []Finding) string {
	if len(fs) == 0 {
		return "[]"
	}
	b, err := json.Marshal(fs)
	if err != nil {
		return "[]"
	}
	return string(b)
}

func (f Finding) tone() Tone {
	switch f.Severity {
	case "error":
		return ToneBad
	case "warning":
		return ToneWarn
	}
	return ToneInfo
}

func (f Finding) where() string {
	if f.Line < 1 {
		return "Policy"
	}
	return fmt.Sprintf("Line %d", f.Line)
}

// policySize counts a document as AWS does: without white space.
func policySize(doc string) int {
	n := 0
	for _, r := range doc {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

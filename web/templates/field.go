package templates

import (
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// FieldProps is one labelled input with what was typed and what is wrong with it.
type FieldProps struct {
	Name         string // of the form value; also the id, unless ID is set
	ID           string
	Label        string
	HideLabel    bool   // the label is there for the ear only
	Value        string // what was typed, or the value in force
	Type         string // "text" (default), "password", "email", "number", "date", "datetime-local", "search", "code"
	Hint         string
	Problem      string // what is wrong and what to do; empty when nothing is
	Placeholder  string
	Autocomplete string // as in HTML, for example "username"
	MaxLength    int    // characters; 0 for no limit in the browser
	Optional     bool   // says "optional" behind the label
	Mono         bool   // an id, an ARN, an action
	Short        bool   // a number or a code: narrow
	Autofocus    bool   // at most one on a page
	ReadOnly     bool
	AutoSubmit   int             // Type "code": send the form at so many digits; 0: never
	Suggestions  []string        // offered while typing; anything may be typed
	Aside        templ.Component // to the right of the label, for example a link
}

// Option is one choice of a select or a group of radio buttons.
type Option struct {
	Value, Text string
	Hint        string // radio buttons only
	Disabled    bool
}

// SelectProps is a labelled list of which one choice is taken.
type SelectProps struct {
	Name, ID, Label, Value string
	Options                []Option
	HideLabel              bool
	Hint, Problem          string
	Optional               bool
}

// TextAreaProps is a labelled field of several lines.
type TextAreaProps struct {
	Name, ID, Label, Value string
	Rows                   int // 4 when zero
	Hint, Problem          string
	Placeholder            string
	Optional, Mono         bool
}

// EditorProps is a field for a JSON document. It is a textarea; where scripts run it
// becomes an editor with findings at their lines. Its Shell sets Editor.
type EditorProps struct {
	Name, ID, Label, Value string
	Hint, Problem          string
	Kind                   string    // "identity", "scp", "rcp", "resource", "trust": sent to Validate
	Validate               string    // POST document and kind, answers {"findings":[Finding…]}; empty for none
	Complete               string    // GET ?prefix=, answers {"items":["s3:GetObject",…]}; empty for none
	Findings               []Finding // known when the page is made
	Max                    int       // characters without white space; 0 for no count
	Rows                   int       // 16 when zero
	ReadOnly               bool
}

// Finding is something an editor marks at a line.
type Finding struct {
	Line     int    `json:"line"`     // from 1; 0 for the whole document
	Column   int    `json:"column"`   // from 1; 0 for the whole line
	Severity string `json:"severity"` // "error", "warning" or "info"
	Message  string `json:"message"`
	Detail   string `json:"detail,omitempty"` // what to do
}

// CheckProps is one checkbox with its label behind it.
type CheckProps struct {
	Name, ID, Label, Value string // Value "on" when empty
	Checked, Disabled      bool
	Hint, Problem          string
}

// RadioProps is a group of choices of which one is taken, all in view.
type RadioProps struct {
	Name, Label, Value string
	Options            []Option
	Hint, Problem      string
	Inline             bool
}

// Problem is what is wrong with one field, in the words that also stand at the field.
type Problem struct {
	Field string // id of the field; empty when it is about the whole form
	Text  string
}

// Problems orders what is wrong with a form as its fields are on the page. The key ""
// is the whole form; keys that order does not name come last, by name.
func Problems(fields map[string]string, order ...string) []Problem {
	var out []Problem
	for _, name := range problemOrder(fields, order) {
		if text := fields[name]; text != "" {
			out = append(out, Problem{Field: name, Text: text})
		}
	}
	return out
}

// problemOrder is order, then what it does not name.
func problemOrder(fields map[string]string, order []string) []string {
	rest := slices.DeleteFunc(slices.Sorted(maps.Keys(fields)), func(name string) bool {
		return name == "" || slices.Contains(order, name)
	})
	return slices.Concat([]string{""}, order, rest)
}

// fieldID is where labels and links point.
func fieldID(id, name string) string {
	if id != "" {
		return id
	}
	return name
}

// describedBy names the hint and the problem of a field, for the ear.
func describedBy(id, hint, problem string) string {
	var ids []string
	if problem != "" {
		ids = append(ids, id+"-problem")
	}
	if hint != "" {
		ids = append(ids, id+"-hint")
	}
	return strings.Join(ids, " ")
}

func (p FieldProps) inputType() string {
	switch p.Type {
	case "", "code":
		return "text"
	}
	return p.Type
}

// class is the look of the input: fixed width for ids, wide digits for codes.
func (p FieldProps) class() string {
	switch {
	case p.Type == "code" && p.Short:
		return "form-control gh-otp gh-otp-s"
	case p.Type == "code":
		return "form-control gh-otp"
	case p.Mono && p.Short:
		return "form-control gh-mono gh-short"
	case p.Mono:
		return "form-control gh-mono"
	case p.Short:
		return "form-control gh-short"
	}
	return "form-control"
}

func rows(n, standard int) int {
	if n > 0 {
		return n
	}
	return standard
}

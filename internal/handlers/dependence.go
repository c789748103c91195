package handlers

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/center"
	"gatehouse/internal/eval"
	"gatehouse/web/templates"
)

// way is one way in which values of missing keys turn an answer around.
type way struct {
	begin string // "Allowed if "
	eval.Alternative
}

func waysOf(d *eval.Dependence) []way {
	if d == nil {
		return nil
	}
	var list []way
	for _, a := range d.AllowedIf {
		list = append(list, way{"Allowed if ", a})
	}
	for _, a := range d.DeniedIf {
		list = append(list, way{"Not allowed if ", a})
	}
	return list
}

// words say the way, with the address, if there is one, that asks the same with such values.
func (w way) words(href string) []templates.Word {
	words := []templates.Word{{Text: w.begin}}
	for i, term := range w.Terms {
		if i > 0 {
			words = append(words, templates.Word{Text: " and "})
		}
		words = append(words, templates.Word{Text: term.Key, Mono: true}, templates.Word{Text: strings.TrimPrefix(term.Words, term.Key)})
	}
	words = append(words, templates.Word{Text: "."})
	if href != "" && w.typable() {
		words = append(words, templates.Word{Text: " "}, templates.Word{Text: "Ask with " + strings.TrimSpace(w.keys()), Href: href})
	}
	return words
}

// typable reports whether the example can be typed into the field of condition keys, where commas separate values and
// a key is one line.
func (w way) typable() bool {
	for _, values := range w.Example {
		if len(values) == 0 || slices.ContainsFunc(values, func(v string) bool { return v == "" || strings.ContainsAny(v, ",\n") }) {
			return false
		}
	}
	return len(w.Example) > 0
}

// keys is the example as it is typed, a line each.
func (w way) keys() string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(w.Example)) {
		b.WriteString("\n" + key + " = " + strings.Join(w.Example[key], ", "))
	}
	return b.String()
}

// missingNotes say which keys policies ask for in vain without a difference to the answer.
func missingNotes(v center.Verdict) []string {
	var notes []string
	for _, k := range v.Missing {
		if k.Matters && !k.Passed {
			continue // the ways to another answer tell more
		}
		note := k.Policy + " asks for " + k.Key + ", and this request does not say it"
		if k.Passed {
			note += "; a condition there is met only because of that"
		}
		if !k.Matters {
			note += "; no value of it changes the answer"
		}
		notes = append(notes, note+".")
	}
	return notes
}

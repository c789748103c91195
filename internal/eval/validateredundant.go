package eval

import (
	"slices"
	"strconv"
)

// redundantActions finds entries that another entry of the list covers.
func (v *validator) redundantActions(e *Element) {
	v.redundant(e, "Redundant action", comparing{lowerASCII, coversText})
}

func (v *validator) redundantResources(e *Element) {
	v.redundant(e, "Redundant resource", comparing{asWritten, coversResource})
}

// comparing is how the entries of an element are compared.
type comparing struct {
	fold   func(string) string
	covers func(wide, narrow string) bool
}

func asWritten(s string) string { return s }

func (v *validator) redundant(e *Element, code string, by comparing) {
	folded := make([]string, len(e.Values))
	first := map[string]int{}
	var wide []int
	for i, t := range e.Values {
		folded[i] = by.fold(t.Value)
		if at, again := first[folded[i]]; again {
			v.simplify(t.Span, code, "Remove "+quote(t.Value)+"; it is in the list already, on line "+
				strconv.Itoa(e.Values[at].Span.Start.Line)+".")
			continue
		}
		first[folded[i]] = i
		if hasWildcard(t.Value) {
			wide = append(wide, i)
		}
	}
	if len(wide)*len(e.Values) > maxCovers {
		return
	}
	for i, t := range e.Values {
		at := slices.IndexFunc(wide, func(w int) bool {
			return folded[w] != folded[i] && by.covers(folded[w], folded[i]) && (w < i || !by.covers(folded[i], folded[w]))
		})
		if at >= 0 && first[folded[i]] == i {
			v.simplify(t.Span, code, "Remove "+quote(t.Value)+"; "+quote(e.Values[wide[at]].Value)+" covers it.")
		}
	}
}

// redundantStatements finds statements whose every request another statement of the
// same effect covers.
func (v *validator) redundantStatements() {
	list := v.doc.Statements
	if len(list) > maxCompared {
		return
	}
	shapes := make([]shape, len(list))
	for i := range list {
		shapes[i] = list[i].shape()
	}
	for i := range list {
		for j := range list {
			// Of two that cover each other, the later one is redundant.
			if i == j || !shapes[j].covers(&shapes[i]) || i < j && shapes[i].covers(&shapes[j]) {
				continue
			}
			v.simplify(list[i].Span, "Redundant statement",
				"Remove the statement; the one on line "+strconv.Itoa(list[j].Span.Start.Line)+" covers it.")
			break
		}
	}
}

// Comparing everything with everything takes quadratic time. These bounds are beyond
// what any policy within its quota needs.
const (
	maxCompared = 200       // statements
	maxCovers   = 1_000_000 // pairs of patterns in two lists
)

package eval

import (
	"slices"
	"strconv"
)

// redundantStatements finds statements whose every request another statement of the
// same effect covers.
func (v *validator) redundantStatements() {
	list := v.doc.Statements
	for i := range list {
		for j := range list {
			// Of two that cover each other, the later one is redundant.
			if i == j || !list[j].coversStatement(&list[i]) || i < j && list[i].coversStatement(&list[j]) {
				continue
			}
			v.simplify(list[i].Span, "Redundant statement",
				"Remove the statement; the one on line "+strconv.Itoa(list[j].Span.Start.Line)+" covers it.")
			break
		}
	}
}

// coversStatement may say no where the answer is yes, but not the other way round.
func (s *Statement) coversStatement(t *Statement) bool {
	return s.Effect == t.Effect && s.Effect != "" &&
		coversElement(&s.Action, &t.Action, func(wide, narrow string) bool {
			return coversText(lowerASCII(wide), lowerASCII(narrow))
		}) &&
		coversElement(&s.Resource, &t.Resource, coversResource) &&
		slices.Equal(s.Principal.key(), t.Principal.key()) &&
		(len(s.Conditions) == 0 || slices.Equal(s.conditionKey(), t.conditionKey()))
}

func coversElement(wide, narrow *Element, covers func(wide, narrow string) bool) bool {
	if wide.Name != narrow.Name {
		return false
	}
	if wide.Negated() {
		wide, narrow = narrow, wide
	}
	for _, n := range narrow.Values {
		if !slices.ContainsFunc(wide.Values, func(w Text) bool { return covers(w.Value, n.Value) }) {
			return false
		}
	}
	return true
}

// key is the element as a sorted list, for comparing.
func (p *PrincipalElement) key() []string {
	list := []string{p.Name}
	for _, e := range p.Entries {
		list = append(list, e.Kind+" "+e.Value.Value)
	}
	slices.Sort(list)
	return list
}

// conditionKey is the Condition element as a sorted list, for comparing.
func (s *Statement) conditionKey() []string {
	var list []string
	for i := range s.Conditions {
		c := &s.Conditions[i]
		values := texts(c.Values)
		slices.Sort(values)
		text := foldKey(c.Operator.Value) + " " + foldKey(c.Key.Value)
		for _, value := range values {
			text += " " + quote(value)
		}
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}

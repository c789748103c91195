package eval

import "slices"

// shape is a statement prepared for being compared with others.
type shape struct {
	effect     Effect
	action     scope
	resource   scope
	principal  []string // sorted
	conditions []string // sorted
}

// scope is an Action or Resource element as a set of patterns.
type scope struct {
	name   string
	values map[string]bool // with whether they have wildcards
	by     comparing
}

func (s *Statement) shape() shape {
	return shape{
		effect:     s.Effect,
		action:     newScope(&s.Action, comparing{lowerASCII, coversText}),
		resource:   newScope(&s.Resource, comparing{asWritten, coversResource}),
		principal:  s.Principal.key(),
		conditions: s.conditionKeys(),
	}
}

func newScope(e *Element, by comparing) scope {
	s := scope{name: e.Name, values: map[string]bool{}, by: by}
	for _, t := range e.Values {
		s.values[by.fold(t.Value)] = hasWildcard(t.Value)
	}
	return s
}

// covers may say no where the answer is yes, but not the other way round.
func (s *shape) covers(t *shape) bool {
	return s.effect == t.effect && s.effect != "" &&
		slices.Equal(s.principal, t.principal) &&
		(len(s.conditions) == 0 || slices.Equal(s.conditions, t.conditions)) &&
		s.action.contains(&t.action) && s.resource.contains(&t.resource)
}

// contains reports whether every pattern of the narrow scope is covered. What is
// excluded works the other way round.
func (s *scope) contains(narrow *scope) bool {
	if s.name != narrow.name || len(s.values)*len(narrow.values) > maxCovers {
		return false
	}
	if s.name == "NotAction" || s.name == "NotResource" {
		s, narrow = narrow, s
	}
	for text := range narrow.values {
		if !s.containsText(text) {
			return false
		}
	}
	return true
}

func (s *scope) containsText(text string) bool {
	if _, same := s.values[text]; same {
		return true
	}
	for wide, wildcard := range s.values {
		if wildcard && s.by.covers(wide, text) {
			return true
		}
	}
	return false
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

// conditionKeys is the Condition element as a sorted list, for comparing.
func (s *Statement) conditionKeys() []string {
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

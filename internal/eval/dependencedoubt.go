package eval

import "slices"

// family is a kind of comparison. The values that tell the tests of one family apart are all
// found; those that tell tests of two families apart at once may not be.
type family uint8

const (
	ofPresence family = iota // goes with every other
	ofText
	ofNumbers
	ofDates
	ofAddresses
	ofBooleans
	ofBytes
)

func (c comparison) family() family {
	switch c {
	case isNull:
		return ofPresence
	case numericOrder:
		return ofNumbers
	case dateOrder:
		return ofDates
	case ipInRange:
		return ofAddresses
	case boolEquals:
		return ofBooleans
	case binaryEquals:
		return ofBytes
	default:
		return ofText
	}
}

// doubt finds the tests of which the values to try need not show all outcomes, beside all
// outcomes of the others. What a search over the values does not find is looked for again
// with these tests coming out either way.
func (s *search) doubt() {
	for i := range s.tests {
		if t := &s.tests[i]; len(t.keys) > 1 || t.shifts(&s.ctx) || slices.ContainsFunc(t.keys, func(k int) bool { return s.mixes(t, k) }) {
			s.doubtful = append(s.doubtful, i)
		}
	}
}

// shifts reports whether a missing key decides where the parts of an ARN in a condition are.
func (t *test) shifts(ctx *Context) bool {
	return t.condition != nil && slices.ContainsFunc(t.condition.operands, func(o operand) bool {
		for range o.text.absent(ctx) {
			return o.text.shifts
		}
		return false
	})
}

// mixes reports whether a test asks for a key otherwise than another test does, or than it
// does itself: as the value of a variable and as the key of a condition, in comparisons of
// two families, or in more lists than there are values in one that is tried.
func (s *search) mixes(t *test, k int) bool {
	compared, varied, lists := 0, t.varies(s, k), 0
	for i := range s.tests {
		u := &s.tests[i]
		if u.condition == nil || u.condition.key != s.keys[k].folded {
			continue
		}
		if compared++; u.condition.op.set != noSet {
			lists++
		}
		f, g := u.condition.op.compare.family(), ofPresence
		if t.condition != nil && t.condition.key == u.condition.key {
			g = t.condition.op.compare.family()
		}
		if f != g && f != ofPresence && g != ofPresence {
			return true
		}
	}
	return varied && compared > 0 || lists > maxInList
}

// varies reports whether a test asks for a key as the value of a variable.
func (t *test) varies(s *search, k int) bool {
	names := func(p *pattern) bool {
		for name := range p.absent(&s.ctx) {
			if name == s.keys[k].folded {
				return true
			}
		}
		return false
	}
	if t.condition == nil {
		return true
	}
	return slices.ContainsFunc(t.condition.operands, func(o operand) bool { return names(&o.text) })
}

// mayReach reports whether the goal is within reach when doubtful tests come out either way.
// It may say yes where no values lead there, but no only if none do.
func (s *search) mayReach(g goal, given []demand) bool {
	s.outcomes = make([]truth, len(s.tests))
	for _, i := range s.doubtful {
		s.outcomes[i] = maybe
	}
	defer func() { s.outcomes = nil }()
	return s.find(g, given)
}

// settle lets the doubtful tests from the given one on come out either way.
func (s *search) settle(doubt int, g goal, given []demand) bool {
	if s.spent += s.weight(); s.exhausted() || !s.consistent(given) || !s.reachable(g) {
		return false
	}
	if doubt == len(s.doubtful) {
		return true
	}
	i := s.doubtful[doubt]
	defer func() { s.outcomes[i] = maybe }()
	for _, outcome := range []truth{yes, no} {
		if s.outcomes[i] = outcome; s.settle(doubt+1, g, given) {
			return true
		}
	}
	return false
}

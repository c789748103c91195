package eval

import "slices"

// truth is the outcome of a test while some keys have no value yet.
type truth uint8

const (
	no truth = iota
	maybe
	yes
)

func truthOf(ok bool) truth {
	if ok {
		return yes
	}
	return no
}

// goal is an answer that a search looks for.
type goal uint8

const (
	goalAllowed goal = iota
	goalDenied       // in either way
	goalExplicit
	goalImplicit
)

func (g goal) opposite() goal {
	if g == goalAllowed {
		return goalDenied
	}
	return goalAllowed
}

func (g goal) reachedBy(d Decision) bool {
	switch g {
	case goalAllowed:
		return d == Allowed
	case goalDenied:
		return d != Allowed
	case goalExplicit:
		return d == ExplicitDeny
	default:
		return d == ImplicitDeny
	}
}

// demand asks for a test to come out in one way.
type demand struct {
	test int
	want bool
}

// maxSteps bounds a search. It is far beyond what policies within their quotas need
// unless they are written against it.
const maxSteps = 30_000

// search looks for values of missing keys. The request it holds is a copy whose context
// it fills and empties.
type search struct {
	*request
	groups    []openGroup
	tests     []test
	keys      []unknownKey
	known     [][]demand        // ways already found, not to be found again
	spent     int               // steps of the search
	bound     int               // steps spent on the values of variables
	moves     int               // of patterns that texts are found for
	truncated bool              // some values were not considered
	missed    bool              // doubtful tests might lead to what no value led to
	seen      [Allowed + 1]bool // decisions that some values led to
	doubtful  []int             // tests that come out either way in mayReach
	outcomes  []truth           // in mayReach, what doubtful tests come out as; nil otherwise
}

// openGroup is the statements of policies that stand side by side.
type openGroup struct {
	layer      Layer
	statements []openStatement
}

// openStatement is a statement that some values of the missing keys make match.
type openStatement struct {
	deny   bool
	grants grant
	tests  []int
}

func (s *search) incomplete() bool { return s.truncated || s.missed || s.exhausted() }

func (s *search) exhausted() bool { return s.spent > maxSteps }

// perStep is how many statements, tests or keys a step looks at.
const perStep = 50

// find looks for values that meet the demands and lead to the goal, and leaves them in
// the context.
func (s *search) find(g goal, given []demand) bool {
	for i := range s.keys {
		s.keys[i].open = true
		s.put(&s.keys[i], nil)
	}
	return s.descend(0, g, given)
}

// descend gives the keys from the given one on their values.
func (s *search) descend(key int, g goal, given []demand) bool {
	if s.spent += s.weight(); s.exhausted() || !s.consistent(given) || !s.reachable(g) {
		return false
	}
	switch {
	case key == len(s.keys) && s.outcomes != nil:
		return s.settle(0, g, given)
	case key == len(s.keys):
		result, err := Decide(s.in)
		if err != nil || !g.reachedBy(result.Decision) {
			return false
		}
		s.seen[result.Decision] = true
		return true
	}
	k := &s.keys[key]
	k.open = false
	values := k.values
	if s.outcomes != nil {
		values = k.classes
	}
	for _, v := range values {
		s.put(k, v)
		if s.descend(key+1, g, given) {
			return true
		}
	}
	k.open = true
	s.put(k, nil)
	return false
}

// weight is what a step costs: it looks at every statement that is left.
func (s *search) weight() int {
	statements := 0
	for i := range s.groups {
		statements += len(s.groups[i].statements)
	}
	return 1 + (statements+len(s.tests))/perStep
}

// put gives a key a value; nil takes it away.
func (s *search) put(k *unknownKey, v *contextValue) {
	if v == nil {
		s.in.Context.Delete(k.name)
	} else {
		s.in.Context.put(k.name, *v)
	}
	s.ctx.contextKeys = s.in.Context.contextKeys
}

// consistent reports whether the demands can still be met, and no way that is known already is.
func (s *search) consistent(given []demand) bool {
	for _, l := range given {
		if t := s.try(l.test); t != maybe && t != truthOf(l.want) {
			return false
		}
	}
	for _, way := range s.known {
		met := true
		for _, l := range way {
			met = met && s.try(l.test) == truthOf(l.want)
		}
		if met {
			return false
		}
	}
	return true
}

// try runs a test as far as its keys have values.
func (s *search) try(i int) truth {
	t := &s.tests[i]
	if s.outcomes != nil && slices.Contains(s.doubtful, i) {
		return s.outcomes[i]
	}
	for _, k := range t.keys {
		if s.keys[k].open {
			return maybe
		}
	}
	return t.truth(s.request)
}

// reachable weighs the extremes that the open keys leave.
func (s *search) reachable(g goal) bool {
	switch g {
	case goalAllowed:
		v := s.extreme(yes, maybe)
		return s.weigh(&v).Decision == Allowed
	case goalDenied:
		v := s.extreme(maybe, yes)
		return s.weigh(&v).Decision != Allowed
	case goalExplicit:
		v := s.extreme(maybe, yes)
		return s.weigh(&v).Decision == ExplicitDeny
	default:
		v := s.extreme(yes, yes)
		return s.weigh(&v).Decision == ImplicitDeny
	}
}

// extreme asks the layers, counting a Deny and an Allow if they match as surely as is asked for.
func (s *search) extreme(deny, allow truth) verdicts {
	var v verdicts
	v[LayerSCP].grants = toCaller
	for i := range s.groups {
		g := &s.groups[i]
		var sum verdict
		for j := range g.statements {
			switch st := &g.statements[j]; {
			case st.deny && s.matches(st) >= deny:
				sum.denies = true
			case !st.deny && s.matches(st) >= allow:
				sum.grants |= st.grants
			}
		}
		into := &v[g.layer]
		into.denies = into.denies || sum.denies
		if g.layer == LayerSCP {
			into.grants &= sum.grants
		} else {
			into.grants |= sum.grants
		}
	}
	return v
}

func (s *search) matches(st *openStatement) truth {
	least := yes
	for _, i := range st.tests {
		least = min(least, s.try(i))
	}
	return least
}

// snapshot and restore keep the values of the missing keys over another search.
func (s *search) snapshot() Context { return s.in.Context.Clone() }

func (s *search) restore(c Context) { s.in.Context, s.ctx = c, c }

package eval

import (
	"slices"
	"strings"
)

// Dependence says how the answer changes with condition keys that the request does not
// carry. It is nil where no value of any of them could turn an allow into a deny or a
// deny into an allow.
type Dependence struct {
	// Keys are those that the alternatives are about, as the policies spell them.
	Keys []string `json:"keys"`
	// Possible are all decisions that some values lead to, the one given first.
	Possible []Decision `json:"possible"`
	// AllowedIf, for a request that is denied, and DeniedIf, for one that is allowed, are
	// the ways to the other answer. Each is enough by itself.
	AllowedIf []Alternative `json:"allowedIf,omitempty"`
	DeniedIf  []Alternative `json:"deniedIf,omitempty"`
	// More says that there are further ways, which are left out.
	More bool `json:"more,omitempty"`
	// Incomplete says that not everything could be tried, because there are too many
	// combinations, or keys are compared with one another in ways that this does not
	// follow. What is listed holds all the same; with no alternative, nothing is known.
	Incomplete bool `json:"incomplete,omitempty"`
	// Words say it in one sentence.
	Words string `json:"words"`
}

// Alternative is one way to another answer: all its terms have to be met. What they do
// not mention makes no difference.
type Alternative struct {
	Terms []Term `json:"terms"`
	// Example gives values with which Decide returns the other answer.
	Example map[string][]string `json:"example"`
}

// Term asks for a condition of a policy to hold, or not to hold.
type Term struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"` // of a condition, or Resource or NotResource for a variable in one
	Values   []string `json:"values"`
	Holds    bool     `json:"holds"`
	Words    string   `json:"words"` // such as `aws:SourceIp is in 203.0.113.0/24`
}

// maxAlternatives is how many ways to another answer are listed.
const maxAlternatives = 4

// dependence finds out what values of missing keys could change the decision. It tries
// classes of values, one for each way in which the conditions about a key can come
// out, and cuts off what cannot succeed by weighing the two extremes: everything still
// open in favour of the request, and everything against it. What it finds is decided
// by Decide itself.
func (x *explainer) dependence() *Dependence {
	if x.alwaysAllowed() {
		return nil
	}
	s := newSearch(x.request)
	if len(s.keys) == 0 {
		return nil
	}
	goal := goalAllowed
	if x.Decision == Allowed {
		goal = goalDenied
	}
	found, more := s.alternatives(goal)
	possible := s.possible(x.Decision)
	if len(found) == 0 && !s.incomplete() {
		return nil
	}
	d := &Dependence{More: more, Incomplete: s.incomplete(), Keys: s.keysOf(found), Possible: possible}
	if goal == goalAllowed {
		d.AllowedIf = found
	} else {
		d.DeniedIf = found
	}
	d.Words = d.words(s.names())
	return d
}

// words say what the answer depends on.
func (d *Dependence) words(open []string) string {
	begin, list := "Allowed if ", d.AllowedIf
	if len(d.DeniedIf) > 0 {
		begin, list = "Not allowed if ", d.DeniedIf
	}
	if len(list) == 0 {
		return "Whether another value of " + strings.Join(open, ", ") +
			" changes the answer is not known: not every combination could be tried."
	}
	ways := make([]string, len(list))
	for i := range list {
		ways[i] = list[i].Words()
	}
	text := begin + strings.Join(ways, "; or if ")
	if d.More {
		text += "; or in other ways"
	}
	return text + "."
}

// Words joins the terms.
func (a *Alternative) Words() string {
	terms := make([]string, len(a.Terms))
	for i := range a.Terms {
		terms[i] = a.Terms[i].Words
	}
	return strings.Join(terms, " and ")
}

// alternatives finds ways to a goal, the first ones found.
func (s *search) alternatives(g goal) (found []Alternative, more bool) {
	for !more && s.find(g, nil) {
		if more = len(s.known) == maxAlternatives; !more {
			demands := s.generalise(g)
			at, _ := slices.BinarySearchFunc(s.known, demands, func(a, b []demand) int { return a[0].test - b[0].test })
			found = slices.Insert(found, at, s.alternative(demands))
			s.known = slices.Insert(s.known, at, demands)
		}
	}
	s.missed = !more && s.mayReach(g, nil)
	s.known = nil
	return found, more
}

// generalise leaves out of what the values just found make of the tests everything
// that the goal does not need.
func (s *search) generalise(g goal) []demand {
	var kept []demand
	for i := range s.tests {
		kept = append(kept, demand{i, s.tests[i].truth(s.request) == yes})
	}
	example := s.snapshot()
	for i := 0; i < len(kept); {
		fewer := slices.Delete(slices.Clone(kept), i, i+1)
		if s.mayTurn(g.opposite(), fewer) {
			i++
		} else {
			kept = fewer
		}
	}
	s.restore(example)
	return kept
}

// mayTurn reports whether values that meet the demands may lead to the goal, without regard
// to the ways known so far.
func (s *search) mayTurn(g goal, given []demand) bool {
	known := s.known
	s.known = nil
	defer func() { s.known = known }()
	return s.mayReach(g, given) || s.exhausted()
}

// alternative puts demands into words, with the values just found as the example.
func (s *search) alternative(demands []demand) Alternative {
	a := Alternative{Example: map[string][]string{}}
	for _, l := range demands {
		t := &s.tests[l.test]
		present := slices.ContainsFunc(demands, func(m demand) bool {
			return m != l && s.tests[m.test].about(t) && s.tests[m.test].condition.holdsAbsent() != m.want
		})
		a.Terms = append(a.Terms, t.term(l.want, present))
		for _, k := range s.tests[l.test].keys {
			if v := s.in.Context.lookup(s.keys[k].folded); v != nil {
				a.Example[s.keys[k].name] = slices.Clone(v.values())
			}
		}
	}
	return a
}

// keysOf lists the keys that alternatives are about.
func (s *search) keysOf(list []Alternative) []string {
	keys := []string{}
	for i := range s.keys {
		about := func(a Alternative) bool {
			_, ok := a.Example[s.keys[i].name]
			return ok || slices.ContainsFunc(a.Terms, func(t Term) bool { return foldKey(t.Key) == s.keys[i].folded })
		}
		if slices.ContainsFunc(list, about) {
			keys = append(keys, s.keys[i].name)
		}
	}
	return keys
}

// possible lists the decisions that can be reached, the given one first.
func (s *search) possible(given Decision) []Decision {
	list := []Decision{given}
	for d, g := range []goal{ImplicitDeny: goalImplicit, ExplicitDeny: goalExplicit, Allowed: goalAllowed} {
		switch {
		case Decision(d) == given:
		case s.seen[d] || s.find(g, nil):
			list = append(list, Decision(d))
		default:
			s.missed = s.missed || s.mayReach(g, nil)
		}
	}
	return list
}

package eval

import (
	"slices"
	"strings"
)

// maxNearest is how many near misses an explanation names.
const maxNearest = 3

// nearest finds the Allow statements that came closest in the layers where an Allow
// was lacking. A statement about the action comes before one about its service, and
// that before all others; then the fewer elements miss, the nearer.
func (x *explainer) nearest() []StatementTrace {
	type candidate struct {
		*StatementTrace
		distance []int
	}
	var found []candidate
	for i := range x.Layers {
		t := &x.Layers[i]
		if t.Outcome != OutcomeNoAllow || !x.couldGrant(t) {
			continue
		}
		for j := range t.Statements {
			if s := &t.Statements[j]; s.Effect == Allow {
				found = append(found, candidate{s, s.distance()})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return slices.Compare(a.distance, b.distance) })
	var best []StatementTrace
	for _, c := range found {
		if len(best) == maxNearest || len(best) > 0 && c.distance[0] > found[0].distance[0] {
			break
		}
		best = append(best, *c.StatementTrace)
	}
	return best
}

// couldGrant reports whether an Allow in the layer could have changed the decision:
// in the deciding one, or beside the caller's own policies in the resource's.
func (x *explainer) couldGrant(t *LayerTrace) bool {
	return t.Layer == x.DecidedBy && (t.Decides || t.Target == "") ||
		x.DecidedBy == LayerIdentity && t.Layer == x.resourceLayer()
}

// distance says how far a statement is from matching: the kind of miss, the number of
// elements that miss, and how unlike the asked and the covered are. Less is nearer.
func (s *StatementTrace) distance() []int {
	kind, missed, alike := 0, 0, 0
	for i := range s.Elements {
		e := &s.Elements[i]
		if e.Match == Matched {
			continue
		}
		missed++
		alike += e.likeness()
		if strings.HasSuffix(e.Element, "Action") {
			kind = 2
			if e.sameService() {
				kind = 1
			}
		}
	}
	return []int{kind, missed, -alike}
}

// sameService reports whether an Action element names the service that was asked for.
func (e *ElementTrace) sameService() bool {
	service, _, _ := strings.Cut(e.Asked[0], ":")
	return slices.ContainsFunc(e.Covers, func(text string) bool {
		prefix, _, _ := strings.Cut(text, ":")
		return strings.EqualFold(prefix, service)
	})
}

// mostAlike bounds how many values of a list are looked at for likeness.
const mostAlike = 64

// likeness is the length of the longest common prefix of what was asked and what is covered.
func (e *ElementTrace) likeness() int {
	longest := 0
	for _, asked := range e.Asked[:min(len(e.Asked), mostAlike)] {
		for _, text := range e.Covers[:min(len(e.Covers), mostAlike)] {
			n := 0
			for n < min(len(asked), len(text)) && asked[n] == text[n] {
				n++
			}
			longest = max(longest, n)
		}
	}
	return longest
}

package eval

import "slices"

// missing notes which keys a statement about the request asks for in vain: those of its
// conditions and of the variables in them, and those of the variables in its resources.
func (x *explainer) missing(t *StatementTrace, s *statement, covers grant) {
	if s.matchAction(x.request) && s.matchPrincipal(x.request, t.Layer) != 0 {
		for i := range s.resources {
			x.missingVariables(t, &s.resources[i].pattern)
		}
	}
	if covers == 0 {
		return
	}
	for i := range s.conditions {
		x.missingKey(t, s.source.Conditions[i].Key.Value)
		for j := range s.conditions[i].operands {
			x.missingVariables(t, &s.conditions[i].operands[j].text)
		}
	}
}

func (x *explainer) missingVariables(t *StatementTrace, p *pattern) {
	for key := range p.unset(&x.in.Context) {
		x.missingKey(t, key)
	}
}

// missingKey notes a key once for each policy.
func (x *explainer) missingKey(t *StatementTrace, key string) {
	known := slices.ContainsFunc(x.Missing, func(m MissingKey) bool {
		return foldKey(m.Key) == foldKey(key) && m.Policy == t.Policy && m.LayerRef == t.LayerRef
	})
	if !known && !x.in.Context.Has(key) {
		x.Missing = append(x.Missing, MissingKey{Key: key, StatementRef: t.StatementRef})
	}
}

package eval

// missing notes which keys a statement about the request asks for in vain: those of its
// conditions and of the variables in them, and those of the variables in its resources.
func (x *explainer) missing(t *StatementTrace, s *statement, covers grant) {
	if s.matchAction(x.request) && s.matchPrincipal(x.request, t.Layer) != 0 {
		for i := range s.resources {
			x.missingVariables(t, &s.resources[i].pattern, s.source.Resource.Values[i], s.source.Resource.Negated())
		}
	}
	if covers == 0 {
		return
	}
	for i := range s.conditions {
		c, source := &s.conditions[i], &s.source.Conditions[i]
		holds := c.fault == nil && c.holds(&x.ctx)
		x.missingKey(t, source.Key.Value, holds)
		for j := range c.operands {
			x.missingVariables(t, &c.operands[j].text, source.Values[j], c.op.negated && holds)
		}
	}
}

func (x *explainer) missingVariables(t *StatementTrace, p *pattern, in Text, passed bool) {
	for key := range p.absent(&x.in.Context) {
		x.missingKey(t, spelled(key, []Text{in}), passed)
	}
}

// missingID tells missing keys apart.
type missingID struct {
	key    string // folded
	policy string
	LayerRef
}

// missingKey notes a key once for each policy, and whether a condition passes its absence.
func (x *explainer) missingKey(t *StatementTrace, key string, passed bool) {
	if x.in.Context.Has(key) {
		return
	}
	id := missingID{foldKey(key), t.Policy, t.LayerRef}
	if known, ok := x.noted[id]; ok {
		x.Missing[known].Passed = x.Missing[known].Passed || passed
		return
	}
	if x.noted == nil {
		x.noted = map[missingID]int{}
	}
	x.noted[id] = len(x.Missing)
	x.Missing = append(x.Missing, MissingKey{Key: key, Passed: passed, StatementRef: t.StatementRef})
}

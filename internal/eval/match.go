package eval

// matchAction reports whether the statement is about the action.
func (s *statement) matchAction(r *request) bool {
	hit := false
	for i := range s.actions {
		if hit = s.actions[i].match(r.service, r.operation); hit {
			break
		}
	}
	return hit != s.negated.action
}

// matchResource reports whether the statement is about the resource. A statement that
// names none is about any, as far as it can be read in a policy of the layer. A variable
// without value makes an entry match nothing, and so exclude nothing from NotResource.
func (s *statement) matchResource(r *request, l Layer) bool {
	if !s.source.Resource.Present() {
		return true
	}
	hit := false
	for i := range s.resources {
		if hit = s.resources[i].match(r.in.Resource, l, &r.ctx); hit {
			break
		}
	}
	return hit != s.negated.resource
}

// matchPrincipal says in which way the statement admits the caller. In a control policy
// it is about every caller, whatever it says.
func (s *statement) matchPrincipal(r *request, l Layer) grant {
	element := &s.source.Principal
	if !l.principals() || l == LayerRCP {
		return toCaller
	}
	var g grant
	for i := range s.principals {
		g |= s.principals[i].admits(r.caller)
	}
	if !element.Negated() {
		return g
	}
	// A boundary turns Deny with NotPrincipal into a deny for everybody. An account in
	// the list excludes its root user only, which admits reports as naming the caller.
	listed := g&(toRole|toCaller) != 0
	return when(!listed || s.deny && r.limitedByBoundary(), toCaller)
}

// covers says in which way the statement is about the request, conditions aside.
func (s *statement) covers(r *request, l Layer) grant {
	if !s.matchAction(r) || !s.matchResource(r, l) {
		return 0
	}
	return s.matchPrincipal(r, l)
}

// holds reports whether all conditions are met.
func (s *statement) holds(r *request) bool {
	for i := range s.conditions {
		if !s.conditions[i].holds(&r.ctx) {
			return false
		}
	}
	return true
}

// readable reports whether the statement has a meaning in a policy of the layer.
func (s *statement) readable(l Layer) bool {
	return s.fault == nil && (!s.named || l.principals()) && (s.placed || !l.resources())
}

// unreadable says why the statement has no meaning in a policy of the layer, or nil.
func (s *statement) unreadable(p *Policy, l Layer) *UnreadableError {
	if s.fault != nil {
		return s.fault
	}
	var e *UnreadableError
	switch {
	case s.source.Principal.Present() && !l.principals():
		e = unreadable(s.source.Principal.Span, "a policy of this kind cannot name a principal")
	case !s.source.Resource.Present() && l.resources():
		e = unreadable(s.source.Span, "the statement names no resource")
	default:
		return nil
	}
	e.Policy, e.Statement, e.Sid = p.name, s.source.Index, s.source.Sid.Value
	return e
}

package eval

// statement holds one statement against the request, element by element.
func (x *explainer) statement(ref LayerRef, p *Policy, s *statement) StatementTrace {
	source := s.source
	t := StatementTrace{Match: Matched, StatementRef: StatementRef{
		LayerRef: ref, Policy: p.name, Sid: source.Sid.Value, Index: source.Index,
		Effect: source.Effect, Span: source.Span,
	}}
	principal := s.matchPrincipal(x.request, ref.Layer)
	if source.Principal.Present() {
		t.Elements = append(t.Elements, x.principal(s, ref.Layer, principal))
	} else if principal == 0 {
		t.Elements = append(t.Elements, ElementTrace{Element: "Principal", Match: Missed, Asked: []string{x.in.Principal.text},
			Note: "a statement without Principal in a policy on a resource is about nobody", Span: source.Span})
	}
	t.Elements = append(t.Elements, x.action(s))
	if source.Resource.Present() {
		t.Elements = append(t.Elements, x.resource(s, ref.Layer))
	}
	covers := s.covers(x.request, ref.Layer)
	for i := range s.conditions {
		t.Elements = append(t.Elements, x.condition(&source.Conditions[i], &s.conditions[i]))
	}
	switch fault := s.unreadable(p, ref.Layer); {
	case covers == 0:
		t.Match = Missed
	case fault != nil:
		t.Match = Unreadable
		x.mark(&t, fault)
	case !s.holds(x.request):
		t.Match = Missed
	case ref.Layer == x.resourceLayer():
		t.Grants = covers.words()
		if source.Effect == Allow {
			x.grants |= covers
		}
	}
	x.missing(&t, s, covers)
	return t
}

// mark notes on the statement what cannot be read, unless an element says so already.
func (x *explainer) mark(t *StatementTrace, fault *UnreadableError) {
	for i := range t.Elements {
		if t.Elements[i].Match == Unreadable {
			return
		}
	}
	t.Elements = append(t.Elements,
		ElementTrace{Element: "Statement", Match: Unreadable, Note: fault.Message, Span: t.Span})
}

func (g grant) words() string {
	switch {
	case g&toCaller != 0:
		return "caller"
	case g&toRole != 0:
		return "role"
	}
	return "account"
}

func matchOf(ok bool) Match {
	if ok {
		return Matched
	}
	return Missed
}

func (x *explainer) action(s *statement) ElementTrace {
	e := &s.source.Action
	t := ElementTrace{Element: e.Name, Asked: []string{x.in.Action}, Covers: texts(e.Values), Span: e.Span}
	t.Match = matchOf(s.matchAction(x.request))
	for i := range s.actions {
		if s.actions[i].match(x.service, x.operation) {
			t.Hit = e.Values[i].Value
			break
		}
	}
	return t
}

func (x *explainer) resource(s *statement, l Layer) ElementTrace {
	e := &s.source.Resource
	t := ElementTrace{Element: e.Name, Asked: []string{x.in.Resource}, Span: e.Span}
	t.Match = matchOf(s.matchResource(x.request, l))
	for i := range s.resources {
		p := &s.resources[i]
		t.Covers = append(t.Covers, p.show(e.Values[i].Value, &x.ctx))
		switch {
		case t.Hit == "" && p.match(x.in.Resource, l, &x.ctx):
			t.Hit = t.Covers[i]
		case t.Note == "":
			t.Note = p.note(e.Values[i].Value, l, &x.ctx)
		}
	}
	return t
}

// note says why an entry cannot match any resource, or "".
func (p *resourcePattern) note(text string, l Layer, ctx *Context) string {
	switch {
	case p.any:
		return ""
	case p.dead:
		return quote(text) + ` is neither "*" nor an ARN that can match`
	case !l.pads(p.padding):
		return quote(text) + " has fewer than six parts, which counts for nothing in a " + l.words()
	}
	return unsetNote(&p.pattern, ctx)
}

func unsetNote(p *pattern, ctx *Context) string {
	for key := range p.unset(ctx) {
		return "${" + key + "} has no value"
	}
	return ""
}

// show writes the entry with the values of its variables put in.
func (p *resourcePattern) show(text string, ctx *Context) string {
	if p.any || p.dead || p.padding != complete {
		return text
	}
	return p.pattern.expand(text, ctx)
}

func (x *explainer) principal(s *statement, l Layer, g grant) ElementTrace {
	e := &s.source.Principal
	t := ElementTrace{Element: e.Name, Asked: []string{x.in.Principal.text}, Match: matchOf(g != 0), Span: e.Span}
	for i := range e.Entries {
		text := e.Entries[i].Value.Value
		t.Covers = append(t.Covers, text)
		if how := s.principals[i].admits(x.caller); how != 0 && t.Hit == "" {
			t.Hit, t.Note = text, "it names the "+how.words()
		}
	}
	switch {
	case !l.principals():
		t.Match, t.Note = Unreadable, "a policy of this kind cannot name a principal"
	case e.Negated() && g != 0 && t.Hit != "" && s.deny && x.in.Boundary != nil:
		t.Note = "a Deny with NotPrincipal binds every caller that has a permissions boundary"
	}
	return t
}

func texts(values []Text) []string {
	list := make([]string, len(values))
	for i := range values {
		list[i] = values[i].Value
	}
	return list
}

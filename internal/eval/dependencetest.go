package eval

import (
	"iter"
	"slices"
)

// test is one part of a statement that missing keys decide: a condition, or the
// resources with variables in them.
type test struct {
	condition *condition // nil for resources
	source    *Condition
	statement *statement
	layer     Layer
	keys      []int // places of the missing keys that it asks for
}

// truth is the outcome for a request of which all keys have their values.
func (t *test) truth(r *request) truth {
	if t.condition != nil {
		return truthOf(t.condition.holds(&r.ctx))
	}
	return truthOf(t.statement.matchResource(r, t.layer))
}

// same reports whether two tests always come out alike.
func (t *test) same(u *test) bool {
	if t.condition == nil || u.condition == nil {
		return t.condition == nil && u.condition == nil && t.layer == u.layer &&
			t.statement.source.Resource.Name == u.statement.source.Resource.Name &&
			slices.Equal(texts(t.statement.source.Resource.Values), texts(u.statement.source.Resource.Values))
	}
	return t.condition.op == u.condition.op && t.condition.key == u.condition.key &&
		slices.Equal(texts(t.source.Values), texts(u.source.Values))
}

// newSearch collects the statements that the missing keys of a request may concern, and
// the values to try.
func newSearch(r *request) *search {
	in := *r.in
	own := *r
	own.in = &in
	s := &search{request: &own}
	s.restore(in.Context.Clone())
	if s.collect(); !s.exhausted() {
		s.doubt()
		s.fill()
	}
	return s
}

// collect reads the layers as survey does.
func (s *search) collect() {
	in := s.in
	if s.rcpExemption() == "" {
		for i := range in.RCPs {
			s.add(LayerRCP, LayerRCP, in.RCPs[i].Policies)
		}
	}
	if s.scpExemption() == "" {
		for i := range in.SCPs {
			s.add(LayerSCP, LayerSCP, in.SCPs[i].Policies)
		}
	}
	s.add(LayerResource, s.resourceLayer(), one(in.ResourcePolicy))
	if s.callerSide() {
		s.add(LayerIdentity, LayerIdentity, in.Identity)
		s.add(LayerBoundary, LayerBoundary, one(in.Boundary))
		s.add(LayerSession, LayerSession, in.Session)
	}
	s.add(LayerEndpoint, LayerEndpoint, one(in.Endpoint))
}

// add collects the statements of policies that stand side by side under a layer, which
// reads them as another one reads the trust policy.
func (s *search) add(under, as Layer, policies []*Policy) {
	g := openGroup{layer: under}
	for _, p := range policies {
		for i := range p.statements {
			if s.exhausted() {
				return
			}
			if st, ok := s.open(p, &p.statements[i], as); ok {
				g.statements = append(g.statements, st)
			}
		}
	}
	s.groups = append(s.groups, g)
}

// open takes a statement apart into what is certain about it and the tests that are left.
func (s *search) open(p *Policy, st *statement, l Layer) (openStatement, bool) {
	o := openStatement{deny: st.deny, grants: st.matchPrincipal(s.request, l)}
	if !st.matchAction(s.request) || o.grants == 0 || st.unreadable(p, l) != nil {
		return o, false
	}
	about := test{statement: st, layer: l}
	for i := range st.resources {
		about.ask(s, st.resources[i].pattern.absent(&s.in.Context))
	}
	if len(about.keys) > 0 {
		o.tests = append(o.tests, s.test(about))
	} else if !st.matchResource(s.request, l) {
		return o, false
	}
	for i := range st.conditions {
		if s.exhausted() {
			return o, false
		}
		c := &st.conditions[i]
		t := test{statement: st, layer: l, condition: c, source: &st.source.Conditions[i]}
		t.ask(s, c.absent(&s.in.Context))
		if len(t.keys) > 0 {
			o.tests = append(o.tests, s.test(t))
		} else if !c.holds(&s.in.Context) {
			return o, false
		}
	}
	return o, true
}

// ask notes missing keys, in the spelling of the policy.
func (t *test) ask(s *search, names iter.Seq[string]) {
	texts := t.texts()
	for name := range names {
		if s.spent += 1 + len(texts)/4; s.exhausted() {
			return
		}
		if i := s.key(spelled(name, texts)); !slices.Contains(t.keys, i) {
			t.keys = append(t.keys, i)
		}
	}
}

// test returns the place of a test, adding it if there is none like it.
func (s *search) test(t test) int {
	for i := range s.tests {
		if s.tests[i].same(&t) {
			return i
		}
	}
	s.spent += 1 + len(s.tests)/perStep
	s.tests = append(s.tests, t)
	return len(s.tests) - 1
}

// key returns the place of a missing key, adding it if it is new.
func (s *search) key(name string) int {
	folded := foldKey(name)
	for i := range s.keys {
		if s.keys[i].folded == folded {
			return i
		}
	}
	s.spent += 1 + len(s.keys)/perStep
	s.keys = append(s.keys, unknownKey{folded: folded, name: name})
	return len(s.keys) - 1
}

func (s *search) names() []string {
	names := make([]string, len(s.keys))
	for i := range s.keys {
		names[i] = s.keys[i].name
	}
	return names
}

// absent yields the folded keys that a condition asks for and the request lacks.
func (c *condition) absent(ctx *Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		if ctx.lookup(c.key) == nil && !yield(c.key) {
			return
		}
		for i := range c.operands {
			for key := range c.operands[i].text.absent(ctx) {
				if !yield(key) {
					return
				}
			}
		}
	}
}

// absent yields the folded keys of variables that the request lacks, those with a
// fallback included.
func (p *pattern) absent(ctx *Context) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, c := range p.chunks {
			for i := range c {
				if c[i].kind != variable {
					continue
				}
				if ctx.lookup(c[i].text) == nil && !yield(c[i].text) {
					return
				}
			}
		}
	}
}

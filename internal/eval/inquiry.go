package eval

// inquiry asks the statements of an index about a request.
type inquiry struct {
	*request
	layer Layer
	verdict
	fault *statement // the first Deny that may be about the request and cannot be read
}

// ask asks every statement that may be about the request. It does not stop at one that
// decides, so that neither the order of statements nor that of policies can change the
// answer; it leaves out what could only say again what is known.
func (q *inquiry) ask(x *index) {
	if q.settled() && !x.denies {
		return
	}
	if x.every != nil {
		q.askGroup(x.every)
	}
	if x.services&serviceBit(q.name.prefix) == 0 {
		return
	}
	if e := x.names.find(q.name.hash, q.name.whole()); e != nil {
		q.askGroup(e.exact)
	}
	if e := x.names.find(q.name.prefix, q.name.serviceName()); e != nil {
		for i := range e.wildcards {
			if w := &e.wildcards[i]; w.match(q.request) {
				q.askGroup(w.group)
			}
		}
	}
}

func (q *inquiry) askGroup(g *group) {
	if g.deny != nil {
		q.askBranches(g.deny)
	}
	if g.allow != nil && !q.settled() {
		q.askBranches(g.allow)
	}
}

// settled reports whether another Allow would add nothing.
func (q *inquiry) settled() bool { return q.grants&toCaller != 0 && !q.layer.principals() }

func (q *inquiry) askBranches(b *branch) {
	for text := q.arn.rest; b != nil; {
		for i := range b.here {
			q.askStatement(&b.here[i])
		}
		if b = b.next(text); b != nil {
			text = text[len(b.label):]
		}
	}
}

// askStatement matches what the index has only narrowed down.
func (q *inquiry) askStatement(c *candidate) {
	s := c.statement
	if s.negated.action && !s.matchAction(q.request) {
		return
	}
	if c.resource == nil && !s.matchResource(q.request, q.layer) ||
		c.resource != nil && !c.resource.match(q.in.Resource, q.layer, &q.in.Context) {
		return
	}
	g := s.matchPrincipal(q.request, q.layer)
	switch {
	case g == 0:
	case !s.readable(q.layer):
		if s.deny && (q.fault == nil || s.source.Index < q.fault.source.Index) {
			q.fault = s
		}
	case !s.holds(q.request):
	case s.deny:
		q.denies = true
	default:
		q.grants |= g
	}
}

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
	if e := x.names.find(q.name.hash, q.name.whole()); e != nil {
		if q.askGroup(e.exact); e.merged {
			return
		}
	}
	if e := x.names.find(q.name.prefix(), q.name.serviceName()); e != nil {
		for i := range e.wildcards {
			if w := &e.wildcards[i]; w.match(q.request) {
				q.askGroup(w.group)
			}
		}
	}
}

func (q *inquiry) askGroup(g *group) {
	if g.deny != nil {
		q.askTree(g.deny)
	}
	if g.allow != nil && !q.settled() {
		q.askTree(g.allow)
	}
}

// settled reports whether another Allow would add nothing.
func (q *inquiry) settled() bool { return q.grants&toCaller != 0 && !q.layer.principals() }

func (q *inquiry) askTree(t *tree) {
	n, text, ok := &t.nodes[0], q.arn.rest, true
	for ok {
		for i := n.here; i < n.hereEnd; i++ {
			if c := &t.candidates[i]; q.matches(c, text) {
				q.askStatement(c.statement)
			}
		}
		n, text, ok = t.next(n, text)
	}
}

// matches reports whether a candidate is about the request, its Principal aside. Rest is
// what the resource has after the beginning of the candidate's pattern.
func (q *inquiry) matches(c *candidate, rest string) bool {
	switch {
	case c.statement.negated.action && !c.statement.matchAction(q.request):
		return false
	case c.resource == nil:
		return c.statement.matchResource(q.request, q.layer)
	case c.header == nil || c.shape == otherTail || !q.named:
		return c.resource.match(q.in.Resource, q.layer, &q.ctx)
	case c.shape == innerTail && len(rest) > longText && !q.ctx.spend(len(rest)/longText):
		return false
	}
	return c.header.match(&q.arn) && c.tail.match(rest)
}

// askStatement asks a statement of which action and resource match.
func (q *inquiry) askStatement(s *statement) {
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

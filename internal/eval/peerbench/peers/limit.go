package peers

import (
	"net/netip"
	"sort"
	"strings"

	"gatehouse/internal/eval/peerbench/workload"
)

// ---- compiled pieces shared by the limit estimates ----

type pat struct {
	prefix string   // literal before the first '*' (whole string when exact)
	exact  bool     // no '*'
	rest   []string // literal chunks after the first '*'; the last one must be a suffix
}

func compilePat(p string) pat {
	i := strings.IndexByte(p, '*')
	if i < 0 {
		return pat{prefix: p, exact: true}
	}
	return pat{prefix: p[:i], rest: strings.Split(p[i+1:], "*")}
}
func (p *pat) match(s string) bool {
	if len(s) < len(p.prefix) || s[:len(p.prefix)] != p.prefix {
		return false
	}
	if p.exact {
		return len(s) == len(p.prefix)
	}
	return p.tail(s[len(p.prefix):])
}

// tail matches what follows the literal prefix.
func (p *pat) tail(s string) bool {
	n := len(p.rest) - 1
	for _, c := range p.rest[:n] {
		if c == "" {
			continue
		}
		i := strings.Index(s, c)
		if i < 0 {
			return false
		}
		s = s[i+len(c):]
	}
	return strings.HasSuffix(s, p.rest[n])
}

// rctx is the typed request context: parsed once at the edge. mfa: 0 missing 1 true 2 false.
type rctx struct {
	region string
	ip     netip.Addr
	hasIP  bool
	mfa    uint8
}
type cnd struct {
	regions []string
	nets    []netip.Prefix
	mfa     uint8
}

func (c *cnd) ok(x *rctx) bool {
	if c.regions != nil {
		f := false
		for _, r := range c.regions {
			if r == x.region {
				f = true
				break
			}
		}
		if !f {
			return false
		}
	}
	if c.nets != nil {
		f := false
		for _, n := range c.nets {
			if x.hasIP && n.Contains(x.ip) {
				f = true
				break
			}
		}
		if !f {
			return false
		}
	}
	return c.mfa == 0 || c.mfa == x.mfa
}
func compileCond(m map[string]map[string][]string) *cnd {
	if len(m) == 0 {
		return nil
	}
	c := &cnd{}
	for op, kv := range m {
		for _, vals := range kv {
			switch op {
			case "StringEquals":
				c.regions = vals
			case "IpAddress":
				for _, v := range vals {
					c.nets = append(c.nets, netip.MustParsePrefix(v))
				}
			case "Bool":
				c.mfa = 2
				if vals[0] == "true" {
					c.mfa = 1
				}
			}
		}
	}
	return c
}

type req struct {
	action, resource string
	actionID         int
	x                rctx
}

func convReqs(w *workload.Workload, ids map[string]int) []req {
	var out []req
	for _, r := range w.Requests {
		q := req{action: r.Action, resource: r.Resource, actionID: ids[r.Action]}
		q.x.region = r.Context["aws:RequestedRegion"]
		if v, ok := r.Context["aws:SourceIp"]; ok {
			q.x.ip, q.x.hasIP = netip.MustParseAddr(v), true
		}
		switch r.Context["aws:MultiFactorAuthPresent"] {
		case "true":
			q.x.mfa = 1
		case "false":
			q.x.mfa = 2
		}
		out = append(out, q)
	}
	return out
}

type cstmt struct {
	deny      bool
	actions   []pat
	resources []pat
	cond      *cnd
}

func compile(w *workload.Workload) []cstmt {
	var out []cstmt
	for _, s := range w.Statements() {
		c := cstmt{deny: s.Effect == "Deny", cond: compileCond(s.Condition)}
		for _, a := range s.Action {
			c.actions = append(c.actions, compilePat(a))
		}
		for _, r := range s.Resource {
			c.resources = append(c.resources, compilePat(r))
		}
		out = append(out, c)
	}
	// denies first: the first hit then decides
	sort.SliceStable(out, func(i, j int) bool { return out[i].deny && !out[j].deny })
	return out
}

// ---- 1. Linear: compiled patterns, full scan, denies first ----

// Linear reads every compiled statement.
type Linear struct {
	sts []cstmt
	r   []req
}

// Name implements Engine.
func (*Linear) Name() string { return "limit-linear" }

// Load implements Engine.
func (l *Linear) Load(w *workload.Workload) error {
	l.sts, l.r = compile(w), convReqs(w, nil)
	return nil
}

// Decide implements Tri.
func (l *Linear) Decide(i int) string {
	r := &l.r[i]
next:
	for k := range l.sts {
		s := &l.sts[k]
		for j := range s.actions {
			if s.actions[j].match(r.action) {
				for m := range s.resources {
					if s.resources[m].match(r.resource) {
						if s.cond == nil || s.cond.ok(&r.x) {
							if s.deny {
								return "explicitDeny"
							}
							return "allow"
						}
						continue next
					}
				}
				continue next
			}
		}
	}
	return "implicitDeny"
}

// Allow implements Engine.
func (l *Linear) Allow(i int) bool { return l.Decide(i) == "allow" }

// ---- 2. Indexed: action -> ARN radix trie -> conditions ----

type entry struct {
	tail *pat // nil: prefix-only "x*" or exact (see exact)
	cond *cnd
}
type node struct {
	label string
	first []byte
	kids  []*node
	star  []entry // patterns whose literal prefix ends here
	exact []entry // exact patterns ending here
}

func (n *node) add(p pat, e entry) {
	key := p.prefix
	for {
		if key == "" {
			break
		}
		i := indexByte(n.first, key[0])
		if i < 0 {
			k := &node{label: key}
			n.first = append(n.first, key[0])
			n.kids = append(n.kids, k)
			n, key = k, ""
			break
		}
		k := n.kids[i]
		c := 0
		for c < len(k.label) && c < len(key) && k.label[c] == key[c] {
			c++
		}
		if c < len(k.label) { // split
			m := &node{label: k.label[:c], first: []byte{k.label[c]}, kids: []*node{k}}
			k.label = k.label[c:]
			n.kids[i] = m
			k = m
		}
		n, key = k, key[c:]
	}
	if p.exact {
		n.exact = append(n.exact, e)
	} else {
		n.star = append(n.star, e)
	}
}
func indexByte(b []byte, c byte) int {
	for i := range b {
		if b[i] == c {
			return i
		}
	}
	return -1
}

func (n *node) hit(s string, x *rctx) bool {
	for {
		for i := range n.star {
			e := &n.star[i]
			if (e.tail == nil || e.tail.tail(s)) && (e.cond == nil || e.cond.ok(x)) {
				return true
			}
		}
		if s == "" {
			for i := range n.exact {
				if e := &n.exact[i]; e.cond == nil || e.cond.ok(x) {
					return true
				}
			}
			return false
		}
		i := indexByte(n.first, s[0])
		if i < 0 {
			return false
		}
		n = n.kids[i]
		if len(s) < len(n.label) || s[:len(n.label)] != n.label {
			return false
		}
		s = s[len(n.label):]
	}
}

type actIdx struct{ deny, allow *node }

func build(w *workload.Workload) (map[string]int, []actIdx) {
	ids := map[string]int{}
	idx := make([]actIdx, len(w.Catalog))
	sts := compile(w)
	for i, a := range w.Catalog {
		ids[a] = i
		for k := range sts {
			s := &sts[k]
			for j := range s.actions {
				if s.actions[j].match(a) {
					t := &idx[i].allow
					if s.deny {
						t = &idx[i].deny
					}
					if *t == nil {
						*t = &node{}
					}
					for m := range s.resources {
						p := s.resources[m]
						e := entry{cond: s.cond}
						if !p.exact && !(len(p.rest) == 1 && p.rest[0] == "") {
							q := p
							e.tail = &q
						}
						(*t).add(p, e)
					}
					break
				}
			}
		}
	}
	return ids, idx
}

// Indexed looks the action up in a map (as an HTTP-level evaluator would). An unknown action
// would take the Linear path; none occurs here.
type Indexed struct {
	ids map[string]int
	idx []actIdx
	r   []req
}

// Name implements Engine.
func (*Indexed) Name() string { return "limit-indexed" }

// Load implements Engine.
func (e *Indexed) Load(w *workload.Workload) error {
	e.ids, e.idx = build(w)
	e.r = convReqs(w, e.ids)
	return nil
}
func decide(a *actIdx, r *req) string {
	if a.deny != nil && a.deny.hit(r.resource, &r.x) {
		return "explicitDeny"
	}
	if a.allow != nil && a.allow.hit(r.resource, &r.x) {
		return "allow"
	}
	return "implicitDeny"
}

// Decide implements Tri.
func (e *Indexed) Decide(i int) string {
	r := &e.r[i]
	return decide(&e.idx[e.ids[r.action]], r)
}

// Allow implements Engine.
func (e *Indexed) Allow(i int) bool { return e.Decide(i) == "allow" }

// Interned: the caller already holds the action as a small integer.
type Interned struct{ Indexed }

// Name implements Engine.
func (*Interned) Name() string { return "limit-interned" }

// Decide implements Tri.
func (e *Interned) Decide(i int) string {
	r := &e.r[i]
	return decide(&e.idx[r.actionID], r)
}

// Allow implements Engine.
func (e *Interned) Allow(i int) bool { return e.Decide(i) == "allow" }

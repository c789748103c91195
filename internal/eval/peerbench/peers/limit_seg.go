package peers

import (
	"strings"

	"gatehouse/internal/eval/peerbench/workload"
)

// Segmented: like Indexed, but patterns whose region segment is '*' live in a second trie keyed on
// what follows the region (AWS matches ARN segments one by one, so a region '*' cannot span),
// which removes most general-glob candidates. This is the tighter lower-bound estimate for W2/W3.
type segIdx struct {
	svc                          string // "arn:aws:<svc>:"
	deny, allow, denyNR, allowNR *node
}
type Segmented struct {
	ids map[string]int
	idx []segIdx
	r   []req
}

// Name implements Engine.
func (*Segmented) Name() string { return "limit-segmented" }

// Load implements Engine.
func (e *Segmented) Load(w *workload.Workload) error {
	e.ids = map[string]int{}
	e.idx = make([]segIdx, len(w.Catalog))
	sts := compile(w)
	for i, a := range w.Catalog {
		e.ids[a] = i
		x := &e.idx[i]
		x.svc = "arn:aws:" + a[:strings.IndexByte(a, ':')] + ":"
		for k := range sts {
			s := &sts[k]
			hit := false
			for j := range s.actions {
				if s.actions[j].match(a) {
					hit = true
					break
				}
			}
			if !hit {
				continue
			}
			for _, p := range s.resources {
				t, tn := &x.allow, &x.allowNR
				if s.deny {
					t, tn = &x.deny, &x.denyNR
				}
				if !p.exact && p.prefix == x.svc && len(p.rest) > 0 && strings.HasPrefix(p.rest[0], ":") {
					t, p = tn, compilePat(strings.Join(p.rest, "*")[1:])
				}
				if *t == nil {
					*t = &node{}
				}
				en := entry{cond: s.cond}
				if !p.exact && !(len(p.rest) == 1 && p.rest[0] == "") {
					q := p
					en.tail = &q
				}
				(*t).add(p, en)
			}
		}
	}
	e.r = convReqs(w, e.ids)
	return nil
}

// Decide implements Tri.
func (e *Segmented) Decide(i int) string {
	r := &e.r[i]
	x := &e.idx[e.ids[r.action]]
	var nr string
	if len(r.resource) > len(x.svc) && r.resource[:len(x.svc)] == x.svc {
		nr = r.resource[len(x.svc):]
		nr = nr[strings.IndexByte(nr, ':')+1:]
	}
	if x.deny != nil && x.deny.hit(r.resource, &r.x) || x.denyNR != nil && nr != "" && x.denyNR.hit(nr, &r.x) {
		return "explicitDeny"
	}
	if x.allow != nil && x.allow.hit(r.resource, &r.x) || x.allowNR != nil && nr != "" && x.allowNR.hit(nr, &r.x) {
		return "allow"
	}
	return "implicitDeny"
}

// Allow implements Engine.
func (e *Segmented) Allow(i int) bool { return e.Decide(i) == "allow" }

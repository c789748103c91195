package peers

import "gatehouse/internal/eval/peerbench/workload"

// Ref is the naive reference (re-lowers actions, re-parses CIDRs, linear).
type Ref struct {
	sts []workload.Statement
	w   *workload.Workload
}

// Name implements Engine.
func (*Ref) Name() string { return "ref-naive-go" }

// Load implements Engine.
func (r *Ref) Load(w *workload.Workload) error {
	r.w, r.sts = w, w.Statements()
	return nil
}

// Decide implements Tri.
func (r *Ref) Decide(i int) string { return workload.Reference(r.sts, &r.w.Requests[i]) }

// Allow implements Engine.
func (r *Ref) Allow(i int) bool { return r.Decide(i) == "allow" }

package peers

import (
	"encoding/json"

	"gatehouse/internal/eval"
	"gatehouse/internal/eval/peerbench/workload"
)

// Gatehouse is the product's own evaluator through its ordinary interface. Untimed are
// compiling each policy from its JSON text, joining the policies as is done for those of
// a role, reading the principal, which is the same in all requests, and filling an
// eval.Input with the strings of each. Timed is eval.Decide, which takes action, ARN and
// context apart anew each time.
type Gatehouse struct {
	inputs []eval.Input
}

// Name implements Engine.
func (*Gatehouse) Name() string { return "gatehouse" }

// Load implements Engine.
func (g *Gatehouse) Load(w *workload.Workload) error {
	var identity []*eval.Policy
	for _, p := range w.Policies {
		text, err := json.Marshal(p.Document)
		if err != nil {
			return err
		}
		compiled, err := eval.Compile(p.Name, text)
		if err != nil {
			return err
		}
		identity = append(identity, compiled)
	}
	identity = eval.Join(identity)
	principal := eval.NewPrincipal(w.Principal)
	g.inputs = make([]eval.Input, len(w.Requests))
	for i, r := range w.Requests {
		in := eval.Input{Principal: principal, Action: r.Action, Resource: r.Resource,
			ResourceAccount: w.Account, Identity: identity}
		for key, value := range r.Context {
			in.Context.Set(key, value)
		}
		g.inputs[i] = in
	}
	return nil
}

// Allow implements Engine.
func (g *Gatehouse) Allow(i int) bool {
	result, err := eval.Decide(&g.inputs[i])
	return err == nil && result.Decision == eval.Allowed
}

// Decide implements Tri.
func (g *Gatehouse) Decide(i int) string {
	result, err := eval.Decide(&g.inputs[i])
	switch {
	case err != nil:
		return "error: " + err.Error()
	case result.Decision == eval.Allowed:
		return "allow"
	}
	return result.Decision.String()
}

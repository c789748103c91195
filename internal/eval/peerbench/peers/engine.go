// Package peers adapts each policy engine to one interface. To add an engine, implement
// Engine (Load does all compilation and request conversion; it is not timed) and append
// it to All().
package peers

import "gatehouse/internal/eval/peerbench/workload"

// Engine decides the requests of a workload.
type Engine interface {
	// Name is what tables call the engine.
	Name() string
	// Load compiles the policies and converts all requests to native form (untimed).
	Load(w *workload.Workload) error
	// Allow decides request i of the loaded workload (timed).
	Allow(i int) bool
}

// Tri is implemented by engines that tell explicit from implicit deny.
type Tri interface{ Decide(i int) string }

// All returns every engine, not loaded yet.
func All() []Engine {
	return []Engine{&Gatehouse{}, &Ref{}, &Minio{}, &Cedar{}, &Cedar{ActionSets: true}, &OPA{}, &OPA{Indexed: true}, &Linear{}, &Indexed{}, &Interned{}, &Segmented{}}
}

// Package access owns the step from the directory and the organization to a decision: who holds which role through
// which rule, which policies have a say over it, and what the evaluator answers. The console's own authorization, the
// portal, the simulator and every report ask here, so that no two of them can disagree.
//
// It leaves the policy language to internal/eval and storing to internal/store. It never writes.
package access

import (
	"context"
	"fmt"
	"sync"

	"gatehouse/internal/store"
)

// Index holds the newest Snapshot and the policies compiled so far. It is safe for concurrent use.
type Index struct {
	mu       sync.Mutex
	snapshot *Snapshot
	policies *policyCache
}

// NewIndex returns an empty index: the first question fills it.
func NewIndex() *Index { return &Index{policies: newPolicyCache(cacheBytes)} }

// At returns the snapshot of the moment that r sees. r reads a transaction, so that all of it is of one moment.
func (x *Index) At(ctx context.Context, r store.Reader) (*Snapshot, error) {
	change, err := r.AccessChange(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the access change number: %w", err)
	}
	x.mu.Lock()
	current := x.snapshot
	x.mu.Unlock()
	if current != nil && current.change == change {
		return current, nil
	}
	built, err := x.Build(ctx, r)
	if err != nil {
		return nil, err
	}
	x.Keep(built, change)
	return built, nil
}

// Keep makes a snapshot that Build returned the one of a change number, unless a newer one is there. One that was built
// inside a transaction may be kept once that has committed.
func (x *Index) Keep(built *Snapshot, change int64) {
	built.change = change
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.snapshot == nil || x.snapshot.change < change {
		x.snapshot = built
	}
}

// Build returns a snapshot of what r sees without keeping it: for the state inside a transaction that may be undone.
func (x *Index) Build(ctx context.Context, r store.Reader) (*Snapshot, error) {
	g, err := r.Graph(ctx)
	if err != nil {
		return nil, err
	}
	return newSnapshot(g, x.policies), nil
}

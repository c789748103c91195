package eval_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

// shrink takes away whatever is not needed for a fault: policies, statements, elements,
// values, keys. A line is a scenario; broken says whether it still shows the fault.
func shrink(t testing.TB, line []byte, broken func([]byte) bool) []byte {
	t.Helper()
	for {
		var tree any
		if err := json.Unmarshal(line, &tree); err != nil {
			t.Fatal(err)
		}
		smaller := line
		for candidate := range cuts(tree) {
			text, err := json.Marshal(candidate)
			if err != nil {
				t.Fatal(err)
			}
			if len(text) < len(smaller) && broken(text) {
				smaller = text
				break
			}
		}
		if len(smaller) == len(line) {
			return line
		}
		line = smaller
	}
}

// cuts yields the tree with one part taken away, large parts first; a list of one is
// tried as what it holds. The tree is only whole again between two of them.
func cuts(tree any) func(func(any) bool) {
	return func(yield func(any) bool) {
		cut(tree, yield)
	}
}

// cut calls try with every tree that is smaller by one part, and stops when try says so.
func cut(tree any, try func(any) bool) bool {
	switch tree := tree.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(tree)) {
			smaller := maps.Clone(tree)
			delete(smaller, name)
			if !try(smaller) {
				return false
			}
		}
		for _, name := range slices.Sorted(maps.Keys(tree)) {
			changed := maps.Clone(tree)
			if !cut(tree[name], func(part any) bool { changed[name] = part; return try(changed) }) {
				return false
			}
		}
	case []any:
		if len(tree) == 1 && !try(tree[0]) {
			return false
		}
		for i := range tree {
			if !try(slices.Delete(slices.Clone(tree), i, i+1)) {
				return false
			}
		}
		for i := range tree {
			changed := slices.Clone(tree)
			if !cut(tree[i], func(part any) bool { changed[i] = part; return try(changed) }) {
				return false
			}
		}
	}
	return true
}

func TestAFaultIsShrunkToWhatShowsIt(t *testing.T) {
	g := newGen(1, 1)
	for range 20 {
		d := g.draft()
		d.Identity = append(d.Identity, g.policy(forCallers, false), fullAccess(forCallers))
		mentions := func(line []byte) bool {
			var s struct {
				IdentityPolicies []struct {
					Document struct{ Statement []struct{ Action any } }
				}
			}
			if json.Unmarshal(line, &s) != nil {
				return false
			}
			for _, p := range s.IdentityPolicies {
				for _, s := range p.Document.Statement {
					if s.Action == "*" {
						return true
					}
				}
			}
			return false
		}
		const want = `{"identityPolicies":[{"document":{"Statement":[{"Action":"*"}]}}]}`
		if got := shrink(t, d.line(t), mentions); string(got) != want {
			t.Fatalf("got %s", got)
		}
	}
}

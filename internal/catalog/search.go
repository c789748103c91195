package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// Search finds AWS-managed policies whose ARN, and so path and name, contains every word of the query,
// whatever the case. A policy of exactly that name comes first, then names that begin with the query or with its
// first word, each with and then without AWS's usual "Amazon" or "AWS" in front, then the rest; policies that
// nobody can attach come last. An empty query finds all. A limit of zero or less means no limit.
func (c *Catalog) Search(query string, limit int) []Policy {
	words := strings.Fields(strings.ToLower(query))
	type hit struct{ rank, index int }
	var hits []hit
	for i, p := range c.policies {
		if containsAll(p.lower, words) {
			hits = append(hits, hit{rank(p, words), i})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.index, b.index))
	})
	if limit > 0 && len(hits) > limit {
		hits = hits[:limit]
	}
	found := make([]Policy, len(hits))
	for i, h := range hits {
		found[i] = c.policies[h.index].Policy
	}
	return found
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// rank is how well a policy that contains every word answers them; lower is better.
func rank(p policyEntry, words []string) int {
	const unattachable = 10
	r := 0
	if len(words) > 0 {
		r = nameRank(p.lower[len(p.ARN)-len(p.Name):], words)
	}
	if p.ServiceLinked() {
		r += unattachable
	}
	return r
}

func nameRank(name string, words []string) int {
	whole := strings.Join(words, "")
	bare := strings.TrimPrefix(strings.TrimPrefix(name, "amazon"), "aws")
	switch {
	case name == whole:
		return 0
	case strings.HasPrefix(name, whole):
		return 1
	case strings.HasPrefix(bare, whole):
		return 2
	case strings.HasPrefix(name, words[0]):
		return 3
	case strings.HasPrefix(bare, words[0]):
		return 4
	}
	return 5
}

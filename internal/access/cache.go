package access

import (
	"container/list"
	"crypto/sha256"
	"fmt"
	"sync"

	"gatehouse/internal/eval"
)

// cacheBytes bounds the text of the policies that stay compiled. A compiled policy takes some twenty times its text.
const cacheBytes = 16 << 20

// policyCache keeps policies compiled by their content, so that a change compiles only what it changed. What was asked
// for longest ago goes first. It is safe for concurrent use.
type policyCache struct {
	mu      sync.Mutex
	limit   int // bytes of text
	size    int
	entries map[string]*list.Element // of *cached
	recent  *list.List               // the newest first
}

// cached is a list of policies that are asked together, or one of them.
type cached struct {
	key      string
	size     int // bytes of text
	policies []*eval.Policy
}

func newPolicyCache(limit int) *policyCache {
	return &policyCache{limit: limit, entries: map[string]*list.Element{}, recent: list.New()}
}

// compile returns the policy of a document. A document that cannot be read yields nil: it grants nothing, and who asks
// is told.
func (c *policyCache) compile(name, hash, body string) *eval.Policy {
	return c.get("one\x00"+name+"\x00"+hash, len(body), func() []*eval.Policy {
		p, err := eval.Compile(name, []byte(body))
		if err != nil {
			p = nil
		}
		return []*eval.Policy{p}
	})[0]
}

// join returns the policies prepared for being asked together.
func (c *policyCache) join(policies []*eval.Policy) []*eval.Policy {
	if len(policies) < 2 {
		return policies
	}
	hash, size := sha256.New(), 0
	for _, p := range policies {
		fmt.Fprintf(hash, "%d %d %s%s", len(p.Name()), len(p.Text()), p.Name(), p.Text())
		size += len(p.Text())
	}
	return c.get("all\x00"+string(hash.Sum(nil)), size, func() []*eval.Policy { return eval.Join(policies) })
}

// get returns what is kept under the key, or makes it. Two who ask at once may both make it, and one is kept.
func (c *policyCache) get(key string, size int, make func() []*eval.Policy) []*eval.Policy {
	c.mu.Lock()
	if e, ok := c.entries[key]; ok {
		c.recent.MoveToFront(e)
		c.mu.Unlock()
		return e.Value.(*cached).policies
	}
	c.mu.Unlock()
	made := make()
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok {
		return e.Value.(*cached).policies
	}
	c.entries[key] = c.recent.PushFront(&cached{key, size, made})
	c.size += size
	for c.size > c.limit && c.recent.Len() > 1 {
		oldest := c.recent.Remove(c.recent.Back()).(*cached)
		delete(c.entries, oldest.key)
		c.size -= oldest.size
	}
	return made
}

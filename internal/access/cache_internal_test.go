package access

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gatehouse/internal/eval"
)

const allowsRead = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`

func TestAPolicyIsCompiledOnceForEachContent(t *testing.T) {
	t.Parallel()
	c := newPolicyCache(1 << 20)
	first := c.compile("reading", "1", allowsRead)
	if c.compile("reading", "1", allowsRead) != first {
		t.Error("the same document was compiled again")
	}
	if other := c.compile("other", "1", allowsRead); other == first || other.Name() != "other" {
		t.Error("a policy of another name is the same")
	}
	if c.compile("broken", "2", "{") != nil {
		t.Error("a document that cannot be read is a policy")
	}
	joined := c.join([]*eval.Policy{first, c.compile("other", "1", allowsRead)})
	if again := c.join([]*eval.Policy{first, c.compile("other", "1", allowsRead)}); !slices.Equal(again, joined) {
		t.Error("the same policies were joined again")
	}
	if c.join([]*eval.Policy{c.compile("other", "1", allowsRead), first})[0].Name() != "other" {
		t.Error("policies in another order are the same")
	}
}

func TestTheCacheOfPoliciesKeepsWhatWasAskedForLast(t *testing.T) {
	t.Parallel()
	c := newPolicyCache(3 * len(allowsRead))
	first := c.compile("p", "0", allowsRead)
	for i := range 20 {
		c.compile("p", fmt.Sprint(i), allowsRead)
		if c.compile("p", "0", allowsRead) != first {
			t.Fatal("a policy that is in use was dropped")
		}
	}
	if len(c.entries) != 3 || c.recent.Len() != 3 || c.size != 3*len(allowsRead) {
		t.Errorf("%d entries of %d bytes are kept", len(c.entries), c.size)
	}
	if p := c.compile("large", "", allowsRead+strings.Repeat(" ", 4*len(allowsRead))); p == nil || len(c.entries) != 1 {
		t.Errorf("%d entries are kept beside one that fills the cache", len(c.entries))
	}
}

func TestTheCacheOfPoliciesServesManyAtOnce(t *testing.T) {
	t.Parallel()
	c := newPolicyCache(4 * len(allowsRead))
	var askers sync.WaitGroup
	for i := range 8 {
		askers.Go(func() {
			for n := range 200 {
				name := fmt.Sprint((i + n) % 6)
				if p := c.compile(name, "", allowsRead); p.Name() != name {
					t.Errorf("asked for %s and got %s", name, p.Name())
				}
			}
		})
	}
	askers.Wait()
}

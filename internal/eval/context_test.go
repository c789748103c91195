package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// A context of many keys is looked up in another way than one of few.
func TestAContextHoldsWhatWasSetHoweverMuchThatIs(t *testing.T) {
	var c eval.Context
	want := map[string]string{}
	set := func(key, value string) {
		c.Set(key, value)
		want[strings.ToLower(key)] = value
	}
	holds := func(c *eval.Context, what string) {
		t.Helper()
		seen := 0
		for key, values := range c.All() {
			seen++
			if len(values) != 1 || values[0] != want[strings.ToLower(key)] {
				t.Errorf("%s: %s is %q, want %q", what, key, values, want[strings.ToLower(key)])
			}
		}
		if seen != len(want) {
			t.Errorf("%s: %d keys, want %d", what, seen, len(want))
		}
		for key := range want {
			if !c.Has(strings.ToUpper(key)) {
				t.Errorf("%s: %s is missing", what, key)
			}
		}
		if c.Has("aws:RequestTag/none") {
			t.Errorf("%s has a key that was never set", what)
		}
	}
	for i := range 100 {
		set(fmt.Sprintf("aws:RequestTag/T%d", i), fmt.Sprint("v", i))
		holds(&c, fmt.Sprintf("with %d", i+1))
	}
	set("AWS:requesttag/t7", "other")
	copied := c.Clone()
	holds(&copied, "a copy")
	for i := range 95 {
		key := fmt.Sprintf("aws:RequestTag/t%d", 99-i)
		c.Delete(key)
		delete(want, strings.ToLower(key))
		holds(&c, fmt.Sprintf("without %d", i+1))
	}
	for key := range c.All() {
		if !strings.HasPrefix(key, "aws:RequestTag/T") {
			t.Errorf("%s is not spelled as it was set", key)
		}
	}
	if !copied.Has("aws:RequestTag/T99") {
		t.Error("deleting from a context changed its copy")
	}
}

package eval_test

import (
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

func TestAScenarioThatCannotBeReadKeepsItsID(t *testing.T) {
	for name, c := range map[string]struct{ line, id, problem string }{
		"a wrong type": {`{"id":"a","principal":5}`, "a", "read scenario"},
		"a policy with a fault": {`{"id":"a","identityPolicies":[{"name":"Odd","document":{}}]}`, "a",
			`policy "Odd": line 1, column 1`},
		"no document":         {`{"id":"a","permissionsBoundary":{"name":"Odd"}}`, "a", "the text is empty"},
		"a key twice":         {`{"id":"a","context":{"aws:Username":"x","aws:username":"y"}}`, "a", "is there twice"},
		"null as a value":     {`{"id":"a","context":{"aws:username":null}}`, "a", "a context value must be"},
		"an object in a list": {`{"id":"a","context":{"aws:TagKeys":[{}]}}`, "a", "a context value must be"},
		"no JSON":             {`{"id":"a"`, "", "read scenario"},
		"two objects":         {`{"id":"a"} {}`, "", "read scenario"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := eval.ParseScenario([]byte(c.line))
			if err == nil || s.ID != c.id || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("got %q and %v", s.ID, err)
			}
		})
	}
}

func TestContextKeepsKeysWithoutCase(t *testing.T) {
	var c eval.Context
	if c.Has("aws:username") {
		t.Error("the zero context has a key")
	}
	c.Set("aws:Username", "alice")
	c.SetMany("aws:TagKeys", "a", "b")
	c.Set("AWS:USERNAME", "bob")
	other := c.Clone()
	other.Delete("Aws:TagKeys")
	if !c.Has("aws:username") || !c.Has("aws:tagkeys") || other.Has("aws:tagkeys") {
		t.Error("keys are not found without case, or a copy shares them")
	}
	var got []string
	for key, values := range c.All() {
		got = append(got, key+"="+strings.Join(values, "+"))
	}
	if !slices.Equal(got, []string{"aws:TagKeys=a+b", "AWS:USERNAME=bob"}) {
		t.Errorf("got %v", got)
	}
	for range c.All() {
		break // stopping early is allowed
	}
}

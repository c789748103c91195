package eval_test

import (
	"encoding/json"
	"testing"

	"gatehouse/internal/eval"
)

func FuzzParse(f *testing.F) {
	for _, line := range lines(f, "testdata/conformance/validation.jsonl") {
		var c struct{ Text string }
		if json.Unmarshal(line, &c) == nil {
			f.Add([]byte(c.Text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var doc *eval.Document
		var err error
		quick(t, len(text), func() { doc, err = eval.Parse(text) })
		if err == nil && !json.Valid(text) {
			t.Error("accepted what is not JSON")
		}
		if (doc == nil) == (err == nil) {
			t.Error("neither a document nor an error, or both")
		}
		for _, kind := range []eval.PolicyType{eval.TypeIdentity, eval.TypeTrust, eval.TypeResource} {
			var findings []eval.Finding
			quick(t, len(text), func() { findings = eval.Validate(text, kind, smallCatalog()) })
			if err != nil && eval.Valid(findings) {
				t.Errorf("valid as %s, but: %v", kind, err)
			}
		}
	})
}

func FuzzDecide(f *testing.F) {
	for i, line := range vectors(f) {
		if i%8 == 0 {
			f.Add(line)
		}
	}
	g := newGen(1, 1)
	for range 20 {
		d := g.draft()
		f.Add(d.line(f))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var s eval.Scenario
		var err error
		quick(t, len(line), func() { s, err = eval.ParseScenario(line) })
		if err != nil {
			return
		}
		var result eval.Result
		quick(t, len(line), func() { result, err = eval.Decide(&s.Input) })
		var x eval.Explanation
		var again error
		quick(t, len(line), func() { x, again = eval.Explain(&s.Input) })
		if result != x.Result && again == nil || err != nil && again == nil {
			t.Errorf("Decide says %v, %v and Explain %v, %v", result, err, x.Result, again)
		}
		if again == nil {
			if broken := contradiction(&x); broken != "" {
				t.Error(broken)
			}
		}
	})
}

package eval_test

import (
	"encoding/json"
	"testing"
	"time"

	"gatehouse/internal/eval"
)

// tooLong is far more than any input of a fuzzer should take.
const tooLong = time.Second

func FuzzParse(f *testing.F) {
	for _, line := range lines(f, "testdata/conformance/validation.jsonl") {
		var c struct{ Text string }
		if json.Unmarshal(line, &c) == nil {
			f.Add([]byte(c.Text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		started := time.Now()
		doc, err := eval.Parse(text)
		if err == nil && !json.Valid(text) {
			t.Error("accepted what is not JSON")
		}
		if (doc == nil) == (err == nil) {
			t.Error("neither a document nor an error, or both")
		}
		for _, kind := range []eval.PolicyType{eval.TypeIdentity, eval.TypeTrust, eval.TypeResource} {
			if err != nil && eval.Valid(eval.Validate(text, kind, smallCatalog())) {
				t.Errorf("valid as %s, but: %v", kind, err)
			}
		}
		if d := time.Since(started); d > tooLong {
			t.Errorf("took %v for %d bytes", d, len(text))
		}
	})
}

func FuzzDecide(f *testing.F) {
	for i, line := range vectors(f) {
		if i%8 == 0 {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		started := time.Now()
		s, err := eval.ParseScenario(line)
		if err != nil {
			return
		}
		result, err := eval.Decide(&s.Input)
		x, again := eval.Explain(&s.Input)
		if result != x.Result || (err == nil) != (again == nil) {
			t.Errorf("Decide says %v, %v and Explain %v, %v", result, err, x.Result, again)
		}
		if err == nil {
			if broken := contradiction(&x); broken != "" {
				t.Error(broken)
			}
		}
		if d := time.Since(started); d > tooLong {
			t.Errorf("took %v for %d bytes", d, len(line))
		}
	})
}

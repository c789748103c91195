package eval_test

import (
	"testing"

	"gatehouse/internal/eval"
)

func TestADecisionAllocatesNothing(t *testing.T) {
	for _, line := range vectors(t) {
		s, err := eval.ParseScenario(line)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := eval.Decide(&s.Input); err != nil {
			continue // an error says what it is about, and that costs memory
		}
		if n := testing.AllocsPerRun(5, func() { _, _ = eval.Decide(&s.Input) }); n != 0 {
			t.Errorf("%s: %v allocations", s.ID, n)
		}
	}
}

package eval_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// expectation is what a conformance vector says about a scenario.
type expectation struct {
	Expect struct {
		Decision  string `json:"decision"`
		DecidedBy string `json:"decidedBy"`
		Error     bool   `json:"error"`
	} `json:"expect"`
	Rule string `json:"rule"`
}

func TestEveryConformanceScenarioIsDecidedAsExpected(t *testing.T) {
	for _, line := range vectors(t) {
		s, err := eval.ParseScenario(line)
		var want expectation
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		t.Run(s.ID, func(t *testing.T) {
			if err != nil {
				t.Fatal(err)
			}
			got, err := eval.Decide(&s.Input)
			if want.Expect.Error {
				if err == nil {
					t.Fatalf("got %s by %s, want an error; %s", got.Decision, got.DecidedBy, want.Rule)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			by := want.Expect.DecidedBy
			if got.Decision.String() != want.Expect.Decision || by != "" && got.DecidedBy.String() != by {
				t.Errorf("got %s by %s, want %s by %s; %s", got.Decision, got.DecidedBy, want.Expect.Decision, by, want.Rule)
			}
		})
	}
}

// vectors returns the lines of every scenario file.
func vectors(t testing.TB) [][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/conformance/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, path := range paths {
		if !strings.HasSuffix(path, "validation.jsonl") {
			all = append(all, lines(t, path)...)
		}
	}
	if len(all) < 300 {
		t.Fatalf("found %d scenarios, the suite has more", len(all))
	}
	return all
}

func lines(t testing.TB, path string) [][]byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var found [][]byte
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		found = append(found, bytes.Clone(s.Bytes()))
	}
	return found
}

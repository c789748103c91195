package reference_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/internal/eval/reference"
)

func TestTheReferenceDecidesEveryConformanceScenarioAsExpected(t *testing.T) {
	paths, err := filepath.Glob("../testdata/conformance/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	decided := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "validation.jsonl") {
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(file); lines.Scan(); decided++ {
			check(t, lines.Bytes())
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if decided < 300 {
		t.Errorf("found %d scenarios, the suite has more", decided)
	}
}

func check(t *testing.T, line []byte) {
	t.Helper()
	var want struct {
		ID, Rule string
		Expect   struct {
			Decision, DecidedBy string
			Error               bool
		}
	}
	if err := json.Unmarshal(line, &want); err != nil {
		t.Fatal(err)
	}
	s, err := reference.ReadScenario(line)
	if err != nil {
		t.Fatalf("%s: %v", want.ID, err)
	}
	got, err := s.Decide()
	if (err != nil) != want.Expect.Error {
		t.Errorf("%s: error %v; %s", want.ID, err, want.Rule)
	}
	by := want.Expect.DecidedBy
	if err == nil && (got.Decision != want.Expect.Decision || by != "" && got.DecidedBy != by) {
		t.Errorf("%s: got %v, want %v; %s", want.ID, got, want.Expect, want.Rule)
	}
}

// Command compare holds the evaluator against another one, the npm package
// @cloud-copilot/iam-simulate, on every conformance vector. The argument is a folder in
// which the package is installed. Each difference has to be listed, with its reason.
//
// Run it from the top of the repository.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"gatehouse/internal/eval"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: compare FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string) error {
	lines, err := vectors()
	if err != nil {
		return err
	}
	theirs, err := ask(folder, lines)
	if err != nil {
		return err
	}
	known := divergences()
	same, listed, unlisted, skipped := 0, 0, 0, 0
	for _, line := range lines {
		id, ours := decide(line)
		if theirs[id] == "" {
			skipped++
			continue
		}
		_, expected := known[id]
		switch {
		case theirs[id] == ours && expected:
			fmt.Printf("%s: agrees by now; take it off the list\n", id)
			unlisted++
		case theirs[id] == ours:
			same++
		case expected:
			listed++
		default:
			fmt.Printf("%s: we say %s, iam-simulate %s\n", id, ours, theirs[id])
			unlisted++
		}
	}
	fmt.Printf("same=%d listed=%d unlisted=%d skipped=%d\n", same, listed, unlisted, skipped)
	if unlisted > 0 {
		return fmt.Errorf("%d differences are not as listed", unlisted)
	}
	return nil
}

func vectors() ([][]byte, error) {
	paths, err := filepath.Glob("internal/eval/testdata/conformance/*.jsonl")
	if err != nil {
		return nil, err
	}
	var lines [][]byte
	for _, path := range paths {
		if strings.HasSuffix(path, "validation.jsonl") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		lines = slices.AppendSeq(lines, bytes.Lines(text))
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("no vectors here; run it from the top of the repository")
	}
	return lines, nil
}

// ask returns what the other evaluator decides, by the id of the scenario; nothing for one that
// it cannot be asked.
func ask(folder string, lines [][]byte) (map[string]string, error) {
	c := exec.Command("node", "internal/eval/compare/bridge.mjs", folder)
	c.Stdin, c.Stderr = bytes.NewReader(bytes.Join(lines, nil)), os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("run iam-simulate: %w", err)
	}
	answers := map[string]string{}
	for line := range bytes.Lines(out) {
		var a struct{ ID, Decision string }
		if err := json.Unmarshal(line, &a); err != nil {
			return nil, fmt.Errorf("read the answer of iam-simulate: %w", err)
		}
		answers[a.ID] = a.Decision
	}
	return answers, nil
}

func decide(line []byte) (id, decision string) {
	s, err := eval.ParseScenario(line)
	if err != nil {
		return s.ID, "error"
	}
	result, err := eval.Decide(&s.Input)
	if err != nil {
		return s.ID, "error"
	}
	return s.ID, result.Decision.String()
}

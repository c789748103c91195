// Command mutate measures the tests of decision code: it changes the code in one small way at a time, a mutant, and counts
// the changes that some test notices. All mutants of a package are compiled into one test binary, each behind a switch, so
// that trying one takes a run of the tests and no compilation. Each test is run alone first, to learn which mutants it
// reaches and how long it takes: a mutant then meets the tests that reach it, the quickest first.
//
// Run it from the top of the repository with the name of a target, such as eval; further arguments are the numbers of single
// mutants to try.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

func main() {
	every := flag.Int("every", 1, "try only every nth mutant")
	flag.Parse()
	of, known := targets[flag.Arg(0)]
	if !known {
		fmt.Fprintf(os.Stderr, "name what is to be changed: one of %s\n", slices.Sorted(maps.Keys(targets)))
		os.Exit(2)
	}
	if err := run(of, *every, flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(of target, every int, chosen []string) error {
	work, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	mutants, err := of.build(work)
	if err != nil {
		return err
	}
	tests, err := of.survey(work)
	if err != nil {
		return err
	}
	mutants = slices.DeleteFunc(mutants, func(m mutant) bool {
		if len(chosen) > 0 {
			return !slices.Contains(chosen, strconv.Itoa(m.number))
		}
		return m.number%every != 0
	})
	survivors := tests.tryAll(mutants)
	for _, m := range survivors {
		fmt.Printf("survived: %d %s: %s\n", m.number, m.place, m.what)
	}
	noticed := len(mutants) - len(survivors)
	fmt.Printf("killed=%d of=%d percent=%.1f\n", noticed, len(mutants), 100*float64(noticed)/float64(len(mutants)))
	return nil
}

// build compiles the tests with all mutants in them. A change that does not compile, such
// as one of a named boolean type, is left out.
func (of target) build(work string) ([]mutant, error) {
	left := map[string]bool{}
	for {
		mutants, overlay, err := of.rewrite(work, left)
		if err != nil {
			return nil, err
		}
		text, err := of.compile(work, overlay)
		if err == nil {
			return mutants, nil
		}
		before := len(left)
		for _, line := range strings.Split(text, "\n") {
			if parts := strings.SplitN(line, ":", 3); len(parts) == 3 && strings.HasSuffix(parts[0], ".go") {
				left[filepath.Base(parts[0])+":"+parts[1]] = true
			}
		}
		if len(left) == before {
			return nil, fmt.Errorf("%w: %s", err, text)
		}
	}
}

func (of target) compile(work string, overlay map[string]string) (string, error) {
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return "", err
	}
	file := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", err
	}
	out, err := exec.Command("go", "test", "-c", "-vet=off", "-gcflags=-e", "-overlay", file,
		"-o", filepath.Join(work, "mutants.test"), "./"+of.dir).CombinedOutput()
	return string(out), err
}

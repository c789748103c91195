// Command mutate measures the tests of the evaluator: it changes the decision code in one
// small way at a time, a mutant, and counts the changes that some test notices. All mutants
// are compiled into one test binary, each behind a switch, so that trying one takes a run of
// the tests and no compilation.
//
// Run it from the top of the repository; arguments are the numbers of single mutants to try.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// dir is the package under test.
const dir = "internal/eval"

// decisionCode is what is changed: all that a decision runs through.
var decisionCode = []string{"actionname.go", "arn.go", "ascii.go", "caller.go", "compilepattern.go", "condition.go", "context.go",
	"decide.go", "decimal.go", "index.go", "indexbuild.go", "inquiry.go", "instant.go", "layer.go", "limits.go", "match.go",
	"operand.go", "operator.go", "pattern.go", "policy.go", "principal.go", "request.go", "servicerule.go", "survey.go"}

// slow are tests that say little about decisions for their time, drawn those that find more
// the longer they run. A mutant meets the others first, then the drawn ones, then the slow
// ones: the names only set the order, and a test that is renamed is run with the first.
const (
	slow = "NoScenarioTakesLong|AFaultIsShrunk|Explanation|Explain|Depends|Validat|Finding|Fuzz|Check|Managed|Quota|" +
		"RedundantStatement"
	drawn = "TwoEvaluators|RegularExpression|WorthWhat|CoversAnother|AddingA|NeitherOrder|LimitsNothing|NumbersOfAccounts|" +
		"StatementForEach"
)

func main() {
	every := flag.Int("every", 1, "try only every nth mutant")
	flag.Parse()
	if err := run(*every, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(every int, chosen []string) error {
	work, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	mutants, err := build(work)
	if err != nil {
		return err
	}
	tests := suite{binary: filepath.Join(work, "mutants.test"), patience: 10 * time.Minute}
	started := time.Now()
	if text, killed := tests.try(-1); killed {
		return fmt.Errorf("the tests fail without any change:\n%s", text)
	}
	tests.patience = 3*time.Since(started) + 5*time.Second
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
	killed := len(mutants) - len(survivors)
	fmt.Printf("killed=%d of=%d percent=%.1f\n", killed, len(mutants), 100*float64(killed)/float64(len(mutants)))
	return nil
}

// build compiles the tests with all mutants in them. A change that does not compile, such
// as one of a named boolean type, is left out.
func build(work string) ([]mutant, error) {
	left := map[string]bool{}
	for {
		mutants, overlay, err := rewrite(work, left)
		if err != nil {
			return nil, err
		}
		text, err := compile(work, overlay)
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

func compile(work string, overlay map[string]string) (string, error) {
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return "", err
	}
	file := filepath.Join(work, "overlay.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return "", err
	}
	out, err := exec.Command("go", "test", "-c", "-vet=off", "-gcflags=-e", "-overlay", file,
		"-o", filepath.Join(work, "mutants.test"), "./"+dir).CombinedOutput()
	return string(out), err
}

// suite is the compiled tests.
type suite struct {
	binary   string
	patience time.Duration // after which a mutant counts as one that does not end
}

func (s suite) tryAll(mutants []mutant) (survivors []mutant) {
	var mu sync.Mutex
	var workers sync.WaitGroup
	next := make(chan mutant)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for m := range next {
				if _, killed := s.try(m.number); !killed {
					mu.Lock()
					survivors = append(survivors, m)
					mu.Unlock()
				}
			}
		})
	}
	started := time.Now()
	for i, m := range mutants {
		if i%25 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d mutants, %v\n", i, len(mutants), time.Since(started).Round(time.Second))
		}
		next <- m
	}
	close(next)
	workers.Wait()
	slices.SortFunc(survivors, func(a, b mutant) int { return a.number - b.number })
	return survivors
}

// try runs the tests with one mutant switched on.
func (s suite) try(number int) (output string, killed bool) {
	if output, killed = s.run(number, "-test.skip", slow+"|"+drawn); killed {
		return output, true
	}
	if output, killed = s.run(number, "-test.run", drawn); killed {
		return output, true
	}
	return s.run(number, "-test.run", slow, "-test.skip", drawn)
}

func (s suite) run(number int, args ...string) (output string, failed bool) {
	ctx, cancel := context.WithTimeout(context.Background(), s.patience)
	defer cancel()
	c := exec.CommandContext(ctx, s.binary, append(args, "-test.failfast")...)
	c.Dir = dir
	c.Env = append(os.Environ(), "MUTANT="+strconv.Itoa(number), "DIFFERENTIAL_CASES=30000", "GOMAXPROCS=1")
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	var exit *exec.ExitError
	return out.String(), errors.As(err, &exit)
}

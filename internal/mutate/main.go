// Command mutate measures the tests of decision code: it changes the code in one small way at a time, a mutant, and counts
// the changes that some test notices. All mutants of a package are compiled into one test binary, each behind a switch, so
// that trying one takes a run of the tests and no compilation.
//
// Run it from the top of the repository with the name of a target, such as eval; further arguments are the numbers of single
// mutants to try.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
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
	tests := suite{target: of, binary: filepath.Join(work, "mutants.test"), patience: 10 * time.Minute}
	text, used, killed := tests.try(-1)
	if killed {
		return fmt.Errorf("the tests fail without any change:\n%s", text)
	}
	tests.patience = 2*used + 2*time.Second
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

// suite is the compiled tests.
type suite struct {
	target
	binary   string
	patience time.Duration // of processor time, after which a mutant counts as one that does not end
}

func (s suite) tryAll(mutants []mutant) (survivors []mutant) {
	var mu sync.Mutex
	var workers sync.WaitGroup
	next := make(chan mutant)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for m := range next {
				if _, _, killed := s.try(m.number); !killed {
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

// try runs the tests with one mutant switched on, and says how much processor time that took.
func (s suite) try(number int) (output string, used time.Duration, killed bool) {
	for _, args := range s.runs {
		var took time.Duration
		output, took, killed = s.run(number, args...)
		if used += took; killed {
			break
		}
	}
	return output, used, killed
}

// run is bounded in processor time, so that a busy machine makes no mutant look endless, and an endless one takes no longer.
func (s suite) run(number int, args ...string) (output string, used time.Duration, failed bool) {
	bounded := fmt.Sprintf(`ulimit -t %d; exec "$0" "$@"`, int(s.patience.Seconds()))
	c := exec.Command("sh", append([]string{"-c", bounded, s.binary, "-test.failfast"}, args...)...)
	c.Dir = s.dir
	c.Env = append(os.Environ(), "MUTANT="+strconv.Itoa(number), "DIFFERENTIAL_CASES=30000", "GOMAXPROCS=1")
	out, err := c.CombinedOutput()
	if c.ProcessState != nil {
		used = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
	var exit *exec.ExitError
	return string(out), used, errors.As(err, &exit)
}

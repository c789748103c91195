package main

import (
	"cmp"
	"errors"
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

// suite is the compiled tests with what is known of each.
type suite struct {
	target
	binary string
	tests  []test // the quickest first
}

// test is one test and what it did when nothing was changed.
type test struct {
	name    string
	used    time.Duration // of processor time
	reaches map[int]bool  // mutants, by number
}

// survey runs each test alone and without a change.
func (of target) survey(work string) (suite, error) {
	s := suite{target: of, binary: filepath.Join(work, "mutants.test")}
	list := exec.Command(s.binary, "-test.list", ".")
	list.Dir = s.dir
	listed, err := list.Output()
	if err != nil {
		return s, err
	}
	names := strings.Fields(string(listed))
	s.tests = make([]test, len(names))
	failures := make([]error, len(names))
	inParallel(len(names), "tests", func(i int) {
		trace := filepath.Join(work, names[i])
		out, used, wrong := s.run(10*time.Minute, names[i:i+1], "MUTANTS_REACHED="+trace)
		if wrong { // to note what is reached costs time, which some tests look at
			out, used, wrong = s.run(10*time.Minute, names[i:i+1], "MUTANT=0")
		}
		if wrong {
			failures[i] = fmt.Errorf("%s fails without any change:\n%s", names[i], out)
		}
		s.tests[i] = test{names[i], used, readTrace(trace)}
	})
	slices.SortFunc(s.tests, func(a, b test) int { return cmp.Compare(a.used, b.used) })
	return s, errors.Join(failures...)
}

// readTrace reads the numbers of mutants that a test reached.
func readTrace(file string) map[int]bool {
	reached := map[int]bool{}
	text, _ := os.ReadFile(file) // there is none where nothing was reached
	for _, line := range strings.Fields(string(text)) {
		if number, err := strconv.Atoi(line); err == nil {
			reached[number] = true
		}
	}
	return reached
}

// inParallel does something count times, on all processors, and tells how far it is.
func inParallel(count int, of string, do func(int)) {
	var workers sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	started := time.Now()
	for i := range count {
		if i%50 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d %s, %v\n", i, count, of, time.Since(started).Round(time.Second))
		}
		next <- i
	}
	close(next)
	workers.Wait()
}

func (s suite) tryAll(mutants []mutant) (survivors []mutant) {
	var mu sync.Mutex
	inParallel(len(mutants), "mutants", func(i int) {
		if !s.notices(mutants[i].number) {
			mu.Lock()
			survivors = append(survivors, mutants[i])
			mu.Unlock()
		}
	})
	slices.SortFunc(survivors, func(a, b mutant) int { return a.number - b.number })
	return survivors
}

// notices says whether a test fails with the mutant switched on. Those that reach it run in groups, each four times as
// large as the one before: most mutants are noticed by a test that is quick.
func (s suite) notices(number int) bool {
	var names []string
	var used time.Duration
	size := 4
	for i, t := range s.tests {
		if t.reaches[number] {
			names, used = append(names, t.name), used+t.used
		}
		if len(names) < size && (i < len(s.tests)-1 || len(names) == 0) {
			continue
		}
		if _, _, wrong := s.run(2*used+2*time.Second, names, "MUTANT="+strconv.Itoa(number)); wrong {
			return true
		}
		names, used, size = nil, 0, 4*size
	}
	return false
}

// run runs tests. It is bounded in processor time, so that a busy machine makes no mutant look endless, and an endless one
// takes no longer.
func (s suite) run(bound time.Duration, names []string, env string) (output string, used time.Duration, wrong bool) {
	bounded := fmt.Sprintf(`ulimit -t %d; exec "$0" "$@"`, int(bound.Seconds()))
	args := append([]string{"-c", bounded, s.binary, "-test.failfast", "-test.run", "^(" + strings.Join(names, "|") + ")$"}, s.args...)
	c := exec.Command("sh", args...)
	c.Dir = s.dir
	c.Env = append(os.Environ(), env, "DIFFERENTIAL_CASES=30000", "GOMAXPROCS=1")
	out, err := c.CombinedOutput()
	if c.ProcessState != nil {
		used = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
	return string(out), used, err != nil
}

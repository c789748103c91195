// Command bench decides the same workloads with every engine and compares them. Decisions
// are checked before anything is timed, and the engines take turns, so that a ratio
// holds on a machine that others use too.
package main

import (
	"flag"
	"fmt"
	"log"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/eval/peerbench/peers"
	"gatehouse/internal/eval/peerbench/workload"
)

// evaluator is the name of the engine that the others are compared with.
const evaluator = "gatehouse"

func main() {
	dir := flag.String("w", "workloads", "folder of the workloads")
	run := flag.String("run", "w1big,w2big,w3-10big,w3-10000big", "names of workloads")
	only := flag.String("only", "", "parts of names of engines; all when empty")
	rounds := flag.Int("rounds", 9, "turns of each engine")
	turn := flag.Duration("d", 300*time.Millisecond, "length of a turn")
	flag.Parse()
	results := map[string][]row{}
	for name := range strings.SplitSeq(*run, ",") {
		w, err := workload.Load(filepath.Join(*dir, name+".json"))
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("\n## %s: %d statements, %d requests\n\n", name, len(w.Statements()), len(w.Requests))
		results[name] = compare(w, engines(*only), *rounds, *turn)
		print(results[name])
	}
	summarise(results)
	for name, rows := range results {
		for _, r := range rows {
			if r.engine == evaluator && r.disagree > 0 {
				log.Fatalf("%s: the evaluator decides %d requests otherwise than the reference", name, r.disagree)
			}
		}
	}
}

// engines returns those of which the name contains one of the parts.
func engines(parts string) []peers.Engine {
	return slices.DeleteFunc(peers.All(), func(e peers.Engine) bool {
		return !slices.ContainsFunc(strings.Split(parts, ","), func(part string) bool { return strings.Contains(e.Name(), part) })
	})
}

// compare lets the engines take turns on a workload.
func compare(w *workload.Workload, engines []peers.Engine, rounds int, turn time.Duration) []row {
	rows := make([]row, len(engines))
	for i, e := range engines {
		if err := e.Load(w); err != nil {
			log.Fatalf("%s: %v", e.Name(), err)
		}
		rows[i] = row{engine: e.Name()}
		rows[i].check(e, w)
	}
	for range rounds {
		for i, e := range engines {
			rows[i].take(e, len(w.Requests), turn)
		}
	}
	return rows
}

// patience is for how long the decisions of a peer are checked. Ours are all checked.
const patience = 15 * time.Second

// check counts the requests that an engine decides otherwise than the reference. Engines
// that tell explicit from implicit deny have to tell it right.
func (r *row) check(e peers.Engine, w *workload.Workload) {
	tri, tells := e.(peers.Tri)
	started := time.Now()
	for i := range w.Requests {
		if r.engine != evaluator && time.Since(started) > patience {
			return
		}
		want := w.Requests[i].Expect
		right := e.Allow(i) == (want == "allow")
		if tells {
			right = tri.Decide(i) == want
		}
		r.checked++
		if !right {
			r.disagree++
		}
	}
}

func print(rows []row) {
	fmt.Println("| engine | ns/decision, median | least | allocations | disagreements |\n|---|---|---|---|---|")
	for _, r := range rows {
		fmt.Printf("| %s | %.4g | %.4g | %.1f | %d of %d |\n", r.engine, r.median(), slices.Min(r.ns), r.allocs, r.disagree, r.checked)
	}
}

// summarise prints how the evaluator stands beside minio, in lines that a program can read.
func summarise(results map[string][]row) {
	find := func(workload, engine string) (row, bool) {
		i := slices.IndexFunc(results[workload], func(r row) bool { return r.engine == engine })
		if i < 0 {
			return row{}, false
		}
		return results[workload][i], true
	}
	fmt.Println()
	for _, w := range []struct{ label, name string }{{"W1", "w1big"}, {"W2", "w2big"}, {"W3-10000", "w3-10000big"}} {
		ours, ok := find(w.name, evaluator)
		theirs, beside := find(w.name, "minio/pkg")
		if ok && beside {
			fmt.Printf("%s ratio=%.1f ns=%.0f allocs=%.0f\n", w.label, ours.ratio(&theirs), ours.median(), ours.allocs)
		}
	}
	few, ok := find("w3-10big", evaluator)
	many, both := find("w3-10000big", evaluator)
	if ok && both {
		fmt.Printf("growth=%.1f\n", many.median()/few.median())
	}
}

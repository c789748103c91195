// Command gen writes workloads as JSON, the same for the same seed.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gatehouse/internal/eval/peerbench/workload"
)

// recipe is how a workload is made.
type recipe struct {
	name                                       string
	policies, statements, conditions, requests int
	broad                                      bool // patterns that cover much
}

// recipes are the workloads: W1 is like the policies of one role, W2 like many of them,
// W3 shows how time grows with statements. Those with many requests keep the processor
// from learning them by heart.
func recipes() []recipe {
	return []recipe{
		{"w1", 5, 20, 3, 1_000, true},
		{"w2", 20, 500, 50, 1_000, false},
		{"w3-100", 10, 100, 10, 1_000, false},
		{"w3-1000", 20, 1_000, 100, 1_000, false},
		{"w1big", 5, 20, 3, 100_000, true},
		{"w2big", 20, 500, 50, 100_000, false},
		{"w3-10big", 5, 10, 2, 20_000, false},
		{"w3-10000big", 20, 10_000, 1_000, 20_000, false},
	}
}

func main() {
	out := flag.String("out", "workloads", "folder to write to; what is there is kept")
	only := flag.String("only", "w1big,w2big,w3-10big,w3-10000big", "names of workloads; all when empty")
	seed := flag.Int64("seed", 42, "seed")
	flag.Parse()
	if err := os.MkdirAll(*out, 0o755); err != nil {
		log.Fatal(err)
	}
	for _, r := range recipes() {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), r.name) {
			continue
		}
		if err := r.write(*out, *seed); err != nil {
			log.Fatal(err)
		}
	}
}

// write makes the workload unless it is there. The file gets its name when it is whole.
func (r recipe) write(folder string, seed int64) error {
	path := filepath.Join(folder, r.name+".json")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	w := workload.Generate(r.name, seed, r.policies, r.statements, r.conditions, r.requests, r.broad)
	text, err := json.Marshal(w)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".part", text, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d policies, %d statements, %d requests\n", path, len(w.Policies), len(w.Statements()), len(w.Requests))
	return os.Rename(path+".part", path)
}

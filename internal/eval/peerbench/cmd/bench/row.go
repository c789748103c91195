package main

import (
	"log"
	"runtime"
	"slices"
	"syscall"
	"time"

	"gatehouse/internal/eval/peerbench/peers"
)

// row is what was measured of one engine on one workload.
type row struct {
	engine   string
	checked  int       // requests
	disagree int       // how many of them
	ns       []float64 // of each turn: processor time for one decision
	allocs   float64   // of the last turn, for one decision
}

func (r *row) median() float64 { return median(r.ns) }

// ratio says how much longer the other engine takes: the median over the turns, each of
// which is compared with the other's turn beside it, when the machine was in the same state.
func (r *row) ratio(other *row) float64 {
	ratios := make([]float64, len(r.ns))
	for i := range ratios {
		ratios[i] = other.ns[i] / r.ns[i]
	}
	return median(ratios)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

var sink bool // keeps the compiler from leaving decisions out

// take measures one turn: requests in a circle until the time is over. What counts is
// the processor time of the program, garbage collection included, and not the time on
// the wall, of which other programs take their share.
func (r *row) take(e peers.Engine, requests int, turn time.Duration) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	started, spent := time.Now(), processorTime()
	n, next, batch := 0, 0, 1
	for time.Since(started) < turn {
		for range batch {
			sink = e.Allow(next)
			if next++; next == requests {
				next = 0
			}
		}
		n += batch
		if time.Since(started) < turn/50 && batch < 1<<16 {
			batch *= 2
		}
	}
	spent = processorTime() - spent
	runtime.ReadMemStats(&after)
	r.ns = append(r.ns, float64(spent.Nanoseconds())/float64(n))
	r.allocs = float64(after.Mallocs-before.Mallocs) / float64(n)
}

// processorTime is what the program has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

package eval_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/internal/eval"
	"gatehouse/internal/eval/reference"
)

// perWorld is the number of requests put to the policies of one world.
const perWorld = 1000

// read lets both evaluators read the policies and contexts of a world, once for all its
// requests.
func (w *world) read() error {
	for _, p := range slices.Concat(w.identity, w.resource, w.endpoint, w.scp, w.rcp) {
		text, err := json.Marshal(p.Document)
		if err != nil {
			return err
		}
		if p.compiled, err = eval.Compile(p.Name, text); err != nil {
			return err
		}
		if p.decoded, err = reference.ReadDocument(text); err != nil {
			return fmt.Errorf("%w: %s", err, text)
		}
	}
	for _, c := range w.contexts {
		c.read()
	}
	return nil
}

func each[P, Q any](list []P, of func(P) Q) []Q {
	if len(list) == 0 {
		return nil
	}
	made := make([]Q, len(list))
	for i, p := range list {
		made[i] = of(p)
	}
	return made
}

// compiled and decoded are the draft as each evaluator takes it, once its policies are read.

func (d *draft) compiled() *eval.Input {
	of := func(p *draftPolicy) *eval.Policy { return p.compiled }
	levels := func(l draftLevel) eval.Level { return eval.Level{Target: l.Target, Policies: each(l.Policies, of)} }
	in := &eval.Input{
		Principal: eval.NewPrincipal(d.Principal), Action: d.Action, Resource: d.Resource, ResourceAccount: d.Owner,
		ManagementAccount: d.Management, Context: d.Context.compiled,
		Identity: each(d.Identity, of), Session: each(d.Session, of),
		SCPs: each(d.SCPs, levels), RCPs: each(d.RCPs, levels),
	}
	in.Boundary, in.ResourcePolicy, in.Endpoint = optional(d.Boundary, of), optional(d.ResourcePolicy, of), optional(d.Endpoint, of)
	return in
}

func (d *draft) decoded() *reference.Scenario {
	of := func(p *draftPolicy) reference.Document { return p.decoded }
	levels := func(l draftLevel) []reference.Document { return each(l.Policies, of) }
	s := &reference.Scenario{
		Principal: d.Principal, Action: d.Action, Resource: d.Resource, ResourceAccount: d.Owner,
		ManagementAccount: d.Management, Context: d.Context.keys,
		Identity: each(d.Identity, of), Session: each(d.Session, of),
		SCPs: each(d.SCPs, levels), RCPs: each(d.RCPs, levels),
	}
	s.Boundary, s.ResourcePolicy, s.Endpoint = optional(d.Boundary, of), optional(d.ResourcePolicy, of), optional(d.Endpoint, of)
	return s
}

func optional[Q any](p *draftPolicy, of func(*draftPolicy) Q) (made Q) {
	if p != nil {
		made = of(p)
	}
	return made
}

// comparison runs both evaluators on drawn cases, on all cores. Which cases are drawn
// depends on the seed alone.
type comparison struct {
	seed, cases uint64
	next, done  atomic.Uint64 // worlds taken, cases compared
	stop        atomic.Bool
	mu          sync.Mutex
	outcomes    map[outcome]int
	differs     []draft
	problem     error
}

func (c *comparison) run() {
	c.outcomes = map[outcome]int{}
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for !c.stop.Load() {
				n := c.next.Add(1) - 1
				if n*perWorld >= c.cases {
					return
				}
				c.world(n)
			}
		})
	}
	workers.Wait()
}

// world compares the evaluators on one world.
func (c *comparison) world(n uint64) {
	g := newGen(c.seed, n)
	w := g.world()
	if err := w.read(); err != nil {
		c.report(func() { c.problem = err })
		return
	}
	outcomes := map[outcome]int{}
	for range min(perWorld, c.cases-n*perWorld) {
		d := g.request(w)
		got := outcomeOf(eval.Decide(d.compiled()))
		outcomes[got]++
		if want := referenceOutcome(d.decoded().Decide()); got != want {
			c.report(func() { c.differs = append(c.differs, d) })
			break
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for o, n := range outcomes {
		c.outcomes[o] += n
		c.done.Add(uint64(n))
	}
}

func (c *comparison) report(add func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add()
	c.stop.Store(c.problem != nil || len(c.differs) >= 8)
}

// watch prints how far the comparison is until stopped.
func (c *comparison) watch(stopped <-chan struct{}) {
	interrupt := make(chan os.Signal, 1)
	signal.Notify(interrupt, os.Interrupt)
	defer signal.Stop(interrupt)
	started := time.Now()
	for {
		select {
		case <-stopped:
			return
		case <-interrupt:
			c.stop.Store(true)
		case <-time.After(10 * time.Second):
			done := c.done.Load()
			rate := float64(done) / time.Since(started).Seconds()
			left := time.Duration(float64(c.cases-done) / max(rate, 1) * float64(time.Second))
			fmt.Fprintf(os.Stderr, "%d of %d cases, %.0f a second, %v left\n", done, c.cases, rate, left.Round(time.Second))
		}
	}
}

func TestTwoEvaluatorsAgreeOnDrawnCases(t *testing.T) {
	c := comparison{seed: variable(t, "DIFFERENTIAL_SEED", 1), cases: variable(t, "DIFFERENTIAL_CASES", 20_000)}
	stopped := make(chan struct{})
	go c.watch(stopped)
	c.run()
	close(stopped)
	if c.problem != nil {
		t.Fatal(c.problem)
	}
	disagree := func(line []byte) bool { return evaluated(line) != referred(line) }
	for _, d := range c.differs {
		line := d.line(t)
		if !disagree(line) {
			t.Errorf("differs, but not when read from JSON: %s", line)
			continue
		}
		line = shrink(t, line, disagree)
		t.Errorf("the evaluator says %v, the reference %v:\n%s", evaluated(line), referred(line), line)
	}
	t.Logf("seed %d: %d cases, %d disagreements", c.seed, c.done.Load(), len(c.differs))
	c.balance(t)
}

// balance prints how often each outcome was drawn. All of them have to be.
func (c *comparison) balance(t *testing.T) {
	decisions := map[string]int{}
	total := max(int(c.done.Load()), 1)
	for _, o := range slices.SortedFunc(maps.Keys(c.outcomes), func(a, b outcome) int { return c.outcomes[b] - c.outcomes[a] }) {
		t.Logf("%6.2f%% %s %s", 100*float64(c.outcomes[o])/float64(total), o.decision, o.by)
		decisions[o.decision] += c.outcomes[o]
	}
	for _, decision := range []string{"allowed", "explicitDeny", "implicitDeny"} {
		if decisions[decision]*100 < total*12 {
			t.Errorf("only %d of %d cases are decided %s: the generator is too narrow", decisions[decision], total, decision)
		}
	}
}

// variable reads a number from the environment.
func variable(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

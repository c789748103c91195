package signin_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gatehouse/internal/signin"
)

// With -race a sequence takes ten times as long: a million are for a run without it.
var sequences = flag.Int("sequences", 200_000, "how many random event sequences the sign-in machine is put through")

// TestNeverSignedInWithoutBothFactors puts the machine through random sequences and compares it after every event with
// verdict, which reads the whole history anew and shares nothing with the machine.
func TestNeverSignedInWithoutBothFactors(t *testing.T) {
	count := *sequences
	if testing.Short() {
		count = min(count, 50_000)
	}
	random := rand.New(rand.NewPCG(6238, 4226))
	reached := map[signin.State]int{}
	var history []signin.Event
	for n := range count {
		world := newWorld(random)
		history = history[:0]
		var s signin.Session
		for range 4 + random.IntN(16) {
			e := world.event(s)
			history = append(history, e)
			step := limits.Next(s, e)
			s = step.Session
			got, want := limits.Standing(s, e.At), verdict(history)
			reached[got]++
			if got != want || (got != signin.Anonymous && s.Person != e.Facts.Person) {
				t.Fatalf("sequence %d: state %q of %q, the history says %q\n%+v", n, got, s.Person, want, history)
			}
		}
	}
	states := []signin.State{
		signin.Anonymous, signin.AwaitingFactor, signin.Enrolling, signin.SignedIn, signin.StepUp,
	}
	for _, state := range states {
		if reached[state] < count/20 {
			t.Errorf("state %q was reached %d times in %d sequences: the sequences are too tame", state, reached[state], count)
		}
	}
}

// verdict says from the history alone which state a browser is in: what the last right password or passkey and everything
// since amount to.
func verdict(history []signin.Event) signin.State {
	last := len(history) - 1
	began := last
	for began >= 0 && history[began].Kind != signin.PasswordAccepted && history[began].Kind != signin.PasskeyAccepted {
		began--
	}
	if began < 0 || !history[began].Facts.Enabled {
		return signin.Anonymous
	}
	password := history[began]

	factor := -1
	bound := !password.Facts.NoFactor
	if password.Kind == signin.PasskeyAccepted {
		if !bound {
			return signin.Anonymous
		}
		factor = began // it is both factors at once
	}
	latest := password.At
	for i, e := range history[began+1:] {
		i += began + 1
		sincePassword := e.At.Sub(password.At)
		out := e.Kind == signin.LoggedOut ||
			!e.Facts.Enabled || e.Facts.Person != password.Facts.Person || e.Facts.Epoch != password.Facts.Epoch ||
			e.At.Before(latest.Add(-time.Minute)) || sincePassword < -time.Minute ||
			factor < 0 && sincePassword >= 5*time.Minute ||
			factor >= 0 && (sincePassword >= 8*time.Hour || e.At.Sub(latest) >= 15*time.Minute)
		if out {
			return signin.Anonymous
		}
		bound = bound || !e.Facts.NoFactor

		proof := slices.Contains(proofs, e.Kind) && !e.Facts.NoFactor && bound ||
			e.Kind == signin.FactorBound && factor < 0 && !bound
		if proof {
			factor = i
		}
		used := e.Kind == signin.Request || e.Kind == signin.FactorBound || proof
		if factor >= 0 && used && e.At.After(latest) || factor < 0 && e.Kind == signin.Request && e.At.After(latest) {
			latest = e.At
		}
	}

	switch {
	case factor < 0 && bound:
		return signin.AwaitingFactor
	case factor < 0:
		return signin.Enrolling
	}
	if age := history[last].At.Sub(history[factor].At); age >= 5*time.Minute || age < -time.Minute {
		return signin.StepUp
	}
	return signin.SignedIn
}

// proofs are the events that prove a second factor which was bound before.
var proofs = []signin.Kind{signin.CodeAccepted, signin.RecoveryAccepted, signin.KeyAccepted}

// world makes up events: two people whose facts change now and then, and a clock that mostly runs forward.
type world struct {
	random *rand.Rand
	now    time.Time
	people [2]signin.Facts
}

func newWorld(random *rand.Rand) *world {
	w := &world{random: random, now: noon}
	for i, name := range []string{"ann", "bob"} {
		w.people[i] = signin.Facts{Person: name, Enabled: w.chance(95), Epoch: 1, NoFactor: w.chance(40)}
	}
	return w
}

func (w *world) chance(percent int) bool { return w.random.IntN(100) < percent }

func (w *world) event(s signin.Session) signin.Event {
	w.passTime()
	w.changeFacts()
	person := 0
	if s.Person == "bob" {
		person = 1
	}
	if w.chance(3) {
		person = 1 - person // a caller that mixes people up, or somebody else at the keyboard
	}
	facts := w.people[person]
	kind := signin.Kind(w.random.IntN(int(signin.LoggedOut) + 1))
	if w.chance(50) {
		kind = w.helpful(s, facts)
	}
	return signin.Event{Kind: kind, At: w.now, Facts: facts}
}

// helpful is the event that leads on, so that sequences get past the first steps.
func (w *world) helpful(s signin.Session, facts signin.Facts) signin.Kind {
	switch {
	case s.State == signin.Anonymous && !facts.NoFactor && w.chance(20):
		return signin.PasskeyAccepted
	case s.State == signin.Anonymous:
		return signin.PasswordAccepted
	case s.State == signin.SignedIn:
		return signin.Request
	case facts.NoFactor:
		return signin.FactorBound
	}
	return proofs[w.random.IntN(len(proofs))]
}

func (w *world) passTime() {
	jumps := []time.Duration{
		0, time.Second, time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 14 * time.Minute,
		14 * time.Minute, 15 * time.Minute, time.Hour, 8 * time.Hour, -30 * time.Second, -time.Hour,
	}
	weight := len(jumps)
	if w.chance(80) {
		weight = 5 // mostly little time passes
	}
	w.now = w.now.Add(jumps[w.random.IntN(weight)])
}

func (w *world) changeFacts() {
	facts := &w.people[w.random.IntN(len(w.people))]
	switch w.random.IntN(40) {
	case 0:
		facts.Enabled = !facts.Enabled
	case 1:
		facts.Epoch++
	case 2:
		facts.NoFactor = !facts.NoFactor
	}
}

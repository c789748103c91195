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
var sequences = flag.Int("sequences", 1_000_000, "how many random event sequences the sign-in machine is put through")

// TestNeverSignedInWithoutWhatThePolicyAsks puts the machine through random sequences and compares it after every event with
// verdict, which reads the whole history anew and shares nothing with the machine.
func TestNeverSignedInWithoutWhatThePolicyAsks(t *testing.T) {
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
			if rises(s, step.Session) && !step.NewID || step.NewID && slices.Contains(idle, e.Kind) {
				t.Fatalf("sequence %d: from %+v to %+v, a new id: %t\n%+v", n, s, step.Session, step.NewID, history)
			}
			s = step.Session
			got, want := limits.Standing(s, e.At), verdict(history)
			reached[got]++
			if got != want || (got != signin.Anonymous && s.Person != e.Facts.Person) {
				t.Fatalf("sequence %d: state %q of %q, the history says %q\n%+v", n, got, s.Person, want, history)
			}
		}
	}
	states := []signin.State{
		signin.Anonymous, signin.AwaitingFactor, signin.Enrolling, signin.Strengthening, signin.Renewing, signin.SignedIn, signin.StepUp,
	}
	for _, state := range states {
		if reached[state] < count/20 {
			t.Errorf("state %q was reached %d times in %d sequences: the sequences are too tame", state, reached[state], count)
		}
	}
}

// idle are the events that give a session no right.
var idle = []signin.Kind{signin.Request, signin.PasswordRefused, signin.CodeRefused, signin.CodeReplayed, signin.LoggedOut}

// rises reports whether a session has more rights after an event than before, or is another one.
func rises(before, after signin.Session) bool {
	return after.State != signin.Anonymous && (!after.BeganAt.Equal(before.BeganAt) || after.Person != before.Person ||
		!after.FactorAt.Equal(before.FactorAt) || before.State == signin.Renewing && after.State == signin.SignedIn)
}

// verdict says from the history alone which state a browser is in: what the last right password or passkey and everything
// since amount to under the policies that were in force.
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
	if password.Facts.NoFactor && password.Facts.Asks == signin.AskBoundFactor {
		return signin.Anonymous // kept out: nobody enrols without leave
	}

	w := witness{password: password, latest: password.At, bound: !password.Facts.NoFactor,
		inside: password.Facts.Asks == signin.AskNothing && !password.Facts.Weak}
	if password.Kind == signin.PasskeyAccepted {
		if !w.bound {
			return signin.Anonymous
		}
		w.inside, w.factorAt = true, password.At // it is both factors at once
	}
	w.weak = w.inside && password.Facts.Weak
	w.renew = w.inside && !w.weak && password.Facts.PasswordSpent
	for _, e := range history[began+1:] {
		if w.out(e) {
			return signin.Anonymous
		}
		w.see(e)
	}
	return w.state(history[last].At)
}

// witness is what was seen since a right password.
type witness struct {
	password signin.Event
	factorAt time.Time // zero: not proved
	latest   time.Time // last use
	bound    bool      // the person had a second factor at some moment
	inside   bool      // everything that was asked for at its moment was proved, as far as the person could
	weak     bool      // but for a stronger factor, which has to be bound
	renew    bool      // but for a new password
}

// out reports whether an event finds the session over.
func (w *witness) out(e signin.Event) bool {
	if e.Kind == signin.LoggedOut || !e.Facts.Enabled || e.Facts.Person != w.password.Facts.Person ||
		e.Facts.Epoch != w.password.Facts.Epoch || e.At.Before(w.latest.Add(-time.Minute)) {
		return true
	}
	waitsSince := w.password.At
	if w.factorAt.After(waitsSince) {
		waitsSince = w.factorAt
	}
	switch {
	case w.inside && w.factorAt.IsZero() && e.Facts.Asks != signin.AskNothing:
		return true // the policy of this moment asks for what was not proved
	case w.inside && !w.factorAt.IsZero() && e.Facts.FactorVoid:
		return true // and does not take what was
	case w.inside && !w.weak && e.Facts.Weak:
		return true // and asks for more than the person has
	case !w.inside || w.weak || w.renew:
		return e.At.Sub(waitsSince) >= 5*time.Minute || e.At.Sub(w.password.At) >= 8*time.Hour
	}
	return e.At.Sub(w.password.At) >= 8*time.Hour || e.At.Sub(w.latest) >= 15*time.Minute
}

// see takes in an event that did not end the session.
func (w *witness) see(e signin.Event) {
	w.bound = w.bound || !e.Facts.NoFactor
	signedIn := w.inside && !w.weak && !w.renew
	stronger := e.Kind == signin.FactorBound && w.weak && !e.Facts.Weak
	proof := slices.Contains(proofs, e.Kind) && !e.Facts.NoFactor && w.bound &&
		(signedIn || !w.inside) || e.Kind == signin.FactorBound && !w.inside && !w.bound || stronger
	renewed := e.Kind == signin.PasswordRenewed && w.renew
	if proof && !signedIn {
		w.inside, w.weak, w.renew = true, e.Facts.Weak, !e.Facts.Weak && e.Facts.PasswordSpent
	}
	if proof {
		w.factorAt = e.At
	}
	if renewed {
		w.renew = false
	}
	used := proof || renewed || e.Kind == signin.Request || e.Kind == signin.FactorBound && signedIn
	if used && e.At.After(w.latest) {
		w.latest = e.At
	}
}

func (w *witness) state(now time.Time) signin.State {
	switch age := now.Sub(w.factorAt); {
	case !w.inside && w.bound:
		return signin.AwaitingFactor
	case !w.inside:
		return signin.Enrolling
	case w.weak:
		return signin.Strengthening
	case w.renew:
		return signin.Renewing
	case w.factorAt.IsZero() || age >= 5*time.Minute || age < -time.Minute:
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
		w.people[i] = signin.Facts{Person: name, Enabled: w.chance(95), Epoch: 1, NoFactor: w.chance(40),
			PasswordSpent: w.chance(25), Weak: w.chance(25)}
		if w.chance(30) {
			w.people[i].Asks = signin.Asks(1 + w.random.IntN(2))
		}
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
	kind := signin.Kind(w.random.IntN(int(signin.LoggedOut) + 1))
	if w.chance(50) {
		kind = w.helpful(s, w.people[person])
	}
	if kind == signin.FactorBound && s.State == signin.Strengthening && w.chance(80) {
		w.people[person].Weak = false // it is a strong one
	}
	return signin.Event{Kind: kind, At: w.now, Facts: w.people[person]}
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
	case s.State == signin.Renewing:
		return signin.PasswordRenewed
	case facts.NoFactor || s.State == signin.Strengthening:
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
	switch w.random.IntN(60) {
	case 0:
		facts.Enabled = !facts.Enabled
	case 1:
		facts.Epoch++
	case 2:
		facts.NoFactor = !facts.NoFactor
	case 3:
		facts.Asks = signin.Asks(w.random.IntN(3))
	case 4:
		facts.FactorVoid = !facts.FactorVoid
	case 5:
		facts.PasswordSpent = !facts.PasswordSpent
	case 6:
		facts.Weak = !facts.Weak
	}
}

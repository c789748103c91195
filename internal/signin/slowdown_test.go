package signin_test

import (
	"testing"
	"time"

	"gatehouse/internal/signin"
)

func TestCodesFromUnknownBrowsersTakeTurnsOnceManyAreOff(t *testing.T) {
	for what, c := range map[string]struct {
		off  int
		bad  int
		turn time.Duration // of the last one, before now
		from signin.Origin
		want time.Duration
	}{
		"nineteen off":                    {19, 199, 0, signin.UnknownBrowser, 0},
		"twenty, just after another":      {20, 100, 0, signin.UnknownBrowser, 30 * time.Second},
		"two hundred wrong ones":          {0, 200, 0, signin.UnknownBrowser, 30 * time.Second},
		"twenty, a second before the end": {20, 100, 29 * time.Second, signin.UnknownBrowser, time.Second},
		"twenty, when the pause is over":  {20, 100, 30 * time.Second, signin.UnknownBrowser, 0},
		"a known browser":                 {200, 1000, 0, signin.KnownBrowser, 0},
		"a clock that was set back":       {20, 100, -time.Hour, signin.UnknownBrowser, 30 * time.Second},
	} {
		gate := signin.TurnGate(signin.Slowdown{Off: c.off, Wrong: c.bad, TurnAt: noon.Add(-c.turn)}, c.from, noon)
		if gate.Wait != c.want || gate.Disabled {
			t.Errorf("%s: %+v, want a wait of %v", what, gate, c.want)
		}
	}
	if gate := signin.TurnGate(signin.Slowdown{Off: 20}, signin.UnknownBrowser, noon); !gate.Open() {
		t.Errorf("the first one has to wait: %+v", gate)
	}
}

// spray is somebody who knows the passwords of any number of people and guesses at their codes as fast as they are looked at.
type spray struct {
	now    time.Time
	each   int // codes of one person, with the last of which theirs are off if it is the fifth
	before int // wrong codes of each from long ago
	turn   time.Time
	people []guessed
	looked int
}

// guessed is a person at whose codes somebody guesses.
type guessed struct {
	wrong int // in a row
	last  time.Time
}

// facts are those of a moment.
func (s *spray) facts() signin.Slowdown {
	f := signin.Slowdown{TurnAt: s.turn}
	for _, p := range s.people {
		if !p.last.After(s.now.Add(-signin.OffWindow)) {
			continue
		}
		if f.Wrong += p.wrong; p.wrong == signin.MaxCodeFailures {
			f.Off++
		}
	}
	return f
}

// until guesses up to a moment, a hundred times a second while nothing slows it down.
func (s *spray) until(end time.Time) {
	for s.now.Before(end) {
		facts := s.facts()
		if wait := signin.TurnGate(facts, signin.UnknownBrowser, s.now).Wait; wait > 0 {
			s.now = s.now.Add(wait)
			continue
		}
		if facts.On() {
			s.turn = s.now
		}
		if s.looked%s.each == 0 {
			s.people = append(s.people, guessed{wrong: s.before})
		}
		at := &s.people[len(s.people)-1]
		at.wrong, at.last = at.wrong+1, s.now
		s.looked++
		s.now = s.now.Add(10 * time.Millisecond)
	}
}

// off is how many people's codes it turned off.
func (s *spray) off() (n int) {
	for _, p := range s.people {
		if p.wrong == signin.MaxCodeFailures {
			n++
		}
	}
	return n
}

// TestASprayIsSlowedDownWhateverTheNumberOfPeople guesses with as many passwords as it takes, in each way to go about it.
func TestASprayIsSlowedDownWhateverTheNumberOfPeople(t *testing.T) {
	for what, c := range map[string]struct{ each, before, looked, off, later int }{
		"five codes of each":                     {5, 0, 100 + 120, 20 + 24, 23 * 120},
		"four codes of each":                     {4, 0, 200 + 120, 0, 23 * 201},
		"one code of each":                       {1, 0, 200 + 120, 0, 23 * 201},
		"the fifth code of each, after long ago": {1, 4, 20 + 120, 20 + 120, 23 * 120},
	} {
		s := &spray{now: noon, each: c.each, before: c.before}
		s.until(noon.Add(time.Hour))
		if s.looked != c.looked || s.off() != c.off {
			t.Errorf("%s: %d codes were looked at and those of %d people turned off, want %d and %d", what, s.looked, s.off(), c.looked,
				c.off)
		}
		before := s.looked
		s.until(noon.Add(24 * time.Hour))
		if later := s.looked - before; later != c.later {
			t.Errorf("%s: %d codes in the 23 hours after it, want %d", what, later, c.later)
		}
		t.Logf("%s: %d codes in the first hour, %d in a day", what, before, s.looked)
	}
}

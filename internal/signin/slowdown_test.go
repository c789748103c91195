package signin_test

import (
	"testing"
	"time"

	"gatehouse/internal/signin"
)

func TestCodesFromUnknownBrowsersTakeTurnsOnceManyAreOff(t *testing.T) {
	for what, c := range map[string]struct {
		off  int
		turn time.Duration // of the last one, before now
		from signin.Origin
		want time.Duration
	}{
		"nineteen off":                    {19, 0, signin.UnknownBrowser, 0},
		"twenty, just after another":      {20, 0, signin.UnknownBrowser, 30 * time.Second},
		"twenty, a second before the end": {20, 29 * time.Second, signin.UnknownBrowser, time.Second},
		"twenty, when the pause is over":  {20, 30 * time.Second, signin.UnknownBrowser, 0},
		"a known browser":                 {200, 0, signin.KnownBrowser, 0},
		"a clock that was set back":       {20, -time.Hour, signin.UnknownBrowser, 30 * time.Second},
	} {
		gate := signin.TurnGate(signin.Slowdown{Off: c.off, TurnAt: noon.Add(-c.turn)}, c.from, noon)
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
	each   int // codes of one person that are looked at until theirs are off: five, or one when four were wrong before
	turn   time.Time
	off    []time.Time // when people's codes were turned off
	looked int
}

// last guesses until a moment, a hundred times a second while nothing slows it down.
func (s *spray) last(until time.Time) {
	for s.now.Before(until) {
		facts := signin.Slowdown{TurnAt: s.turn}
		for _, at := range s.off {
			if at.After(s.now.Add(-signin.OffWindow)) {
				facts.Off++
			}
		}
		if wait := signin.TurnGate(facts, signin.UnknownBrowser, s.now).Wait; wait > 0 {
			s.now = s.now.Add(wait)
			continue
		}
		if facts.On() {
			s.turn = s.now
		}
		if s.looked++; s.looked%s.each == 0 {
			s.off = append(s.off, s.now)
		}
		s.now = s.now.Add(10 * time.Millisecond)
	}
}

// TestASprayIsSlowedDownWhateverTheNumberOfPeople guesses with as many passwords as it takes.
func TestASprayIsSlowedDownWhateverTheNumberOfPeople(t *testing.T) {
	for what, c := range map[string]struct{ each, looked, off int }{
		"five codes of each":                 {5, 100 + 120, 20 + 24},
		"the fifth code of each, four known": {1, 20 + 120, 20 + 120},
	} {
		s := &spray{now: noon, each: c.each}
		s.last(noon.Add(time.Hour))
		if s.looked != c.looked || len(s.off) != c.off {
			t.Errorf("%s: %d codes were looked at and those of %d people turned off, want %d and %d", what, s.looked,
				len(s.off), c.looked, c.off)
		}
		before := s.looked
		s.last(noon.Add(24 * time.Hour))
		t.Logf("%s: %d codes in the first hour, %d in the 23 after it", what, before, s.looked-before)
	}
}

package center_test

import (
	"flag"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

var guesses = flag.Int("guesses", 1000, "how many guesses are made in a simulated year")

// atOnce is how many guesses come at one moment.
const atOnce = 50

// spellings are 40 ways to type one user name, by case, by letters that have two code points, and by white space around.
func spellings() []string {
	names := []string{"kåreß.öz", "KÅREß.ÖZ", "Kåreß.Öz", "kåreß.ÖZ", "\u212Aåreß.öz", "\u212A\u212Breß.öz", "k\u212Breß.öz",
		"kåre\u1E9E.öz", "KÅRE\u1E9E.ÖZ", "\u212A\u212BRE\u1E9E.ÖZ"}
	var all []string
	for _, name := range names {
		all = append(all, name, " "+name+"  ", "\t"+name+"\r\n", "\u00a0"+name+"\u3000")
	}
	return all
}

// siege is a year in which somebody guesses as one person: at two consoles on one database, one of which starts anew now and
// then, from three networks, in all spellings, alone and at once.
type siege struct {
	*office
	second *office
	m      member
	names  []string
	count  int // of guesses
	tick   int
}

func besiege(t *testing.T) *siege {
	t.Helper()
	o := openOffice(t)
	s := &siege{office: o, names: spellings(), count: *guesses}
	if testing.Short() {
		s.count = min(s.count, 200)
	}
	s.m = o.member(t, "kåreß.öz")
	s.second = o.again(t)
	for _, name := range s.names {
		o.password(t, name) // each is hers
	}
	return s
}

// guess is where and as whom one guess is made.
type guess struct {
	at     *center.Center
	from   model.Actor
	name   string
	number int // of those at one moment
}

// year makes so many guesses, spread over a year; begin comes before those of each moment.
func (s *siege) year(t *testing.T, begin func(), try func(guess)) {
	t.Helper()
	ticks := max(s.count/atOnce, 1)
	for s.tick = range ticks {
		s.now = s.now.Add(365 * 24 * time.Hour / time.Duration(ticks))
		s.second.now = s.now
		if s.tick%max(ticks/10, 1) == 0 {
			s.second = s.again(t)
			must(t, s.c.Purge(t.Context()))
		}
		begin()
		var all sync.WaitGroup
		for i := range atOnce {
			g := guess{at: s.c, from: visit, name: s.names[(i+s.tick)%len(s.names)], number: i}
			g.from.SourceIP = fmt.Sprintf("203.0.113.%d", i%3)
			if (i+s.tick)%2 == 0 {
				g.at = s.second.c
			}
			if s.tick%10 == 0 {
				all.Go(func() { try(g) })
			} else {
				try(g)
			}
		}
		all.Wait()
	}
}

// recorded counts the failures of sign-in in the trail that say something.
func (s *siege) recorded(t *testing.T, what string) int {
	t.Helper()
	events, err := s.store.Events(t.Context(), store.EventFilter{Text: what})
	must(t, err)
	return len(events)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFortySpellingsAreOnePerson(t *testing.T) {
	t.Parallel()
	names := spellings()
	slices.Sort(names)
	if names = slices.Compact(names); len(names) != 40 {
		t.Fatalf("%d spellings", len(names))
	}
	folded := map[string]bool{}
	for _, name := range names {
		folded[store.Handle(name)] = true
	}
	if len(folded) != 1 {
		t.Errorf("they are %d people: %v", len(folded), folded)
	}
}

// TestAYearOfGuessingAPassword guesses wrongly until a hundred passwords were looked at, and rightly from then on: none of the
// right ones is taken.
func TestAYearOfGuessingAPassword(t *testing.T) {
	t.Parallel()
	s := besiege(t)
	right := false
	s.year(t, func() {
		attempts, err := s.store.Attempts(t.Context(), s.m.ID)
		must(t, err)
		right = attempts.PasswordFailures >= 100
	}, func(g guess) {
		given := center.Credentials{UserName: g.name, Password: "a wrong password"}
		if right {
			given.Password = goodPassword
		} else if s.tick%2 == 0 { // from everywhere, so that the tries are used up early in the year
			g.from.SourceIP = fmt.Sprintf("198.51.%d.%d", s.tick, g.number)
		}
		if _, err := g.at.SignIn(t.Context(), g.from, given); model.KindOf(err) != model.Invalid {
			t.Errorf("guess as %q at moment %d: %v", g.name, s.tick, err)
		}
	})
	looked, off := s.recorded(t, "the password is wrong"), s.recorded(t, "the password is off after 100 failures")
	if looked != 100 || off == 0 || !right {
		t.Errorf("%d guesses were looked at, and %d came after that", looked, off)
	}
	t.Logf("%d guesses in a year: %d looked at, %d after the password was off, the others too early", s.count, looked, off)
}

// TestAYearOfGuessingACode is the same for somebody who knows the password: five codes are looked at, all year.
func TestAYearOfGuessingACode(t *testing.T) {
	t.Parallel()
	s := besiege(t)
	var cookie, code string
	s.year(t, func() {
		attempts, err := s.store.Attempts(t.Context(), s.m.ID)
		must(t, err)
		code = s.code(t, s.m.secret, 0)
		if attempts.CodesDisabledAt.IsZero() {
			code = s.code(t, s.m.secret, 999)
		}
		cookie = s.password(t, s.names[s.tick%len(s.names)]).Token.Reveal()
	}, func(g guess) {
		if _, err := g.at.VerifyCode(t.Context(), g.from, cookie, code); model.KindOf(err) != model.Invalid {
			t.Errorf("guess at moment %d: %v", s.tick, err)
		}
	})
	looked := s.recorded(t, "a wrong code")
	if looked != 5 {
		t.Errorf("%d codes were looked at", looked)
	}
	t.Logf("%d guesses in a year: %d looked at", s.count, looked)
}

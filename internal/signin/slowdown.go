package signin

import "time"

// Against somebody who knows many people's passwords and guesses a few codes of each: five of everybody are many in all.
const (
	// ManyOff people whose codes were turned off by wrong ones within OffWindow begin the slow-down.
	ManyOff = 20
	// ManyWrong wrong codes within OffWindow begin it as well, of whomever: those after which their people typed no right one.
	// Guessers who stop before the fifth turn nobody's codes off.
	ManyWrong = 200
	// OffWindow is how long a wrong code counts, and that somebody's codes were turned off, whatever became of them since.
	OffWindow = time.Hour
	// TurnPause is how long during the slow-down, after a code from an unknown browser was looked at, no other one is,
	// whoever it is of. A right code takes its turn back.
	TurnPause = 30 * time.Second
)

// Slowdown is what is true of the codes of everybody together.
type Slowdown struct {
	Off    int       // people whose codes were turned off by wrong ones within OffWindow
	Wrong  int       // codes in a row that were wrong, of people who typed the last of them within OffWindow
	TurnAt time.Time // of the last code from an unknown browser that was looked at in its turn; zero: there was none
}

// On reports whether codes from unknown browsers take turns.
func (s Slowdown) On() bool { return s.Off >= ManyOff || s.Wrong >= ManyWrong }

// Origin says what is known of the browser that a code comes from. The zero value is slowed down.
type Origin int

// The origins of codes.
const (
	UnknownBrowser Origin = iota
	KnownBrowser          // one in which the code's person proved a second factor before
)

// TurnGate says whether a code is looked at now, as far as the codes of everybody are concerned. Like an attempt, a turn is
// taken before the code is looked at.
func TurnGate(s Slowdown, from Origin, now time.Time) Gate {
	if !s.On() || from == KnownBrowser {
		return Gate{}
	}
	// A turn in the future, after a clock was set back, costs one pause and not the difference.
	return Gate{Wait: min(TurnPause, max(0, s.TurnAt.Add(TurnPause).Sub(now)))}
}

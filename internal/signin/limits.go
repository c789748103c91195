package signin

import "time"

// clockTolerance is how far the clocks of two instances may differ before a time counts as impossible.
const clockTolerance = time.Minute

// Limits say how long things last. A moment at the limit is over it.
type Limits struct {
	Pending  time.Duration // from the right password to the second factor, and from there to a new password
	Idle     time.Duration // between two requests of a signed-in session
	Absolute time.Duration // from the right password to the end, whatever happens
	Fresh    time.Duration // from the second factor to the last dangerous act
}

// DefaultLimits are those of the console, which are stricter than NIST SP 800-63B-4 §2.2.3 asks at AAL2 (24 hours, one
// hour idle), since the same session serves the console and the portal.
func DefaultLimits() Limits {
	return Limits{
		Pending:  5 * time.Minute,
		Idle:     15 * time.Minute,
		Absolute: 8 * time.Hour,
		Fresh:    5 * time.Minute,
	}
}

// Ending is why a session is over, in the words that the trail and the sign-in page use.
type Ending string

// The reasons why sessions end.
const (
	ByPerson   Ending = "signed out"
	BySignIn   Ending = "signed in anew"
	ByDisabled Ending = "the person is disabled"
	ByEpoch    Ending = "all sessions were ended"
	ByPending  Ending = "the second factor took too long"
	ByIdle     Ending = "not used for too long"
	ByAbsolute Ending = "reached its time limit"
	ByClock    Ending = "the clock went back"
	ByMixUp    Ending = "the session belongs to somebody else"
	ByPolicy   Ending = "the sign-in policy asks for more"
)

// over returns why s has ended by the time of e, or nothing.
func (l Limits) over(s Session, e Event) Ending {
	switch {
	case s.State == Anonymous:
		return ""
	case e.Facts.Person != s.Person:
		return ByMixUp
	case !e.Facts.Enabled:
		return ByDisabled
	case e.Facts.Epoch != s.Epoch:
		return ByEpoch
	case e.At.Before(s.SeenAt.Add(-clockTolerance)):
		return ByClock
	case (s.State == SignedIn || s.State == Renewing || s.State == Strengthening) && !meets(s, e.Facts):
		return ByPolicy
	case s.State != SignedIn && e.At.Sub(later(s.BeganAt, s.FactorAt)) >= l.Pending:
		return ByPending
	case e.At.Sub(s.BeganAt) >= l.Absolute:
		return ByAbsolute
	case s.State == SignedIn && e.At.Sub(s.SeenAt) >= l.Idle:
		return ByIdle
	}
	return ""
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Package signin owns the sign-in state machine: which state a browser session is in after which event, when it ends,
// and how long a person waits after failures. Everything is a pure function of its arguments.
//
// It stores nothing, checks no password and no code (internal/vault and internal/mfa do), and knows no cookies: its
// callers load a session and the facts about its person in one transaction, ask Next, and store what it says.
package signin

import "time"

// State says how far a browser has come. The words are those that are stored.
type State string

// The states of a session. Only SignedIn and StepUp give any rights.
const (
	// Anonymous is nobody: no session, or one that has ended.
	Anonymous State = ""
	// AwaitingFactor is a right password; the second factor is asked for.
	AwaitingFactor State = "password"
	// Enrolling is a right password of a person who has no second factor and must bind one.
	Enrolling State = "enrolment"
	// Strengthening is everything proved that the person can prove, which is less than the policy asks of them: a stronger
	// second factor must be bound first.
	Strengthening State = "strengthening"
	// Renewing is everything proved that is asked for, with a password that must be replaced first.
	Renewing State = "renewal"
	// SignedIn is everything proved that is asked for, a second factor freshly enough for dangerous acts.
	SignedIn State = "signed-in"
	// StepUp is everything proved that is asked for, a second factor too long ago for dangerous acts, or never. It follows
	// from the time, so that it is what Standing returns and is never stored.
	StepUp State = "step-up"
)

// MayAct reports whether the state gives the rights of a signed-in person. Dangerous acts ask for SignedIn itself.
func (s State) MayAct() bool { return s == SignedIn || s == StepUp }

// Session is what the machine remembers of one browser session. The zero value is Anonymous.
type Session struct {
	State    State
	Person   string    // whose password was right
	Epoch    int64     // the person's epoch then; a later one has ended the session
	BeganAt  time.Time // when the password was right
	FactorAt time.Time // when the second factor was last proved; zero when none was asked for
	SeenAt   time.Time // the last request, or a little earlier when not every request is stored
}

// Facts are what is true of a person at the moment of an event, read in the transaction that acts on it. The zero value
// gives nothing to anybody.
type Facts struct {
	Person  string
	Enabled bool
	Epoch   int64 // raised to end all sessions of the person at once
	// NoFactor is true for a person who never bound a second factor, or whose factors were taken away and who came by the
	// link for another one. A factor that was taken away still counts as bound for whoever comes by the password alone, as
	// does one that failures have disabled: else five wrong codes would let anybody who knows the password bind one of their
	// own.
	NoFactor bool
	// Asks is what the sign-in policy in force asks of the person beside the password, in the browser at hand.
	Asks Asks
	// FactorVoid is true when the policy in force does not take the second factor that the session proved from this person.
	FactorVoid bool
	// Weak is true for a person who has a second factor, and none that is strong enough for what the policy asks of them.
	Weak bool
	// PasswordSpent is true when the policy in force has the password replaced before it opens anything.
	PasswordSpent bool
}

// Asks is what is asked of a person beside the password. The zero value asks the most.
type Asks int

// What can be asked.
const (
	AskFactor      Asks = iota // a second factor; who has none binds one
	AskBoundFactor             // a second factor that is bound already; who has none is kept out
	AskNothing                 // the password is enough
)

// Kind says what happened.
type Kind int

// The kinds of event. Passing time, a disabled person and a raised epoch need no events of their own: each event brings
// its time and facts, so that what nobody reported still counts from the next event on.
const (
	Request          Kind = iota // a page was asked for
	PasswordAccepted             // the facts are those of the person whose password it is
	PasswordRefused
	CodeAccepted // by a bound factor, and never before
	CodeRefused
	CodeReplayed // right, but accepted once already
	RecoveryAccepted
	KeyAccepted     // a bound security key signed a challenge made for this session
	PasskeyAccepted // a bound key signed, and made sure itself who holds it: both factors; the facts are of whose key it is
	FactorBound     // a new second factor was confirmed by its first proof; where a stronger one is due, the facts are those after it
	PasswordRenewed // the password was replaced, by whom the session belongs to
	LoggedOut
)

// Event is something that happened to a session.
type Event struct {
	Kind  Kind
	At    time.Time
	Facts Facts
}

// Step is what follows from an event.
type Step struct {
	Session Session
	// NewID means that the session rose in rights, or another one began: it gets a new id, and the old id is dead.
	NewID bool
	// Ended says why the session that was there before is over; it is empty when it goes on.
	Ended Ending
}

// Next returns what follows when e happens to s.
func (l Limits) Next(s Session, e Event) Step {
	if e.Kind == PasswordAccepted || e.Kind == PasskeyAccepted {
		return begin(s, e)
	}
	if why := l.over(s, e); why != "" {
		return Step{Ended: why}
	}
	if s.State == Enrolling && !e.Facts.NoFactor {
		// A factor was bound elsewhere since. Whoever sits here has shown only the password, and must show the factor.
		s.State = AwaitingFactor
	}

	switch e.Kind {
	case Request:
		return Step{Session: seen(s, e.At)}
	case CodeAccepted, RecoveryAccepted, KeyAccepted:
		if !e.Facts.NoFactor && (s.State == AwaitingFactor || s.State == SignedIn) {
			return proved(s, e)
		}
	case FactorBound:
		if s.State == Enrolling || s.State == Strengthening && !e.Facts.Weak {
			return proved(s, e)
		}
		if s.State == SignedIn {
			return Step{Session: seen(s, e.At)} // A further factor proves nothing about those bound before.
		}
	case PasswordRenewed:
		if s.State == Renewing {
			s.State = SignedIn
			return Step{Session: seen(s, e.At), NewID: true}
		}
	case LoggedOut:
		if s.State != Anonymous {
			return Step{Ended: ByPerson}
		}
	case PasswordAccepted, PasskeyAccepted, PasswordRefused, CodeRefused, CodeReplayed:
		// Failures are counted elsewhere (see PasswordGate and CodeGate); they leave a session as it is.
	}
	return Step{Session: s}
}

// Standing returns the state of a session that Next has just returned, at the same time: StepUp instead of SignedIn
// when the second factor is no longer fresh.
func (l Limits) Standing(s Session, now time.Time) State {
	age := now.Sub(s.FactorAt)
	if s.State == SignedIn && (age >= l.Fresh || age < -clockTolerance) {
		return StepUp
	}
	return s.State
}

// begin starts over for the person whose password or passkey was right, whatever the browser was before. Whoever is kept out
// gets no session, nor does a passkey of somebody who has no second factor: it was taken away while it signed.
func begin(s Session, e Event) Step {
	var step Step
	if s.State != Anonymous {
		step.Ended = BySignIn
	}
	if !e.Facts.Enabled || e.Facts.NoFactor && (e.Kind == PasskeyAccepted || e.Facts.Asks == AskBoundFactor) {
		return step
	}

	state, factorAt := AwaitingFactor, time.Time{}
	switch {
	case e.Kind == PasskeyAccepted:
		state, factorAt = admitted(e.Facts), e.At
	case e.Facts.Asks == AskNothing && !e.Facts.Weak: // who has to bind a stronger factor proves the weak one first
		state = admitted(e.Facts)
	case e.Facts.NoFactor:
		state = Enrolling
	}
	step.NewID = true
	step.Session = Session{State: state, Person: e.Facts.Person, Epoch: e.Facts.Epoch, BeganAt: e.At, FactorAt: factorAt, SeenAt: e.At}
	return step
}

// proved is a session whose second factor was proved. A session that was signed in before stays so.
func proved(s Session, e Event) Step {
	if s.State != SignedIn {
		s.State = admitted(e.Facts)
	}
	s.FactorAt = e.At
	return Step{Session: seen(s, e.At), NewID: true}
}

// admitted is the state of somebody who has proved everything that is asked for.
func admitted(f Facts) State {
	switch {
	case f.Weak:
		return Strengthening
	case f.PasswordSpent:
		return Renewing
	}
	return SignedIn
}

// meets reports whether a session has proved what the policy in force asks for, once it is past the second factor.
func meets(s Session, f Facts) bool {
	switch {
	case f.Weak && s.State != Strengthening:
		return false
	case s.FactorAt.IsZero():
		return f.Asks == AskNothing
	}
	return !f.FactorVoid
}

// seen moves the time of the last request forward, never back.
func seen(s Session, at time.Time) Session {
	if at.After(s.SeenAt) {
		s.SeenAt = at
	}
	return s
}

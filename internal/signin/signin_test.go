package signin_test

import (
	"testing"
	"time"

	"gatehouse/internal/signin"
)

var (
	noon   = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	limits = signin.DefaultLimits()

	ann    = signin.Facts{Person: "ann", Enabled: true, Epoch: 1}
	annNew = signin.Facts{Person: "ann", Enabled: true, Epoch: 1, NoFactor: true}

	annOut    = signin.Facts{Person: "ann", Epoch: 1} // disabled
	annNext   = signin.Facts{Person: "ann", Enabled: true, Epoch: 2}
	annBefore = signin.Facts{Person: "ann", Enabled: true}

	bob = signin.Facts{Person: "bob", Enabled: true, Epoch: 1}
)

// after returns an event at noon and so much.
func after(d time.Duration, kind signin.Kind, facts signin.Facts) signin.Event {
	return signin.Event{Kind: kind, At: noon.Add(d), Facts: facts}
}

// run feeds events to a browser that nobody has signed in with, and returns the last step.
func run(events ...signin.Event) signin.Step {
	var step signin.Step
	for _, e := range events {
		step = limits.Next(step.Session, e)
	}
	return step
}

// signedIn are the events of a complete sign-in, which is over at noon and one second.
func signedIn() []signin.Event {
	return []signin.Event{
		after(0, signin.PasswordAccepted, ann),
		after(time.Second, signin.CodeAccepted, ann),
	}
}

func TestTheWaysIn(t *testing.T) {
	for name, events := range map[string][]signin.Event{
		"password and code":          signedIn(),
		"password and recovery code": {after(0, signin.PasswordAccepted, ann), after(1, signin.RecoveryAccepted, ann)},
		"password and security key":  {after(0, signin.PasswordAccepted, ann), after(1, signin.KeyAccepted, ann)},
		"a passkey alone":            {after(0, signin.PasskeyAccepted, ann)},
		"a passkey of somebody else": {
			after(0, signin.PasswordAccepted, bob), after(1, signin.CodeAccepted, bob), after(2, signin.PasskeyAccepted, ann),
		},
		"password and a first factor": {
			after(0, signin.PasswordAccepted, annNew), after(1, signin.FactorBound, annNew),
		},
		"after wrong attempts": {
			after(0, signin.PasswordRefused, ann), after(1, signin.PasswordAccepted, ann), after(2, signin.CodeRefused, ann),
			after(3, signin.CodeReplayed, ann), after(4, signin.PasswordRefused, ann), after(5, signin.CodeAccepted, ann),
		},
	} {
		last := events[len(events)-1]
		step := run(events...)
		if state := limits.Standing(step.Session, last.At); state != signin.SignedIn || !step.NewID {
			t.Errorf("%s: state %q, new id %t", name, state, step.NewID)
		}
		if step.Session.Person != "ann" || !step.Session.FactorAt.Equal(last.At) {
			t.Errorf("%s: %+v", name, step.Session)
		}
	}
}

func TestHalfASignInGivesNoRights(t *testing.T) {
	for name, tt := range map[string]struct {
		events []signin.Event
		want   signin.State
	}{
		"nothing":                    {nil, signin.Anonymous},
		"a request":                  {[]signin.Event{after(0, signin.Request, ann)}, signin.Anonymous},
		"a code alone":               {[]signin.Event{after(0, signin.CodeAccepted, ann)}, signin.Anonymous},
		"a recovery code alone":      {[]signin.Event{after(0, signin.RecoveryAccepted, ann)}, signin.Anonymous},
		"a factor alone":             {[]signin.Event{after(0, signin.FactorBound, annNew)}, signin.Anonymous},
		"a password":                 {[]signin.Event{after(0, signin.PasswordAccepted, ann)}, signin.AwaitingFactor},
		"a password of somebody new": {[]signin.Event{after(0, signin.PasswordAccepted, annNew)}, signin.Enrolling},
		"a password and a wrong code": {
			[]signin.Event{after(0, signin.PasswordAccepted, ann), after(1, signin.CodeRefused, ann)}, signin.AwaitingFactor,
		},
		"a password and a used code": {
			[]signin.Event{after(0, signin.PasswordAccepted, ann), after(1, signin.CodeReplayed, ann)}, signin.AwaitingFactor,
		},
		"a code and then a password": {
			[]signin.Event{after(0, signin.CodeAccepted, ann), after(1, signin.PasswordAccepted, ann)}, signin.AwaitingFactor,
		},
		"a password and a factor of one's own beside a bound one": {
			[]signin.Event{after(0, signin.PasswordAccepted, ann), after(1, signin.FactorBound, ann)}, signin.AwaitingFactor,
		},
		"a security key before any password": {[]signin.Event{after(0, signin.KeyAccepted, ann)}, signin.Anonymous},
		"a passkey that was taken away":      {[]signin.Event{after(0, signin.PasskeyAccepted, annNew)}, signin.Anonymous},
		"the passkey of a disabled person":   {[]signin.Event{after(0, signin.PasskeyAccepted, annOut)}, signin.Anonymous},
		"a passkey and then a password": {
			[]signin.Event{after(0, signin.PasskeyAccepted, ann), after(1, signin.PasswordAccepted, ann)}, signin.AwaitingFactor,
		},
		"a code where none was bound": {
			[]signin.Event{after(0, signin.PasswordAccepted, annNew), after(1, signin.CodeAccepted, annNew)}, signin.Enrolling,
		},
		"a factor bound elsewhere in the meantime": {
			[]signin.Event{after(0, signin.PasswordAccepted, annNew), after(1, signin.FactorBound, ann)}, signin.AwaitingFactor,
		},
		"the password of a disabled person": {
			[]signin.Event{after(0, signin.PasswordAccepted, signin.Facts{Person: "ann"})}, signin.Anonymous,
		},
	} {
		step := run(tt.events...)
		if state := limits.Standing(step.Session, noon.Add(1)); state != tt.want || state.MayAct() {
			t.Errorf("%s: state %q, want %q", name, state, tt.want)
		}
	}
}

func TestASessionGetsANewIDEachTimeItRises(t *testing.T) {
	var s signin.Session
	for _, tt := range []struct {
		event signin.Event
		newID bool
	}{
		{after(0, signin.Request, signin.Facts{}), false},
		{after(1, signin.PasswordRefused, ann), false},
		{after(2, signin.PasswordAccepted, ann), true},
		{after(3, signin.Request, ann), false},
		{after(4, signin.CodeRefused, ann), false},
		{after(5, signin.CodeAccepted, ann), true},
		{after(6, signin.Request, ann), false},
		{after(7, signin.CodeAccepted, ann), true}, // step-up
		{after(8, signin.FactorBound, ann), false},
		{after(9, signin.KeyAccepted, ann), true}, // step-up again
		{after(10, signin.PasskeyAccepted, ann), true},
		{after(11, signin.PasswordAccepted, bob), true},
		{after(12, signin.LoggedOut, bob), false},
	} {
		step := limits.Next(s, tt.event)
		if step.NewID != tt.newID {
			t.Errorf("event %d in state %q: new id %t", tt.event.Kind, s.State, step.NewID)
		}
		s = step.Session
	}
}

func TestWhatEndsASession(t *testing.T) {
	in := run(signedIn()...).Session
	half := run(after(0, signin.PasswordAccepted, ann)).Session
	for name, tt := range map[string]struct {
		session signin.Session
		event   signin.Event
		want    signin.Ending
	}{
		"signing out":                   {in, after(time.Minute, signin.LoggedOut, ann), signin.ByPerson},
		"leaving half way":              {half, after(time.Minute, signin.LoggedOut, ann), signin.ByPerson},
		"signing in anew":               {in, after(time.Minute, signin.PasswordAccepted, ann), signin.BySignIn},
		"somebody else signing in":      {in, after(time.Minute, signin.PasswordAccepted, bob), signin.BySignIn},
		"being disabled":                {in, after(2, signin.Request, annOut), signin.ByDisabled},
		"being disabled half way":       {half, after(2, signin.CodeAccepted, annOut), signin.ByDisabled},
		"a raised epoch":                {in, after(2, signin.Request, annNext), signin.ByEpoch},
		"a raised epoch half way":       {half, after(2, signin.CodeAccepted, annNext), signin.ByEpoch},
		"an epoch from a restored copy": {in, after(2, signin.Request, annBefore), signin.ByEpoch},
		"no facts":                      {in, after(2, signin.Request, signin.Facts{}), signin.ByMixUp},
		"the code of somebody else":     {half, after(2, signin.CodeAccepted, bob), signin.ByMixUp},
		"five minutes without a code":   {half, after(5*time.Minute, signin.CodeAccepted, ann), signin.ByPending},
		"a quarter of an hour idle":     {in, after(15*time.Minute+time.Second, signin.Request, ann), signin.ByIdle},
		"a clock that went back":        {in, after(-2*time.Minute, signin.Request, ann), signin.ByClock},
		"a time that is missing":        {in, signin.Event{Facts: ann}, signin.ByClock},
	} {
		step := limits.Next(tt.session, tt.event)
		if step.Ended != tt.want || step.Session.State.MayAct() {
			t.Errorf("%s: ended %q in state %q, want %q", name, step.Ended, step.Session.State, tt.want)
		}
		if tt.event.Kind != signin.PasswordAccepted && step.Session != (signin.Session{}) {
			t.Errorf("%s: something is left: %+v", name, step.Session)
		}
	}
}

func TestTheLimitsAreExact(t *testing.T) {
	half := run(after(0, signin.PasswordAccepted, ann)).Session
	if step := limits.Next(half, after(5*time.Minute-1, signin.CodeAccepted, ann)); step.Session.State != signin.SignedIn {
		t.Errorf("a code just in time: %+v", step)
	}
	in := run(signedIn()...).Session
	if step := limits.Next(in, after(15*time.Minute+time.Second-1, signin.Request, ann)); step.Ended != "" {
		t.Errorf("a request just in time: %+v", step)
	}
	in.SeenAt = noon.Add(7*time.Hour + 59*time.Minute)
	if step := limits.Next(in, after(8*time.Hour-1, signin.Request, ann)); step.Ended != "" {
		t.Errorf("a request just before the time limit: %+v", step)
	}
	if step := limits.Next(in, after(8*time.Hour, signin.Request, ann)); step.Ended != signin.ByAbsolute {
		t.Errorf("a request at the time limit: %+v", step)
	}
}

func TestTwoClocksMayDifferByAMinute(t *testing.T) {
	in := run(signedIn()...).Session
	if step := limits.Next(in, after(-time.Minute+time.Second, signin.Request, ann)); step.Ended != "" {
		t.Errorf("two clocks a minute apart: %+v", step)
	}
}

func TestUseKeepsASessionAliveUpToItsTimeLimit(t *testing.T) {
	s := run(signedIn()...).Session
	for at := time.Minute; ; at += 10 * time.Minute {
		kind := signin.Request
		if at > 7*time.Hour {
			kind = signin.CodeAccepted // A fresh factor does not prolong the session either.
		}
		step := limits.Next(s, after(at, kind, ann))
		if step.Ended != "" {
			if at < 8*time.Hour || step.Ended != signin.ByAbsolute {
				t.Errorf("ended after %v: %s", at, step.Ended)
			}
			return
		}
		if at > 8*time.Hour {
			t.Fatalf("still alive after %v", at)
		}
		s = step.Session
	}
}

func TestFailuresDoNotKeepASessionAlive(t *testing.T) {
	s := run(signedIn()...).Session
	for _, kind := range []signin.Kind{signin.PasswordRefused, signin.CodeRefused, signin.CodeReplayed} {
		step := limits.Next(s, after(14*time.Minute, kind, ann))
		if step.Session != s {
			t.Errorf("event %d changes the session: %+v", kind, step.Session)
		}
	}
}

func TestDangerousActsNeedAFactorOfTheLastFiveMinutes(t *testing.T) {
	s := run(signedIn()...).Session
	for d, want := range map[time.Duration]signin.State{
		0:                               signin.SignedIn,
		5*time.Minute + time.Second - 1: signin.SignedIn,
		5*time.Minute + time.Second:     signin.StepUp,
		time.Hour:                       signin.StepUp,
		-30 * time.Second:               signin.SignedIn,
		-time.Minute - time.Second:      signin.StepUp,
	} {
		if got := limits.Standing(s, noon.Add(d)); got != want || !got.MayAct() {
			t.Errorf("after %v: %q, want %q", d, got, want)
		}
	}

	for _, kind := range []signin.Kind{signin.CodeAccepted, signin.RecoveryAccepted, signin.KeyAccepted, signin.PasskeyAccepted} {
		step := limits.Next(s, after(10*time.Minute, kind, ann))
		if limits.Standing(step.Session, noon.Add(10*time.Minute)) != signin.SignedIn || !step.NewID {
			t.Errorf("event %d does not make the factor fresh: %+v", kind, step)
		}
	}
	for _, kind := range []signin.Kind{signin.Request, signin.FactorBound, signin.CodeReplayed, signin.CodeRefused} {
		step := limits.Next(s, after(10*time.Minute, kind, ann))
		if limits.Standing(step.Session, noon.Add(10*time.Minute)) != signin.StepUp {
			t.Errorf("event %d makes the factor fresh: %+v", kind, step)
		}
	}
}

func TestAnUnknownEventChangesNothing(t *testing.T) {
	s := run(signedIn()...).Session
	if step := limits.Next(s, after(2, signin.Kind(99), ann)); step.Session != s || step.NewID || step.Ended != "" {
		t.Errorf("%+v", step)
	}
}

func with(f signin.Facts, change func(*signin.Facts)) signin.Facts {
	change(&f)
	return f
}

var (
	annFree    = with(ann, func(f *signin.Facts) { f.Asks = signin.AskNothing })
	annFreeNew = with(annNew, func(f *signin.Facts) { f.Asks = signin.AskNothing })
	annKeptOut = with(annNew, func(f *signin.Facts) { f.Asks = signin.AskBoundFactor })
	annVoid    = with(ann, func(f *signin.Facts) { f.FactorVoid = true })
	annSpent   = with(ann, func(f *signin.Facts) { f.PasswordSpent = true })
	annWeak    = with(ann, func(f *signin.Facts) { f.Weak = true })
)

func TestThePolicyInForceDecidesWhatIsAskedFor(t *testing.T) {
	for name, tt := range map[string]struct {
		events []signin.Event
		want   signin.State
	}{
		"a password of whom nothing more is asked": {
			[]signin.Event{after(0, signin.PasswordAccepted, annFree)}, signin.StepUp},
		"the same of somebody without a factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annFreeNew)}, signin.StepUp},
		"a password of somebody without a factor where those are kept out": {
			[]signin.Event{after(0, signin.PasswordAccepted, annKeptOut)}, signin.Anonymous},
		"a password alone, once a factor is asked for": {
			[]signin.Event{after(0, signin.PasswordAccepted, annFree), after(1, signin.Request, ann)}, signin.Anonymous},
		"a factor of a kind that is not allowed any more": {
			append(signedIn(), after(2*time.Second, signin.Request, annVoid)), signin.Anonymous},
		"the same of whom nothing is asked": {
			append(signedIn(), after(2*time.Second, signin.Request, with(annVoid, func(f *signin.Facts) { f.Asks = signin.AskNothing }))),
			signin.Anonymous},
		"a weak factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annWeak), after(1, signin.CodeAccepted, annWeak)}, signin.Strengthening},
		"a recovery code of somebody with a weak factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annWeak), after(1, signin.RecoveryAccepted, annWeak)}, signin.Strengthening},
		"nothing asked of somebody with a weak factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, with(annWeak, func(f *signin.Facts) { f.Asks = signin.AskNothing }))},
			signin.AwaitingFactor},
		"a further proof of a weak factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annWeak), after(1, signin.CodeAccepted, annWeak),
				after(2, signin.CodeAccepted, annWeak)}, signin.Strengthening},
		"another weak factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annWeak), after(1, signin.CodeAccepted, annWeak),
				after(2, signin.FactorBound, annWeak)}, signin.Strengthening},
		"a stronger factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annWeak), after(1, signin.CodeAccepted, annWeak),
				after(2, signin.FactorBound, ann)}, signin.SignedIn},
		"a stronger factor bound elsewhere": {
			[]signin.Event{after(0, signin.PasswordAccepted, annWeak), after(1, signin.CodeAccepted, annWeak),
				after(2, signin.Request, annVoid)}, signin.Anonymous},
		"a stronger factor before the weak one": {
			[]signin.Event{after(0, signin.PasswordAccepted, annWeak), after(1, signin.FactorBound, ann)}, signin.AwaitingFactor},
		"a stronger factor, and a spent password": {
			[]signin.Event{after(0, signin.PasswordAccepted, annWeak), after(1, signin.CodeAccepted, annWeak),
				after(2, signin.FactorBound, annSpent)}, signin.Renewing},
		"a factor that is too weak from now on": {
			append(signedIn(), after(2*time.Second, signin.Request, annWeak)), signin.Anonymous},
		"a spent password before the factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annSpent)}, signin.AwaitingFactor},
		"a spent password and the factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annSpent), after(1, signin.CodeAccepted, annSpent)}, signin.Renewing},
		"a further code instead of a new password": {
			[]signin.Event{after(0, signin.PasswordAccepted, annSpent), after(1, signin.CodeAccepted, annSpent),
				after(2, signin.CodeAccepted, annSpent)}, signin.Renewing},
		"a new password before the factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annSpent), after(1, signin.PasswordRenewed, annSpent)},
			signin.AwaitingFactor},
		"a new password after the factor": {
			[]signin.Event{after(0, signin.PasswordAccepted, annSpent), after(1, signin.CodeAccepted, annSpent),
				after(2, signin.PasswordRenewed, ann)}, signin.SignedIn},
	} {
		step := run(tt.events...)
		if state := limits.Standing(step.Session, noon.Add(3)); state != tt.want {
			t.Errorf("%s: state %q, want %q", name, state, tt.want)
		}
	}
}

func TestTheTimeForANewPasswordBeginsWithTheFactor(t *testing.T) {
	begun := []signin.Event{after(0, signin.PasswordAccepted, annSpent), after(4*time.Minute, signin.CodeAccepted, annSpent)}
	if step := run(append(begun, after(8*time.Minute, signin.Request, annSpent))...); step.Session.State != signin.Renewing {
		t.Errorf("after four minutes the state is %q, ended: %s", step.Session.State, step.Ended)
	}
	if step := run(append(begun, after(9*time.Minute, signin.Request, annSpent))...); step.Ended != signin.ByPending {
		t.Errorf("after five minutes the state is %q, ended: %s", step.Session.State, step.Ended)
	}
}

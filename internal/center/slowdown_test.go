package center_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// turnOff types wrong codes as somebody who knows a person's password, until codes are off.
func (o *office) turnOff(t *testing.T, m member) {
	t.Helper()
	cookie := o.password(t, m.UserName).Token.Reveal()
	for range signin.MaxCodeFailures {
		if _, err := o.c.VerifyCode(t.Context(), visit, cookie, o.code(t, m.secret, 999)); model.KindOf(err) != model.Invalid {
			t.Errorf("a wrong code: %v", err)
		}
	}
	if o.failures(t, m) != signin.MaxCodeFailures {
		t.Errorf("codes of %s are not off", m.UserName)
	}
}

// many are so many members.
func (o *office) many(t *testing.T, n int) []member {
	t.Helper()
	list := make([]member, n)
	for i := range list {
		list[i] = o.member(t, fmt.Sprintf("person%d", i))
	}
	return list
}

// slow reports whether a wrong code of a person, from a browser that is not known, has to wait.
func (o *office) slow(t *testing.T, m member) bool {
	t.Helper()
	_, err := o.c.VerifyCode(t.Context(), visit, o.password(t, m.UserName).Token.Reveal(), o.code(t, m.secret, 999))
	if model.KindOf(err) != model.Invalid {
		t.Fatalf("a wrong code: %v", err)
	}
	return strings.Contains(err.Error(), "too many wrong codes at the moment")
}

func (o *office) failures(t *testing.T, m member) int {
	t.Helper()
	attempts, err := o.store.Attempts(t.Context(), m.ID)
	must(t, err)
	return attempts.CodeFailures
}

// alarms counts the alarms in the trail.
func (o *office) alarms(t *testing.T) int {
	t.Helper()
	n, err := o.store.CountEvents(t.Context(), store.EventFilter{Actions: []string{model.ActSlowCodes}})
	must(t, err)
	return n
}

// TestTheTwentiethPersonWhoseCodesAreOffSlowsDownEverybodyElse turns codes off at two consoles at once.
func TestTheTwentiethPersonWhoseCodesAreOffSlowsDownEverybodyElse(t *testing.T) {
	s := openStaff(t)
	second, people := s.again(t), s.many(t, 22)
	var off sync.WaitGroup
	for i, m := range people[:19] {
		at := s.office
		if i%2 == 0 {
			at = second
		}
		off.Go(func() { at.turnOff(t, m) })
	}
	off.Wait()
	first, other := people[20], people[21]
	if s.slow(t, first) || second.slow(t, other) || s.alarms(t) != 0 {
		t.Fatal("nineteen people whose codes are off slow others down")
	}
	second.turnOff(t, people[19])
	if s.slow(t, first) || !second.slow(t, other) || !s.slow(t, first) {
		t.Error("of three codes at one moment not just the first is looked at")
	}
	if s.failures(t, first) != 2 || s.failures(t, other) != 1 {
		t.Errorf("%d and %d failures were counted: one that waits is none", s.failures(t, first), s.failures(t, other))
	}
	third := second.again(t) // as after a restart
	third.now = third.now.Add(signin.TurnPause - time.Second)
	if !third.slow(t, other) {
		t.Error("another console looks at a code a second too early")
	}
	third.now = third.now.Add(time.Second)
	if third.slow(t, other) || !third.slow(t, first) {
		t.Error("when the pause is over not just one code is looked at")
	}
	if s.alarms(t) != 1 {
		t.Errorf("%d alarms", s.alarms(t))
	}
	third.now = noon.Add(signin.OffWindow)
	if third.slow(t, other) || third.slow(t, first) {
		t.Error("it does not end by itself after an hour")
	}
}

func TestAResetDoesNotUndoThatCodesWereTurnedOff(t *testing.T) {
	s, _ := adminSignedIn(t)
	people := s.many(t, 21)
	for _, m := range people[:20] {
		s.turnOff(t, m)
	}
	_, err := s.c.ResetMFA(t.Context(), s.administrator, people[0].ID, center.ByHand)
	must(t, err)
	if s.slow(t, people[20]) || !s.slow(t, people[20]) {
		t.Error("a reset of one of twenty ends the slow-down")
	}
}

func TestAFifthCodeThatIsRightTurnsNothingOff(t *testing.T) {
	o := openOffice(t)
	people := o.many(t, 21)
	for _, m := range people[:19] {
		o.turnOff(t, m)
	}
	last := people[19]
	for range signin.MaxCodeFailures - 1 {
		if o.slow(t, last) {
			t.Fatal("slowed down by nineteen")
		}
	}
	o.signIn(t, last)
	if one, two := o.slow(t, people[20]), o.slow(t, people[20]); one || two || o.alarms(t) != 0 {
		t.Error("a right code after four wrong ones slows others down")
	}
}

// TestTheSlowDownLeavesPeopleAloneWhoAreKnown tries each way in while codes are slowed down and their turn is taken.
func TestTheSlowDownLeavesPeopleAloneWhoAreKnown(t *testing.T) {
	s, _ := adminSignedIn(t)
	ana, ben := s.member(t, "ana"), s.member(t, "ben")
	known := visit
	known.Browser.Digest = vault.TokenDigest(s.signIn(t, ana).Browser.Reveal())
	signedIn := s.signIn(t, ben)
	s.now = s.now.Add(mfa.Period)
	people := s.many(t, 21)
	for _, m := range people[:20] {
		s.turnOff(t, m)
	}
	if s.slow(t, people[20]) || !s.slow(t, people[20]) {
		t.Fatal("the turn is not taken")
	}

	cookie := s.passwordFrom(t, known, "ana").Token.Reveal()
	if _, err := s.c.VerifyCode(t.Context(), known, cookie, s.code(t, ana.secret, 0)); err != nil {
		t.Errorf("a known browser: %v", err)
	}
	cookie = s.passwordFrom(t, known, "ben").Token.Reveal()
	if _, err := s.c.VerifyCode(t.Context(), known, cookie, s.code(t, ben.secret, 0)); err == nil {
		t.Error("a browser that is known to somebody else is not slowed down")
	}
	if _, err := s.c.VerifyCode(t.Context(), visit, signedIn.Token.Reveal(), s.code(t, ben.secret, 0)); err != nil {
		t.Errorf("a step-up of somebody who proved a factor: %v", err)
	}
	me := actorOf(ana.User)
	me.FactorAt = s.now
	codes, err := s.c.RenewRecoveryCodes(t.Context(), me)
	must(t, err)
	if _, err := s.c.VerifyCode(t.Context(), visit, s.password(t, "ana").Token.Reveal(), codes[0]); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	if !s.slow(t, people[20]) {
		t.Error("those who are known took the turn, or gave it back")
	}
}

// TestARightCodeTakesItsTurnBack signs people in from unknown browsers one after the other.
func TestARightCodeTakesItsTurnBack(t *testing.T) {
	o := openOffice(t)
	people := o.many(t, 24)
	for _, m := range people[:20] {
		o.turnOff(t, m)
	}
	for _, m := range people[20:23] {
		o.signIn(t, m)
	}
	if o.slow(t, people[23]) {
		t.Error("three people who signed in made the fourth wait")
	}
}

func TestTheAlarmReachesWhoMayReadTheTrailOnceAnHour(t *testing.T) {
	s, _ := adminSignedIn(t)
	sets, err := s.c.SetNames(t.Context(), host)
	must(t, err)
	s.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(s.auditor.User)}, sets[center.HelpDeskSet]) // in two roles, and told once
	var log bytes.Buffer
	s.c.Log = slog.New(slog.NewTextHandler(&log, nil))
	people := s.many(t, 40)
	for _, m := range people[:20] {
		s.turnOff(t, m)
		s.now = s.now.Add(signin.TurnPause)
	}
	told := func(of model.Actor) (n int) {
		list, err := s.store.Notices(t.Context(), of.User, 100)
		must(t, err)
		for _, notice := range list {
			if notice.Kind == model.NoticeSlowCodes && strings.HasPrefix(notice.Text, "Within an hour 100 wrong codes were typed "+
				"after right passwords, and the codes of 20 people turned off") {
				n++
			}
		}
		return n
	}
	if told(s.administrator) != 1 || told(s.auditor) != 1 || told(s.helpDesk) != 0 || told(s.nobody) != 0 || s.alarms(t) != 1 {
		t.Errorf("told %d times to an administrator, %d to an auditor, %d to others", told(s.administrator), told(s.auditor),
			told(s.helpDesk)+told(s.nobody))
	}
	if text := log.String(); strings.Count(text, "level=WARN") != 1 || !strings.Contains(text, "wrong=100 off=20") {
		t.Errorf("the log says %q", text)
	}
	events, err := s.store.Events(t.Context(), store.EventFilter{Text: center.WrongCode})
	must(t, err)
	if len(events) != 101 || events[0].ActorName != "console" ||
		events[0].Summary != "Slowed down codes from unknown browsers: within an hour a wrong code was typed 100 times, and those of 20 people were turned off" {
		t.Errorf("%d events, the alarm is %+v", len(events), events[0])
	}

	s.overviewSays(t, 20)
	s.now = s.now.Add(2 * time.Hour)
	s.overviewSays(t, 0)
	for _, m := range people[20:] {
		s.turnOff(t, m)
	}
	if s.alarms(t) != 2 {
		t.Errorf("%d alarms after two hours", s.alarms(t))
	}
}

// overviewSays fails the test unless the overview shows a slow-down for so many people, or none, to who may read the trail.
func (s *staff) overviewSays(t *testing.T, people int) {
	t.Helper()
	o, err := s.c.Overview(t.Context(), s.auditor)
	must(t, err)
	if o.Slowdown.Off != people || o.Slowdown.On() != (people > 0) || people > 0 && !o.Slowdown.Until.Equal(noon.Add(time.Hour)) {
		t.Errorf("the overview says %+v", o.Slowdown)
	}
}

// TestFourWrongCodesOfManyPeopleSlowDownAsWell turns nobody's codes off.
func TestFourWrongCodesOfManyPeopleSlowDownAsWell(t *testing.T) {
	o := openOffice(t)
	people := o.many(t, 52)
	for _, m := range people[:50] {
		cookie := o.password(t, m.UserName).Token.Reveal()
		for range signin.MaxCodeFailures - 1 {
			_, err := o.c.VerifyCode(t.Context(), visit, cookie, o.code(t, m.secret, 999))
			kind(t, err, model.Invalid)
		}
	}
	if o.slow(t, people[50]) || !o.slow(t, people[51]) || o.alarms(t) != 1 {
		t.Errorf("two hundred wrong codes slow nothing down, and raise %d alarms", o.alarms(t))
	}
	o.now = o.now.Add(signin.TurnPause)
	o.signIn(t, people[0])
	o.signIn(t, people[1])
	if one, two := o.slow(t, people[51]), o.slow(t, people[51]); one || two {
		t.Error("what right codes followed still counts")
	}
}

// TestAnHourOfGuessingWithManyRightPasswords guesses as often as codes are looked at, with more passwords than that takes.
func TestAnHourOfGuessingWithManyRightPasswords(t *testing.T) {
	o := openOffice(t)
	people, off, cookie := o.many(t, 50), 0, ""
	guess := func() (looked bool) {
		m := people[off]
		if cookie == "" || o.alive(t, vault.Secret(cookie)) == "" {
			cookie = o.password(t, m.UserName).Token.Reveal()
		}
		before := o.failures(t, m)
		_, err := o.c.VerifyCode(t.Context(), visit, cookie, o.code(t, m.secret, 999))
		kind(t, err, model.Invalid)
		after := o.failures(t, m)
		if after == signin.MaxCodeFailures {
			off, cookie = off+1, ""
		}
		return after > before
	}
	looked := 0
	for o.now = noon; o.now.Before(noon.Add(time.Hour)); o.now = o.now.Add(signin.TurnPause / 2) {
		for guess() {
			looked++
		}
	}
	if looked != 100+120 || off != 20+24 {
		t.Errorf("%d codes were looked at, those of %d people were turned off", looked, off)
	}
}

// TestASlowDownForManyWrongCodesEndsWithTheHourOfThoseThatMakeItMany has 55 people guess, one each half minute.
func TestASlowDownForManyWrongCodesEndsWithTheHourOfThoseThatMakeItMany(t *testing.T) {
	s, _ := adminSignedIn(t)
	people := s.many(t, 55)
	began := s.now
	for _, m := range people {
		cookie := s.password(t, m.UserName).Token.Reveal()
		for range signin.MaxCodeFailures - 1 {
			_, err := s.c.VerifyCode(t.Context(), visit, cookie, s.code(t, m.secret, 999))
			kind(t, err, model.Invalid)
		}
		s.now = s.now.Add(signin.TurnPause)
	}
	o, err := s.c.Overview(t.Context(), s.auditor)
	// Of the last five one code each is looked at, in turns. When the second person leaves the hour, 4 × 48 + 5 are left.
	want := began.Add(signin.TurnPause).Add(time.Hour)
	if err != nil || o.Slowdown.Wrong != 205 || o.Slowdown.Off != 0 || !o.Slowdown.Until.Equal(want) {
		t.Errorf("the overview says %+v, not until %v, %v", o.Slowdown, want, err)
	}
}

package center_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// known signs a member in with both factors and returns the browser in which they are known from then on, elsewhere.
func (o *office) known(t *testing.T, m member) model.Actor {
	t.Helper()
	a := o.signInAfresh(t, m)
	from := visit
	from.SourceIP, from.Browser.Digest = "192.0.2.9", vault.TokenDigest(a.Browser.Reveal())
	return from
}

// tried gives a password somewhere, and returns the answer; empty when it is right.
func (o *office) tried(t *testing.T, from model.Actor, name string, password vault.Secret) string {
	t.Helper()
	_, err := o.c.SignIn(t.Context(), from, center.Credentials{UserName: name, Password: password})
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*model.Error](err)
	if !ok || e.Kind != model.Invalid {
		t.Fatal(err)
	}
	return e.Fields["password"]
}

// besiegedBy uses the tries of strangers up: each from a network of its own.
func (o *office) besiegedBy(t *testing.T, from model.Actor, name string) {
	t.Helper()
	for i := range 100 {
		from.SourceIP = fmt.Sprintf("2001:db8:0:%x::1", i)
		if words := o.tried(t, from, name, "wrong password"); words != notRight {
			t.Errorf("try %d of strangers: %q", i, words)
		}
	}
}

const notRight = "The user name or the password is not right."

func TestWhoseStrangersTurnedThePasswordOffSignsInFromTheirKnownBrowserAlone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m, ben := o.member(t, "ana"), o.member(t, "ben")
	home, bens := o.known(t, m), o.known(t, ben)
	o.besiegedBy(t, visit, "ana")

	elsewhere := visit
	for who, from := range map[string]model.Actor{"an unknown browser": elsewhere, "somebody else's browser": bens} {
		from.SourceIP = "198.51.100.1"
		if words := o.tried(t, from, "ana", goodPassword); words != notRight {
			t.Errorf("from %s: %q", who, words)
		}
	}
	o.now = o.now.Add(mfa.Period)
	a, err := o.c.VerifyCode(t.Context(), home, o.passwordFrom(t, home, "ana").Token.Reveal(), o.code(t, m.secret, 0))
	if err != nil || a.Session.Stage != model.StageSignedIn {
		t.Fatalf("from the known browser: %q, %v", a.Session.Stage, err)
	}
	home.Browser.Digest = vault.TokenDigest(a.Browser.Reveal())
	elsewhere.SourceIP = "198.51.100.2"
	if words := o.tried(t, elsewhere, "ana", goodPassword); words != notRight {
		t.Errorf("the sign-in turned the password on again for strangers: %q", words)
	}
	must(t, o.c.EndSessions(t.Context(), host, m.ID))
	home.SourceIP = "198.51.100.3"
	if words := o.tried(t, home, "ana", goodPassword); words != notRight {
		t.Errorf("once all sessions were ended the browser is still known: %q", words)
	}
}

// TestABrowserWithoutAProofIsAsAnyOther has the policy ask for nothing, so that the browser is known by the password alone.
func TestABrowserWithoutAProofIsAsAnyOther(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	g := s.group(t, "Kiosk", m.ID)
	s.save(t, func(p *model.SignInPolicy) { p.Exempt = []model.GroupID{g.ID} })
	from := visit
	from.Browser.Digest = vault.TokenDigest(s.password(t, "ana").Browser.Reveal())
	s.besiegedBy(t, visit, "ana")
	if words := s.tried(t, from, "ana", goodPassword); words != notRight {
		t.Errorf("from a browser in which nothing was proved: %q", words)
	}
}

// TestAThiefOfAKnownBrowserHasAHundredTries uses the cookie from everywhere, at two consoles, one of which starts anew now and
// then, with days of quiet in between.
func TestAThiefOfAKnownBrowserHasAHundredTries(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	stolen := o.known(t, m)
	second := o.again(t)
	for i := range 130 {
		o.now = o.now.Add(15 * time.Minute)
		if i == 50 || i == 99 {
			o.now = o.now.Add(9 * 24 * time.Hour)
			second = o.again(t)
		}
		second.now = o.now
		at, password := o, vault.Secret("wrong password")
		if i%2 == 0 {
			at = second
		}
		if i >= 100 {
			password = goodPassword
		}
		stolen.SourceIP = fmt.Sprintf("198.51.100.%d", i)
		if words := at.tried(t, stolen, "ana", password); words != notRight {
			t.Fatalf("try %d: %q", i, words)
		}
	}
	siege := siege{office: o}
	if looked, off := siege.recorded(t, "the password is wrong"), siege.recorded(t, "the password is off after 100 failures in a row in "+
		"this browser"); looked != 100 || off != 30 {
		t.Errorf("%d tries were looked at, %d came after that", looked, off)
	}
	if words := o.tried(t, visit, "ana", goodPassword); words != "" {
		t.Errorf("the thief turned the password off for other browsers: %q", words)
	}
	token, err := o.c.ResetPassword(t.Context(), host, m.ID, center.ByHand)
	must(t, err)
	_, err = o.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword+" anew")
	must(t, err)
	if words := o.tried(t, stolen, "ana", goodPassword+" anew"); words != "" {
		t.Errorf("after a reset the password is off in the browser: %q", words)
	}
}

func TestTheWaitGrowsInAKnownBrowserAndStrangersMakeNobodyWaitThere(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	home := o.known(t, o.member(t, "ana"))
	stranger := home
	stranger.Browser.Digest = ""
	for range 4 {
		o.tried(t, stranger, "ana", "wrong password") // in the same network
	}
	if words := o.tried(t, stranger, "ana", goodPassword); words != "Too many tries. Wait 1 second and try again." {
		t.Errorf("a stranger: %q", words)
	}
	for i, wait := range []int{0, 0, 0, 0, 1, 2, 4, 8} {
		if wait > 0 {
			want := fmt.Sprintf("Too many tries. Wait %d second%s and try again.", wait, "s"[:min(wait-1, 1)])
			home.SourceIP = fmt.Sprintf("192.0.2.%d", i) // wherever the browser is
			if words := o.again(t).tried(t, home, "ana", goodPassword); words != want {
				t.Errorf("after %d failures: %q, want %q", i, words, want)
			}
			o.now = o.now.Add(time.Duration(wait) * time.Second)
		}
		if words := o.tried(t, home, "ana", "wrong password"); words != notRight {
			t.Errorf("try %d: %q", i, words)
		}
	}
	o.tried(t, home, "ana", goodPassword)
	o.trail(t, "Sign-in was not looked at: too many failures in this browser")
	o.now = o.now.Add(16 * time.Second)
	if words := o.tried(t, home, "ana", goodPassword); words != "" {
		t.Errorf("after the wait: %q", words)
	}
	if words := o.tried(t, home, "ana", "wrong password"); words != notRight {
		t.Errorf("a right password forgets the failures before it: %q", words)
	}
}

// atTheHash is the context of a request to which something happens while its password is compared.
type atTheHash struct {
	context.Context
	happens func()
	done    bool
}

func (a *atTheHash) Done() <-chan struct{} {
	callers := make([]uintptr, 8)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "(*Hasher).enter") && !a.done {
			a.done = true
			a.happens()
		}
		if !more {
			return a.Context.Done()
		}
	}
}

func TestAPasswordThatIsNotRightAnyMoreWhenItWasLookedAtIsInTheTrail(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ana, ben := o.member(t, "ana"), o.member(t, "ben")
	link, err := o.c.ResetMFA(t.Context(), host, ben.ID, center.ByHand)
	must(t, err)
	failed := func(name string, err error) {
		t.Helper()
		atField(t, err, "password", notRight)
		e := o.newest(t)
		if e.Action != model.ActSignIn || e.Outcome != model.Failed ||
			e.Summary != "Sign-in as "+name+" failed: the password was changed or the person disabled at that moment" {
			t.Errorf("the trail has %+v", e)
		}
	}

	disabled := &atTheHash{Context: t.Context(), happens: func() { must(t, o.c.DisableUser(t.Context(), host, ana.ID, "")) }}
	_, err = o.c.SignIn(disabled, visit, center.Credentials{UserName: "ana", Password: goodPassword})
	failed("ana", err)
	changed := &atTheHash{Context: t.Context(), happens: func() {
		must(t, o.c.ChangePassword(t.Context(), actorOf(ben.User), goodPassword, goodPassword+" anew"))
	}}
	_, err = o.c.AcceptLink(changed, visit, link.Reveal(), goodPassword)
	failed("ben", err)
	must(t, o.c.EnableUser(t.Context(), host, ana.ID, ""))
	again := &atTheHash{Context: t.Context(), happens: func() {
		must(t, o.c.ChangePassword(t.Context(), actorOf(ana.User), goodPassword, goodPassword+" anew"))
	}}
	err = o.c.ChangePassword(again, actorOf(ana.User), goodPassword, goodPassword+" differently")
	atField(t, err, "current", "This is not your present password.")
	o.trail(t, "Did not change the password: the present one was wrong", "Changed their own password")
}

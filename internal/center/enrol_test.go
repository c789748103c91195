package center_test

import (
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// invited creates somebody who accepts an invitation and stands before enrolling a second factor.
func (o *office) invited(t *testing.T, name string) (model.User, center.Admission) {
	t.Helper()
	u := o.user(t, name)
	token, err := o.c.Invite(t.Context(), host, u.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	a, err := o.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return u, a
}

// key returns the secret that a browser is shown while it enrols.
func (o *office) key(t *testing.T, token vault.Secret) string {
	t.Helper()
	e, err := o.c.Enrolment(t.Context(), token.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	return e.Secret.Reveal()
}

func TestAnInvitedPersonEnrolsAndIsSignedIn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	u, a := o.invited(t, "ana")
	if a.Session.Stage != model.StageEnrolment {
		t.Fatalf("stage %q", a.Session.Stage)
	}
	code := o.code(t, o.key(t, a.Token), 0)
	done, err := o.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "Ana’s phone", code)
	if err != nil {
		t.Fatal(err)
	}
	if o.alive(t, done.Token) != model.StageSignedIn || o.alive(t, a.Token) != "" {
		t.Error("enrolling leads not to a signed-in session under a new cookie")
	}
	s, err := o.c.OwnSecurity(t.Context(), model.Actor{User: u.ID})
	if err != nil || len(s.Devices) != 1 || s.Devices[0].Name != "Ana’s phone" || s.CodesLeft != 10 || len(s.Sessions) != 1 {
		t.Errorf("OwnSecurity() = %+v, %v", s, err)
	}
	o.trail(t, "Signed in with password and a code", "Added the authenticator app Ana’s phone",
		"Accepted the invitation and chose a password", "Made an invitation for Ana Beltrán, good for 15 minutes")
	if _, err := o.c.VerifyCode(t.Context(), visit, o.password(t, "ana").Token.Reveal(), code); err == nil {
		t.Error("the code that confirmed the app is taken again")
	}
}

func TestLookingAtAnEnrolmentMakesNoSecret(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	_, a := o.invited(t, "ana")
	if one, two := o.key(t, a.Token), o.key(t, a.Token); one != two {
		t.Error("the key differs from look to look")
	}
}

func TestTheKeyOfAnEnrolmentIsShownInItsBrowserAlone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	_, first := o.invited(t, "ana")
	second := o.password(t, "ana")
	if second.Session.Stage != model.StageEnrolment {
		t.Fatalf("stage %q", second.Session.Stage)
	}
	mine, theirs := o.key(t, first.Token), o.key(t, second.Token)
	if mine == theirs {
		t.Fatal("two browsers are shown the same key")
	}
	_, err := o.c.ConfirmEnrolment(t.Context(), visit, first.Token.Reveal(), "", o.code(t, theirs, 0))
	if err == nil {
		t.Error("a browser confirms with the key of another")
	}
	if _, err := o.c.ConfirmEnrolment(t.Context(), visit, first.Token.Reveal(), "", o.code(t, mine, 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.c.ConfirmEnrolment(t.Context(), visit, second.Token.Reveal(), "", o.code(t, theirs, 0)); err == nil {
		t.Error("a second app is bound with the password alone")
	}
	if stage := o.alive(t, second.Token); stage != model.StagePassword {
		t.Errorf("the other browser is at %q, want the code step", stage)
	}
}

func TestAWrongFirstCodeBindsNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	_, a := o.invited(t, "ana")
	key := o.key(t, a.Token)
	for _, code := range []string{"", "12345", "abcdef", o.code(t, key, 7)} {
		if _, err := o.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "", code); model.KindOf(err) != model.Invalid {
			t.Errorf("with %q: %v", code, err)
		}
	}
	if _, err := o.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), string(make([]byte, 65)), o.code(t, key, 0)); err == nil {
		t.Error("a name of 65 control characters is taken")
	}
	if o.alive(t, a.Token) != model.StageEnrolment {
		t.Error("a wrong code ended the enrolment")
	}
}

func TestEachStepOfSigningInEndsInTime(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	half := o.password(t, "ana")
	o.now = o.now.Add(5 * time.Minute)
	if o.alive(t, half.Token) != "" {
		t.Error("the password step lasts longer than five minutes")
	}
	if _, err := o.c.VerifyCode(t.Context(), visit, half.Token.Reveal(), o.code(t, m.secret, 0)); model.KindOf(err) != model.Unauthenticated {
		t.Errorf("a code after five minutes: %v", err)
	}
	whole := o.signIn(t, m)
	for range 33 {
		o.now = o.now.Add(14 * time.Minute)
		if o.alive(t, whole.Token) != model.StageSignedIn {
			t.Fatalf("a session in use ended at %v", o.now)
		}
	}
	o.now = o.now.Add(19 * time.Minute)
	b, err := o.c.Resume(t.Context(), whole.Token.Reveal())
	if err == nil || b.Ended == "" {
		t.Errorf("after 8 hours: %v, %q", err, b.Ended)
	}
	idle := o.signIn(t, m)
	o.now = o.now.Add(15 * time.Minute)
	if b, err := o.c.Resume(t.Context(), idle.Token.Reveal()); err == nil || b.Ended != "idle" {
		t.Errorf("after 15 idle minutes: %v, %q", err, b.Ended)
	}
	o.now = o.now.Add(-10 * time.Minute)
	if o.alive(t, idle.Token) != "" {
		t.Error("a session that was over is alive again when the clock goes back")
	}
}

func TestADisabledPersonIsOutAtOnce(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	m := s.member(t, "ana")
	whole, half := s.signIn(t, m), s.password(t, "ana")
	if err := s.c.DisableUser(t.Context(), s.administrator, m.ID, ""); err != nil {
		t.Fatal(err)
	}
	if s.alive(t, whole.Token) != "" || s.alive(t, half.Token) != "" {
		t.Error("a disabled person is still in")
	}
	if err := s.c.EnableUser(t.Context(), s.administrator, m.ID, ""); err != nil {
		t.Fatal(err)
	}
	if s.alive(t, whole.Token) != "" {
		t.Error("enabling brings old sessions back")
	}
}

func TestAnAlteredCookieOpensNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	whole := o.signIn(t, o.member(t, "ana")).Token.Reveal()
	for i := range whole {
		for _, other := range []string{whole[:i], whole[:i] + "A" + whole[i:], whole[:i] + string(whole[i]^1) + whole[i+1:]} {
			if _, err := o.c.Resume(t.Context(), other); model.KindOf(err) != model.Unauthenticated {
				t.Errorf("%q: %v", other, err)
			}
		}
	}
}

func TestNoSecretIsInTheTrail(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	u, a := o.invited(t, "ana")
	key := o.key(t, a.Token)
	done, err := o.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "", o.code(t, key, 0))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = o.c.SignIn(t.Context(), visit, center.Credentials{UserName: goodPassword, Password: "canary password"})
	_, _ = o.c.VerifyCode(t.Context(), visit, o.password(t, "ana").Token.Reveal(), done.RecoveryCodes[0])
	secrets := append([]string{goodPassword, "canary password", key, a.Token.Reveal(), done.Token.Reveal()}, done.RecoveryCodes...)
	events, err := o.store.Events(t.Context(), store.EventFilter{})
	if err != nil || len(events) < 5 {
		t.Fatal(len(events), err)
	}
	for _, e := range events {
		for _, secret := range secrets {
			for _, text := range []string{e.Summary, e.State, e.Reason, e.ActorName} {
				if contains(text, secret) {
					t.Errorf("event %d of %s holds a secret: %s", e.Seq, u.UserName, text)
				}
			}
		}
	}
}

package center_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

// acting is a member in the browser of an admission.
func acting(a center.Admission) model.Actor {
	actor := actorOf(a.User)
	actor.Session, actor.SourceIP = a.Session.ID, visit.SourceIP
	return actor
}

func TestAPasswordIsChangedWithThePresentOneAndEndsOtherSessions(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	here := o.signIn(t, m)
	o.now = o.now.Add(30 * time.Second)
	there := o.signIn(t, m)
	actor := acting(here)
	atField(t, o.c.ChangePassword(t.Context(), actor, "", "x"), "current", "Enter your present password.")
	atField(t, o.c.ChangePassword(t.Context(), actor, "wrong", "another four words here"), "current", "This is not your present password.")
	o.trail(t, "Did not change the password: the present one was wrong")
	atField(t, o.c.ChangePassword(t.Context(), actor, goodPassword, goodPassword), "password", "Choose another password than the present one.")
	atField(t, o.c.ChangePassword(t.Context(), actor, goodPassword, "ana"), "password", "Use at least 8 characters.")
	if err := o.c.ChangePassword(t.Context(), actor, goodPassword, "another four words here"); err != nil {
		t.Fatal(err)
	}
	if o.alive(t, here.Token) != model.StageSignedIn || o.alive(t, there.Token) != "" {
		t.Error("the wrong sessions ended")
	}
	o.trail(t, "Changed their own password and ended 1 other session")
	if _, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword}); err == nil {
		t.Error("the old password still opens")
	}
}

func TestGuessingThePresentPasswordIsThrottled(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	actor := acting(o.signIn(t, o.member(t, "ana")))
	for range 4 {
		atField(t, o.c.ChangePassword(t.Context(), actor, "wrong", "another four words here"), "current", "This is not your present password.")
	}
	atField(t, o.c.ChangePassword(t.Context(), actor, goodPassword, "another four words here"), "current",
		"Too many tries. Wait 1 second and try again.")
}

func TestSeveralAppsSignInAndTheLastStays(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	actor := acting(o.signIn(t, m))
	e, err := o.c.StartDevice(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := actor
	elsewhere.Session = "another"
	if _, err := o.c.PendingDevice(t.Context(), elsewhere); model.KindOf(err) != model.Conflict {
		t.Errorf("another browser sees the key: %v", err)
	}
	code := o.code(t, e.Secret.Reveal(), 0)
	if err := o.c.ConfirmDevice(t.Context(), elsewhere, "", code); model.KindOf(err) != model.Conflict {
		t.Errorf("another browser confirms: %v", err)
	}
	if err := o.c.ConfirmDevice(t.Context(), actor, "Tablet", code); err != nil {
		t.Fatal(err)
	}
	if err := o.c.ConfirmDevice(t.Context(), actor, "Tablet", code); model.KindOf(err) != model.Conflict {
		t.Errorf("confirmed twice: %v", err)
	}
	s, err := o.c.OwnSecurity(t.Context(), actor)
	if err != nil || len(s.Devices) != 2 || s.CodesLeft != 10 {
		t.Fatalf("OwnSecurity() = %+v, %v", s, err)
	}
	if err := o.c.RenameDevice(t.Context(), actor, s.Devices[1].ID, "Old tablet"); err != nil {
		t.Error(err)
	}
	if err := o.c.RemoveDevice(t.Context(), actor, s.Devices[0].ID); err != nil {
		t.Error(err)
	}
	if err := o.c.RemoveDevice(t.Context(), actor, s.Devices[1].ID); model.KindOf(err) != model.Conflict {
		t.Errorf("the last app was removed: %v", err)
	}
	o.trail(t, "Removed the authenticator app Authenticator app", "Renamed the authenticator app Tablet to Old tablet",
		"Added the authenticator app Tablet")
	o.now = o.now.Add(time.Minute)
	half := o.password(t, "ana").Token.Reveal()
	if _, err := o.c.VerifyCode(t.Context(), visit, half, o.code(t, m.secret, 0)); err == nil {
		t.Error("an app that was removed signs in")
	}
	if _, err := o.c.VerifyCode(t.Context(), visit, half, o.code(t, e.Secret.Reveal(), 0)); err != nil {
		t.Errorf("the other app: %v", err)
	}
}

func TestNobodyTouchesTheAppsOrSessionsOfOthers(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ana, ben := o.member(t, "ana"), o.member(t, "ben")
	hers, his := o.signIn(t, ana), o.signIn(t, ben)
	s, err := o.c.OwnSecurity(t.Context(), acting(hers))
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"rename":  o.c.RenameDevice(t.Context(), acting(his), s.Devices[0].ID, "x"),
		"remove":  o.c.RemoveDevice(t.Context(), acting(his), s.Devices[0].ID),
		"session": o.c.EndOwnSession(t.Context(), acting(his), hers.Session.ID),
	} {
		if model.KindOf(err) != model.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if o.alive(t, hers.Token) == "" {
		t.Error("somebody else ended a session")
	}
}

func TestARecoveryCodeWorksOnceAndOldOnesNotAtAll(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	actor := acting(o.signIn(t, m))
	old, err := o.c.RenewRecoveryCodes(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	codes, err := o.c.RenewRecoveryCodes(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	half := o.password(t, "ana").Token.Reveal()
	if _, err := o.c.VerifyRecoveryCode(t.Context(), visit, half, old[0]); err == nil {
		t.Error("a code from before the renewal signs in")
	}
	var cookies [50]string
	for i := range cookies {
		cookies[i] = o.password(t, "ana").Token.Reveal()
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for _, cookie := range cookies {
		all.Go(func() {
			if _, err := o.c.VerifyCode(t.Context(), visit, cookie, codes[3]); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 50 signed in with one code", won.Load())
	}
	s, err := o.c.OwnSecurity(t.Context(), actor)
	if err != nil || s.CodesLeft != 9 {
		t.Errorf("%d codes left, %v", s.CodesLeft, err)
	}
}

func TestCodesThatAreOffComeBackWithAnAppAddedAnew(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	actor := acting(o.signIn(t, m))
	codes, err := o.c.RenewRecoveryCodes(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	half := o.password(t, "ana").Token.Reveal()
	for range 5 {
		_, _ = o.c.VerifyCode(t.Context(), visit, half, o.code(t, m.secret, 99))
	}
	o.trail(t, "Sign-in failed: a wrong code; codes are off after 5 failures in a row")
	if _, err := o.c.VerifyCode(t.Context(), visit, half, o.code(t, m.secret, 1)); err == nil {
		t.Fatal("codes are not off")
	}
	back, err := o.c.VerifyCode(t.Context(), visit, half, codes[0])
	if err != nil {
		t.Fatal(err)
	}
	e, err := o.c.StartDevice(t.Context(), acting(back))
	if err != nil {
		t.Fatal(err)
	}
	if err := o.c.ConfirmDevice(t.Context(), acting(back), "", o.code(t, e.Secret.Reveal(), 0)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.c.VerifyCode(t.Context(), visit, o.password(t, "ana").Token.Reveal(), o.code(t, m.secret, 1)); err != nil {
		t.Errorf("codes stay off: %v", err)
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	m := s.member(t, "ana")
	var open []center.Admission
	for range 3 {
		open = append(open, s.signIn(t, m))
		s.now = s.now.Add(30 * time.Second)
	}
	s.password(t, "ana")
	own, err := s.c.OwnSecurity(t.Context(), acting(open[0]))
	if err != nil || len(own.Sessions) != 3 {
		t.Fatalf("%d sessions, %v", len(own.Sessions), err)
	}
	if err := s.c.EndOwnSession(t.Context(), acting(open[0]), open[1].Session.ID); err != nil || s.alive(t, open[1].Token) != "" {
		t.Errorf("EndOwnSession() = %v", err)
	}
	if ended, err := s.c.EndOtherSessions(t.Context(), acting(open[0])); err != nil || ended != 1 || s.alive(t, open[0].Token) == "" {
		t.Errorf("EndOtherSessions() = %d, %v", ended, err)
	}
	if _, err := s.c.Security(t.Context(), s.nobody, m.ID); model.KindOf(err) != model.Forbidden {
		t.Errorf("Security() by nobody = %v", err)
	}
	if err := s.c.EndSession(t.Context(), s.auditor, m.ID, open[0].Session.ID); model.KindOf(err) != model.Forbidden {
		t.Errorf("EndSession() by the auditor = %v", err)
	}
	if seen, err := s.c.Security(t.Context(), s.auditor, m.ID); err != nil || len(seen.Sessions) != 1 {
		t.Errorf("the auditor sees %d sessions, %v", len(seen.Sessions), err)
	}
	if err := s.c.EndSessions(t.Context(), s.helpDesk, m.ID); err != nil || s.alive(t, open[0].Token) != "" {
		t.Errorf("EndSessions() = %v", err)
	}
	s.trail(t, "Ended all sessions of Ana Beltrán and revoked their role credentials")
}

func TestAListOfSessionsLeavesOutThoseThatAreOver(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	o.signIn(t, m)
	o.now = o.now.Add(16 * time.Minute)
	here := o.signIn(t, m)
	s, err := o.c.OwnSecurity(t.Context(), acting(here))
	if err != nil || len(s.Sessions) != 1 {
		t.Errorf("%d sessions, %v", len(s.Sessions), err)
	}
}

package center_test

import (
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
)

// openKeyStaff is a staff whose console has an address that browsers give security keys to.
func openKeyStaff(t *testing.T) *staff {
	t.Helper()
	s, _ := adminSignedIn(t)
	config := s.c.Config
	config.BaseURL = site
	s.c = center.New(config)
	return s
}

// arrive is somebody new who uses their invitation.
func (s *staff) arrive(t *testing.T, u model.User) center.Admission {
	t.Helper()
	link, err := s.c.Invite(t.Context(), host, u.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.c.AcceptLink(t.Context(), visit, link.Reveal(), goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (s *staff) newKey(t *testing.T, a center.Admission) string {
	t.Helper()
	options, err := s.c.AskNewKey(t.Context(), visit, a.Token.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&softkey.Key{Origin: site}).Create(options)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestTheFirstKeyOfSomebodyExemptAsksForNothingAndIsAnnounced(t *testing.T) {
	t.Parallel()
	s := openKeyStaff(t)
	u := s.user(t, "ben")
	g := s.group(t, "Kiosk", u.ID)
	s.save(t, func(p *model.SignInPolicy) { p.Exempt = []model.GroupID{g.ID} })
	a := s.arrive(t, u)
	if a.Session.Stage != model.StageSignedIn {
		t.Fatalf("somebody exempt is %q", a.Session.Stage)
	}
	me := model.Actor{User: u.ID, UserName: "ben", Name: u.DisplayName, Session: a.Session.ID}
	if _, err := s.c.AddKey(t.Context(), me, a.Token.Reveal(), "Blue key", s.newKey(t, a)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.c.AskNewKey(t.Context(), visit, a.Token.Reveal()); model.KindOf(err) != model.Unconfirmed {
		t.Errorf("a second one without the first: %v", err)
	}
	notices, err := s.store.Notices(t.Context(), u.ID, 10)
	if err != nil || len(notices) == 0 || notices[0].Kind != model.NoticeNewFactor {
		t.Errorf("the person was told %+v, %v", notices, err)
	}
}

func TestNobodyEnrolsAKindThatThePolicyDoesNotTake(t *testing.T) {
	t.Parallel()
	s := openKeyStaff(t)
	s.save(t, func(p *model.SignInPolicy) { p.Kinds = []model.FactorKind{model.FactorWebAuthn, model.FactorRecovery} })
	a := s.arrive(t, s.user(t, "ben"))
	e, err := s.c.Enrolment(t.Context(), a.Token.Reveal())
	if err != nil || !e.NoApps || !e.Keys {
		t.Fatalf("an app is offered: %t, a key: %t, %v", !e.NoApps, e.Keys, err)
	}
	_, err = s.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "", s.code(t, e.Secret.Reveal(), 0))
	kind(t, err, model.Conflict)
	done, err := s.c.EnrolKey(t.Context(), visit, a.Token.Reveal(), "", s.newKey(t, a))
	if err != nil || s.alive(t, done.Token) != model.StageSignedIn {
		t.Fatalf("with a key: %q, %v", done.Session.Stage, err)
	}
	_, err = s.c.StartDevice(t.Context(), acting(done.Admission))
	kind(t, err, model.Conflict)
}

func TestAPolicyOfKeysAloneIsNotSavedWhereBrowsersGiveNone(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t) // without an address
	err := s.c.UpdateSignInPolicy(t.Context(), s.administrator,
		s.rules(t, func(p *model.SignInPolicy) { p.Kinds = []model.FactorKind{model.FactorWebAuthn, model.FactorRecovery} }), "")
	kind(t, err, model.Invalid, "kinds")
}

// TestKeysInFlightAreNotTakenOnceThePolicyTakesNone asks for a key, has the policy changed, and answers.
func TestKeysInFlightAreNotTakenOnceThePolicyTakesNone(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{Passkey: true, Verifies: true})
	half := k.password(t, "ana").Token.Reveal()
	factor := k.answer(t, half)
	cookie, passkey := k.passkey(t)
	k.save(t, func(p *model.SignInPolicy) { p.Kinds = []model.FactorKind{model.FactorTOTP, model.FactorRecovery} })
	const words = "Security keys and passkeys are not accepted any more. Ask an administrator."
	_, err := k.c.VerifyKey(t.Context(), visit, half, factor)
	atField(t, err, "key", words)
	in, err := k.c.SignInWithPasskey(t.Context(), visit, cookie, passkey)
	atField(t, err, "key", words)
	if in.Token != "" {
		t.Error("a passkey signed in")
	}
	_, err = k.c.AskNewKey(t.Context(), visit, k.in.Token.Reveal())
	atField(t, err, "key", words)
	f, err := k.c.OwnFactors(t.Context(), acting(k.in))
	if err != nil || f.User.ID != k.m.ID || !f.Codes || !f.Recovery || f.Trust || f.Disabled || f.Reset || len(f.Devices) != 1 || len(f.Keys) != 0 {
		t.Errorf("OwnFactors() = %+v, %v", f, err)
	}
	k.save(t, func(p *model.SignInPolicy) { p.Kinds, p.Factor = model.FactorKinds(), model.FactorByContext })
	f, err = k.c.OwnFactors(t.Context(), acting(k.in))
	if err != nil || len(f.Keys) != 1 || !f.Trust {
		t.Errorf("with keys again OwnFactors() = %+v, %v", f, err)
	}
}

func TestAKeyIsAskedForAfterThePasswordAndAtAStepUpAlone(t *testing.T) {
	t.Parallel()
	s := openKeyStaff(t)
	a := s.arrive(t, s.user(t, "ben"))
	_, err := s.c.AskKey(t.Context(), visit, a.Token.Reveal()) // at enrolling a first factor
	kind(t, err, model.Unauthenticated)
}

package center_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// rules is the standard with changes, for the version in force.
func (o *office) rules(t *testing.T, change func(*model.SignInPolicy)) model.SignInPolicy {
	t.Helper()
	p, err := o.store.SignInPolicy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	change(&p)
	return p
}

// save puts changed rules in force.
func (o *office) save(t *testing.T, change func(*model.SignInPolicy)) {
	t.Helper()
	if err := o.c.UpdateSignInPolicy(t.Context(), host, o.rules(t, change), ""); err != nil {
		t.Fatal(err)
	}
}

func affected(a center.Affected) []string {
	var list []string
	for _, p := range a.People {
		list = append(list, p.Name)
	}
	return list
}

// adminSignedIn is staff whose administrator has a password and an authenticator app.
func adminSignedIn(t *testing.T) (*staff, member) {
	t.Helper()
	s := openStaff(t)
	u, err := s.store.User(t.Context(), s.administrator.User)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := s.c.ProvisionCredentials(t.Context(), host, u.ID, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return s, member{u, secret}
}

func TestOnlyAdministratorsChangeTheSignInPolicyAndStaleSavesAreRefused(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	longer := s.rules(t, func(p *model.SignInPolicy) { p.MinLength = 12 })
	for who, actor := range map[string]model.Actor{"auditor": s.auditor, "help desk": s.helpDesk, "nobody": s.nobody} {
		kind(t, s.c.UpdateSignInPolicy(t.Context(), actor, longer, ""), model.Forbidden)
		if _, err := s.c.ForeseeSignInPolicy(t.Context(), actor, longer); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s foresees: %v", who, err)
		}
	}
	if _, err := s.c.SignInPolicy(t.Context(), s.auditor); err != nil {
		t.Errorf("the auditor reads: %v", err)
	}
	if err := s.c.UpdateSignInPolicy(t.Context(), s.administrator, longer, "longer is better"); err != nil {
		t.Fatal(err)
	}
	e := s.newest(t)
	if e.Action != model.ActUpdateSignInPolicy || e.Reason != "longer is better" || !strings.Contains(e.State, `"password length":12`) {
		t.Errorf("the trail has %+v", e)
	}
	kind(t, s.c.UpdateSignInPolicy(t.Context(), s.administrator, longer, ""), model.Conflict)
	bad := s.rules(t, func(p *model.SignInPolicy) { p.MinLength, p.Idle, p.Kinds, p.Factor = 7, time.Minute, nil, "never" })
	kind(t, s.c.UpdateSignInPolicy(t.Context(), s.administrator, bad, ""), model.Invalid, "min_length", "idle", "kinds", "factor")
}

func TestTheReviewNamesWhomAPolicyAffectsAndChangesNothing(t *testing.T) {
	t.Parallel()
	s, admin := adminSignedIn(t)
	with := s.member(t, "with")
	browser := s.signIn(t, with)
	s.withoutDevice(t, "without")
	g := s.group(t, "Kiosk", with.ID)
	s.now = s.now.Add(40 * 24 * time.Hour) // passwords are 40 days old
	browser = s.signInAfresh(t, with)
	before := s.newest(t).Seq

	effects, err := s.c.ForeseeSignInPolicy(t.Context(), s.administrator, s.rules(t, func(p *model.SignInPolicy) {
		p.NoDevice, p.MaxAge, p.MinLength = model.NoDeviceBlock, 30, 12
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got := affected(effects.LockedOut); !slices.Equal(got, []string{"without Person"}) {
		t.Errorf("locked out: %v", got)
	}
	if got := affected(effects.NewPassword); len(got) != 3 || !slices.Contains(got, admin.DisplayName) {
		t.Errorf("new password: %v", got)
	}
	if effects.People != 3 || len(effects.SignedOut.People) != 0 || effects.Enrol.Already != 0 {
		t.Errorf("effects %+v", effects)
	}

	effects, err = s.c.ForeseeSignInPolicy(t.Context(), s.administrator, s.rules(t, func(p *model.SignInPolicy) {
		p.Exempt, p.Kinds = []model.GroupID{g.ID}, []model.FactorKind{model.FactorTOTP, model.FactorRecovery}
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got := affected(effects.Unasked); !slices.Equal(got, []string{with.DisplayName}) {
		t.Errorf("not asked any more: %v", got)
	}
	if effects.Enrol.Already != 1 || len(effects.Enrol.People) != 0 {
		t.Errorf("who is asked to enrol today is counted: %+v", effects.Enrol)
	}
	if s.newest(t).Seq != before || s.alive(t, browser.Token) != model.StageSignedIn {
		t.Error("foreseeing left a trace")
	}
}

// withoutDevice is somebody with a password and no second factor.
func (o *office) withoutDevice(t *testing.T, name string) model.User {
	t.Helper()
	u, err := o.c.CreateUser(t.Context(), host, model.User{UserName: name, GivenName: name, FamilyName: "Person",
		Email: name + "@securecart.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	token, err := o.c.Invite(t.Context(), host, u.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword); err != nil {
		t.Fatal(err)
	}
	return u
}

func (o *office) signInAfresh(t *testing.T, m member) center.Admission {
	t.Helper()
	o.now = o.now.Add(mfa.Period)
	return o.signIn(t, m)
}

func TestTighterLimitsSignOutAtTheNextRequestAndTheReviewSaysWhom(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	browser := s.signIn(t, m)
	s.now = s.now.Add(10 * time.Minute)
	shorter := func(p *model.SignInPolicy) { p.Idle = 5 * time.Minute }
	effects, err := s.c.ForeseeSignInPolicy(t.Context(), s.administrator, s.rules(t, shorter))
	if err != nil {
		t.Fatal(err)
	}
	if got := affected(effects.SignedOut); !slices.Equal(got, []string{m.DisplayName}) {
		t.Errorf("signed out: %v", got)
	}
	s.save(t, shorter)
	if stage := s.alive(t, browser.Token); stage != "" {
		t.Errorf("the session is at %q", stage)
	}
}

func TestThePolicyCannotLockOutTheLastAdministrator(t *testing.T) {
	t.Parallel()
	s := openStaff(t) // the administrator has a password and no second factor yet
	err := s.c.UpdateSignInPolicy(t.Context(), s.administrator, s.rules(t, func(p *model.SignInPolicy) { p.NoDevice = model.NoDeviceBlock }), "")
	kind(t, err, model.Conflict)

	s, admin := adminSignedIn(t)
	change := func(p *model.SignInPolicy) { p.Kinds = []model.FactorKind{model.FactorWebAuthn} } // theirs is not accepted
	if err := s.c.UpdateSignInPolicy(t.Context(), s.administrator, s.rules(t, change), ""); model.KindOf(err) != model.Conflict {
		t.Errorf("the policy is saved: %v", err)
	}
	if _, err := s.c.ForeseeSignInPolicy(t.Context(), s.administrator, s.rules(t, change)); model.KindOf(err) != model.Conflict {
		t.Errorf("it is foreseen: %v", err)
	}

	s.save(t, func(p *model.SignInPolicy) { p.NoDevice = model.NoDeviceBlock })
	second := s.operator(t, "second", s.setOf(t, center.AdministratorSet)) // administers, but could not sign in
	if err := s.c.DisableUser(t.Context(), second, admin.ID, ""); model.KindOf(err) != model.Conflict {
		t.Errorf("the last administrator with a way in was disabled: %v", err)
	}
}

func (s *staff) setOf(t *testing.T, name string) model.PermissionSetID {
	t.Helper()
	sets, err := s.c.SetNames(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	return sets[name]
}

func TestPeopleWithoutASecondFactorEnrolAreKeptOutOrGetInForAWhile(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	u := s.withoutDevice(t, "newcomer")
	s.withoutDevice(t, "latecomer")
	given := center.Credentials{UserName: "newcomer", Password: goodPassword}
	if a := s.password(t, "newcomer"); a.Session.Stage != model.StageEnrolment {
		t.Errorf("as a rule they enrol: %q", a.Session.Stage)
	}

	s.save(t, func(p *model.SignInPolicy) { p.NoDevice = model.NoDeviceBlock })
	a, err := s.c.SignIn(t.Context(), visit, given)
	if model.KindOf(err) != model.Invalid || a.Token != "" {
		t.Errorf("they are let in: %+v, %v", a, err)
	}
	s.trail(t, "Sign-in as newcomer failed: the policy asks for a second factor, and there is none")
	if e := s.newest(t); e.Action != model.ActSignIn || e.Outcome != model.Failed {
		t.Errorf("that is recorded as %s, %s", e.Action, e.Outcome)
	}
	token, err := s.c.ResetMFA(t.Context(), s.helpDesk, u.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	if a, err = s.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword); err != nil || a.Session.Stage != model.StageEnrolment {
		t.Errorf("an operator's link is leave to enrol: %q, %v", a.Session.Stage, err)
	}

	s.save(t, func(p *model.SignInPolicy) {
		p.NoDevice, p.AllowedUntil = model.NoDeviceAllow, s.now.Add(2*time.Hour).Truncate(time.Hour)
	})
	if a := s.password(t, "newcomer"); a.Session.Stage != model.StagePassword {
		t.Errorf("with that link used and nothing bound they get in without it: %q", a.Session.Stage)
	}
	given.UserName = "latecomer"
	a, err = s.c.SignIn(t.Context(), visit, given)
	if err != nil || a.Session.Stage != model.StageSignedIn || !a.Session.FactorAt.IsZero() {
		t.Fatalf("until the day they get in: %+v, %v", a.Session, err)
	}
	s.now = s.now.Add(time.Hour + 50*time.Minute)
	s.now = s.now.Add(10 * time.Minute) // the day has come
	if stage := s.alive(t, a.Token); stage != "" {
		t.Errorf("the session without a second factor goes on: %q", stage)
	}
	if a := s.password(t, "latecomer"); a.Session.Stage != model.StageEnrolment {
		t.Errorf("from then on they enrol: %q", a.Session.Stage)
	}
}

func TestMembersOfExemptGroupsAreNotAskedAndTheirSessionsEndWithTheExemption(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	g := s.group(t, "Kiosk", m.ID)
	s.save(t, func(p *model.SignInPolicy) { p.Exempt = []model.GroupID{g.ID} })
	a := s.password(t, "ana")
	if a.Session.Stage != model.StageSignedIn || s.alive(t, a.Token) != model.StageSignedIn {
		t.Fatalf("the password is enough: %q", a.Session.Stage)
	}
	s.trail(t, "Signed in with the password alone, as the policy has it")
	if err := s.c.RemoveMember(t.Context(), host, g.ID, m.ID); err != nil {
		t.Fatal(err)
	}
	b, err := s.c.Resume(t.Context(), a.Token.Reveal())
	if model.KindOf(err) != model.Unauthenticated || b.Ended != "policy" {
		t.Errorf("out of the group, the session goes on: %q, %v", b.Ended, err)
	}
}

func TestThePasswordAloneBindsNoFactorBesideABoundOne(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	g := s.group(t, "Kiosk", m.ID)
	s.save(t, func(p *model.SignInPolicy) { p.Exempt = []model.GroupID{g.ID} })
	a := s.password(t, "ana")
	me := model.Actor{User: m.ID, UserName: "ana", Name: m.DisplayName, Session: a.Session.ID} // as the exemption let them in
	if _, err := s.c.StartDevice(t.Context(), me); model.KindOf(err) != model.Unconfirmed {
		t.Errorf("they begin another app: %v", err)
	}
	if _, err := s.c.RenewRecoveryCodes(t.Context(), me); model.KindOf(err) != model.Unconfirmed {
		t.Errorf("they make recovery codes: %v", err)
	}
	devices, err := s.store.TOTPDevices(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.c.RemoveDevice(t.Context(), me, devices[0].ID); model.KindOf(err) != model.Conflict {
		t.Errorf("they remove an app: %v", err)
	}
	proved := actorOf(m.User)
	proved.Session = a.Session.ID
	e, err := s.c.StartDevice(t.Context(), proved)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.c.ConfirmDevice(t.Context(), me, "mine", s.code(t, e.Secret.Reveal(), 0)); model.KindOf(err) != model.Unconfirmed {
		t.Errorf("they confirm another app: %v", err)
	}
}

// passwordFrom gives a right password from somewhere.
func (o *office) passwordFrom(t *testing.T, from model.Actor, name string) center.Admission {
	t.Helper()
	a, err := o.c.SignIn(t.Context(), from, center.Credentials{UserName: name, Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestASpentPasswordIsReplacedAfterTheFactorAndBeforeAnything(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*model.SignInPolicy){
		"too old":   func(p *model.SignInPolicy) { p.MaxAge = 30 },
		"too short": func(p *model.SignInPolicy) { p.MinLength = 40 },
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := adminSignedIn(t)
			m := s.member(t, "ana")
			before := s.signIn(t, m)
			s.now = s.now.Add(31 * 24 * time.Hour)
			s.save(t, change)
			half := s.signInAfresh(t, m)
			if half.Session.Stage != model.StageRenewal {
				t.Fatalf("the stage is %q", half.Session.Stage)
			}
			s.trail(t, "Proved the second factor; the policy asks for a new password next")
			_, err := s.c.RenewPassword(t.Context(), visit, half.Token.Reveal(), goodPassword)
			if model.KindOf(err) != model.Invalid {
				t.Errorf("the same password again: %v", err)
			}
			const next = "another four words nobody would ever guess"
			whole, err := s.c.RenewPassword(t.Context(), visit, half.Token.Reveal(), next)
			if err != nil || whole.Session.Stage != model.StageSignedIn || s.alive(t, whole.Token) != model.StageSignedIn {
				t.Fatalf("after a new one: %+v, %v", whole.Session, err)
			}
			if s.alive(t, half.Token) != "" || s.alive(t, before.Token) != "" {
				t.Error("a cookie from before opens something")
			}
			s.trail(t, "Signed in with password and a code", "Replaced a password as the sign-in policy has it and ended 1 other session")
			if _, err := s.c.RenewPassword(t.Context(), visit, whole.Token.Reveal(), "five words that come after"); err == nil {
				t.Error("a signed-in browser renews without the present password")
			}
		})
	}
}

func TestALongEnoughPasswordIsNotReplacedOnceItWasSeen(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana") // its 30 characters were counted when it was set
	s.save(t, func(p *model.SignInPolicy) { p.MinLength = len(goodPassword) })
	if a := s.signIn(t, m); a.Session.Stage != model.StageSignedIn {
		t.Errorf("the stage is %q", a.Session.Stage)
	}
}

func TestEarlierPasswordsDoNotComeBack(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	s.save(t, func(p *model.SignInPolicy) { p.Reuse = 2 })
	me := actorOf(m.User)
	words := []vault.Secret{goodPassword, "second four words here", "third four words here", "fourth four words here"}
	for i := range 3 {
		if err := s.c.ChangePassword(t.Context(), me, words[i], words[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	for _, old := range words[1:3] {
		err := s.c.ChangePassword(t.Context(), me, words[3], old)
		atField(t, err, "password", "You had this password before. Choose one that is none of your last 2.")
	}
	token, err := s.c.ResetPassword(t.Context(), host, m.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.c.AcceptLink(t.Context(), visit, token.Reveal(), words[3]); model.KindOf(err) != model.Invalid {
		t.Errorf("after a reset the last one comes back: %v", err)
	}
	if _, err := s.c.AcceptLink(t.Context(), visit, token.Reveal(), words[0]); err != nil {
		t.Errorf("one before the last two is refused: %v", err)
	}
}

func TestKindsThatAreNotAcceptedSignNobodyIn(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	browser := s.signIn(t, m)
	codes, err := s.c.RenewRecoveryCodes(t.Context(), actorOf(m.User))
	if err != nil {
		t.Fatal(err)
	}
	s.save(t, func(p *model.SignInPolicy) { p.Kinds = []model.FactorKind{model.FactorTOTP, model.FactorWebAuthn} })
	if s.alive(t, browser.Token) != model.StageSignedIn {
		t.Error("a session with an accepted kind ended")
	}
	_, err = s.c.VerifyRecoveryCode(t.Context(), visit, s.password(t, "ana").Token.Reveal(), codes[0])
	kind(t, err, model.Invalid, "code")
	s.save(t, func(p *model.SignInPolicy) { p.Kinds = model.FactorKinds() })
	if _, err := s.c.VerifyRecoveryCode(t.Context(), visit, s.password(t, "ana").Token.Reveal(), codes[0]); err != nil {
		t.Errorf("the code was used up though it was not accepted: %v", err)
	}
}

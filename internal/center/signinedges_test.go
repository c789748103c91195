package center_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

func TestAPasswordIsReplacedAtItsAgeAndNotBefore(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	o.save(t, func(p *model.SignInPolicy) { p.MaxAge = 30 })
	o.now = o.now.Add(30*24*time.Hour - time.Minute)
	if in := o.signIn(t, m); in.Session.Stage != model.StageSignedIn {
		t.Errorf("a minute before, a password leads to %q", in.Session.Stage)
	}
	o.now = o.now.Add(time.Minute)
	if in := o.signIn(t, m); in.Session.Stage != model.StageRenewal {
		t.Errorf("at its age, a password leads to %q", in.Session.Stage)
	}
}

func TestADeviceHasANameOf64CharactersAtMost(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	actor := acting(o.signIn(t, o.member(t, "ana")))
	own, err := o.c.OwnSecurity(t.Context(), actor)
	must(t, err)
	id := own.Devices[0].ID
	must(t, o.c.RenameDevice(t.Context(), actor, id, strings.Repeat("é", 64)))
	atField(t, o.c.RenameDevice(t.Context(), actor, id, strings.Repeat("é", 65)), "name",
		"A name has at most 64 characters, all of them visible.")
}

func TestTriesThatComeTooEarlyAreRecordedOnceAMinuteWithTheirNumber(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	guess := func() {
		_, _ = o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "nobody", Password: "wrong password"})
	}
	for range 14 {
		o.now = o.now.Add(16 * time.Minute)
		guess()
	}
	for range 5 {
		guess()
	}
	o.trail(t, "Sign-in was not looked at: too many failures from this network", "Sign-in failed: nobody has this user name")
	first := o.newest(t)
	o.now = o.now.Add(time.Minute)
	guess()
	again := o.newest(t)
	if first.Repeated != 0 || again.Repeated != 4 || again.Seq != first.Seq+1 {
		t.Errorf("the trail has %+v, then %+v", first, again)
	}
}

// TestTriesThatNothingComesAfterAreRecordedAsWell has two networks try too early: one until the other does, one until the trail is
// signed.
func TestTriesThatNothingComesAfterAreRecordedAsWell(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	guess := func(address string) {
		from := visit
		from.SourceIP = address
		for range 7 { // of which three come too early
			_, _ = o.c.SignIn(t.Context(), from, center.Credentials{UserName: "nobody", Password: "wrong password"})
		}
	}
	rest := func(address string) {
		t.Helper()
		early, err := o.store.Events(t.Context(), store.EventFilter{Text: "was not looked at"})
		must(t, err)
		stood := 0
		for _, e := range early {
			if e.SourceIP == address {
				stood += 1 + e.Repeated
			}
		}
		if stood != 3 {
			t.Errorf("the trail has %d tries from %s that came too early: %+v", stood, address, early)
		}
	}
	guess("198.51.100.1")
	o.now = o.now.Add(time.Minute)
	guess("198.51.100.2")
	rest("198.51.100.1")
	o.now = o.now.Add(time.Minute)
	_, err := o.c.Sign(t.Context())
	must(t, err)
	rest("198.51.100.2")
}

func TestWhatIsMissingAtSigningInIsSaidWhereItIs(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	_, err := o.c.SignIn(t.Context(), visit, center.Credentials{})
	kind(t, err, model.Invalid, "username", "password")
	_, err = o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana"})
	atField(t, err, "password", "Enter your password.")
	_, err = o.c.SignIn(t.Context(), visit, center.Credentials{Password: goodPassword})
	atField(t, err, "username", "Enter your user name.")
	_, err = o.c.VerifyRecoveryCode(t.Context(), visit, "", "AAAA")
	atField(t, err, "code", "A recovery code has 24 letters and digits, in groups of four.")
}

func TestANameOfADeviceHasNothingThatIsNotSeen(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	actor := acting(o.signIn(t, o.member(t, "ana")))
	own, err := o.c.OwnSecurity(t.Context(), actor)
	must(t, err)
	for _, hidden := range []rune{'\n', 0x1f, 0x7f, 0x80, 0x85, 0x9f} {
		kind(t, o.c.RenameDevice(t.Context(), actor, own.Devices[0].ID, "a"+string(hidden)+"b"), model.Invalid, "name")
	}
	for _, seen := range []rune{' ', '~', 0xa0, 'é'} {
		must(t, o.c.RenameDevice(t.Context(), actor, own.Devices[0].ID, "a"+string(seen)+"b"))
	}
}

// TestARefusalIsRecordedAgainAfterAMinute counts those in between.
func TestARefusalIsRecordedAgainAfterAMinute(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	nobody := actorOf(s.user(t, "ana"))
	refuse := func() model.Event {
		kind(t, s.c.Veil(t.Context(), nobody, model.ActReadAudit), model.Forbidden)
		return s.newest(t)
	}
	first := refuse()
	s.now = s.now.Add(time.Minute - time.Second)
	if again := refuse(); again.Seq != first.Seq {
		t.Errorf("within the minute the trail has %+v", again)
	}
	s.now = s.now.Add(time.Second)
	if again := refuse(); again.Seq != first.Seq+1 || again.Repeated != 1 {
		t.Errorf("after it the trail has %+v", again)
	}
	must(t, s.c.Veil(t.Context(), s.administrator, model.ActReadAudit))
	must(t, s.c.Veil(t.Context(), host, model.ActReadAudit))
}

// TestWhatMayBeDoneAboutAPersonSparesAdministrators asks as the help desk.
func TestWhatMayBeDoneAboutAPersonSparesAdministrators(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	for id, want := range map[model.UserID]bool{u.ID: true, s.administrator.User: false} {
		may, err := s.c.MayAbout(t.Context(), s.helpDesk, id, model.ActResetPassword, model.ActDeleteUser)
		if err != nil || may[model.ActResetPassword] != want || may[model.ActDeleteUser] {
			t.Errorf("about %s: %v, %v", id, may, err)
		}
	}
}

// TestASessionOfAKindThatIsTakenNoMoreIsOver proves a recovery code, which the policy then takes no longer.
func TestASessionOfAKindThatIsTakenNoMoreIsOver(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	codes, err := s.c.RenewRecoveryCodes(t.Context(), actorOf(m.User))
	must(t, err)
	in, err := s.c.VerifyRecoveryCode(t.Context(), visit, s.password(t, "ana").Token.Reveal(), codes[0])
	if err != nil || s.alive(t, in.Token) != model.StageSignedIn || !in.Spent {
		t.Fatalf("a recovery code leads to %+v, %v", in, err)
	}
	s.save(t, func(p *model.SignInPolicy) { p.Kinds = []model.FactorKind{model.FactorTOTP, model.FactorWebAuthn} })
	if stage := s.alive(t, in.Token); stage != "" {
		t.Errorf("the session is at %q", stage)
	}
	half := s.password(t, "ana").Token.Reveal()
	_, err = s.c.VerifyRecoveryCode(t.Context(), visit, half, codes[1])
	atField(t, err, "code", "Recovery codes are not accepted any more. Ask an administrator.")
}

// TestWhoHasAFactorProvesItThoughOthersGetInForAWhile has the policy let people without a second factor in.
func TestWhoHasAFactorProvesItThoughOthersGetInForAWhile(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	s.member(t, "ana")
	s.save(t, func(p *model.SignInPolicy) {
		p.NoDevice, p.AllowedUntil = model.NoDeviceAllow, s.now.Add(2*time.Hour).Truncate(time.Hour)
	})
	if a := s.password(t, "ana"); a.Session.Stage != model.StagePassword {
		t.Errorf("the password of somebody who has an app leads to %q", a.Session.Stage)
	}
}

// TestASpentPasswordOfSomebodyExemptIsReplaced has the policy ask for a new password and for no factor.
func TestASpentPasswordOfSomebodyExemptIsReplaced(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	g := s.group(t, "Kiosk", m.ID)
	s.save(t, func(p *model.SignInPolicy) { p.Exempt, p.MinLength = []model.GroupID{g.ID}, 40 })
	a := s.password(t, "ana")
	if a.Session.Stage != model.StageRenewal {
		t.Fatalf("the password leads to %q", a.Session.Stage)
	}
	s.trail(t, "Entered the right password; the policy asks for a new one next")
	n, err := s.c.Renewal(t.Context(), a.Token.Reveal())
	if err != nil || n.User.ID != m.ID || n.MinLength != 40 || n.Old {
		t.Errorf("Renewal() = %+v, %v", n, err)
	}
	s.save(t, func(p *model.SignInPolicy) { p.MinLength, p.MaxAge = 15, 30 })
	s.now = s.now.Add(31 * 24 * time.Hour)
	a = s.password(t, "ana")
	if n, err = s.c.Renewal(t.Context(), a.Token.Reveal()); err != nil || !n.Old || n.Days != 30 {
		t.Errorf("of a password that is too old Renewal() = %+v, %v", n, err)
	}
	done, err := s.c.RenewPassword(t.Context(), visit, a.Token.Reveal(), "another four words nobody would ever guess")
	must(t, err)
	_, err = s.c.Renewal(t.Context(), done.Token.Reveal())
	kind(t, err, model.Unauthenticated)
}

// TestAVouchedSessionLastsAsLongAsTheTrust signs in in a trusted browser, and takes the trust back.
func TestAVouchedSessionLastsAsLongAsTheTrust(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	s.save(t, func(p *model.SignInPolicy) { p.Factor = model.FactorByContext })
	s.now = s.now.Add(time.Minute)
	from := visit
	from.Browser.Trust = true
	proved, err := s.c.VerifyCode(t.Context(), from, s.passwordFrom(t, from, "ana").Token.Reveal(), s.code(t, m.secret, 0))
	must(t, err)
	from.Browser = model.BrowserClaim{Digest: vault.TokenDigest(proved.Browser.Reveal())}
	vouched := s.passwordFrom(t, from, "ana")
	if vouched.Session.Stage != model.StageSignedIn || s.alive(t, vouched.Token) != model.StageSignedIn {
		t.Fatalf("in a trusted browser the password leads to %q", vouched.Session.Stage)
	}
	must(t, s.c.EndSessions(t.Context(), host, m.ID))
	if stage := s.alive(t, vouched.Token); stage != "" {
		t.Errorf("without the trust the session is at %q", stage)
	}
}

// TestASessionIsSeenOnceAMinute looks at when it was used last.
func TestASessionIsSeenOnceAMinute(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	in := o.signIn(t, o.member(t, "ana"))
	began := o.now
	for _, step := range []struct{ pause, seen time.Duration }{{59 * time.Second, 0}, {time.Second, time.Minute}, {time.Second, time.Minute}} {
		o.now = o.now.Add(step.pause)
		_, err := o.c.Resume(t.Context(), in.Token.Reveal())
		must(t, err)
		b, err := o.c.Resume(t.Context(), in.Token.Reveal())
		if want := began.Add(step.seen); err != nil || !b.Session.LastSeenAt.Equal(want) {
			t.Errorf("after %v it was seen at %v, not %v, %v", o.now.Sub(began), b.Session.LastSeenAt, want, err)
		}
	}
}

// TestARefusalSaysWhichRoleDecidedAndOnWhat compares what an auditor, the help desk and somebody else are told.
func TestARefusalSaysWhichRoleDecidedAndOnWhat(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	ana := s.user(t, "ana")
	for _, refused := range []struct {
		who  model.Actor
		of   model.UserID
		want string
	}{
		{actorOf(ana), ana.ID, "You have no role in the management account, so you may not gatehouse:ResetPassword. Ask an administrator."},
		{s.auditor, ana.ID, "You may not gatehouse:ResetPassword: Gatehouse-Auditor does not allow it (decided by "},
		{s.helpDesk, s.administrator.User, "You may not gatehouse:ResetPassword: Gatehouse-HelpDesk denies it on arn:aws:identitystore:"},
	} {
		_, err := s.c.ResetPassword(t.Context(), refused.who, refused.of, center.ByHand)
		kind(t, err, model.Forbidden)
		if !strings.HasPrefix(err.Error(), refused.want) {
			t.Errorf("%s is told %q", refused.who.UserName, err)
		}
	}
}

// TestWhatSomebodyMayProveIsToldAsItIs asks for the second factors of somebody with an app alone, before and after its codes are off.
func TestWhatSomebodyMayProveIsToldAsItIs(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	f, err := o.c.Factors(t.Context(), o.password(t, "ana").Token.Reveal())
	if err != nil || f.Disabled || f.Reset || len(f.Devices) != 1 || len(f.Keys) != 0 {
		t.Errorf("Factors() = %+v, %v", f, err)
	}
	o.turnOff(t, m)
	half := o.password(t, "ana").Token.Reveal()
	if f, err = o.c.Factors(t.Context(), half); err != nil || !f.Disabled {
		t.Errorf("with codes off Factors() = %+v, %v", f, err)
	}
	_, err = o.c.VerifyCode(t.Context(), visit, half, o.code(t, m.secret, 0))
	kind(t, err, model.Invalid, "code")
	o.trail(t, "Sign-in failed: codes are off after failures")
}

// TestCodesOfAppsAreNotLookedAtWhereThePolicyTakesNone has the policy take recovery codes and keys.
func TestCodesOfAppsAreNotLookedAtWhereThePolicyTakesNone(t *testing.T) {
	t.Parallel()
	k := openKeys(t, softkey.Key{})
	k.save(t, func(p *model.SignInPolicy) { p.Kinds = []model.FactorKind{model.FactorWebAuthn, model.FactorRecovery} })
	k.now = k.now.Add(time.Minute)
	_, err := k.c.VerifyCode(t.Context(), visit, k.password(t, "ana").Token.Reveal(), k.code(t, k.m.secret, 0))
	atField(t, err, "code", "Codes of authenticator apps are not accepted any more. Ask an administrator.")
	if n := k.failures(t, k.m); n != 0 {
		t.Errorf("%d failures are counted", n)
	}
}

// TestAPasswordOfExactlyTheLeastLengthIsTaken chooses one, and one that is a character shorter.
func TestAPasswordOfExactlyTheLeastLengthIsTaken(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	const chosen = "another four words nobody would ever guess"
	u := s.user(t, "ana")
	s.save(t, func(p *model.SignInPolicy) { p.MinLength = len(chosen) })
	token, err := s.c.Invite(t.Context(), host, u.ID, center.ByHand)
	must(t, err)
	_, err = s.c.AcceptLink(t.Context(), visit, token.Reveal(), vault.Secret(chosen[1:]))
	kind(t, err, model.Invalid, "password")
	_, err = s.c.AcceptLink(t.Context(), visit, token.Reveal(), chosen)
	must(t, err)
}

func TestSomebodyDisabledIsRecordedAsThat(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	must(t, o.c.DisableUser(t.Context(), host, m.ID, ""))
	_, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword})
	atField(t, err, "password", "The user name or the password is not right.")
	o.trail(t, "Sign-in as ana failed: the person is disabled")
}

// TestTheKeyOfAnEnrolmentGoesWithItsTime looks at it ten minutes later, in the session of somebody who is signed in.
func TestTheKeyOfAnEnrolmentGoesWithItsTime(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	in := o.signIn(t, o.member(t, "ana"))
	actor := acting(in)
	e, err := o.c.StartDevice(t.Context(), actor)
	must(t, err)
	o.now = o.now.Add(10 * time.Minute)
	kind(t, o.c.ConfirmDevice(t.Context(), actor, "", o.code(t, e.Secret.Reveal(), 0)), model.Conflict)
}

// TestARecoveryMakesNobodyAnAdministratorUnlessItSaysSo is for somebody who was none.
func TestARecoveryMakesNobodyAnAdministratorUnlessItSaysSo(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	m := s.member(t, "ana")
	_, err := s.c.Recover(t.Context(), host, "ana", false)
	must(t, err)
	may, err := s.c.Allows(t.Context(), actorOf(m.User), model.ActCreateAssignment)
	if err != nil || may[model.ActCreateAssignment] {
		t.Errorf("they administer: %v, %v", may, err)
	}
}

// TestAKnownBrowserIsKnownByItsLastUseAndForItsLastProof signs in again by trust, from another address.
func TestAKnownBrowserIsKnownByItsLastUseAndForItsLastProof(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	s.save(t, func(p *model.SignInPolicy) { p.Factor = model.FactorByContext })
	s.now = s.now.Add(time.Minute)
	from := visit
	from.SourceIP, from.Browser.Trust = "203.0.113.7", true
	proved, err := s.c.VerifyCode(t.Context(), from, s.passwordFrom(t, from, "ana").Token.Reveal(), s.code(t, m.secret, 0))
	must(t, err)
	until := s.now.Add(model.BrowserLife)
	s.now = s.now.Add(time.Hour)
	from.SourceIP, from.Browser = "203.0.113.8", model.BrowserClaim{Digest: vault.TokenDigest(proved.Browser.Reveal())}
	again := s.passwordFrom(t, from, "ana")
	known, err := s.store.KnownBrowser(t.Context(), m.ID, vault.TokenDigest(again.Browser.Reveal()), s.now)
	if err != nil || again.Session.Stage != model.StageSignedIn || known.SourceIP != "203.0.113.8" || !known.ExpiresAt.Equal(until) {
		t.Errorf("the browser is %+v, not until %v, %v", known, until, err)
	}
}

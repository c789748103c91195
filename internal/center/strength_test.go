package center_test

import (
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

func strong(p *model.SignInPolicy) { p.Operators = model.OperatorsStrong }

// openStrong is staff of whom strong factors are asked; the administrator has an app with codes of six digits.
func openStrong(t *testing.T) (*staff, member) {
	t.Helper()
	s, admin := adminSignedIn(t)
	config := s.c.Config
	config.BaseURL = site
	s.c = center.New(config)
	s.save(t, strong)
	return s, admin
}

// long is what an app with codes of eight digits shows now.
func (o *office) long(t *testing.T, secret string) string {
	t.Helper()
	code, err := mfa.App{Secret: secret, Digits: mfa.LongDigits}.Code(mfa.Step(o.now))
	must(t, err)
	return code
}

// weakly signs somebody in with six digits, and fails the test unless they have to bind something stronger.
func (o *office) weakly(t *testing.T, m member) center.Admission {
	t.Helper()
	a := o.signInAfresh(t, m)
	if a.Session.Stage != model.StageStrengthening || o.alive(t, a.Token) != model.StageStrengthening {
		t.Fatalf("a code of six digits leads to %q", a.Session.Stage)
	}
	return a
}

// strengthen binds an app with codes of eight digits.
func (o *office) strengthen(t *testing.T, a center.Admission) (center.Confirmed, string) {
	t.Helper()
	secret := o.key(t, a.Token)
	done, err := o.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "Long one", o.long(t, secret))
	must(t, err)
	return done, secret
}

func TestWhoAdministersWithSixDigitsBindsSomethingStrongerBeforeAnythingElse(t *testing.T) {
	s, admin := openStrong(t)
	a := s.weakly(t, admin)
	s.trail(t, "Proved a second factor; the policy asks for a stronger one next")
	e, err := s.c.Enrolment(t.Context(), a.Token.Reveal())
	if err != nil || e.Digits != 8 || !e.Stronger {
		t.Errorf("to enrol: %+v, %v", e, err)
	}
	secret := s.key(t, a.Token)
	_, err = s.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "", s.code(t, secret, 0))
	atField(t, err, "code", "Enter 8 digits. An app that shows 6 cannot be used: scan the code with another one, or use a security key.")
	_, err = s.c.VerifyCode(t.Context(), visit, a.Token.Reveal(), s.code(t, admin.secret, 1))
	kind(t, err, model.Unauthenticated)

	done, _ := s.strengthen(t, a)
	if done.Session.Stage != model.StageSignedIn || done.Session.Methods != "password totp-8" || len(done.RecoveryCodes) != 0 ||
		s.alive(t, done.Token) != model.StageSignedIn || s.alive(t, a.Token) != "" {
		t.Errorf("with the stronger app: %+v", done)
	}
	s.trail(t, "Signed in with password and a code of 8 digits", "Added the authenticator app Long one")

	half := s.password(t, admin.UserName).Token.Reveal()
	before := s.failures(t, admin)
	_, err = s.c.VerifyCode(t.Context(), visit, half, s.code(t, admin.secret, 0))
	atField(t, err, "code", "Enter the 8 digits that your app shows.")
	if s.failures(t, admin) != before {
		t.Error("a code that no app can have is counted")
	}
	f, err := s.c.Factors(t.Context(), half)
	if err != nil || !slices.Equal(f.Devices, []string{"Long one"}) || f.Digits != 8 {
		t.Errorf("codes are taken from %+v, %v", f, err)
	}
	s.now = s.now.Add(mfa.Period)
	in, err := s.c.VerifyCode(t.Context(), visit, half, s.long(t, secret))
	if err != nil || in.Session.Stage != model.StageSignedIn {
		t.Errorf("eight digits: %q, %v", in.Session.Stage, err)
	}
}

func TestFiveWrongCodesOfEightDigitsTurnCodesOff(t *testing.T) {
	s, admin := openStrong(t)
	s.strengthen(t, s.weakly(t, admin))
	half := s.password(t, admin.UserName).Token.Reveal()
	for range 6 {
		_, err := s.c.VerifyCode(t.Context(), visit, half, "00000000")
		kind(t, err, model.Invalid)
	}
	if s.failures(t, admin) != 5 {
		t.Errorf("%d codes were looked at", s.failures(t, admin))
	}
}

// TestNobodyBindsAStrongerFactorWithLessThanTheyHave tries to with the password, a link, and a browser that is trusted.
func TestNobodyBindsAStrongerFactorWithLessThanTheyHave(t *testing.T) {
	s, admin := openStrong(t)
	s.save(t, func(p *model.SignInPolicy) { p.Factor = model.FactorByContext })
	half := s.password(t, admin.UserName)
	_, err := s.c.Enrolment(t.Context(), half.Token.Reveal())
	kind(t, err, model.Conflict)
	_, err = s.c.ConfirmEnrolment(t.Context(), visit, half.Token.Reveal(), "", "12345678")
	kind(t, err, model.Unauthenticated)
	_, err = s.c.AskNewKey(t.Context(), visit, half.Token.Reveal())
	kind(t, err, model.Unauthenticated)

	from := visit
	from.Browser.Trust = true
	s.now = s.now.Add(mfa.Period)
	a, err := s.c.VerifyCode(t.Context(), from, half.Token.Reveal(), s.code(t, admin.secret, 0))
	must(t, err)
	from.Browser.Digest = vault.TokenDigest(a.Browser.Reveal())
	if again := s.passwordFrom(t, from, admin.UserName); again.Session.Stage != model.StagePassword {
		t.Errorf("a trusted browser leads to %q", again.Session.Stage)
	}
	token, err := s.c.ResetPassword(t.Context(), host, admin.ID, center.ByHand)
	must(t, err)
	linked, err := s.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword+" anew")
	if err != nil || linked.Session.Stage != model.StagePassword {
		t.Errorf("a link for the password leads to %q, %v", linked.Session.Stage, err)
	}
}

func TestAKeyIsStrongAndARecoveryCodeLeadsToIt(t *testing.T) {
	s, admin := openStrong(t)
	me := actorOf(admin.User)
	codes, err := s.c.RenewRecoveryCodes(t.Context(), me)
	must(t, err)
	a, err := s.c.VerifyCode(t.Context(), visit, s.password(t, admin.UserName).Token.Reveal(), codes[0])
	if err != nil || a.Session.Stage != model.StageStrengthening {
		t.Fatalf("a recovery code: %q, %v", a.Session.Stage, err)
	}
	key := softkey.Key{Origin: site}
	options, err := s.c.AskNewKey(t.Context(), visit, a.Token.Reveal())
	must(t, err)
	answer, err := key.Create(options)
	must(t, err)
	done, err := s.c.EnrolKey(t.Context(), visit, a.Token.Reveal(), "Blue key", answer)
	if err != nil || done.Session.Stage != model.StageSignedIn || done.Session.Methods != "password security-key" {
		t.Fatalf("a key: %+v, %v", done, err)
	}
	half := s.password(t, admin.UserName).Token.Reveal()
	_, err = s.c.VerifyCode(t.Context(), visit, half, s.code(t, admin.secret, 0))
	atField(t, err, "code", "Who administers needs a security key or passkey here, or an app with codes of 8 digits.")
	if a, err = s.c.VerifyCode(t.Context(), visit, half, codes[1]); err != nil || a.Session.Stage != model.StageSignedIn {
		t.Errorf("with a key and a recovery code: %q, %v", a.Session.Stage, err)
	}

	own, err := s.c.OwnSecurity(t.Context(), me)
	must(t, err)
	app, blue := own.Devices[0], own.Devices[1]
	err = s.c.RemoveDevice(t.Context(), me, blue.ID)
	if kind(t, err, model.Conflict); !strings.Contains(err.Error(), "people who administer") {
		t.Errorf("the last strong device cannot be removed because: %v", err)
	}
	must(t, s.c.RemoveDevice(t.Context(), me, app.ID))
}

func TestTheRuleHoldsForWhoAdministersAlone(t *testing.T) {
	s, admin := openStrong(t)
	ana := s.member(t, "ana")
	in := s.signIn(t, ana)
	if in.Session.Stage != model.StageSignedIn {
		t.Errorf("somebody without a role in the management account: %q", in.Session.Stage)
	}
	e, err := s.c.StartDevice(t.Context(), acting(in))
	if err != nil || e.Digits != 6 {
		t.Errorf("their further app has %d digits, %v", e.Digits, err)
	}
	sets, err := s.c.SetNames(t.Context(), host)
	must(t, err)
	s.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(ana.ID)}, sets[center.AuditorSet])
	if stage := s.alive(t, in.Token); stage != "" {
		t.Errorf("with a role in the management account their session is at %q", stage)
	}
	err = s.c.ConfirmDevice(t.Context(), acting(in), "", s.code(t, e.Secret.Reveal(), 0))
	kind(t, err, model.Conflict)
	s.weakly(t, ana)
	s.weakly(t, admin)
	s.save(t, func(p *model.SignInPolicy) { p.Operators = model.OperatorsAny })
	if a := s.signInAfresh(t, ana); a.Session.Stage != model.StageSignedIn {
		t.Errorf("without the rule: %q", a.Session.Stage)
	}
}

func TestAFirstFactorOfWhoAdministersIsStrong(t *testing.T) {
	s, _ := openStrong(t)
	u, a := s.invited(t, "newcomer")
	if e, err := s.c.Enrolment(t.Context(), a.Token.Reveal()); err != nil || e.Digits != 6 || e.Stronger {
		t.Errorf("a newcomer enrols %+v, %v", e, err)
	}
	sets, err := s.c.SetNames(t.Context(), host)
	must(t, err)
	s.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)}, sets[center.AuditorSet])
	_, err = s.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "", s.code(t, s.key(t, a.Token), 0))
	kind(t, err, model.Conflict) // begun with six digits before they administered
	again := s.password(t, "newcomer")
	if e, err := s.c.Enrolment(t.Context(), again.Token.Reveal()); err != nil || e.Digits != 8 || e.Stronger {
		t.Errorf("who administers enrols %+v, %v", e, err)
	}
	done, _ := s.strengthen(t, again)
	if done.Session.Stage != model.StageSignedIn || len(done.RecoveryCodes) != 10 {
		t.Errorf("with a first strong factor: %+v", done)
	}
}

func TestTheReviewNamesWhoNeedsAStrongerFactorAndNobodyIsLockedOut(t *testing.T) {
	s, admin := adminSignedIn(t)
	ana := s.member(t, "ana")
	in := s.signIn(t, admin)
	s.signIn(t, ana)
	effects, err := s.c.ForeseeSignInPolicy(t.Context(), s.administrator, s.rules(t, strong))
	must(t, err)
	if !slices.Equal(affected(effects.Enrol), []string{admin.DisplayName}) || !strings.Contains(effects.Enrol.People[0].Why, "6 digits") ||
		!slices.Equal(affected(effects.SignedOut), []string{admin.DisplayName}) || len(effects.LockedOut.People) != 0 {
		t.Errorf("the review says %+v", effects)
	}
	everybody := s.group(t, "Everybody", admin.ID)
	s.save(t, func(p *model.SignInPolicy) { strong(p); p.Exempt = []model.GroupID{everybody.ID} }) // it exempts no administrator
	if stage := s.alive(t, in.Token); stage != "" {
		t.Errorf("the administrator's session is at %q", stage)
	}
	s.strengthen(t, s.weakly(t, admin))
	effects, err = s.c.ForeseeSignInPolicy(t.Context(), s.administrator, s.rules(t, func(*model.SignInPolicy) {}))
	if err != nil || len(effects.Enrol.People)+effects.Enrol.Already != 0 {
		t.Errorf("with a strong factor the review says %+v, %v", effects, err)
	}
	err = s.c.UpdateSignInPolicy(t.Context(), host, s.rules(t, func(p *model.SignInPolicy) { p.Operators = "" }), "")
	kind(t, err, model.Invalid, "operators")
}

func TestASpentPasswordIsReplacedAfterTheStrongerFactor(t *testing.T) {
	s, admin := openStrong(t)
	s.save(t, func(p *model.SignInPolicy) { p.MinLength = 60 })
	done, _ := s.strengthen(t, s.weakly(t, admin))
	if done.Session.Stage != model.StageRenewal {
		t.Errorf("after the stronger factor comes %q", done.Session.Stage)
	}
}

// TestAKeyThatCannotBeUsedIsNotStrong has the policy take no keys, and the console give none, of somebody who has one.
func TestAKeyThatCannotBeUsedIsNotStrong(t *testing.T) {
	s, admin := openStrong(t)
	s.save(t, func(p *model.SignInPolicy) { p.Operators = model.OperatorsAny })
	weak := s.signInAfresh(t, admin)
	key := softkey.Key{Origin: site}
	options, err := s.c.AskNewKey(t.Context(), visit, weak.Token.Reveal())
	must(t, err)
	answer, err := key.Create(options)
	must(t, err)
	me := acting(weak)
	me.FactorAt = s.now
	_, err = s.c.AddKey(t.Context(), me, weak.Token.Reveal(), "Blue key", answer)
	must(t, err)
	s.save(t, strong)
	if stage := s.alive(t, weak.Token); stage != "" {
		t.Errorf("a session that six digits opened is at %q, though there is a key", stage)
	}
	s.save(t, func(p *model.SignInPolicy) { p.Kinds = []model.FactorKind{model.FactorTOTP, model.FactorRecovery} })
	s.weakly(t, admin)
	s.save(t, func(p *model.SignInPolicy) { p.Kinds = model.FactorKinds() })
	config := s.c.Config
	config.BaseURL = "http://192.0.2.1:8080" // which has no name, so that browsers give it no keys
	s.c = center.New(config)
	s.weakly(t, admin)
}

package center_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

const goodPassword = "four words that nobody guesses"

// visit is a browser somewhere.
var visit = model.Actor{SourceIP: "203.0.113.7", UserAgent: "Firefox", RequestID: "1f"}

// member is somebody who can sign in.
type member struct {
	model.User
	secret string
}

// member creates somebody with a password and an authenticator app.
func (o *office) member(t *testing.T, name string) member {
	t.Helper()
	u := o.user(t, name)
	secret, err := o.c.ProvisionCredentials(t.Context(), host, u.ID, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return member{u, secret}
}

// code is what the member's app shows, some steps from now.
func (o *office) code(t *testing.T, secret string, steps int64) string {
	t.Helper()
	code, err := mfa.App{Secret: secret, Digits: mfa.Digits}.Code(mfa.Step(o.now) + steps)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// password gives a right password and returns the cookie of the step after.
func (o *office) password(t *testing.T, name string) center.Admission {
	t.Helper()
	a, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: name, Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// signIn signs a member in and returns their browser.
func (o *office) signIn(t *testing.T, m member) center.Admission {
	t.Helper()
	a, err := o.c.VerifyCode(t.Context(), visit, o.password(t, m.UserName).Token.Reveal(), o.code(t, m.secret, 0))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// alive reports whether a cookie opens a session, and at which stage.
func (o *office) alive(t *testing.T, token vault.Secret) model.SessionStage {
	t.Helper()
	b, err := o.c.Resume(t.Context(), token.Reveal())
	if err != nil && model.KindOf(err) != model.Unauthenticated {
		t.Fatal(err)
	}
	return b.Session.Stage
}

func TestPasswordAndCodeSignIn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	half := o.password(t, "ANA")
	if stage := o.alive(t, half.Token); stage != model.StagePassword {
		t.Errorf("after the password the stage is %q", stage)
	}
	whole, err := o.c.VerifyCode(t.Context(), visit, half.Token.Reveal(), " "+o.code(t, m.secret, 0)[:3]+"-"+o.code(t, m.secret, 0)[3:])
	if err != nil {
		t.Fatal(err)
	}
	if whole.Token == half.Token || o.alive(t, half.Token) != "" {
		t.Error("the cookie of the password step still opens something")
	}
	if stage := o.alive(t, whole.Token); stage != model.StageSignedIn {
		t.Errorf("after the code the stage is %q", stage)
	}
	o.trail(t, "Signed in with password and a code", "Entered the right password; the second factor is next",
		"Gave Ana Beltrán a password and an authenticator app")
}

func TestACodeIsTakenOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	o.signIn(t, m)
	_, err := o.c.VerifyCode(t.Context(), visit, o.password(t, "ana").Token.Reveal(), o.code(t, m.secret, 0))
	atField(t, err, "code", "This code was used already. Wait for the next one.")
	o.trail(t, "Sign-in failed: a code that was used before")
}

func TestOfManyEqualCodesAtOnceOneSignsIn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	var cookies [50]string
	for i := range cookies {
		cookies[i] = o.password(t, "ana").Token.Reveal()
	}
	code := o.code(t, m.secret, 0)
	var won sync.Map
	var all sync.WaitGroup
	for i, cookie := range cookies {
		all.Go(func() {
			if a, err := o.c.VerifyCode(t.Context(), visit, cookie, code); err == nil && a.Session.Stage == model.StageSignedIn {
				won.Store(i, true)
			}
		})
	}
	all.Wait()
	n := 0
	won.Range(func(_, _ any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d of 50 equal codes signed in", n)
	}
}

func TestFiveWrongCodesTurnCodesOffHoweverManyComeAtOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	cookie := o.password(t, "ana").Token.Reveal()
	wrong := o.code(t, m.secret, 40)
	var looked sync.Map
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			_, err := o.c.VerifyCode(t.Context(), visit, cookie, wrong)
			looked.Store(i, err.Error())
		})
	}
	all.Wait()
	count := map[string]int{}
	looked.Range(func(_, words any) bool { count[words.(string)]++; return true })
	off := 0
	for words, n := range count {
		if words[:9] == "Codes are" {
			off += n
		}
	}
	if off != 46 { // the fifth says that codes are off now
		t.Errorf("answers %v", count)
	}
	_, err := o.c.VerifyCode(t.Context(), visit, cookie, o.code(t, m.secret, 0))
	if err == nil {
		t.Error("a right code is taken after codes were turned off")
	}
}

func TestWrongPasswordsWaitLongerAndLongerAndStayCounted(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.member(t, "ana")
	guess := func(name string) error {
		_, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: name, Password: "wrong password"})
		return err
	}
	for _, name := range []string{"ana", "nobody"} {
		for range 4 {
			atField(t, guess(name), "password", "The user name or the password is not right.")
		}
		atField(t, guess(name), "password", "Too many tries. Wait 1 second and try again.")
		o.now = o.now.Add(time.Second)
		atField(t, guess(name), "password", "The user name or the password is not right.")
		atField(t, guess(name), "password", "Too many tries. Wait 2 seconds and try again.")
	}
	_, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: " Ana ", Password: goodPassword})
	atField(t, err, "password", "Too many tries. Wait 1 second and try again.")
	elsewhere := visit
	elsewhere.SourceIP = "198.51.100.1"
	if _, err := o.c.SignIn(t.Context(), elsewhere, center.Credentials{UserName: "ana", Password: goodPassword}); err != nil {
		t.Errorf("from another network: %v", err)
	}
}

// atField fails the test unless an error is about a field, in these words.
func atField(t *testing.T, err error, field, words string) {
	t.Helper()
	e, ok := errors.AsType[*model.Error](err)
	if !ok || e.Fields[field] != words {
		t.Errorf("error %v, want %q at %s", err, words, field)
	}
}

func TestNobodyLearnsWhoExists(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.member(t, "ana")
	off := o.member(t, "ben")
	o.user(t, "new")
	if err := o.c.DisableUser(t.Context(), host, off.ID, ""); err != nil {
		t.Fatal(err)
	}
	var answers []string
	for i, name := range []string{"ana", "ben", "new", "nobody"} {
		from := visit
		from.SourceIP = fmt.Sprintf("198.51.100.%d", i)
		password := vault.Secret("wrong password")
		if name == "ben" {
			password = goodPassword
		}
		_, err := o.c.SignIn(t.Context(), from, center.Credentials{UserName: name, Password: password})
		answers = append(answers, fmt.Sprint(err))
	}
	if len(slices.Compact(answers)) != 1 {
		t.Errorf("answers differ: %q", answers)
	}
}

func TestFailuresStayCountedAfterARestart(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	half := o.password(t, "ana").Token.Reveal()
	for range 5 {
		_, _ = o.c.VerifyCode(t.Context(), visit, half, o.code(t, m.secret, 50))
	}
	for range 4 {
		_, _ = o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: "wrong password"})
	}
	next := o.again(t)
	_, err := next.c.SignIn(t.Context(), visit, center.Credentials{UserName: "aNa", Password: goodPassword})
	atField(t, err, "password", "Too many tries. Wait 1 second and try again.")
	if _, err := next.c.VerifyCode(t.Context(), visit, half, o.code(t, m.secret, 0)); err == nil {
		t.Error("codes are on again after a restart")
	}
}

func TestAHundredFailuresFromAnywhereTurnAPasswordOff(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	for i := range 100 {
		from := visit
		from.SourceIP = fmt.Sprintf("2001:db8:0:%x::1", i)
		_, err := o.c.SignIn(t.Context(), from, center.Credentials{UserName: "ana", Password: "wrong password"})
		atField(t, err, "password", "The user name or the password is not right.")
	}
	_, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword})
	atField(t, err, "password", "The user name or the password is not right.")
	o.trail(t, "Sign-in as ana failed: the password is off after 100 failures in a row")
	token, err := o.c.ResetPassword(t.Context(), host, m.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword); err != nil {
		t.Fatal(err)
	}
	o.password(t, "ana")
}

func TestANetworkThatTriesManyNamesHasToWait(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.member(t, "ana")
	for i := range 100 {
		_, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: fmt.Sprint("user", i), Password: "wrong password"})
		atField(t, err, "password", "The user name or the password is not right.")
	}
	_, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword})
	atField(t, err, "password", "Too many tries. Wait 15 minutes and try again.")
	o.now = o.now.Add(15 * time.Minute)
	o.password(t, "ana")
}

func TestGuessesAtOnceAreCountedOneByOne(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.member(t, "ana")
	var looked atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			_, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: "wrong password"})
			if e, ok := errors.AsType[*model.Error](err); ok && e.Fields["password"] == "The user name or the password is not right." {
				looked.Add(1)
			}
		})
	}
	all.Wait()
	if n := looked.Load(); n != 4 {
		t.Errorf("%d of 50 guesses at once were looked at, want 4", n)
	}
}

func TestAPasswordHashedAtAnotherCostIsHashedAnew(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	before, err := o.store.Password(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	next := o.again(t)
	config := next.c.Config
	if config.Hasher, err = vault.NewHasher(vault.Cost{Passes: 2, MemoryKiB: 16, Lanes: 1}); err != nil {
		t.Fatal(err)
	}
	next.c = center.New(config)
	next.password(t, "ana")
	after, err := next.store.Password(t.Context(), m.ID)
	if err != nil || after.Hash == before.Hash || !after.ChangedAt.Equal(before.ChangedAt) {
		t.Errorf("the hash is %q, set at %v; %v", after.Hash, after.ChangedAt, err)
	}
	next.password(t, "ana")
}

func TestSigningOutKillsTheCookie(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	a := o.signIn(t, o.member(t, "ana"))
	if err := o.c.SignOut(t.Context(), acting(a)); err != nil {
		t.Fatal(err)
	}
	if o.alive(t, a.Token) != "" {
		t.Error("the cookie still opens the session")
	}
	o.trail(t, "Signed out")
	half := o.password(t, "ana")
	if err := o.c.CancelSignIn(t.Context(), visit, half.Token.Reveal()); err != nil || o.alive(t, half.Token) != "" {
		t.Errorf("CancelSignIn() = %v", err)
	}
	if err := o.c.CancelSignIn(t.Context(), visit, half.Token.Reveal()); err != nil {
		t.Errorf("CancelSignIn() again = %v", err)
	}
}

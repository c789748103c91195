package center_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
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

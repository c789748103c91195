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

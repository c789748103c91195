package center_test

import (
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store/storetest"
)

// A person without a second factor may bind one with the password alone. Whoever can write to the database must not be able
// to make somebody such a person.
func TestNobodyBindsAFactorInThePlaceOfOneThatWasDeletedFromTheDatabase(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ana := o.member(t, "ana")
	if _, err := o.c.ProvisionCredentials(t.Context(), host, o.user(t, "cleo").ID, goodPassword); err != nil {
		t.Fatal(err)
	}
	i := storetest.NewIntruder(t, o.path)
	i.Remember("totp_devices")
	i.Do(`DELETE FROM totp_devices WHERE user_pk = (SELECT pk FROM users WHERE id = '` + string(ana.ID) + `')`)
	given := center.Credentials{UserName: "ana", Password: goodPassword}
	if a, err := o.c.SignIn(t.Context(), visit, given); model.KindOf(err) != model.Unavailable || a.Token != "" {
		t.Errorf("without her app: a session of stage %q, %v, want Unavailable", a.Session.Stage, err)
	}
	actor := model.Actor{User: ana.ID, UserName: "ana", SourceIP: visit.SourceIP}
	if err := o.c.ReadyForDevice(t.Context(), actor); model.KindOf(err) != model.Unavailable {
		t.Errorf("adding a device: %v, want Unavailable", err)
	}
	i.Restore("totp_devices")
	if a, err := o.c.SignIn(t.Context(), visit, given); err != nil || a.Session.Stage != model.StagePassword {
		t.Errorf("with her app back: stage %q, %v", a.Session.Stage, err)
	}
}

// After a reset of the second factor its link alone binds a new one, so that it must not help to delete the link.
func TestNobodyBindsAFactorWithoutTheLinkOfAResetThatWasDeletedFromTheDatabase(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ana := o.member(t, "ana")
	if _, err := o.c.ResetMFA(t.Context(), host, ana.ID, center.ByHand); err != nil {
		t.Fatal(err)
	}
	i := storetest.NewIntruder(t, o.path)
	i.Remember("links")
	for _, change := range []string{`DELETE FROM links`, `UPDATE links SET purpose = 'password'`} {
		i.Do(change)
		a, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword})
		if model.KindOf(err) != model.Unavailable || a.Token != "" {
			t.Errorf("%s: a session of stage %q, %v, want Unavailable", change, a.Session.Stage, err)
		}
		i.Restore("links")
	}
}

func TestAForgedSessionIsNoneAndLeavesTheBrowserFreeToSignIn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ana := o.member(t, "ana")
	a, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	i := storetest.NewIntruder(t, o.path)
	i.Remember("sessions")
	const forge = `UPDATE sessions SET stage = 'signed-in', signed_in_at = created_at, factor_at = created_at`
	i.Do(forge)
	if _, err := o.c.Resume(t.Context(), a.Token.Reveal()); model.KindOf(err) != model.Unauthenticated {
		t.Errorf("the forged session: %v, want Unauthenticated", err)
	}
	i.Restore("sessions")
	if e, err := center.Verify(t.Context(), o.store, o.c.Vault, nil); err != nil || !e.Whole() {
		t.Errorf("to turn it away wrote something: %+v, %v", e, err)
	}
	i.Do(forge)
	if err := o.c.DisableUser(t.Context(), host, ana.ID, ""); err != nil {
		t.Errorf("shutting its person out: %v", err)
	}
	if _, err := o.c.AcceptDamage(t.Context(), host, "looked into it"); err != nil {
		t.Fatal(err)
	}
	if e, err := center.Verify(t.Context(), o.store, o.c.Vault, nil); err != nil || !e.Whole() {
		t.Errorf("afterwards: %+v, %v", e, err)
	}
	if _, err := o.c.Resume(t.Context(), a.Token.Reveal()); model.KindOf(err) != model.Unauthenticated {
		t.Errorf("the forged session after that: %v, want Unauthenticated", err)
	}
}

// What Gatehouse itself deletes or ends must not take along the trace of what was changed before it was.
func TestATraceOfAFactorIsNotTidiedAway(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.member(t, "ana")
	i := storetest.NewIntruder(t, o.path)
	i.Do(`UPDATE totp_devices SET confirmed_at = NULL, created_at = '2001-01-01 00:00:00+00:00'`)
	if err := o.c.Purge(t.Context()); err != nil || len(i.Rows("totp_devices")) > 0 {
		t.Fatalf("Purge() = %v, and left %d apps", err, len(i.Rows("totp_devices")))
	}
	a, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword})
	if model.KindOf(err) != model.Unavailable || a.Token != "" {
		t.Errorf("a session of stage %q, %v, want Unavailable", a.Session.Stage, err)
	}
}

func TestATraceOfAResetIsNotTidiedAway(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ana, mallory := o.member(t, "ana"), o.user(t, "mallory")
	if _, err := o.c.ResetMFA(t.Context(), host, ana.ID, center.ByHand); err != nil {
		t.Fatal(err)
	}
	i := storetest.NewIntruder(t, o.path)
	i.Do(`UPDATE links SET purpose = 'password', user_pk = (SELECT pk FROM users WHERE id = ?)`, string(mallory.ID))
	if _, err := o.c.ResetPassword(t.Context(), host, mallory.ID, center.ByHand); err != nil { // ends her older link
		t.Fatal(err)
	}
	i.Do(`DELETE FROM links WHERE pk = (SELECT min(pk) FROM links)`)
	a, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword})
	if model.KindOf(err) != model.Unavailable || a.Token != "" {
		t.Errorf("a session of stage %q, %v, want Unavailable", a.Session.Stage, err)
	}
}

// Damage that is accepted must not accept that nothing was reset.
func TestAResetStaysPendingThoughItsLinkWasSpoiledAndTheDamageAccepted(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ana := o.member(t, "ana")
	if _, err := o.c.ResetMFA(t.Context(), host, ana.ID, center.ByHand); err != nil {
		t.Fatal(err)
	}
	storetest.NewIntruder(t, o.path).Do(`UPDATE links SET purpose = 'password'`)
	if _, err := o.c.AcceptDamage(t.Context(), host, "looked into it"); err != nil {
		t.Fatal(err)
	}
	a, err := o.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword})
	if err != nil || a.Session.Stage != model.StagePassword {
		t.Errorf("the password alone leads to the stage %q, %v", a.Session.Stage, err)
	}
}

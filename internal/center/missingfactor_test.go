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

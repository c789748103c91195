package center_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

func firstRequest() center.SetUpRequest {
	return center.SetUpRequest{Organization: "SecureCart", Region: "eu-central-1",
		Account: model.Account{ID: "1111-2222-3333", Name: "SecureCart-Management", Email: "aws@securecart.example"},
		User:    model.User{UserName: "elena", GivenName: "Elena", FamilyName: "Novak", Email: "elena@securecart.example"}}
}

// link makes the set-up link of a Gatehouse that was never set up.
func (o *office) link(t *testing.T) string {
	t.Helper()
	token, needed, err := o.c.SetUpLink(t.Context(), host)
	if err != nil || !needed {
		t.Fatalf("SetUpLink() = %v, %v", needed, err)
	}
	return token.Reveal()
}

func TestSetUpMakesAnOrganizationAndItsAdministrator(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t)
	a, err := o.c.SetUp(t.Context(), visit, o.link(t), firstRequest(), goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if a.Session.Stage != model.StageEnrolment {
		t.Errorf("stage %q, want enrolment", a.Session.Stage)
	}
	e, err := o.c.Enrolment(t.Context(), a.Token.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	done, err := o.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "Elena's phone", o.code(t, e.Secret.Reveal(), 0))
	if err != nil || len(done.RecoveryCodes) != 10 || o.alive(t, done.Token) != model.StageSignedIn {
		t.Fatalf("ConfirmEnrolment() = %d codes, %v", len(done.RecoveryCodes), err)
	}
	actor := model.Actor{User: a.User.ID, UserName: "elena", MFA: true, FactorAt: o.now}
	may, err := o.c.Allows(t.Context(), actor, model.ActCreateUser, model.ActCreatePermissionSet)
	if err != nil || !may[model.ActCreateUser] || !may[model.ActCreatePermissionSet] {
		t.Errorf("Allows() = %v, %v", may, err)
	}
	o.trail(t, "Signed in with password and a code", "Added the authenticator app Elena's phone",
		"Assigned Gatehouse-Administrator to Elena Novak on SecureCart-Management (111122223333)",
		"Created the permission set Gatehouse-HelpDesk", "Created the permission set Gatehouse-Auditor",
		"Created the permission set Gatehouse-Administrator",
		"Set up the organization SecureCart with Elena Novak as its first administrator",
		"Made the link for set-up, good for 15 minutes")
}

func TestASetUpLinkWorksOnceAndForFifteenMinutes(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t)
	old := o.link(t)
	late := o.link(t)
	o.now = o.now.Add(15 * time.Minute)
	fresh := o.link(t)
	for name, token := range map[string]string{"of an earlier start": old, "of 15 minutes ago": late, "made up": "x"} {
		if _, err := o.c.SetUp(t.Context(), visit, token, firstRequest(), goodPassword); model.KindOf(err) != model.NotFound {
			t.Errorf("with a link %s: %v", name, err)
		}
	}
	if _, err := o.c.SetUp(t.Context(), visit, fresh, firstRequest(), goodPassword); err != nil {
		t.Fatal(err)
	}
	if _, err := o.c.SetUp(t.Context(), visit, fresh, firstRequest(), goodPassword); model.KindOf(err) != model.NotFound {
		t.Errorf("a second time: %v", err)
	}
	if _, needed, err := o.c.SetUpLink(t.Context(), host); needed || err != nil {
		t.Errorf("SetUpLink() after set-up = %v, %v", needed, err)
	}
}

func TestSetUpNamesEveryFieldThatIsWrongAndUsesUpNothing(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t)
	token := o.link(t)
	_, err := o.c.SetUp(t.Context(), visit, token, center.SetUpRequest{Region: "Mars"}, "12345678")
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		t.Fatal(err)
	}
	for _, field := range []string{"organization", "region", "account_id", "account_name", "account_email", "username",
		"given_name", "family_name", "email", "password"} {
		if e.Fields[field] == "" {
			t.Errorf("no problem at %s: %v", field, e.Fields)
		}
	}
	for field := range e.Fields {
		if strings.Contains(field, "state") {
			t.Errorf("a problem at %s, which the page does not have", field)
		}
	}
	if _, err := o.c.Link(t.Context(), token); err != nil {
		t.Errorf("the link after a refused form: %v", err)
	}
	events, err := o.store.Events(t.Context(), store.EventFilter{})
	if err != nil || len(events) != 1 {
		t.Errorf("%d events, %v", len(events), err)
	}
}

package center_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

func contains(text, part string) bool { return strings.Contains(text, part) }

// issuer makes a one-time link for a person.
type issuer func(context.Context, model.Actor, model.UserID, center.Delivery) (vault.Secret, error)

func TestOnlyWhoMayIssuesLinksAndNobodyForAdministrators(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	m := s.member(t, "ana")
	fresh := s.user(t, "new")
	for name, issue := range map[string]issuer{"invite": s.c.Invite, "password": s.c.ResetPassword, "mfa": s.c.ResetMFA} {
		for who, actor := range map[string]model.Actor{"auditor": s.auditor, "nobody": s.nobody} {
			if _, err := issue(t.Context(), actor, m.ID, center.ByHand); model.KindOf(err) != model.Forbidden {
				t.Errorf("%s by %s: %v", name, who, err)
			}
		}
		if _, err := issue(t.Context(), s.helpDesk, s.administrator.User, center.ByHand); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s for an administrator by the help desk: %v", name, err)
		}
		if _, err := issue(t.Context(), s.administrator, s.administrator.User, center.ByHand); model.KindOf(err) != model.Conflict {
			t.Errorf("%s for oneself: %v", name, err)
		}
		without := s.helpDesk
		without.MFA = false
		if _, err := issue(t.Context(), without, m.ID, center.ByHand); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s without a second factor: %v", name, err)
		}
		id := m.ID
		if name == "invite" {
			id = fresh.ID
		}
		if token, err := issue(t.Context(), s.helpDesk, id, center.ByHand); err != nil || len(token.Reveal()) != 43 {
			t.Errorf("%s by the help desk: %v", name, err)
		}
	}
	if e := s.newest(t); e.Grant == "" || e.Outcome != model.Done {
		t.Errorf("newest event %+v", e)
	}
}

func TestALinkWorksOnceHoweverManyTryAtOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	u := o.user(t, "ana")
	token, err := o.c.Invite(t.Context(), host, u.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	var won atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := o.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 50 used the link", won.Load())
	}
}

func TestWorthlessLinksSayTheSame(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	u := o.user(t, "ana")
	invite := func() string {
		token, err := o.c.Invite(t.Context(), host, u.ID, center.ByHand)
		if err != nil {
			t.Fatal(err)
		}
		return token.Reveal()
	}
	old, late := invite(), invite()
	o.now = o.now.Add(center.LinkLife)
	fresh := invite()
	gone := o.user(t, "ben")
	ofGone, err := o.c.Invite(t.Context(), host, gone.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.c.DisableUser(t.Context(), host, gone.ID, ""); err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for name, token := range map[string]string{"replaced": old, "late": late, "of a disabled person": ofGone.Reveal(), "unknown": "x", "cut": fresh[:42]} {
		_, err := o.c.AcceptLink(t.Context(), visit, token, goodPassword)
		if model.KindOf(err) != model.NotFound {
			t.Errorf("%s: %v", name, err)
			continue
		}
		words[err.Error()] = true
	}
	if len(words) != 1 {
		t.Errorf("answers differ: %v", words)
	}
	if _, err := o.c.AcceptLink(t.Context(), visit, fresh, "password"); model.KindOf(err) != model.Invalid {
		t.Errorf("a common password: %v", err)
	}
	if _, err := o.c.AcceptLink(t.Context(), visit, fresh, goodPassword); err != nil {
		t.Errorf("after a refused password: %v", err)
	}
}

func TestAnInvitationIsForWhoHasNoPassword(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	if _, err := o.c.Invite(t.Context(), host, m.ID, center.ByHand); model.KindOf(err) != model.Conflict {
		t.Errorf("Invite() = %v", err)
	}
}

func TestAResetPasswordEndsSessionsAndStillAsksForTheCode(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	m := s.member(t, "ana")
	whole := s.signIn(t, m)
	token, err := s.c.ResetPassword(t.Context(), s.helpDesk, m.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	if s.alive(t, whole.Token) != "" {
		t.Error("a session survived")
	}
	_, err = s.c.SignIn(t.Context(), visit, center.Credentials{UserName: "ana", Password: goodPassword})
	atField(t, err, "password", "The user name or the password is not right.")
	a, err := s.c.AcceptLink(t.Context(), visit, token.Reveal(), "another four words here")
	if err != nil {
		t.Fatal(err)
	}
	if a.Session.Stage != model.StagePassword {
		t.Errorf("stage %q: the second factor was skipped", a.Session.Stage)
	}
	s.now = s.now.Add(time.Minute)
	if _, err := s.c.VerifyCode(t.Context(), visit, a.Token.Reveal(), s.code(t, m.secret, 0)); err != nil {
		t.Errorf("the code after a new password: %v", err)
	}
	s.trail(t, "Signed in with password and a code", "Used the link for a new password and chose one",
		"Sign-in as ana failed: there is no password yet",
		"Reset the password of Ana Beltrán and ended their sessions; the link is good for 15 minutes")
}

func TestAResetSecondFactorIsBoundThroughTheLinkAlone(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	m := s.member(t, "ana")
	whole := s.signIn(t, m)
	token, err := s.c.ResetMFA(t.Context(), s.helpDesk, m.ID, center.ByHand)
	if err != nil {
		t.Fatal(err)
	}
	if s.alive(t, whole.Token) != "" {
		t.Error("a session survived")
	}
	half := s.password(t, "ana")
	if half.Session.Stage != model.StagePassword {
		t.Fatalf("with the password alone the stage is %q", half.Session.Stage)
	}
	f, err := s.c.Factors(t.Context(), half.Token.Reveal())
	if err != nil || !f.Reset {
		t.Errorf("Factors() = %+v, %v", f, err)
	}
	if _, err := s.c.VerifyCode(t.Context(), visit, half.Token.Reveal(), s.code(t, m.secret, 1)); err == nil {
		t.Error("the app that was taken away still signs in")
	}
	_, err = s.c.AcceptLink(t.Context(), visit, token.Reveal(), "wrong password")
	atField(t, err, "password", "The user name or the password is not right.")
	a, err := s.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if a.Session.Stage != model.StageEnrolment {
		t.Fatalf("stage %q", a.Session.Stage)
	}
	if _, err := s.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "", s.code(t, s.key(t, a.Token), 0)); err != nil {
		t.Error(err)
	}
	if half := s.password(t, "ana"); half.Session.Stage != model.StagePassword {
		t.Errorf("afterwards the stage is %q", half.Session.Stage)
	}
}

func TestTheHostLetsSomebodyBackIn(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	m := s.member(t, "ana")
	whole := s.signIn(t, m)
	if err := s.c.DisableUser(t.Context(), host, m.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.c.Recover(t.Context(), s.administrator, "ana", true); model.KindOf(err) != model.Forbidden {
		t.Errorf("Recover() by a person = %v", err)
	}
	token, err := s.c.Recover(t.Context(), host, "ANA", true)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.c.AcceptLink(t.Context(), visit, token.Reveal(), "another four words here")
	if err != nil || a.Session.Stage != model.StageEnrolment || s.alive(t, whole.Token) != "" {
		t.Fatalf("AcceptLink() = %q, %v", a.Session.Stage, err)
	}
	may, err := s.c.Allows(t.Context(), actorOf(m.User), model.ActCreateAssignment)
	if err != nil || !may[model.ActCreateAssignment] {
		t.Errorf("the person does not administer: %v", err)
	}
	s.trail(t, "Used the link from the host and chose a new password",
		"Assigned Gatehouse-Administrator to Ana Beltrán on SecureCart-Management (111122223333)", "Enabled Ana Beltrán",
		"Made a link for Ana Beltrán to choose a new password and second factor, good for 15 minutes")
	if e := s.newest(t); e.ActorName != "ana" {
		t.Errorf("the link was used by %q", e.ActorName)
	}
}

func TestARecoveryWorksWhenTheAdministratorsSetDoesNot(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	sets, err := s.c.SetNames(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	err = s.store.Housekeep(t.Context(), func(tx *store.Tx) error {
		set, err := tx.PermissionSet(t.Context(), sets[center.AdministratorSet])
		if err != nil {
			return err
		}
		set.InlinePolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`
		return tx.UpdatePermissionSet(t.Context(), set.PermissionSet, "", nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	if may, err := s.c.Allows(t.Context(), s.administrator, model.ActCreateUser); err != nil || may[model.ActCreateUser] {
		t.Fatalf("the administrator still administers: %v", err)
	}
	if _, err := s.c.Recover(t.Context(), host, s.administrator.UserName, true); err != nil {
		t.Fatal(err)
	}
	if may, err := s.c.Allows(t.Context(), s.administrator, model.ActCreateUser); err != nil || !may[model.ActCreateUser] {
		t.Errorf("Allows() = %v, %v", may, err)
	}
	s.trail(t, "Assigned Gatehouse-Recovery to Elena Novak on SecureCart-Management (111122223333)",
		"Created the permission set Gatehouse-Recovery")
}

func TestCredentialsAreProvisionedByTheHostAlone(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	if _, err := s.c.ProvisionCredentials(t.Context(), s.administrator, s.nobody.User, goodPassword); model.KindOf(err) != model.Forbidden {
		t.Errorf("by an administrator: %v", err)
	}
	if _, _, err := s.c.SetUpLink(t.Context(), s.administrator); model.KindOf(err) != model.Forbidden {
		t.Errorf("a set-up link for an administrator: %v", err)
	}
	if _, err := s.c.SetUpFromHost(t.Context(), s.administrator, firstRequest()); model.KindOf(err) != model.Forbidden {
		t.Errorf("set-up by an administrator: %v", err)
	}
}

func TestALinkNamesTheOrganizationAndIsNotForSomebodyDisabled(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	token, err := s.c.Invite(t.Context(), s.helpDesk, u.ID, center.ByHand)
	must(t, err)
	open, err := s.c.Link(t.Context(), token.Reveal())
	name, _ := s.c.OrganizationName(t.Context())
	if err != nil || open.Organization != name || name == "" || open.User.ID != u.ID {
		t.Errorf("Link() = %+v, %v", open, err)
	}
	must(t, s.c.DisableUser(t.Context(), host, u.ID, ""))
	_, err = s.c.Invite(t.Context(), s.helpDesk, u.ID, center.ByHand)
	kind(t, err, model.Conflict)
	if !strings.HasSuffix(err.Error(), "is disabled. Enable them first.") {
		t.Errorf("inviting somebody disabled: %v", err)
	}
}

// TestALinkForSettingUpSetsNoPassword takes the link that the console prints at its first start to the page of other links.
func TestALinkForSettingUpSetsNoPassword(t *testing.T) {
	t.Parallel()
	o := emptyOffice(t)
	token, needed, err := o.c.SetUpLink(t.Context(), host)
	if err != nil || !needed {
		t.Fatalf("a link for setting up is needed: %t, %v", needed, err)
	}
	_, err = o.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword)
	kind(t, err, model.NotFound)
}

package center_test

import (
	"slices"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

// openSet is a permission set that asks for no second factor, as nearly all do that an organization makes for itself.
func (s *staff) openSet(t *testing.T) model.PermissionSetID {
	t.Helper()
	set, err := s.c.CreatePermissionSet(t.Context(), host, model.PermissionSet{Name: "Everything", SessionDuration: time.Hour,
		InlinePolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`}, "")
	must(t, err)
	return set.ID
}

// TestNobodyWhoAdministersIsExempt gives a role in the management account to one of two members of an exempt group.
func TestNobodyWhoAdministersIsExempt(t *testing.T) {
	t.Parallel()
	s, admin := adminSignedIn(t)
	ana, ben := s.member(t, "ana"), s.member(t, "ben")
	set := s.openSet(t)
	s.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(ana.ID)}, set)
	newcomer := s.withoutDevice(t, "newcomer")
	g := s.group(t, "Kiosk", ana.ID, ben.ID, admin.ID, newcomer.ID)
	exempt := func(p *model.SignInPolicy) { p.Exempt = []model.GroupID{g.ID} }
	review := func() center.SignInEffects {
		t.Helper()
		e, err := s.c.ForeseeSignInPolicy(t.Context(), s.administrator, s.rules(t, exempt))
		must(t, err)
		return e
	}
	if e := review(); !slices.Equal(affected(e.Unasked), []string{ben.DisplayName, "newcomer Person"}) || e.Unasked.People[0].ID != string(ben.ID) {
		t.Errorf("the review names %+v as not asked any more", e.Unasked)
	}
	s.save(t, exempt)
	if a := s.password(t, "ana"); a.Session.Stage != model.StagePassword {
		t.Errorf("the password of who administers leads to %q", a.Session.Stage)
	}
	if a := s.signIn(t, ana); a.Session.Stage != model.StageSignedIn || s.alive(t, a.Token) != model.StageSignedIn {
		t.Errorf("with a code they are %q", a.Session.Stage)
	}
	alone := s.password(t, "ben")
	if alone.Session.Stage != model.StageSignedIn {
		t.Errorf("the password of who does not leads to %q", alone.Session.Stage)
	}

	s.give(t, model.Principal{Kind: model.PrincipalGroup, ID: string(g.ID)}, set)
	if stage := s.alive(t, alone.Token); stage != "" {
		t.Errorf("with a role in the management account a session by password alone is at %q", stage)
	}
	if a := s.password(t, "newcomer"); a.Session.Stage != model.StageEnrolment {
		t.Errorf("who administers now and has no factor is at %q", a.Session.Stage)
	}
	if e := review(); len(e.Unasked.People)+e.Unasked.Already != 0 || e.Enrol.Already != 1 {
		t.Errorf("the review says %+v", e)
	}
}

func TestTheReviewKnowsWhoHasToUseTheLinkOfAReset(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	ana := s.member(t, "ana")
	if _, err := s.c.ResetMFA(t.Context(), host, ana.ID, center.ByHand); err != nil {
		t.Fatal(err)
	}
	g := s.group(t, "Exempt", ana.ID)
	exempt := s.rules(t, func(p *model.SignInPolicy) { p.Exempt = []model.GroupID{g.ID} })
	e, err := s.c.ForeseeSignInPolicy(t.Context(), s.administrator, exempt)
	if err != nil || e.LockedOut.Already != 1 || len(e.Unasked.People) != 0 {
		t.Errorf("locked out %+v, unasked %+v, %v", e.LockedOut, e.Unasked, err)
	}
}

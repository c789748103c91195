package center_test

import (
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

func TestOffboardingEndsEverythingInOneActAndListsWhatIsLeft(t *testing.T) {
	t.Parallel()
	s, _ := adminSignedIn(t)
	m := s.member(t, "ana")
	g := s.group(t, "Developers", m.ID)
	set := s.setOf(t, center.AuditorSet)
	s.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(m.ID)}, set)
	browser := s.signIn(t, m)
	me := actorOf(m.User)
	me.Session = browser.Session.ID
	keys, err := s.c.IssueRoleCredentials(t.Context(), me, management, set)
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.c.ResetMFA(t.Context(), host, m.ID, center.ByHand) // ends the sessions as well
	if err != nil {
		t.Fatal(err)
	}
	before := s.newest(t).Seq

	if err := s.c.Offboard(t.Context(), s.administrator, m.ID, "left the company"); err != nil {
		t.Fatal(err)
	}
	e := s.newest(t)
	if e.Seq != before+1 || e.Action != model.ActOffboard || e.Reason != "left the company" {
		t.Errorf("the trail has %d events, the newest %+v", e.Seq-before, e)
	}
	if !strings.HasPrefix(e.Summary, "Offboarded Ana Beltrán: disabled") || !strings.Contains(e.Summary, "closed 1 one-time link") {
		t.Errorf("the summary is %q", e.Summary)
	}
	if s.alive(t, browser.Token) != "" {
		t.Error("a session goes on")
	}
	if r, _, err := s.c.Caller(t.Context(), keys.AccessKeyID, keys.SessionToken); err != nil || r.RevokedAt.IsZero() {
		t.Errorf("role credentials still work: %+v, %v", r, err)
	}
	if _, err := s.c.AcceptLink(t.Context(), visit, token.Reveal(), goodPassword); model.KindOf(err) != model.NotFound {
		t.Errorf("a one-time link still works: %v", err)
	}
	l, err := s.c.Leftovers(t.Context(), s.administrator, m.ID)
	if err != nil || !l.CutOff() || !l.At.Equal(s.now) || !l.Password || len(l.Direct) != 1 ||
		!slices.Equal(l.Groups, []model.Ref{{Kind: model.RefGroup, ID: string(g.ID), Name: "Developers"}}) {
		t.Errorf("left: %+v, %v", l, err)
	}

	if err := s.c.EnableUser(t.Context(), s.administrator, m.ID, ""); err != nil {
		t.Fatal(err)
	}
	if a := s.password(t, "ana"); a.Session.Stage != model.StagePassword {
		t.Errorf("enabled again, whoever knows the password enrols a factor without a link: %q", a.Session.Stage)
	}
}

func TestOffboardingAgainIsSafeAndForWhoMay(t *testing.T) {
	t.Parallel()
	s, admin := adminSignedIn(t)
	m := s.member(t, "ana")
	for who, actor := range map[string]model.Actor{"auditor": s.auditor, "nobody": s.nobody} {
		if err := s.c.Offboard(t.Context(), actor, m.ID, ""); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s: %v", who, err)
		}
	}
	if err := s.c.Offboard(t.Context(), s.helpDesk, admin.ID, ""); model.KindOf(err) != model.Forbidden {
		t.Errorf("the help desk offboards an administrator: %v", err)
	}
	kind(t, s.c.Offboard(t.Context(), s.administrator, admin.ID, ""), model.Conflict)
	kind(t, s.c.Offboard(t.Context(), host, admin.ID, ""), model.Conflict) // the last administrator
	for _, want := range []string{"Offboarded Ana Beltrán: disabled", "Offboarded Ana Beltrán: nothing was left to end"} {
		if err := s.c.Offboard(t.Context(), s.administrator, m.ID, ""); err != nil {
			t.Fatal(err)
		}
		s.trail(t, want)
	}
	kind(t, s.c.Offboard(t.Context(), s.administrator, "nobody", ""), model.NotFound)
}

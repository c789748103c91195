package center_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/model"
)

func TestMembersAreAddedOnce(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	a, b := s.user(t, "ana"), s.user(t, "ben")
	g := s.group(t, "Developers", a.ID)
	n, err := s.c.AddMembers(t.Context(), s.administrator, g.ID, []model.UserID{a.ID, b.ID, b.ID})
	if err != nil || n != 1 {
		t.Errorf("AddMembers() = %d, %v, want 1", n, err)
	}
	s.trail(t, "Added Ana Beltrán to the group Developers")
	for _, c := range []struct {
		group  model.GroupID
		people []model.UserID
		want   model.Kind
	}{
		{g.ID, []model.UserID{a.ID, b.ID}, model.Conflict}, {g.ID, nil, model.Invalid}, {"", []model.UserID{a.ID}, model.Invalid},
		{"none", []model.UserID{a.ID}, model.NotFound}, {g.ID, []model.UserID{a.ID, "none"}, model.NotFound},
		{g.ID, make([]model.UserID, 1001), model.Invalid},
	} {
		_, err := s.c.AddMembers(t.Context(), s.administrator, c.group, c.people)
		kind(t, err, c.want)
	}
}

func TestAMemberIsRemoved(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	g := s.group(t, "Developers", u.ID)
	if err := s.c.RemoveMember(t.Context(), s.administrator, g.ID, u.ID); err != nil {
		t.Fatal(err)
	}
	s.trail(t, "Removed Ana Beltrán from the group Developers")
	kind(t, s.c.RemoveMember(t.Context(), s.administrator, g.ID, u.ID), model.Conflict)
	if n, err := s.c.AddMembers(t.Context(), s.administrator, g.ID, []model.UserID{u.ID}); err != nil || n != 1 {
		t.Errorf("AddMembers() = %d, %v, want 1", n, err)
	}
}

func TestWhoMayNotTouchAdministratorsCannotMakeAny(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	administrators, plain := s.group(t, "Administrators of Gatehouse"), s.group(t, "Developers")
	sets, _ := s.c.SetNames(t.Context(), host)
	s.give(t, model.Principal{Kind: model.PrincipalGroup, ID: string(administrators.ID)}, sets["Gatehouse-Administrator"])
	set := s.set(t, model.PermissionSet{Name: "MembershipKeeper", SessionDuration: time.Hour, InlinePolicy: `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"identitystore:CreateGroupMembership","Resource":"*"},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"gatehouse:TargetIsAdministrator":"true"}}}]}`})
	keeper := s.operator(t, "keeper", set.ID)
	if _, err := s.c.AddMembers(t.Context(), keeper, plain.ID, []model.UserID{u.ID}); err != nil {
		t.Errorf("into a plain group: %v", err)
	}
	_, err := s.c.AddMembers(t.Context(), keeper, administrators.ID, []model.UserID{u.ID})
	kind(t, err, model.Forbidden)
	_, err = s.c.AddMembers(t.Context(), keeper, plain.ID, []model.UserID{s.administrator.User})
	kind(t, err, model.Forbidden)
}

func TestAPastedListIsReadLineByLine(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	a, b := s.user(t, "ana"), s.user(t, "ben")
	g := s.group(t, "Developers", b.ID)
	lines, err := s.c.ParseMembers(t.Context(), s.auditor, g.ID,
		"ANA\n\n ben@securecart.example , who.else;\tAna Beltrán <ana@securecart.example>\r\n\"'\"")
	if err != nil || len(lines) != 4 {
		t.Fatalf("ParseMembers() = %d lines, %v, want 4", len(lines), err)
	}
	if l := lines[0]; l.User.ID != a.ID || l.Member || l.Twice || l.Problem != "" {
		t.Errorf("first line: %+v", l)
	}
	if l := lines[1]; l.User.ID != b.ID || !l.Member {
		t.Errorf("a member's line: %+v", l)
	}
	if l := lines[2]; l.User.ID != "" || l.Text != "who.else" || l.Problem == "" {
		t.Errorf("an unknown name: %+v", l)
	}
	if l := lines[3]; l.User.ID != a.ID || !l.Twice {
		t.Errorf("the same person again: %+v", l)
	}
	_, err = lines.People(false)
	kind(t, err, model.Invalid, "members")
	if people, err := lines.People(true); err != nil || len(people) != 2 {
		t.Errorf("People(skip) = %v, %v, want two", people, err)
	}
}

func TestAPastedListHasSomethingAndNotTooMuch(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	for _, text := range []string{"", " ,;\n", strings.Repeat("ana\n", 1001)} {
		_, err := s.c.ParseMembers(t.Context(), s.auditor, "", text)
		kind(t, err, model.Invalid, "members")
	}
	_, err := s.c.ParseMembers(t.Context(), s.nobody, "", "ana")
	kind(t, err, model.Forbidden)
}

func TestGroupsAreFoundByName(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	a, b := s.group(t, "Developers"), s.group(t, "Customer support")
	ids, err := s.c.ParseGroups(t.Context(), s.auditor, "developers, Customer Support;\n")
	if err != nil || len(ids) != 2 || ids[0] != a.ID || ids[1] != b.ID {
		t.Errorf("ParseGroups() = %v, %v", ids, err)
	}
	_, err = s.c.ParseGroups(t.Context(), s.auditor, "Developers, Nobody")
	kind(t, err, model.Invalid, "groups")
}

func TestWhatAnActorMayDoToAGroupDependsOnTheGroup(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	administrators, plain := s.group(t, "Administrators of Gatehouse"), s.group(t, "Developers")
	sets, _ := s.c.SetNames(t.Context(), host)
	s.give(t, model.Principal{Kind: model.PrincipalGroup, ID: string(administrators.ID)}, sets["Gatehouse-Administrator"])
	set := s.set(t, model.PermissionSet{Name: "MembershipKeeper", SessionDuration: time.Hour, InlinePolicy: `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"identitystore:CreateGroupMembership","Resource":"*"},
		{"Effect":"Allow","Action":"identitystore:UpdateGroup","Resource":"arn:aws:identitystore:::group/` + string(plain.ID) + `"},
		{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"gatehouse:TargetIsAdministrator":"true"}}}]}`})
	keeper := s.operator(t, "keeper", set.ID)
	for group, want := range map[model.GroupID][2]bool{plain.ID: {true, true}, administrators.ID: {false, false}} {
		may, err := s.c.MayAboutGroup(t.Context(), keeper, group, model.ActCreateMembership, model.ActUpdateGroup)
		if got := [2]bool{may[model.ActCreateMembership], may[model.ActUpdateGroup]}; err != nil || got != want {
			t.Errorf("MayAboutGroup(%s) = %v, %v, want %v", group, got, err, want)
		}
	}
}

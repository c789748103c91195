package center_test

import (
	"context"
	"slices"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

func TestACreatedUserIsInTheirGroups(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	g := s.group(t, "Developers")
	u, err := s.c.CreateUser(t.Context(), s.administrator, model.User{UserName: " ana ", GivenName: "Ana", FamilyName: "Beltrán",
		Email: "ana@securecart.example"}, []model.GroupID{g.ID})
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.store.MembershipsOf(t.Context(), u.ID)
	if err != nil || len(list) != 1 || list[0].GroupID != g.ID || !list[0].Since.Equal(noon) {
		t.Errorf("MembershipsOf() = %v, %v", list, err)
	}
	if u.UserName != "ana" || u.DisplayName != "Ana Beltrán" || u.Status != model.UserEnabled || u.Version != 1 {
		t.Errorf("created %+v", u)
	}
	s.trail(t, "Added Ana Beltrán to the group Developers", "Created the user Ana Beltrán (ana)", "Created the group Developers")
	if e := s.newest(t); e.ActorName != "elena" || e.Grant == "" {
		t.Errorf("recorded by %q through %q", e.ActorName, e.Grant)
	}
}

func TestAUserIsCreatedWithTheirGroupsOrNotAtAll(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	_, err := s.c.CreateUser(t.Context(), s.administrator, model.User{UserName: "ana", GivenName: "Ana", FamilyName: "Beltrán",
		Email: "ana@securecart.example"}, []model.GroupID{"none"})
	kind(t, err, model.NotFound)
	if _, err := s.store.UserByName(t.Context(), "ana"); model.KindOf(err) != model.NotFound {
		t.Errorf("UserByName() = %v, want that there is none", err)
	}
}

func TestActsOnPeopleNeedPermission(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u, g := s.user(t, "ana"), s.group(t, "Developers")
	in := s.group(t, "Support", u.ID)
	fresh := model.User{UserName: "new", GivenName: "N", FamilyName: "E", Email: "new@securecart.example"}
	acts := map[string]func(context.Context, model.Actor) error{
		model.ActCreateUser: func(ctx context.Context, a model.Actor) error {
			_, err := s.c.CreateUser(ctx, a, fresh, nil)
			return err
		},
		model.ActUpdateUser: func(ctx context.Context, a model.Actor) error {
			_, err := s.c.UpdateUser(ctx, a, u, "")
			return err
		},
		model.ActDisableUser: func(ctx context.Context, a model.Actor) error { return s.c.DisableUser(ctx, a, u.ID, "") },
		model.ActEnableUser:  func(ctx context.Context, a model.Actor) error { return s.c.EnableUser(ctx, a, u.ID, "") },
		model.ActDeleteUser:  func(ctx context.Context, a model.Actor) error { return s.c.DeleteUser(ctx, a, u.ID, "") },
		model.ActCreateGroup: func(ctx context.Context, a model.Actor) error {
			_, err := s.c.CreateGroup(ctx, a, model.Group{Name: "New"})
			return err
		},
		model.ActUpdateGroup: func(ctx context.Context, a model.Actor) error {
			_, err := s.c.UpdateGroup(ctx, a, g, "")
			return err
		},
		model.ActDeleteGroup: func(ctx context.Context, a model.Actor) error { return s.c.DeleteGroup(ctx, a, g.ID, "") },
		model.ActCreateMembership: func(ctx context.Context, a model.Actor) error {
			_, err := s.c.AddMembers(ctx, a, g.ID, []model.UserID{u.ID})
			return err
		},
		model.ActDeleteMembership: func(ctx context.Context, a model.Actor) error { return s.c.RemoveMember(ctx, a, in.ID, u.ID) },
	}
	for action, act := range acts {
		for _, who := range []model.Actor{s.auditor, s.nobody} {
			kind(t, act(t.Context(), who), model.Forbidden)
			if e := s.newest(t); e.Action != action || e.Outcome != model.Refused || e.Actor != who.User {
				t.Errorf("after %s was refused to %s, the trail has %s, %s by %s", action, who.UserName, e.Action, e.Outcome, e.ActorName)
			}
		}
	}
}

func TestNamesAndAddressesAreUniqueWhateverTheCase(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	s.user(t, "ana")
	for _, c := range []struct{ name, email, field string }{
		{"ANA", "other@securecart.example", "username"}, {"other", "Ana@SecureCart.example", "email"},
	} {
		_, err := s.c.CreateUser(t.Context(), s.administrator, model.User{UserName: c.name, GivenName: "A", FamilyName: "B", Email: c.email}, nil)
		kind(t, err, model.Conflict, c.field)
	}
	ben := s.user(t, "ben")
	ben.Email = "ANA@securecart.example"
	_, err := s.c.UpdateUser(t.Context(), s.administrator, ben, "")
	kind(t, err, model.Conflict, "email")
}

func TestWhatIsWrongWithAUserIsSaidFieldByField(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	before := s.newest(t).Seq
	_, err := s.c.CreateUser(t.Context(), s.administrator, model.User{UserName: "a b", Email: "nowhere"}, nil)
	kind(t, err, model.Invalid, "username", "given_name", "family_name", "email")
	u := s.user(t, "ana")
	u.Email = ""
	_, err = s.c.UpdateUser(t.Context(), s.administrator, u, "")
	kind(t, err, model.Invalid, "email")
	if seq := s.newest(t).Seq; seq != before+1 {
		t.Errorf("%d events recorded, want that of the creation", seq-before)
	}
}

func TestAStaleSaveIsRefusedAndBothVersionsAreKnown(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	first, second := u, u
	first.Title, second.Title = "Lead", "Chief"
	if _, err := s.c.UpdateUser(t.Context(), s.administrator, first, "HR-1"); err != nil {
		t.Fatal(err)
	}
	_, err := s.c.UpdateUser(t.Context(), s.administrator, second, "")
	kind(t, err, model.Conflict)
	v, err := s.c.CompareUser(t.Context(), s.administrator, u.ID, u.Version)
	if err != nil || v.Then.Title != "" || v.Now.Title != "Lead" || v.By != "Elena Novak" || !v.At.Equal(noon) {
		t.Errorf("CompareUser() = %+v, %v", v, err)
	}
}

func TestADisabledPersonIsCutOffAtOnce(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	s.group(t, "Developers", u.ID)
	sets, _ := s.c.SetNames(t.Context(), host)
	s.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)}, sets[center.AuditorSet])
	s.signedIn(t, u)
	if err := s.c.DisableUser(t.Context(), s.administrator, u.ID, "left"); err != nil {
		t.Fatal(err)
	}
	if open, err := s.store.SessionsOf(t.Context(), u.ID); err != nil || len(open) != 0 {
		t.Errorf("SessionsOf() = %d sessions, %v, want none", len(open), err)
	}
	p, err := s.c.Person(t.Context(), s.administrator, u.ID)
	if err != nil || p.Reach != 0 || len(p.Groups) != 1 || len(p.Direct) != 1 || p.SessionEpoch != u.SessionEpoch+1 {
		t.Errorf("Person() = %+v, %v", p, err)
	}
	if e := s.newest(t); e.Summary != "Disabled Ana Beltrán" || e.Reason != "left" {
		t.Errorf("recorded %q because of %q", e.Summary, e.Reason)
	}
	kind(t, s.c.DisableUser(t.Context(), s.administrator, u.ID, ""), model.Conflict)
	if err := s.c.EnableUser(t.Context(), s.administrator, u.ID, ""); err != nil {
		t.Fatal(err)
	}
	if p, _ = s.c.Person(t.Context(), s.administrator, u.ID); p.Reach != 1 {
		t.Errorf("an enabled person reaches %d roles, want 1", p.Reach)
	}
}

// signedIn gives a person a session.
func (s *staff) signedIn(t *testing.T, u model.User) {
	t.Helper()
	err := s.store.Housekeep(t.Context(), func(tx *store.Tx) error {
		return tx.InsertSession(t.Context(), model.Session{ID: model.SessionID("session of " + u.UserName), User: u.ID,
			Stage: model.StageSignedIn, SignedInAt: s.now, FactorAt: s.now, Epoch: u.SessionEpoch}, "digest of "+u.UserName)
	})
	if err != nil {
		t.Fatal(err)
	}
	if open, err := s.store.SessionsOf(t.Context(), u.ID); err != nil || len(open) != 1 {
		t.Fatalf("SessionsOf() = %d sessions, %v, want one", len(open), err)
	}
}

func TestADeletedPersonTakesTheirTiesAlong(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	g := s.group(t, "Developers", u.ID)
	sets, _ := s.c.SetNames(t.Context(), host)
	s.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)}, sets[center.AuditorSet])
	s.signedIn(t, u)
	if err := s.c.DeleteUser(t.Context(), s.administrator, u.ID, "left"); err != nil {
		t.Fatal(err)
	}
	e := s.newest(t)
	want := []string{"user Ana Beltrán", "group Developers", "assignment Gatehouse-Auditor in SecureCart-Management",
		"permission-set Gatehouse-Auditor", "account SecureCart-Management"}
	if e.Summary != "Deleted the user Ana Beltrán (ana)" || !slices.Equal(names(e), want) {
		t.Errorf("recorded %q about %q", e.Summary, names(e))
	}
	if p, err := s.c.GroupProfile(t.Context(), s.administrator, g.ID); err != nil || p.Members != 0 {
		t.Errorf("the group has %d members, %v", p.Members, err)
	}
	if rules, err := s.c.Person(t.Context(), s.administrator, u.ID); model.KindOf(err) != model.NotFound {
		t.Errorf("Person() = %+v, %v, want none", rules, err)
	}
	s.user(t, "ana") // the name and the address are free again
}

func TestNobodyDisablesOrDeletesThemselves(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	sets, _ := s.c.SetNames(t.Context(), host)
	other := s.operator(t, "other", sets[center.AdministratorSet]) // so that an administrator would remain
	kind(t, s.c.DisableUser(t.Context(), other, other.User, ""), model.Conflict)
	kind(t, s.c.DeleteUser(t.Context(), other, other.User, ""), model.Conflict)
	n, err := s.c.DisableUsers(t.Context(), other, []model.UserID{s.nobody.User, other.User}, "")
	kind(t, err, model.Conflict)
	if u, err := s.store.User(t.Context(), s.nobody.User); err != nil || u.Status != model.UserEnabled {
		t.Errorf("after a refused act on several (%d), one of them is %s, %v", n, u.Status, err)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	for _, err := range []error{
		s.c.DisableUser(t.Context(), host, s.administrator.User, ""), s.c.DeleteUser(t.Context(), host, s.administrator.User, ""),
	} {
		kind(t, err, model.Conflict)
	}
	if u, err := s.store.User(t.Context(), s.administrator.User); err != nil || u.Status != model.UserEnabled {
		t.Errorf("the administrator is %s, %v", u.Status, err)
	}
}

func TestTheHelpDeskLeavesAdministratorsAlone(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	ana := s.user(t, "ana")
	ana.Title = "Developer"
	if _, err := s.c.UpdateUser(t.Context(), s.helpDesk, ana, ""); err != nil {
		t.Errorf("the help desk edits a person: %v", err)
	}
	elena, err := s.store.User(t.Context(), s.administrator.User)
	if err != nil {
		t.Fatal(err)
	}
	elena.Email = "mine@securecart.example"
	_, err = s.c.UpdateUser(t.Context(), s.helpDesk, elena, "")
	kind(t, err, model.Forbidden)
	kind(t, s.c.DisableUser(t.Context(), s.helpDesk, elena.ID, ""), model.Forbidden)
}

func TestSeveralPeopleAreDisabledInOneAct(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	a, b := s.user(t, "ana"), s.user(t, "ben")
	if err := s.c.DisableUser(t.Context(), host, a.ID, ""); err != nil {
		t.Fatal(err)
	}
	n, err := s.c.DisableUsers(t.Context(), s.administrator, []model.UserID{a.ID, b.ID, b.ID}, "quarter's end")
	if err != nil || n != 1 {
		t.Errorf("DisableUsers() = %d, %v, want 1", n, err)
	}
	_, err = s.c.DisableUsers(t.Context(), s.administrator, []model.UserID{a.ID, b.ID}, "")
	kind(t, err, model.Conflict)
	_, err = s.c.DisableUsers(t.Context(), s.administrator, nil, "")
	kind(t, err, model.Invalid)
}

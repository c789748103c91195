package center_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

func TestAGroupStartsWithItsMembers(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	a, b, c := s.user(t, "ana"), s.user(t, "ben"), s.user(t, "cleo")
	g, err := s.c.CreateGroup(t.Context(), s.administrator, model.Group{Name: " Developers ", Description: "Build"}, a.ID, b.ID, c.ID)
	if err != nil || g.Name != "Developers" || g.Version != 1 {
		t.Fatalf("CreateGroup() = %+v, %v", g, err)
	}
	list, err := s.c.Members(t.Context(), s.administrator, center.UserQuery{Group: g.ID})
	if err != nil || list.Total != 3 || !list.Since[a.ID].Equal(noon) {
		t.Errorf("Members() = %d, since %v, %v", list.Total, list.Since[a.ID], err)
	}
	s.trail(t, "Added Ana Beltrán and 2 others to the group Developers", "Created the group Developers")
}

func TestAGroupNameIsUniqueWhateverTheCase(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	g := s.group(t, "Developers")
	_, err := s.c.CreateGroup(t.Context(), s.administrator, model.Group{Name: "DEVELOPERS"})
	kind(t, err, model.Conflict, "name")
	other := s.group(t, "Support")
	other.Name = "developers"
	_, err = s.c.UpdateGroup(t.Context(), s.administrator, other, "")
	kind(t, err, model.Conflict, "name")
	_, err = s.c.CreateGroup(t.Context(), s.administrator, model.Group{})
	kind(t, err, model.Invalid, "name")
	if err := s.c.DeleteGroup(t.Context(), s.administrator, g.ID, "merged"); err != nil {
		t.Fatal(err)
	}
	s.group(t, "developers") // the name is free again
}

func TestAGroupIsRenamedAndAStaleSaveRefused(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	g := s.group(t, "Developers")
	renamed, stale := g, g
	renamed.Name, stale.Description = "Builders", "Build"
	if _, err := s.c.UpdateGroup(t.Context(), s.administrator, renamed, "new words"); err != nil {
		t.Fatal(err)
	}
	if e := s.newest(t); e.Summary != "Renamed the group Developers to Builders" || e.Reason != "new words" {
		t.Errorf("recorded %q because of %q", e.Summary, e.Reason)
	}
	_, err := s.c.UpdateGroup(t.Context(), s.administrator, stale, "")
	kind(t, err, model.Conflict)
	v, err := s.c.CompareGroup(t.Context(), s.administrator, g.ID, g.Version)
	if err != nil || v.Then.Name != "Developers" || v.Now.Name != "Builders" || v.By != "Elena Novak" {
		t.Errorf("CompareGroup() = %+v, %v", v, err)
	}
}

func TestADeletedGroupTakesItsAssignmentsAlong(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	g := s.group(t, "Auditors", u.ID)
	sets, _ := s.c.SetNames(t.Context(), host)
	s.give(t, model.Principal{Kind: model.PrincipalGroup, ID: string(g.ID)}, sets[center.AuditorSet])
	if p, err := s.c.Person(t.Context(), s.administrator, u.ID); err != nil || p.Reach != 1 {
		t.Fatalf("a member reaches %d roles, %v", p.Reach, err)
	}
	if err := s.c.DeleteGroup(t.Context(), s.administrator, g.ID, ""); err != nil {
		t.Fatal(err)
	}
	p, err := s.c.Person(t.Context(), s.administrator, u.ID)
	if err != nil || p.Reach != 0 || len(p.Groups) != 0 {
		t.Errorf("after the group is gone: %d roles, %d groups, %v", p.Reach, len(p.Groups), err)
	}
	want := []string{"group Auditors", "user Ana Beltrán", "assignment Gatehouse-Auditor in SecureCart-Management",
		"permission-set Gatehouse-Auditor", "account SecureCart-Management"}
	if e := s.newest(t); !slices.Equal(names(e), want) {
		t.Errorf("recorded about %q, want %q", names(e), want)
	}
}

func TestTheListOfGroupsCountsAndSorts(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	u := s.user(t, "ana")
	s.group(t, "Beta", u.ID)
	g := s.group(t, "Alpha")
	sets, _ := s.c.SetNames(t.Context(), host)
	s.give(t, model.Principal{Kind: model.PrincipalGroup, ID: string(g.ID)}, sets[center.AuditorSet])
	for _, c := range []struct {
		query center.GroupQuery
		want  string
	}{
		{center.GroupQuery{}, "Alpha Beta"}, {center.GroupQuery{Descending: true}, "Beta Alpha"},
		{center.GroupQuery{Sort: "members"}, "Alpha Beta"}, {center.GroupQuery{Sort: "accounts"}, "Beta Alpha"},
		{center.GroupQuery{View: "empty"}, "Alpha"}, {center.GroupQuery{View: "unused"}, "Beta"},
		{center.GroupQuery{Text: "BET"}, "Beta"}, {center.GroupQuery{Text: "x"}, ""},
	} {
		list, err := s.c.Groups(t.Context(), s.auditor, c.query)
		var got []string
		for _, line := range list.Groups {
			got = append(got, line.Name)
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("Groups(%+v) = %q, %v, want %q", c.query, got, err, c.want)
		}
	}
	list, err := s.c.Groups(t.Context(), s.auditor, center.GroupQuery{})
	if err != nil || list.All != 2 || list.Empty != 1 || list.NoAccess != 1 || list.InAll != 2 {
		t.Errorf("Groups() counts %+v, %v", list, err)
	}
	if a := list.Groups[0]; a.Members != 0 || a.Rules != 1 || a.Accounts != 1 || !slices.Equal(a.Sets, []string{"Gatehouse-Auditor"}) {
		t.Errorf("Alpha is listed as %+v", a)
	}
}

func TestTheListOfGroupsPages(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	for i := range center.GroupsPage + 5 {
		s.group(t, "Group "+string(rune('A'+i/10))+string(rune('0'+i%10)))
	}
	first, err := s.c.Groups(t.Context(), s.auditor, center.GroupQuery{})
	if err != nil || len(first.Groups) != center.GroupsPage || first.First != 1 || first.Back != "" || first.Next == "" {
		t.Fatalf("first page: %d from %d, back %q, next %q, %v", len(first.Groups), first.First, first.Back, first.Next, err)
	}
	last, err := s.c.Groups(t.Context(), s.auditor, center.GroupQuery{After: first.Next})
	if err != nil || len(last.Groups) != 5 || last.First != center.GroupsPage+1 || last.Next != "" {
		t.Fatalf("last page: %d from %d, next %q, %v", len(last.Groups), last.First, last.Next, err)
	}
	back, err := s.c.Groups(t.Context(), s.auditor, center.GroupQuery{Before: last.Back})
	if err != nil || back.First != 1 || back.Groups[0].ID != first.Groups[0].ID {
		t.Errorf("back to %d, %v", back.First, err)
	}
	if gone, err := s.c.Groups(t.Context(), s.auditor, center.GroupQuery{After: "gone"}); err != nil || gone.First != 1 {
		t.Errorf("behind a group that is gone: page from %d, %v", gone.First, err)
	}
}

func TestAnEndedRuleReachesNothing(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	g := s.group(t, "Auditors")
	sets, _ := s.c.SetNames(t.Context(), host)
	_, err := s.c.Assign(t.Context(), host, center.AssignRequest{Principals: []model.Principal{{Kind: model.PrincipalGroup, ID: string(g.ID)}},
		Sets: []model.PermissionSetID{sets[center.AuditorSet]}, ExpiresAt: noon.Add(time.Hour),
		Targets: []model.Target{{Kind: model.TargetAccount, ID: string(management)}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		later time.Duration
		roles int
	}{{time.Hour - time.Second, 1}, {time.Hour, 0}} {
		s.now = noon.Add(c.later)
		p, err := s.c.GroupProfile(t.Context(), s.administrator, g.ID)
		if err != nil || p.Reach != c.roles || len(p.Rules) != 1 {
			t.Errorf("after %s the group reaches %d roles with %d rules, %v; want %d and 1", c.later, p.Reach, len(p.Rules), err, c.roles)
		}
	}
}

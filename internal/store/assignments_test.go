package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const (
	prodAccount = model.AccountID("333344445555")
	devAccount  = model.AccountID("444455556666")
	prodUnit    = model.OUID("ou-sc7k-prod0000")
)

// openAssigned opens a store with rules of every kind, made in the order of their ids: lasting, ending in two days,
// ending in eight, starting tomorrow, expired this second.
func openAssigned(t *testing.T) *store.Store {
	t.Helper()
	s := open(t)
	ana := model.Principal{Kind: model.PrincipalUser, ID: "u-ana"}
	ops := model.Principal{Kind: model.PrincipalGroup, ID: "g-ops"}
	prod := model.Target{Kind: model.TargetAccount, ID: string(prodAccount)}
	dev := model.Target{Kind: model.TargetAccount, ID: string(devAccount)}
	unit := model.Target{Kind: model.TargetOU, ID: string(prodUnit)}
	day := 24 * time.Hour
	err := s.Housekeep(t.Context(), func(tx *store.Tx) error {
		for _, err := range []error{
			tx.InsertOrganization(t.Context(), model.Organization{ID: "o-sc7k2p9d1q", RootID: "r-sc7k",
				ManagementAccount: "111122223333"}),
			tx.InsertOU(t.Context(), model.OU{ID: "r-sc7k", Name: "Root"}),
			tx.InsertOU(t.Context(), model.OU{ID: prodUnit, Name: "Production unit", Parent: "r-sc7k"}),
			tx.InsertAccount(t.Context(), model.Account{ID: prodAccount, Name: "Payments", State: model.AccountActive,
				OU: prodUnit}),
			tx.InsertAccount(t.Context(), model.Account{ID: devAccount, Name: "Sandbox", State: model.AccountActive,
				OU: "r-sc7k"}),
			tx.InsertUser(t.Context(), model.User{ID: "u-ana", UserName: "ana.beltran", DisplayName: "Ana Beltrán",
				Email: "ana@securecart.example"}),
			tx.InsertGroup(t.Context(), model.Group{ID: "g-ops", Name: "Operations"}),
			tx.InsertPermissionSet(t.Context(), model.PermissionSet{ID: "ps-read", Name: "ReadOnly",
				SessionDuration: time.Hour}, "", nil),
			tx.InsertPermissionSet(t.Context(), model.PermissionSet{ID: "ps-admin", Name: "Admin", SessionDuration: time.Hour},
				"", nil),
			tx.InsertAssignment(t.Context(), model.Assignment{ID: "1", Principal: ops, PermissionSet: "ps-read", Target: unit,
				Reason: "CHG-118", CreatedBy: "u-ana"}),
			tx.InsertAssignment(t.Context(), model.Assignment{ID: "2", Principal: ana, PermissionSet: "ps-admin", Target: prod,
				ExpiresAt: noon.Add(2 * day)}),
			tx.InsertAssignment(t.Context(), model.Assignment{ID: "3", Principal: ana, PermissionSet: "ps-read", Target: dev,
				ExpiresAt: noon.Add(8 * day)}),
			tx.InsertAssignment(t.Context(), model.Assignment{ID: "4", Principal: ops, PermissionSet: "ps-admin", Target: dev,
				StartsAt: noon.Add(day), ExpiresAt: noon.Add(3 * day)}),
			tx.InsertAssignment(t.Context(), model.Assignment{ID: "5", Principal: ana, PermissionSet: "ps-read", Target: prod,
				ExpiresAt: noon}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func listed(t *testing.T, s *store.Store, f store.AssignmentFilter) string {
	t.Helper()
	f.Now = noon
	list, err := s.Assignments(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(list))
	for i, a := range list {
		ids[i] = string(a.ID)
	}
	return strings.Join(ids, " ")
}

func TestAssignmentsAreFilteredByEveryEndAndState(t *testing.T) {
	t.Parallel()
	s := openAssigned(t)
	for name, test := range map[string]struct {
		filter store.AssignmentFilter
		want   string
	}{
		"all, newest first":    {store.AssignmentFilter{}, "5 4 3 2 1"},
		"lasting":              {store.AssignmentFilter{State: model.AssignmentLasting}, "3 1"},
		"ending within a week": {store.AssignmentFilter{State: model.AssignmentEnding}, "2"},
		"scheduled":            {store.AssignmentFilter{State: model.AssignmentScheduled}, "4"},
		"expired this second":  {store.AssignmentFilter{State: model.AssignmentExpired}, "5"},
		"soonest end first":    {store.AssignmentFilter{ByEnd: true}, "5 2 4 3"},
		"of a person":          {store.AssignmentFilter{Users: []model.UserID{"u-ana"}}, "5 3 2"},
		"of a person or group": {store.AssignmentFilter{Users: []model.UserID{"u-ana"},
			Groups: []model.GroupID{"g-ops"}}, "5 4 3 2 1"},
		"of nobody":     {store.AssignmentFilter{Groups: []model.GroupID{"g-none"}}, ""},
		"of a set":      {store.AssignmentFilter{Set: "ps-admin"}, "4 2"},
		"on an account": {store.AssignmentFilter{Accounts: []model.AccountID{prodAccount}}, "5 2"},
		"on an account and above": {store.AssignmentFilter{Accounts: []model.AccountID{prodAccount},
			OUs: []model.OUID{prodUnit, "r-sc7k"}}, "5 2 1"},
		"text: a person":      {store.AssignmentFilter{Text: "beltrán"}, "5 3 2"},
		"text: a group":       {store.AssignmentFilter{Text: "OPERA"}, "4 1"},
		"text: a set":         {store.AssignmentFilter{Text: "admin"}, "4 2"},
		"text: an account":    {store.AssignmentFilter{Text: "sandb"}, "4 3"},
		"text: an account id": {store.AssignmentFilter{Text: "33334444"}, "5 2"},
		"text: a unit":        {store.AssignmentFilter{Text: "production u"}, "1"},
		"text: a reason":      {store.AssignmentFilter{Text: "chg-118"}, "1"},
		"text: a wildcard":    {store.AssignmentFilter{Text: "%"}, ""},
		"several at once": {store.AssignmentFilter{Users: []model.UserID{"u-ana"}, Set: "ps-read",
			State: model.AssignmentLasting, Text: "sand"}, "3"},
		"the second page":        {store.AssignmentFilter{After: "4", Limit: 2}, "3 2"},
		"the second page by end": {store.AssignmentFilter{ByEnd: true, After: "2", Limit: 1}, "4"},
		"the page before":        {store.AssignmentFilter{Before: "2", Limit: 2}, "4 3"},
		"the page before by end": {store.AssignmentFilter{ByEnd: true, Before: "3", Limit: 2}, "2 4"},
	} {
		if got := listed(t, s, test.filter); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestARuleHasAPlaceInEveryOrder(t *testing.T) {
	t.Parallel()
	s := openAssigned(t)
	for name, test := range map[string]struct {
		filter store.AssignmentFilter
		id     model.AssignmentID
		want   int
	}{
		"newest":       {store.AssignmentFilter{}, "5", 0},
		"oldest":       {store.AssignmentFilter{}, "1", 4},
		"filtered":     {store.AssignmentFilter{Users: []model.UserID{"u-ana"}}, "2", 2},
		"by end":       {store.AssignmentFilter{ByEnd: true}, "4", 2},
		"in its state": {store.AssignmentFilter{State: model.AssignmentLasting, Now: noon}, "1", 1},
	} {
		if got, err := s.AssignmentRank(t.Context(), test.filter, test.id); err != nil || got != test.want {
			t.Errorf("%s: AssignmentRank() = %d, %v; want %d", name, got, err, test.want)
		}
	}
}

func TestAssignmentsAreCountedByState(t *testing.T) {
	t.Parallel()
	s := openAssigned(t)
	got, err := s.CountAssignments(t.Context(), store.AssignmentFilter{Now: noon, State: model.AssignmentExpired,
		After: "3"})
	if want := (store.AssignmentCounts{Total: 5, Ending: 1, Scheduled: 1, Expired: 1}); err != nil || got != want {
		t.Errorf("CountAssignments() = %+v, %v; want %+v whatever the state and page", got, err, want)
	}
	got, err = s.CountAssignments(t.Context(), store.AssignmentFilter{Now: noon, Set: "ps-admin"})
	if want := (store.AssignmentCounts{Total: 2, Ending: 1, Scheduled: 1}); err != nil || got != want {
		t.Errorf("CountAssignments(admin) = %+v, %v; want %+v", got, err, want)
	}
}

func TestStatesOfTheFilterAreThoseOfTheModel(t *testing.T) {
	t.Parallel()
	s := openAssigned(t)
	all, err := s.Assignments(t.Context(), store.AssignmentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []model.AssignmentState{model.AssignmentLasting, model.AssignmentEnding,
		model.AssignmentScheduled, model.AssignmentExpired} {
		var want []string
		for _, a := range all {
			if a.State(noon) == state {
				want = append(want, string(a.ID))
			}
		}
		if got := listed(t, s, store.AssignmentFilter{State: state}); got != strings.Join(want, " ") {
			t.Errorf("%s: the filter finds %q, the model says %v", state, got, want)
		}
	}
}

func TestAnAssignmentReadsBackAsItWasMade(t *testing.T) {
	t.Parallel()
	s := openAssigned(t)
	got, removed, err := s.Assignment(t.Context(), "1")
	want := model.Assignment{ID: "1", Principal: model.Principal{Kind: model.PrincipalGroup, ID: "g-ops"},
		PermissionSet: "ps-read",
		Target:        model.Target{Kind: model.TargetOU, ID: string(prodUnit)}, Reason: "CHG-118",
		CreatedBy: "u-ana", CreatedAt: noon}
	if err != nil || removed || got != want {
		t.Errorf("Assignment() = %+v, %v, %v; want %+v", got, removed, err, want)
	}
	if _, _, err := s.Assignment(t.Context(), "none"); model.KindOf(err) != model.NotFound {
		t.Errorf("Assignment(none) = %v, want NotFound", err)
	}
}

func TestARemovedAssignmentGrantsNothingAndCanBeReadStill(t *testing.T) {
	t.Parallel()
	s := openAssigned(t)
	before, err := s.AccessChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		err := s.Housekeep(t.Context(), func(tx *store.Tx) error {
			closed, err := tx.CloseAssignment(t.Context(), "2")
			if closed != want {
				t.Errorf("CloseAssignment() = %v, want %v", closed, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if after, err := s.AccessChange(t.Context()); err != nil || after == before {
		t.Errorf("AccessChange() = %d, %v; want more than %d", after, err, before)
	}
	if got := listed(t, s, store.AssignmentFilter{}); got != "5 4 3 1" {
		t.Errorf("Assignments() = %q, want it gone", got)
	}
	if a, removed, err := s.Assignment(t.Context(), "2"); err != nil || !removed || a.PermissionSet != "ps-admin" {
		t.Errorf("Assignment() = %+v, %v, %v; want it readable, removed", a, removed, err)
	}
	g, err := s.Graph(t.Context())
	if err != nil || slices.ContainsFunc(g.Assignments, func(e store.AssignmentEdge) bool { return e.ID == "2" }) {
		t.Errorf("Graph() has the removed rule, or %v", err)
	}
}

func TestAnAssignmentToNobodyIsNotKept(t *testing.T) {
	t.Parallel()
	s := openAssigned(t)
	for name, a := range map[string]model.Assignment{
		"nobody": {ID: "x", Principal: model.Principal{Kind: model.PrincipalUser, ID: "u-gone"}, PermissionSet: "ps-read",
			Target: model.Target{Kind: model.TargetOU, ID: string(prodUnit)}},
		"nowhere": {ID: "x", Principal: model.Principal{Kind: model.PrincipalUser, ID: "u-ana"}, PermissionSet: "ps-read",
			Target: model.Target{Kind: model.TargetOU, ID: "ou-gone"}},
		"no set": {ID: "x", Principal: model.Principal{Kind: model.PrincipalUser, ID: "u-ana"}, PermissionSet: "ps-gone",
			Target: model.Target{Kind: model.TargetOU, ID: string(prodUnit)}},
	} {
		err := s.Housekeep(t.Context(), func(tx *store.Tx) error { return tx.InsertAssignment(t.Context(), a) })
		if err == nil {
			t.Errorf("%s: kept", name)
		}
	}
}

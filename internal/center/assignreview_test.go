package center

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/internal/model"
)

func TestAReviewSaysWhatTheActWillDoAndWritesNothing(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	s.give(AssignRequest{Principals: []model.Principal{only(s.ana)}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{inAccount(payments)}})
	s.give(AssignRequest{Principals: []model.Principal{only(s.ben)}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{under(s.prod)}})
	events, change := s.eventCount(), s.snapshot().Change()
	q := AssignRequest{Principals: []model.Principal{s.groupOf(), only(s.ana)},
		Sets:    []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{inAccount(payments), inAccount(orders)}}
	v, err := s.ReviewAssign(ctx, host, q)
	if err != nil {
		t.Fatal(err)
	}
	if v.New != 3 || v.Kept != 1 || v.People != 2 || v.Principals != 2 || v.Sets != 1 || v.Targets != 2 {
		t.Errorf("ReviewAssign() = %+v, want 3 new, 1 kept, 2 people", v)
	}
	got := ""
	for _, g := range v.Gains {
		name := ""
		if g.Group != nil {
			name = g.Group.Name
		} else {
			name = g.User.DisplayName
		}
		got += fmt.Sprintf("%s %s: %d of %d in %d; ", name, g.Set.Name, g.Gaining, g.People, g.Accounts)
	}
	if want := "Developers ReadOnly: 1 of 2 in 2; Ana Lee ReadOnly: 1 of 1 in 1; "; got != want {
		t.Errorf("gains = %s, want %s: ben holds both already, ana one of them", got, want)
	}
	if s.eventCount() != events || s.snapshot().Change() != change {
		t.Error("the review left a mark")
	}
	if made := s.give(q); len(made) != v.New {
		t.Errorf("Assign() made %d, the review said %d", len(made), v.New)
	}
}

func TestAReviewWarns(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	admin := s.allowing("Admin", `["sso:*","identitystore:*"]`, `"*"`)
	if err := s.DisableUser(ctx, host, s.cleo.ID, ""); err != nil {
		t.Fatal(err)
	}
	closed := s.accountOf(sandbox)
	closed.State = model.AccountSuspended
	if _, err := s.UpdateAccount(ctx, host, closed, ""); err != nil {
		t.Fatal(err)
	}
	unknown, err := s.CreatePermissionSet(ctx, host, model.PermissionSet{Name: "Customer", SessionDuration: time.Hour,
		CustomerPolicies: []model.CustomerName{{Name: "TeamPolicy", Path: "/"}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.ReviewAssign(ctx, host, AssignRequest{Principals: []model.Principal{s.groupOf(), only(s.cleo)},
		Sets: []model.PermissionSetID{admin.ID, unknown.ID}, Targets: []model.Target{under(model.OU{ID: s.org.RootID})}})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Administrators) != 2 || v.Administrators[0].ID != s.ana.ID {
		t.Errorf("administrators = %v, want ana and ben", v.Administrators)
	}
	if len(v.Disabled) != 1 || v.Disabled[0].ID != s.cleo.ID {
		t.Errorf("disabled = %v, want cleo", v.Disabled)
	}
	if len(v.Inactive) != 1 || v.Inactive[0].ID != sandbox {
		t.Errorf("inactive = %v, want the sandbox", v.Inactive)
	}
	if len(v.Unknown) != 1 || v.Unknown[0].ID != unknown.ID {
		t.Errorf("unknown = %v, want Customer", v.Unknown)
	}
}

func (s *shop) accountOf(id model.AccountID) model.Account {
	s.t.Helper()
	a, err := s.Store.Account(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func TestAReviewRefusesAsTheActDoesButIsNoAttempt(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	reader := s.operator(s.ana, s.allowing("Reader", `"sso:List*"`, `"*"`))
	events := s.eventCount()
	q := AssignRequest{Principals: []model.Principal{s.groupOf()}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{inAccount(payments)}}
	_, err := s.ReviewAssign(ctx, reader, q)
	refuses(t, "a reader's review", err, model.Forbidden)
	if s.eventCount() != events {
		t.Error("a review that is refused was recorded as an attempt")
	}
	_, err = s.ReviewAssign(ctx, stranger, q)
	refuses(t, "a stranger's review", err, model.Forbidden)
	q.Targets = nil
	_, err = s.ReviewAssign(ctx, reader, q)
	refuses(t, "half a request", err, model.Invalid)
}

func TestAReviewOfARemovalCountsWhoLosesWhat(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	team := s.give(AssignRequest{Principals: []model.Principal{s.groupOf()}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{under(s.prod)}})[0]
	mine := s.give(AssignRequest{Principals: []model.Principal{only(s.ana)}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{inAccount(payments), inAccount(orders)}})
	later := s.give(AssignRequest{Principals: []model.Principal{only(s.cleo)},
		Sets:    []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{inAccount(payments)}, StartsAt: s.now.Add(time.Hour)})[0]
	events := s.eventCount()
	for what, test := range map[string]struct {
		ids  []model.AssignmentID
		want string
	}{
		"the group's":           {[]model.AssignmentID{team.ID}, "1 of 2 "},
		"the group's and ana's": {[]model.AssignmentID{team.ID, mine[0].ID}, "2 of 2 1 of 1 "},
		"one of ana's":          {[]model.AssignmentID{mine[0].ID}, "0 of 1 "},
		"one not yet in force":  {[]model.AssignmentID{later.ID}, "0 of 0 "},
	} {
		losses, err := s.ReviewUnassign(ctx, host, test.ids)
		got := ""
		for _, l := range losses {
			got += fmt.Sprintf("%d of %d ", l.Losing, l.People)
		}
		if err != nil || got != test.want {
			t.Errorf("%s: %s, %v; want %s", what, got, err, test.want)
		}
	}
	if s.eventCount() != events || s.roles(s.ana) != "Orders/ReadOnly Payments/ReadOnly" {
		t.Error("the review left a mark")
	}
}

func TestARuleIsShownWithItsRowsAlsoWhenItIsGone(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	made := s.give(AssignRequest{Principals: []model.Principal{s.groupOf()}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{under(s.prod)}})[0]
	v, err := s.Center.Assignment(ctx, host, made.ID)
	if err != nil || v.Removed || len(v.Rows) != 2 || v.Rows[0].Account.Name != "Orders" || v.By.Name != "the host" {
		t.Fatalf("Assignment() = %+v, %v; want two rows, made by the host", v, err)
	}
	if v.Rows[0].ID == v.Rows[1].ID || len(v.Rows[0].ID) != 32 {
		t.Errorf("rows %s and %s, want two stable ids", v.Rows[0].ID, v.Rows[1].ID)
	}
	if err := s.DeleteGroup(ctx, host, s.developers.ID, ""); err != nil {
		t.Fatal(err)
	}
	v, err = s.Center.Assignment(ctx, host, made.ID)
	if err != nil || !v.Removed || v.Rule != nil || v.Ends.Principal.ID != "" || v.Ends.Principal.Name != "Developers" {
		t.Errorf("after its group went: %+v, %v; want it removed, by the names of then", v, err)
	}
	_, err = s.Center.Assignment(ctx, host, "none")
	refuses(t, "an unknown one", err, model.NotFound)
	_, err = s.Center.Assignment(ctx, stranger, made.ID)
	refuses(t, "a stranger", err, model.Forbidden)
}

func TestChoicesAreNarrowedByTextAndKeepWhatIsChosen(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	v, err := s.AssignChoices(ctx, host, ChoiceQuery{Who: "ANA", Set: "dep", Where: "prod",
		Chosen: AssignRequest{Principals: []model.Principal{s.groupOf(), only(s.ben),
			{Kind: model.PrincipalUser, ID: "gone"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.People) != 1 || len(v.Groups) != 0 || len(v.Sets) != 1 || len(v.Targets) != 3 || v.Accounts != 2 {
		t.Errorf("AssignChoices() = %+v; want ana, Deploy, the unit and its two accounts", v)
	}
	if len(v.Chosen.Groups) != 1 || len(v.Chosen.People) != 1 {
		t.Errorf("chosen = %+v, want the group and ben", v.Chosen)
	}
	all, err := s.AccountsMatching(ctx, host, "prod")
	if err != nil || len(all) != 2 {
		t.Errorf("AccountsMatching() = %v, %v; want the two in the unit", all, err)
	}
	_, err = s.AssignChoices(ctx, stranger, ChoiceQuery{})
	refuses(t, "a stranger", err, model.Forbidden)
}

package center

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const onlyEdits = `{"Version":"2012-10-17","Statement":[
	{"Effect":"Allow","Action":["sso:ListPermissionSets","sso:UpdatePermissionSet","sso:PutInlinePolicyToPermissionSet"],"Resource":"*"}]}`

// operator makes a person who holds a set with an inline policy on the management account.
func (h *house) operator(name, policy string) model.Actor {
	h.t.Helper()
	u, err := h.CreateUser(h.t.Context(), host, model.User{UserName: name, GivenName: name, FamilyName: "Op",
		Email: name + "@securecart.example"}, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	set := h.newSet(model.PermissionSet{Name: "Of-" + name, InlinePolicy: policy})
	h.give(
		set,
		model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)},
		model.Target{Kind: model.TargetAccount, ID: string(management)},
	)
	return model.Actor{User: u.ID, UserName: name}
}

func (h *house) newSet(s model.PermissionSet) model.PermissionSet {
	h.t.Helper()
	s.SessionDuration = max(s.SessionDuration, time.Hour)
	s, err := h.CreatePermissionSet(h.t.Context(), host, s, "")
	if err != nil {
		h.t.Fatalf("CreatePermissionSet(%s) = %v", s.Name, err)
	}
	return s
}

func (h *house) give(s model.PermissionSet, who model.Principal, where ...model.Target) {
	h.t.Helper()
	_, err := h.Assign(
		h.t.Context(),
		host,
		AssignRequest{Principals: []model.Principal{who}, Sets: []model.PermissionSetID{s.ID}, Targets: where},
	)
	if err != nil {
		h.t.Fatalf("Assign(%s) = %v", s.Name, err)
	}
}

func TestASaveNeedsPermissionForEverythingItChanges(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	editor := h.operator("editor", onlyEdits)
	set := h.newSet(model.PermissionSet{Name: "Reader"})
	edit := set
	edit.InlinePolicy = onlyEdits
	saved, err := h.UpdatePermissionSet(ctx, editor, edit, "")
	if err != nil {
		t.Fatalf("a change of the inline policy: %v", err)
	}
	if e := h.last(); e.Actor != editor.User || e.Action != model.ActUpdatePermissionSet ||
		!strings.Contains(e.Grant, "Of-editor") {
		t.Errorf("last event = %+v", e)
	}
	for what, change := range map[string]func(*model.PermissionSet){
		model.ActDeleteInline:   func(s *model.PermissionSet) { s.InlinePolicy = "" },
		model.ActAttachManaged:  func(s *model.PermissionSet) { s.ManagedPolicies = []string{"arn:aws:iam::aws:policy/X"} },
		model.ActAttachCustomer: func(s *model.PermissionSet) { s.CustomerPolicies = []model.CustomerName{{Name: "X"}} },
		model.ActPutBoundary:    func(s *model.PermissionSet) { s.Boundary.Customer.Name = "X" },
		model.ActTagResource:    func(s *model.PermissionSet) { s.Tags = model.Tags{"a": "b"} },
	} {
		spoilt := saved
		change(&spoilt)
		_, err := h.UpdatePermissionSet(ctx, editor, spoilt, "")
		refuses(t, what, err, model.Forbidden)
		if e := h.last(); e.Action != what || e.Outcome != model.Refused || e.Objects[0].ID != string(set.ID) {
			t.Errorf("last event = %s %s about %v, want the refusal of %s", e.Outcome, e.Action, e.Objects, what)
		}
	}
	_, err = h.CreatePermissionSet(ctx, editor, model.PermissionSet{Name: "Mine", SessionDuration: time.Hour}, "")
	refuses(t, "creating", err, model.Forbidden)
	_, err = h.DeletePermissionSet(ctx, editor, SetRemoval{ID: set.ID, Version: 2})
	refuses(t, "deleting", err, model.Forbidden)
}

func TestWhoMayNotChangeSetsLearnsNotWhichThereAre(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	_, err := h.UpdatePermissionSet(ctx, stranger, model.PermissionSet{ID: "ps-0000000000000000"}, "")
	refuses(t, "saving a set that is not there", err, model.Forbidden)
	_, err = h.PermissionSet(ctx, stranger, "ps-0000000000000000")
	refuses(t, "reading a set that is not there", err, model.Forbidden)
	_, err = h.PermissionSets(ctx, stranger, store.SetFilter{})
	refuses(t, "listing", err, model.Forbidden)
	_, err = h.CataloguePolicies(ctx, stranger, "", 0, 10)
	refuses(t, "reading the catalogue", err, model.Forbidden)
	_, err = h.PermissionSet(ctx, host, "ps-0000000000000000")
	refuses(t, "reading a set that is not there as the host", err, model.NotFound)
}

func TestOnlyTheTaggedSetsMayBeChangedWhenAPolicySaysSo(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	owner := h.operator(
		"owner",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sso:UpdatePermissionSet","Resource":"*",
		"Condition":{"StringEquals":{"aws:ResourceTag/team":"support"}}}]}`,
	)
	for team, allowed := range map[string]bool{"support": true, "finance": false} {
		set := h.newSet(model.PermissionSet{Name: team, Tags: model.Tags{"team": team}})
		set.Description = "changed"
		if _, err := h.UpdatePermissionSet(ctx, owner, set, ""); (err == nil) != allowed {
			t.Errorf("changing the set of %s: %v, want allowed %t", team, err, allowed)
		}
	}
}

func TestASetIsDeletedWithExactlyTheAssignmentsThatWereShown(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	prod := h.account("222233334444", "Production", h.org.RootID)
	unit := h.unit("Dev", h.org.RootID)
	h.account("333344445555", "Dev", unit.ID)
	set := h.newSet(model.PermissionSet{Name: "Reader"})
	group, err := h.CreateGroup(ctx, host, model.Group{Name: "Support"})
	if err != nil {
		t.Fatal(err)
	}
	ana, err := h.CreateUser(
		ctx,
		host,
		model.User{UserName: "ana", GivenName: "Ana", FamilyName: "Beltrán", Email: "ana@securecart.example"},
		[]model.GroupID{group.ID},
	)
	if err != nil {
		t.Fatal(err)
	}
	who := model.Principal{Kind: model.PrincipalGroup, ID: string(group.ID)}
	h.give(set, who, model.Target{Kind: model.TargetAccount, ID: string(prod.ID)})
	_, err = h.DeletePermissionSet(ctx, host, SetRemoval{ID: set.ID, Version: 1})
	refuses(t, "deleting an assigned set without a plan", err, model.Conflict)
	plan, err := h.PlanSetDeletion(ctx, host, set.ID)
	if err != nil || len(plan.Rules) != 1 || len(plan.Accounts) != 1 || len(plan.People) != 1 ||
		plan.People[0].ID != ana.ID {
		t.Fatalf("PlanSetDeletion() = %+v, %v", plan, err)
	}
	h.give(set, who, model.Target{Kind: model.TargetOU, ID: string(unit.ID)})
	_, err = h.DeletePermissionSet(ctx, host, SetRemoval{ID: set.ID, Version: 1, Plan: plan.Plan})
	refuses(t, "deleting with an old plan", err, model.Conflict)
	if plan, err = h.PlanSetDeletion(ctx, host, set.ID); err != nil || len(plan.Rules) != 2 || len(plan.Accounts) != 2 {
		t.Fatalf("PlanSetDeletion() = %+v, %v", plan, err)
	}
	if _, err := h.DeletePermissionSet(ctx, host, SetRemoval{ID: set.ID, Version: 1, Plan: plan.Plan, Reason: "CHG-9"}); err != nil {
		t.Fatal(err)
	}
	if e := h.last(); e.Summary != "Deleted the permission set Reader and its 2 assignments" || e.Reason != "CHG-9" {
		t.Errorf("last event = %q because %q", e.Summary, e.Reason)
	}
	if s := h.snapshot(); s.Set(set.ID) != nil || len(s.Roles(ana.ID, h.now)) != 0 || len(s.Rules()) != 0 {
		t.Error("somebody still has the deleted set")
	}
	_, err = h.PermissionSet(ctx, host, set.ID)
	refuses(t, "reading a deleted set", err, model.NotFound)
}

func TestDeletingASetNeedsPermissionToRemoveItsAssignments(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	cleaner := h.operator(
		"cleaner",
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sso:ListPermissionSets","sso:DeletePermissionSet"],"Resource":"*"}]}`,
	)
	set := h.newSet(model.PermissionSet{Name: "Reader"})
	h.give(
		set,
		model.Principal{Kind: model.PrincipalUser, ID: string(cleaner.User)},
		model.Target{Kind: model.TargetAccount, ID: string(management)},
	)
	plan, err := h.PlanSetDeletion(ctx, cleaner, set.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.DeletePermissionSet(ctx, cleaner, SetRemoval{ID: set.ID, Version: 1, Plan: plan.Plan})
	refuses(t, "deleting", err, model.Forbidden)
	if e := h.last(); e.Action != model.ActDeleteAssignment || e.Outcome != model.Refused {
		t.Errorf("last event = %s %s", e.Outcome, e.Action)
	}
}

func TestASetReachesThosePeopleWhoHoldItNow(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	set := h.newSet(model.PermissionSet{Name: "Reader"})
	for _, name := range []string{"cem", "ana", "ben"} {
		u, err := h.CreateUser(
			ctx,
			host,
			model.User{UserName: name, GivenName: name, FamilyName: "X", Email: name + "@securecart.example"},
			nil,
		)
		if err != nil {
			t.Fatal(err)
		}
		request := AssignRequest{Sets: []model.PermissionSetID{set.ID}, ExpiresAt: h.now.Add(time.Hour),
			Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(u.ID)}},
			Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(management)}}}
		if _, err := h.Assign(ctx, host, request); err != nil {
			t.Fatal(err)
		}
	}
	v, roles, err := h.SetRoles(ctx, host, set.ID)
	if err != nil || v.People != 3 || v.Accounts != 1 || v.Rules != 3 || len(roles) != 3 ||
		roles[1].User.UserName != "ben" {
		t.Errorf("SetRoles() = %+v, %+v, %v", v.Reach, roles, err)
	}
	h.now = h.now.Add(time.Hour)
	v, rules, err := h.SetAssignments(ctx, host, set.ID)
	if err != nil || v.People != 0 || v.Accounts != 0 || v.Rules != 3 || len(rules) != 3 || rules[0].Holds {
		t.Errorf("after the end: SetAssignments() = %+v, %+v, %v", v.Reach, rules, err)
	}
}

func TestAPreviewSavesNothing(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	set := h.newSet(model.PermissionSet{Name: "Reader"})
	edit := set
	edit.InlinePolicy = onlyEdits
	p, err := h.PreviewPermissionSet(ctx, host, edit, "CHG-7")
	if err != nil || p.Same || p.Before.Version != 1 || p.After.Version != 2 || p.After.InlinePolicy != onlyEdits {
		t.Errorf("PreviewPermissionSet() = %+v, %v", p, err)
	}
	if p, err = h.PreviewPermissionSet(ctx, host, set, ""); err != nil || !p.Same {
		t.Errorf("a preview without a change = %+v, %v", p, err)
	}
	edit.InlinePolicy = "{"
	_, err = h.PreviewPermissionSet(ctx, host, edit, "")
	refuses(t, "previewing what cannot be saved", err, model.Invalid)
	_, err = h.PreviewPermissionSet(ctx, stranger, edit, "")
	refuses(t, "previewing as a stranger", err, model.Forbidden)
	_, err = h.DraftPermissionSet(ctx, stranger, set.ID, "", nil)
	refuses(t, "drafting as a stranger", err, model.Forbidden)
	if now, err := h.PermissionSet(ctx, host, set.ID); err != nil || now.Version != 1 {
		t.Errorf("the set is at version %d now, %v", now.Version, err)
	}
}

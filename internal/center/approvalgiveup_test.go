package center_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store/storetest"
)

// cut has an act given up at one look at its context after another until it is done. Until then nothing is in the trail, and
// nobody is told that they did something wrong.
func (p *pair) cut(t *testing.T, what string, act func(context.Context) error) {
	t.Helper()
	p.failing(t, what, lookStep(), func(n int64) error { return act(storetest.GiveUp(t.Context(), n)) })
}

func TestWhatIsGivenUpWhileTwoDecideLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	var waits []model.ApprovalID
	for n := range 4 {
		p.cut(t, "asking", func(ctx context.Context) error {
			_, err := p.c.CreatePolicy(ctx, asking(p.administrator), model.Policy{Kind: model.ServiceControlPolicy,
				Name: fmt.Sprint("Policy ", n), Document: denyRoot}, "")
			u, ok := errors.AsType[*center.Unapproved](err)
			if !ok || u.Wanted.ID == "" {
				return err
			}
			waits = append(waits, u.Wanted.ID)
			return nil
		})
	}
	if len(waits) != 4 {
		t.Fatalf("%d wait for approval, want 4", len(waits))
	}
	list, err := p.c.Approvals(t.Context(), p.second)
	must(t, err)
	view, err := p.c.Approval(t.Context(), p.second, waits[0])
	must(t, err)
	p.cut(t, "the list", func(ctx context.Context) error {
		got, err := p.c.Approvals(ctx, p.second)
		if err == nil && !reflect.DeepEqual(got, list) {
			t.Errorf("the list is %+v, want %+v", got, list)
		}
		return err
	})
	p.cut(t, "the view of one", func(ctx context.Context) error {
		got, err := p.c.Approval(ctx, p.second, waits[0])
		if err == nil && !reflect.DeepEqual(got, view) {
			t.Errorf("it is shown as %+v, want %+v", got, view)
		}
		return err
	})
	p.cut(t, "declining", func(ctx context.Context) error {
		return p.c.Decline(ctx, p.second, center.Decision{ID: waits[1], Word: "not now"})
	})
	p.cut(t, "withdrawing", func(ctx context.Context) error { return p.c.Withdraw(ctx, p.administrator, waits[2]) })
	p.cut(t, "approving", func(ctx context.Context) error {
		_, err := p.c.Approve(ctx, p.second, center.Decision{ID: waits[0]})
		return err
	})
	p.now = p.now.Add(model.ApprovalLife)
	p.cut(t, "ending what nobody decided on", p.c.EndApprovals)
	for n, want := range []model.ApprovalState{model.ApprovalApproved, model.ApprovalDeclined, model.ApprovalWithdrawn, model.ApprovalEnded} {
		if a, err := p.store.Approval(t.Context(), waits[n]); err != nil || a.State != want {
			t.Errorf("what was asked for as number %d is %s, %v; want %s", n+1, a.State, err, want)
		}
	}
	p.cut(t, "asking for one again", func(ctx context.Context) error { return p.c.AskForOne(ctx, host, "nobody is left") })
}

func TestWhoDecidesIsShownWhatADeletionTakesAway(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	unit, err := p.c.CreateOU(t.Context(), host, model.OU{Name: "Shop", Parent: model.OUID(p.root.ID)}, "")
	must(t, err)
	p.group(t, "Readers", p.gone)
	gone := model.Principal{Kind: model.PrincipalUser, ID: string(p.gone)}
	p.give(t, gone, p.sets[center.AuditorSet])
	must(t, second(p.c.Assign(t.Context(), host, center.AssignRequest{Principals: []model.Principal{gone},
		Sets: []model.PermissionSetID{p.sets[center.HelpDeskSet]}, Targets: []model.Target{{Kind: model.TargetOU, ID: string(unit.ID)}}})))
	v, err := p.c.Approval(t.Context(), p.second, p.deletion(t))
	must(t, err)
	for _, want := range []center.ApprovalPart{
		{Label: "User name", Before: "cleo"},
		{Label: "Member of", Before: "Readers"},
		{Label: "Assignment", Before: center.AuditorSet + " on " + p.managementWords(t)},
		{Label: "Assignment", Before: center.HelpDeskSet + " on Shop (" + string(unit.ID) + ")"},
	} {
		if !slices.Contains(v.Parts, want) {
			t.Errorf("%+v is not among %+v", want, v.Parts)
		}
	}
}

func TestWhoDecidesIsShownWhereAnAccountGoes(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	unit, err := p.c.CreateOU(t.Context(), host, model.OU{Name: "Shop", Parent: model.OUID(p.root.ID)}, "")
	must(t, err)
	must(t, second(p.c.Assign(t.Context(), host, center.AssignRequest{
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(p.target)}}, StartsAt: p.now.Add(time.Hour),
		Sets: []model.PermissionSetID{p.sets[center.HelpDeskSet]}, Targets: []model.Target{{Kind: model.TargetOU, ID: string(unit.ID)}}})))
	id := p.asked(t, p.administrator, func(a model.Actor) error {
		return p.c.MoveAccount(t.Context(), a, center.Move{Account: management, To: unit.ID})
	})
	v, err := p.c.Approval(t.Context(), p.second, id)
	want := []center.ApprovalPart{{Label: "Account", After: p.managementWords(t)}, {Label: "Unit", Before: "Root", After: "Shop"}}
	if err != nil || !slices.Equal(v.Parts, want) {
		t.Errorf("shown is %+v, %v; want %+v", v.Parts, err, want)
	}
	must(t, p.approve(t, p.second, id))
	if a, err := p.store.Account(t.Context(), management); err != nil || a.OU != unit.ID {
		t.Errorf("the account is in %s, %v", a.OU, err)
	}
}

func (p *pair) managementWords(t *testing.T) string {
	t.Helper()
	a, err := p.store.Account(t.Context(), management)
	must(t, err)
	return fmt.Sprintf("%s (%s)", a.Name, a.ID)
}

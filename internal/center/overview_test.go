package center_test

import (
	"slices"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

func TestTheOverviewCountsWhatThereIs(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	mia := f.member(t, "mia")
	f.saved(t, "Developers build")
	in := func(d time.Duration, u model.UserID) {
		t.Helper()
		_, err := f.c.Assign(ctx, host, center.AssignRequest{Sets: []model.PermissionSetID{f.set.ID}, ExpiresAt: f.now.Add(d),
			Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(u)}},
			Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(devAccount)}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	in(7*24*time.Hour, mia.ID)
	in(time.Hour, f.auditor.User)
	in(8*24*time.Hour, f.helpDesk.User)
	o, err := f.c.Overview(ctx, f.auditor)
	if err != nil {
		t.Fatal(err)
	}
	if o.Accounts != 2 || o.People != 5 || o.WithFactor != 1 || o.Rules != 7 || o.Scenarios != 1 || len(o.Failing) != 0 {
		t.Errorf("%d accounts, %d of %d people with a factor, %d rules, %d scenarios of which %d fail", o.Accounts, o.WithFactor,
			o.People, o.Rules, o.Scenarios, len(o.Failing))
	}
	if len(o.Administrators) != 1 || o.Administrators[0].Name != "Elena Novak" {
		t.Errorf("administrators are %v", o.Administrators)
	}
	if len(o.Ending) != 2 || !o.Ending[0].EndsAt.Equal(f.now.Add(time.Hour)) || o.Ending[1].Set != "Developer" || o.Ending[1].Where != "Dev" {
		t.Errorf("ending soon: %+v, want the one in an hour and the one in seven days", o.Ending)
	}
	if err := f.c.DeleteUser(ctx, host, f.developer.User, ""); err != nil {
		t.Fatal(err)
	}
	if o, err = f.c.Overview(ctx, f.auditor); err != nil || len(o.Failing) != 1 ||
		len(o.Proofs) != 1 || o.Proofs[0].Failing() == 0 {
		t.Errorf("after a person is gone %d scenarios fail of %v, %v", len(o.Failing), o.Proofs, err)
	}
}

func TestTheOverviewCountsSignInsByDayAndNamesTheOddOne(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	mia := f.member(t, "mia")
	f.now = noon.Add(-14 * 24 * time.Hour)
	f.signIn(t, mia) // a day too old
	f.now = noon.Add(-13 * 24 * time.Hour)
	f.signIn(t, mia)
	f.now = noon
	for range 3 {
		if _, err := f.c.SignIn(t.Context(), visit, center.Credentials{UserName: "mia", Password: "wrong wrong wrong"}); err == nil {
			t.Fatal("a wrong password signed in")
		}
		f.now = f.now.Add(time.Hour) // past the wait that each failure brings
	}
	f.signIn(t, mia)
	f.auditor.FactorAt = f.now
	o, err := f.c.Overview(t.Context(), f.auditor)
	if err != nil || len(o.SignIns) != 14 {
		t.Fatalf("%d days, %v", len(o.SignIns), err)
	}
	first, last := o.SignIns[0], o.SignIns[13]
	if first.SignedIn != 1 || first.Failed != 0 || !first.Day.Equal(time.Date(2026, 11, 7, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the first day is %+v", first)
	}
	if last.SignedIn != 1 || last.Failed != 3 || last.MostFailed != "mia" || last.MostFailedTimes != 3 {
		t.Errorf("the last day is %+v", last)
	}
	quiet := slices.IndexFunc(o.SignIns[1:13], func(d center.SignInDay) bool { return d.SignedIn+d.Failed > 0 })
	if quiet >= 0 {
		t.Errorf("day %d is not quiet", quiet+1)
	}
}

func TestTheOverviewIsNoWayAroundTheTrail(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	o, err := f.c.Overview(t.Context(), f.helpDesk)
	if err != nil || len(o.Recent) != 0 {
		t.Errorf("the help desk sees %d recent changes, %v", len(o.Recent), err)
	}
	o, err = f.c.Overview(t.Context(), f.auditor)
	if err != nil || len(o.Recent) != 6 || o.Recent[0].Summary != "Assigned Developer to the group Developers on Dev (333344445555)" {
		t.Errorf("the auditor sees %d recent changes, %v", len(o.Recent), err)
	}
	_, err = f.c.Overview(t.Context(), f.developer)
	f.refused(t, model.ActReadOverview, err)
}

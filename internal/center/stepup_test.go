package center_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const denyRoot = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}]}`

// dangers is a firm in which each dangerous act has something to be done to.
type dangers struct {
	*staff
	target, invited, gone model.UserID
	spare                 model.Policy // attached nowhere
	bound                 model.Policy // attached at root
	root                  model.Target
}

func openDangers(t *testing.T) *dangers {
	t.Helper()
	d := &dangers{staff: openStaff(t)}
	d.target, d.invited, d.gone = d.member(t, "ana").ID, d.user(t, "ben").ID, d.user(t, "cleo").ID
	org, err := d.c.Organization(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.root = model.Target{Kind: model.TargetOU, ID: string(org.RootID)}
	for _, p := range []*model.Policy{&d.spare, &d.bound} {
		*p = model.Policy{Kind: model.ServiceControlPolicy, Name: "Spare", Document: denyRoot}
		if p == &d.bound {
			p.Name = "Bound"
		}
		if *p, err = d.c.CreatePolicy(t.Context(), host, *p, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.c.AttachPolicy(t.Context(), host, center.Attach{Policy: d.bound.ID, Targets: []model.Target{d.root}}); err != nil {
		t.Fatal(err)
	}
	return d
}

// acts is each dangerous act, in an order in which all of them succeed.
func (d *dangers) acts(t *testing.T) []struct {
	action string
	do     func(model.Actor) error
} {
	ctx, wished := t.Context(), d.wished(t)
	secret := func(_ any, err error) error { return err }
	return []struct {
		action string
		do     func(model.Actor) error
	}{
		{model.ActInviteUser, func(a model.Actor) error { return secret(d.c.Invite(ctx, a, d.invited, center.ByHand)) }},
		{model.ActResetPassword, func(a model.Actor) error { return secret(d.c.ResetPassword(ctx, a, d.target, center.ByHand)) }},
		{model.ActResetMFA, func(a model.Actor) error { return secret(d.c.ResetMFA(ctx, a, d.target, center.ByHand)) }},
		{model.ActDeleteUser, func(a model.Actor) error { return d.c.DeleteUser(ctx, a, d.gone, "") }},
		{model.ActCreatePolicy, func(a model.Actor) error {
			return secret(d.c.CreatePolicy(ctx, a, model.Policy{Kind: model.ServiceControlPolicy, Name: "Third", Document: denyRoot}, ""))
		}},
		{model.ActUpdatePolicy, func(a model.Actor) error {
			p := d.spare
			p.Description = "changed"
			return secret(d.c.UpdatePolicy(ctx, a, p, ""))
		}},
		{model.ActAttachPolicy, func(a model.Actor) error {
			return d.c.AttachPolicy(ctx, a, center.Attach{Policy: d.spare.ID, Targets: []model.Target{{Kind: model.TargetAccount, ID: string(management)}}})
		}},
		{model.ActDetachPolicy, func(a model.Actor) error {
			return d.c.DetachPolicy(ctx, a, center.Detach{Policy: d.bound.ID, Target: d.root})
		}},
		{model.ActDeletePolicy, func(a model.Actor) error { return d.c.DeletePolicy(ctx, a, d.bound.ID, "") }},
		{model.ActUpdateSignInPolicy, func(a model.Actor) error {
			p := model.StandardSignInPolicy()
			p.MinLength = 10
			return d.c.UpdateSignInPolicy(ctx, a, p, "")
		}},
		{model.ActRenewCodes, func(a model.Actor) error { return secret(d.c.RenewRecoveryCodes(ctx, a)) }},
		{model.ActAddDevice, func(a model.Actor) error { return d.addApp(t, a) }},
		{model.ActRemoveDevice, func(a model.Actor) error {
			s, err := d.c.OwnSecurity(ctx, a)
			if err != nil {
				t.Fatal(err)
			}
			return d.c.RemoveDevice(ctx, a, s.Devices[0].ID)
		}},
		{model.ActApprove, func(a model.Actor) error { return secret(d.c.Approve(ctx, a, center.Decision{ID: wished})) }},
	}
}

// wished is a new group that somebody else wants to have a member, and that waits for approval.
func (d *dangers) wished(t *testing.T) model.ApprovalID {
	t.Helper()
	sets, err := d.c.SetNames(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	group, peer := d.group(t, "Wished"), d.operator(t, "peer", sets[center.AdministratorSet])
	a := model.Approval{ID: "wish", Action: model.ActCreateMembership, AskedBy: peer.User, AskedAt: d.now,
		FactorAt: d.now, EndsAt: d.now.Add(time.Hour), Act: fmt.Sprintf(`{"Group":%q,"People":[%q]}`, group.ID, d.invited)}
	err = d.store.Housekeep(t.Context(), func(tx *store.Tx) error { return tx.InsertApproval(t.Context(), a) })
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

// addApp confirms an app of the actor that was begun while their factor was fresh.
func (d *dangers) addApp(t *testing.T, a model.Actor) error {
	t.Helper()
	early := a
	early.FactorAt = d.now
	e, err := d.c.PendingDevice(t.Context(), early)
	if err != nil {
		if e, err = d.c.StartDevice(t.Context(), early); err != nil {
			t.Fatal(err)
		}
	}
	return d.c.ConfirmDevice(t.Context(), a, "", d.code(t, e.Secret.Reveal(), 0))
}

func TestDangerousActsAskForAFreshSecondFactor(t *testing.T) {
	t.Parallel()
	d := openDangers(t)
	if _, err := d.c.ProvisionCredentials(t.Context(), host, d.administrator.User, goodPassword); err != nil {
		t.Fatal(err)
	}
	fresh, stale := d.administrator, d.administrator
	stale.FactorAt = d.now.Add(-5 * time.Minute)
	fresh.FactorAt = d.now.Add(-5*time.Minute + 1)
	fresh.Session = "one"
	stale.Session = "one"
	var tried []string
	for _, act := range d.acts(t) {
		tried = append(tried, act.action)
		before := d.newest(t)
		err := act.do(stale)
		if model.KindOf(err) != model.Unconfirmed {
			t.Errorf("%s five minutes after the second factor: %v", act.action, err)
		}
		if after := d.newest(t); after.Seq != before.Seq {
			t.Errorf("%s left an event: %s", act.action, after.Summary)
		}
		if err := act.do(fresh); err != nil {
			t.Errorf("%s with a fresh second factor: %v", act.action, err)
		} else if e := d.newest(t); e.Action != act.action || e.Outcome != model.Done {
			t.Errorf("%s is recorded as %s: %s", act.action, e.Action, e.Summary)
		}
	}
	want := model.DangerousActions()
	slices.Sort(want)
	slices.Sort(tried)
	if !slices.Equal(tried, want) {
		t.Errorf("the dangerous actions are %q, tried were %q", want, tried)
	}
}

func TestRefusalComesBeforeConfirmation(t *testing.T) {
	t.Parallel()
	d := openDangers(t)
	stale := d.auditor
	stale.FactorAt = d.now.Add(-time.Hour)
	if err := d.c.DeleteUser(t.Context(), stale, d.gone, ""); model.KindOf(err) != model.Forbidden {
		t.Errorf("somebody who may not is asked to confirm: %v", err)
	}
	if _, err := d.c.ProvisionCredentials(t.Context(), host, d.administrator.User, goodPassword); err != nil {
		t.Fatal(err)
	}
	boss := d.administrator
	boss.FactorAt = d.now.Add(-time.Hour)
	if err := d.c.DeletePolicy(t.Context(), boss, d.bound.ID, ""); model.KindOf(err) != model.Conflict {
		t.Errorf("what cannot be done asks to confirm: %v", err)
	}
	if _, err := d.c.ForeseeDetach(t.Context(), boss, center.Detach{Policy: d.bound.ID, Target: d.root}); err != nil {
		t.Errorf("a preview asks to confirm: %v", err)
	}
	if _, err := d.c.CreateGroup(t.Context(), boss, model.Group{Name: "Harmless"}); err != nil {
		t.Errorf("a harmless act asks to confirm: %v", err)
	}
	for name, err := range map[string]error{
		"inviting with a new person": d.c.Fresh(t.Context(), boss, model.ActInviteUser),
		"beginning a device":         second(d.c.StartDevice(t.Context(), boss)),
		"seeing a device's secret":   second(d.c.PendingDevice(t.Context(), boss)),
	} {
		if model.KindOf(err) != model.Unconfirmed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.c.Fresh(t.Context(), stale, model.ActInviteUser); err != nil {
		t.Errorf("who may not invite is asked to confirm: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestAStepUpChangesTheCookieAndNothingElse(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	in := o.signIn(t, m)
	codes, err := o.c.RenewRecoveryCodes(t.Context(), acting(in))
	if err != nil {
		t.Fatal(err)
	}
	o.now = o.now.Add(10 * time.Minute)
	up, err := o.c.VerifyCode(t.Context(), visit, in.Token.Reveal(), o.code(t, m.secret, 0))
	if err != nil {
		t.Fatal(err)
	}
	o.trail(t, "Confirmed with a code who acts")
	if e := o.newest(t); e.Action != model.ActStepUp || e.Session != in.Session.ID {
		t.Errorf("the event is %+v", e)
	}
	if up.Token == in.Token || o.alive(t, in.Token) != "" || o.alive(t, up.Token) != model.StageSignedIn {
		t.Error("the cookie before the step-up still opens something, or the new one nothing")
	}
	b, err := o.c.Resume(t.Context(), up.Token.Reveal())
	if err != nil || b.Session.ID != in.Session.ID || !b.Session.SignedInAt.Equal(in.Session.SignedInAt) ||
		b.Session.Methods != "password totp" || !b.Session.FactorAt.Equal(o.now) || !b.Session.CreatedAt.Equal(in.Session.CreatedAt) {
		t.Errorf("after the step-up the session is %+v, %v", b.Session, err)
	}
	if _, err := o.c.VerifyCode(t.Context(), visit, up.Token.Reveal(), codes[0]); err != nil {
		t.Errorf("a recovery code does not step up: %v", err)
	}
	o.trail(t, "Confirmed with a recovery code who acts")
}

// The counter of wrong codes is the person's, whatever a code is for.
func TestGuessingAtAStepUpTurnsCodesOff(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	m := o.member(t, "ana")
	token := o.signIn(t, m).Token.Reveal()
	for range 5 {
		if _, err := o.c.VerifyCode(t.Context(), visit, token, "000000"); err == nil {
			t.Fatal("a wrong code steps up")
		}
	}
	o.trail(t, "Step-up failed: a wrong code; codes are off after 5 failures in a row")
	o.now = o.now.Add(time.Minute)
	if _, err := o.c.VerifyCode(t.Context(), visit, token, o.code(t, m.secret, 0)); err == nil {
		t.Error("a right code steps up after five wrong ones")
	}
	if _, err := o.c.VerifyCode(t.Context(), visit, o.password(t, "ana").Token.Reveal(), o.code(t, m.secret, 0)); err == nil {
		t.Error("and signs in elsewhere")
	}
	if e, ok := errors.AsType[*model.Error](second(o.c.VerifyCode(t.Context(), visit, token, "000000"))); !ok || e.Fields["code"] == "" {
		t.Error("nobody says that codes are off")
	}
}

// A browser that was left open must not make an accomplice an administrator for good.
func TestWhateverMakesAnOperatorAsksForAFreshSecondFactor(t *testing.T) {
	t.Parallel()
	s := openStaff(t)
	sets, err := s.c.SetNames(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	operators := s.group(t, "Operators")
	s.give(t, model.Principal{Kind: model.PrincipalGroup, ID: string(operators.ID)}, sets[center.AuditorSet])
	held := s.set(t, model.PermissionSet{Name: "Desk", SessionDuration: time.Hour, InlinePolicy: developing})
	s.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(s.auditor.User)}, held.ID)
	elsewhere := s.set(t, model.PermissionSet{Name: "Elsewhere", SessionDuration: time.Hour, InlinePolicy: developing})
	stale := s.administrator
	stale.FactorAt = s.now.Add(-5 * time.Minute)
	for what, act := range map[string]func(model.Actor) error{
		"assigning a set in the management account": func(a model.Actor) error {
			return second(s.c.Assign(t.Context(), a, center.AssignRequest{Sets: []model.PermissionSetID{elsewhere.ID},
				Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(s.nobody.User)}},
				Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(management)}}}))
		},
		"adding somebody to a group of operators": func(a model.Actor) error {
			return second(s.c.AddMembers(t.Context(), a, operators.ID, []model.UserID{s.nobody.User}))
		},
		"changing what operators may do": func(a model.Actor) error {
			held.Description = "may do more"
			return second(s.c.UpdatePermissionSet(t.Context(), a, held, ""))
		},
	} {
		if err := act(stale); model.KindOf(err) != model.Unconfirmed {
			t.Errorf("%s five minutes after the second factor: %v", what, err)
		}
		if err := act(s.administrator); err != nil {
			t.Errorf("%s with a fresh one: %v", what, err)
		}
	}
	group := s.group(t, "Harmless")
	if err := second(s.c.AddMembers(t.Context(), stale, group.ID, []model.UserID{s.nobody.User})); err != nil {
		t.Errorf("adding an operator to a group without rights: %v", err)
	}
}

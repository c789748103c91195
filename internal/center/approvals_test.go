package center_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mail"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// pair is a firm in which acts of the highest value need a second administrator, and that has two.
type pair struct {
	*dangers
	second model.Actor
	sets   map[string]model.PermissionSetID
}

func openPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{dangers: openDangers(t)}
	var err error
	if p.sets, err = p.c.SetNames(t.Context(), host); err != nil {
		t.Fatal(err)
	}
	p.second = p.operator(t, "otto", p.sets[center.AdministratorSet])
	p.second.Name = "Otto Second"
	for _, who := range []model.UserID{p.administrator.User, p.second.User} {
		if _, err := p.c.ProvisionCredentials(t.Context(), host, who, goodPassword); err != nil {
			t.Fatal(err)
		}
	}
	p.save(t, func(rules *model.SignInPolicy) { rules.TwoPeople = true })
	return p
}

// asking is an actor who asks for approval of whatever needs it.
func asking(a model.Actor) model.Actor {
	a.Asking = model.Asking{Asks: true, Reason: "CHG-9"}
	return a
}

// asked asks for an act and returns what waits for approval now.
func (p *pair) asked(t *testing.T, who model.Actor, do func(model.Actor) error) model.ApprovalID {
	t.Helper()
	err := do(asking(who))
	u, ok := errors.AsType[*center.Unapproved](err)
	if !ok || u.Wanted.ID == "" {
		t.Fatalf("asking for approval: %v", err)
	}
	return u.Wanted.ID
}

func (p *pair) approve(t *testing.T, who model.Actor, id model.ApprovalID) error {
	t.Helper()
	_, err := p.c.Approve(t.Context(), who, center.Decision{ID: id})
	return err
}

// deletion asks for the deletion of a person.
func (p *pair) deletion(t *testing.T) model.ApprovalID {
	t.Helper()
	return p.asked(t, p.administrator, func(a model.Actor) error { return p.c.DeleteUser(t.Context(), a, p.gone, "left") })
}

func (p *pair) exists(t *testing.T, user model.UserID) bool {
	t.Helper()
	_, err := p.store.User(t.Context(), user)
	return err == nil
}

func account(id model.AccountID) model.Target {
	return model.Target{Kind: model.TargetAccount, ID: string(id)}
}

type twoAct struct {
	name string
	do   func(model.Actor) error
}

// highest is every act of the highest value, in an order in which all of them succeed.
func (p *pair) highest(t *testing.T) []twoAct {
	t.Helper()
	ctx := t.Context()
	var acts []twoAct
	for _, a := range p.acts(t) {
		if slices.Contains(model.ActionsForTwo(), a.action) && a.action != model.ActUpdateSignInPolicy { // its version is another here
			acts = append(acts, twoAct{a.action, a.do})
		}
	}
	ana := model.Principal{Kind: model.PrincipalUser, ID: string(p.target)}
	operators := p.group(t, "Operators")
	p.give(t, model.Principal{Kind: model.PrincipalGroup, ID: string(operators.ID)}, p.sets[center.AuditorSet])
	later := p.user(t, "later")
	if _, err := p.c.Assign(ctx, host, center.AssignRequest{StartsAt: p.now.Add(time.Hour), Sets: []model.PermissionSetID{p.sets[center.HelpDeskSet]},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(later.ID)}}, Targets: []model.Target{p.root}}); err != nil {
		t.Fatal(err)
	}
	auditor, err := p.store.PermissionSet(ctx, p.sets[center.AuditorSet])
	if err != nil {
		t.Fatal(err)
	}
	return append(acts,
		twoAct{model.ActUpdateSignInPolicy, func(a model.Actor) error {
			return p.c.UpdateSignInPolicy(ctx, a, p.rules(t, func(r *model.SignInPolicy) { r.MinLength = 10 }), "")
		}},
		twoAct{"assigning in the management account", func(a model.Actor) error {
			return second(p.c.Assign(ctx, a, center.AssignRequest{Principals: []model.Principal{ana},
				Sets: []model.PermissionSetID{p.sets[center.AuditorSet]}, Targets: []model.Target{account(management)}}))
		}},
		twoAct{"assigning above the management account", func(a model.Actor) error {
			return second(p.c.Assign(ctx, a, center.AssignRequest{Principals: []model.Principal{ana}, StartsAt: p.now.Add(time.Hour),
				Sets: []model.PermissionSetID{p.sets[center.HelpDeskSet]}, Targets: []model.Target{p.root}}))
		}},
		twoAct{"adding a member to a group of operators", func(a model.Actor) error {
			return second(p.c.AddMembers(ctx, a, operators.ID, []model.UserID{p.invited}))
		}},
		twoAct{"creating a person in a group of operators", func(a model.Actor) error {
			return second(p.c.CreateUser(ctx, a, model.User{UserName: "new", GivenName: "Nia", FamilyName: "Ito", Email: "new@securecart.example"},
				[]model.GroupID{operators.ID}))
		}},
		twoAct{"changing a set with which Gatehouse is operated", func(a model.Actor) error {
			set := auditor.PermissionSet
			set.Description = "Reads a lot."
			return second(p.c.UpdatePermissionSet(ctx, a, set, ""))
		}},
		twoAct{"changing the e-mail address of an operator", func(a model.Actor) error {
			u, err := p.store.User(ctx, p.auditor.User)
			if err != nil {
				t.Fatal(err)
			}
			u.Email = "elsewhere@securecart.example"
			return second(p.c.UpdateUser(ctx, a, u, ""))
		}},
		twoAct{"inviting somebody who will be an operator", func(a model.Actor) error {
			return second(p.c.Invite(ctx, a, later.ID, center.ByHand))
		}},
		twoAct{"resetting the password of an operator", func(a model.Actor) error {
			return second(p.c.ResetPassword(ctx, a, p.helpDesk.User, center.ByHand))
		}},
		twoAct{"resetting the second factor of an operator", func(a model.Actor) error {
			return second(p.c.ResetMFA(ctx, a, p.helpDesk.User, center.ByHand))
		}},
	)
}

func TestEachActOfTheHighestValueWaitsForASecondAdministrator(t *testing.T) {
	p := openPair(t)
	for _, act := range p.highest(t) {
		before := p.newest(t)
		err := act.do(p.administrator)
		if model.KindOf(err) != model.Unapproved {
			t.Errorf("%s by one administrator: %v", act.name, err)
			continue
		}
		if after := p.newest(t); after.Seq != before.Seq {
			t.Errorf("%s left an event: %s", act.name, after.Summary)
		}
		id := p.asked(t, p.administrator, act.do)
		e := p.newest(t)
		if e.Action != model.ActAskApproval || e.Reason != "CHG-9" || e.Actor != p.administrator.User ||
			!slices.Contains(e.Objects, model.Ref{Kind: model.RefApproval, ID: string(id), Name: e.Objects[0].Name}) {
			t.Errorf("%s: asking is recorded as %+v", act.name, e)
		}
		v, err := p.c.Approval(t.Context(), p.second, id)
		if err != nil || v.Why != "" || len(v.Parts) == 0 || v.Mine {
			t.Errorf("%s: the second administrator is shown %+v, %v", act.name, v, err)
		}
		link, err := p.c.Approve(t.Context(), p.second, center.Decision{ID: id, Word: "seen with Elena"})
		if err != nil {
			t.Errorf("%s approved: %v", act.name, err)
			continue
		}
		if want := strings.Contains(act.name, "resetting") || strings.Contains(act.name, "inviting"); want != (link.Token != "") {
			t.Errorf("%s: the approver got the link %v", act.name, link)
		}
		events, err := p.store.Events(t.Context(), store.EventFilter{Limit: 2})
		if err != nil || events[0].Action != model.ActApprove || events[0].Reason != "seen with Elena" {
			t.Errorf("%s: approving is recorded as %+v, %v", act.name, events, err)
		}
		done := events[1]
		if done.Actor != p.second.User || !strings.HasSuffix(done.Summary, ", as "+p.administrator.Name+" asked") ||
			!slices.Contains(names(done), "user "+p.administrator.Name) {
			t.Errorf("%s: the act is recorded as %+v", act.name, done)
		}
		if done.Reason == "" {
			t.Errorf("%s: the act is recorded without the reason of who asked", act.name)
		}
		err = p.approve(t, p.second, id)
		if model.KindOf(err) != model.Conflict || !strings.HasPrefix(err.Error(), "This was decided before: it was approved by Otto Second") {
			t.Errorf("%s approved twice: %v", act.name, err)
		}
	}
}

func TestWhatHasToBeQuickNeedsNobodyElse(t *testing.T) {
	p := openPair(t)
	ctx := t.Context()
	set := p.set(t, model.PermissionSet{Name: "Builder", SessionDuration: time.Hour})
	dev, err := p.c.AddAccount(ctx, host, model.Account{ID: devAccount, Name: "Dev", Email: "dev@securecart.example",
		OU: model.OUID(p.root.ID), State: model.AccountActive}, "")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := p.c.Assign(ctx, p.administrator, center.AssignRequest{Targets: []model.Target{account(dev.ID)},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(p.target)}}, Sets: []model.PermissionSetID{set.ID}})
	if err != nil {
		t.Errorf("an assignment elsewhere: %v", err)
	}
	for name, err := range map[string]error{
		"removing an assignment": second(p.c.Unassign(ctx, p.administrator, []model.AssignmentID{rules[0].ID}, "")),
		"a group":                second(p.c.CreateGroup(ctx, p.administrator, model.Group{Name: "Harmless"}, p.target)),
		"a password of somebody": second(p.c.ResetPassword(ctx, p.administrator, p.target, center.ByHand)),
		"ending sessions":        p.c.EndSessions(ctx, p.administrator, p.auditor.User),
		"disabling":              p.c.DisableUser(ctx, p.administrator, p.auditor.User, ""),
		"enabling":               p.c.EnableUser(ctx, p.administrator, p.auditor.User, ""),
		"offboarding":            p.c.Offboard(ctx, p.administrator, p.second.User, ""),
		"the host":               p.c.DeleteUser(ctx, host, p.gone, ""),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNobodyApprovesTheirOwnOrWhatTheyMayNotDo(t *testing.T) {
	p := openPair(t)
	id := p.deletion(t)
	if err := p.approve(t, p.administrator, id); model.KindOf(err) != model.Forbidden {
		t.Errorf("one approves their own: %v", err)
	}
	if e := p.newest(t); e.Outcome != model.Refused || e.Action != model.ActApprove {
		t.Errorf("that is recorded as %+v", e)
	}
	kind(t, p.c.Decline(t.Context(), p.administrator, center.Decision{ID: id, Word: "no"}), model.Forbidden)
	for name, who := range map[string]model.Actor{"help desk": p.helpDesk, "nobody": p.nobody} {
		if err := p.approve(t, who, id); model.KindOf(err) != model.NotFound {
			t.Errorf("%s approves: %v", name, err)
		}
		kind(t, p.c.Decline(t.Context(), who, center.Decision{ID: id, Word: "no"}), model.NotFound)
		if _, err := p.c.Approval(t.Context(), who, id); model.KindOf(err) != model.NotFound {
			t.Errorf("%s sees it: %v", name, err)
		}
		if list, err := p.c.Approvals(t.Context(), who); err != nil || len(list.Waiting) > 0 {
			t.Errorf("%s is shown %v, %v", name, list, err)
		}
	}
	if v, err := p.c.Approval(t.Context(), p.auditor, id); err != nil || v.Decides || v.Why != "" || len(v.Parts) == 0 {
		t.Errorf("the auditor sees %+v, %v", v, err)
	}
	kind(t, p.approve(t, p.auditor, id), model.Forbidden)
	kind(t, p.c.Decline(t.Context(), p.auditor, center.Decision{ID: id, Word: "no"}), model.Forbidden)
	stale := p.second
	stale.FactorAt = p.now.Add(-time.Hour)
	if err := p.approve(t, stale, id); model.KindOf(err) != model.Unconfirmed {
		t.Errorf("approved with a second factor of an hour ago: %v", err)
	}
	if !p.exists(t, p.gone) {
		t.Fatal("it was carried out")
	}
	if m, err := p.c.Menu(t.Context(), p.second); err != nil || m.ToApprove != 1 {
		t.Errorf("the second administrator is told of %d, %v", m.ToApprove, err)
	}
	if m, err := p.c.Menu(t.Context(), p.administrator); err != nil || m.ToApprove != 0 || !m.Approvals {
		t.Errorf("who asked is told of %d, %v", m.ToApprove, err)
	}
}

func TestAnApprovalIsUsedOnceThoughManyApproveAtOnce(t *testing.T) {
	p := openPair(t)
	id := p.asked(t, p.administrator, func(a model.Actor) error {
		return second(p.c.CreatePolicy(t.Context(), a, model.Policy{Kind: model.ServiceControlPolicy, Name: "Once", Document: denyRoot}, ""))
	})
	other := p.again(t)
	var waiting sync.WaitGroup
	outcomes := make([]error, 8)
	for i := range outcomes {
		c := []*center.Center{p.c, other.c}[i%2]
		waiting.Go(func() { _, outcomes[i] = c.Approve(t.Context(), p.second, center.Decision{ID: id}) })
	}
	waiting.Wait()
	done := 0
	for _, err := range outcomes {
		if err == nil {
			done++
		} else if model.KindOf(err) != model.Conflict {
			t.Errorf("one of many approvals: %v", err)
		}
	}
	policies, err := p.store.Policies(t.Context())
	made := 0
	for _, policy := range policies {
		if policy.Name == "Once" {
			made++
		}
	}
	if done != 1 || made != 1 || err != nil {
		t.Errorf("%d approvals succeeded and made %d policies, %v", done, made, err)
	}
}

func TestWhatChangedSinceItWasAskedForIsNotDone(t *testing.T) {
	p := openPair(t)
	changed := p.spare
	changed.Description = "of the one"
	id := p.asked(t, p.administrator, func(a model.Actor) error { return second(p.c.UpdatePolicy(t.Context(), a, changed, "")) })
	saved := p.spare
	saved.Description = "of the other"
	if _, err := p.c.UpdatePolicy(t.Context(), host, saved, ""); err != nil {
		t.Fatal(err)
	}
	v, err := p.c.Approval(t.Context(), p.second, id)
	if err != nil || !strings.Contains(v.Why, "changed since") {
		t.Errorf("the page says %q, %v", v.Why, err)
	}
	kind(t, p.approve(t, p.second, id), model.Conflict)
	if now, err := p.store.Policy(t.Context(), p.spare.ID); err != nil || now.Description != "of the other" {
		t.Errorf("the policy is %+v, %v", now, err)
	}
	set, err := p.store.PermissionSet(t.Context(), p.sets[center.AuditorSet])
	must(t, err)
	same := set.PermissionSet
	same.Description = "Reads a lot."
	id = p.asked(t, p.administrator, func(a model.Actor) error { return second(p.c.UpdatePermissionSet(t.Context(), a, same, "")) })
	must(t, second(p.c.UpdatePermissionSet(t.Context(), host, same, "")))
	err = p.approve(t, p.second, id)
	if kind(t, err, model.Conflict); !strings.HasPrefix(err.Error(), "Nothing was done, because this changed since it was asked for.") {
		t.Errorf("approving what is so already: %v", err)
	}
	gone := p.deletion(t)
	if err := p.c.DeleteUser(t.Context(), host, p.gone, ""); err != nil {
		t.Fatal(err)
	}
	kind(t, p.approve(t, p.second, gone), model.Conflict)
	if v, err := p.c.Approval(t.Context(), p.second, gone); err != nil || v.Why == "" || v.State != model.ApprovalWaiting {
		t.Errorf("of what is gone the page says %+v, %v", v, err)
	}
}

func TestARequestEndsWithItsTimeItsAskerAndTheirPermission(t *testing.T) {
	p := openPair(t)
	third := p.operator(t, "third", p.sets[center.AdministratorSet])
	expectEnded := func(id model.ApprovalID, why string) {
		t.Helper()
		err := p.approve(t, p.second, id)
		if model.KindOf(err) != model.Conflict || !strings.Contains(err.Error(), why) {
			t.Errorf("approved though %s: %v", why, err)
		}
		if e := p.newest(t); e.Action != model.ActEndApproval || !strings.Contains(e.Summary, why) {
			t.Errorf("the trail has %+v", e)
		}
		kind(t, p.approve(t, p.second, id), model.Conflict)
	}
	byThird := func(user model.UserID) model.ApprovalID {
		return p.asked(t, third, func(a model.Actor) error { return p.c.DeleteUser(t.Context(), a, user, "") })
	}
	id := byThird(p.gone)
	if err := p.c.DisableUser(t.Context(), host, third.User, ""); err != nil {
		t.Fatal(err)
	}
	if m, err := p.c.Menu(t.Context(), p.second); err != nil || m.ToApprove != 0 {
		t.Errorf("of a disabled person %d wait, %v", m.ToApprove, err)
	}
	expectEnded(id, "is disabled")
	if err := p.c.EnableUser(t.Context(), host, third.User, ""); err != nil {
		t.Fatal(err)
	}
	id = byThird(p.invited)
	p.now = p.now.Add(model.ApprovalLife)
	p.second.FactorAt, p.administrator.FactorAt = p.now, p.now
	expectEnded(id, "nobody decided on it within 24 hours")
	late := p.deletion(t)
	p.now = p.now.Add(model.ApprovalLife)
	if err := p.c.EndApprovals(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, err := p.c.Approval(t.Context(), p.second, late); err != nil || v.State != model.ApprovalEnded {
		t.Errorf("after its time it is %+v, %v", v, err)
	}
	if e := p.newest(t); e.Action != model.ActEndApproval || e.ActorName != "console" {
		t.Errorf("the trail has %+v", e)
	}
	if !p.exists(t, p.gone) || !p.exists(t, p.invited) {
		t.Error("something was carried out")
	}
}

func TestAnAskerWhoLostThePermissionCannotHaveItApproved(t *testing.T) {
	p := openPair(t)
	u := p.user(t, "third")
	rule := p.give(t, model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)}, p.sets[center.AdministratorSet])
	id := p.asked(t, actorOf(u), func(a model.Actor) error { return p.c.DeleteUser(t.Context(), a, p.gone, "") })
	if _, err := p.c.Unassign(t.Context(), host, []model.AssignmentID{rule.ID}, ""); err != nil {
		t.Fatal(err)
	}
	if err := p.approve(t, p.second, id); model.KindOf(err) != model.Conflict || !strings.Contains(err.Error(), "may not do it any more") {
		t.Errorf("approved: %v", err)
	}
	if e := p.newest(t); e.Action != model.ActEndApproval || !p.exists(t, p.gone) {
		t.Errorf("the trail has %+v", e)
	}
}

func TestWhoAskedWithdrawsAndAnotherDeclines(t *testing.T) {
	p := openPair(t)
	id := p.deletion(t)
	if again := p.deletion(t); again != id {
		t.Error("the same act asked for twice waits twice")
	}
	kind(t, p.c.Withdraw(t.Context(), p.second, id), model.Forbidden)
	kind(t, p.c.Decline(t.Context(), p.second, center.Decision{ID: id}), model.Invalid, "why")
	if err := p.c.Withdraw(t.Context(), p.administrator, id); err != nil {
		t.Fatal(err)
	}
	if e := p.newest(t); e.Action != model.ActWithdrawApproval {
		t.Errorf("the trail has %+v", e)
	}
	kind(t, p.approve(t, p.second, id), model.Conflict)
	id = p.deletion(t)
	server, err := mail.Parse("smtps://mail.example", "Gatehouse <id@securecart.example>", "")
	if err != nil {
		t.Fatal(err)
	}
	p.c.Mail = &server
	if err := p.c.Decline(t.Context(), p.second, center.Decision{ID: id, Word: "not without her manager"}); err != nil {
		t.Fatal(err)
	}
	if e := p.newest(t); e.Action != model.ActDeclineApproval || e.Reason != "not without her manager" {
		t.Errorf("the trail has %+v", e)
	}
	kind(t, p.approve(t, p.second, id), model.Conflict)
	notices, err := p.store.Notices(t.Context(), p.administrator.User, 1)
	if err != nil || len(notices) != 1 || !strings.Contains(notices[0].Text, "was declined by "+p.second.Name) ||
		!strings.Contains(notices[0].Text, "not without her manager") {
		t.Errorf("who asked is told %v, %v", notices, err)
	}
	box, err := p.c.Outbox(t.Context(), p.administrator)
	if err != nil || len(box.Mails) != 1 || box.Mails[0].User != p.administrator.User || !strings.Contains(box.Mails[0].Subject, "what you asked for") {
		t.Errorf("they get the e-mails %+v, %v", box.Mails, err)
	}
	list, err := p.c.Approvals(t.Context(), p.administrator)
	if err != nil || len(list.Waiting) != 0 || len(list.Past) != 2 || !p.exists(t, p.gone) {
		t.Errorf("the list is %+v, %v", list, err)
	}
	if _, err := p.c.Approve(t.Context(), p.second, center.Decision{ID: "nothing"}); model.KindOf(err) != model.NotFound {
		t.Errorf("approving nothing: %v", err)
	}
}

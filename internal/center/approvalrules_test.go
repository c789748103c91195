package center_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store/storetest"
)

func TestARequestThatWasWrittenFromOutsideIsNotCarriedOut(t *testing.T) {
	p := openPair(t)
	i := storetest.NewIntruder(t, p.path)
	used := p.asked(t, p.administrator, func(a model.Actor) error {
		return second(p.c.CreatePolicy(t.Context(), a, model.Policy{Kind: model.ServiceControlPolicy, Name: "Again", Document: denyRoot}, ""))
	})
	i.Remember("approvals")
	if err := p.approve(t, p.second, used); err != nil {
		t.Fatal(err)
	}
	i.Restore("approvals")
	if err := p.approve(t, p.second, used); model.KindOf(err) != model.Unavailable {
		t.Errorf("one that was put back as it waited: %v", err)
	}

	q := openPair(t)
	j := storetest.NewIntruder(t, q.path)
	id := q.deletion(t)
	j.Remember("approvals")
	for column, value := range map[string]any{"asked_by": string(q.target), "act": `{"User":"` + string(q.target) + `"}`,
		"ends_at": q.now.Add(1000 * time.Hour), "action": model.ActUpdateSignInPolicy} {
		j.Put("approvals", column, j.Rows("approvals")[0], value)
		if err := q.approve(t, q.second, id); model.KindOf(err) != model.Unavailable {
			t.Errorf("with another %s: %v", column, err)
		}
		j.Restore("approvals")
	}
	if err := q.approve(t, q.second, id); err != nil {
		t.Errorf("as it was written: %v", err)
	}
}

func TestOnlyTwoOrTheHostTurnItOff(t *testing.T) {
	p := openPair(t)
	off := func(a model.Actor) error {
		return p.c.UpdateSignInPolicy(t.Context(), a, p.rules(t, func(r *model.SignInPolicy) { r.TwoPeople = false }), "")
	}
	alone := func(want model.Kind) {
		t.Helper()
		if err := off(p.administrator); model.KindOf(err) != want {
			t.Errorf("one administrator turns it off: %v", err)
		}
	}
	alone(model.Unapproved)
	i := storetest.NewIntruder(t, p.path)
	i.Remember("sign_in_policies")
	i.Do(`DELETE FROM sign_in_policies`)
	alone(model.Unavailable)
	i.Restore("sign_in_policies")

	if err := p.approve(t, p.second, p.asked(t, p.administrator, off)); err != nil {
		t.Fatal(err)
	}
	if err := p.c.DeleteUser(t.Context(), p.administrator, p.gone, ""); err != nil {
		t.Errorf("turned off, and yet: %v", err)
	}
	p.save(t, func(r *model.SignInPolicy) { r.TwoPeople = true })
	if err := p.c.DeleteUser(t.Context(), p.administrator, p.invited, ""); model.KindOf(err) != model.Unapproved {
		t.Errorf("turned on again, and yet: %v", err)
	}
	if err := p.c.AskForOne(t.Context(), p.administrator, "alone"); model.KindOf(err) != model.Forbidden {
		t.Errorf("an administrator does what the host does: %v", err)
	}
	if err := p.c.AskForOne(t.Context(), host, "Otto left"); err != nil {
		t.Fatal(err)
	}
	if e := p.newest(t); e.Action != model.ActUpdateSignInPolicy || e.ActorName != "host" || e.Reason != "Otto left" {
		t.Errorf("the trail has %+v", e)
	}
	if err := p.c.DeleteUser(t.Context(), p.administrator, p.invited, ""); err != nil {
		t.Errorf("the host turned it off, and yet: %v", err)
	}
	kind(t, p.c.AskForOne(t.Context(), host, ""), model.Conflict)
}

func TestItIsTurnedOnOnlyWhereTwoCouldApprove(t *testing.T) {
	s, _ := adminSignedIn(t)
	on := s.rules(t, func(p *model.SignInPolicy) { p.TwoPeople = true })
	kind(t, s.c.UpdateSignInPolicy(t.Context(), s.administrator, on, ""), model.Invalid, "two_people")
	sets, err := s.c.SetNames(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	other := s.operator(t, "other", sets[center.AdministratorSet])
	kind(t, s.c.UpdateSignInPolicy(t.Context(), s.administrator, on, ""), model.Invalid, "two_people")
	if _, err := s.c.ProvisionCredentials(t.Context(), host, other.User, goodPassword); err != nil {
		t.Fatal(err)
	}
	effects, err := s.c.ForeseeSignInPolicy(t.Context(), s.administrator, on)
	if err != nil || len(effects.Approvers) != 2 {
		t.Errorf("the review names %v, %v", effects.Approvers, err)
	}
	if err := s.c.UpdateSignInPolicy(t.Context(), s.administrator, on, ""); err != nil {
		t.Error(err)
	}
}

// Who has to bind a stronger factor proves the one they have first, and can approve afterwards.
func TestTwoPeopleAndStrongFactorsCanBeAskedForTogether(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	strong := p.rules(t, func(r *model.SignInPolicy) { r.Operators = model.OperatorsStrong })
	effects, err := p.c.ForeseeSignInPolicy(t.Context(), p.administrator, strong)
	if err != nil || len(effects.Approvers) != 2 {
		t.Errorf("with strong factors %+v could approve, %v", effects.Approvers, err)
	}
	id := p.asked(t, p.administrator, func(a model.Actor) error { return p.c.UpdateSignInPolicy(t.Context(), a, strong, "") })
	if err := p.approve(t, p.second, id); err != nil {
		t.Errorf("approved: %v", err)
	}
}

// TestEachRequestIsItsOwn asks for the same act as two people, and for two acts as one.
func TestEachRequestIsItsOwn(t *testing.T) {
	p := openPair(t)
	remove := func(a model.Actor) error { return p.c.DeleteUser(t.Context(), a, p.gone, "left") }
	detail := p.spare
	detail.Description = "of the one"
	ids := []model.ApprovalID{p.asked(t, p.administrator, remove), p.asked(t, p.second, remove),
		p.asked(t, p.administrator, func(a model.Actor) error { return second(p.c.UpdatePolicy(t.Context(), a, detail, "")) })}
	detail.Description = "of the other"
	ids = append(ids, p.asked(t, p.administrator, func(a model.Actor) error { return second(p.c.UpdatePolicy(t.Context(), a, detail, "")) }))
	if slices.Sort(ids); len(slices.Compact(ids)) != 4 {
		t.Errorf("four requests are %v", ids)
	}
}

func TestOnlySoManyRequestsWait(t *testing.T) {
	p := openPair(t)
	for i := range model.MostWaiting {
		p.asked(t, p.administrator, func(a model.Actor) error {
			return p.c.DeleteUser(t.Context(), a, p.gone, "left "+strconv.Itoa(i))
		})
	}
	err := p.c.DeleteUser(t.Context(), asking(p.administrator), p.gone, "one more")
	kind(t, err, model.Conflict)
	if !strings.HasPrefix(err.Error(), "100 requests wait for approval already.") || !p.exists(t, p.gone) {
		t.Errorf("the next one: %v", err)
	}
}

func TestWhoCouldApproveIsNamedWhereTheyAreTooFew(t *testing.T) {
	s, _ := adminSignedIn(t)
	on := s.rules(t, func(p *model.SignInPolicy) { p.TwoPeople = true })
	refused := func(words string) {
		t.Helper()
		err := s.c.UpdateSignInPolicy(t.Context(), s.administrator, on, "")
		kind(t, err, model.Invalid, "two_people")
		if e := err.(*model.Error); !strings.HasPrefix(e.Fields["two_people"], words) {
			t.Errorf("the field says %q", e.Fields["two_people"])
		}
	}
	alone := "Nobody but " + s.administrator.Name + " could approve anything"
	refused(alone)
	sets, err := s.c.SetNames(t.Context(), host)
	must(t, err)
	other := s.operator(t, "other", sets[center.AdministratorSet])
	refused(alone) // without a password and a second factor
	_, err = s.c.ProvisionCredentials(t.Context(), host, other.User, goodPassword)
	must(t, err)
	must(t, s.c.DisableUser(t.Context(), host, other.User, ""))
	refused(alone)
	auditor := s.operator(t, "auditing", sets[center.AuditorSet])
	_, err = s.c.ProvisionCredentials(t.Context(), host, auditor.User, goodPassword)
	must(t, err)
	refused(alone)
}

// TestWhatIsAskedForSaysHowMuchItIs asks to give two people a role, and has one of them get it in the meantime.
func TestWhatIsAskedForSaysHowMuchItIs(t *testing.T) {
	p := openPair(t)
	give := func(who model.Actor, users ...model.UserID) error {
		r := center.AssignRequest{Sets: []model.PermissionSetID{p.sets[center.AuditorSet]}, Targets: []model.Target{account(management)}}
		for _, u := range users {
			r.Principals = append(r.Principals, model.Principal{Kind: model.PrincipalUser, ID: string(u)})
		}
		return second(p.c.Assign(t.Context(), who, r))
	}
	id := p.asked(t, p.administrator, func(a model.Actor) error { return give(a, p.target, p.invited) })
	v, err := p.c.Approval(t.Context(), p.second, id)
	if err != nil || !strings.HasSuffix(v.Summary, ", and 1 more") {
		t.Errorf("what waits is %q, %v", v.Summary, err)
	}
	seen := map[model.Ref]bool{}
	for _, ref := range v.Objects {
		if seen[ref] {
			t.Errorf("it names %v twice", ref)
		}
		seen[ref] = true
	}
	one := p.asked(t, p.administrator, func(a model.Actor) error { return give(a, p.target) })
	if v, err = p.c.Approval(t.Context(), p.second, one); err != nil || strings.Contains(v.Summary, "more") {
		t.Errorf("what waits is %q, %v", v.Summary, err)
	}
}

// TestWhoAskedIsToldTheWordsOfWhoDecided compares the notices of what was approved and of what ended by itself.
func TestWhoAskedIsToldTheWordsOfWhoDecided(t *testing.T) {
	p := openPair(t)
	told := func() string {
		notices, err := p.store.Notices(t.Context(), p.administrator.User, 1)
		must(t, err)
		return notices[0].Text
	}
	id := p.asked(t, p.administrator, func(a model.Actor) error { return p.c.DeleteUser(t.Context(), a, p.gone, "left") })
	_, err := p.c.Approve(t.Context(), p.second, center.Decision{ID: id, Word: "bye"})
	must(t, err)
	if !strings.HasSuffix(told(), " Otto Second wrote: bye") {
		t.Errorf("of what was approved: %q", told())
	}
	id = p.asked(t, p.administrator, func(a model.Actor) error { return p.c.DeleteUser(t.Context(), a, p.invited, "left") })
	_, err = p.c.Approve(t.Context(), p.second, center.Decision{ID: id})
	must(t, err)
	if strings.Contains(told(), "wrote") {
		t.Errorf("of what was approved without a word: %q", told())
	}
	p.asked(t, p.administrator, func(a model.Actor) error { return p.c.DeleteUser(t.Context(), a, p.target, "left") })
	p.now = p.now.Add(model.ApprovalLife)
	must(t, p.c.EndApprovals(t.Context()))
	if strings.Contains(told(), "wrote") || !strings.Contains(told(), "nobody decided on it within 24 hours") {
		t.Errorf("of what ended by itself: %q", told())
	}
}

package center

import (
	"slices"
	"testing"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
)

const (
	everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	noIAM      = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}`
)

// village is an organization with two people who may do everything below the unit Work, in Prod and Dev.
type village struct {
	*house
	work, prod, dev model.OU
	live, sandbox   model.Account
	ann, bob        model.User
	set             model.PermissionSet
}

func newVillage(t *testing.T) *village {
	t.Helper()
	h := newHouse(t)
	v := &village{house: h}
	v.work = h.unit("Work", h.org.RootID)
	v.prod, v.dev = h.unit("Prod", v.work.ID), h.unit("Dev", h.org.RootID)
	v.live, v.sandbox = h.account("222233334444", "Live", v.prod.ID), h.account("333344445555", "Sandbox", v.dev.ID)
	v.ann, v.bob = h.person("ann"), h.person("bob")
	v.set = h.setWith("Admins", everything)
	v.entitle(v.ann, v.set, model.Target{Kind: model.TargetOU, ID: string(v.work.ID)})
	v.entitle(v.bob, v.set, model.Target{Kind: model.TargetAccount, ID: string(v.live.ID)})
	return v
}

// setWith makes a set with an inline policy.
func (h *house) setWith(name, policy string) model.PermissionSet {
	h.t.Helper()
	s, err := h.CreatePermissionSet(
		h.t.Context(),
		host,
		model.PermissionSet{Name: name, SessionDuration: time.Hour, InlinePolicy: policy},
		"",
	)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// entitle gives a person a set.
func (h *house) entitle(u model.User, s model.PermissionSet, target model.Target) {
	h.t.Helper()
	_, err := h.Assign(
		h.t.Context(),
		host,
		AssignRequest{Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(u.ID)}},
			Sets: []model.PermissionSetID{s.ID}, Targets: []model.Target{target}},
	)
	if err != nil {
		h.t.Fatal(err)
	}
}

// guard attaches a new SCP to a target.
func (h *house) guard(name, document string, target model.Target) model.Policy {
	h.t.Helper()
	p, err := h.CreatePolicy(
		h.t.Context(),
		host,
		model.Policy{Kind: model.ServiceControlPolicy, Name: name, Document: document},
		"",
	)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.AttachPolicy(h.t.Context(), host, Attach{Policy: p.ID, Targets: []model.Target{target}}); err != nil {
		h.t.Fatal(err)
	}
	return p
}

func at(ou model.OU) model.Target { return model.Target{Kind: model.TargetOU, ID: string(ou.ID)} }
func on(a model.Account) model.Target {
	return model.Target{Kind: model.TargetAccount, ID: string(a.ID)}
}

// names are the names of places with their depths as dashes.
func names(places []Place) []string {
	list := make([]string, len(places))
	for i, p := range places {
		list[i] = "----"[:p.Depth] + p.Name
	}
	return list
}

func TestTheTreeGoesFromTheRootDown(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.guard("NoIAM", noIAM, at(v.prod))
	for what, c := range map[string]struct {
		query TreeQuery
		want  []string
	}{
		"all":             {TreeQuery{}, []string{"Root", "-SecureCart-Management", "-Dev", "--Sandbox", "-Work", "--Prod", "---Live"}},
		"by name":         {TreeQuery{Text: "LIV"}, []string{"Root", "-Work", "--Prod", "---Live"}},
		"by id":           {TreeQuery{Text: "33334444555"}, []string{"Root", "-Dev", "--Sandbox"}},
		"by unit":         {TreeQuery{Text: "work/"}, []string{"Root", "-Work", "--Prod", "---Live"}},
		"nothing":         {TreeQuery{Text: "nowhere"}, []string{}},
		"guarded":         {TreeQuery{Guarded: true}, []string{"Root", "-Work", "--Prod"}},
		"as a list":       {TreeQuery{List: true}, []string{"---Live", "--Sandbox", "-SecureCart-Management"}},
		"after the first": {TreeQuery{List: true, After: "222233334444"}, []string{"--Sandbox", "-SecureCart-Management"}},
	} {
		tree, err := v.Tree(t.Context(), host, c.query)
		if err != nil || !slices.Equal(names(tree.Places), c.want) {
			t.Errorf("%s: Tree() = %v, %v; want %v", what, names(tree.Places), err, c.want)
		}
		if tree.Accounts != 3 || tree.Units != 3 {
			t.Errorf("%s: %d accounts in %d units, want 3 in 3", what, tree.Accounts, tree.Units)
		}
	}
}

func TestTheTreeCountsWhoCanEnter(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.guard("NoIAM", noIAM, at(v.prod))
	tree, err := v.Tree(t.Context(), host, TreeQuery{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]access.Entry{"Root": {People: 2}, "Work": {People: 2}, "Prod": {People: 2}, "Live": {People: 2}}
	for _, p := range tree.Places {
		if p.Entry != want[p.Name] {
			t.Errorf("who can enter %s = %+v, want %+v", p.Name, p.Entry, want[p.Name])
		}
	}
	v.entitle(v.ann, v.set, on(v.sandbox))
	sandbox, err := v.Place(t.Context(), host, on(v.sandbox))
	if err != nil || sandbox.Entry != (access.Entry{People: 1, Administrators: 1}) {
		t.Errorf("without the guardrail: %+v, %v; want one administrator", sandbox.Entry, err)
	}
}

func TestAPlaceSaysWhatLimitsItAndWhoCanEnter(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.guard("NoIAM", noIAM, at(v.work))
	live, err := v.Place(t.Context(), host, on(v.live))
	if err != nil {
		t.Fatal(err)
	}
	var own []string
	for _, rail := range live.Guardrails {
		if !rail.Policy.AWSManaged {
			own = append(own, rail.Policy.Name+" at "+rail.At)
		}
	}
	if !slices.Equal(own, []string{"NoIAM at Work"}) || len(live.Guardrails) != 5 || len(live.Closed()) != 0 {
		t.Errorf(
			"guardrails = %v of %d, closed %v; want NoIAM at Work of 5, none closed",
			own,
			len(live.Guardrails),
			live.Closed(),
		)
	}
	if len(live.Roles) != 2 || len(live.Rules) != 2 || len(live.Entries) != 1 || live.Entries[0].People != 2 ||
		live.Entries[0].Unbounded {
		t.Errorf(
			"roles %d, rules %d, entries %+v; want 2, 2 and one set with 2 people",
			len(live.Roles),
			len(live.Rules),
			live.Entries,
		)
	}
	if err := v.DetachPolicy(t.Context(), host, Detach{Policy: model.FullAWSAccess, Target: at(v.work)}); err != nil {
		t.Fatal(err)
	}
	if live, err = v.Place(t.Context(), host, on(v.live)); err != nil ||
		!slices.Equal(live.Closed(), []string{"Work"}) {
		t.Errorf("Closed() = %v, %v; want Work", live.Closed(), err)
	}
	unit, err := v.Place(t.Context(), host, at(v.work))
	if err != nil || !slices.Equal(names(unit.Below), []string{"--Prod"}) || unit.Kept == "" || len(unit.Rules) != 1 {
		t.Errorf("the unit = %v, kept because %q, %d rules, %v", names(unit.Below), unit.Kept, len(unit.Rules), err)
	}
	_, err = v.Place(t.Context(), stranger, on(v.live))
	refuses(t, "looking at it as a stranger", err, model.Forbidden)
}

func TestWhatAMoveChangesIsKnownBefore(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	v.guard("NoIAM", noIAM, at(v.prod))
	view, err := v.ForeseeMove(t.Context(), host, Move{Account: v.live.ID, To: v.dev.ID})
	if err != nil {
		t.Fatal(err)
	}
	if len(view.Lost) != 1 || view.Lost[0].User.UserName != "ann" || len(view.Gained) != 0 {
		t.Errorf("lost %v, gained %v; want ann to lose her role", view.Lost, view.Gained)
	}
	if len(view.Off) != 1 || view.Off[0].Policy.Name != "NoIAM" || len(view.On) != 0 || view.To != "Dev" {
		t.Errorf("guardrails off %v, on %v, to %s; want NoIAM off, to Dev", view.Off, view.On, view.To)
	}
	if where := v.snapshot().Account(v.live.ID).OU.Name; where != "Prod" {
		t.Errorf("looking ahead moved the account to %s", where)
	}
	_, err = v.ForeseeMove(t.Context(), host, Move{Account: v.live.ID, To: v.prod.ID})
	refuses(t, "moving it where it is", err, model.Invalid)
}

func TestWhatARemovalEndsIsKnownBefore(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	view, err := v.ForeseeRemoval(t.Context(), host, v.live.ID)
	if err != nil || view.Why == "" || len(view.Direct) != 1 || view.Direct[0].Principal.Name != v.bob.DisplayName {
		t.Errorf("removing Live: %q, %+v, %v; want bob's rule in the way", view.Why, view.Direct, err)
	}
	refuses(t, "removing it all the same", v.RemoveAccount(t.Context(), host, v.live.ID, ""), model.Conflict)
	if _, err := v.Unassign(t.Context(), host, []model.AssignmentID{view.Direct[0].ID}, ""); err != nil {
		t.Fatal(err)
	}
	view, err = v.ForeseeRemoval(t.Context(), host, v.live.ID)
	if err != nil || view.Why != "" || len(view.Roles) != 1 {
		t.Errorf("without bob's rule: %q, %d roles, %v; want ann's role to end", view.Why, len(view.Roles), err)
	}
	if err := v.RemoveAccount(t.Context(), host, v.live.ID, ""); err != nil {
		t.Errorf("RemoveAccount() = %v", err)
	}
}

func TestWhatDetachingChangesIsKnownBefore(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	p := v.guard("NoIAM", noIAM, v.root())
	view, err := v.ForeseeDetach(t.Context(), host, Detach{Policy: p.ID, Target: v.root()})
	if err != nil || view.Closes || view.Accounts != 2 {
		t.Errorf(
			"detaching NoIAM: closes %t, %d accounts, %v; want 2 accounts, for SCPs do not bind the management account",
			view.Closes,
			view.Accounts,
			err,
		)
	}
	view, err = v.ForeseeDetach(t.Context(), host, Detach{Policy: model.FullAWSAccess, Target: v.root()})
	if err != nil || !view.Closes {
		t.Errorf("detaching FullAWSAccess: closes %t, %v; want everything to be denied", view.Closes, err)
	}
	if n := len(v.snapshot().Rules()); n != 2 {
		t.Errorf("looking ahead left %d rules, want 2", n)
	}
	_, err = v.ForeseeDetach(t.Context(), host, Detach{Policy: model.FullAWSAccess, Target: on(v.live)})
	refuses(t, "detaching the last SCP", err, model.Conflict)
}

// ownerOf makes somebody who may do everything in the console to what hangs in a unit, and nothing else.
func (v *village) ownerOf(unit model.OU) model.Actor {
	path := v.org.ID + "/" + string(v.org.RootID) + "/" + string(unit.ID) + "/"
	set := v.setWith("Owner-"+unit.Name, `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["organizations:*","account:*"],"Resource":"*",
		 "Condition":{"ForAnyValue:StringLike":{"aws:ResourceOrgPaths":"`+path+`*"}}}]}`)
	u := v.person("owner-" + unit.Name)
	v.entitle(u, set, model.Target{Kind: model.TargetAccount, ID: string(management)})
	return model.Actor{User: u.ID, UserName: u.UserName, MFA: true, FactorAt: v.now}
}

func TestTheOwnerOfAUnitActsInItAndNowhereElse(t *testing.T) {
	t.Parallel()
	v, ctx := newVillage(t), t.Context()
	owner := v.ownerOf(v.work)
	inside := v.unit("Stage", v.work.ID)
	if err := v.MoveAccount(ctx, owner, Move{Account: v.live.ID, To: inside.ID}); err != nil {
		t.Errorf("moving an account within the unit: %v", err)
	}
	if e := v.last(); e.Action != model.ActMoveAccount || e.ActorName != owner.UserName || e.Grant == "" {
		t.Errorf("last event = %s by %s through %q", e.Action, e.ActorName, e.Grant)
	}
	if _, err := v.CreateOU(ctx, owner, model.OU{Name: "Test", Parent: v.work.ID}, ""); err != nil {
		t.Errorf("creating a unit inside: %v", err)
	}
	_, outside := v.CreateOU(ctx, owner, model.OU{Name: "Test", Parent: v.dev.ID}, "")
	for what, err := range map[string]error{
		"creating a unit elsewhere":           outside,
		"carrying an account out of the unit": v.MoveAccount(ctx, owner, Move{Account: v.live.ID, To: v.org.RootID}),
		"taking an account from elsewhere":    v.MoveAccount(ctx, owner, Move{Account: v.sandbox.ID, To: v.work.ID}),
		"detaching at the root": v.DetachPolicy(ctx, owner,
			Detach{Policy: model.FullAWSAccess, Target: v.root()}),
	} {
		refuses(t, what, err, model.Forbidden)
	}
	units, err := v.Units(ctx, owner, model.ActCreateAccount)
	if want := []string{"-Work", "--Prod", "--Stage", "--Test"}; err != nil || !slices.Equal(names(units), want) {
		t.Errorf("Units() = %v, %v; want %v", names(units), err, want)
	}
}

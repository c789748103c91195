package center

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// shop is a house with two accounts below a unit and one beside it, three people, two of them a group, and two sets.
type shop struct {
	*house
	prod             model.OU
	ana, ben, cleo   model.User
	developers       model.Group
	readOnly, deploy model.PermissionSet
}

const (
	payments = model.AccountID("222233334444")
	orders   = model.AccountID("333344445555")
	sandbox  = model.AccountID("444455556666")
)

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{house: newHouse(t)}
	s.prod = s.unit("Prod", s.org.RootID)
	s.account(payments, "Payments", s.prod.ID)
	s.account(orders, "Orders", s.prod.ID)
	s.account(sandbox, "Sandbox", s.org.RootID)
	s.ana, s.ben, s.cleo = s.person("ana"), s.person("ben"), s.person("cleo")
	var err error
	s.developers, err = s.CreateGroup(t.Context(), host, model.Group{Name: "Developers"}, s.ana.ID, s.ben.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.readOnly = s.allowing("ReadOnly", `"s3:Get*"`, `"*"`)
	s.deploy = s.allowing("Deploy", `"s3:*"`, `"*"`)
	return s
}

func (s *shop) person(name string) model.User {
	s.t.Helper()
	u, err := s.CreateUser(s.t.Context(), host, model.User{UserName: name, GivenName: strings.ToUpper(name[:1]) + name[1:],
		FamilyName: "Lee", Email: name + "@securecart.example"}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return u
}

// allowing makes a permission set that allows some actions on some resources, given as JSON.
func (s *shop) allowing(name, actions, resources string) model.PermissionSet {
	s.t.Helper()
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":` + actions + `,"Resource":` + resources +
		`}]}`
	set, err := s.CreatePermissionSet(s.t.Context(), host, model.PermissionSet{Name: name, SessionDuration: time.Hour,
		InlinePolicy: policy}, "")
	if err != nil {
		s.t.Fatal(err)
	}
	return set
}

func (s *shop) groupOf() model.Principal {
	return model.Principal{Kind: model.PrincipalGroup, ID: string(s.developers.ID)}
}
func only(u model.User) model.Principal {
	return model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)}
}
func inAccount(id model.AccountID) model.Target {
	return model.Target{Kind: model.TargetAccount, ID: string(id)}
}
func under(u model.OU) model.Target { return model.Target{Kind: model.TargetOU, ID: string(u.ID)} }

// give assigns as the host and returns the rules.
func (s *shop) give(q AssignRequest) []model.Assignment {
	s.t.Helper()
	made, err := s.Assign(s.t.Context(), host, q)
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

// operator returns an actor who holds a set in the management account.
func (s *shop) operator(u model.User, set model.PermissionSet) model.Actor {
	s.t.Helper()
	s.give(AssignRequest{Principals: []model.Principal{only(u)}, Sets: []model.PermissionSetID{set.ID},
		Targets: []model.Target{inAccount(management)}})
	return model.Actor{User: u.ID, UserName: u.UserName, MFA: true, FactorAt: s.now}
}

func (s *shop) roles(u model.User) string {
	var list []string
	for _, r := range s.snapshot().Roles(u.ID, s.now) {
		list = append(list, r.Account.Name+"/"+r.Set.Name)
	}
	return strings.Join(list, " ")
}

func TestOnePassMakesTheWholeProduct(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	before := s.eventCount()
	made := s.give(AssignRequest{Principals: []model.Principal{s.groupOf(), only(s.cleo), only(s.cleo)},
		Sets: []model.PermissionSetID{s.readOnly.ID, s.deploy.ID}, Targets: []model.Target{under(s.prod), inAccount(sandbox)},
		Reason: "CHG-207"})
	if len(made) != 8 {
		t.Fatalf("Assign() made %d rules, want 2 × 2 × 2 = 8", len(made))
	}
	for _, u := range []model.User{s.ana, s.ben, s.cleo} {
		const want = "Orders/Deploy Orders/ReadOnly Payments/Deploy Payments/ReadOnly Sandbox/Deploy Sandbox/ReadOnly"
		if got := s.roles(u); got != want {
			t.Errorf("%s holds %s, want %s", u.UserName, got, want)
		}
	}
	if n := s.eventCount() - before; n != 8 {
		t.Errorf("%d events, want one for each rule", n)
	}
	e, a := s.last(), made[7]
	if e.Action != model.ActCreateAssignment || e.Reason != "CHG-207" ||
		e.Summary != "Assigned Deploy to Cleo Lee on Sandbox (444455556666)" {
		t.Errorf("last event = %s, %q, because %q", e.Action, e.Summary, e.Reason)
	}
	want := []model.Ref{{Kind: model.RefAssignment, ID: string(a.ID), Name: "Deploy for Cleo Lee on Sandbox"},
		{Kind: model.RefUser, ID: string(s.cleo.ID), Name: "Cleo Lee"},
		{Kind: model.RefPermissionSet, ID: string(s.deploy.ID), Name: "Deploy"},
		{Kind: model.RefAccount, ID: string(sandbox), Name: "Sandbox"}}
	if fmt.Sprint(e.Objects) != fmt.Sprint(want) {
		t.Errorf("objects = %v, want %v", e.Objects, want)
	}
	if !strings.Contains(e.State, `"permissionSet":"Deploy"`) {
		t.Errorf("state = %s, want the rule", e.State)
	}
}

func (h *house) eventCount() int {
	h.t.Helper()
	n, err := h.Store.CountEvents(h.t.Context(), store.EventFilter{})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func TestWhatIsThereAlreadyIsNotDoubled(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	q := AssignRequest{Principals: []model.Principal{s.groupOf()}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{inAccount(payments)}}
	s.give(q)
	q.Targets = append(q.Targets, inAccount(orders))
	if made := s.give(q); len(made) != 1 || made[0].Target != inAccount(orders) {
		t.Errorf("Assign() made %v, want the new one alone", made)
	}
	_, err := s.Assign(ctx, host, q)
	refuses(t, "all of it again", err, model.Conflict)
	q.ExpiresAt = s.now.Add(time.Hour)
	if made := s.give(q); len(made) != 2 {
		t.Errorf("Assign() with an end made %d rules, want 2: another window is another rule", len(made))
	}
	q.StartsAt, q.ExpiresAt = s.now.Add(-time.Hour), time.Time{}
	_, err = s.Assign(ctx, host, q)
	refuses(t, "with a start that has passed", err, model.Conflict)
}

func TestABadRequestIsRefusedFieldByField(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	good := AssignRequest{Principals: []model.Principal{s.groupOf()}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{inAccount(payments)}}
	many := make([]model.Target, MostAssignments+1)
	for i := range many {
		many[i] = inAccount(model.AccountID(fmt.Sprintf("%012d", i)))
	}
	for field, change := range map[string]func(*AssignRequest){
		"principals":      func(q *AssignRequest) { q.Principals = nil },
		"permission_sets": func(q *AssignRequest) { q.Sets = nil },
		"targets":         func(q *AssignRequest) { q.Targets = nil },
		"expires_at":      func(q *AssignRequest) { q.ExpiresAt = s.now },
		"reason":          func(q *AssignRequest) { q.Reason = strings.Repeat("x", 1025) },
		"principals 2":    func(q *AssignRequest) { q.Principals[0].ID = "gone" },
		"principals 3":    func(q *AssignRequest) { q.Principals[0] = model.Principal{Kind: "ROBOT", ID: "x"} },
		"permission_sets 2": func(q *AssignRequest) {
			q.Sets = []model.PermissionSetID{s.readOnly.ID, "ps-gone"}
		},
		"targets 2":    func(q *AssignRequest) { q.Targets = []model.Target{inAccount("999999999999")} },
		"targets 3":    func(q *AssignRequest) { q.Targets = many },
		"targets 4":    func(q *AssignRequest) { q.Targets[0] = model.Target{Kind: "PLANET", ID: "x"} },
		"expires_at 2": func(q *AssignRequest) { q.StartsAt, q.ExpiresAt = s.now.Add(2*time.Hour), s.now.Add(time.Hour) },
	} {
		q := good
		q.Principals, q.Targets = append([]model.Principal(nil), good.Principals...), append([]model.Target(nil),
			good.Targets...)
		change(&q)
		before := s.eventCount()
		_, err := s.Assign(ctx, host, q)
		refuses(t, field, err, model.Invalid)
		name, _, _ := strings.Cut(field, " ")
		if e := modelError(err); e == nil || e.Fields[name] == "" {
			t.Errorf("%s: problems %v, want one of that field", field, err)
		}
		if s.eventCount() != before {
			t.Errorf("%s: something was recorded", field)
		}
	}
}

func TestAssigningTakesPermissionOnSetAndAccountTogether(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	setARN, accountARN := s.org.PermissionSetARN(s.readOnly.ID), s.org.AccountARN(payments)
	both := s.operator(s.ana, s.allowing("Both", `"sso:CreateAccountAssignment"`, `["`+setARN+`","`+accountARN+`"]`))
	half := s.operator(s.ben, s.allowing("Half", `"sso:CreateAccountAssignment"`, `"`+setARN+`"`))
	q := AssignRequest{Principals: []model.Principal{only(s.cleo)}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{inAccount(payments)}}

	_, err := s.Assign(ctx, half, q)
	refuses(t, "the set alone", err, model.Forbidden)
	e := s.last()
	if e.Outcome != model.Refused || e.Action != model.ActCreateAssignment || e.ActorName != "ben" || len(e.Objects) != 4 {
		t.Errorf("last event = %+v, want the refusal with what it was about", e)
	}
	if s.roles(s.cleo) != "" {
		t.Error("a refused assignment gives a role")
	}

	made, err := s.Assign(ctx, both, q)
	if err != nil || len(made) != 1 || made[0].CreatedBy != s.ana.ID {
		t.Fatalf("Assign() = %v, %v", made, err)
	}
	if e := s.last(); !strings.Contains(e.Grant, "AWSReservedSSO_Both_") || e.Actor != s.ana.ID {
		t.Errorf("last event by %s through %s, want Both", e.ActorName, e.Grant)
	}

	for what, change := range map[string]func(*AssignRequest){
		"another set":     func(q *AssignRequest) { q.Sets = []model.PermissionSetID{s.deploy.ID} },
		"another account": func(q *AssignRequest) { q.Targets = []model.Target{inAccount(orders)} },
		"one too many":    func(q *AssignRequest) { q.Targets = []model.Target{inAccount(payments), inAccount(orders)} },
		"the unit above":  func(q *AssignRequest) { q.Targets = []model.Target{under(s.prod)} },
		"management": func(q *AssignRequest) {
			q.Principals, q.Targets = []model.Principal{only(s.ana)}, []model.Target{inAccount(management)}
		},
	} {
		other := q
		change(&other)
		_, err := s.Assign(ctx, both, other)
		refuses(t, what, err, model.Forbidden)
	}
	_, err = s.Unassign(ctx, both, []model.AssignmentID{made[0].ID}, "")
	refuses(t, "removing", err, model.Forbidden)
}

func TestTheOwnerOfAUnitAssignsThere(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	path := s.org.ID + "/" + string(s.org.RootID) + "/" + string(s.prod.ID) + "/*"
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sso:*AccountAssignment","Resource":"*",
		"Condition":{"ForAnyValue:StringLike":{"aws:ResourceOrgPaths":"` + path + `"}}}]}`
	set, err := s.CreatePermissionSet(ctx, host, model.PermissionSet{Name: "OwnerOfProd", SessionDuration: time.Hour,
		InlinePolicy: policy}, "")
	if err != nil {
		t.Fatal(err)
	}
	owner := s.operator(s.ana, set)
	assign := func(target model.Target) error {
		_, err := s.Assign(ctx, owner, AssignRequest{Principals: []model.Principal{only(s.cleo)},
			Sets: []model.PermissionSetID{s.readOnly.ID}, Targets: []model.Target{target}})
		return err
	}
	for _, target := range []model.Target{inAccount(payments), under(s.prod)} {
		if err := assign(target); err != nil {
			t.Errorf("on %s: %v", target.ID, err)
		}
	}
	for _, target := range []model.Target{inAccount(sandbox), inAccount(management), under(model.OU{ID: s.org.RootID})} {
		refuses(t, "on "+target.ID, assign(target), model.Forbidden)
	}
	may, err := s.Allows(ctx, owner, model.ActCreateAssignment, model.ActCreateUser)
	if err != nil || !may[model.ActCreateAssignment] || may[model.ActCreateUser] {
		t.Errorf("Allows() = %v, %v; want assigning offered, creating users not", may, err)
	}
}

func TestRemovingEndsARuleAtOnce(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	made := s.give(AssignRequest{Principals: []model.Principal{s.groupOf()}, Sets: []model.PermissionSetID{s.readOnly.ID},
		Targets: []model.Target{inAccount(payments), inAccount(orders)}})
	ids := []model.AssignmentID{made[0].ID, "gone", made[0].ID}
	removed, err := s.Unassign(ctx, host, ids, "not needed")
	if err != nil || len(removed) != 1 || removed[0].ID != made[0].ID {
		t.Fatalf("Unassign() = %v, %v; want the one that was there", removed, err)
	}
	if got := s.roles(s.ana); got != "Orders/ReadOnly" {
		t.Errorf("ana holds %s", got)
	}
	if e := s.last(); e.Action != model.ActDeleteAssignment || e.Reason != "not needed" ||
		e.Summary != "Removed ReadOnly from the group Developers on Payments (222233334444)" {
		t.Errorf("last event = %s %q because %q", e.Action, e.Summary, e.Reason)
	}
	_, err = s.Unassign(ctx, host, ids, "")
	refuses(t, "again", err, model.NotFound)
	_, err = s.Unassign(ctx, host, nil, "")
	refuses(t, "nothing", err, model.Invalid)
	_, err = s.Unassign(ctx, host, []model.AssignmentID{made[1].ID}, strings.Repeat("x", 1025))
	refuses(t, "a long reason", err, model.Invalid)
	_, err = s.Unassign(ctx, stranger, []model.AssignmentID{made[1].ID}, "")
	refuses(t, "a stranger", err, model.Forbidden)
}

func TestTheLastAdministratorCannotBeUnassigned(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	admin := s.allowing("Admin", `["sso:*","identitystore:*"]`, `"*"`)
	made := s.give(AssignRequest{Principals: []model.Principal{only(s.ana)}, Sets: []model.PermissionSetID{admin.ID},
		Targets: []model.Target{inAccount(management)}})
	ids := []model.AssignmentID{made[0].ID}
	_, err := s.Unassign(ctx, host, ids, "")
	refuses(t, "the only one", err, model.Conflict)
	_, err = s.ReviewUnassign(ctx, host, ids)
	refuses(t, "looking at it", err, model.Conflict)

	temporary := AssignRequest{Principals: []model.Principal{only(s.ben)}, Sets: []model.PermissionSetID{admin.ID},
		Targets: []model.Target{inAccount(management)}, ExpiresAt: s.now.Add(time.Hour)}
	s.give(temporary)
	_, err = s.Unassign(ctx, host, ids, "")
	refuses(t, "with one for an hour beside", err, model.Conflict)
	temporary.ExpiresAt = time.Time{}
	s.give(temporary)
	if _, err = s.Unassign(ctx, host, ids, ""); err != nil {
		t.Errorf("Unassign() = %v with another lasting administrator", err)
	}
}

func TestAnExpiredRuleGrantsNothingThoughNothingRan(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), t.Context()
	admin := s.allowing("Admin", `["sso:*","identitystore:*"]`, `"*"`)
	s.give(AssignRequest{Principals: []model.Principal{only(s.ana)}, Sets: []model.PermissionSetID{admin.ID},
		Targets: []model.Target{inAccount(management)}, ExpiresAt: s.now.Add(time.Hour)})
	actor := model.Actor{User: s.ana.ID, UserName: "ana", MFA: true}
	ends, events := s.now.Add(time.Hour), s.eventCount()
	list := func() (AssignmentList, error) { return s.Assignments(ctx, actor, AssignmentQuery{}) }

	s.now = ends.Add(-time.Second)
	if _, err := list(); err != nil {
		t.Errorf("a second before the end: %v", err)
	}
	s.now = ends
	_, err := list()
	refuses(t, "at the end", err, model.Forbidden)
	if s.eventCount() != events+1 { // the refusal
		t.Errorf("%d events more, want the refusal alone", s.eventCount()-events)
	}
	expired, err := s.Assignments(ctx, host, AssignmentQuery{State: model.AssignmentExpired})
	if err != nil || len(expired.Rules) != 1 || expired.Counts.Expired != 1 {
		t.Errorf("Assignments(expired) = %+v, %v; want it listed until it is removed", expired, err)
	}
}

// modelError is the error that a person sees; nil when there is none.
func modelError(err error) *model.Error {
	e, _ := errors.AsType[*model.Error](err)
	return e
}

func TestListsFollowGroupsAndUnits(t *testing.T) {
	t.Parallel()
	s, ctx := newShop(t), context.Background()
	one := func(who model.Principal, set model.PermissionSet, where model.Target) model.AssignmentID {
		return s.give(AssignRequest{Principals: []model.Principal{who}, Sets: []model.PermissionSetID{set.ID},
			Targets: []model.Target{where}})[0].ID
	}
	team := one(s.groupOf(), s.readOnly, under(s.prod))
	mine := one(only(s.ana), s.deploy, inAccount(sandbox))
	cleo := one(only(s.cleo), s.deploy, inAccount(payments))
	for name, test := range map[string]struct {
		query AssignmentQuery
		want  []model.AssignmentID
	}{
		"all":                     {AssignmentQuery{}, []model.AssignmentID{cleo, mine, team}},
		"a person, and groups":    {AssignmentQuery{User: s.ana.ID}, []model.AssignmentID{mine, team}},
		"an account, and above":   {AssignmentQuery{Account: payments}, []model.AssignmentID{cleo, team}},
		"a unit, and above":       {AssignmentQuery{OU: s.prod.ID}, []model.AssignmentID{team}},
		"a group":                 {AssignmentQuery{Group: s.developers.ID}, []model.AssignmentID{team}},
		"a set on an account":     {AssignmentQuery{Set: s.deploy.ID, Account: payments}, []model.AssignmentID{cleo}},
		"text":                    {AssignmentQuery{Text: "develop"}, []model.AssignmentID{team}},
		"the page after":          {AssignmentQuery{After: cleo}, []model.AssignmentID{mine, team}},
		"the page before, by end": {AssignmentQuery{ByEnd: true}, nil},
	} {
		list, err := s.Assignments(ctx, host, test.query)
		if err != nil {
			t.Fatal(err)
		}
		var got []model.AssignmentID
		for _, r := range list.Rules {
			got = append(got, r.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	_, err := s.Assignments(ctx, host, AssignmentQuery{User: "nobody"})
	refuses(t, "a user who is not there", err, model.NotFound)
	list, err := s.Assignments(ctx, host, AssignmentQuery{After: cleo})
	if err != nil || list.First != 2 || list.Total != 3 || list.Back != mine || list.Next != "" {
		t.Errorf("the page after = %+v, %v; want places 2 to 3 of 3", list, err)
	}
}

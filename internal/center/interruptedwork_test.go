package center_test

import (
	"context"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// got is cut for an act that returns something.
func got[T any](t *testing.T, m *faulty, what string, act func(context.Context) (T, error)) T {
	t.Helper()
	var last T
	m.cut(t, what, func(ctx context.Context) (err error) {
		last, err = act(ctx)
		return err
	})
	return last
}

func TestWhatIsGivenUpWhileOrganizingLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	inEachWay(t, giveUpOrganizing)
}

func giveUpOrganizing(t *testing.T, m *faulty) {
	c, boss := m.c, m.administrator
	org, err := c.Organization(t.Context())
	must(t, err)
	u := got(t, m, "a person", func(ctx context.Context) (model.User, error) {
		return c.CreateUser(ctx, boss, model.User{UserName: "bo", GivenName: "Bo", FamilyName: "Li", Email: "bo@securecart.example"}, nil)
	})
	u.Title = "Engineer"
	u = got(t, m, "a person’s title", func(ctx context.Context) (model.User, error) { return c.UpdateUser(ctx, boss, u, "CHG-1") })
	g := got(t, m, "a group", func(ctx context.Context) (model.Group, error) {
		return c.CreateGroup(ctx, boss, model.Group{Name: "Developers"})
	})
	g.Description = "Who develop"
	g = got(t, m, "a group’s words", func(ctx context.Context) (model.Group, error) { return c.UpdateGroup(ctx, boss, g, "") })
	got(t, m, "a member", func(ctx context.Context) (int, error) { return c.AddMembers(ctx, boss, g.ID, []model.UserID{u.ID}) })
	ou := got(t, m, "a unit", func(ctx context.Context) (model.OU, error) {
		return c.CreateOU(ctx, boss, model.OU{Parent: org.RootID, Name: "Prod"}, "")
	})
	ou.Name = "Production"
	ou = got(t, m, "a unit’s name", func(ctx context.Context) (model.OU, error) { return c.RenameOU(ctx, boss, ou, "") })
	a := got(t, m, "an account", func(ctx context.Context) (model.Account, error) {
		return c.AddAccount(ctx, boss, model.Account{ID: devAccount, Name: "Dev", Email: "dev@securecart.example", OU: org.RootID}, "")
	})
	a.Name = "Development"
	a = got(t, m, "an account’s name", func(ctx context.Context) (model.Account, error) { return c.UpdateAccount(ctx, boss, a, "") })
	m.cut(t, "a move", func(ctx context.Context) error {
		return c.MoveAccount(ctx, boss, center.Move{Account: a.ID, To: ou.ID})
	})
	there := model.Target{Kind: model.TargetOU, ID: string(ou.ID)}
	set := m.cutSets(t, there, model.Principal{Kind: model.PrincipalGroup, ID: string(g.ID)})
	m.cutPolicies(t, there)
	m.cutReading(t, u.ID, set)

	m.cut(t, "a member less", func(ctx context.Context) error { return c.RemoveMember(ctx, boss, g.ID, u.ID) })
	m.cut(t, "a group less", func(ctx context.Context) error { return c.DeleteGroup(ctx, boss, g.ID, "") })
	m.cut(t, "an account less", func(ctx context.Context) error { return c.RemoveAccount(ctx, boss, a.ID, "") })
	m.cut(t, "a unit less", func(ctx context.Context) error { return c.DeleteOU(ctx, boss, ou.ID, "") })
}

// cutSets gives up what happens to permission sets and assignments, and leaves one set.
func (m *faulty) cutSets(t *testing.T, there model.Target, to model.Principal) model.PermissionSetID {
	t.Helper()
	c, boss := m.c, m.administrator
	set := got(t, m, "a permission set", func(ctx context.Context) (model.PermissionSet, error) {
		return c.CreatePermissionSet(ctx, boss, model.PermissionSet{Name: "Developer", InlinePolicy: developing,
			SessionDuration: time.Hour}, "")
	})
	set.Description = "Who develop"
	set = got(t, m, "its words", func(ctx context.Context) (model.PermissionSet, error) {
		return c.UpdatePermissionSet(ctx, boss, set, "")
	})
	rules := got(t, m, "an assignment", func(ctx context.Context) ([]model.Assignment, error) {
		return c.Assign(ctx, boss, center.AssignRequest{Principals: []model.Principal{to}, Sets: []model.PermissionSetID{set.ID},
			Targets: []model.Target{there}, Reason: "CHG-7"})
	})
	got(t, m, "an assignment less", func(ctx context.Context) ([]model.Assignment, error) {
		return c.Unassign(ctx, boss, []model.AssignmentID{rules[0].ID}, "")
	})
	return set.ID
}

// cutPolicies gives up what happens to control policies.
func (m *faulty) cutPolicies(t *testing.T, there model.Target) {
	t.Helper()
	c, boss := m.c, m.administrator
	p := got(t, m, "a policy", func(ctx context.Context) (model.Policy, error) {
		return c.CreatePolicy(ctx, boss, model.Policy{Kind: model.ServiceControlPolicy, Name: "NoUsers",
			Document: `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:CreateUser","Resource":"*"}}`}, "")
	})
	p.Description = "Nobody makes users"
	p = got(t, m, "its words", func(ctx context.Context) (model.Policy, error) { return c.UpdatePolicy(ctx, boss, p, "") })
	m.cut(t, "an attachment", func(ctx context.Context) error {
		return c.AttachPolicy(ctx, boss, center.Attach{Policy: p.ID, Targets: []model.Target{there}})
	})
	m.cut(t, "an attachment less", func(ctx context.Context) error {
		return c.DetachPolicy(ctx, boss, center.Detach{Policy: p.ID, Target: there})
	})
	m.cut(t, "a policy less", func(ctx context.Context) error { return c.DeletePolicy(ctx, boss, p.ID, "") })
}

// cutReading gives up looking at things.
func (m *faulty) cutReading(t *testing.T, person model.UserID, set model.PermissionSetID) {
	t.Helper()
	c, boss := m.c, m.administrator
	for what, look := range map[string]func(context.Context) error{
		"the overview":     func(ctx context.Context) error { _, err := c.Overview(ctx, boss); return err },
		"people":           func(ctx context.Context) error { _, err := c.Users(ctx, boss, center.UserQuery{}); return err },
		"a person":         func(ctx context.Context) error { _, err := c.Person(ctx, boss, person); return err },
		"groups":           func(ctx context.Context) error { _, err := c.Groups(ctx, boss, center.GroupQuery{}); return err },
		"permission sets":  func(ctx context.Context) error { _, err := c.PermissionSets(ctx, boss, store.SetFilter{}); return err },
		"a permission set": func(ctx context.Context) error { _, err := c.PermissionSet(ctx, boss, set); return err },
		"assignments": func(ctx context.Context) error {
			_, err := c.Assignments(ctx, boss, center.AssignmentQuery{})
			return err
		},
		"policies":           func(ctx context.Context) error { _, err := c.Policies(ctx, boss, center.PolicyQuery{}); return err },
		"the tree":           func(ctx context.Context) error { _, err := c.Tree(ctx, boss, center.TreeQuery{}); return err },
		"the portal":         func(ctx context.Context) error { _, err := c.Portal(ctx, boss); return err },
		"the outbox":         func(ctx context.Context) error { _, err := c.Outbox(ctx, boss); return err },
		"the sign-in policy": func(ctx context.Context) error { _, err := c.SignInPolicy(ctx, boss); return err },
		"scenarios":          func(ctx context.Context) error { _, err := c.Scenarios(ctx, boss); return err },
		"history": func(ctx context.Context) error {
			_, err := c.History(ctx, boss, model.Ref{Kind: model.RefUser, ID: string(person)}, 0)
			return err
		},
		"the trail": func(ctx context.Context) error { _, err := c.Trail(ctx, boss, store.EventFilter{}); return err },
	} {
		m.cut(t, "looking at "+what, look)
	}
	m.cut(t, "a report", func(ctx context.Context) error { _, err := c.GenerateCredentialReport(ctx, boss); return err })
	m.cut(t, "a download", func(ctx context.Context) error {
		_, err := c.DownloadTrailLines(ctx, boss, store.EventFilter{})
		return err
	})
	m.cut(t, "forgetting old rows", func(ctx context.Context) error { return c.Purge(ctx) })
}

package access_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// The accounts and units of every world:
//
//	root ── management
//	├── workloads ── shared
//	│   ├── prod ── payments, orders
//	│   └── dev ── sandbox
//	└── other ── elsewhere
const (
	root      = model.OUID("r-sc7k")
	workloads = model.OUID("ou-sc7k-workloads")
	prod      = model.OUID("ou-sc7k-prod00000")
	dev       = model.OUID("ou-sc7k-dev000000")
	other     = model.OUID("ou-sc7k-other0000")

	management = model.AccountID("111122223333")
	shared     = model.AccountID("222233334444")
	payments   = model.AccountID("333344445555")
	orders     = model.AccountID("444455556666")
	sandbox    = model.AccountID("555566667777")
	elsewhere  = model.AccountID("666677778888")
)

const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

// world is an organization in a real database. People, groups and sets have their names as ids.
type world struct {
	t     *testing.T
	store *store.Store
	index *access.Index
	now   time.Time
	rules int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, index: access.NewIndex(), now: noon}
	var err error
	w.store, err = store.Open(t.Context(), storetest.Location(t), func() time.Time { return w.now })
	if err != nil {
		t.Fatal(err)
	}
	storetest.Guard(t, w.store)
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	w.write(found)
	return w
}

// found makes the organization with its units and accounts; FullAWSAccess is attached everywhere, as AWS does it.
func found(ctx context.Context, tx *store.Tx) error {
	full := model.Policy{ID: model.FullAWSAccess, Kind: model.ServiceControlPolicy, Name: model.FullAWSAccessTitle,
		Document: everything}
	err := errors.Join(
		tx.InsertOrganization(ctx, model.Organization{ID: "o-securecart", Name: "SecureCart", RootID: root,
			InstanceID: "ssoins-7223a1b2c3d4e5f6", IdentityStoreID: "d-9067a1c2d3", Region: "us-east-1",
			ManagementAccount: management}),
		tx.InsertPolicy(ctx, full, ""))
	attach := func(at model.Target) error {
		return tx.AttachPolicy(ctx, model.Attachment{Policy: model.FullAWSAccess, Target: at})
	}
	for _, u := range []model.OU{{ID: root, Name: "Root"}, {ID: workloads, Name: "Workloads", Parent: root},
		{ID: prod, Name: "Prod", Parent: workloads}, {ID: dev, Name: "Dev", Parent: workloads},
		{ID: other, Name: "Other", Parent: root}} {
		err = errors.Join(err, tx.InsertOU(ctx, u), attach(unit(u.ID)))
	}
	for _, a := range []model.Account{{ID: management, Name: "Management", OU: root},
		{ID: shared, Name: "shared", OU: workloads},
		{ID: payments, Name: "Payments", OU: prod}, {ID: orders, Name: "Orders", OU: prod},
		{ID: sandbox, Name: "Sandbox", OU: dev}, {ID: elsewhere, Name: "Elsewhere", OU: other}} {
		a.Email, a.State = string(a.ID)+"@securecart.example", model.AccountActive
		err = errors.Join(err, tx.InsertAccount(ctx, a), attach(account(a.ID)))
	}
	return err
}

func (w *world) write(fn func(ctx context.Context, tx *store.Tx) error) {
	w.t.Helper()
	ctx := w.t.Context()
	if err := w.store.Housekeep(ctx, func(tx *store.Tx) error { return fn(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// at returns who can do what now.
func (w *world) at() *access.Snapshot {
	w.t.Helper()
	var s *access.Snapshot
	err := w.store.Snapshot(w.t.Context(), func(r store.Reader) (err error) {
		s, err = w.index.At(w.t.Context(), r)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) users(names ...model.UserID) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *store.Tx) (err error) {
		for _, name := range names {
			err = errors.Join(err, tx.InsertUser(ctx, model.User{ID: name, UserName: string(name), DisplayName: string(name),
				Email: string(name) + "@securecart.example", Status: model.UserEnabled}))
		}
		return err
	})
}

func (w *world) group(name model.GroupID, members ...model.UserID) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.InsertGroup(ctx, model.Group{ID: name, Name: string(name)}); err != nil {
			return err
		}
		for _, m := range members {
			if _, err := tx.InsertMembership(ctx, name, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// set makes a permission set with an inline policy.
func (w *world) set(name model.PermissionSetID, policy string) {
	w.t.Helper()
	w.newSet(model.PermissionSet{ID: name, Name: string(name), InlinePolicy: policy})
}

func (w *world) newSet(s model.PermissionSet) {
	w.t.Helper()
	s.SessionDuration = time.Hour
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.InsertPermissionSet(ctx, s, "", nil) })
}

// control attaches a new organization policy to a target.
func (w *world) control(name string, kind model.PolicyKind, policy string, at model.Target) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *store.Tx) error {
		id := model.PolicyID("p-" + name)
		if err := tx.InsertPolicy(ctx, model.Policy{ID: id, Kind: kind, Name: name, Document: policy}, ""); err != nil {
			return err
		}
		return tx.AttachPolicy(ctx, model.Attachment{Policy: id, Target: at})
	})
}

// The ends of rules.
func user(id model.UserID) model.Principal {
	return model.Principal{Kind: model.PrincipalUser, ID: string(id)}
}
func group(id model.GroupID) model.Principal {
	return model.Principal{Kind: model.PrincipalGroup, ID: string(id)}
}
func account(id model.AccountID) model.Target {
	return model.Target{Kind: model.TargetAccount, ID: string(id)}
}
func unit(id model.OUID) model.Target { return model.Target{Kind: model.TargetOU, ID: string(id)} }

// assign makes a rule and returns its id.
func (w *world) assign(a model.Assignment) model.AssignmentID {
	w.t.Helper()
	w.rules++
	a.ID = model.AssignmentID("rule-" + string(rune('a'+w.rules-1)))
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.InsertAssignment(ctx, a) })
	return a.ID
}

// give makes a rule without a window.
func (w *world) give(who model.Principal, set model.PermissionSetID, where model.Target) model.AssignmentID {
	w.t.Helper()
	return w.assign(model.Assignment{Principal: who, PermissionSet: set, Target: where})
}

package center

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

// house is a Gatehouse with its organization: a management account in the root, the clock at noon.
type house struct {
	*Center
	t   *testing.T
	now time.Time
	org model.Organization
}

var (
	host     = model.Actor{Host: true}
	stranger = model.Actor{User: "nobody", UserName: "nobody"} // holds no role
)

const management = model.AccountID("111122223333")

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return h.now }
	s, err := store.Open(t.Context(), storetest.Location(t), clock)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Guard(t, s)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	random := rand.NewChaCha8([32]byte{1})
	h.Center = New(Config{Store: s, Now: clock, Random: random, Log: slog.New(slog.DiscardHandler)})
	if h.org, err = model.NewOrganization(random, "SecureCart", management, ""); err != nil {
		t.Fatal(err)
	}
	err = h.do(t.Context(), host, func(w *work) error {
		w.own()
		if err := w.found(h.org, model.Account{Name: "SecureCart-Management", Email: "aws@securecart.example"}); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActSetUp, Summary: "Set up"})
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// snapshot returns who can do what now.
func (h *house) snapshot() *access.Snapshot {
	h.t.Helper()
	var snapshot *access.Snapshot
	err := h.look(h.t.Context(), func(_ store.Reader, s *access.Snapshot) error {
		snapshot = s
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return snapshot
}

// last returns the newest event of the trail.
func (h *house) last() model.Event {
	h.t.Helper()
	events, err := h.Store.Events(h.t.Context(), store.EventFilter{Limit: 1})
	if err != nil || len(events) != 1 {
		h.t.Fatalf("Events() = %d events, %v; want one", len(events), err)
	}
	return events[0]
}

// unit makes a unit below a parent.
func (h *house) unit(name string, parent model.OUID) model.OU {
	h.t.Helper()
	u, err := h.CreateOU(h.t.Context(), host, model.OU{Name: name, Parent: parent}, "")
	if err != nil {
		h.t.Fatalf("CreateOU(%s) = %v", name, err)
	}
	return u
}

// account adds an account to a unit.
func (h *house) account(id model.AccountID, name string, ou model.OUID) model.Account {
	h.t.Helper()
	a, err := h.AddAccount(
		h.t.Context(),
		host,
		model.Account{ID: id, Name: name, Email: string(id) + "@securecart.example", OU: ou},
		"",
	)
	if err != nil {
		h.t.Fatalf("AddAccount(%s) = %v", name, err)
	}
	return a
}

// refuses checks that an act fails with a kind of error.
func refuses(t *testing.T, what string, err error, want model.Kind) {
	t.Helper()
	if err == nil || model.KindOf(err) != want {
		t.Errorf("%s: error %v (kind %d), want kind %d", what, err, model.KindOf(err), want)
	}
}

func TestANewOrganizationAllowsEverythingEverywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	attached, err := h.Store.Attachments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Target{h.root(), {Kind: model.TargetAccount, ID: string(management)}}
	if got := targetsOf(attached, model.FullAWSAccess); !slices.Equal(got, want) {
		t.Errorf("FullAWSAccess is attached to %v, want %v", got, want)
	}
	if root := h.snapshot().Root(); root == nil || len(root.Accounts) != 1 || root.Accounts[0].ID != management {
		t.Errorf("Root() = %+v, want the management account in it", root)
	}
}

func TestAUnitIsCreatedRenamedAndDeleted(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	workloads := h.unit("Workloads", h.org.RootID)
	if e := h.last(); e.Action != model.ActCreateOU || e.Objects[0].ID != string(workloads.ID) ||
		e.ActorName != "host" {
		t.Errorf("last event = %+v, want the creation of the unit by the host", e)
	}
	workloads.Name = "Work"
	renamed, err := h.RenameOU(ctx, host, workloads, "shorter")
	if err != nil || renamed.Version != 2 || h.snapshot().OU(workloads.ID).Name != "Work" {
		t.Errorf("RenameOU() = %+v, %v", renamed, err)
	}
	if e := h.last(); e.Summary != "Renamed the unit Workloads to Work" || e.Reason != "shorter" {
		t.Errorf("last event = %q because %q", e.Summary, e.Reason)
	}
	if err := h.DeleteOU(ctx, host, workloads.ID, ""); err != nil {
		t.Errorf("DeleteOU() = %v", err)
	}
	if h.snapshot().OU(workloads.ID) != nil {
		t.Error("the unit is still there")
	}
	refuses(t, "deleting it again", h.DeleteOU(ctx, host, workloads.ID, ""), model.NotFound)
}

func TestAUnitKeepsTheRulesOfAWS(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	root := h.org.RootID
	workloads := h.unit("Workloads", root)
	prod := h.unit("Prod", workloads.ID)
	h.account("222233334444", "SecureCart-Production", prod.ID)

	create := func(name string, parent model.OUID) error {
		_, err := h.CreateOU(ctx, host, model.OU{Name: name, Parent: parent}, "")
		return err
	}
	rename := func(u model.OU) error {
		_, err := h.RenameOU(ctx, host, u, "")
		return err
	}
	deep := prod
	for range model.MostOUDepth - 2 {
		deep = h.unit("Deeper", deep.ID)
	}
	for what, c := range map[string]struct {
		err  error
		want model.Kind
	}{
		"no name":              {create(" ", root), model.Invalid},
		"a sibling's name":     {create("WORKLOADS", root), model.Conflict},
		"no such parent":       {create("Sandbox", "ou-none-00000000"), model.Invalid},
		"too deep":             {create("Deepest", deep.ID), model.Conflict},
		"a long reason":        {h.DeleteOU(ctx, host, deep.ID, string(make([]byte, 2000))), model.Invalid},
		"rename the root":      {rename(model.OU{ID: root, Name: "Top", Version: 1}), model.Conflict},
		"a stale version":      {rename(model.OU{ID: prod.ID, Name: "Live", Version: 7}), model.Conflict},
		"delete the root":      {h.DeleteOU(ctx, host, root, ""), model.Conflict},
		"delete with units":    {h.DeleteOU(ctx, host, workloads.ID, ""), model.Conflict},
		"delete with accounts": {h.DeleteOU(ctx, host, prod.ID, ""), model.Conflict},
	} {
		refuses(t, what, c.err, c.want)
	}
}

func TestWhatNothingAllowsIsRefusedAndRecorded(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	unit := h.unit("Workloads", h.org.RootID)
	account := h.account("222233334444", "SecureCart-Production", unit.ID)
	policy := h.scp("Baseline")
	there := model.Target{Kind: model.TargetOU, ID: string(unit.ID)}
	refuse := func(fn func(context.Context, model.Actor) error, action string) {
		t.Helper()
		refuses(t, action, fn(ctx, stranger), model.Forbidden)
		if e := h.last(); e.Action != action || e.Outcome != model.Refused || e.ActorName != "nobody" {
			t.Errorf("last event = %s %s by %s, want the refusal of %s", e.Outcome, e.Action, e.ActorName, action)
		}
	}
	refuse(func(ctx context.Context, a model.Actor) error {
		_, err := h.CreateOU(ctx, a, model.OU{Name: "Mine", Parent: unit.ID}, "")
		return err
	}, model.ActCreateOU)
	refuse(
		func(ctx context.Context, a model.Actor) error { _, err := h.RenameOU(ctx, a, unit, ""); return err },
		model.ActUpdateOU,
	)
	refuse(func(ctx context.Context, a model.Actor) error { return h.DeleteOU(ctx, a, unit.ID, "") }, model.ActDeleteOU)
	refuse(func(ctx context.Context, a model.Actor) error {
		_, err := h.AddAccount(
			ctx,
			a,
			model.Account{ID: "999900001111", Name: "Mine", Email: "me@securecart.example", OU: unit.ID},
			"",
		)
		return err
	}, model.ActCreateAccount)
	refuse(func(ctx context.Context, a model.Actor) error {
		_, err := h.UpdateAccount(ctx, a, account, "")
		return err
	}, model.ActUpdateAccount)
	refuse(func(ctx context.Context, a model.Actor) error {
		return h.MoveAccount(ctx, a, Move{Account: account.ID, To: h.org.RootID})
	}, model.ActMoveAccount)
	refuse(
		func(ctx context.Context, a model.Actor) error { return h.RemoveAccount(ctx, a, account.ID, "") },
		model.ActRemoveAccount,
	)
	refuse(func(ctx context.Context, a model.Actor) error {
		_, err := h.CreatePolicy(ctx, a, model.Policy{Kind: policy.Kind, Name: "Mine", Document: policy.Document}, "")
		return err
	}, model.ActCreatePolicy)
	refuse(func(ctx context.Context, a model.Actor) error {
		_, err := h.UpdatePolicy(ctx, a, policy, "")
		return err
	}, model.ActUpdatePolicy)
	refuse(
		func(ctx context.Context, a model.Actor) error { return h.DeletePolicy(ctx, a, policy.ID, "") },
		model.ActDeletePolicy,
	)
	refuse(func(ctx context.Context, a model.Actor) error {
		return h.AttachPolicy(ctx, a, Attach{Policy: policy.ID, Targets: []model.Target{there}})
	}, model.ActAttachPolicy)
	refuse(func(ctx context.Context, a model.Actor) error {
		return h.DetachPolicy(ctx, a, Detach{Policy: model.FullAWSAccess, Target: there})
	}, model.ActDetachPolicy)
}

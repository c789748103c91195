package store_test

import (
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

const (
	arnA = "arn:aws:iam::aws:policy/A"
	arnB = "arn:aws:iam::aws:policy/B"
)

// save runs a change with an event.
func save(t *testing.T, s *store.Store, fn func(*store.Tx) error) error {
	t.Helper()
	return s.Update(t.Context(), func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Record(
			t.Context(),
			model.Event{Action: "sso:UpdatePermissionSet", Outcome: model.Done, Summary: "changed", Reason: "why"},
		)
	})
}

func TestAVersionOfAPermissionSetIsClosedAndKept(t *testing.T) {
	t.Parallel()
	s, ctx := open(t), t.Context()
	set := model.PermissionSet{
		ID:              "ps-1",
		Name:            "Reader",
		SessionDuration: time.Hour,
		ManagedPolicies: []string{arnA, arnB},
	}
	if err := save(t, s, func(tx *store.Tx) error {
		return tx.InsertPermissionSet(ctx, set, "", map[string]string{arnA: `{"a":1}`})
	}); err != nil {
		t.Fatal(err)
	}
	set.Version, set.ManagedPolicies, set.Name = 1, []string{arnB, arnA}, "Another"
	if err := save(t, s, func(tx *store.Tx) error {
		return tx.UpdatePermissionSet(ctx, set, "u-1", map[string]string{arnA: `{"a":1}`, arnB: `{"b":1}`})
	}); err != nil {
		t.Fatal(err)
	}
	now, err := s.PermissionSet(ctx, "ps-1")
	if err != nil || now.Version != 2 || now.Name != "Reader" || !now.Current || now.Seq != 2 || now.Reason != "why" ||
		now.ManagedPolicies[0] != arnB || now.Documents[arnB] != `{"b":1}` {
		t.Errorf("PermissionSet() = %+v, %v", now, err)
	}
	then, err := s.PermissionSetVersion(ctx, "ps-1", 1)
	if err != nil || then.Current || then.ManagedPolicies[0] != arnA || then.Documents[arnB] != "" || then.Seq != 1 {
		t.Errorf("PermissionSetVersion(1) = %+v, %v", then, err)
	}
	for name, err := range map[string]error{
		"the version before": save(t, s, func(tx *store.Tx) error { return tx.UpdatePermissionSet(ctx, set, "", nil) }),
		"a deletion":         save(t, s, func(tx *store.Tx) error { return tx.DeletePermissionSet(ctx, "ps-1", 1) }),
	} {
		if model.KindOf(err) != model.Conflict {
			t.Errorf("%s: error %v, want a conflict", name, err)
		}
	}
	if body, err := s.DocumentInUse(ctx, arnB); err != nil || body != `{"b":1}` {
		t.Errorf("DocumentInUse() = %q, %v", body, err)
	}
}

func TestADeletedPermissionSetGivesItsNameFreeAndKeepsItsVersions(t *testing.T) {
	t.Parallel()
	s, ctx := open(t), t.Context()
	insert := func(id model.PermissionSetID) error {
		return save(t, s, func(tx *store.Tx) error {
			return tx.InsertPermissionSet(ctx, model.PermissionSet{ID: id, Name: "Reader", SessionDuration: time.Hour,
				ManagedPolicies: []string{arnA}}, "", nil)
		})
	}
	if err := insert("ps-1"); err != nil {
		t.Fatal(err)
	}
	if err := insert("ps-2"); model.KindOf(err) != model.Conflict {
		t.Errorf("a second set of the name: %v, want a conflict", err)
	}
	if missing, err := s.SetsWithoutDocument(ctx); err != nil || len(missing) != 1 {
		t.Errorf("SetsWithoutDocument() = %v, %v", missing, err)
	}
	if err := save(t, s, func(tx *store.Tx) error { return tx.DeletePermissionSet(ctx, "ps-1", 1) }); err != nil {
		t.Fatal(err)
	}
	if err := insert("ps-2"); err != nil {
		t.Errorf("the name is not free: %v", err)
	}
	if versions, err := s.PermissionSetVersions(ctx, "ps-1"); err != nil || len(versions) != 1 || versions[0].Current {
		t.Errorf("PermissionSetVersions() = %+v, %v", versions, err)
	}
	if used, err := s.PoliciesInUse(ctx); err != nil || used[arnA] != 1 {
		t.Errorf("PoliciesInUse() = %v, %v", used, err)
	}
}

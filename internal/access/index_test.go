package access_test

import (
	"context"
	"testing"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

func TestASnapshotIsKeptUntilAccessChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Read", everything)
	first := w.at()
	if w.at() != first {
		t.Error("nothing changed, and the snapshot was built anew")
	}
	w.give(user("ana"), "Read", account(payments))
	second := w.at()
	if second == first || second.Change() <= first.Change() {
		t.Errorf("after a change: change %d, before %d", second.Change(), first.Change())
	}
	if len(first.Roles("ana", noon)) != 0 || len(second.Roles("ana", noon)) != 1 {
		t.Error("a snapshot changed under its holder, or the new one does not show the change")
	}
}

func TestWhatATransactionTriesOutIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Read", everything)
	before := w.at()
	w.write(func(ctx context.Context, tx *store.Tx) error {
		a := model.Assignment{ID: "tried", Principal: user("ana"), PermissionSet: "Read", Target: account(payments)}
		if err := tx.InsertAssignment(ctx, a); err != nil {
			return err
		}
		tried, err := w.index.Build(ctx, tx.Reader)
		if err == nil && len(tried.Roles("ana", noon)) != 1 {
			t.Error("Build() does not see what the transaction wrote")
		}
		if err != nil {
			return err
		}
		return store.ErrRollback
	})
	if w.at() != before {
		t.Error("an undone transaction left its mark")
	}
}

func TestWhatATransactionBuiltServesTheNextQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users("ana")
	w.set("Read", everything)
	before := w.at()
	var built *access.Snapshot
	var change int64
	w.write(func(ctx context.Context, tx *store.Tx) error {
		a := model.Assignment{ID: "given", Principal: user("ana"), PermissionSet: "Read", Target: account(payments)}
		if err := tx.InsertAssignment(ctx, a); err != nil {
			return err
		}
		var err error
		if built, err = w.index.Build(ctx, tx.Reader); err != nil {
			return err
		}
		change, err = tx.AccessChange(ctx)
		return err
	})
	w.index.Keep(built, change)
	if got := w.at(); got != built || len(got.Roles("ana", noon)) != 1 {
		t.Error("the snapshot was built a second time")
	}
	w.index.Keep(before, before.Change())
	if w.at() != built {
		t.Error("an older snapshot took the place of a newer one")
	}
}

func TestBeforeSetUpThereIsNothingToAsk(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), storetest.Location(t), func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	storetest.Guard(t, s)
	if _, err := access.NewIndex().At(t.Context(), s.Reader); model.KindOf(err) != model.NotFound {
		t.Errorf("At() = %v, want NotFound", err)
	}
}

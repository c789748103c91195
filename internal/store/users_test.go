package store_test

import (
	"context"
	"fmt"
	"testing"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// person keeps somebody with a user name.
func person(t *testing.T, s *store.Store, name string) model.User {
	t.Helper()
	u := model.User{ID: model.UserID("id of " + name), UserName: name, GivenName: "G", FamilyName: "F", DisplayName: name,
		Email: name + "@example.com", Status: model.UserEnabled, SessionEpoch: 1}
	change(t, s, func(tx *store.Tx) error { return tx.InsertUser(t.Context(), u) })
	return u
}

// change changes rows and records that something happened.
func change(t *testing.T, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := try(t.Context(), s, fn); err != nil {
		t.Fatal(err)
	}
}

func try(ctx context.Context, s *store.Store, fn func(*store.Tx) error) error {
	return s.Update(ctx, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.Record(ctx, model.Event{Action: "identitystore:Test", Outcome: model.Done})
	})
}

func TestTheDatabaseSaysWhichFieldIsTaken(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := person(t, s, "ana")
	for _, c := range []struct{ name, email, field string }{
		{"ANA", "x@example.com", "username"}, {"ben", "ANA@EXAMPLE.COM", "email"},
	} {
		again := u
		again.ID, again.UserName, again.Email = "other", c.name, c.email
		err := try(t.Context(), s, func(tx *store.Tx) error { return tx.InsertUser(t.Context(), again) })
		e, ok := err.(*model.Error)
		if !ok || e.Kind != model.Conflict || e.Fields[c.field] == "" || len(e.Fields) != 1 {
			t.Errorf("InsertUser(%s, %s) = %v, want a conflict of %s", c.name, c.email, err, c.field)
		}
	}
}

func TestManyPeopleAreLookedUpAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := person(t, s, "ana")
	handles := []string{"ANA"}
	for i := range 1200 {
		handles = append(handles, fmt.Sprint("nobody", i))
	}
	found, err := s.UsersByHandle(t.Context(), append(handles, " Ana@Example.com "))
	if err != nil || len(found) != 2 || found["ana"].ID != u.ID || found["ana@example.com"].ID != u.ID {
		t.Errorf("UsersByHandle() = %v, %v, want ana under both handles", found, err)
	}
}

func TestAVersionIsSavedOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := person(t, s, "ana")
	u.Version, u.Title = 1, "Lead"
	save := func() error {
		return try(t.Context(), s, func(tx *store.Tx) error { return tx.UpdateUser(t.Context(), u) })
	}
	if err := save(); err != nil {
		t.Fatal(err)
	}
	if err := save(); model.KindOf(err) != model.Conflict {
		t.Errorf("the second save of version 1 = %v, want a conflict", err)
	}
	if got, err := s.User(t.Context(), u.ID); err != nil || got.Version != 2 || got.Title != "Lead" {
		t.Errorf("User() = %+v, %v", got, err)
	}
}

func TestTheStateOfAThingIsFoundAmongItsEvents(t *testing.T) {
	t.Parallel()
	s := open(t)
	thing, other := model.Ref{Kind: model.RefUser, ID: `a"b%`}, model.Ref{Kind: model.RefGroup, ID: "g"}
	record(t, s, model.Event{Action: "identitystore:CreateUser", Objects: []model.Ref{thing}, State: `{"a":1}`})
	record(t, s, model.Event{Action: "identitystore:CreateGroup", Objects: []model.Ref{other, thing}, State: `{"g":1}`})
	record(t, s, model.Event{Action: "identitystore:UpdateUser", Objects: []model.Ref{thing}, State: `{"a":2}`})
	for before, want := range map[int64]string{1: "", 2: `{"a":1}`, 3: `{"a":1}`, 4: `{"a":2}`} {
		if got, err := s.StateBefore(t.Context(), thing, before); err != nil || got != want {
			t.Errorf("StateBefore(%d) = %q, %v, want %q", before, got, err, want)
		}
	}
}

func TestAPersonLeavesWithTheirMemberships(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := person(t, s, "ana")
	change(t, s, func(tx *store.Tx) error { return tx.InsertGroup(t.Context(), model.Group{ID: "g", Name: "Developers"}) })
	change(t, s, func(tx *store.Tx) error {
		if added, err := tx.InsertMembership(t.Context(), "g", u.ID); err != nil || !added {
			return fmt.Errorf("added %v: %w", added, err)
		}
		added, err := tx.InsertMembership(t.Context(), "g", u.ID)
		if added {
			return fmt.Errorf("added twice")
		}
		return err
	})
	if list, err := s.MembershipsOf(t.Context(), u.ID); err != nil || len(list) != 1 || list[0].Name != "Developers" {
		t.Errorf("MembershipsOf() = %v, %v", list, err)
	}
	change(t, s, func(tx *store.Tx) error { return tx.CloseUser(t.Context(), u.ID) })
	if since, err := s.MembersSince(t.Context(), "g", []model.UserID{u.ID}); err != nil || len(since) != 0 {
		t.Errorf("MembersSince() = %v, %v, want nobody", since, err)
	}
	person(t, s, "ana2")
}

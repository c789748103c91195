package center_test

import (
	"crypto/rand"
	"log/slog"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

var (
	noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	host = model.Actor{Host: true}
)

// office is a Gatehouse whose organization exists and is empty; its clock stands at now.
type office struct {
	c     *center.Center
	store *store.Store
	path  string // of its database
	now   time.Time
}

func openOffice(t *testing.T) *office {
	t.Helper()
	o := emptyOffice(t)
	org, err := model.NewOrganization(rand.Reader, "SecureCart", "111122223333", "")
	if err != nil {
		t.Fatal(err)
	}
	err = o.store.Housekeep(t.Context(), func(tx *store.Tx) error { return tx.InsertOrganization(t.Context(), org) })
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// emptyOffice is a Gatehouse that nobody has set up.
func emptyOffice(t *testing.T) *office {
	t.Helper()
	return officeAt(t, storetest.Location(t))
}

// officeAt is a Gatehouse on a database that another process may have open as well.
func officeAt(t *testing.T, location string) *office {
	t.Helper()
	o := &office{now: noon, path: location}
	o.openStore(t)
	keys, err := vault.New(rand.Reader, storetest.MasterKey(t))
	if err != nil {
		t.Fatal(err)
	}
	hasher, err := vault.NewHasher(vault.Cost{Passes: 1, MemoryKiB: 8, Lanes: 1})
	if err != nil {
		t.Fatal(err)
	}
	o.c = center.New(center.Config{Store: o.store, Vault: keys, Hasher: hasher, Limits: signin.DefaultLimits(), Now: o.clock,
		Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	return o
}

func (o *office) clock() time.Time { return o.now }

func (o *office) openStore(t *testing.T) {
	t.Helper()
	s, err := store.Open(t.Context(), o.path, o.clock)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Guard(t, s)
	o.store = s
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// again opens the database once more, as a second process or one after a restart does.
func (o *office) again(t *testing.T) *office {
	t.Helper()
	next := &office{now: o.now, path: o.path}
	next.openStore(t)
	config := o.c.Config
	config.Store, config.Now = next.store, next.clock
	next.c = center.New(config)
	return next
}

// user creates a person with a user name, in some groups.
func (o *office) user(t *testing.T, name string, groups ...model.GroupID) model.User {
	t.Helper()
	u, err := o.c.CreateUser(t.Context(), host, model.User{UserName: name, GivenName: "Ana", FamilyName: "Beltrán",
		Email: name + "@securecart.example"}, groups)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// trail fails the test unless the newest events have these summaries, newest first.
func (o *office) trail(t *testing.T, summaries ...string) {
	t.Helper()
	events, err := o.store.Events(t.Context(), store.EventFilter{Limit: len(summaries)})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range summaries {
		if i >= len(events) || events[i].Summary != want {
			t.Errorf("event %d = %v, want %q", i, events, want)
			return
		}
	}
}

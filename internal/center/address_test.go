package center_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/model"
)

func TestAnotherEMailAddressAsksForAFreshFactorAndIsAnnouncedAtTheOldOne(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	ana := m.user(t, "ana")
	old := ana.Email
	stale := m.administrator
	stale.FactorAt = m.now.Add(-5 * time.Minute)

	ana.Title = "Engineer"
	saved, err := m.c.UpdateUser(t.Context(), stale, ana, "")
	if err != nil {
		t.Fatalf("another title asks: %v", err)
	}
	saved.Email = "ana.beltran@elsewhere.example"
	if _, err := m.c.UpdateUser(t.Context(), stale, saved, ""); model.KindOf(err) != model.Unconfirmed {
		t.Errorf("another address, five minutes after the second factor: %v", err)
	}
	fresh := m.administrator
	fresh.FactorAt = m.now
	if _, err := m.c.UpdateUser(t.Context(), fresh, saved, ""); err != nil {
		t.Fatal(err)
	}
	letters := m.deliver(t)
	if len(letters) != 1 || letters[0].To != old || !strings.Contains(letters[0].Text, "changed to ana.beltran@elsewhere.example") {
		t.Errorf("arrived: %+v; want word at %s", letters, old)
	}
	m.now = m.now.Add(time.Minute)
	told, err := m.c.TellNotices(t.Context(), model.Session{User: ana.ID, CreatedAt: m.now})
	if err != nil || len(told) != 1 {
		t.Errorf("after the next sign-in they are told %q, %v", told, err)
	}
}

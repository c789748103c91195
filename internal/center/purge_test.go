package center_test

import (
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/store"
)

func TestWhatWasOverAMonthAgoIsForgottenWithoutATrace(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	u := o.user(t, "ana")
	var newest string
	for range 2 {
		token, err := o.c.Invite(t.Context(), host, u.ID, center.ByHand)
		if err != nil {
			t.Fatal(err)
		}
		newest = token.Reveal()
		o.now = o.now.Add(time.Hour)
	}
	events := func() int {
		n, err := o.store.CountEvents(t.Context(), store.EventFilter{})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := events()
	o.now = o.now.Add(40 * 24 * time.Hour)
	if err := o.c.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if l, err := o.store.NewestLink(t.Context(), u.ID); err != nil || l.ID == "" {
		t.Errorf("NewestLink() = %v, %v; want the one that the page shows still", l, err)
	}
	if _, err := o.c.Link(t.Context(), newest); err == nil {
		t.Error("an invitation of last month opens still")
	}
	if after := events(); after != before {
		t.Errorf("%d events, %d before: housekeeping is nobody's act", after, before)
	}
}

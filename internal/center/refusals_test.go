package center

import (
	"fmt"
	"testing"
	"time"

	"gatehouse/internal/model"
)

// TestRefusalsThatNothingComesAfterAreNotKept has every network refused twice, and never again.
func TestRefusalsThatNothingComesAfterAreNotKept(t *testing.T) {
	t.Parallel()
	r, now := newRefusals(), time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	refuse := func(network string) []model.Event {
		return r.count(refusalKey{resource: network}, model.Event{SourceIP: network}, now)
	}
	stood, networks := 0, 2*mostRest
	for range 2 {
		for i := range networks {
			for _, e := range refuse(fmt.Sprint(i)) {
				stood += 1 + e.Repeated
			}
		}
		networks -= mostRest / 2 // once more within the minute, but for some
	}
	now = now.Add(refusalPause)
	for i := range 4 {
		due := refuse(fmt.Sprint("another", i))
		if len(due) > mostRest+1 {
			t.Errorf("%d events are due at once", len(due))
		}
		for _, e := range due {
			stood += 1 + e.Repeated
		}
	}
	if len(r.since) != 4 {
		t.Errorf("%d refusals are kept", len(r.since))
	}
	if want := 2*mostRest + 2*mostRest - mostRest/2 + 4; stood != want {
		t.Errorf("the events stand for %d refusals, not for %d", stood, want)
	}
}

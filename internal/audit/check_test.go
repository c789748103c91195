package audit_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
)

const length = 20

// trail returns a whole trail of 20 events.
func trail() []model.Event {
	events := make([]model.Event, length)
	prev := audit.Start
	for i := range events {
		e := model.Event{
			Seq: int64(i + 1), At: time.Date(2026, 11, 20, 12, i, 0, 0, time.UTC), ActorName: "ann",
			Action: "identitystore:CreateUser", Outcome: model.Done, Summary: fmt.Sprintf("Created user %d", i),
			Objects: []model.Ref{{Kind: model.RefUser, ID: fmt.Sprint(i)}}, Prev: prev,
		}
		e.Hash = audit.Hash(e)
		prev = e.Hash
		events[i] = e
	}
	return events
}

// rechain gives the events from index on new numbers, links and hashes, as somebody would who knows the form.
func rechain(events []model.Event, index int) []model.Event {
	for i := index; i < len(events); i++ {
		events[i].Seq, events[i].Prev = int64(i+1), audit.Start
		if i > 0 {
			events[i].Prev = events[i-1].Hash
		}
		events[i].Hash = audit.Hash(events[i])
	}
	return events
}

func head(events []model.Event) audit.Head {
	last := events[len(events)-1]
	return audit.Head{Seq: last.Seq, Hash: last.Hash}
}

// find runs a whole check and returns the first broken place, or a zero one.
func find(t *testing.T, c *audit.Check, events []model.Event) audit.Broken {
	t.Helper()
	var first error
	for _, e := range events {
		err := c.Add(e)
		if first != nil && !errors.Is(err, first) {
			t.Errorf("after %v the check goes on with %v", first, err)
		}
		if first == nil {
			first = err
		}
	}
	end := c.End()
	if first != nil && !errors.Is(end, first) {
		t.Errorf("after %v the check ends with %v", first, end)
	}
	if broken, ok := errors.AsType[*audit.Broken](end); ok {
		return *broken
	}
	if end != nil {
		t.Errorf("the error is %T", end)
	}
	return audit.Broken{}
}

func TestAWholeTrailIsWhole(t *testing.T) {
	events := trail()
	c := audit.NewCheck(head(events), head(events[:5]))
	if broken := find(t, c, events); broken != (audit.Broken{}) {
		t.Errorf("broken: %v", &broken)
	}
	if c.Head() != head(events) {
		t.Errorf("head %v, want %v", c.Head(), head(events))
	}
	if broken := find(t, audit.NewCheck(), nil); broken != (audit.Broken{}) {
		t.Errorf("an empty trail is broken: %v", &broken)
	}
}

// acts are ways of tampering with event i of a trail, each with what is found then.
func acts(i int) map[string]tampering {
	seq := int64(i + 1)
	changed := func(how func(*model.Event)) tampering {
		return tampering{edit(trail(), i, how), audit.Broken{Seq: seq, Fault: audit.Changed}}
	}
	all := map[string]tampering{
		"a word changed":      changed(func(e *model.Event) { e.Summary += "!" }),
		"the time changed":    changed(func(e *model.Event) { e.At = e.At.Add(-time.Hour) }),
		"the outcome changed": changed(func(e *model.Event) { e.Outcome = model.Refused }),
		"the hash changed":    changed(func(e *model.Event) { e.Hash = audit.Start }),
		"the link changed":    changed(func(e *model.Event) { e.Prev = "0" + e.Hash[1:] }),
		"link and hash changed": {edit(trail(), i, func(e *model.Event) {
			e.Prev = "0" + e.Hash[1:]
			e.Hash = audit.Hash(*e)
		}), audit.Broken{Seq: seq, Fault: audit.Inserted}},
		"a word and the hash changed": {edit(trail(), i, func(e *model.Event) {
			e.Summary += "!"
			e.Hash = audit.Hash(*e)
		}), audit.Broken{Seq: seq + 1, Fault: audit.Inserted}},
		"one deleted": {slices.Delete(trail(), i, i+1), audit.Broken{Seq: seq, Fault: audit.Deleted}},
		"one copied":  {slices.Insert(trail(), i+1, trail()[i]), audit.Broken{Seq: seq, Fault: audit.Disorder}},
		"one inserted and the rest renumbered": {renumber(slices.Insert(trail(), i, forged(seq)), i+1),
			audit.Broken{Seq: seq, Fault: audit.Inserted}},
	}
	if i > 0 {
		all["one moved to the front"] = tampering{append(trail()[i:i+1], slices.Delete(trail(), i, i+1)...),
			audit.Broken{Seq: 1, Fault: audit.Deleted}}
	}
	return all
}

// tampering is a trail that somebody tampered with, and the fault in it.
type tampering struct {
	events []model.Event
	want   audit.Broken
}

func TestEverySingleActOfTamperingIsFoundWhereItWasDone(t *testing.T) {
	for i := range length {
		for name, act := range acts(i) {
			want := act.want
			if want.Seq > length {
				// Nothing follows the last event that could give its change away: only a known head does.
				want = audit.Broken{Seq: length, Fault: audit.Replaced}
			}
			if got := find(t, audit.NewCheck(head(trail())), act.events); got != want {
				t.Errorf("%s, event %d: found %v, want %v", name, i+1, &got, &want)
			}
		}
	}
}

func edit(events []model.Event, index int, how func(*model.Event)) []model.Event {
	how(&events[index])
	return events
}

// forged is an event that is whole in itself but follows from nothing.
func forged(seq int64) model.Event {
	e := model.Event{Seq: seq, ActorName: "mallory", Action: "gatehouse:Test", Prev: "ff" + audit.Start[2:]}
	e.Hash = audit.Hash(e)
	return e
}

func renumber(events []model.Event, index int) []model.Event {
	for i := index; i < len(events); i++ {
		events[i].Seq = int64(i + 1)
	}
	return events
}

func TestNeighboursThatChangedPlaces(t *testing.T) {
	for i := range length - 1 {
		rows := trail()
		rows[i], rows[i+1] = rows[i+1], rows[i]
		want := audit.Broken{Seq: int64(i + 1), Fault: audit.Deleted}
		if got := find(t, audit.NewCheck(), rows); got != want {
			t.Errorf("rows %d and %d: found %v, want %v", i, i+1, &got, &want)
		}

		numbers := trail()
		numbers[i].Seq, numbers[i+1].Seq = numbers[i+1].Seq, numbers[i].Seq
		numbers[i], numbers[i+1] = numbers[i+1], numbers[i]
		want.Fault = audit.Changed
		if got := find(t, audit.NewCheck(), numbers); got != want {
			t.Errorf("numbers %d and %d: found %v, want %v", i+1, i+2, &got, &want)
		}
	}
}

func TestOnlyAKnownHeadFindsACutOrRewrittenTrail(t *testing.T) {
	known := head(trail())
	for keep := range length {
		cut := trail()[:keep]
		if got := find(t, audit.NewCheck(), cut); got != (audit.Broken{}) {
			t.Errorf("cut after %d: found %v without a known head", keep, &got)
		}
		want := audit.Broken{Seq: int64(keep + 1), Fault: audit.Deleted}
		if got := find(t, audit.NewCheck(known), cut); got != want {
			t.Errorf("cut after %d: found %v, want %v", keep, &got, &want)
		}
	}
	for i := range length {
		for name, events := range map[string][]model.Event{
			"changed":  rechain(edit(trail(), i, func(e *model.Event) { e.Summary = "Nothing happened" }), i),
			"deleted":  rechain(append(slices.Delete(trail(), i, i+1), forged(0)), i),
			"inserted": rechain(slices.Insert(trail(), i, forged(0)), i),
		} {
			if got := find(t, audit.NewCheck(), events); got != (audit.Broken{}) {
				t.Errorf("%s at %d and chained anew: found %v without a known head", name, i, &got)
			}
			want := audit.Broken{Seq: length, Fault: audit.Replaced}
			if got := find(t, audit.NewCheck(known), events); got != want {
				t.Errorf("%s at %d and chained anew: found %v, want %v", name, i, &got, &want)
			}
		}
	}
}

func TestACheckResumesAtATrustedHead(t *testing.T) {
	events := trail()
	at := head(events[:10])
	if got := find(t, audit.Resume(at, head(events), head(events[:3])), events[10:]); got != (audit.Broken{}) {
		t.Errorf("found %v", &got)
	}
	for name, tt := range map[string]struct {
		from audit.Head
		rest []model.Event
		want audit.Broken
	}{
		"another head": {audit.Head{Seq: 10, Hash: audit.Start}, events[10:],
			audit.Broken{Seq: 11, Fault: audit.Inserted}},
		"the next one missing":  {at, events[11:], audit.Broken{Seq: 11, Fault: audit.Deleted}},
		"what was checked once": {at, events[9:], audit.Broken{Seq: 10, Fault: audit.Disorder}},
		"nothing left":          {at, nil, audit.Broken{Seq: 11, Fault: audit.Deleted}},
	} {
		if got := find(t, audit.Resume(tt.from, head(events)), tt.rest); got != tt.want {
			t.Errorf("%s: found %v, want %v", name, &got, &tt.want)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	e := trail()[0]
	for b.Loop() {
		if err := audit.NewCheck().Add(e); err != nil {
			b.Fatal(err)
		}
	}
}

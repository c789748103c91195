package center_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"testing"

	"gatehouse/internal/audit"
	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

// recorded is an office with a small real trail and a signed checkpoint in the middle of it, and an intruder.
func recorded(t *testing.T) (*office, *storetest.Intruder, audit.Checkpoint) {
	t.Helper()
	o := openOffice(t)
	o.user(t, "ana")
	o.user(t, "bo")
	signed, err := o.c.Sign(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Operations", "Auditors", "Developers"} {
		if _, err := o.c.CreateGroup(t.Context(), host, model.Group{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	i := storetest.NewIntruder(t, o.path)
	for _, table := range []string{"events", "event_objects", "head", "checkpoints"} {
		i.Remember(table)
	}
	if e := o.verified(t); !e.Whole() || e.Events != 5 || e.Signed != 1 || e.Checkpoint.Seq != 2 {
		t.Fatalf("before anything was changed: %+v", e)
	}
	return o, i, signed
}

func (o *office) verified(t *testing.T, exported ...audit.Checkpoint) center.Evidence {
	t.Helper()
	e, err := center.Verify(t.Context(), o.store, o.c.Vault, exported)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestEveryChangeToOneEventIsFound is exhaustive over a small trail: every event deleted, every column of every event with
// bits flipped, emptied and taken from every other event, every event inserted again at every place, every two events
// exchanged, and the trail cut after every event.
func TestEveryChangeToOneEventIsFound(t *testing.T) {
	t.Parallel()
	o, i, _ := recorded(t)
	tried := 0
	found := func(what string) {
		t.Helper()
		tried++
		if e := o.verified(t); len(e.Trail) == 0 {
			t.Errorf("%s, and nothing was found", what)
		}
		i.Restore("events")
	}
	draw := mathrand.New(mathrand.NewPCG(11, 2026))
	columns := i.Columns("events")
	for n := range i.Rows("events") {
		i.Do(`DELETE FROM events` + i.At(i.Rows("events")[n]))
		found(fmt.Sprintf("event %d was deleted", n+1))
		for _, column := range columns {
			for range 8 {
				row := i.Rows("events")[n]
				before := i.Cell("events", column, row)
				after, ok := storetest.Flipped(draw, before)
				if !ok {
					after = "x"
				}
				if i.Put("events", column, row, after) {
					found(fmt.Sprintf("event %d: %s became %#v instead of %#v", n+1, column, after, before))
				}
			}
			for other := range i.Rows("events") {
				rows := i.Rows("events")
				value := i.Cell("events", column, rows[other])
				if value != i.Cell("events", column, rows[n]) && i.Put("events", column, rows[n], value) {
					found(fmt.Sprintf("event %d has %s of event %d", n+1, column, other+1))
				}
			}
		}
	}
	count := len(i.Rows("events"))
	rest := strings.Join(columns[1:], ", ")
	for from := 1; from <= count; from++ {
		for at := 1; at <= count+1; at++ { // those from there on make room
			for seq := count; seq >= at; seq-- {
				i.Do(`UPDATE events SET seq = seq + 1 WHERE seq = ?`, seq)
			}
			source := from
			if from >= at {
				source++
			}
			i.Do(`INSERT INTO events (seq, `+rest+`) SELECT CAST(? AS INTEGER), `+rest+` FROM events WHERE seq = ?`, at, source)
			found(fmt.Sprintf("event %d was inserted as event %d", from, at))
		}
		for other := from + 1; other <= count; other++ {
			i.Do(`UPDATE events SET seq = 1000 WHERE seq = ?`, from)
			i.Do(`UPDATE events SET seq = ? WHERE seq = ?`, from, other)
			i.Do(`UPDATE events SET seq = ? WHERE seq = 1000`, other)
			found(fmt.Sprintf("events %d and %d were exchanged", from, other))
		}
		i.Do(`DELETE FROM events WHERE seq >= ?`, from)
		found(fmt.Sprintf("the trail was cut before event %d", from))
	}
	if tried < 400 {
		t.Errorf("%d changes were tried: too few to tell", tried)
	}
	if e := o.verified(t); !e.Whole() {
		t.Errorf("after all was put back: %+v", e)
	}
}

func TestACutThatTheWholeDatabaseAgreesWithIsFoundByACheckpointFromElsewhere(t *testing.T) {
	t.Parallel()
	o, i, early := recorded(t)
	late, err := o.c.Sign(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// A copy of an earlier database is put in the place of this one: rows, tallies and head fit together.
	for _, table := range []string{"events", "event_objects", "head", "checkpoints"} {
		i.Restore(table)
	}
	if e := o.verified(t, early); !e.Whole() || e.Exported != 1 {
		t.Errorf("with a checkpoint from before the copy: %+v, want nothing found", e)
	}
	i.Do(`DELETE FROM events WHERE seq > 3`)
	if e := o.verified(t, early); len(e.Trail) == 0 {
		t.Error("the trail was cut after the checkpoint, and the head did not show it")
	}
	for _, table := range []string{"events", "event_objects"} {
		i.Restore(table)
	}
	late.Seq++
	if e := o.verified(t, late); len(e.Trail) != 1 || !strings.Contains(e.Trail[0], "signature is not ours") {
		t.Errorf("with a forged checkpoint: %q", e.Trail)
	}
	late.Seq--
	i.Do(`DELETE FROM events WHERE seq > 4`)
	if e := o.verified(t, late); len(e.Trail) != 1 || e.Trail[0] != "event 5: it is missing" {
		t.Errorf("with the checkpoint of event 5: %q", e.Trail)
	}
}

// rewritten makes the chain of a trail anew after a change, as somebody could who knows how, but not the key.
func TestATrailThatWasWrittenAnewIsFound(t *testing.T) {
	t.Parallel()
	o, i, _ := recorded(t)
	i.Do(`UPDATE events SET summary = 'Created nobody' WHERE seq = 1`)
	prev := audit.Start
	err := o.store.EachEvent(t.Context(), 0, func(e model.Event) error {
		e.Prev = prev
		prev = audit.Hash(e)
		i.Do(`UPDATE events SET prev = ?, hash = ? WHERE seq = ?`, e.Prev, prev, e.Seq)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if e := o.verified(t); len(e.Trail) != 1 || !strings.Contains(e.Trail[0], "not the event that a checkpoint names") {
		t.Errorf("found %q, want that event 2 is not the one that was signed", e.Trail)
	}
	if _, err := o.c.Sign(t.Context()); !errors.Is(err, center.ErrBroken) {
		t.Errorf("Sign() = %v, want that it does not sign", err)
	}
}

func TestATrailIsSignedHourByHourFromTheLastCheckpointOn(t *testing.T) {
	t.Parallel()
	o, i, first := recorded(t)
	second, err := o.c.Sign(t.Context())
	if err != nil || second.Seq != 5 || first.Seq != 2 {
		t.Fatalf("Sign() = %+v, %v; want the fifth event", second, err)
	}
	e, err := o.c.Prove(t.Context())
	if err != nil || !e.Whole() || e.After != 4 || e.Events != 1 || e.Checkpoint.Seq != 5 {
		t.Errorf("Prove() = %+v, %v; want that it starts at the checkpoint", e, err)
	}
	i.Remember("passwords")
	i.Do(`DELETE FROM events WHERE seq = 5`)
	if e, err := o.c.Prove(t.Context()); err != nil || len(e.Trail) != 1 {
		t.Errorf("Prove() = %+v, %v; want that the fifth event is missing", e, err)
	}
	i.Restore("events")
	i.Do(`DELETE FROM checkpoints WHERE seq = 5`)
	if e, err := o.c.Prove(t.Context()); err != nil || len(e.Trail) != 0 || len(e.Rows) != 1 {
		t.Errorf("Prove() = %+v, %v; want that a checkpoint is missing", e, err)
	}
}

func TestAnEventThatIsHiddenFromAHistoryIsFoundAndComesBackWhenDamageIsAccepted(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	ana := o.user(t, "ana")
	i := storetest.NewIntruder(t, o.path)
	i.Remember("event_objects")
	of := model.Ref{Kind: model.RefUser, ID: string(ana.ID)}
	events := func() int {
		past, err := o.c.History(t.Context(), host, of, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(past.Entries)
	}
	if n := events(); n != 1 {
		t.Fatalf("the history has %d events, want one", n)
	}
	if e := o.verified(t); !e.Whole() {
		t.Fatalf("before anything was changed: %+v", e)
	}
	i.Do(`DELETE FROM event_objects WHERE id = ?`, of.ID)
	hourly, err := o.c.Prove(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	without, err := center.VerifyTrail(t.Context(), o.store, nil)
	if err != nil {
		t.Fatal(err)
	}
	for when, e := range map[string]center.Evidence{"of the hour": hourly, "of all": o.verified(t), "without the key": without} {
		if len(e.Trail) != 0 || len(e.Rows) != 1 || !strings.HasPrefix(e.Rows[0], `table event_objects, row seq=1 kind="user" id="`+of.ID+`"`) {
			t.Errorf("the look %s: %q, %q; want the row that is missing", when, e.Trail, e.Rows)
		}
	}
	if _, err := o.c.AcceptDamage(t.Context(), host, "looked into it"); err != nil {
		t.Fatal(err)
	}
	if e := o.verified(t); !e.Whole() || events() != 1 {
		t.Errorf("afterwards: %+v, and %d events in the history", e, events())
	}
}

func TestACheckpointOfAKeyThatIsNotAtHandIsComparedAndSaidSo(t *testing.T) {
	t.Parallel()
	o, _, signed := recorded(t)
	key, err := vault.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if o.c.Vault, err = vault.New(rand.Reader, key); err != nil {
		t.Fatal(err)
	}
	e := o.verified(t, signed)
	if !e.Whole() || e.Exported != 1 || len(e.Notes) != 2 {
		t.Errorf("Verify() = %+v", e)
	}
}

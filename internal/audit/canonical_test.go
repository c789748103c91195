package audit_test

import (
	"encoding/binary"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
)

// full is an event with something in every field.
func full() model.Event {
	return model.Event{
		Seq: 7, At: time.Date(2026, 11, 20, 12, 0, 0, 123456000, time.UTC), Actor: "actor", ActorName: "ann",
		Session: "session", Action: "sso:CreateAccountAssignment", Outcome: model.Done,
		Objects: []model.Ref{{Kind: model.RefUser, ID: "u-1", Name: "bob"}, {Kind: model.RefGroup, ID: "g-1", Name: "ops"}},
		Summary: "Assigned", Reason: "Ticket 4711", Grant: "arn:aws:sts::1:assumed-role/r/ann", SourceIP: "192.0.2.7",
		RequestID: "request", Repeated: 3, State: `{"a":1}`, Prev: audit.Start, Hash: "left out",
	}
}

// The hash below was computed once: when it changes, every trail in use looks broken.
func TestTheFormStaysAsItIs(t *testing.T) {
	if got, want := audit.Hash(full()), "80e61da0a2f885d348c336937bfa27d2e905f68f6318dff916c1c7ce7da5ae66"; got != want {
		t.Errorf("hash %s, want %s", got, want)
	}
}

func TestEveryFieldCounts(t *testing.T) {
	base := audit.Hash(full())
	for i := range reflect.TypeFor[model.Event]().NumField() {
		name := reflect.TypeFor[model.Event]().Field(i).Name
		e := full()
		change(t, reflect.ValueOf(&e).Elem().Field(i))
		if same := audit.Hash(e) == base; same != (name == "Hash") {
			t.Errorf("changing %s leaves the hash the same: %t", name, same)
		}
	}
	for i := range reflect.TypeFor[model.Ref]().NumField() {
		e := full()
		change(t, reflect.ValueOf(&e.Objects[1]).Elem().Field(i))
		if audit.Hash(e) == base {
			t.Errorf("changing %s of an object leaves the hash the same", reflect.TypeFor[model.Ref]().Field(i).Name)
		}
	}
}

// change gives a field another value, and fails on kinds of field that it does not know.
func change(t *testing.T, field reflect.Value) {
	t.Helper()
	switch v := field.Interface().(type) {
	case time.Time:
		field.Set(reflect.ValueOf(v.Add(time.Microsecond)))
	case []model.Ref:
		field.Set(reflect.ValueOf(v[:1]))
	default:
		switch field.Kind() {
		case reflect.String:
			field.SetString(field.String() + "x")
		case reflect.Int, reflect.Int64:
			field.SetInt(field.Int() + 1)
		default:
			t.Fatalf("an event has a field of type %s", field.Type())
		}
	}
}

func TestTextCannotMoveBetweenFields(t *testing.T) {
	a, b := full(), full()
	a.Summary, a.Reason = "Assigned", "Ticket"
	b.Summary, b.Reason = "AssignedTicket", ""
	if audit.Hash(a) == audit.Hash(b) {
		t.Error("summary and reason run together")
	}
	a, b = full(), full()
	a.Objects = []model.Ref{{Kind: "user", ID: "1", Name: "x"}}
	b.Objects = nil
	b.Summary = "user" + "1" + "x" + b.Summary
	if audit.Hash(a) == audit.Hash(b) {
		t.Error("objects and summary run together")
	}
}

func TestTheZoneOfATimeDoesNotCount(t *testing.T) {
	a, b := full(), full()
	b.At = b.At.In(time.FixedZone("somewhere", 3600))
	if audit.Hash(a) != audit.Hash(b) {
		t.Error("one moment has two hashes")
	}
}

// FuzzCanonical shows that no two events share their bytes, by reading the event back from them.
func FuzzCanonical(f *testing.F) {
	f.Add(int64(1), int64(1763640000), "ann", "Assigned", "user", "u-1", "bob", `{"a":1}`)
	f.Add(int64(-1), int64(0), "", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, seq, unix int64, actor, summary, kind, id, name, state string) {
		at := time.Unix(unix%(1<<37), seq%1e9).UTC()
		e := model.Event{Seq: seq, At: at, Actor: model.UserID(actor), ActorName: name, Session: model.SessionID(id),
			Action: kind, Outcome: model.Outcome(state), Summary: summary, Reason: id, Grant: kind, SourceIP: actor,
			RequestID: name, Repeated: int(unix), State: state, Prev: summary,
			Objects: []model.Ref{{Kind: model.RefKind(kind), ID: id, Name: name}, {Name: state}}}
		got := parse(t, audit.Canonical(e))
		if diff := cmp.Diff(e, got); diff != "" {
			t.Errorf("the bytes tell another event (-was +read):\n%s", diff)
		}
	})
}

// parse reads an event from its canonical bytes.
func parse(t *testing.T, data []byte) model.Event {
	t.Helper()
	number := func() int64 {
		n := int64(binary.BigEndian.Uint64(data))
		data = data[8:]
		return n
	}
	text := func() string {
		n := number()
		s := string(data[:n])
		data = data[n:]
		return s
	}

	if domain := text(); domain != "gatehouse trail 1" {
		t.Fatalf("domain %q", domain)
	}
	e := model.Event{Seq: number()}
	at, err := time.Parse(time.RFC3339Nano, text())
	if err != nil {
		t.Fatal(err)
	}
	e.At = at
	e.Actor, e.ActorName, e.Session = model.UserID(text()), text(), model.SessionID(text())
	e.Action, e.Outcome = text(), model.Outcome(text())
	for range number() {
		e.Objects = append(e.Objects, model.Ref{Kind: model.RefKind(text()), ID: text(), Name: text()})
	}
	e.Summary, e.Reason, e.Grant, e.SourceIP, e.RequestID = text(), text(), text(), text(), text()
	e.Repeated, e.State, e.Prev = int(number()), text(), text()
	if len(data) > 0 {
		t.Fatalf("%d bytes are left over", len(data))
	}
	return e
}

func TestCleaningLeavesOnlyWhatADatabaseGivesBack(t *testing.T) {
	e := full()
	if diff := cmp.Diff(e, audit.Clean(e)); diff != "" {
		t.Errorf("a clean event is changed (-before +after):\n%s", diff)
	}

	const dirty = "a\xff\xfe\x00b\xed\xa0\x80東"
	for i := range reflect.TypeFor[model.Event]().NumField() {
		if field := reflect.ValueOf(&e).Elem().Field(i); field.Kind() == reflect.String {
			field.SetString(dirty)
		}
	}
	e.Objects = []model.Ref{{Kind: dirty, ID: dirty, Name: dirty}}
	before := e.Objects[0]
	clean := audit.Clean(e)
	clean.Prev, clean.Hash = "", "" // The chain's own texts are hex digits.
	checkClean(t, reflect.ValueOf(clean))
	checkClean(t, reflect.ValueOf(clean.Objects[0]))
	if e.Objects[0] != before {
		t.Error("the caller's event is changed")
	}
}

func checkClean(t *testing.T, value reflect.Value) {
	t.Helper()
	for i := range value.NumField() {
		field := value.Field(i)
		if field.Kind() != reflect.String {
			continue
		}
		if s := field.String(); !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			t.Errorf("%s stays %q", value.Type().Field(i).Name, s)
		}
	}
}

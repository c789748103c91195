package audit_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
)

func TestALineReadsBackToTheSameHash(t *testing.T) {
	for _, state := range []string{"", `{"name":"Ana"}`, `{"name":"Beltrán <b>"}`, `{ "spaced" : 1 }`, "no JSON", `"text"`, `{broken`,
		`{"a":1e2,"b":"\u00e1"}`} {
		e := audit.Clean(model.Event{Seq: 7, At: time.Date(2026, 11, 20, 12, 0, 0, 123456000, time.UTC), Actor: "u-1",
			ActorName: "ana", Session: "s", Action: "sso:CreateAccountAssignment", Outcome: model.Done, Summary: "Gave Ana \U0001F600 \u2028 \"it\"",
			Reason: "CHG-7\n", Grant: "arn:aws:sts::1:x", SourceIP: "::1", RequestID: "r", Repeated: 3, State: state, Prev: audit.Start,
			Objects: []model.Ref{{Kind: model.RefUser, ID: "u-2", Name: "Bo]"}, {}}})
		e.Hash = audit.Hash(e)
		line, err := audit.Line(e)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(line) {
			t.Errorf("%s is no JSON", line)
		}
		for _, b := range line {
			if b < 0x20 || b > 0x7e {
				t.Errorf("%s has the byte %#x in it", line, b)
			}
		}
		again, err := audit.ParseLine(line)
		if err != nil || again.Hash != e.Hash || audit.Hash(again) != e.Hash {
			t.Errorf("state %s: ParseLine(%s) = %+v, %v", state, line, again, err)
		}
	}
}

func TestACheckpointIsFoundInALineOfALog(t *testing.T) {
	c := audit.Checkpoint{Head: audit.Head{Seq: 12, Hash: audit.Start}, At: time.Date(2026, 11, 20, 12, 0, 0, 500_000, time.UTC),
		KeyID: "0123abcd", Signature: make([]byte, 64)}
	for _, line := range []string{c.String(), `time=x level=INFO msg="trail signed" checkpoint=` + c.String() + " more",
		`{"checkpoint":"` + c.String() + `"}`} {
		found, ok := audit.FindCheckpoint(line)
		if !ok || found.Head != c.Head || !found.At.Equal(c.At) || found.KeyID != c.KeyID || string(found.Message()) != string(c.Message()) {
			t.Errorf("FindCheckpoint(%s) = %+v, %v", line, found, ok)
		}
	}
	for what, broken := range map[string]string{
		"was cut short":                  c.String()[:len(c.String())-1],
		"is of no day":                   strings.Replace(c.String(), "2026-11-20", "2026-13-40", 1),
		"has a signature with bits over": c.String()[:len(c.String())-1] + "B",
	} {
		if _, ok := audit.FindCheckpoint(broken); ok {
			t.Errorf("a checkpoint that %s was found", what)
		}
	}
}

func TestWhatIsNoLineOfATrail(t *testing.T) {
	for _, text := range []string{"", "{", "[]", `{"seq":"x"}`, `{"seq":1,"state":"\x"}`, "null null"} {
		if e, err := audit.ParseLine([]byte(text)); err == nil {
			t.Errorf("%s is read as %+v", text, e)
		}
	}
}

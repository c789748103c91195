package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// line is an event as a JSON object: everything that its hash is over, and the hash.
type line struct {
	Seq       int64           `json:"seq"`
	At        time.Time       `json:"at"`
	Actor     string          `json:"actor,omitempty"`
	ActorName string          `json:"actorName,omitempty"`
	Session   string          `json:"session,omitempty"`
	Action    string          `json:"action"`
	Outcome   string          `json:"outcome"`
	Objects   []object        `json:"objects"`
	Summary   string          `json:"summary"`
	Reason    string          `json:"reason,omitempty"`
	AllowedBy string          `json:"allowedBy,omitempty"`
	SourceIP  string          `json:"sourceIp,omitempty"`
	RequestID string          `json:"requestId,omitempty"`
	Repeated  int             `json:"repeated,omitempty"`
	State     json.RawMessage `json:"state,omitempty"` // an object as it was hashed, or a text
	Prev      string          `json:"prev"`
	Hash      string          `json:"hash"`
}

type object struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// Line returns an event as one line of JSON, without the end of the line: what ParseLine reads back to the same hash. All
// of it is ASCII, so that it passes any collector of logs as it is.
func Line(e model.Event) ([]byte, error) {
	l := line{Seq: e.Seq, At: e.At.UTC(), Actor: string(e.Actor), ActorName: e.ActorName, Session: string(e.Session),
		Action: e.Action, Outcome: string(e.Outcome), Objects: []object{}, Summary: e.Summary, Reason: e.Reason,
		AllowedBy: e.Grant, SourceIP: e.SourceIP, RequestID: e.RequestID, Repeated: e.Repeated, Prev: e.Prev, Hash: e.Hash}
	for _, o := range e.Objects {
		l.Objects = append(l.Objects, object{Kind: string(o.Kind), ID: o.ID, Name: o.Name})
	}
	var err error
	if l.State, err = stateOf(e.State); err != nil {
		return nil, fmt.Errorf("write the state of event %d: %w", e.Seq, err)
	}
	text, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("write event %d: %w", e.Seq, err)
	}
	return ascii(text), nil
}

// stateOf returns a state as it stands when it comes back from JSON as it is, else as a text.
func stateOf(state string) (json.RawMessage, error) {
	if state == "" {
		return nil, nil
	}
	if state[0] == '{' && isASCII(state) {
		if again, err := json.Marshal(json.RawMessage(state)); err == nil && string(again) == state {
			return json.RawMessage(state), nil
		}
	}
	return json.Marshal(state)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// ascii writes what is beyond ASCII in JSON as escapes, which mean the same.
func ascii(text []byte) []byte {
	if isASCII(string(text)) {
		return text
	}
	var b bytes.Buffer
	for _, r := range string(text) {
		switch {
		case r < 0x80:
			b.WriteByte(byte(r))
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		}
	}
	return b.Bytes()
}

// ParseLine reads an event from a line that Line wrote.
func ParseLine(text []byte) (model.Event, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return model.Event{}, fmt.Errorf("read an event: %w", err)
	}
	e := model.Event{Seq: l.Seq, At: l.At.UTC(), Actor: model.UserID(l.Actor), ActorName: l.ActorName,
		Session: model.SessionID(l.Session), Action: l.Action, Outcome: model.Outcome(l.Outcome), Summary: l.Summary,
		Reason: l.Reason, Grant: l.AllowedBy, SourceIP: l.SourceIP, RequestID: l.RequestID, Repeated: l.Repeated,
		State: string(l.State), Prev: l.Prev, Hash: l.Hash}
	for _, o := range l.Objects {
		e.Objects = append(e.Objects, model.Ref{Kind: model.RefKind(o.Kind), ID: o.ID, Name: o.Name})
	}
	if len(l.State) > 0 && l.State[0] == '"' {
		if err := json.Unmarshal(l.State, &e.State); err != nil {
			return model.Event{}, fmt.Errorf("read the state of event %d: %w", e.Seq, err)
		}
	}
	return e, nil
}

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/model"
)

// EventFilter chooses events. Zero fields do not limit.
type EventFilter struct {
	Actor      model.UserID
	By         string    // the actor's user name then, whatever the case; with Actor, either of the two
	Object     model.Ref // id, of any kind when Kind is empty; with Name, whatever has the id or had the name, whatever the case
	Actions    []string  // any of these
	NotActions []string  // none of these
	Outcome    model.Outcome
	Text       string    // part of the summary, the actor's name, the reason or the action
	From       time.Time // at or after
	To         time.Time // before
	Before     int64     // sequence: for the next page
	Limit      int       // at most this many; zero means 100,000
}

// Events returns the chosen events, newest first.
func (r Reader) Events(ctx context.Context, f EventFilter) ([]model.Event, error) {
	where, args := f.where()
	if f.Before > 0 {
		where, args = append(where, "e.seq < ?"), append(args, f.Before)
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 100_000
	}
	var rows []eventRow
	err := r.list(ctx, &rows, `
		SELECT e.seq, e.at, e.actor, e.actor_name, e.session, e.action, e.outcome, e.objects, e.summary, e.reason,
			e.allowed_by, e.source_ip, e.request_id, e.repeated, e.state, e.prev, e.hash
		FROM events e`+clause(where)+`
		ORDER BY e.seq DESC
		LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	events := make([]model.Event, len(rows))
	for i, row := range rows {
		if events[i], err = row.event(); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// CountEvents returns how many events the filter chooses, whatever its page.
func (r Reader) CountEvents(ctx context.Context, f EventFilter) (int, error) {
	where, args := f.where()
	var n int
	return n, r.one(ctx, &n, `SELECT count(*) FROM events e`+clause(where), args...)
}

func (f EventFilter) where() (where []string, args []any) {
	add := func(condition string, values ...any) { where, args = append(where, condition), append(args, values...) }
	switch {
	case f.By != "":
		add("(e.actor = ? OR lower(e.actor_name) = ? OR e.actor_name = ?)",
			orNone(string(f.Actor)), fold(f.By), strings.TrimSpace(f.By))
	case f.Actor != "":
		add("e.actor = ?", f.Actor)
	}
	switch {
	case f.Object.Name != "":
		name, err := json.Marshal(f.Object.Name)
		if err != nil {
			panic(err) // a string always encodes
		}
		add(`(e.seq IN (SELECT o.seq FROM event_objects o WHERE o.id = ?) OR lower(e.objects) LIKE ? ESCAPE '\')`,
			orNone(f.Object.ID), `%"name":`+literal(fold(string(name)))+`%`)
	case f.Object.ID != "" && f.Object.Kind != "":
		add("e.seq IN (SELECT o.seq FROM event_objects o WHERE o.kind = ? AND o.id = ?)", f.Object.Kind, f.Object.ID)
	case f.Object.ID != "":
		add("e.seq IN (SELECT o.seq FROM event_objects o WHERE o.id = ?)", f.Object.ID)
	}
	if len(f.Actions) > 0 {
		add("e.action IN ("+marks(len(f.Actions))+")", values(f.Actions)...)
	}
	if len(f.NotActions) > 0 {
		add("e.action NOT IN ("+marks(len(f.NotActions))+")", values(f.NotActions)...)
	}
	if f.Outcome != "" {
		add("e.outcome = ?", f.Outcome)
	}
	if f.Text != "" {
		var parts []string
		var patterns []any
		for _, column := range []string{"e.summary", "e.actor_name", "e.reason", "e.action"} {
			// SQLite's lower knows only the letters of ASCII: other text is looked for as it was typed, too.
			parts = append(parts, "lower("+column+`) LIKE ? ESCAPE '\'`, column+` LIKE ? ESCAPE '\'`)
			patterns = append(patterns, contains(f.Text), "%"+literal(strings.TrimSpace(f.Text))+"%")
		}
		add("("+strings.Join(parts, " OR ")+")", patterns...)
	}
	if !f.From.IsZero() {
		add("e.at >= ?", f.From.UTC())
	}
	if !f.To.IsZero() {
		add("e.at < ?", f.To.UTC())
	}
	return where, args
}

// orNone is an id for a comparison: one that nothing has when it is empty, for an empty id is that of nobody in particular.
func orNone(id string) string {
	if id == "" {
		return "none"
	}
	return id
}

// clause joins conditions into a WHERE clause, or nothing.
func clause(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return "\nWHERE " + strings.Join(conditions, "\n\tAND ")
}

type eventRow struct {
	Seq                        int64
	At                         time.Time
	Actor, ActorName, Session  string
	Action, Outcome, Objects   string
	Summary, Reason, AllowedBy string
	SourceIP, RequestID        string
	Repeated                   int
	State, Prev, Hash          string
}

func (r eventRow) event() (model.Event, error) {
	e := model.Event{Seq: r.Seq, At: r.At.UTC(), Actor: model.UserID(r.Actor), ActorName: r.ActorName,
		Session: model.SessionID(r.Session), Action: r.Action, Outcome: model.Outcome(r.Outcome), Summary: r.Summary,
		Reason: r.Reason, Grant: r.AllowedBy, SourceIP: r.SourceIP, RequestID: r.RequestID, Repeated: r.Repeated,
		State: r.State, Prev: r.Prev, Hash: r.Hash}
	if err := json.Unmarshal([]byte(r.Objects), &e.Objects); err != nil {
		return e, fmt.Errorf("decode the objects of event %d: %w", r.Seq, err)
	}
	return e, nil
}

// StateBefore returns the state of a thing after the newest event before a sequence number of which it is the main
// thing; empty when there is none.
func (r Reader) StateBefore(ctx context.Context, thing model.Ref, before int64) (string, error) {
	id, err := json.Marshal(thing.ID)
	if err != nil {
		return "", fmt.Errorf("encode an id: %w", err)
	}
	var states []string
	err = r.list(ctx, &states, `
		SELECT e.state FROM event_objects o JOIN events e ON e.seq = o.seq
		WHERE o.kind = ? AND o.id = ? AND o.seq < ? AND e.state <> '' AND e.objects LIKE ? ESCAPE '\'
		ORDER BY o.seq DESC LIMIT 1`, thing.Kind, thing.ID, before,
		`[{"Kind":"`+string(thing.Kind)+`","ID":`+literal(string(id))+`,%`)
	if err != nil || len(states) == 0 {
		return "", err
	}
	return states[0], nil
}

// values are the arguments of an IN list.
func values(list []string) []any {
	values := make([]any, len(list))
	for i, v := range list {
		values[i] = v
	}
	return values
}

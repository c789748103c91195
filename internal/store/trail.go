package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
)

// eventColumns are all that an event has, in the order of plainEvent.
const eventColumns = "seq, at, actor, actor_name, session, action, outcome, objects, summary, reason, allowed_by, source_ip, " +
	"request_id, repeated, state, prev, hash"

// EachEvent calls fn for every event after a sequence number, the oldest first, for a check of the chain. An event that is
// not stored as it would have been written has no Hash, whatever it says, so that no check takes it for whole.
func (r Reader) EachEvent(ctx context.Context, after int64, fn func(model.Event) error) error {
	columns := eventColumns
	if r.q.DriverName() == "sqlite" { // the plus signs as in plain
		columns = "+" + strings.ReplaceAll(columns, ", ", ", +")
	}
	rows, err := r.q.QueryxContext(ctx, r.rebind(`SELECT `+columns+` FROM events WHERE seq > ? ORDER BY seq`), after)
	if err != nil {
		return fmt.Errorf("read the trail: %w", err)
	}
	defer rows.Close()
	values := make([]any, strings.Count(eventColumns, ",")+1)
	targets := make([]any, len(values))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("read an event: %w", err)
		}
		if err := fn(plainEvent(values)); err != nil {
			return err
		}
	}
	return rows.Err()
}

// EventHash returns the hash of an event; that before the first for 0, and an empty one when there is no such event.
func (r Reader) EventHash(ctx context.Context, seq int64) (string, error) {
	if seq == 0 {
		return audit.Start, nil
	}
	var hashes []string
	if err := r.list(ctx, &hashes, `SELECT hash FROM events WHERE seq = ?`, seq); err != nil {
		return "", fmt.Errorf("read the hash of event %d: %w", seq, err)
	}
	return strings.Join(hashes, ""), nil
}

// plainEvent makes an event of its columns as the engine keeps them.
func plainEvent(values []any) model.Event {
	p := plainValues{values: values, exact: true}
	e := model.Event{Seq: p.number(), At: p.time(), Actor: model.UserID(p.text()), ActorName: p.text(),
		Session: model.SessionID(p.text()), Action: p.text(), Outcome: model.Outcome(p.text()), Objects: p.objects(),
		Summary: p.text(), Reason: p.text(), Grant: p.text(), SourceIP: p.text(), RequestID: p.text(),
		Repeated: int(p.number()), State: p.text(), Prev: p.text(), Hash: p.text()}
	if !p.exact {
		e.Hash = ""
	}
	return e
}

// plainValues are columns to be read from the left.
type plainValues struct {
	values []any
	exact  bool // every one so far was as it would have been written
}

func (p *plainValues) next() any {
	value := p.values[0]
	p.values = p.values[1:]
	return value
}

func (p *plainValues) number() int64 {
	n, ok := p.next().(int64)
	p.exact = p.exact && ok
	return n
}

func (p *plainValues) text() string {
	text, ok := p.next().(string)
	p.exact = p.exact && ok
	return text
}

// sqliteTime is how SQLite's driver writes times.
const sqliteTime = "2006-01-02 15:04:05.999999999-07:00"

func (p *plainValues) time() time.Time {
	switch v := p.next().(type) {
	case time.Time:
		return v.UTC()
	case string:
		if at, err := time.Parse(sqliteTime, v); err == nil && at.UTC().Format(sqliteTime) == v {
			return at.UTC()
		}
	}
	p.exact = false
	return time.Time{}
}

func (p *plainValues) objects() (refs []model.Ref) {
	text := p.text()
	err := json.Unmarshal([]byte(text), &refs)
	again, againErr := json.Marshal(refs)
	p.exact = p.exact && err == nil && againErr == nil && string(again) == text
	return refs
}

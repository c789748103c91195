package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"gatehouse/internal/model"
)

// What can be wrong with the index of events by what they speak of, event_objects, which every history is read through.
const (
	unindexed   = "it is missing: the history of what the event speaks of does not show the event"
	misindexed  = "the event does not speak of this: it was changed, or written, outside Gatehouse"
	unindexable = "what the event speaks of cannot be read"
)

// InspectIndex compares the index of events by what they speak of with the events themselves, from the first to the last,
// and calls found for each row that is missing and each that no event asks for. It takes the events as they are, which their
// chain vouches for, and needs no key. Call it inside Snapshot, so that all is of one moment.
func (r Reader) InspectIndex(ctx context.Context, found func(Damage)) error {
	// The engine merges the two, for a connection to PostgreSQL reads one query at a time.
	rows, err := r.q.QueryxContext(ctx, `
		SELECT seq, 0 AS part, objects, '' AS kind, '' AS id FROM events
		UNION ALL
		SELECT seq, 1 AS part, '' AS objects, kind, id FROM event_objects
		ORDER BY seq, part`)
	if err != nil {
		return fmt.Errorf("read the index of the trail: %w", err)
	}
	defer rows.Close()
	var at indexed
	for rows.Next() {
		var part int
		var seq, objects, kind, id any // as they are stored, so that none passes for what it merely looks like
		if err := rows.Scan(&seq, &part, &objects, &kind, &id); err != nil {
			return fmt.Errorf("read a row of the index of the trail: %w", err)
		}
		switch {
		case part == 0:
			at.missing(found)
			at = ofEvent(seq, objects, found)
		case !at.takes(seq, kind, id):
			found(Damage{Table: "event_objects", Row: indexKey(seq, kind, id), What: misindexed})
		}
	}
	at.missing(found)
	return rows.Err()
}

// indexed is an event with the rows of the index that are still to come.
type indexed struct {
	seq  int64
	rows map[[2]string]bool // kind and id
}

func ofEvent(seq, objects any, found func(Damage)) indexed {
	at := indexed{rows: map[[2]string]bool{}}
	at.seq, _ = seq.(int64) // a primary key: it is nothing else
	var refs []model.Ref
	text, ok := objects.(string)
	if !ok || json.Unmarshal([]byte(text), &refs) != nil {
		found(Damage{Table: "events", Row: fmt.Sprintf("seq=%d", at.seq), What: unindexable})
	}
	for _, o := range refs {
		at.rows[[2]string{string(o.Kind), o.ID}] = true
	}
	return at
}

// takes reports whether a row of the index is one that the event asks for, and does so once.
func (at indexed) takes(seq, kind, id any) bool {
	n, numbered := seq.(int64)
	k, kindIsText := kind.(string)
	i, idIsText := id.(string)
	row := [2]string{k, i}
	if !numbered || !kindIsText || !idIsText || n != at.seq || !at.rows[row] {
		return false
	}
	delete(at.rows, row)
	return true
}

func (at indexed) missing(found func(Damage)) {
	for _, row := range slices.SortedFunc(maps.Keys(at.rows), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		found(Damage{Table: "event_objects", Row: indexKey(at.seq, row[0], row[1]), What: unindexed})
	}
}

// indexKey names a row of the index, with what somebody may have written there in quotes.
func indexKey(seq, kind, id any) string { return fmt.Sprintf("seq=%#v kind=%#v id=%#v", seq, kind, id) }

// mostReindexed is how many events are read at a time to index them anew.
const mostReindexed = 1000

// Reindex makes the index of events by what they speak of anew from the events. An event that cannot be read is in no history.
func (t *Tx) Reindex(ctx context.Context) error {
	if err := t.exec(ctx, `DELETE FROM event_objects`); err != nil {
		return fmt.Errorf("forget the index of the trail: %w", err)
	}
	for after := int64(0); ; {
		var events []struct {
			Seq     int64
			Objects string
		}
		err := t.list(ctx, &events, `SELECT seq, objects FROM events WHERE seq > ? ORDER BY seq LIMIT ?`, after, mostReindexed)
		if err != nil {
			return fmt.Errorf("read the trail: %w", err)
		}
		for _, e := range events {
			var refs []model.Ref
			if json.Unmarshal([]byte(e.Objects), &refs) != nil {
				refs = nil
			}
			if err := t.index(ctx, e.Seq, refs); err != nil {
				return err
			}
			after = e.Seq
		}
		if len(events) < mostReindexed {
			return nil
		}
	}
}

// index notes what an event speaks of.
func (t *Tx) index(ctx context.Context, seq int64, objects []model.Ref) error {
	for _, o := range objects {
		err := t.exec(ctx, `INSERT INTO event_objects (kind, id, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, o.Kind, o.ID, seq)
		if err != nil {
			return fmt.Errorf("index an event: %w", err)
		}
	}
	return nil
}

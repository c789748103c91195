package handlers

import (
	"fmt"
	"strconv"
	"time"

	"gatehouse/web/templates"
)

// conflictOf says which thing was saved by whom while somebody else had its form open.
type conflictOf struct {
	noun      string // "user"
	then, now int64  // the version the form started from, and the one in force
	by        string
	at, seen  time.Time
	address   string // of the thing; its form posts to …/edit
	reason    string // as typed
}

// conflict is the comparison of both versions. What does not differ is sent along as it is.
func conflict(of conflictOf, fields []templates.ConflictField) templates.ConflictProps {
	keep, differ := []templates.Pair{{Name: "version", Value: strconv.FormatInt(of.now, 10)}, {Name: "reason", Value: of.reason}}, 0
	for _, f := range fields {
		if f.Saved == f.Yours {
			keep = append(keep, templates.Pair{Name: f.Name, Value: f.Saved})
		} else {
			differ++
		}
	}
	return templates.ConflictProps{
		Title: fmt.Sprintf("%s saved this %s %s", of.by, of.noun, templates.Ago(of.at, of.seen)),
		Text: fmt.Sprintf("You started from version %d, version %d is saved now. Your text is kept. %s.", of.then, of.now,
			templates.Plural(differ, "field differs", "fields differ")),
		Started: fmt.Sprintf("You started from, %d", of.then), Saved: fmt.Sprintf("Saved by %s, %d", of.by, of.now), Fields: fields,
		Action: of.address + "/edit", Keep: keep, Foot: fmt.Sprintf("Saving makes version %d.", of.now+1), Discard: of.address,
	}
}

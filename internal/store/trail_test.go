package store_test

import (
	"database/sql"
	"strings"
	"testing"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

func TestTheTrailRefusesToBeChangedByHand(t *testing.T) {
	t.Parallel()
	location := storetest.Location(t)
	s := openAt(t, location)
	record(t, s, model.Event{Action: model.ActSignIn, Outcome: model.Done, Summary: "Signed in"})
	driver, statements := "sqlite", []string{`UPDATE events SET summary = 'nothing'`, `DELETE FROM events`}
	if strings.HasPrefix(location, "postgres://") {
		driver, statements = "pgx", append(statements, `TRUNCATE events CASCADE`)
	}
	db, err := sql.Open(driver, location)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v, want a refusal", statement, err)
		}
	}
	if events, err := s.Events(t.Context(), store.EventFilter{}); err != nil || len(events) != 1 || events[0].Summary != "Signed in" {
		t.Errorf("Events() = %v, %v; want the one that was recorded", events, err)
	}
}

package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"gatehouse/internal/store"
)

// Making the tables takes most of the time of a small test, so a schema is used again: after a test its rows are put back
// to those it had at first.

// schemas are those that no test uses at the moment.
type schemas struct {
	sync.Mutex
	free []string
}

var spare schemas

// postgres returns the location of a schema that is as new.
func postgres(t testing.TB, server string) string {
	t.Helper()
	schema := spare.take()
	if schema == "" {
		schema = prepare(t, server)
	}
	t.Cleanup(func() {
		run(t, fmt.Sprintf(restore, schema))
		spare.put(schema)
	})
	return within(t, server, schema)
}

// emptyPostgres returns the location of a schema that is dropped after the test.
func emptyPostgres(t testing.TB, server string) string {
	t.Helper()
	schema := create(t)
	t.Cleanup(func() { run(t, "DROP SCHEMA "+schema+" CASCADE") })
	return within(t, server, schema)
}

func create(t testing.TB) string {
	t.Helper()
	schema := "test_" + strings.ToLower(rand.Text())
	run(t, "CREATE SCHEMA "+schema)
	return schema
}

func (s *schemas) take() string {
	s.Lock()
	defer s.Unlock()
	if len(s.free) == 0 {
		return ""
	}
	last := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	return last
}

func (s *schemas) put(schema string) {
	s.Lock()
	defer s.Unlock()
	s.free = append(s.free, schema)
}

// prepare makes a schema with all tables, and beside it one with the rows that the migrations wrote.
func prepare(t testing.TB, server string) string {
	t.Helper()
	schema := create(t)
	s, err := store.Open(t.Context(), within(t, server, schema), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	run(t, fmt.Sprintf(keep, schema))
	return schema
}

const keep = `DO $$
DECLARE name text;
BEGIN
	CREATE SCHEMA %[1]s_new;
	FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = '%[1]s'::regnamespace LOOP
		EXECUTE format('CREATE TABLE %[1]s_new.%%I AS TABLE %[1]s.%%I', name, name);
	END LOOP;
END $$`

// Triggers, those of foreign keys included, are off while the rows are put back.
const restore = `DO $$
DECLARE name text;
BEGIN
	SET LOCAL lock_timeout = '10s';
	SET LOCAL session_replication_role = replica;
	FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = '%[1]s'::regnamespace LOOP
		EXECUTE format('DELETE FROM %[1]s.%%I', name);
		EXECUTE format('INSERT INTO %[1]s.%%I TABLE %[1]s_new.%%I', name, name);
	END LOOP;
END $$`

// within is the location of a schema on a server.
func within(t testing.TB, server, schema string) string {
	t.Helper()
	location, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	query := location.Query()
	query.Set("search_path", schema)
	location.RawQuery = query.Encode()
	return location.String()
}

// servant is one pool for all that is done beside the stores: a connection to the server costs as much as a small test.
var servant = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("pgx", os.Getenv(Variable)) })

// run runs one statement, whether or not the test is over.
func run(t testing.TB, statement string) {
	t.Helper()
	db, err := servant()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
		t.Fatal(err)
	}
}

// Package storetest owns where a test keeps its database: one that is as new for each, on the engine that the environment
// names; the keys of its MACs; and an intruder that changes it behind the console's back. It leaves opening it, and what is
// in it, to the test.
package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/store"
)

// Variable names the environment variable with the postgres:// URL of a server that tests may fill with schemas, as a
// superuser, and that is thrown away afterwards. Without it tests run on SQLite.
const Variable = "GATEHOUSE_TEST_POSTGRES"

// Location returns the location of a database that no other test has: a schema on the PostgreSQL that Variable names, or
// else a file, with all tables in it. Call it before opening the database and close that before the test ends.
func Location(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(Variable); server != "" {
		return postgres(t, server)
	}
	return Copy(t, nil)
}

// Copy returns the location of a SQLite database that no other test has: a file with given contents, or, without any, with
// all tables and nothing in them. Filling a database once and copying it is much cheaper than filling it for each test.
func Copy(t testing.TB, contents []byte) string {
	t.Helper()
	if contents == nil {
		var err error
		if contents, err = fresh(); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "gatehouse.db")
	if err := os.WriteFile(path, contents, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Empty is Location without tables in it: as on the day of the installation.
func Empty(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(Variable); server != "" {
		return emptyPostgres(t, server)
	}
	return filepath.Join(t.TempDir(), "gatehouse.db")
}

// fresh is a database file with all tables and nothing in them. Making the tables takes most of the time of a small test,
// so it is made once.
var fresh = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "gatehouse-fresh-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "gatehouse.db")
	s, err := store.Open(context.Background(), path, time.Now)
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // #nosec G304 -- a file that the test made
})

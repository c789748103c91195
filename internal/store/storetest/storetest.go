// Package storetest owns where a test keeps its database: one that is as new for each, on the engine that the environment
// names. It leaves opening it, and what is in it, to the test.
package storetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Variable names the environment variable with the postgres:// URL of a server that tests may fill with schemas, as a
// superuser, and that is thrown away afterwards. Without it tests run on SQLite.
const Variable = "GATEHOUSE_TEST_POSTGRES"

// Location returns the location of a database that no other test has: a schema on the PostgreSQL that Variable names, or
// else a file. Call it before opening the database and close that before the test ends.
func Location(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(Variable); server != "" {
		return postgres(t, server)
	}
	return filepath.Join(t.TempDir(), "gatehouse.db")
}

// Empty is Location without tables in it: as on the day of the installation.
func Empty(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(Variable); server != "" {
		return emptyPostgres(t, server)
	}
	return filepath.Join(t.TempDir(), "gatehouse.db")
}

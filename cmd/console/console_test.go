package main

import (
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// console runs a command over a database and returns what it printed.
func console(t *testing.T, db string, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	p := process{args: append([]string{"--db", db, "--base-url", "http://localhost:8080"}, args...), getenv: func(string) string { return "" },
		out: &out, err: io.Discard}
	err := p.run(t.Context())
	return out.String(), err
}

// sample is the files of a database with the sample organization, by name, once a test has made them. No test here is parallel.
var sample map[string][]byte

// seededDatabase returns the path of a database with the sample organization, which is the test's own, its key beside it.
func seededDatabase(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	db := filepath.Join(folder, "gatehouse.db")
	if sample == nil {
		if _, err := console(t, db, "seed", "securecart"); err != nil {
			t.Fatal(err)
		}
		sample = contents(t, folder)
		return db
	}
	for name, data := range sample {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// contents reads the files of a folder.
func contents(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, entry := range entries {
		if files[entry.Name()], err = os.ReadFile(filepath.Join(folder, entry.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// tamper changes a database without the console.
func tamper(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// copied is a copy of a database, such as a backup.
func copied(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "backup.db")
	tamper(t, path, `VACUUM INTO '`+to+`'`)
	return to
}

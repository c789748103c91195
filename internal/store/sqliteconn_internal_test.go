package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"
)

// openPrepared opens one connection, and a table of the numbers from 0 to 9.
func openPrepared(t testing.TB) *sql.DB {
	t.Helper()
	connector, err := newPreparing("file:" + filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	db.SetMaxOpenConns(1)
	change(t, db, `CREATE TABLE numbers (n INTEGER NOT NULL UNIQUE)`)
	for n := range 10 {
		change(t, db, `INSERT INTO numbers (n) VALUES (?)`, n)
	}
	return db
}

func change(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

type asker interface {
	QueryRow(query string, args ...any) *sql.Row
}

func ask(t testing.TB, q asker, query string, args ...any) (n int) {
	t.Helper()
	if err := q.QueryRow(query, args...).Scan(&n); err != nil {
		t.Errorf("%.60s: %v", query, err)
	}
	return n
}

func TestAQueryMayBeAskedAgainWhileItsRowsAreRead(t *testing.T) {
	t.Parallel()
	tx, err := openPrepared(t).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	const above = `SELECT n FROM numbers WHERE n >= ? ORDER BY n`
	for range 2 {
		rows, err := tx.QueryContext(t.Context(), above, 2)
		if err != nil {
			t.Fatal(err)
		}
		for want := 2; rows.Next(); want++ {
			var got int
			if err := rows.Scan(&got); err != nil || got != want {
				t.Errorf("the row is %d, want %d: %v", got, want, err)
			}
			if n := ask(t, tx, above, 9-want); n != 9-want {
				t.Errorf("asked within, the first row is %d, want %d", n, 9-want)
			}
		}
		if err := rows.Err(); err != nil {
			t.Error(err)
		}
	}
}

func TestMoreQueriesThanAreKeptAreAnswered(t *testing.T) {
	t.Parallel()
	db := openPrepared(t)
	for range 2 {
		for n := range mostPrepared + 50 {
			if got := ask(t, db, fmt.Sprintf(`SELECT n + %d FROM numbers WHERE n = ?`, n), 3); got != n+3 {
				t.Fatalf("the answer is %d, want %d", got, n+3)
			}
		}
	}
}

func TestAQueryThatFailedIsAnsweredTheNextTime(t *testing.T) {
	t.Parallel()
	db := openPrepared(t)
	const insert, first = `INSERT INTO numbers (n) VALUES (?)`, `INSERT INTO numbers (n) VALUES (?) RETURNING n`
	if _, err := db.ExecContext(t.Context(), insert, 3); !isUnique(err) {
		t.Errorf("a second 3: %v", err)
	}
	change(t, db, insert, 10)
	var n int
	if err := db.QueryRowContext(t.Context(), first, 3).Scan(&n); !isUnique(err) {
		t.Errorf("a second 3: %v", err)
	}
	if n := ask(t, db, first, 11); n != 11 {
		t.Errorf("the answer is %d, want 11", n)
	}
}

func TestAKeptQuerySeesAChangedSchema(t *testing.T) {
	t.Parallel()
	db := openPrepared(t)
	const all = `SELECT count(*) FROM (SELECT * FROM numbers WHERE n < ?)`
	if n := ask(t, db, all, 5); n != 5 {
		t.Errorf("%d numbers, want 5", n)
	}
	change(t, db, `ALTER TABLE numbers ADD COLUMN name TEXT`)
	change(t, db, `CREATE INDEX names ON numbers (name)`)
	if n := ask(t, db, all, 5); n != 5 {
		t.Errorf("%d numbers after a change of the schema, want 5", n)
	}
	if n := ask(t, db, `SELECT count(*) FROM numbers WHERE name IS NULL`); n != 10 {
		t.Errorf("%d numbers without a name, want 10", n)
	}
}

// BenchmarkKeptQuery compares a question of the size of most with one that is prepared anew: the ratio is what keeping brings.
func BenchmarkKeptQuery(b *testing.B) {
	const question = `SELECT s.n FROM numbers s JOIN numbers o ON o.n = s.n WHERE s.n = ? AND o.n >= ? ORDER BY s.n LIMIT 3`
	anew, err := sqlite.NewConnector("file:" + filepath.Join(b.TempDir(), "anew.db"))
	if err != nil {
		b.Fatal(err)
	}
	plain := sql.OpenDB(anew)
	defer plain.Close()
	plain.SetMaxOpenConns(1)
	if _, err := plain.ExecContext(b.Context(), `CREATE TABLE numbers (n INTEGER NOT NULL UNIQUE); INSERT INTO numbers VALUES (3)`); err != nil {
		b.Fatal(err)
	}
	for name, db := range map[string]*sql.DB{"kept": openPrepared(b), "anew": plain} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ask(b, db, question, 3, 1)
			}
		})
	}
}

package storetest

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// Intruder changes a database behind the console's back, on one connection without triggers or foreign keys.
type Intruder struct {
	t      testing.TB
	db     *sql.DB
	sqlite bool
}

// NewIntruder connects to a database that a store has opened before.
func NewIntruder(t testing.TB, location string) *Intruder {
	t.Helper()
	i := &Intruder{t: t, sqlite: !strings.HasPrefix(location, "postgres://")}
	driver := "pgx"
	if i.sqlite {
		driver, location = "sqlite", location+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)"
	}
	var err error
	if i.db, err = sql.Open(driver, location); err != nil {
		t.Fatal(err)
	}
	i.db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = i.db.Close() })
	if !i.sqlite {
		i.Do(`SET session_replication_role = replica`)
		return i
	}
	i.Do(`DROP TRIGGER events_no_update`)
	i.Do(`DROP TRIGGER events_no_delete`)
	return i
}

// Try runs a statement written with ? for its arguments.
func (i *Intruder) Try(statement string, args ...any) error {
	if !i.sqlite {
		for n := range args {
			statement = strings.Replace(statement, "?", fmt.Sprintf("$%d", n+1), 1)
		}
	}
	_, err := i.db.ExecContext(i.t.Context(), statement, args...)
	return err
}

// Do is Try for a statement that must succeed.
func (i *Intruder) Do(statement string, args ...any) {
	i.t.Helper()
	if err := i.Try(statement, args...); err != nil {
		i.t.Fatalf("%s: %v", statement, err)
	}
}

// Remember keeps the rows of a table, for Restore.
func (i *Intruder) Remember(table string) {
	i.t.Helper()
	i.Do(`CREATE TEMP TABLE kept_` + table + ` AS SELECT * FROM ` + table)
}

// Restore puts back the rows that Remember kept.
func (i *Intruder) Restore(table string) {
	i.t.Helper()
	i.Do(`DELETE FROM ` + table)
	i.Do(`INSERT INTO ` + table + ` SELECT * FROM kept_` + table)
}

// address is the name of what tells a row apart whatever its columns say.
func (i *Intruder) address() string {
	if i.sqlite {
		return "rowid"
	}
	return "ctid"
}

// Rows are the addresses of a table's rows.
func (i *Intruder) Rows(table string) []string {
	i.t.Helper()
	return i.texts(`SELECT CAST(` + i.address() + ` AS TEXT) FROM ` + table + ` ORDER BY 1`)
}

// texts is what a query of one column returns.
func (i *Intruder) texts(query string) []string {
	i.t.Helper()
	rows, err := i.db.QueryContext(i.t.Context(), query)
	if err != nil {
		i.t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			i.t.Fatal(err)
		}
		list = append(list, text)
	}
	if err := rows.Err(); err != nil {
		i.t.Fatal(err)
	}
	return list
}

// At is the WHERE clause of a row, given its address.
func (i *Intruder) At(row string) string {
	if i.sqlite {
		return ` WHERE rowid = ` + row
	}
	return ` WHERE ctid = '` + row + `'`
}

// Columns are the names of a table's columns.
func (i *Intruder) Columns(table string) []string {
	i.t.Helper()
	// #nosec G202 -- names of our tables, from tests
	rows, err := i.db.QueryContext(i.t.Context(), `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		i.t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		i.t.Fatal(err)
	}
	return names
}

// Cell is what a row has in a column, as it is stored.
func (i *Intruder) Cell(table, column, row string) any {
	i.t.Helper()
	if i.sqlite {
		column = "+" + column
	}
	var value any
	if err := i.db.QueryRowContext(i.t.Context(), `SELECT `+column+` FROM `+table+i.At(row)).Scan(&value); err != nil {
		i.t.Fatal(err)
	}
	return value
}

// Put writes a cell; false when the engine does not take the value there.
func (i *Intruder) Put(table, column, row string, value any) bool {
	return i.Try(`UPDATE `+table+` SET `+column+` = ?`+i.At(row), value) == nil
}

// Flipped is a value with one bit the other way round; false for none, which has no bits.
func Flipped(draw *rand.Rand, value any) (any, bool) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return nil, false
		}
		b := []byte(v)
		b[draw.IntN(len(b))] ^= 1 << draw.IntN(8)
		return string(b), true
	case int64:
		return v ^ 1<<draw.IntN(63), true
	case bool:
		return !v, true
	case time.Time:
		return v.Add(time.Microsecond << draw.IntN(40)), true
	}
	return nil, false
}

// Backup writes a copy of a SQLite database into a file, as whoever runs a console does while it serves.
func (i *Intruder) Backup(file string) {
	i.t.Helper()
	i.Do(`VACUUM INTO ?`, file)
}

// Cells are the texts of all cells of all tables.
func (i *Intruder) Cells() []string {
	i.t.Helper()
	query := `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	if i.sqlite {
		query = `SELECT name FROM sqlite_master WHERE type = 'table'`
	}
	var cells []string
	for _, table := range i.texts(query) {
		for _, column := range i.Columns(table) {
			cells = append(cells, i.texts(`SELECT coalesce(CAST("`+column+`" AS TEXT), '') FROM "`+table+`"`)...)
		}
	}
	return cells
}

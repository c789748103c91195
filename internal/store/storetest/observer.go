package storetest

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Observer looks at a SQLite database beside the store that has it open, and can be told of every row that is written.
type Observer struct {
	t    testing.TB
	db   *sql.DB
	seen Contents // when it looked last
	mark int64    // of that moment
	told bool     // the database has its triggers
}

// NewObserver opens a database file to look at.
func NewObserver(t testing.TB, location string) *Observer {
	t.Helper()
	o := &Observer{t: t}
	var err error
	if o.db, err = sql.Open("sqlite", location+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)"); err != nil {
		t.Fatal(err)
	}
	o.db.SetMaxOpenConns(1)
	t.Cleanup(func() { o.must(o.db.Close()) })
	return o
}

// Close ends the looking before the test is over.
func (o *Observer) Close() {
	o.t.Helper()
	o.must(o.db.Close())
	o.seen = nil
}

// listen puts triggers on every table, which note what is written. Nothing else is changed.
func (o *Observer) listen() {
	o.t.Helper()
	if o.told {
		return
	}
	o.told = true
	tables := o.tables()
	o.do(`BEGIN`)
	o.do(`CREATE TABLE writes (n INTEGER PRIMARY KEY, name TEXT NOT NULL)`)
	for _, table := range tables {
		for _, verb := range []string{"INSERT", "UPDATE", "DELETE"} {
			o.do(fmt.Sprintf(`CREATE TRIGGER noticed_%[1]s_%[2]s AFTER %[2]s ON %[1]s
				BEGIN INSERT INTO writes (name) VALUES ('%[2]s %[1]s'); END`, table, verb))
		}
	}
	o.do(`COMMIT`)
}

// Mark is a moment, for Writes. What was written before the first is not known.
func (o *Observer) Mark() (mark int64) {
	o.t.Helper()
	o.listen()
	o.must(o.db.QueryRowContext(o.t.Context(), `SELECT coalesce(max(n), 0) FROM writes`).Scan(&mark))
	return mark
}

// Writes lists what was written since a moment, row by row: "UPDATE users".
func (o *Observer) Writes(mark int64) []string {
	o.t.Helper()
	rows, err := o.db.QueryContext(o.t.Context(), `SELECT name FROM writes WHERE n > ? ORDER BY n`, mark)
	o.must(err)
	defer rows.Close()
	var list []string
	for rows.Next() {
		var name string
		o.must(rows.Scan(&name))
		list = append(list, name)
	}
	o.must(rows.Err())
	return list
}

func (o *Observer) do(statement string) {
	o.t.Helper()
	_, err := o.db.ExecContext(o.t.Context(), statement)
	o.must(err)
}

// Contents is all that a database holds: by table and row, the text of each column.
type Contents map[string]map[int64]map[string]string

// Contents is what the database holds now. Tables that nobody wrote to since it was asked last are not read again.
func (o *Observer) Contents() Contents {
	o.t.Helper()
	mark := o.Mark()
	tables := o.tables()
	if o.seen != nil {
		tables = o.written(o.mark)
	}
	o.mark, o.seen = mark, maps.Clone(o.seen)
	if o.seen == nil {
		o.seen = Contents{}
	}
	for _, table := range tables {
		o.seen[table] = o.rows(table)
	}
	return o.seen
}

// written are the tables that were written to since a moment.
func (o *Observer) written(mark int64) []string {
	o.t.Helper()
	var tables []string
	for _, name := range o.Writes(mark) {
		_, table, _ := strings.Cut(name, " ")
		if !slices.Contains(tables, table) {
			tables = append(tables, table)
		}
	}
	return tables
}

// Columns are the columns of every table.
func (o *Observer) Columns() map[string][]string {
	o.t.Helper()
	all := map[string][]string{}
	for _, table := range o.tables() {
		var names string
		o.must(o.db.QueryRowContext(o.t.Context(), `SELECT group_concat(name, ' ') FROM pragma_table_info(?)`, table).Scan(&names))
		all[table] = strings.Fields(names)
	}
	return all
}

func (o *Observer) tables() []string {
	o.t.Helper()
	var names string
	o.must(o.db.QueryRowContext(o.t.Context(),
		`SELECT group_concat(name, ' ') FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'writes'`).Scan(&names))
	return strings.Fields(names)
}

func (o *Observer) rows(table string) map[int64]map[string]string {
	o.t.Helper()
	// #nosec G202 -- the tables of the database of a test, by their names in its schema
	rows, err := o.db.QueryContext(o.t.Context(), `SELECT rowid, * FROM `+table)
	o.must(err)
	defer rows.Close()
	names, err := rows.Columns()
	o.must(err)
	list := map[int64]map[string]string{}
	for rows.Next() {
		var row int64
		cells, into := make([]any, len(names)-1), []any{&row}
		for i := range cells {
			into = append(into, &cells[i])
		}
		o.must(rows.Scan(into...))
		list[row] = map[string]string{}
		for i, cell := range cells {
			list[row][names[i+1]] = fmt.Sprint(cell)
		}
	}
	o.must(rows.Err())
	return list
}

func (o *Observer) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// Change is a cell that is not as it was, or was not there.
type Change struct {
	Table, Column string
	Row           int64
	Before, After string // empty where the row was not, or is not
	Added, Gone   bool   // the whole row
}

// Name is what changed, whichever row it was in: "users.email".
func (c Change) Name() string { return c.Table + "." + c.Column }

// Since lists what is not as it was before.
func (after Contents) Since(before Contents) []Change {
	var list []Change
	for _, table := range slices.Sorted(maps.Keys(after)) {
		list = append(list, changes(table, before[table], after[table])...)
	}
	return list
}

func changes(table string, before, after map[int64]map[string]string) []Change {
	var list []Change
	note := func(row int64, was, is map[string]string) {
		for _, column := range slices.Sorted(maps.Keys(merged(was, is))) {
			if was == nil || is == nil || was[column] != is[column] {
				list = append(list, Change{table, column, row, was[column], is[column], was == nil, is == nil})
			}
		}
	}
	for row, is := range after {
		note(row, before[row], is)
	}
	for row, was := range before {
		if _, stays := after[row]; !stays {
			note(row, was, nil)
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int { return int(a.Row - b.Row) })
	return list
}

func merged(a, b map[string]string) map[string]string {
	if a == nil {
		return b
	}
	return a
}

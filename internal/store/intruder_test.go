package store_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/store"
)

// intruder changes a database behind the console's back, on one connection without triggers or foreign keys.
type intruder struct {
	t      *testing.T
	db     *sql.DB
	sqlite bool
}

func newIntruder(t *testing.T, location string) *intruder {
	t.Helper()
	i := &intruder{t: t, sqlite: !strings.HasPrefix(location, "postgres://")}
	driver := "pgx"
	if i.sqlite {
		driver, location = "sqlite", location+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)"
	}
	var err error
	if i.db, err = sql.Open(driver, location); err != nil {
		t.Fatal(err)
	}
	i.db.SetMaxOpenConns(1)
	t.Cleanup(func() { i.db.Close() })
	if !i.sqlite {
		i.do(`SET session_replication_role = replica`)
	}
	return i
}

// try runs a statement written with ? for its arguments.
func (i *intruder) try(statement string, args ...any) error {
	if !i.sqlite {
		for n := range args {
			statement = strings.Replace(statement, "?", fmt.Sprintf("$%d", n+1), 1)
		}
	}
	_, err := i.db.ExecContext(i.t.Context(), statement, args...)
	return err
}

func (i *intruder) do(statement string, args ...any) {
	i.t.Helper()
	if err := i.try(statement, args...); err != nil {
		i.t.Fatalf("%s: %v", statement, err)
	}
}

// remember keeps the rows of a table, for restore.
func (i *intruder) remember(table string) {
	i.t.Helper()
	i.do(`CREATE TEMP TABLE kept_` + table + ` AS SELECT * FROM ` + table)
}

func (i *intruder) restore(table string) {
	i.t.Helper()
	i.do(`DELETE FROM ` + table)
	i.do(`INSERT INTO ` + table + ` SELECT * FROM kept_` + table)
}

// address is the name of what tells a row apart whatever its columns say.
func (i *intruder) address() string {
	if i.sqlite {
		return "rowid"
	}
	return "ctid"
}

// rows are the addresses of a table's rows.
func (i *intruder) rows(table string) []string {
	i.t.Helper()
	rows, err := i.db.QueryContext(i.t.Context(), `SELECT CAST(`+i.address()+` AS TEXT) FROM `+table+` ORDER BY 1`)
	if err != nil {
		i.t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var at string
		if err := rows.Scan(&at); err != nil {
			i.t.Fatal(err)
		}
		list = append(list, at)
	}
	return list
}

func (i *intruder) at(row string) string {
	if i.sqlite {
		return ` WHERE rowid = ` + row
	}
	return ` WHERE ctid = '` + row + `'`
}

func (i *intruder) columns(table string) []string {
	i.t.Helper()
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

// cell is what a row has in a column, as it is stored.
func (i *intruder) cell(table, column, row string) any {
	i.t.Helper()
	if i.sqlite {
		column = "+" + column
	}
	var value any
	if err := i.db.QueryRowContext(i.t.Context(), `SELECT `+column+` FROM `+table+i.at(row)).Scan(&value); err != nil {
		i.t.Fatal(err)
	}
	return value
}

// put writes a cell; false when the engine does not take the value there.
func (i *intruder) put(table, column, row string, value any) bool {
	return i.try(`UPDATE `+table+` SET `+column+` = ?`+i.at(row), value) == nil
}

// flipped is a value with one bit the other way round; false for none, which has no bits.
func flipped(draw *rand.Rand, value any) (any, bool) {
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

// damages is everything that is found wrong with a database.
func damages(t *testing.T, s *store.Store) []string {
	t.Helper()
	var found []string
	err := s.Snapshot(t.Context(), func(r store.Reader) error {
		return r.Inspect(t.Context(), func(d store.Damage) { found = append(found, d.Error()) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gatehouse/db/migrations"
	"gatehouse/internal/vault"
)

// emptyStore opens a database with the migrations up to a name, all when it is empty, and guards nothing yet.
func emptyStore(t *testing.T, upTo string) *Store {
	t.Helper()
	s, err := connect(t.Context(), t.TempDir()+"/gatehouse.db", func() time.Time { return time.Unix(1e9, 0) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	files := fstest.MapFS{}
	entries, err := migrations.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if body, err := migrations.FS.ReadFile(e.Name()); err == nil && (upTo == "" || e.Name() < upTo) {
			files[e.Name()] = &fstest.MapFile{Data: body}
		}
	}
	if err := s.migrate(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *Store) by(t *testing.T, statement string) {
	t.Helper()
	if _, err := s.writer.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func testKeys(t *testing.T) vault.RowKeys {
	t.Helper()
	key, err := vault.NewKey(strings.NewReader(strings.Repeat("a key of the tests ", 2)))
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(strings.NewReader(""), key)
	if err != nil {
		t.Fatal(err)
	}
	keys := v.RowKeys()
	return keys
}

func TestAMACIsOverEveryColumnThatATableHas(t *testing.T) {
	t.Parallel()
	s := emptyStore(t, "")
	for _, g := range guardedTables() {
		rows, err := s.readers.QueryContext(t.Context(), `SELECT * FROM `+g.name+` LIMIT 0`)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		rows.Close()
		declared := map[string]bool{"mac": true}
		for name := range strings.SplitSeq(g.columns, ", ") {
			declared[name] = true
		}
		for _, name := range columns {
			if !declared[name] {
				t.Errorf("%s.%s is not among the columns that its MAC is over", g.name, name)
			}
		}
	}
}

func TestAMendedHeadHandsOutRowKeysThatNoTableUses(t *testing.T) {
	t.Parallel()
	s := emptyStore(t, "")
	var tables []string
	err := s.readers.SelectContext(t.Context(), &tables, `
		SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'pk'
		WHERE m.type = 'table' AND m.name <> 'organization' ORDER BY m.name`) // that one has a single row
	if err != nil {
		t.Fatal(err)
	}
	if listed := slices.Sorted(slices.Values(numbered)); !slices.Equal(tables, listed) {
		t.Errorf("tables with row keys are %q, those that are looked at %q", tables, listed)
	}
}

// A database of the release before there were MACs, with a person who has a password and some history.
func oldStore(t *testing.T) *Store {
	t.Helper()
	s := emptyStore(t, "0004")
	s.by(t, `INSERT INTO users VALUES (1, 'u-1', 'ana', 'ana', '', '', '', '', '', '', '', '', 'ENABLED', 1, 1, '2026-01-01', '2026-01-01', 1, NULL)`)
	s.by(t, `INSERT INTO passwords VALUES (1, 'hash', '2026-01-01 00:00:00+00:00', NULL)`)
	s.by(t, `INSERT INTO organization VALUES (1, 'o-1', 'Old', 'r-1', '', '', '', '111122223333', '2026-01-01 00:00:00+00:00')`)
	s.by(t, `UPDATE head SET seq = 1`)
	if err := s.migrate(t.Context(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	return s
}

func inspect(t *testing.T, s *Store) (found []string) {
	t.Helper()
	err := s.Snapshot(t.Context(), func(r Reader) error {
		return r.Inspect(t.Context(), func(d Damage) { found = append(found, d.Error()) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestRowsFromBeforeThereWereMACsGetThemOnceAndTheTrailSaysSo(t *testing.T) {
	t.Parallel()
	s, keys := oldStore(t), testKeys(t)
	n, err := s.Guard(t.Context(), keys)
	if err != nil || n != 3 {
		t.Fatalf("Guard() = %d, %v; want 3 rows that got their MAC", n, err)
	}
	events, err := s.Events(t.Context(), EventFilter{})
	if err != nil || len(events) != 1 || !strings.Contains(events[0].Summary, "first MACs of 3 rows") {
		t.Errorf("Events() = %v, %v; want one that says so", events, err)
	}
	if found := inspect(t, s); len(found) > 0 {
		t.Errorf("found %q", found)
	}
	if p, err := s.Password(t.Context(), "u-1"); err != nil || p.Hash != "hash" {
		t.Errorf("Password() = %v, %v", p, err)
	}
	s.by(t, `UPDATE passwords SET hash = 'other', mac = ''`)
	if n, err := s.Guard(t.Context(), keys); err != nil || n != 0 {
		t.Errorf("a second Guard() = %d, %v; want that it makes no MACs", n, err)
	}
	if found := inspect(t, s); len(found) != 2 {
		t.Errorf("found %q, want the row and the tally", found)
	}
}

func TestMACsThatWereTakenAwayAreNotMadeAgain(t *testing.T) {
	t.Parallel()
	s, keys := oldStore(t), testKeys(t)
	if _, err := s.Guard(t.Context(), keys); err != nil {
		t.Fatal(err)
	}
	s.by(t, `UPDATE passwords SET hash = 'other', mac = ''`)
	s.by(t, `UPDATE head SET mac = '', tallies = ''`)
	if _, err := s.Guard(t.Context(), keys); err == nil || !strings.Contains(err.Error(), "taken away") {
		t.Errorf("Guard() = %v, want a refusal", err)
	}
}

func TestATableThatIsGuardedLaterIsAdoptedAlone(t *testing.T) {
	t.Parallel()
	s, keys := oldStore(t), testKeys(t)
	if _, err := s.Guard(t.Context(), keys); err != nil {
		t.Fatal(err)
	}
	// What the database is when a new release guards passwords as well.
	err := s.write(t.Context(), func(tx *Tx) error {
		delete(tx.ledger.tallies, "passwords")
		return tx.exec(context.WithoutCancel(t.Context()), `UPDATE passwords SET mac = ''`)
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Guard(t.Context(), keys); err != nil || n != 1 {
		t.Errorf("Guard() = %d, %v; want one row", n, err)
	}
	if found := inspect(t, s); len(found) > 0 {
		t.Errorf("found %q", found)
	}
}

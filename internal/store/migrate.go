package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// migrate applies the files that this database has not seen, in order of their names, each in its own transaction.
// A database written by a newer program, or a file that changed after it was applied, is refused.
func (s *Store) migrate(ctx context.Context, files fs.FS) error {
	const table = `CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, hash TEXT NOT NULL)`
	err := s.inTurn(ctx, func(tx *sqlx.Tx) error { return execAll(ctx, tx, table, s.dialect.settle) })
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", unavailable(err))
	}
	names, err := s.migrations(files)
	if err != nil {
		return err
	}
	if err := s.refuseNewer(ctx, names); err != nil {
		return err
	}
	alone, err := s.aloneToUpgrade(ctx, len(names))
	if err != nil {
		return err
	}
	if alone != nil {
		defer alone.Close()
	}
	for _, name := range names {
		if err := s.apply(ctx, files, name); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

// upgradePatience is how long another process may take to bring a database to the schema of this release.
const upgradePatience = 5 * time.Second

// aloneToUpgrade takes a PostgreSQL that an earlier release used for this process alone, for as long as it brings it to its own
// schema of so many steps: an earlier console that went on would write rows without what later ones check. A file is served by one
// process anyway. Processes that start together take turns. It returns nil where there is nothing left to upgrade.
func (s *Store) aloneToUpgrade(ctx context.Context, steps int) (io.Closer, error) {
	if s.dialect.name != postgresDialect.name {
		return nil, nil
	}
	patience, stop := context.WithTimeout(ctx, upgradePatience)
	defer stop()
	for {
		var applied int
		if err := s.writer.GetContext(ctx, &applied, `SELECT count(*) FROM migrations`); err != nil {
			return nil, fmt.Errorf("read applied migrations: %w", err)
		}
		if applied == 0 || applied >= steps {
			return nil, nil
		}
		alone, err := s.Claim(ctx)
		if !errors.Is(err, ErrOthersPresent) {
			return alone, err
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-patience.Done():
			return nil, fmt.Errorf("bring the database to the schema of this release: %w; stop every console of an earlier one first",
				cmp.Or(ctx.Err(), err))
		}
	}
}

// migrations are the names of the files for this engine, in their order.
func (s *Store) migrations(files fs.FS) ([]string, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	return slices.DeleteFunc(names, func(name string) bool {
		parts := strings.Split(name, ".")
		return len(parts) == 3 && parts[1] != s.dialect.name
	}), nil
}

// refuseOlder refuses a database that has not seen all files, or some that are not known.
func (s *Store) refuseOlder(ctx context.Context, files fs.FS) error {
	names, err := s.migrations(files)
	if err != nil {
		return err
	}
	if err := s.refuseNewer(ctx, names); err != nil {
		return err
	}
	var applied int
	if err := s.writer.GetContext(ctx, &applied, `SELECT count(*) FROM migrations`); err != nil {
		return fmt.Errorf("read applied migrations: %w", err)
	}
	if applied < len(names) {
		return fmt.Errorf("the database is of an earlier release, with %d of %d steps of its schema: start this console on it once, "+
			"or look at a backup with the console that made it", applied, len(names))
	}
	return nil
}

func (s *Store) refuseNewer(ctx context.Context, known []string) error {
	var applied []string
	if err := s.writer.SelectContext(ctx, &applied, `SELECT name FROM migrations ORDER BY name`); err != nil {
		return fmt.Errorf("read applied migrations: %w", err)
	}
	for _, name := range applied {
		if !slices.Contains(known, name) {
			return fmt.Errorf("the database has the migration %s, which this program does not know: use a newer console", name)
		}
	}
	return nil
}

func (s *Store) apply(ctx context.Context, files fs.FS, name string) error {
	body, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	return s.inTurn(ctx, func(tx *sqlx.Tx) error {
		var had []string
		if err := tx.SelectContext(ctx, &had, tx.Rebind(`SELECT hash FROM migrations WHERE name = ?`), name); err != nil {
			return err
		}
		if len(had) == 1 {
			if had[0] != hash {
				return fmt.Errorf("the file is not the one that was applied to this database")
			}
			return nil
		}
		if err := execAll(ctx, tx, string(body), s.dialect.settle); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, tx.Rebind(`INSERT INTO migrations (name, hash) VALUES (?, ?)`), name, hash)
		return err
	})
}

// inTurn runs fn in a transaction while no other process is in one of these.
func (s *Store) inTurn(ctx context.Context, fn func(*sqlx.Tx) error) error {
	tx, err := s.writer.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing once committed
	if err := execAll(ctx, tx, s.dialect.turn); err != nil {
		return fmt.Errorf("wait for the turn: %w", err)
	}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// execAll runs scripts, passing over empty ones.
func execAll(ctx context.Context, tx *sqlx.Tx, scripts ...string) error {
	for _, script := range scripts {
		if script == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, script); err != nil {
			return err
		}
	}
	return nil
}

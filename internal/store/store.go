// Package store owns all SQL: the connection pools, transactions, migrations, the differences between SQLite and
// PostgreSQL, and a method for every question and every change. Questions are methods of Reader, which Store and Tx
// embed; changes are methods of Tx alone, and a Tx commits only with an audit event.
//
// It leaves rules to internal/model and internal/center, and words for people to the layers above; the one thing it
// words is a broken uniqueness rule, because only the database knows it.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"gatehouse/db/migrations"
	"gatehouse/internal/vault"
)

// Reader answers questions and changes nothing.
type Reader struct {
	q      sqlx.ExtContext
	guard  *guard
	ledger *ledger // of a write that is under way; nil otherwise
}

// Store is the database of an installation.
type Store struct {
	Reader
	readers *sqlx.DB
	writer  *sqlx.DB
	dialect dialect
	gate    chan struct{} // one token: writers stand in line here, honouring their deadlines, not on the file lock
	now     func() time.Time
}

// Open opens the database at a location, a file path or a postgres:// URL, and brings its schema up to date.
// now is the clock of every row written. Call Guard before anything else.
func Open(ctx context.Context, location string, now func() time.Time) (*Store, error) {
	s, err := connect(ctx, location, now)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, migrations.FS); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OpenToRead opens a database that exists, such as a backup, for looking at it: nothing is changed in it or beside it.
// keys check its MACs; without any, only what needs none can be read.
func OpenToRead(ctx context.Context, location string, keys vault.RowKeys) (*Store, error) {
	s, err := connectToRead(ctx, location)
	if err != nil {
		return nil, err
	}
	*s.guard = guard{keys: keys}
	if keys.Zero() {
		return s, nil
	}
	if err := s.refuseOlder(ctx, migrations.FS); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes both pools.
func (s *Store) Close() error { return errors.Join(s.readers.Close(), s.writer.Close()) }

// Snapshot runs fn with a Reader whose questions all see the same moment. It does not hold up writers.
func (s *Store) Snapshot(ctx context.Context, fn func(Reader) error) error {
	tx, err := s.readers.BeginTxx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: s.dialect.snapshot})
	if err != nil {
		return fmt.Errorf("begin a read transaction: %w", err)
	}
	defer tx.Rollback() // ends the read; there is nothing to undo
	return fn(Reader{q: tx, guard: s.guard})
}

// Ready reports whether the database answers.
func (s *Store) Ready(ctx context.Context) error { return s.readers.PingContext(ctx) }

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"gatehouse/internal/store"
)

// attend makes sure that one process serves a database file, since two would not see each other's limits and counters; on
// PostgreSQL many may. It is held until it is closed, and falls with the process. Commands beside the server do not take
// it, except those that claim the database.
func attend(ctx context.Context, c config, db *store.Store) (io.Closer, error) {
	if store.IsPostgres(c.DB) {
		return db.Attend(ctx)
	}
	return lockFile(c)
}

// claim makes sure that nobody serves the database, until it is closed.
func claim(ctx context.Context, c config, db *store.Store) (io.Closer, error) {
	if store.IsPostgres(c.DB) {
		return db.Claim(ctx)
	}
	return lockFile(c)
}

func lockFile(c config) (io.Closer, error) {
	path := strings.TrimPrefix(c.DB, "sqlite://") + ".lock"
	// #nosec G304 -- beside the database, which the operator names
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errors.Join(fmt.Errorf("%s is served by another console already", c.DB), f.Close())
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	return f, nil
}

package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// lock makes sure that one process serves a database file: two would not see each other's limits and counters. It is held
// until the returned file is closed, and falls with the process. Commands beside the server do not take it, and PostgreSQL
// needs none.
func lock(c config) (*os.File, error) {
	if strings.Contains(c.DB, "://") && !strings.HasPrefix(c.DB, "sqlite://") {
		return nil, nil
	}
	path := strings.TrimPrefix(c.DB, "sqlite://") + ".lock"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("%s is served by another console already", c.DB), f.Close())
	}
	return f, nil
}

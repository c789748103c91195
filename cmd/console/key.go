package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// masterKeyVariable may hold the master key itself instead of a file. It has no flag, because flags are seen by everybody
// on the machine.
const masterKeyVariable = "GATEHOUSE_MASTER_KEY"

// unlock returns the vault under the master key and guards the database with it. A key is made only for a database that is
// new as well: a new key opens nothing that an earlier one sealed.
func (p process) unlock(ctx context.Context, c config, db *store.Store, log *slog.Logger) (*vault.Vault, error) {
	keys, err := p.masterKeys(ctx, c, db)
	if err != nil {
		return nil, err
	}
	v, err := vault.New(rand.Reader, keys...)
	if err != nil {
		return nil, err
	}
	rows := v.RowKeys()
	adopted, err := db.Guard(ctx, rows)
	if err != nil {
		return nil, fmt.Errorf("guard the database: %w; console audit verify says more", err)
	}
	if adopted > 0 {
		log.Warn("made the first MACs of rows from before there were any: what they were until now was taken as it was", "rows", adopted)
	}
	return v, nil
}

// keysAtHand returns the vault under the master keys that there are, and makes none.
func (p process) keysAtHand(c config) (*vault.Vault, error) {
	keys, err := p.givenKeys(c)
	if err != nil {
		return nil, err
	}
	return vault.New(rand.Reader, keys...)
}

// givenKeys reads the master keys from the variable or the file.
func (p process) givenKeys(c config) ([]vault.Key, error) {
	if text := p.getenv(masterKeyVariable); text != "" {
		keys, err := vault.ParseKeys(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", masterKeyVariable, err)
		}
		return keys, nil
	}
	return vault.ReadKeyFile(c.Key)
}

func (p process) masterKeys(ctx context.Context, c config, db *store.Store) ([]vault.Key, error) {
	keys, err := p.givenKeys(c)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	if _, err := db.Organization(ctx); model.KindOf(err) != model.NotFound {
		if err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("the master key file %s is missing, and this database has secrets sealed under it: "+
			"bring it back, or name it with --key", c.Key)
	}
	if err := os.MkdirAll(filepath.Dir(c.Key), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the master key: %w", err)
	}
	if err := vault.CreateKeyFile(c.Key, rand.Reader); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return vault.ReadKeyFile(c.Key)
}

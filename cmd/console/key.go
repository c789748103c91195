package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// masterKeyVariable may hold the master key itself instead of a file. It has no flag, because flags are seen by everybody
// on the machine.
const masterKeyVariable = "GATEHOUSE_MASTER_KEY"

// unlock returns the vault under the master key. A key is made only for a database that is new as well: a new key opens
// nothing that an earlier one sealed.
func (p process) unlock(ctx context.Context, c config, db *store.Store) (*vault.Vault, error) {
	keys, err := p.masterKeys(ctx, c, db)
	if err != nil {
		return nil, err
	}
	return vault.New(rand.Reader, keys...)
}

func (p process) masterKeys(ctx context.Context, c config, db *store.Store) ([]vault.Key, error) {
	if text := p.getenv(masterKeyVariable); text != "" {
		keys, err := vault.ParseKeys(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", masterKeyVariable, err)
		}
		return keys, nil
	}
	keys, err := vault.ReadKeyFile(c.Key)
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

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

const selectAccount = `
	SELECT a.id, a.name, a.email, a.state, u.id AS ou, a.tags, a.version, a.created_at
	FROM accounts a
	JOIN account_parents p ON p.account_pk = a.pk AND p.to_seq IS NULL
	JOIN ous u ON u.pk = p.ou_pk
	WHERE a.to_seq IS NULL`

type accountRow struct {
	ID, Name, Email, State, OU, Tags string
	Version                          int64
	CreatedAt                        time.Time
}

func (r accountRow) account() (model.Account, error) {
	a := model.Account{ID: model.AccountID(r.ID), Name: r.Name, Email: r.Email, State: model.AccountState(r.State),
		OU: model.OUID(r.OU), Version: r.Version, CreatedAt: r.CreatedAt.UTC()}
	if err := json.Unmarshal([]byte(r.Tags), &a.Tags); err != nil {
		return a, fmt.Errorf("decode the tags of account %s: %w", r.ID, err)
	}
	return a, nil
}

// Account returns an account of the organization by its 12 digits.
func (r Reader) Account(ctx context.Context, id model.AccountID) (model.Account, error) {
	var row accountRow
	if err := r.found(ctx, &row, "account", string(id), selectAccount+` AND a.id = ?`, id); err != nil {
		return model.Account{}, err
	}
	return row.account()
}

// AccountWithEmail returns the account whose root user has an address; false when none has.
func (r Reader) AccountWithEmail(ctx context.Context, email string) (model.AccountID, bool, error) {
	var ids []model.AccountID
	err := r.list(ctx, &ids, `SELECT id FROM accounts WHERE lower(email) = ? AND to_seq IS NULL LIMIT 1`, fold(email))
	if err != nil || len(ids) == 0 {
		return "", false, err
	}
	return ids[0], true, nil
}

// InsertAccount keeps a new account in its unit.
func (t *Tx) InsertAccount(ctx context.Context, a model.Account) error {
	t.accessChanged()
	tags, err := encodeTags(a.Tags)
	if err != nil {
		return err
	}
	pk := t.newPK()
	err = t.insert(ctx, accounts, `
		INSERT INTO accounts (pk, id, name, email, state, tags, version, created_at, from_seq)
		VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)`, pk, a.ID, a.Name, a.Email, a.State, tags, t.now, t.seq())
	if isUnique(err) {
		return model.Taken("account_id", fmt.Sprintf("Account %s is in the organization already.", a.ID))
	}
	if err != nil {
		return fmt.Errorf("insert account %s: %w", a.ID, err)
	}
	return t.placeAccount(ctx, pk, a.OU)
}

func (t *Tx) placeAccount(ctx context.Context, pk int64, ou model.OUID) error {
	err := t.insert(ctx, accountParents, `
		INSERT INTO account_parents (pk, account_pk, ou_pk, from_seq)
		VALUES (?, ?, (SELECT pk FROM ous WHERE id = ? AND to_seq IS NULL), ?)`, t.newPK(), pk, ou, t.seq())
	if err != nil {
		return fmt.Errorf("put an account into unit %s: %w", ou, err)
	}
	return nil
}

// UpdateAccount saves name, e-mail, state and tags, provided that nobody saved the account since the version it carries.
func (t *Tx) UpdateAccount(ctx context.Context, a model.Account) error {
	t.accessChanged()
	tags, err := encodeTags(a.Tags)
	if err != nil {
		return err
	}
	n, err := t.amend(ctx, accounts, `name = ?, email = ?, state = ?, tags = ?, version = version + 1`,
		`id = ? AND version = ? AND to_seq IS NULL`, a.Name, a.Email, a.State, tags, a.ID, a.Version)
	if err == nil && n == 0 {
		return model.Stale("account")
	}
	return err
}

// MoveAccount puts an account into another unit.
func (t *Tx) MoveAccount(ctx context.Context, id model.AccountID, to model.OUID) error {
	t.accessChanged()
	var pk int64
	err := t.found(ctx, &pk, "account", string(id), `SELECT pk FROM accounts WHERE id = ? AND to_seq IS NULL`, id)
	if err != nil {
		return err
	}
	if _, err := t.amend(ctx, accountParents, `to_seq = ?`, `account_pk = ? AND to_seq IS NULL`, t.seq(), pk); err != nil {
		return fmt.Errorf("take account %s out of its unit: %w", id, err)
	}
	return t.placeAccount(ctx, pk, to)
}

// CloseAccount ends an account's membership together with its place and what is attached to it. The caller makes sure
// that no rule names it.
func (t *Tx) CloseAccount(ctx context.Context, id model.AccountID) error {
	t.accessChanged()
	for _, table := range []guarded{attachments, accountParents} {
		_, err := t.amend(ctx, table, `to_seq = ?`,
			`to_seq IS NULL AND account_pk = (SELECT pk FROM accounts WHERE id = ? AND to_seq IS NULL)`, t.seq(), id)
		if err != nil {
			return fmt.Errorf("close account %s: %w", id, err)
		}
	}
	_, err := t.amend(ctx, accounts, `to_seq = ?`, `id = ? AND to_seq IS NULL`, t.seq(), id)
	return err
}

// encodeTags is how tags are kept: a JSON object of strings.
func encodeTags(tags model.Tags) (string, error) {
	if tags == nil {
		return "{}", nil
	}
	body, err := json.Marshal(tags)
	if err != nil {
		return "", fmt.Errorf("encode tags: %w", err)
	}
	return string(body), nil
}

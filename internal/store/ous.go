package store

import (
	"context"
	"fmt"

	"gatehouse/internal/model"
)

const selectOU = `
	SELECT u.id, u.name, COALESCE(above.id, '') AS parent, u.version, u.created_at
	FROM ous u
	LEFT JOIN ou_parents p ON p.ou_pk = u.pk AND p.to_seq IS NULL
	LEFT JOIN ous above ON above.pk = p.parent_pk
	WHERE u.to_seq IS NULL`

// OU returns a unit, or the root, by id.
func (r Reader) OU(ctx context.Context, id model.OUID) (model.OU, error) {
	var u model.OU
	return u, r.found(ctx, &u, "unit", string(id), selectOU+` AND u.id = ?`, id)
}

// InsertOU keeps a new unit below its parent; the root has none.
func (t *Tx) InsertOU(ctx context.Context, u model.OU) error {
	t.accessChanged()
	pk := t.newPK()
	err := t.insert(ctx, ous, `INSERT INTO ous (pk, id, name, version, created_at, from_seq) VALUES (?, ?, ?, 1, ?, ?)`,
		pk, u.ID, u.Name, t.now, t.seq())
	if err != nil {
		return fmt.Errorf("insert unit %s: %w", u.ID, err)
	}
	if u.Parent == "" {
		return nil
	}
	err = t.insert(ctx, ouParents, `
		INSERT INTO ou_parents (pk, ou_pk, parent_pk, from_seq)
		VALUES (?, ?, (SELECT pk FROM ous WHERE id = ? AND to_seq IS NULL), ?)`, t.newPK(), pk, u.Parent, t.seq())
	if err != nil {
		return fmt.Errorf("hang unit %s below %s: %w", u.ID, u.Parent, err)
	}
	return nil
}

// UpdateOU saves a unit's name, provided that nobody saved it since the version it carries.
func (t *Tx) UpdateOU(ctx context.Context, u model.OU) error {
	t.accessChanged()
	n, err := t.amend(ctx, ous, `name = ?, version = version + 1`, `id = ? AND version = ? AND to_seq IS NULL`, u.Name, u.ID, u.Version)
	if err == nil && n == 0 {
		return model.Stale("unit")
	}
	return err
}

// CloseOU ends a unit together with its place and what is attached to it. The caller makes sure that it is empty.
func (t *Tx) CloseOU(ctx context.Context, id model.OUID) error {
	t.accessChanged()
	for _, table := range []guarded{attachments, ouParents} {
		_, err := t.amend(ctx, table, `to_seq = ?`,
			`to_seq IS NULL AND ou_pk = (SELECT pk FROM ous WHERE id = ? AND to_seq IS NULL)`, t.seq(), id)
		if err != nil {
			return fmt.Errorf("close unit %s: %w", id, err)
		}
	}
	_, err := t.amend(ctx, ous, `to_seq = ?`, `id = ? AND to_seq IS NULL`, t.seq(), id)
	return err
}

package store

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

const groupColumns = `id, name, description, version, created_at, updated_at`

// Group returns a group by id.
func (r Reader) Group(ctx context.Context, id model.GroupID) (model.Group, error) {
	var g model.Group
	err := r.found(ctx, &g, "group", string(id), `SELECT `+groupColumns+` FROM groups WHERE id = ? AND to_seq IS NULL`, id)
	g.CreatedAt, g.UpdatedAt = g.CreatedAt.UTC(), g.UpdatedAt.UTC()
	return g, err
}

// GroupByName returns the group with a name, whatever its case.
func (r Reader) GroupByName(ctx context.Context, name string) (model.Group, error) {
	var g model.Group
	err := r.found(ctx, &g, "group", name, `SELECT `+groupColumns+` FROM groups WHERE name_folded = ? AND to_seq IS NULL`, fold(name))
	g.CreatedAt, g.UpdatedAt = g.CreatedAt.UTC(), g.UpdatedAt.UTC()
	return g, err
}

// Groups returns the groups whose name or description contains a text, in order of their names.
func (r Reader) Groups(ctx context.Context, text string) ([]model.Group, error) {
	where, args := `to_seq IS NULL`, []any(nil)
	if text != "" {
		where += ` AND (name_folded LIKE ? ESCAPE '\' OR lower(description) LIKE ? ESCAPE '\')`
		args = []any{contains(text), contains(text)}
	}
	var groups []model.Group
	if err := r.list(ctx, &groups, `SELECT `+groupColumns+` FROM groups WHERE `+where+` ORDER BY name_folded`, args...); err != nil {
		return nil, fmt.Errorf("list groups: %w", err)
	}
	for i, g := range groups {
		groups[i].CreatedAt, groups[i].UpdatedAt = g.CreatedAt.UTC(), g.UpdatedAt.UTC()
	}
	return groups, nil
}

// Membership is a group that a person is in, and since when.
type Membership struct {
	GroupID model.GroupID
	Name    string
	Since   time.Time
}

// MembershipsOf returns the groups of a person in order of their names, as they were written here.
func (r Reader) MembershipsOf(ctx context.Context, user model.UserID) ([]Membership, error) {
	const current = ofUser + ` AND to_seq IS NULL`
	if err := r.check(ctx, memberships, current, user); err != nil {
		return nil, err
	}
	if err := r.check(ctx, groups, `pk IN (SELECT group_pk FROM memberships WHERE `+current+`)`, user); err != nil {
		return nil, err
	}
	var list []Membership
	err := r.list(ctx, &list, `
		SELECT g.id AS group_id, g.name, m.since
		FROM memberships m
		JOIN users u ON u.pk = m.user_pk AND u.to_seq IS NULL
		JOIN groups g ON g.pk = m.group_pk
		WHERE u.id = ? AND m.to_seq IS NULL
		ORDER BY g.name_folded`, user)
	if err != nil {
		return nil, fmt.Errorf("list the groups of a person: %w", err)
	}
	for i := range list {
		list[i].Since = list[i].Since.UTC()
	}
	return list, nil
}

// InsertGroup keeps a new group. A taken name is a Conflict error that names the field.
func (t *Tx) InsertGroup(ctx context.Context, g model.Group) error {
	t.accessChanged()
	err := t.insert(ctx, groups, `
		INSERT INTO groups (pk, id, name, name_folded, description, version, created_at, updated_at, from_seq, to_seq)
		VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, NULL)`,
		t.newPK(), g.ID, g.Name, fold(g.Name), g.Description, t.now, t.now, t.seq())
	return groupTaken(err, g)
}

// UpdateGroup saves a group's name and description if its version is still the one given; else it is stale.
func (t *Tx) UpdateGroup(ctx context.Context, g model.Group) error {
	t.accessChanged() // the graph carries names
	n, err := t.amend(ctx, groups, `name = ?, name_folded = ?, description = ?, version = version + 1, updated_at = ?`,
		`id = ? AND version = ? AND to_seq IS NULL`, g.Name, fold(g.Name), g.Description, t.now, g.ID, g.Version)
	if err == nil && n == 0 {
		return model.Stale("group")
	}
	return groupTaken(err, g)
}

// CloseGroup takes a group out of the directory, with its memberships and assignments.
func (t *Tx) CloseGroup(ctx context.Context, id model.GroupID) error {
	t.accessChanged()
	for _, table := range []guarded{memberships, assignments} {
		_, err := t.amend(ctx, table, `to_seq = ?`,
			`to_seq IS NULL AND group_pk = (SELECT pk FROM groups WHERE id = ? AND to_seq IS NULL)`, t.seq(), id)
		if err != nil {
			return fmt.Errorf("close the %s of a group: %w", table.name, err)
		}
	}
	_, err := t.amend(ctx, groups, `to_seq = ?`, `id = ? AND to_seq IS NULL`, t.seq(), id)
	return err
}

// InsertMembership puts a person into a group; it reports false when they were in it already.
func (t *Tx) InsertMembership(ctx context.Context, group model.GroupID, user model.UserID) (bool, error) {
	t.accessChanged()
	n, err := t.inserted(ctx, memberships, `
		INSERT INTO memberships (pk, group_pk, user_pk, since, from_seq, to_seq)
		SELECT ?, g.pk, u.pk, ?, ?, NULL FROM groups g CROSS JOIN users u
		WHERE g.id = ? AND g.to_seq IS NULL AND u.id = ? AND u.to_seq IS NULL
			AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.group_pk = g.pk AND m.user_pk = u.pk AND m.to_seq IS NULL)`,
		t.newPK(), t.now, t.seq(), group, user)
	return n == 1, err
}

// CloseMembership takes a person out of a group; it reports false when they were not in it.
func (t *Tx) CloseMembership(ctx context.Context, group model.GroupID, user model.UserID) (bool, error) {
	t.accessChanged()
	n, err := t.amend(ctx, memberships, `to_seq = ?`, `to_seq IS NULL
			AND group_pk = (SELECT pk FROM groups WHERE id = ? AND to_seq IS NULL)
			AND user_pk = (SELECT pk FROM users WHERE id = ? AND to_seq IS NULL)`, t.seq(), group, user)
	return n == 1, err
}

func groupTaken(err error, g model.Group) error {
	if isUnique(err) {
		return model.Taken("name", "Another group is called "+g.Name+". Names differ by more than case.")
	}
	return err
}

// MembersSince returns since when some people are in a group; who is not in it is left out.
func (r Reader) MembersSince(ctx context.Context, group model.GroupID, people []model.UserID) (map[model.UserID]time.Time, error) {
	since := map[model.UserID]time.Time{}
	if len(people) == 0 {
		return since, nil
	}
	args := []any{group}
	for _, id := range people {
		args = append(args, id)
	}
	var rows []struct {
		ID    model.UserID
		Since time.Time
	}
	err := r.list(ctx, &rows, `
		SELECT u.id, m.since FROM memberships m
		JOIN groups g ON g.pk = m.group_pk AND g.to_seq IS NULL
		JOIN users u ON u.pk = m.user_pk AND u.to_seq IS NULL
		WHERE g.id = ? AND m.to_seq IS NULL AND u.id IN (`+marks(len(people))+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("list since when people are in a group: %w", err)
	}
	for _, row := range rows {
		since[row.ID] = row.Since.UTC()
	}
	return since, nil
}

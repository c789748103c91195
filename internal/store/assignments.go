package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"gatehouse/internal/model"
)

type assignmentRow struct {
	ID, UserID, GroupID, SetID, AccountID, OUID string
	StartsAt, ExpiresAt                         sql.NullTime
	Reason, CreatedBy                           string
	CreatedAt                                   time.Time
}

func (r assignmentRow) assignment() model.Assignment {
	a := model.Assignment{ID: model.AssignmentID(r.ID), PermissionSet: model.PermissionSetID(r.SetID),
		Principal: model.Principal{Kind: model.PrincipalUser, ID: r.UserID},
		Target:    model.Target{Kind: model.TargetAccount, ID: r.AccountID},
		StartsAt:  r.StartsAt.Time.UTC(), ExpiresAt: r.ExpiresAt.Time.UTC(), Reason: r.Reason,
		CreatedBy: model.UserID(r.CreatedBy), CreatedAt: r.CreatedAt.UTC()}
	if r.GroupID != "" {
		a.Principal = model.Principal{Kind: model.PrincipalGroup, ID: r.GroupID}
	}
	if r.OUID != "" {
		a.Target = model.Target{Kind: model.TargetOU, ID: r.OUID}
	}
	return a
}

const assignmentColumns = `a.id, COALESCE(u.id, '') AS user_id, COALESCE(g.id, '') AS group_id, s.id AS set_id,
	COALESCE(c.id, '') AS account_id, COALESCE(o.id, '') AS ou_id, a.starts_at, a.expires_at, a.reason,
	a.created_by, a.created_at`

const assignmentTables = `
	FROM assignments a
	JOIN permission_sets s ON s.pk = a.set_pk
	LEFT JOIN users u ON u.pk = a.user_pk
	LEFT JOIN groups g ON g.pk = a.group_pk
	LEFT JOIN accounts c ON c.pk = a.account_pk
	LEFT JOIN ous o ON o.pk = a.ou_pk`

// Assignment returns a rule by id, and whether it is still there: a removed one can be looked at, and grants nothing.
func (r Reader) Assignment(ctx context.Context, id model.AssignmentID) (a model.Assignment, removed bool, err error) {
	var row struct {
		assignmentRow
		Removed bool
	}
	err = r.found(ctx, &row, "assignment", string(id), `
		SELECT `+assignmentColumns+`, a.to_seq IS NOT NULL AS removed`+assignmentTables+`
		WHERE a.id = ?`, id)
	if err != nil {
		return model.Assignment{}, false, err
	}
	return row.assignment(), row.Removed, nil
}

// Assignments returns one page of the chosen rules in their order.
func (r Reader) Assignments(ctx context.Context, f AssignmentFilter) ([]model.Assignment, error) {
	where, args := f.chosen()
	order := f.order()
	switch {
	case f.After != "":
		where, args = append(where, order.beyond(true)), append(args, f.After)
	case f.Before != "":
		where, args = append(where, order.beyond(false)), append(args, f.Before)
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 100_000
	}
	var rows []assignmentRow
	err := r.list(ctx, &rows, `SELECT `+assignmentColumns+assignmentTables+clause(where)+`
		ORDER BY `+order.by(f.Before != "")+`
		LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list assignments: %w", err)
	}
	assignments := make([]model.Assignment, len(rows))
	for i, row := range rows {
		assignments[i] = row.assignment()
	}
	if f.Before != "" {
		slices.Reverse(assignments)
	}
	return assignments, nil
}

// AssignmentRank returns how many of the chosen rules come before one in their order.
func (r Reader) AssignmentRank(ctx context.Context, f AssignmentFilter, id model.AssignmentID) (int, error) {
	where, args := f.chosen()
	var n int
	err := r.one(ctx, &n, `SELECT count(*) FROM assignments a`+clause(append(where, f.order().beyond(false))),
		append(args, id)...)
	return n, err
}

// CountAssignments counts the rules that the filter chooses, whatever its state and page.
func (r Reader) CountAssignments(ctx context.Context, f AssignmentFilter) (AssignmentCounts, error) {
	now, soon := f.Now.UTC(), f.Now.Add(model.EndsSoon).UTC()
	where, args := f.where()
	var n AssignmentCounts
	err := r.one(ctx, &n, `
		SELECT count(*) AS total,
			COALESCE(SUM(CASE WHEN a.starts_at > ? THEN 1 ELSE 0 END), 0) AS scheduled,
			COALESCE(SUM(CASE WHEN a.expires_at > ? AND a.expires_at <= ? AND (a.starts_at IS NULL OR a.starts_at <= ?)
				THEN 1 ELSE 0 END), 0) AS ending,
			COALESCE(SUM(CASE WHEN a.expires_at <= ? THEN 1 ELSE 0 END), 0) AS expired
		FROM assignments a`+clause(where), append([]any{now, now, soon, now, now}, args...)...)
	if err != nil {
		return n, fmt.Errorf("count assignments: %w", err)
	}
	return n, nil
}

// InsertAssignment keeps a new rule. Its principal, set and target exist.
func (t *Tx) InsertAssignment(ctx context.Context, a model.Assignment) error {
	t.accessChanged()
	var user, group, account, ou string
	if a.Principal.Kind == model.PrincipalGroup {
		group = a.Principal.ID
	} else {
		user = a.Principal.ID
	}
	if a.Target.Kind == model.TargetOU {
		ou = a.Target.ID
	} else {
		account = a.Target.ID
	}
	return t.insert(ctx, assignments, `
		INSERT INTO assignments (pk, id, user_pk, group_pk, set_pk, account_pk, ou_pk, starts_at, expires_at, reason,
			created_by, created_at, from_seq, to_seq)
		VALUES (?, ?,
			(SELECT pk FROM users WHERE id = ? AND to_seq IS NULL), (SELECT pk FROM groups WHERE id = ? AND to_seq IS NULL),
			(SELECT pk FROM permission_sets WHERE id = ? AND to_seq IS NULL),
			(SELECT pk FROM accounts WHERE id = ? AND to_seq IS NULL), (SELECT pk FROM ous WHERE id = ? AND to_seq IS NULL),
			?, ?, ?, ?, ?, ?, NULL)`,
		t.newPK(), a.ID, user, group, a.PermissionSet, account, ou, orNull(a.StartsAt), orNull(a.ExpiresAt), a.Reason,
		a.CreatedBy, t.now, t.seq())
}

// CloseAssignment ends a rule for good; it reports false when there is none.
func (t *Tx) CloseAssignment(ctx context.Context, id model.AssignmentID) (bool, error) {
	t.accessChanged()
	n, err := t.amend(ctx, assignments, `to_seq = ?`, `id = ? AND to_seq IS NULL`, t.seq(), id)
	return n == 1, err
}

package store

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// RuleTimes returns when each assignment was made that is for a person or for a group they are in.
func (r Reader) RuleTimes(ctx context.Context, user model.UserID) (map[model.AssignmentID]time.Time, error) {
	var rows []struct {
		ID        model.AssignmentID
		CreatedAt time.Time
	}
	err := r.list(ctx, &rows, `
		SELECT a.id, a.created_at FROM assignments a JOIN users u ON u.pk = a.user_pk
		WHERE u.id = ? AND a.to_seq IS NULL
		UNION
		SELECT a.id, a.created_at FROM assignments a
		JOIN memberships m ON m.group_pk = a.group_pk AND m.to_seq IS NULL
		JOIN users u ON u.pk = m.user_pk
		WHERE u.id = ? AND a.to_seq IS NULL`, user, user)
	if err != nil {
		return nil, fmt.Errorf("list when assignments were made: %w", err)
	}
	made := make(map[model.AssignmentID]time.Time, len(rows))
	for _, row := range rows {
		made[row.ID] = row.CreatedAt.UTC()
	}
	return made, nil
}

// RoleUse is a permission set in an account.
type RoleUse struct {
	Account model.AccountID
	Set     model.PermissionSetID
}

// RoleUses returns when credentials were last issued to a person for each role they ever used.
func (r Reader) RoleUses(ctx context.Context, user model.UserID) (map[RoleUse]time.Time, error) {
	var rows []struct {
		AccountID model.AccountID
		SetID     model.PermissionSetID
		IssuedAt  time.Time
	}
	err := r.list(ctx, &rows, `
		SELECT a.id AS account_id, p.id AS set_id, s.issued_at
		FROM role_sessions s
		JOIN accounts a ON a.pk = s.account_pk
		JOIN permission_sets p ON p.pk = s.set_pk
		WHERE s.pk IN (
			SELECT max(l.pk) FROM role_sessions l JOIN users u ON u.pk = l.user_pk
			WHERE u.id = ? GROUP BY l.account_pk, l.set_pk)`, user)
	if err != nil {
		return nil, fmt.Errorf("list the roles a person used: %w", err)
	}
	used := make(map[RoleUse]time.Time, len(rows))
	for _, row := range rows {
		used[RoleUse{row.AccountID, row.SetID}] = row.IssuedAt.UTC()
	}
	return used, nil
}

// CountRoleSessions returns how many role credentials of a person work at a moment.
func (r Reader) CountRoleSessions(ctx context.Context, user model.UserID, now time.Time) (int, error) {
	var n int
	err := r.one(ctx, &n, `
		SELECT count(*) FROM role_sessions s JOIN users u ON u.pk = s.user_pk
		WHERE u.id = ? AND s.revoked_at IS NULL AND s.expires_at > ?`, user, now.UTC())
	if err != nil {
		return 0, fmt.Errorf("count the role sessions of a person: %w", err)
	}
	return n, nil
}

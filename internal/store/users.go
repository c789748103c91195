package store

import (
	"context"

	"gatehouse/internal/model"
)

const userColumns = `id, user_name, given_name, family_name, display_name, email, title, status, session_epoch, version,
	created_at, updated_at`

// User returns a person by id.
func (r Reader) User(ctx context.Context, id model.UserID) (model.User, error) {
	var u model.User
	return u, r.found(ctx, &u, "user", string(id), `SELECT `+userColumns+` FROM users WHERE id = ? AND to_seq IS NULL`, id)
}

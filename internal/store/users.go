package store

import (
	"context"
	"fmt"

	"gatehouse/internal/model"
)

const userColumns = `id, user_name, given_name, family_name, display_name, email, title, status, session_epoch, version,
	created_at, updated_at`

// User returns a person by id, as they were written here.
func (r Reader) User(ctx context.Context, id model.UserID) (model.User, error) {
	return r.user(ctx, string(id), `id = ? AND to_seq IS NULL`, id)
}

// UserByName returns the person with a user name, whatever its case, as they were written here.
func (r Reader) UserByName(ctx context.Context, userName string) (model.User, error) {
	return r.user(ctx, userName, `user_name_folded = ? AND to_seq IS NULL`, fold(userName))
}

func (r Reader) user(ctx context.Context, called, where string, arg any) (model.User, error) {
	var u model.User
	err := r.found(ctx, &u, "user", called, `SELECT `+userColumns+` FROM users WHERE `+where, arg)
	if err == nil {
		err = r.check(ctx, users, where, arg)
	}
	if err != nil {
		return model.User{}, err
	}
	return utc(u), nil
}

// mostMarks is how many values one query compares with: both engines take this many.
const mostMarks = 500

// UsersByHandle finds people by user names and e-mail addresses in any case, as they were written here. The map has each person
// under both, folded by Handle; what is not in the map belongs to nobody.
func (r Reader) UsersByHandle(ctx context.Context, handles []string) (map[string]model.User, error) {
	found := map[string]model.User{}
	for len(handles) > 0 {
		part := handles[:min(len(handles), mostMarks)]
		handles = handles[len(part):]
		args := make([]any, 0, 2*len(part))
		for range 2 {
			for _, h := range part {
				args = append(args, Handle(h))
			}
		}
		err := r.check(ctx, users, `to_seq IS NULL AND (user_name_folded IN (`+marks(len(part))+`) OR email_folded IN (`+marks(len(part))+`))`,
			args...)
		if err != nil {
			return nil, err
		}
		var list []model.User
		err = r.list(ctx, &list, `
			SELECT `+userColumns+` FROM users WHERE to_seq IS NULL AND user_name_folded IN (`+marks(len(part))+`)
			UNION
			SELECT `+userColumns+` FROM users WHERE to_seq IS NULL AND email_folded IN (`+marks(len(part))+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("look people up: %w", err)
		}
		for _, u := range list {
			found[Handle(u.UserName)], found[Handle(u.Email)] = utc(u), utc(u)
		}
	}
	return found, nil
}

// Handle is the form in which a user name or an e-mail address is compared.
func Handle(text string) string { return fold(text) }

func utc(u model.User) model.User {
	u.CreatedAt, u.UpdatedAt = u.CreatedAt.UTC(), u.UpdatedAt.UTC()
	return u
}

// InsertUser keeps a new person. A taken user name or e-mail address is a Conflict error that names the field.
func (t *Tx) InsertUser(ctx context.Context, u model.User) error {
	t.accessChanged()
	err := t.insert(ctx, users, `
		INSERT INTO users (pk, id, user_name, user_name_folded, given_name, family_name, display_name, email, email_folded,
			title, search_folded, sort_folded, status, session_epoch, version, created_at, updated_at, from_seq, to_seq)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, NULL)`,
		t.newPK(), u.ID, u.UserName, fold(u.UserName), u.GivenName, u.FamilyName, u.DisplayName, u.Email, fold(u.Email),
		u.Title, searchText(u), fold(u.DisplayName), u.Status, u.SessionEpoch, t.now, t.now, t.seq())
	return userTaken(err, u)
}

// UpdateUser saves a person's names, e-mail address and title if their version is still the one given; else it is stale.
func (t *Tx) UpdateUser(ctx context.Context, u model.User) error {
	t.accessChanged() // the graph carries names
	n, err := t.amend(ctx, users, `given_name = ?, family_name = ?, display_name = ?, email = ?, email_folded = ?, title = ?,
			search_folded = ?, sort_folded = ?, version = version + 1, updated_at = ?`,
		`id = ? AND version = ? AND to_seq IS NULL`,
		u.GivenName, u.FamilyName, u.DisplayName, u.Email, fold(u.Email), u.Title, searchText(u), fold(u.DisplayName), t.now,
		u.ID, u.Version)
	if err == nil && n == 0 {
		return model.Stale("user")
	}
	return userTaken(err, u)
}

// SetUserStatus lets a person in or keeps them out. Keeping out ends their sessions and role sessions.
func (t *Tx) SetUserStatus(ctx context.Context, id model.UserID, status model.UserStatus) error {
	t.accessChanged()
	_, err := t.amend(ctx, users, `status = ?, version = version + 1, updated_at = ?`, `id = ? AND to_seq IS NULL`, status, t.now, id)
	if err != nil || status == model.UserEnabled {
		return err
	}
	return t.cutOff(ctx, id)
}

// cutOff ends every session of a person and revokes every role session.
func (t *Tx) cutOff(ctx context.Context, id model.UserID) error {
	_, err := t.end(ctx, users, `session_epoch = session_epoch + 1`, `id = ? AND to_seq IS NULL`, id)
	if err == nil {
		_, err = t.end(ctx, sessions, `ended_at = ?`, `ended_at IS NULL AND user_pk = (SELECT pk FROM users WHERE id = ?)`, t.now, id)
	}
	if err == nil {
		_, err = t.RevokeRoleSessionsOf(ctx, id)
	}
	if err != nil {
		return fmt.Errorf("end the sessions of a person: %w", err)
	}
	return nil
}

// CloseUser takes a person out of the directory, with their memberships and direct assignments, and ends their sessions.
func (t *Tx) CloseUser(ctx context.Context, id model.UserID) error {
	t.accessChanged()
	if err := t.cutOff(ctx, id); err != nil {
		return err
	}
	for _, table := range []guarded{memberships, assignments} {
		_, err := t.amend(ctx, table, `to_seq = ?`,
			`to_seq IS NULL AND user_pk = (SELECT pk FROM users WHERE id = ? AND to_seq IS NULL)`, t.seq(), id)
		if err != nil {
			return fmt.Errorf("close the %s of a person: %w", table.name, err)
		}
	}
	_, err := t.amend(ctx, users, `to_seq = ?`, `id = ? AND to_seq IS NULL`, t.seq(), id)
	return err
}

func searchText(u model.User) string {
	return fold(u.DisplayName) + "\n" + fold(u.UserName) + "\n" + fold(u.Email)
}

func userTaken(err error, u model.User) error {
	switch {
	case !isUnique(err):
		return err
	case brokenRule(err, "users.email_folded", "users_email_now"):
		return model.Taken("email", "Another user has the e-mail address "+u.Email+".")
	}
	return model.Taken("username", "Another user has the user name "+u.UserName+".")
}

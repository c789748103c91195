package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"gatehouse/internal/model"
)

// UserFilter chooses people. Zero fields do not limit.
type UserFilter struct {
	Text          string           // part of the display name, user name or e-mail address
	Status        model.UserStatus // ENABLED or DISABLED
	Group         model.GroupID    // members of this group
	NotIn         model.GroupID    // who is not a member of this group
	WithoutFactor bool             // who has no confirmed second factor
	NeverSignedIn bool
}

// UserOrder is a column that people can be listed by.
type UserOrder string

// The orders of people. ByCreation is oldest first; the others are alphabetical.
const (
	ByDisplayName UserOrder = "name"
	ByUserName    UserOrder = "username"
	ByCreation    UserOrder = "created"
)

// column is what the order compares; every order ends with the row key.
func (o UserOrder) column() string {
	switch o {
	case ByUserName:
		return "u.user_name_folded"
	case ByCreation:
		return "u.created_at"
	}
	return "u.sort_folded"
}

// UserPage says which part of a list to return: at most Limit people after or before one, in an order.
type UserPage struct {
	Order      UserOrder
	Descending bool
	After      model.UserID // start behind this person; empty: at the start
	Before     model.UserID // end in front of this person
	Limit      int
}

// UserRow is a person with what a list shows beside their name.
type UserRow struct {
	model.User
	Factors       int       // confirmed second factors
	LastSignIn    time.Time // zero: never
	HasPassword   bool
	CodesDisabled bool // five wrong codes in a row: refused until a factor is bound anew
}

type userRow struct {
	model.User
	Factors       int
	LastSignIn    sql.NullTime
	HasPassword   bool
	CodesDisabled bool
}

func (r userRow) person() UserRow {
	p := UserRow{User: utc(r.User), Factors: r.Factors, HasPassword: r.HasPassword, CodesDisabled: r.CodesDisabled}
	if r.LastSignIn.Valid {
		p.LastSignIn = r.LastSignIn.Time.UTC()
	}
	return p
}

const userRowColumns = `u.id, u.user_name, u.given_name, u.family_name, u.display_name, u.email, u.title, u.status,
	u.session_epoch, u.version, u.created_at, u.updated_at,
	(SELECT count(*) FROM totp_devices d WHERE d.user_pk = u.pk AND d.confirmed_at IS NOT NULL)
		+ (SELECT count(*) FROM security_keys k WHERE k.user_pk = u.pk) AS factors,
	(SELECT s.signed_in_at FROM sessions s WHERE s.user_pk = u.pk AND s.signed_in_at IS NOT NULL
		ORDER BY s.signed_in_at DESC LIMIT 1) AS last_sign_in,
	EXISTS (SELECT 1 FROM passwords p WHERE p.user_pk = u.pk) AS has_password,
	EXISTS (SELECT 1 FROM attempts a WHERE a.user_pk = u.pk AND a.codes_disabled_at IS NOT NULL) AS codes_disabled`

// Users returns one page of the chosen people.
func (r Reader) Users(ctx context.Context, f UserFilter, p UserPage) ([]UserRow, error) {
	where, args := f.where()
	backwards := p.Before != ""
	if edge := cmp.Or(p.Before, p.After); edge != "" {
		condition, key, err := r.beyond(ctx, p, edge)
		if err != nil {
			return nil, err
		}
		where, args = append(where, condition), append(args, key...)
	}
	direction := "ASC"
	if p.Descending != backwards {
		direction = "DESC"
	}
	var rows []userRow
	err := r.list(ctx, &rows, `SELECT `+userRowColumns+` FROM users u`+clause(where)+`
		ORDER BY `+p.Order.column()+` `+direction+`, u.pk `+direction+` LIMIT ?`, append(args, p.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	people := make([]UserRow, len(rows))
	for i, row := range rows {
		people[i] = row.person()
	}
	if backwards {
		slices.Reverse(people)
	}
	return people, nil
}

// beyond is the condition for being on the far side of one person in the page's order. A person who was deleted in the
// meantime still marks the place.
func (r Reader) beyond(ctx context.Context, p UserPage, edge model.UserID) (string, []any, error) {
	var at struct {
		PK             int64
		SortFolded     string
		UserNameFolded string
		CreatedAt      time.Time
	}
	err := r.found(ctx, &at, "user", string(edge),
		`SELECT pk, sort_folded, user_name_folded, created_at FROM users WHERE id = ?`, edge)
	if err != nil {
		return "", nil, err
	}
	sign := ">"
	if p.Descending != (p.Before != "") {
		sign = "<"
	}
	key := map[UserOrder]any{ByUserName: at.UserNameFolded, ByCreation: at.CreatedAt.UTC()}[p.Order]
	if key == nil {
		key = at.SortFolded
	}
	return "(" + p.Order.column() + ", u.pk) " + sign + " (?, ?)", []any{key, at.PK}, nil
}

// CountUsers returns how many people the filter chooses.
func (r Reader) CountUsers(ctx context.Context, f UserFilter) (int, error) {
	where, args := f.where()
	var n int
	if err := r.one(ctx, &n, `SELECT count(*) FROM users u`+clause(where), args...); err != nil {
		return 0, fmt.Errorf("count users: %w", err)
	}
	return n, nil
}

// UserRank returns how many of the chosen people stand before one in the page's order.
func (r Reader) UserRank(ctx context.Context, f UserFilter, p UserPage, id model.UserID) (int, error) {
	where, args := f.where()
	condition, key, err := r.beyond(ctx, UserPage{Order: p.Order, Descending: p.Descending, Before: id}, id)
	if err != nil {
		return 0, err
	}
	where, args = append(where, condition), append(args, key...)
	var n int
	if err := r.one(ctx, &n, `SELECT count(*) FROM users u`+clause(where), args...); err != nil {
		return 0, fmt.Errorf("count users: %w", err)
	}
	return n, nil
}

// UserRow returns a person with what a list shows beside their name.
func (r Reader) UserRow(ctx context.Context, id model.UserID) (UserRow, error) {
	var row userRow
	err := r.found(ctx, &row, "user", string(id), `SELECT `+userRowColumns+` FROM users u WHERE u.id = ? AND u.to_seq IS NULL`, id)
	return row.person(), err
}

func (f UserFilter) where() (where []string, args []any) {
	where = []string{"u.to_seq IS NULL"}
	add := func(condition string, values ...any) { where, args = append(where, condition), append(args, values...) }
	const member = `(SELECT m.user_pk FROM memberships m JOIN groups g ON g.pk = m.group_pk
		WHERE g.id = ? AND g.to_seq IS NULL AND m.to_seq IS NULL)`
	if f.Text != "" {
		add(`u.search_folded LIKE ? ESCAPE '\'`, contains(f.Text))
	}
	if f.Status != "" {
		add("u.status = ?", f.Status)
	}
	if f.Group != "" {
		add("u.pk IN "+member, f.Group)
	}
	if f.NotIn != "" {
		add("u.pk NOT IN "+member, f.NotIn)
	}
	if f.WithoutFactor {
		add(`NOT EXISTS (SELECT 1 FROM totp_devices d WHERE d.user_pk = u.pk AND d.confirmed_at IS NOT NULL)
			AND NOT EXISTS (SELECT 1 FROM security_keys k WHERE k.user_pk = u.pk)`)
	}
	if f.NeverSignedIn {
		add("NOT EXISTS (SELECT 1 FROM sessions s WHERE s.user_pk = u.pk AND s.signed_in_at IS NOT NULL)")
	}
	return where, args
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"

	"gatehouse/internal/model"
)

// list fills dst, a pointer to a slice, with the rows of a query written with ? for its arguments.
func (r Reader) list(ctx context.Context, dst any, query string, args ...any) error {
	return sqlx.SelectContext(ctx, r.q, dst, r.rebind(query), args...)
}

// one fills dst with the only row of a query; sql.ErrNoRows when there is none.
func (r Reader) one(ctx context.Context, dst any, query string, args ...any) error {
	return sqlx.GetContext(ctx, r.q, dst, r.rebind(query), args...)
}

// found is one for a thing that people ask for: a missing row is a NotFound error that names it.
func (r Reader) found(ctx context.Context, dst any, what, id, query string, args ...any) error {
	err := r.one(ctx, dst, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return model.Missing(what, id)
	}
	return err
}

func (r Reader) rebind(query string) string { return sqlx.Rebind(r.bind(), query) }

func (r Reader) bind() int { return sqlx.BindType(r.q.DriverName()) }

// exec changes rows.
func (t *Tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := t.q.ExecContext(ctx, t.rebind(query), args...)
	return err
}

// affected changes rows and reports how many: a conditional UPDATE is how one-time things are consumed.
func (t *Tx) affected(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := t.q.ExecContext(ctx, t.rebind(query), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// marks is n question marks for a list of values.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// orNull is t for the database: NULL when zero.
func orNull(t time.Time) sql.NullTime { return sql.NullTime{Time: t.UTC(), Valid: !t.IsZero()} }

// fold is the form in which names are compared and searched.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// contains is the LIKE pattern for a substring; the query must say ESCAPE '\'.
func contains(text string) string {
	if len(text) > mostSearched {
		return "" // longer than anything that is searched: it is in nothing
	}
	return "%" + literal(fold(text)) + "%"
}

// mostSearched is how many bytes a text to search for may have. An engine refuses patterns that are much longer.
const mostSearched = 8192

// literal is the part of a LIKE pattern that matches a text as it stands.
func literal(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// in is the right side of IN for some values, (?, ?), with its arguments. No values are (NULL), which nothing is in.
func in[T any](values []T) (marks string, args []any) {
	if len(values) == 0 {
		return "(NULL)", nil
	}
	for _, v := range values {
		args = append(args, v)
	}
	return "(?" + strings.Repeat(", ?", len(values)-1) + ")", args
}

// columnName maps a Go field to its column: GivenName to given_name, AccessKeyID to access_key_id, OUPK to ou_pk.
func columnName(field string) string {
	for _, initialism := range []string{"TOTP", "OU", "PK", "ID", "ARN", "IP", "MAC"} {
		field = strings.ReplaceAll(field, initialism, initialism[:1]+strings.ToLower(initialism[1:]))
	}
	var b strings.Builder
	for i, r := range field {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

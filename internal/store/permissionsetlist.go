package store

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// SetFilter chooses permission sets. Zero fields do not limit.
type SetFilter struct {
	Text   string // part of the name or the description
	Policy string // ARN of an AWS-managed policy that the set has, as a policy or as its boundary
	Use    string // "yes": has assignments; "no": has none
	After  string // name of the last set of the page before
	Limit  int    // at most this many; zero means 10,000
}

// SetRow is a permission set in a list.
type SetRow struct {
	ID             model.PermissionSetID
	Name           string
	Description    string
	SessionSeconds int64
	Version        int64
	SavedAt        time.Time
	Managed        int  // AWS-managed policies
	Customer       int  // customer-managed references
	Inline         bool // has an inline policy
	Bounded        bool // has a boundary
	Unknown        bool // has an AWS-managed policy or boundary whose document is not known
}

// Session is how long a session lasts.
func (r SetRow) Session() time.Duration { return time.Duration(r.SessionSeconds) * time.Second }

const setTables = `
	FROM permission_sets s JOIN permission_set_versions v ON v.set_pk = s.pk AND v.to_seq IS NULL`

// PermissionSets returns the chosen permission sets in order of their names.
func (r Reader) PermissionSets(ctx context.Context, f SetFilter) ([]SetRow, error) {
	where, args := f.where()
	limit := f.Limit
	if limit <= 0 {
		limit = 10_000
	}
	var rows []SetRow
	count := func(kinds string) string {
		return `(SELECT count(*) FROM permission_set_policies p WHERE p.version_pk = v.pk AND ` + kinds + `)`
	}
	err := r.list(ctx, &rows, `
		SELECT s.id, v.name, v.description, v.session_seconds, v.version, v.saved_at,
			`+count(`p.kind = 'managed'`)+` AS managed,
			`+count(`p.kind = 'customer'`)+` AS customer,
			`+count(`p.kind = 'inline'`)+` > 0 AS inline,
			`+count(`p.kind IN ('boundary-managed', 'boundary-customer')`)+` > 0 AS bounded,
			`+count(`p.kind IN ('managed', 'boundary-managed') AND p.document_hash IS NULL`)+` > 0 AS unknown`+
		setTables+clause(where)+`
		ORDER BY s.name_folded
		LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list permission sets: %w", err)
	}
	return rows, nil
}

// CountPermissionSets returns how many permission sets the filter chooses from f.After on, whatever its limit.
func (r Reader) CountPermissionSets(ctx context.Context, f SetFilter) (int, error) {
	where, args := f.where()
	var n int
	return n, r.one(ctx, &n, `SELECT count(*)`+setTables+clause(where), args...)
}

func (f SetFilter) where() (where []string, args []any) {
	where = []string{"s.to_seq IS NULL"}
	if f.After != "" {
		where, args = append(where, "s.name_folded > ?"), append(args, fold(f.After))
	}
	if f.Text != "" {
		where = append(where, `(s.name_folded LIKE ? ESCAPE '\' OR lower(v.description) LIKE ? ESCAPE '\')`)
		args = append(args, contains(f.Text), contains(f.Text))
	}
	if f.Policy != "" {
		where = append(where, `EXISTS (SELECT 1 FROM permission_set_policies p
			WHERE p.version_pk = v.pk AND p.kind IN ('managed', 'boundary-managed') AND p.name = ?)`)
		args = append(args, f.Policy)
	}
	const assigned = `EXISTS (SELECT 1 FROM assignments a WHERE a.set_pk = s.pk AND a.to_seq IS NULL)`
	switch f.Use {
	case "yes":
		where = append(where, assigned)
	case "no":
		where = append(where, "NOT "+assigned)
	}
	return where, args
}

// PoliciesInUse returns how many current permission sets have each AWS-managed policy, as a policy or as their
// boundary.
func (r Reader) PoliciesInUse(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		Name string
		Sets int
	}
	err := r.list(ctx, &rows, `
		SELECT p.name, count(DISTINCT v.set_pk) AS sets
		FROM permission_set_policies p
		JOIN permission_set_versions v ON v.pk = p.version_pk AND v.to_seq IS NULL
		WHERE p.kind IN ('managed', 'boundary-managed')
		GROUP BY p.name`)
	if err != nil {
		return nil, fmt.Errorf("count the policies in use: %w", err)
	}
	used := make(map[string]int, len(rows))
	for _, row := range rows {
		used[row.Name] = row.Sets
	}
	return used, nil
}

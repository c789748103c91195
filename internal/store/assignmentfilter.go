package store

import (
	"time"

	"gatehouse/internal/model"
)

// AssignmentFilter chooses rules. Zero fields do not limit.
type AssignmentFilter struct {
	Users    []model.UserID  // for any of these people
	Groups   []model.GroupID // or groups
	Set      model.PermissionSetID
	Accounts []model.AccountID     // on any of these accounts
	OUs      []model.OUID          // or units
	State    model.AssignmentState // as of Now
	Text     string                // part of the name of a person, group, set, account or unit, or of the reason
	Now      time.Time
	ByEnd    bool               // only those with an end, soonest first; otherwise newest first
	After    model.AssignmentID // the last rule of the page before
	Before   model.AssignmentID // or the first of the page behind
	Limit    int                // at most this many; zero means 100,000
}

// AssignmentCounts says how many rules there are in all, and in the states other than lasting.
type AssignmentCounts struct{ Total, Ending, Scheduled, Expired int }

func (f AssignmentFilter) where() (where []string, args []any) {
	add := func(condition string, values ...any) { where, args = append(where, condition), append(args, values...) }
	add("a.to_seq IS NULL")
	if len(f.Users)+len(f.Groups) > 0 {
		users, userIDs := in(f.Users)
		groups, groupIDs := in(f.Groups)
		add(`(a.user_pk IN (SELECT pk FROM users WHERE id IN `+users+`)
			OR a.group_pk IN (SELECT pk FROM groups WHERE id IN `+groups+`))`, append(userIDs, groupIDs...)...)
	}
	if f.Set != "" {
		add("a.set_pk = (SELECT pk FROM permission_sets WHERE id = ?)", f.Set)
	}
	if len(f.Accounts)+len(f.OUs) > 0 {
		accounts, accountIDs := in(f.Accounts)
		ous, ouIDs := in(f.OUs)
		add(`(a.account_pk IN (SELECT pk FROM accounts WHERE id IN `+accounts+`)
			OR a.ou_pk IN (SELECT pk FROM ous WHERE id IN `+ous+`))`, append(accountIDs, ouIDs...)...)
	}
	if f.Text != "" {
		like := contains(f.Text)
		add(`(a.user_pk IN (SELECT pk FROM users WHERE search_folded LIKE ? ESCAPE '\')
			OR a.group_pk IN (SELECT pk FROM groups WHERE name_folded LIKE ? ESCAPE '\')
			OR a.set_pk IN (SELECT pk FROM permission_sets WHERE name_folded LIKE ? ESCAPE '\')
			OR a.account_pk IN (SELECT pk FROM accounts WHERE lower(name) LIKE ? ESCAPE '\' OR id LIKE ? ESCAPE '\')
			OR a.ou_pk IN (SELECT pk FROM ous WHERE lower(name) LIKE ? ESCAPE '\')
			OR lower(a.reason) LIKE ? ESCAPE '\')`, like, like, like, like, like, like, like)
	}
	return where, args
}

// inState limits to the rules in the filter's state.
func (f AssignmentFilter) inState() (where []string, args []any) {
	now, soon := f.Now.UTC(), f.Now.Add(model.EndsSoon).UTC()
	const started = "(a.starts_at IS NULL OR a.starts_at <= ?)"
	switch f.State {
	case model.AssignmentLasting:
		return []string{started, "(a.expires_at IS NULL OR a.expires_at > ?)"}, []any{now, soon}
	case model.AssignmentEnding:
		return []string{started, "a.expires_at > ?", "a.expires_at <= ?"}, []any{now, now, soon}
	case model.AssignmentScheduled:
		return []string{"a.starts_at > ?"}, []any{now}
	case model.AssignmentExpired:
		return []string{"a.expires_at <= ?"}, []any{now}
	}
	return nil, nil
}

// chosen is the conditions of the filter without its page.
func (f AssignmentFilter) chosen() (where []string, args []any) {
	where, args = f.where()
	stateWhere, stateArgs := f.inState()
	where, args = append(where, stateWhere...), append(args, stateArgs...)
	if f.ByEnd {
		where = append(where, "a.expires_at IS NOT NULL")
	}
	return where, args
}

// assignmentOrder is an order of rules: by end, or newest first.
type assignmentOrder struct{ byEnd bool }

func (f AssignmentFilter) order() assignmentOrder { return assignmentOrder{f.ByEnd} }

// by is the ORDER BY of the order, or of its reverse.
func (o assignmentOrder) by(reverse bool) string {
	switch {
	case o.byEnd && reverse:
		return "a.expires_at DESC, a.pk DESC"
	case o.byEnd:
		return "a.expires_at, a.pk"
	case reverse:
		return "a.pk"
	}
	return "a.pk DESC"
}

// beyond is the condition that a rule comes after the one whose id is its argument, or before it.
func (o assignmentOrder) beyond(after bool) string {
	column, value, side := "a.pk", "pk", ">"
	if o.byEnd {
		column, value = "(a.expires_at, a.pk)", "expires_at, pk"
	}
	if after != o.byEnd {
		side = "<"
	}
	return column + " " + side + " (SELECT " + value + " FROM assignments WHERE id = ?)"
}

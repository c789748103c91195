package center

import (
	"context"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// AssignmentsPage is how many rules a page of the list has.
const AssignmentsPage = 50

// AssignmentQuery asks for one page of rules. Zero fields do not limit.
type AssignmentQuery struct {
	User          model.UserID // what this person gets, alone or through groups
	Group         model.GroupID
	Set           model.PermissionSetID
	Account       model.AccountID // what reaches this account, through the units above it too
	OU            model.OUID      // what is made for this unit or one above it
	State         model.AssignmentState
	Text          string
	ByEnd         bool               // only rules with an end, soonest first; otherwise newest first
	After, Before model.AssignmentID // the last rule of the page before, or the first of the page behind
}

// AssignmentList is one page of rules.
type AssignmentList struct {
	Rules  []*Rule
	First  int                    // place of the first of them among all that match, from 1
	Total  int                    // how many match
	Counts store.AssignmentCounts // of what matches in any state
	Back   model.AssignmentID     // what to pass as Before for the page before; empty on the first
	Next   model.AssignmentID     // what to pass as After for the next page; empty on the last
	About  AssignmentEnds
}

// AssignmentEnds are the things that a query names; nil where it names none.
type AssignmentEnds struct {
	User    *access.User
	Group   *access.Group
	Set     *access.Set
	Account *access.Account
	OU      *access.OU
}

// Assignments returns one page of rules.
func (c *Center) Assignments(ctx context.Context, actor model.Actor, q AssignmentQuery) (AssignmentList, error) {
	var list AssignmentList
	err := c.view(ctx, actor, act{action: model.ActListAssignments}, func(r store.Reader, s *access.Snapshot) error {
		about, err := q.ends(s)
		if err != nil {
			return err
		}
		list.About = about
		return list.read(ctx, r, s, q.filter(about, c))
	})
	return list, err
}

// ends looks up what the query names. An unknown one is a NotFound error.
func (q AssignmentQuery) ends(s *access.Snapshot) (AssignmentEnds, error) {
	e := AssignmentEnds{User: s.User(q.User), Group: s.Group(q.Group), Set: s.Set(q.Set), Account: s.Account(q.Account),
		OU: s.OU(q.OU)}
	switch {
	case q.User != "" && e.User == nil:
		return e, model.Missing("user", string(q.User))
	case q.Group != "" && e.Group == nil:
		return e, model.Missing("group", string(q.Group))
	case q.Set != "" && e.Set == nil:
		return e, model.Missing("permission set", string(q.Set))
	case q.Account != "" && e.Account == nil:
		return e, model.Missing("account", string(q.Account))
	case q.OU != "" && e.OU == nil:
		return e, model.Missing("unit", string(q.OU))
	}
	return e, nil
}

// filter turns the query into rows: a person stands for their groups too, an account for the units above it.
func (q AssignmentQuery) filter(about AssignmentEnds, c *Center) store.AssignmentFilter {
	f := store.AssignmentFilter{Set: q.Set, State: q.State, Text: q.Text, Now: c.Now(), ByEnd: q.ByEnd, After: q.After,
		Before: q.Before, Limit: AssignmentsPage}
	if u := about.User; u != nil {
		f.Users = []model.UserID{u.ID}
		for _, g := range u.Groups {
			f.Groups = append(f.Groups, g.ID)
		}
	}
	if q.Group != "" {
		f.Groups = append(f.Groups, q.Group)
	}
	above := func(units []*access.OU) {
		for _, u := range units {
			f.OUs = append(f.OUs, u.ID)
		}
	}
	if a := about.Account; a != nil {
		f.Accounts = []model.AccountID{a.ID}
		above(a.Path())
	}
	if u := about.OU; u != nil {
		above(u.Path())
	}
	return f
}

func (l *AssignmentList) read(ctx context.Context, r store.Reader, s *access.Snapshot, f store.AssignmentFilter,
) (err error) {
	if l.Counts, err = r.CountAssignments(ctx, f); err != nil {
		return err
	}
	l.Total = totalOf(l.Counts, f.State)
	page, err := r.Assignments(ctx, f)
	if err != nil || len(page) == 0 {
		return err
	}
	for _, a := range page {
		if rule := s.Rule(a.ID); rule != nil {
			l.Rules = append(l.Rules, rule)
		}
	}
	first, last := page[0].ID, page[len(page)-1].ID
	before, err := r.AssignmentRank(ctx, f, first)
	if err != nil {
		return err
	}
	l.First = before + 1
	if before > 0 {
		l.Back = first
	}
	if before+len(page) < l.Total {
		l.Next = last
	}
	return nil
}

// totalOf is how many rules are in a state.
func totalOf(n store.AssignmentCounts, state model.AssignmentState) int {
	switch state {
	case model.AssignmentLasting:
		return n.Total - n.Ending - n.Scheduled - n.Expired
	case model.AssignmentEnding:
		return n.Ending
	case model.AssignmentScheduled:
		return n.Scheduled
	case model.AssignmentExpired:
		return n.Expired
	}
	return n.Total
}

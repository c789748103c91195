package center

import (
	"context"
	"fmt"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// UsersPage is how many people a page of the list has.
const UsersPage = 50

// UserQuery asks for one page of people.
type UserQuery struct {
	Text          string           // part of the name, user name or e-mail address
	Status        model.UserStatus // empty: any
	Group         model.GroupID    // empty: any
	NotIn         model.GroupID    // only who is not a member of this group; empty: any
	WithoutFactor bool
	NeverSignedIn bool
	Sort          string // "name" (when empty), "username" or "created"
	Descending    bool
	After, Before model.UserID // the last person of the page before, or the first of the page behind
}

// UserList is one page of people.
type UserList struct {
	People   []UserLine
	First    int   // place of the first of them among all that match, from 1
	Total    int   // how many match
	Views    Views // how many there are in the saved views
	InGroup  model.Group
	Back     model.UserID // what to pass as Before for the page before; empty on the first
	Next     model.UserID // what to pass as After for the next page; empty on the last
	Filtered bool
}

// Views counts people for the saved views of the list.
type Views struct{ Everyone, WithoutFactor, NeverSignedIn, Disabled int }

// UserLine is a person with what a list shows of them.
type UserLine struct {
	store.UserRow
	Groups   []string // names, in order
	Accounts int      // how many accounts they reach now
}

// Users returns one page of the people in the directory.
func (c *Center) Users(ctx context.Context, actor model.Actor, q UserQuery) (UserList, error) {
	var list UserList
	err := c.view(ctx, actor, act{action: model.ActListUsers}, func(r store.Reader, s *access.Snapshot) (err error) {
		if list, err = c.list(ctx, r, s, q); err != nil {
			return err
		}
		if q.Group != "" {
			if list.InGroup, err = r.Group(ctx, q.Group); err != nil {
				return err
			}
		}
		list.Views, err = views(ctx, r)
		return err
	})
	return list, err
}

// list reads one page of people with their place among all that match.
func (c *Center) list(ctx context.Context, r store.Reader, s *access.Snapshot, q UserQuery) (UserList, error) {
	filter, page := q.split()
	list := UserList{Filtered: filter != store.UserFilter{}}
	rows, err := r.Users(ctx, filter, page)
	if err != nil {
		return list, err
	}
	for _, row := range rows {
		list.People = append(list.People, c.line(s, row))
	}
	return list, list.place(ctx, r, filter, page)
}

// Lines returns some people as a list shows them, in the order given.
func (c *Center) Lines(ctx context.Context, actor model.Actor, ids []model.UserID) ([]UserLine, error) {
	var lines []UserLine
	err := c.view(ctx, actor, act{action: model.ActListUsers}, func(r store.Reader, s *access.Snapshot) error {
		if err := checkPeople(ids); err != nil {
			return err
		}
		for _, id := range distinct(ids) {
			row, err := r.UserRow(ctx, id)
			if err != nil {
				return err
			}
			lines = append(lines, c.line(s, row))
		}
		return nil
	})
	return lines, err
}

// checkPeople says whether an act on several people can be about so many.
func checkPeople(ids []model.UserID) error {
	switch {
	case len(ids) == 0:
		return &model.Error{Kind: model.Invalid, Message: "Choose at least one person."}
	case len(ids) > MostMembersAtOnce:
		return &model.Error{Kind: model.Invalid, Message: fmt.Sprintf("Choose at most %d people at once.", MostMembersAtOnce)}
	}
	return nil
}

func (q UserQuery) split() (store.UserFilter, store.UserPage) {
	return store.UserFilter{Text: q.Text, Status: q.Status, Group: q.Group, NotIn: q.NotIn, WithoutFactor: q.WithoutFactor,
			NeverSignedIn: q.NeverSignedIn},
		store.UserPage{Order: store.UserOrder(q.Sort), Descending: q.Descending, After: q.After, Before: q.Before,
			Limit: UsersPage}
}

func (c *Center) line(s *access.Snapshot, row store.UserRow) UserLine {
	line := UserLine{UserRow: row}
	if u := s.User(row.ID); u != nil {
		for _, g := range u.Groups {
			line.Groups = append(line.Groups, g.Name)
		}
	}
	line.Accounts = accountsOf(s.Roles(row.ID, c.Now()))
	return line
}

func views(ctx context.Context, r store.Reader) (Views, error) {
	var v Views
	for _, view := range []struct {
		n      *int
		filter store.UserFilter
	}{
		{&v.Everyone, store.UserFilter{}},
		{&v.WithoutFactor, store.UserFilter{Status: model.UserEnabled, WithoutFactor: true}},
		{&v.NeverSignedIn, store.UserFilter{Status: model.UserEnabled, NeverSignedIn: true}},
		{&v.Disabled, store.UserFilter{Status: model.UserDisabled}},
	} {
		n, err := r.CountUsers(ctx, view.filter)
		if err != nil {
			return v, err
		}
		*view.n = n
	}
	return v, nil
}

// place finds out where the page stands among all that match.
func (l *UserList) place(ctx context.Context, r store.Reader, filter store.UserFilter, page store.UserPage) (err error) {
	if l.Total, err = r.CountUsers(ctx, filter); err != nil || len(l.People) == 0 {
		return err
	}
	first, last := l.People[0].ID, l.People[len(l.People)-1].ID
	before, err := r.UserRank(ctx, filter, page, first)
	if err != nil {
		return err
	}
	l.First = before + 1
	if before > 0 {
		l.Back = first
	}
	if before+len(l.People) < l.Total {
		l.Next = last
	}
	return nil
}

package center

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// GroupsPage is how many groups a page of the list has.
const GroupsPage = 50

// GroupQuery asks for one page of groups.
type GroupQuery struct {
	Text       string // part of the name or the description
	View       string // "" for all, "empty" for those without members, "unused" for those without assignments
	Sort       string // "name" (when empty), "members" or "accounts"
	Descending bool
	After      model.GroupID // the last group of the page before
	Before     model.GroupID // the first group of the page behind
}

// GroupList is one page of groups.
type GroupList struct {
	Groups               []GroupLine
	First                int           // place of the first of them among all that match, from 1
	Total                int           // how many match
	InAll                int           // groups in the directory
	All, Empty, NoAccess int           // of the saved views, with the text filter
	Back, Next           model.GroupID // what to pass as Before and After for the neighbouring pages; empty at the ends
}

// GroupLine is a group with what a list shows of it.
type GroupLine struct {
	model.Group
	Members  int
	Rules    int // assignments
	Accounts int // that they reach now
	Sets     []string
}

// Groups returns one page of the groups in the directory.
func (c *Center) Groups(ctx context.Context, actor model.Actor, q GroupQuery) (GroupList, error) {
	var list GroupList
	err := c.view(ctx, actor, act{action: model.ActListGroups}, func(r store.Reader, s *access.Snapshot) error {
		groups, err := r.Groups(ctx, q.Text)
		if err != nil {
			return err
		}
		lines := make([]GroupLine, len(groups))
		for i, g := range groups {
			lines[i] = groupLine(s, g)
			if q.Sort == "accounts" { // otherwise only those of the page are worked out
				lines[i].Accounts = accountsOf(s.OfGroup(g.ID, c.Now()))
			}
		}
		list.count(lines)
		_, list.InAll, _, _, _ = s.Counts()
		lines = slices.DeleteFunc(lines, func(l GroupLine) bool {
			return (q.View == "empty" && l.Members > 0) || (q.View == "unused" && l.Rules > 0)
		})
		q.sort(lines)
		list.cut(lines, q)
		for i, l := range list.Groups {
			list.Groups[i].Accounts = accountsOf(s.OfGroup(l.ID, c.Now()))
		}
		return nil
	})
	return list, err
}

// cut takes the page out of all that match. A group that is gone or filtered out meanwhile leads to the first page.
func (l *GroupList) cut(lines []GroupLine, q GroupQuery) {
	at := func(id model.GroupID) int {
		return slices.IndexFunc(lines, func(g GroupLine) bool { return g.ID == id })
	}
	from := 0
	if q.After != "" {
		from = at(q.After) + 1
	} else if q.Before != "" {
		from = max(0, at(q.Before)-GroupsPage)
	}
	to := min(from+GroupsPage, len(lines))
	l.Groups, l.First, l.Total = lines[from:to], from+1, len(lines)
	if from > 0 {
		l.Back = lines[from].ID
	}
	if to < len(lines) {
		l.Next = lines[to-1].ID
	}
}

func groupLine(s *access.Snapshot, g model.Group) GroupLine {
	line := GroupLine{Group: g}
	if group := s.Group(g.ID); group != nil {
		line.Members = len(group.Members)
	}
	for _, rule := range s.RulesOf(g.ID) {
		line.Rules++
		if !slices.Contains(line.Sets, rule.Set.Name) {
			line.Sets = append(line.Sets, rule.Set.Name)
		}
	}
	return line
}

func (l *GroupList) count(lines []GroupLine) {
	l.All = len(lines)
	for _, line := range lines {
		if line.Members == 0 {
			l.Empty++
		}
		if line.Rules == 0 {
			l.NoAccess++
		}
	}
}

func (q GroupQuery) sort(lines []GroupLine) {
	slices.SortStableFunc(lines, func(a, b GroupLine) int {
		order := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
		switch q.Sort {
		case "members":
			order = cmp.Or(cmp.Compare(a.Members, b.Members), order)
		case "accounts":
			order = cmp.Or(cmp.Compare(a.Accounts, b.Accounts), order)
		}
		if q.Descending {
			return -order
		}
		return order
	})
}

// GroupNames returns all groups in order of their names, for choosing one.
func (c *Center) GroupNames(ctx context.Context, actor model.Actor) ([]model.Group, error) {
	var groups []model.Group
	err := c.view(ctx, actor, act{action: model.ActListGroups}, func(r store.Reader, _ *access.Snapshot) (err error) {
		groups, err = r.Groups(ctx, "")
		return err
	})
	return groups, err
}

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
	Offset     int // how many groups of the order to leave out
}

// GroupList is one page of groups.
type GroupList struct {
	Groups               []GroupLine
	Offset, Total        int
	All, Empty, NoAccess int // of the saved views
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
			lines[i] = c.groupLine(s, g)
		}
		list.count(lines)
		lines = slices.DeleteFunc(lines, func(l GroupLine) bool {
			return (q.View == "empty" && l.Members > 0) || (q.View == "unused" && l.Rules > 0)
		})
		q.sort(lines)
		list.Total = len(lines)
		list.Offset = max(0, min(q.Offset, len(lines)-1))
		list.Groups = lines[list.Offset:min(list.Offset+GroupsPage, len(lines))]
		return nil
	})
	return list, err
}

func (c *Center) groupLine(s *access.Snapshot, g model.Group) GroupLine {
	line := GroupLine{Group: g}
	if group := s.Group(g.ID); group != nil {
		line.Members = len(group.Members)
	}
	accounts := map[model.AccountID]bool{}
	for _, rule := range s.RulesOf(g.ID) {
		line.Rules++
		if !slices.Contains(line.Sets, rule.Set.Name) {
			line.Sets = append(line.Sets, rule.Set.Name)
		}
		if rule.Holds(c.Now()) {
			for _, account := range rule.Accounts() {
				accounts[account.ID] = true
			}
		}
	}
	line.Accounts = len(accounts)
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

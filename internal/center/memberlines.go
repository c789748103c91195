package center

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// MemberLine is one user name or e-mail address of a pasted list, and whom it means.
type MemberLine struct {
	Text    string
	User    model.User // zero when nobody has this user name or address
	Member  bool       // in the group already
	Twice   bool       // named by an earlier line
	Problem string     // why the line means nobody; empty when it does
}

// MemberLines is a pasted list.
type MemberLines []MemberLine

// People returns whom the list means, each once. Lines that mean nobody are a problem of the field "members", unless
// skip leaves them out.
func (l MemberLines) People(skip bool) ([]model.UserID, error) {
	var people []model.UserID
	unknown := 0
	for _, line := range l {
		switch {
		case line.Problem != "":
			unknown++
		case !line.Twice:
			people = append(people, line.User.ID)
		}
	}
	if unknown > 0 && !skip {
		p := model.Problems{}
		p.Add("members", fmt.Sprintf("%d of %d entries mean nobody. Correct them, or leave them out.", unknown, len(l)))
		return nil, p.Err()
	}
	return people, nil
}

// separators part the entries of a pasted list: lines, commas, semicolons and tabs. inBrackets finds the address in
// "Ana Beltrán <ana@example.com>".
var (
	separators = regexp.MustCompile(`[\n\r,;\t]+`)
	inBrackets = regexp.MustCompile(`<([^<>\s]+)>\s*$`)
)

// ParseMembers reads a pasted list of user names and e-mail addresses and says of each entry whom it means. group may be
// empty; otherwise who is in it already is marked.
func (c *Center) ParseMembers(ctx context.Context, actor model.Actor, group model.GroupID, text string) (MemberLines, error) {
	var lines MemberLines
	for _, entry := range separators.Split(text, -1) {
		if entry = strings.Trim(entry, " \u00a0\"'"); entry != "" {
			lines = append(lines, MemberLine{Text: entry})
		}
	}
	problems := model.Problems{}
	if len(lines) == 0 {
		problems.Add("members", "Enter at least one user name or e-mail address.")
	}
	if len(lines) > MostMembersAtOnce {
		problems.Add("members", fmt.Sprintf("Add at most %d people at once; these are %d.", MostMembersAtOnce, len(lines)))
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	err := c.view(ctx, actor, act{action: model.ActListUsers}, func(r store.Reader, s *access.Snapshot) error {
		handles := make([]string, len(lines))
		for i, line := range lines {
			handles[i] = handleIn(line.Text)
		}
		found, err := r.UsersByHandle(ctx, handles)
		if err != nil {
			return err
		}
		seen := map[model.UserID]bool{}
		for i := range lines {
			u, known := found[store.Handle(handles[i])]
			lines[i].judge(u, known, seen)
			if in := s.User(u.ID); in != nil {
				lines[i].Member = slices.ContainsFunc(in.Groups, func(g *access.Group) bool { return g.ID == group })
			}
		}
		return nil
	})
	return lines, err
}

func handleIn(entry string) string {
	if m := inBrackets.FindStringSubmatch(entry); m != nil {
		return m[1]
	}
	return entry
}

func (l *MemberLine) judge(u model.User, known bool, seen map[model.UserID]bool) {
	if !known {
		l.Problem = "No user has this user name or e-mail address."
		return
	}
	l.User, l.Twice = u, seen[u.ID]
	seen[u.ID] = true
}

// ParseGroups reads a list of group names, separated by commas, semicolons or lines, and returns the groups. A name that
// no group has is a problem of the field "groups".
func (c *Center) ParseGroups(ctx context.Context, actor model.Actor, text string) ([]model.GroupID, error) {
	var ids []model.GroupID
	err := c.view(ctx, actor, act{action: model.ActListGroups}, func(r store.Reader, _ *access.Snapshot) error {
		problems := model.Problems{}
		for _, name := range separators.Split(text, -1) {
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			g, err := r.GroupByName(ctx, name)
			if model.KindOf(err) == model.NotFound {
				problems.Add("groups", fmt.Sprintf("There is no group %q.", name))
				continue
			}
			if err != nil {
				return err
			}
			ids = append(ids, g.ID)
		}
		return problems.Err()
	})
	return ids, err
}

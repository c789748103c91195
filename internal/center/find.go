package center

import (
	"context"
	"slices"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Found is what a search finds, at most MostFound of each kind, and how many there are.
type Found struct {
	Kinds []FoundKind
}

// FoundKind is the things of one kind that match.
type FoundKind struct {
	Kind   model.RefKind
	Things []FoundThing
	Total  int
}

// FoundThing is one match.
type FoundThing struct {
	model.Ref
	Note string // what tells it from others of the name: user name, account id, description
}

// MostFound is how many things of a kind a search lists.
const MostFound = 20

// Find searches the names of everything that the actor may list: people, groups, accounts and permission sets. What they
// may not list is left out without a word.
func (c *Center) Find(ctx context.Context, actor model.Actor, text string) (Found, error) {
	var found Found
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
		for _, search := range []struct {
			action string
			find   func() (FoundKind, error)
		}{
			{model.ActListUsers, func() (FoundKind, error) { return findUsers(ctx, r, text) }},
			{model.ActListGroups, func() (FoundKind, error) { return findGroups(ctx, r, text) }},
			{model.ActListAccounts, func() (FoundKind, error) { return findAccounts(s, text), nil }},
			{model.ActListPermissionSets, func() (FoundKind, error) { return findSets(s, text), nil }},
		} {
			if _, err := authorise(s, actor, c.Now(), act{action: search.action}); err != nil && !actor.Host {
				continue
			}
			kind, err := search.find()
			if err != nil {
				return err
			}
			if kind.Total > 0 {
				found.Kinds = append(found.Kinds, kind)
			}
		}
		return nil
	})
	return found, err
}

func findUsers(ctx context.Context, r store.Reader, text string) (FoundKind, error) {
	k, filter := FoundKind{Kind: model.RefUser}, store.UserFilter{Text: text}
	rows, err := r.Users(ctx, filter, store.UserPage{Limit: MostFound})
	if err != nil {
		return k, err
	}
	for _, u := range rows {
		k.Things = append(k.Things, FoundThing{userRef(u.User), u.UserName})
	}
	k.Total, err = r.CountUsers(ctx, filter)
	return k, err
}

func findGroups(ctx context.Context, r store.Reader, text string) (FoundKind, error) {
	groups, err := r.Groups(ctx, text)
	k := FoundKind{Kind: model.RefGroup, Total: len(groups)}
	for _, g := range groups[:min(len(groups), MostFound)] {
		k.Things = append(k.Things, FoundThing{groupRef(g), g.Description})
	}
	return k, err
}

func findAccounts(s *access.Snapshot, text string) FoundKind {
	k := FoundKind{Kind: model.RefAccount}
	if s.Root() == nil {
		return k
	}
	for _, a := range s.Root().Below() {
		k.match(text, FoundThing{memberRef(a), string(a.ID)})
	}
	return k
}

func findSets(s *access.Snapshot, text string) FoundKind {
	k := FoundKind{Kind: model.RefPermissionSet}
	for _, set := range s.Sets() {
		k.match(text, FoundThing{model.Ref{Kind: model.RefPermissionSet, ID: string(set.ID), Name: set.Name}, set.Description})
	}
	return k
}

// match counts a thing when its name or its id has the text, and keeps the first of them.
func (k *FoundKind) match(text string, thing FoundThing) {
	text = strings.ToLower(strings.TrimSpace(text))
	if !slices.ContainsFunc([]string{thing.Name, thing.ID}, func(s string) bool { return strings.Contains(strings.ToLower(s), text) }) {
		return
	}
	if k.Total++; k.Total <= MostFound {
		k.Things = append(k.Things, thing)
	}
}

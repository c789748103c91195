package center

import (
	"context"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Place is a unit or an account of the organization.
type Place struct {
	Target     model.Target
	Name       string
	Depth      int                // 0 for the root
	Path       string             // names of the units above it below the root: Workloads/Prod
	Unit       model.OUID         // the unit it hangs in; empty for the root
	State      model.AccountState // of accounts
	Management bool               // the management account, which SCPs do not bind
	Attached   []store.Attached   // here itself
	Inherits   bool               // a policy other than AWS's own is attached above
	Accounts   int                // in a unit and below
	Entry      access.Entry
}

// IsUnit reports whether the place is a unit or the root.
func (p Place) IsUnit() bool { return p.Target.Kind == model.TargetOU }

// Words names a place with the units above it: Workloads/Prod/SecureCart-Production.
func (p Place) Words() string {
	if p.Path == "" {
		return p.Name
	}
	return p.Path + "/" + p.Name
}

// Guarded reports whether a policy other than AWS's own is attached here.
func (p Place) Guarded() bool {
	return slices.ContainsFunc(p.Attached, func(a store.Attached) bool { return !a.Policy.AWSManaged })
}

// TreeQuery chooses what of the organization to show.
type TreeQuery struct {
	Text    string // part of the name, id or unit of an account, or of the name or id of a unit
	Guarded bool   // only places with a policy of their own
	Open    string // id of the unit, or of an account in the unit, whose accounts show when there are too many for all
	List    bool   // accounts only, by name, from one after After
	After   string // id of the last account of the page before
}

// Tree is the organization from the root down, or its accounts as a list.
type Tree struct {
	Places   []Place
	Units    int // in all, without the root
	Accounts int // in all
	Matches  int // places that the query chose, on all pages
	Folded   bool
	First    int // number of the first account of the page, from 1
	Next     string
}

// The most places on one page: more than these would be slower to read than to search.
const (
	mostPlaces   = 400
	accountsPage = 100
)

// Tree returns what a query chooses of the organization.
func (c *Center) Tree(ctx context.Context, actor model.Actor, q TreeQuery) (Tree, error) {
	var tree Tree
	err := c.view(ctx, actor, act{action: model.ActListAccounts}, func(r store.Reader, s *access.Snapshot) error {
		attached, err := attachedAt(ctx, r)
		if err != nil {
			return err
		}
		g := newGrower(s, attached, c.Now())
		tree = g.grow(q)
		return nil
	})
	return tree, err
}

// attachedAt returns what is attached where.
func attachedAt(ctx context.Context, r store.Reader) (map[model.Target][]store.Attached, error) {
	all, err := r.Attachments(ctx)
	if err != nil {
		return nil, err
	}
	at := map[model.Target][]store.Attached{}
	for _, a := range all {
		at[a.Target] = append(at[a.Target], a)
	}
	return at, nil
}

// grower lays out the organization.
type grower struct {
	access   *access.Snapshot
	attached map[model.Target][]store.Attached
	now      time.Time
	census   *access.Census // of now
}

func newGrower(s *access.Snapshot, attached map[model.Target][]store.Attached, now time.Time) grower {
	return grower{access: s, attached: attached, now: now, census: s.Census(now)}
}

func (g grower) grow(q TreeQuery) Tree {
	root := g.access.Root()
	all := g.places(root, 0)
	tree := Tree{Accounts: len(root.Below())}
	tree.Units = len(all) - tree.Accounts - 1
	if q.List {
		g.list(&tree, all, q)
	} else {
		g.prune(&tree, all, q)
	}
	for i := range tree.Places {
		tree.Places[i].Entry = g.entry(tree.Places[i].Target)
	}
	return tree
}

// places returns a unit, its accounts and the units below it, from the top down.
func (g grower) places(u *access.OU, depth int) []Place {
	places := []Place{g.unit(u, depth)}
	for _, a := range u.Accounts {
		places = append(places, g.account(a, depth+1))
	}
	for _, child := range u.Children {
		places = append(places, g.places(child, depth+1)...)
	}
	return places
}

func (g grower) unit(u *access.OU, depth int) Place {
	p := Place{
		Target:   model.Target{Kind: model.TargetOU, ID: string(u.ID)},
		Name:     u.Name,
		Depth:    depth,
		Accounts: len(u.Below()),
	}
	if u.Parent != nil {
		p.Unit, p.Path, p.Inherits = u.Parent.ID, pathOf(u.Parent), g.guards(u.Parent)
	}
	p.Attached = g.attached[p.Target]
	return p
}

func (g grower) account(a *access.Account, depth int) Place {
	p := Place{Target: model.Target{Kind: model.TargetAccount, ID: string(a.ID)}, Name: a.Name, Depth: depth,
		State: a.State, Unit: a.OU.ID, Path: pathOf(a.OU), Management: a.ID == g.access.Organization.ManagementAccount,
		Inherits: g.guards(a.OU)}
	p.Attached = g.attached[p.Target]
	return p
}

// guards reports whether a policy other than AWS's own is attached to a unit or above it.
func (g grower) guards(u *access.OU) bool {
	for at := u; at != nil; at = at.Parent {
		target := model.Target{Kind: model.TargetOU, ID: string(at.ID)}
		if (Place{Attached: g.attached[target]}).Guarded() {
			return true
		}
	}
	return false
}

// pathOf is a unit in words, empty for the root.
func pathOf(u *access.OU) string {
	if u.Parent == nil {
		return ""
	}
	return u.Words()
}

func (g grower) entry(t model.Target) access.Entry {
	return g.census.Entry(accountsAt(g.access, t))
}

// matches reports whether the query chooses a place.
func (q TreeQuery) matches(p Place) bool {
	if q.Guarded && !p.Guarded() {
		return false
	}
	text := strings.ToLower(strings.TrimSpace(q.Text))
	return text == "" || strings.Contains(strings.ToLower(p.Name), text) || strings.Contains(p.Target.ID, text) ||
		(!p.IsUnit() && strings.Contains(strings.ToLower(p.Path), text))
}

// prune keeps the places that the query chooses and the units above them. An organization too large for one page shows
// the accounts of one unit only.
func (g grower) prune(tree *Tree, all []Place, q TreeQuery) {
	keep := make([]bool, len(all))
	var above [model.MostOUDepth + 2]int // the unit of each depth on the way to the place at hand
	for i, p := range all {
		if p.IsUnit() {
			above[min(p.Depth, len(above)-1)] = i
		}
		if !q.matches(p) {
			continue
		}
		tree.Matches++
		keep[i] = true
		for depth := range p.Depth {
			keep[above[depth]] = true
		}
	}
	count := 0
	for _, k := range keep {
		if k {
			count++
		}
	}
	tree.Folded = count > mostPlaces
	for i, p := range all {
		if keep[i] && (!tree.Folded || p.IsUnit() || string(p.Unit) == q.Open || p.Target.ID == q.Open) &&
			len(tree.Places) < 2*mostPlaces {
			tree.Places = append(tree.Places, p)
		}
	}
}

// list keeps one page of the accounts that the query chooses, by name.
func (g grower) list(tree *Tree, all []Place, q TreeQuery) {
	accounts := slices.DeleteFunc(all, func(p Place) bool { return p.IsUnit() || !q.matches(p) })
	slices.SortFunc(accounts, func(a, b Place) int {
		return strings.Compare(strings.ToLower(a.Name)+"\x00"+a.Target.ID, strings.ToLower(b.Name)+"\x00"+b.Target.ID)
	})
	tree.Matches = len(accounts)
	from := slices.IndexFunc(accounts, func(p Place) bool { return p.Target.ID == q.After }) + 1
	to := min(from+accountsPage, len(accounts))
	tree.Places, tree.First = accounts[from:to], from+1
	if to < len(accounts) {
		tree.Next = accounts[to-1].Target.ID
	}
}

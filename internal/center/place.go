package center

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// PlaceView is all there is to know about a unit or an account: where it hangs, what limits it, who can enter.
type PlaceView struct {
	Place
	Account    model.Account // when it is one
	OU         model.OU      // when it is one
	Above      []Place       // the units from the root down to the one it hangs in
	Guardrails []Guardrail   // SCPs and then RCPs in force, top down, AWS's own included
	Entries    []SetEntry    // who can enter, by permission set, the most people first
	Rules      []*access.Rule
	May        map[string]bool // action → whether the person who asks may do it here
}

// Guardrail is a policy in force at a place.
type Guardrail struct {
	store.Attached
	At     string // name of the unit or account it is attached to
	Direct bool   // attached here itself; else inherited
	Binds  bool   // false where the policy has no effect: SCPs in the management account
}

// SetEntry counts the people whom a permission set lets in.
type SetEntry struct {
	Set       *access.Set
	People    int
	Unbounded bool // the set allows all of IAM in at least one of the accounts
}

// Place returns what there is to know about a unit or an account.
func (c *Center) Place(ctx context.Context, actor model.Actor, t model.Target) (PlaceView, error) {
	var v PlaceView
	err := c.view(ctx, actor, act{action: model.ActListAccounts}, func(r store.Reader, s *access.Snapshot) error {
		attached, err := attachedAt(ctx, r)
		if err != nil {
			return err
		}
		g := grower{access: s, attached: attached, now: c.Now()}
		if t.Kind == model.TargetOU {
			v, err = g.viewUnit(ctx, r, model.OUID(t.ID))
		} else {
			v, err = g.viewAccount(ctx, r, model.AccountID(t.ID))
		}
		if err != nil {
			return err
		}
		v.May = map[string]bool{}
		for _, ask := range v.asks(s) {
			_, err := authorise(s, actor, c.Now(), ask)
			v.May[ask.action] = err == nil || actor.Host
		}
		return nil
	})
	return v, err
}

func (g grower) viewUnit(ctx context.Context, r store.Reader, id model.OUID) (PlaceView, error) {
	u := g.access.OU(id)
	if u == nil {
		return PlaceView{}, model.Missing("unit", string(id))
	}
	path := u.Path()
	v := PlaceView{Place: g.unit(u, len(path)-1), Above: g.units(path[:len(path)-1]), Rules: u.Rules(),
		Guardrails: g.guardrails(path, nil), Entries: g.entries(u.Below())}
	v.Entry = g.entry(v.Target)
	var err error
	v.OU, err = r.OU(ctx, id)
	return v, err
}

func (g grower) viewAccount(ctx context.Context, r store.Reader, id model.AccountID) (PlaceView, error) {
	a := g.access.Account(id)
	if a == nil {
		return PlaceView{}, model.Missing("account", string(id))
	}
	path := a.Path()
	v := PlaceView{Place: g.account(a, len(path)), Above: g.units(path), Rules: a.Rules(),
		Guardrails: g.guardrails(path, a), Entries: g.entries([]*access.Account{a})}
	v.Entry = g.entry(v.Target)
	var err error
	v.Account, err = r.Account(ctx, id)
	return v, err
}

func (g grower) units(path []*access.OU) []Place {
	places := make([]Place, len(path))
	for i, u := range path {
		places[i] = g.unit(u, i)
	}
	return places
}

// guardrails returns the policies in force along a path, the account's own last; account is nil for a unit.
func (g grower) guardrails(path []*access.OU, account *access.Account) []Guardrail {
	places := g.units(path)
	management := false
	if account != nil {
		last := g.account(account, len(path))
		management, places = last.Management, append(places, last)
	}
	var rails []Guardrail
	for i, p := range places {
		for _, a := range p.Attached {
			rails = append(rails, Guardrail{Attached: a, At: p.Name, Direct: i == len(places)-1, Binds: !management})
		}
	}
	slices.SortStableFunc(rails, func(a, b Guardrail) int { return -cmp.Compare(a.Policy.Kind, b.Policy.Kind) })
	return rails
}

// entries counts who can enter some accounts by permission set.
func (g grower) entries(accounts []*access.Account) []SetEntry {
	people, unbounded := map[*access.Set]map[*access.User]bool{}, map[*access.Set]bool{}
	seen := map[*access.Rule]bool{}
	for _, account := range accounts {
		if account.State != model.AccountActive {
			continue
		}
		for _, rule := range account.Rules() {
			if !rule.Holds(g.now) {
				continue
			}
			unbounded[rule.Set] = unbounded[rule.Set] || g.access.Unbounded(rule.Set, account, g.now)
			if !seen[rule] {
				seen[rule] = true
				note(people, rule)
			}
		}
	}
	var entries []SetEntry
	for set, holders := range people {
		entries = append(entries, SetEntry{Set: set, People: len(holders), Unbounded: unbounded[set]})
	}
	slices.SortFunc(entries, func(a, b SetEntry) int {
		return cmp.Or(cmp.Compare(b.People, a.People), strings.Compare(a.Set.Name, b.Set.Name))
	})
	return entries
}

// note adds the enabled people of a rule to those of its set.
func note(people map[*access.Set]map[*access.User]bool, rule *access.Rule) {
	for _, user := range rule.People() {
		if !user.Enabled {
			continue
		}
		if people[rule.Set] == nil {
			people[rule.Set] = map[*access.User]bool{}
		}
		people[rule.Set][user] = true
	}
}

// asks are the acts that a page about the place offers.
func (v PlaceView) asks(s *access.Snapshot) []act {
	org := s.Organization
	if v.IsUnit() {
		u := s.OU(model.OUID(v.Target.ID))
		return []act{onUnit(org, model.ActCreateOU, u), onUnit(org, model.ActUpdateOU, u), onUnit(org, model.ActDeleteOU, u),
			onUnit(org, model.ActCreateAccount, u), onUnit(org, model.ActAttachPolicy, u), onUnit(org, model.ActDetachPolicy, u)}
	}
	a := s.Account(model.AccountID(v.Target.ID))
	return []act{onMember(org, model.ActUpdateAccount, a), onMember(org, model.ActMoveAccount, a),
		onMember(org, model.ActRemoveAccount, a), onMember(org, model.ActAttachPolicy, a), onMember(org, model.ActDetachPolicy, a)}
}

// Holder is somebody who can enter an account with a permission set.
type Holder struct {
	access.Role
	Unbounded bool
	Ends      time.Time // zero: without end
}

// HolderPage is one page of the people who can enter an account.
type HolderPage struct {
	Holders []Holder
	Total   int // of all pages, as filtered
	First   int // number of the first one shown, from 1
	Next    int // how many to skip for the next page; 0 when there is none
}

// holdersPage is how many people one page of an account's holders has.
const holdersPage = 100

// HolderQuery chooses people who can enter an account.
type HolderQuery struct {
	Account model.AccountID
	Text    string // part of the name of the person, the set or the group it comes through
	Skip    int
}

// Holders returns who can enter an account, by permission set and then person, with what lets them in.
func (c *Center) Holders(ctx context.Context, actor model.Actor, q HolderQuery) (HolderPage, error) {
	var page HolderPage
	err := c.view(ctx, actor, act{action: model.ActListAccounts}, func(_ store.Reader, s *access.Snapshot) error {
		if s.Account(q.Account) == nil {
			return model.Missing("account", string(q.Account))
		}
		roles := slices.DeleteFunc(s.InAccount(q.Account, c.Now()), func(r access.Role) bool { return !q.matches(r) })
		page.Total = len(roles)
		from := min(max(q.Skip, 0), len(roles))
		to := min(from+holdersPage, len(roles))
		page.First = from + 1
		if to < len(roles) {
			page.Next = to
		}
		for _, r := range roles[from:to] {
			page.Holders = append(page.Holders, Holder{Role: r, Unbounded: s.Unbounded(r.Set, r.Account, c.Now()), Ends: r.ExpiresAt()})
		}
		return nil
	})
	return page, err
}

func (q HolderQuery) matches(r access.Role) bool {
	text := strings.ToLower(strings.TrimSpace(q.Text))
	names := []string{r.User.DisplayName, r.User.UserName, r.Set.Name}
	for _, rule := range r.Via {
		if rule.Group != nil {
			names = append(names, rule.Group.Name)
		}
	}
	return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(strings.ToLower(name), text) })
}

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

// PlaceView is all there is to know about a unit or an account: where it hangs, what limits it, who can enter.
type PlaceView struct {
	Place
	Account      model.Account // when it is one
	OU           model.OU      // when it is one
	ARN          string
	Organization string          // its name, with which names of the organization's things often begin
	Above        []Place         // the units from the root down to the one it hangs in
	Below        []Place         // what hangs directly in a unit, accounts first
	Kept         string          // why a unit cannot be deleted; empty when it can
	Guardrails   []Guardrail     // SCPs and then RCPs in force, top down, AWS's own included
	Entries      []SetEntry      // who can enter, by permission set, the most people first
	Rules        []RuleLine      // that name the place, and for an account those on the units above it
	Roles        []Role          // who can enter an account, by permission set and then person
	May          map[string]bool // action → whether the person who asks may do it here
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
	Unbounded bool // they can give themselves anything in at least one of the accounts
}

// Closed returns the names of the places on the way from which AWS's own SCP is detached: only what policies allow there
// passes.
func (v PlaceView) Closed() []string {
	var closed []string
	for _, p := range append(slices.Clone(v.Above), v.Place) {
		if !slices.ContainsFunc(p.Attached, func(a store.Attached) bool { return a.Policy.ID == model.FullAWSAccess }) {
			closed = append(closed, p.Name)
		}
	}
	return closed
}

// Place returns what there is to know about a unit or an account, to somebody who may also do what needs names there.
func (c *Center) Place(ctx context.Context, actor model.Actor, t model.Target, needs ...string) (PlaceView, error) {
	var v PlaceView
	err := c.view(ctx, actor, act{action: model.ActListAccounts}, func(r store.Reader, s *access.Snapshot) error {
		attached, err := attachedAt(ctx, r)
		if err != nil {
			return err
		}
		g := newGrower(s, attached, c.Now())
		if t.Kind == model.TargetOU {
			v, err = g.viewUnit(ctx, r, model.OUID(t.ID))
		} else {
			v, err = g.viewAccount(ctx, r, model.AccountID(t.ID))
		}
		if err != nil {
			return err
		}
		v.Organization, v.May = s.Organization.Name, map[string]bool{}
		for _, ask := range v.asks(s) {
			err := c.allowed(s, actor, ask)
			if v.May[ask.action] = err == nil; err != nil && slices.Contains(needs, ask.action) {
				return c.settle(ctx, actor, err)
			}
		}
		return nil
	})
	return v, err
}

// allowed asks whether somebody may act; its error is a refusal.
func (c *Center) allowed(s *access.Snapshot, actor model.Actor, a act) error {
	if actor.Host {
		return nil
	}
	_, err := authorise(s, actor, c.Now(), a)
	return err
}

func (g grower) viewUnit(ctx context.Context, r store.Reader, id model.OUID) (PlaceView, error) {
	u := g.access.OU(id)
	if u == nil {
		return PlaceView{}, model.Missing("unit", string(id))
	}
	path := u.Path()
	v := PlaceView{
		Place:      g.unit(u, len(path)-1),
		Above:      g.units(path[:len(path)-1]),
		Rules:      ruleLines(u.Rules(), g.now),
		Guardrails: g.guardrails(path, nil),
		Entries:    g.entries(u.Below()),
	}
	v.Entry, v.ARN = g.entry(v.Target), g.access.Organization.OUARN(id)
	v.Below = g.below(u, len(path))
	if why := holdsNothing(u); why != nil {
		v.Kept = why.Error()
	}
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
	v := PlaceView{
		Place:      g.account(a, len(path)),
		Above:      g.units(path),
		Rules:      ruleLines(a.Rules(), g.now),
		Roles:      g.access.InAccount(id, g.now),
		Guardrails: g.guardrails(path, a),
		Entries:    g.entries([]*access.Account{a}),
	}
	v.Entry, v.ARN = g.entry(v.Target), g.access.Organization.MemberARN(id)
	var err error
	v.Account, err = r.Account(ctx, id)
	return v, err
}

// below returns what hangs directly in a unit.
func (g grower) below(u *access.OU, depth int) []Place {
	var places []Place
	for _, a := range u.Accounts {
		places = append(places, g.account(a, depth))
	}
	for _, child := range u.Children {
		places = append(places, g.unit(child, depth))
	}
	for i := range places {
		places[i].Entry = g.entry(places[i].Target)
	}
	return places
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
	actions := []string{model.ActUpdateAccount, model.ActMoveAccount, model.ActRemoveAccount}
	if v.IsUnit() {
		actions = []string{model.ActCreateOU, model.ActUpdateOU, model.ActDeleteOU, model.ActCreateAccount}
	}
	asks := make([]act, 0, len(actions)+3)
	for _, action := range append(actions, model.ActAttachPolicy, model.ActDetachPolicy) {
		asks = append(asks, onPlace(s, action, v.Target))
	}
	assign := onPlace(s, model.ActCreateAssignment, v.Target)
	if !v.IsUnit() {
		assign.resources = []string{s.Organization.AccountARN(model.AccountID(v.Target.ID))}
	}
	return append(asks, assign)
}

package center

import (
	"context"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// MostChoices is how many of a kind a list to choose from shows; a text narrows it.
const MostChoices = 200

// ChoiceQuery narrows what is offered by parts of names, and says what is chosen already.
type ChoiceQuery struct {
	Who, Set, Where string
	Chosen          AssignRequest
}

// AssignChoices is what there is to choose from, in order of names. Chosen things that the lists leave out stand in the
// lists of their own.
type AssignChoices struct {
	Groups   []*access.Group
	People   []*access.User
	Sets     []*access.Set
	Targets  []TargetChoice
	Matching Matching
	Accounts int // that the query finds, shown or not
	Chosen   ChosenEnds
}

// Matching counts what the query finds, shown or not.
type Matching struct{ Groups, People, Sets, Targets int }

// TargetChoice is an account, or a unit with everything below it, as a line of the tree.
type TargetChoice struct {
	OU      *access.OU      // or nil
	Account *access.Account // or nil
	Depth   int             // below the root
}

// ChosenEnds are the nodes of what is chosen, in the order of the request; unknown ids are left out.
type ChosenEnds struct {
	Groups   []*access.Group
	People   []*access.User
	Sets     []*access.Set
	OUs      []*access.OU
	Accounts []*access.Account
}

// AssignChoices returns what there is to choose from.
func (c *Center) AssignChoices(ctx context.Context, actor model.Actor, q ChoiceQuery) (AssignChoices, error) {
	var v AssignChoices
	err := c.view(ctx, actor, act{action: model.ActListAssignments}, func(_ store.Reader, s *access.Snapshot) error {
		v.Groups, v.Matching.Groups = choose(s.Groups(), q.Who, func(g *access.Group) string { return g.Name })
		v.People, v.Matching.People = choose(s.Users(), q.Who,
			func(u *access.User) string { return u.DisplayName + "\n" + u.UserName })
		v.Sets, v.Matching.Sets = choose(s.Sets(), q.Set, func(s *access.Set) string { return s.Name + "\n" + s.Description })
		places := targetChoices(s.Root(), 0)
		v.Targets, v.Matching.Targets = choose(places, q.Where, TargetChoice.text)
		v.Accounts = len(accountsMatching(places, q.Where))
		v.Chosen = chosenOf(s, q.Chosen)
		return nil
	})
	return v, err
}

// AccountsMatching returns the targets of all accounts whose name, id or unit contains a text: what "select all" means.
func (c *Center) AccountsMatching(ctx context.Context, actor model.Actor, text string) ([]model.Target, error) {
	var targets []model.Target
	err := c.view(ctx, actor, act{action: model.ActListAssignments}, func(_ store.Reader, s *access.Snapshot) error {
		targets = accountsMatching(targetChoices(s.Root(), 0), text)
		return nil
	})
	return targets, err
}

func accountsMatching(places []TargetChoice, text string) []model.Target {
	var targets []model.Target
	for _, p := range places {
		if p.Account != nil && holdsText(p.text(), text) {
			targets = append(targets, model.Target{Kind: model.TargetAccount, ID: string(p.Account.ID)})
		}
	}
	return targets
}

// choose returns the first things that contain a text, and how many do.
func choose[T any](all []T, text string, words func(T) string) (shown []T, matching int) {
	for _, thing := range all {
		if !holdsText(words(thing), text) {
			continue
		}
		if matching++; matching <= MostChoices {
			shown = append(shown, thing)
		}
	}
	return shown, matching
}

func holdsText(words, text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	return text == "" || strings.Contains(strings.ToLower(words), text)
}

// targetChoices is the tree below a unit, depth first: each unit before what is in it.
func targetChoices(unit *access.OU, depth int) []TargetChoice {
	if unit == nil {
		return nil
	}
	list := []TargetChoice{{OU: unit, Depth: depth}}
	for _, account := range unit.Accounts {
		list = append(list, TargetChoice{Account: account, Depth: depth + 1})
	}
	for _, child := range unit.Children {
		list = append(list, targetChoices(child, depth+1)...)
	}
	return list
}

// text is what a filter looks into: an account is found by its units too.
func (p TargetChoice) text() string {
	if p.OU != nil {
		return p.OU.Words()
	}
	return p.Account.Name + "\n" + string(p.Account.ID) + "\n" + p.Account.OU.Words()
}

func chosenOf(s *access.Snapshot, q AssignRequest) ChosenEnds {
	var v ChosenEnds
	for _, p := range distinct(q.Principals) {
		if g := s.Group(model.GroupID(p.ID)); g != nil && p.Kind == model.PrincipalGroup {
			v.Groups = append(v.Groups, g)
		}
		if u := s.User(model.UserID(p.ID)); u != nil && p.Kind == model.PrincipalUser {
			v.People = append(v.People, u)
		}
	}
	for _, id := range distinct(q.Sets) {
		if set := s.Set(id); set != nil {
			v.Sets = append(v.Sets, set)
		}
	}
	for _, t := range distinct(q.Targets) {
		if u := s.OU(model.OUID(t.ID)); u != nil && t.Kind == model.TargetOU {
			v.OUs = append(v.OUs, u)
		}
		if a := s.Account(model.AccountID(t.ID)); a != nil && t.Kind == model.TargetAccount {
			v.Accounts = append(v.Accounts, a)
		}
	}
	return v
}

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

// Choices are what a question to the simulator can be about.
type Choices struct {
	Everybody bool         // may ask about others and with documents pasted in
	User      model.UserID // the person with the asked user name; empty when there is none
	Name      string       // their display name
	Users     []string     // user names, at most mostOffered
	Accounts  []Choice
	Sets      []Choice
}

// Choice is an account or a permission set; Held says that the person holds a role with it.
type Choice struct {
	ID, Name string
	Held     bool
}

// mostOffered is how many user names are offered while typing; any other can be typed.
const mostOffered = 200

// Choices returns what the actor can ask about the person with a user name: everything for who may simulate, their own
// roles for everybody else.
func (c *Center) Choices(ctx context.Context, actor model.Actor, userName string) (Choices, error) {
	var choices Choices
	err := c.look(ctx, func(_ store.Reader, s *access.Snapshot) error {
		_, err := authorise(s, actor, c.Now(), act{action: model.ActSimulate})
		choices.Everybody = err == nil
		if !choices.Everybody {
			userName = actor.UserName
		}
		accounts, sets := map[model.AccountID]bool{}, map[model.PermissionSetID]bool{}
		for _, u := range s.Users() {
			if choices.Everybody {
				choices.Users = append(choices.Users, u.UserName)
			}
			if strings.EqualFold(u.UserName, strings.TrimSpace(userName)) {
				choices.User, choices.Name = u.ID, u.DisplayName
			}
		}
		for _, role := range s.Roles(choices.User, c.Now()) {
			accounts[role.Account.ID], sets[role.Set.ID] = true, true
		}
		for _, a := range s.Accounts() {
			choices.Accounts = append(choices.Accounts, Choice{string(a.ID), a.Name, accounts[a.ID]})
		}
		for _, set := range s.Sets() {
			choices.Sets = append(choices.Sets, Choice{string(set.ID), set.Name, sets[set.ID]})
		}
		return nil
	})
	slices.Sort(choices.Users)
	choices.Users = choices.Users[:min(len(choices.Users), mostOffered)]
	choices.Accounts, choices.Sets = choices.order(choices.Accounts), choices.order(choices.Sets)
	return choices, err
}

// order puts what the person holds first, then by name; who may ask only about themselves gets nothing else.
func (ch Choices) order(list []Choice) []Choice {
	if !ch.Everybody {
		list = slices.DeleteFunc(list, func(c Choice) bool { return !c.Held })
	}
	slices.SortFunc(list, func(a, b Choice) int {
		if a.Held != b.Held {
			if a.Held {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return list
}

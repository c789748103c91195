package center

import (
	"context"
	"slices"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Choices are what a question to the simulator can be about.
type Choices struct {
	Everybody bool         // may ask about others, about roles nobody holds, and with a principal pasted in
	Region    string       // home Region of the organization
	User      model.UserID // the person with the asked user name; empty when there is none
	Name      string       // their display name
	Roles     []Role       // that they hold now
	Users     []string     // user names, at most mostOffered
	Accounts  []Choice
	Sets      []Choice
}

// Choice is an account or a permission set.
type Choice struct{ ID, Name string }

// mostOffered is how many user names are offered while typing; any other can be typed.
const mostOffered = 200

// Choices returns what the actor can ask about the person with a user name: everything for who may simulate, their own
// roles for everybody else.
func (c *Center) Choices(ctx context.Context, actor model.Actor, userName string) (Choices, error) {
	var choices Choices
	err := c.look(ctx, func(_ store.Reader, s *access.Snapshot) error {
		_, err := authorise(s, actor, c.Now(), act{action: model.ActSimulate})
		choices.Everybody, choices.Region = err == nil || actor.Host, s.Organization.Region
		if !choices.Everybody {
			userName = actor.UserName
		}
		for _, u := range s.Users() {
			if strings.EqualFold(u.UserName, strings.TrimSpace(userName)) {
				choices.User, choices.Name = u.ID, u.DisplayName
			}
		}
		choices.Roles = s.Roles(choices.User, c.Now())
		if choices.Everybody {
			choices.everything(s)
		}
		return nil
	})
	return choices, err
}

func (ch *Choices) everything(s *access.Snapshot) {
	for _, u := range s.Users() {
		ch.Users = append(ch.Users, u.UserName)
	}
	slices.Sort(ch.Users)
	ch.Users = ch.Users[:min(len(ch.Users), mostOffered)]
	for _, a := range s.Accounts() {
		ch.Accounts = append(ch.Accounts, Choice{string(a.ID), a.Name})
	}
	for _, set := range s.Sets() {
		ch.Sets = append(ch.Sets, Choice{string(set.ID), set.Name})
	}
}

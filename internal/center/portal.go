package center

import (
	"context"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Portal is what a person may use: their roles by account and permission set, and the credentials they took.
type Portal struct {
	Roles  []HeldRole
	Issued []Issued
	Ask    []string // without roles: people who can give some, by display name, at most mostToAsk
}

// HeldRole is a role of a person with when they last used it.
type HeldRole struct {
	Role
	LastUsed time.Time // when credentials were issued for it or last signed a request; zero: never
}

// mostToAsk is how many people a page names whom somebody can ask.
const mostToAsk = 3

// Portal returns what the actor may use now.
func (c *Center) Portal(ctx context.Context, actor model.Actor) (Portal, error) {
	var p Portal
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) (err error) {
		if p.Roles, err = c.rolesHeld(ctx, r, s, actor.User); err != nil {
			return err
		}
		if len(p.Roles) == 0 {
			p.Ask = whoAdministers(s, c.Now())
		}
		p.Issued, err = c.issuedTo(ctx, r, s, actor.User)
		return err
	})
	return p, err
}

func whoAdministers(s *access.Snapshot, now time.Time) []string {
	var names []string
	for _, u := range s.Administrators(now) {
		if len(names) < mostToAsk {
			names = append(names, u.DisplayName)
		}
	}
	return names
}

// MyRole returns a role that the actor holds now; a NotFound error when they do not.
func (c *Center) MyRole(ctx context.Context, actor model.Actor, account model.AccountID, set model.PermissionSetID,
) (HeldRole, error) {
	var role HeldRole
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
		held, ok := s.Role(actor.User, account, set, c.Now())
		if !ok {
			return &model.Error{Kind: model.NotFound,
				Message: "You do not have this role, or not any more. My accounts lists the roles you have."}
		}
		uses, err := r.LastUses(ctx, actor.User)
		role = HeldRole{Role: held, LastUsed: uses[store.Held{Account: account, Set: set}]}
		return err
	})
	return role, err
}

func (c *Center) rolesHeld(ctx context.Context, r store.Reader, s *access.Snapshot, user model.UserID,
) ([]HeldRole, error) {
	uses, err := r.LastUses(ctx, user)
	if err != nil {
		return nil, err
	}
	roles := s.Roles(user, c.Now())
	held := make([]HeldRole, len(roles))
	for i, role := range roles {
		held[i] = HeldRole{Role: role, LastUsed: uses[store.Held{Account: role.Account.ID, Set: role.Set.ID}]}
	}
	return held, nil
}

package center

import (
	"context"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Menu is what the navigation shows a person.
type Menu struct {
	Organization model.Organization
	Operator     bool            // may open a place of the console: it is for them, not only the portal
	May          map[string]bool // action → whether the person may do it, on anything
	Users        int
	Groups       int
	Accounts     int
	Sets         int
	Assignments  int
	Approvals    bool // acts of the highest value need a second administrator, or some wait for one
	ToApprove    int  // acts of others that wait for the person's word
}

// places are the actions that open the places of the navigation.
var places = []string{
	model.ActReadOverview, model.ActListUsers, model.ActListGroups, model.ActListAccounts, model.ActListPermissionSets,
	model.ActListAssignments, model.ActSimulate, model.ActGetReport, model.ActReadAudit, model.ActReadSignInPolicy,
}

// Menu returns what the navigation shows a signed-in person.
func (c *Center) Menu(ctx context.Context, actor model.Actor) (Menu, error) {
	m := Menu{May: map[string]bool{}}
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
		m.Organization = s.Organization
		m.Users, m.Groups, m.Accounts, m.Sets, m.Assignments = s.Counts()
		if !s.Operates(actor.User, c.Now()) {
			return nil // without a role in the management account nothing is allowed
		}
		for _, action := range places {
			_, err := authorise(s, actor, c.Now(), act{action: action})
			m.May[action] = err == nil
			m.Operator = m.Operator || err == nil
		}
		return m.approvals(ctx, r, func(waiting []model.Approval) int { return mineToDecide(waiting, s, actor, c.Now()) })
	})
	return m, err
}

// approvals fills in what waits for approval.
func (m *Menu) approvals(ctx context.Context, r store.Reader, mine func([]model.Approval) int) error {
	p, err := r.SignInPolicy(ctx)
	if err != nil {
		return err
	}
	waiting, err := r.WaitingApprovals(ctx)
	if err != nil {
		return err
	}
	m.Approvals, m.ToApprove = p.TwoPeople || len(waiting) > 0, mine(waiting)
	return nil
}

package center

import (
	"context"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
)

// Loss is a rule that is to be removed, and what goes with it.
type Loss struct {
	Rule   *Rule
	People int // enabled people who hold the role through it now
	Losing int // of these, who lose it in at least one account: nothing else gives it to them
}

// ReviewUnassign says who would lose what if rules were removed together. The rules are removed and put back for it, so
// a refusal is that of the act, and recorded.
func (c *Center) ReviewUnassign(ctx context.Context, actor model.Actor, ids []model.AssignmentID) ([]Loss, error) {
	if err := checkRemoval(ids); err != nil {
		return nil, err
	}
	before, after, err := c.foresee(ctx, actor, func(w *work) error {
		_, err := w.unassignAll(ids, "")
		return err
	})
	if err != nil {
		return nil, err
	}
	var losses []Loss
	for _, id := range distinct(ids) {
		if rule := before.Rule(id); rule != nil {
			losing, people := access.Losing(rule, after, c.Now())
			losses = append(losses, Loss{Rule: rule, People: people, Losing: losing})
		}
	}
	return losses, nil
}

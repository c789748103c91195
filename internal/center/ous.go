package center

import (
	"context"
	"fmt"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
)

// ouState is what the trail keeps of a unit.
type ouState struct {
	Name    string     `json:"name"`
	Parent  model.OUID `json:"parent"`
	Version int64      `json:"version"`
}

func stateOfOU(u model.OU) string { return state(ouState{u.Name, u.Parent, u.Version}) }

// CreateOU makes a unit below another or below the root. u carries Name and Parent; it comes back with its id.
func (c *Center) CreateOU(ctx context.Context, actor model.Actor, u model.OU, reason string) (model.OU, error) {
	u.Name = strings.TrimSpace(u.Name)
	if err := u.Check(); err != nil {
		return u, err
	}
	err := c.do(ctx, actor, func(w *work) (err error) {
		parent, err := w.chosenUnit("parent", u.Parent)
		if err != nil {
			return err
		}
		if err := w.may(onUnit(w.org, model.ActCreateOU, parent)); err != nil {
			return err
		}
		if err := fits(u.Name, parent); err != nil {
			return err
		}
		if u.ID, err = model.NewOUID(c.Random, w.org.RootID); err != nil {
			return err
		}
		u.Version, u.CreatedAt = 1, w.tx.Now()
		if err := w.tx.InsertOU(ctx, u); err != nil {
			return err
		}
		if err := w.startOpen(model.Target{Kind: model.TargetOU, ID: string(u.ID)}); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActCreateOU, Reason: reason, State: stateOfOU(u),
			Objects: []model.Ref{{Kind: model.RefOU, ID: string(u.ID), Name: u.Name}, unitRef(parent)},
			Summary: fmt.Sprintf("Created the unit %s below %s", u.Name, parent.Words())})
	})
	return u, err
}

// fits checks that a new unit may hang below parent: AWS limits the depth, and siblings have different names.
func fits(name string, parent *access.OU) error {
	if len(parent.Path()) > model.MostOUDepth {
		return model.Taken("parent", fmt.Sprintf(
			"AWS lets at most %d units hang below each other. Choose a unit higher up.", model.MostOUDepth))
	}
	return freeName(name, "", parent)
}

// freeName checks that no unit below parent has the name, except the one with the id itself.
func freeName(name string, itself model.OUID, parent *access.OU) error {
	for _, sibling := range parent.Children {
		if sibling.ID != itself && strings.EqualFold(sibling.Name, strings.TrimSpace(name)) {
			return model.Taken("name", fmt.Sprintf("There is a unit %s below %s already. Choose another name.",
				sibling.Name, parent.Words()))
		}
	}
	return nil
}

// RenameOU gives a unit another name. u carries ID, Name and the Version that was read.
func (c *Center) RenameOU(ctx context.Context, actor model.Actor, u model.OU, reason string) (model.OU, error) {
	u.Name = strings.TrimSpace(u.Name)
	if err := u.Check(); err != nil {
		return u, err
	}
	err := c.do(ctx, actor, func(w *work) error {
		node, err := w.unit(u.ID)
		if err != nil {
			return err
		}
		if err := w.may(onUnit(w.org, model.ActUpdateOU, node)); err != nil {
			return err
		}
		if node.Parent == nil {
			return model.Taken("name", "The root has no name of its own and cannot be renamed.")
		}
		if err := freeName(u.Name, u.ID, node.Parent); err != nil {
			return err
		}
		if err := w.tx.UpdateOU(ctx, u); err != nil {
			return err
		}
		u.Parent, u.Version = node.Parent.ID, u.Version+1
		return w.record(model.Event{Action: model.ActUpdateOU, Reason: reason, State: stateOfOU(u),
			Objects: []model.Ref{{Kind: model.RefOU, ID: string(u.ID), Name: u.Name}},
			Summary: fmt.Sprintf("Renamed the unit %s to %s", node.Name, u.Name)})
	})
	return u, err
}

// DeleteOU ends a unit that holds nothing and that no rule names. Policies attached to it are detached with it.
func (c *Center) DeleteOU(ctx context.Context, actor model.Actor, id model.OUID, reason string) error {
	return c.do(ctx, actor, func(w *work) error {
		node, err := w.unit(id)
		if err != nil {
			return err
		}
		if err := w.may(onUnit(w.org, model.ActDeleteOU, node)); err != nil {
			return err
		}
		if err := holdsNothing(node); err != nil {
			return err
		}
		if err := w.tx.CloseOU(ctx, id); err != nil {
			return err
		}
		return w.record(
			model.Event{
				Action:  model.ActDeleteOU,
				Reason:  reason,
				Objects: []model.Ref{unitRef(node), unitRef(node.Parent)},
				Summary: "Deleted the unit " + node.Words(),
			},
		)
	})
}

// holdsNothing says why a unit cannot be deleted; nil when it can.
func holdsNothing(u *access.OU) error {
	words := ""
	switch n := len(u.Rules()); {
	case u.Parent == nil:
		words = "The root cannot be deleted."
	case len(u.Accounts) > 0:
		words = fmt.Sprintf("%s holds %s. Move them to another unit first.", u.Name, count(len(u.Accounts), "account"))
	case len(u.Children) > 0:
		words = fmt.Sprintf("%s holds %s. Delete them first.", u.Name, count(len(u.Children), "unit"))
	case n > 0:
		words = fmt.Sprintf("%s is the target of %s. Remove them first.", u.Name, count(n, "assignment"))
	default:
		return nil
	}
	return &model.Error{Kind: model.Conflict, Message: words}
}

// count is a number with its noun: 1 account, 2 accounts.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

package center

import (
	"context"
	"fmt"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
)

// groupState is what the trail keeps of a group.
type groupState struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Version     int64  `json:"version"`
}

func stateOfGroup(g model.Group) string { return state(groupState{g.Name, g.Description, g.Version}) }

func groupRef(g model.Group) model.Ref {
	return model.Ref{Kind: model.RefGroup, ID: string(g.ID), Name: g.Name}
}

// CreateGroup adds a group to the directory, with its first members.
func (c *Center) CreateGroup(ctx context.Context, actor model.Actor, g model.Group, members ...model.UserID) (model.Group, error) {
	g.Name, g.Description = strings.TrimSpace(g.Name), strings.TrimSpace(g.Description)
	if err := g.Check(); err != nil {
		return g, err
	}
	err := c.do(ctx, actor, func(w *work) error {
		if err := w.may(act{action: model.ActCreateGroup, resources: []string{w.org.IdentityStoreARN()}}); err != nil {
			return err
		}
		id, err := model.NewPrincipalID(c.Random, w.org.IdentityStoreID)
		if err != nil {
			return err
		}
		g.ID = model.GroupID(id)
		if err := w.tx.InsertGroup(w.ctx, g); err != nil {
			return err
		}
		if g, err = w.tx.Group(w.ctx, g.ID); err != nil {
			return err
		}
		err = w.record(model.Event{Action: model.ActCreateGroup, Objects: []model.Ref{groupRef(g)},
			Summary: "Created the group " + g.Name, State: stateOfGroup(g)})
		if err != nil || len(members) == 0 {
			return err
		}
		people, err := w.people(members)
		if err != nil {
			return err
		}
		_, err = w.join(g.ID, people)
		return err
	})
	return g, err
}

// UpdateGroup saves a group's name and description. g.Version is the version that was read; when somebody saved since,
// the error is a Conflict.
func (c *Center) UpdateGroup(ctx context.Context, actor model.Actor, g model.Group, reason string) (model.Group, error) {
	g.Name, g.Description = strings.TrimSpace(g.Name), strings.TrimSpace(g.Description)
	err := c.do(ctx, actor, func(w *work) error {
		before, err := w.tx.Group(w.ctx, g.ID)
		if err != nil {
			return err
		}
		if err := w.aboutGroup(model.ActUpdateGroup, before); err != nil {
			return err
		}
		if err := g.Check(); err != nil {
			return err
		}
		if err := w.tx.UpdateGroup(w.ctx, g); err != nil {
			return err
		}
		if g, err = w.tx.Group(w.ctx, g.ID); err != nil {
			return err
		}
		summary := "Changed the description of the group " + g.Name
		if g.Name != before.Name {
			summary = fmt.Sprintf("Renamed the group %s to %s", before.Name, g.Name)
		}
		return w.record(model.Event{Action: model.ActUpdateGroup, Objects: []model.Ref{groupRef(g)}, Summary: summary,
			Reason: reason, State: stateOfGroup(g)})
	})
	return g, err
}

// DeleteGroup takes a group out of the directory with its memberships and assignments: its members lose what it gave them.
func (c *Center) DeleteGroup(ctx context.Context, actor model.Actor, id model.GroupID, reason string) error {
	return c.do(ctx, actor, func(w *work) error {
		g, err := w.tx.Group(w.ctx, id)
		if err != nil {
			return err
		}
		if err := w.aboutGroup(model.ActDeleteGroup, g); err != nil {
			return err
		}
		if err := w.tx.CloseGroup(w.ctx, id); err != nil {
			return err
		}
		objects := append([]model.Ref{groupRef(g)}, w.tiesOfGroup(id)...)
		return w.record(model.Event{Action: model.ActDeleteGroup, Objects: objects, Summary: "Deleted the group " + g.Name,
			Reason: reason, State: stateOfGroup(g)})
	})
}

func (w *work) aboutGroup(action string, g model.Group) error {
	return w.may(act{action: action, resources: []string{w.org.GroupARN(g.ID)}, objects: []model.Ref{groupRef(g)}})
}

// tiesOfGroup names the people and the assignments that lose a group, and what those assignments gave.
func (w *work) tiesOfGroup(id model.GroupID) []model.Ref {
	if w.access == nil || w.access.Group(id) == nil {
		return nil
	}
	var ties []model.Ref
	for _, u := range w.access.Group(id).Members {
		ties = append(ties, model.Ref{Kind: model.RefUser, ID: string(u.ID), Name: u.DisplayName})
	}
	for _, rule := range w.access.Rules() {
		if rule.Group != nil && rule.Group.ID == id {
			ties = append(ties, ruleRefs(rule)...)
		}
	}
	return ties
}

// ruleRefs names an assignment, its permission set and its target.
func ruleRefs(r *access.Rule) []model.Ref {
	target := model.Ref{Kind: model.RefOU}
	if r.Account != nil {
		target = model.Ref{Kind: model.RefAccount, ID: string(r.Account.ID), Name: r.Account.Name}
	} else {
		target.ID, target.Name = string(r.OU.ID), r.OU.Words()
	}
	return []model.Ref{
		{Kind: model.RefAssignment, ID: string(r.ID), Name: r.Set.Name + " in " + target.Name},
		{Kind: model.RefPermissionSet, ID: string(r.Set.ID), Name: r.Set.Name}, target,
	}
}

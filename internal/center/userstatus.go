package center

import (
	"context"
	"fmt"
	"strings"

	"gatehouse/internal/model"
)

// DisableUser keeps a person out: their sessions end and their role credentials are revoked at once. Their groups and
// assignments stay and count again once they are enabled.
func (c *Center) DisableUser(ctx context.Context, actor model.Actor, id model.UserID, reason string) error {
	return c.setStatus(ctx, actor, id, statusChange{model.ActDisableUser, model.UserDisabled, "Disabled ", reason})
}

// EnableUser lets a disabled person sign in again.
func (c *Center) EnableUser(ctx context.Context, actor model.Actor, id model.UserID, reason string) error {
	return c.setStatus(ctx, actor, id, statusChange{model.ActEnableUser, model.UserEnabled, "Enabled ", reason})
}

type statusChange struct {
	action string
	status model.UserStatus
	word   string
	reason string
}

// DisableUsers keeps several people out, in one act: all of them or, when one may not be disabled, none. Who is disabled
// already is left as they are; it reports how many were not.
func (c *Center) DisableUsers(ctx context.Context, actor model.Actor, ids []model.UserID, reason string) (disabled int, err error) {
	if err := checkPeople(ids); err != nil {
		return 0, err
	}
	change := statusChange{model.ActDisableUser, model.UserDisabled, "Disabled ", reason}
	err = c.do(ctx, actor, func(w *work) error {
		people, err := w.people(distinct(ids))
		if err != nil {
			return err
		}
		disabled = 0
		for _, u := range people {
			if u.Status == change.status {
				continue
			}
			if err := w.setStatus(u, change); err != nil {
				return err
			}
			disabled++
		}
		if disabled == 0 {
			return &model.Error{Kind: model.Conflict, Message: "All of them are disabled already."}
		}
		return nil
	})
	return disabled, err
}

func (c *Center) setStatus(ctx context.Context, actor model.Actor, id model.UserID, change statusChange) error {
	return c.do(ctx, actor, func(w *work) error {
		u, err := w.tx.User(w.ctx, id)
		if err != nil {
			return err
		}
		return w.setStatus(u, change)
	})
}

func (w *work) setStatus(u model.User, change statusChange) error {
	if err := w.aboutPerson(change.action, u); err != nil {
		return err
	}
	switch {
	case u.Status == change.status:
		return &model.Error{Kind: model.Conflict, Message: u.DisplayName + " is " + strings.ToLower(string(u.Status)) + " already."}
	case u.ID == w.actor.User:
		return &model.Error{Kind: model.Conflict, Message: "You cannot disable yourself. Ask another administrator."}
	}
	if err := w.tx.SetUserStatus(w.ctx, u.ID, change.status); err != nil {
		return err
	}
	u.Status, u.Version = change.status, u.Version+1
	return w.record(model.Event{Action: change.action, Objects: []model.Ref{userRef(u)},
		Summary: change.word + u.DisplayName, Reason: change.reason, State: stateOfUser(u)})
}

// DeleteUser takes a person out of the directory with their memberships and direct assignments, ends their sessions and
// revokes their role credentials. The trail keeps what they did.
func (c *Center) DeleteUser(ctx context.Context, actor model.Actor, id model.UserID, reason string) error {
	return c.propose(ctx, actor, model.ActDeleteUser, &deleteUser{id, reason})
}

// deleteUser is a DeleteUser.
type deleteUser struct {
	User   model.UserID
	Reason string
}

func (q *deleteUser) run(w *work) error {
	u, err := w.tx.User(w.ctx, q.User)
	if err != nil {
		return err
	}
	if err := w.aboutPerson(model.ActDeleteUser, u); err != nil {
		return err
	}
	if u.ID == w.actor.User {
		return &model.Error{Kind: model.Conflict, Message: "You cannot delete yourself. Ask another administrator."}
	}
	if err := w.tx.CloseUser(w.ctx, u.ID); err != nil {
		return err
	}
	objects := append([]model.Ref{userRef(u)}, w.tiesOfUser(u.ID)...)
	return w.record(model.Event{Action: model.ActDeleteUser, Objects: objects,
		Summary: fmt.Sprintf("Deleted the user %s (%s)", u.DisplayName, u.UserName), Reason: q.Reason, State: stateOfUser(u)})
}

// tiesOfUser names the groups and the direct assignments that end with a person, and what those assignments gave.
func (w *work) tiesOfUser(id model.UserID) []model.Ref {
	if w.access == nil || w.access.User(id) == nil {
		return nil
	}
	var ties []model.Ref
	for _, g := range w.access.User(id).Groups {
		ties = append(ties, model.Ref{Kind: model.RefGroup, ID: string(g.ID), Name: g.Name})
	}
	for _, rule := range w.access.Rules() {
		if rule.User != nil && rule.User.ID == id {
			ties = append(ties, ruleRefs(rule)...)
		}
	}
	return ties
}

package center

import (
	"context"
	"fmt"

	"gatehouse/internal/model"
)

// RevokeRoleSession makes a set of role credentials worthless at once: one's own, or with permission somebody else's. Those
// of another person than it says are a NotFound error, as if there were none.
func (c *Center) RevokeRoleSession(ctx context.Context, actor model.Actor, user model.UserID, key model.AccessKeyID, reason string) error {
	return c.do(ctx, actor, func(w *work) error {
		u, err := w.mayRevoke(user)
		if err != nil {
			return err
		}
		s, _, err := w.tx.RoleSession(w.ctx, key)
		if err != nil {
			return err
		}
		if s.User != user {
			return model.Missing("access key", string(key))
		}
		revoked, err := w.tx.RevokeRoleSession(w.ctx, key)
		if err != nil {
			return err
		}
		if !revoked {
			return &model.Error{Kind: model.Conflict,
				Message: fmt.Sprintf("The credentials %s have expired or were revoked before.", key)}
		}
		s.RevokedAt = w.tx.Now()
		return w.record(model.Event{Action: model.ActRevokeRoleSession, Objects: []model.Ref{roleSessionRef(s), userRef(u)},
			Summary: fmt.Sprintf("Revoked the credentials %s of %s", key, u.DisplayName), Reason: reason,
			State: stateOfRoleSession(s)})
	})
}

// RevokeAllOf makes all role credentials of a person worthless at once, one's own or with permission somebody else's,
// and returns how many worked until then.
func (c *Center) RevokeAllOf(ctx context.Context, actor model.Actor, user model.UserID, reason string) (int, error) {
	var n int
	err := c.do(ctx, actor, func(w *work) error {
		u, err := w.mayRevoke(user)
		if err != nil {
			return err
		}
		sessions, err := w.tx.RoleSessionsOf(w.ctx, user, w.tx.Now())
		if err != nil {
			return err
		}
		if n, err = w.tx.RevokeRoleSessionsOf(w.ctx, user); err != nil {
			return err
		}
		if n == 0 {
			return &model.Error{Kind: model.Conflict, Message: u.DisplayName + " has no credentials that could be revoked."}
		}
		objects := []model.Ref{userRef(u)}
		for _, s := range sessions {
			objects = append(objects, roleSessionRef(s))
		}
		return w.record(model.Event{Action: model.ActRevokeRoleSession, Objects: objects,
			Summary: "Revoked all credentials of " + u.DisplayName, Reason: reason})
	})
	return n, err
}

// mayRevoke asks whether the actor may revoke role credentials of a person; their own they always may.
func (w *work) mayRevoke(user model.UserID) (model.User, error) {
	u, err := w.tx.User(w.ctx, user)
	if err != nil {
		return u, err
	}
	if user == w.actor.User {
		w.own()
		return u, nil
	}
	return u, w.aboutPerson(model.ActRevokeRoleSession, u)
}

package center

import (
	"context"
	"fmt"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// EndOwnSession signs the actor out of another browser and revokes the role credentials it obtained.
func (c *Center) EndOwnSession(ctx context.Context, actor model.Actor, id model.SessionID) error {
	return c.do(ctx, actor, func(w *work) error {
		w.own()
		return w.endSession(actor.User, selfRef(actor), id)
	})
}

// EndOtherSessions signs the actor out everywhere but here and revokes the role credentials that were obtained there.
func (c *Center) EndOtherSessions(ctx context.Context, actor model.Actor) (ended int, err error) {
	err = c.do(ctx, actor, func(w *work) error {
		w.own()
		if ended, err = w.tx.RevokeOtherSessions(w.ctx, actor.User, actor.Session); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActEndSession, Objects: []model.Ref{selfRef(actor)},
			Summary: "Signed out of all other browsers: " + count(ended, "session")})
	})
	return ended, err
}

// Security returns how a person signs in and where they are signed in, for an operator who may list sessions.
func (c *Center) Security(ctx context.Context, actor model.Actor, id model.UserID) (Security, error) {
	var security Security
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
		if !actor.Host {
			if _, err := authorise(s, actor, c.Now(), c.actOn(s, model.ActListSessions, id)); err != nil {
				return c.settle(ctx, actor, err)
			}
		}
		var err error
		security, err = c.security(ctx, r, id)
		return err
	})
	return security, err
}

// MayAbout reports which of some actions an actor may do to one person: policies can spare administrators.
func (c *Center) MayAbout(ctx context.Context, actor model.Actor, id model.UserID, actions ...string) (map[string]bool, error) {
	may := make(map[string]bool, len(actions))
	err := c.look(ctx, func(_ store.Reader, s *access.Snapshot) error {
		for _, action := range actions {
			_, err := authorise(s, actor, c.Now(), c.actOn(s, action, id))
			may[action] = err == nil
		}
		return nil
	})
	return may, err
}

// actOn is an act on a person.
func (c *Center) actOn(s *access.Snapshot, action string, id model.UserID) act {
	return act{action: action, resources: []string{s.Organization.UserARN(id)}, objects: refsOfUser(s, id),
		keys: targetKeys(s, c.Now(), id)}
}

func refsOfUser(s *access.Snapshot, id model.UserID) []model.Ref {
	ref := model.Ref{Kind: model.RefUser, ID: string(id)}
	if u := s.User(id); u != nil {
		ref.Name = u.DisplayName
	}
	return []model.Ref{ref}
}

// EndSession signs a person out of one browser and revokes the role credentials it obtained.
func (c *Center) EndSession(ctx context.Context, actor model.Actor, user model.UserID, id model.SessionID) error {
	return c.do(ctx, actor, func(w *work) error {
		u, err := w.tx.User(w.ctx, user)
		if err != nil {
			return err
		}
		if err := w.aboutPerson(model.ActEndSession, u); err != nil {
			return err
		}
		return w.endSession(u.ID, userRef(u), id)
	})
}

func (w *work) endSession(user model.UserID, whose model.Ref, id model.SessionID) error {
	ended, err := w.tx.RevokeSession(w.ctx, user, id)
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	if !ended {
		return model.Missing("session", string(id))
	}
	return w.record(model.Event{Action: model.ActEndSession,
		Objects: []model.Ref{whose, {Kind: model.RefSession, ID: string(id), Name: "session of " + whose.Name}},
		Summary: "Ended a session of " + whose.Name + " with the role credentials it obtained"})
}

// EndSessions signs a person out everywhere and revokes all their role credentials.
func (c *Center) EndSessions(ctx context.Context, actor model.Actor, user model.UserID) error {
	return c.do(ctx, actor, func(w *work) error {
		u, err := w.tx.User(w.ctx, user)
		if err != nil {
			return err
		}
		if err := w.aboutPerson(model.ActEndSession, u); err != nil {
			return err
		}
		if err := w.tx.RevokeSessions(w.ctx, u.ID); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActEndSession, Objects: []model.Ref{userRef(u)},
			Summary: "Ended all sessions of " + u.DisplayName + " and revoked their role credentials"})
	})
}

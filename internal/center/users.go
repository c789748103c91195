package center

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gatehouse/internal/model"
)

// userState is what the trail keeps of a person.
type userState struct {
	UserName    string `json:"userName"`
	GivenName   string `json:"givenName"`
	FamilyName  string `json:"familyName"`
	DisplayName string `json:"displayName"`
	Email       string `json:"email"`
	Title       string `json:"title,omitempty"`
	Status      string `json:"status"`
	Version     int64  `json:"version"`
}

func stateOfUser(u model.User) string {
	return state(userState{u.UserName, u.GivenName, u.FamilyName, u.DisplayName, u.Email, u.Title, string(u.Status), u.Version})
}

func userRef(u model.User) model.Ref {
	return model.Ref{Kind: model.RefUser, ID: string(u.ID), Name: u.DisplayName}
}

// trimmed returns the person with white space around the fields removed and the display name made from the names when
// it is missing.
func trimmed(u model.User) model.User {
	for _, field := range []*string{&u.UserName, &u.GivenName, &u.FamilyName, &u.DisplayName, &u.Email, &u.Title} {
		*field = strings.TrimSpace(*field)
	}
	if u.DisplayName == "" {
		u.DisplayName = strings.TrimSpace(u.GivenName + " " + u.FamilyName)
	}
	return u
}

// aboutPerson is permission for an act on a person. Policies can spare administrators with gatehouse:TargetIsAdministrator.
func (w *work) aboutPerson(action string, u model.User) error {
	return w.may(act{action: action, resources: []string{w.org.UserARN(u.ID)},
		keys: w.targetIsAdministrator(u.ID), objects: []model.Ref{userRef(u)}})
}

// targetIsAdministrator is the condition key that says whether one of some people administers the console.
func (w *work) targetIsAdministrator(people ...model.UserID) map[string][]string {
	administers := false
	for _, id := range people {
		administers = administers || (w.access != nil && w.access.Administers(id, w.tx.Now(), false))
	}
	return map[string][]string{"gatehouse:TargetIsAdministrator": {strconv.FormatBool(administers)}}
}

// CreateUser adds an enabled person to the directory and to some groups. They cannot sign in before they have a password:
// see InviteUser.
func (c *Center) CreateUser(ctx context.Context, actor model.Actor, u model.User, groups []model.GroupID) (model.User, error) {
	u = trimmed(u)
	if err := u.Check(); err != nil {
		return u, err
	}
	err := c.do(ctx, actor, func(w *work) error {
		if err := w.may(act{action: model.ActCreateUser, resources: []string{w.org.IdentityStoreARN()}}); err != nil {
			return err
		}
		id, err := model.NewPrincipalID(c.Random, w.org.IdentityStoreID)
		if err != nil {
			return err
		}
		u.ID, u.Status, u.SessionEpoch, u.Version = model.UserID(id), model.UserEnabled, 1, 1
		if err := w.tx.InsertUser(w.ctx, u); err != nil {
			return err
		}
		if u, err = w.tx.User(w.ctx, u.ID); err != nil {
			return err
		}
		err = w.record(model.Event{Action: model.ActCreateUser, Objects: []model.Ref{userRef(u)},
			Summary: fmt.Sprintf("Created the user %s (%s)", u.DisplayName, u.UserName), State: stateOfUser(u)})
		if err != nil {
			return err
		}
		for _, group := range groups {
			if _, err := w.join(group, []model.User{u}); err != nil {
				return err
			}
		}
		return nil
	})
	return u, err
}

// UpdateUser saves a person's names, e-mail address and title. The user name stays. u.Version is the version that was
// read; when somebody saved since, the error is a Conflict.
func (c *Center) UpdateUser(ctx context.Context, actor model.Actor, u model.User, reason string) (model.User, error) {
	u = trimmed(u)
	err := c.do(ctx, actor, func(w *work) error {
		before, err := w.tx.User(w.ctx, u.ID)
		if err != nil {
			return err
		}
		if err := w.aboutPerson(model.ActUpdateUser, before); err != nil {
			return err
		}
		u.UserName, u.Status, u.SessionEpoch = before.UserName, before.Status, before.SessionEpoch
		if err := u.Check(); err != nil {
			return err
		}
		if err := w.tx.UpdateUser(w.ctx, u); err != nil {
			return err
		}
		if u, err = w.tx.User(w.ctx, u.ID); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActUpdateUser, Objects: []model.Ref{userRef(u)},
			Summary: "Changed the profile of " + u.DisplayName, Reason: reason, State: stateOfUser(u)})
	})
	return u, err
}

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
	if len(ids) == 0 {
		return 0, &model.Error{Kind: model.Invalid, Message: "Choose at least one person."}
	}
	change := statusChange{model.ActDisableUser, model.UserDisabled, "Disabled ", reason}
	err = c.do(ctx, actor, func(w *work) error {
		people, err := w.people(ids)
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
	return c.do(ctx, actor, func(w *work) error {
		u, err := w.tx.User(w.ctx, id)
		if err != nil {
			return err
		}
		if err := w.aboutPerson(model.ActDeleteUser, u); err != nil {
			return err
		}
		if u.ID == actor.User {
			return &model.Error{Kind: model.Conflict, Message: "You cannot delete yourself. Ask another administrator."}
		}
		if err := w.tx.CloseUser(w.ctx, u.ID); err != nil {
			return err
		}
		objects := append([]model.Ref{userRef(u)}, w.tiesOfUser(u.ID)...)
		return w.record(model.Event{Action: model.ActDeleteUser, Objects: objects,
			Summary: fmt.Sprintf("Deleted the user %s (%s)", u.DisplayName, u.UserName), Reason: reason, State: stateOfUser(u)})
	})
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

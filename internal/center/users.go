package center

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/access"
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

// aboutPerson is permission for an act on a person. Policies can spare administrators, and who could make themselves one, with
// gatehouse:TargetIsAdministrator.
func (w *work) aboutPerson(action string, u model.User) error {
	return w.may(act{action: action, resources: []string{w.org.UserARN(u.ID)},
		keys: w.targetIsAdministrator(u.ID), objects: []model.Ref{userRef(u)}})
}

// targetIsAdministrator is the condition key that says whether one of some people could administer the console.
func (w *work) targetIsAdministrator(people ...model.UserID) map[string][]string {
	return targetKeys(w.access, w.tx.Now(), people...)
}

func targetKeys(s *access.Snapshot, now time.Time, people ...model.UserID) map[string][]string {
	could := func(id model.UserID) bool { return s != nil && s.CouldAdminister(id, now) }
	return map[string][]string{"gatehouse:TargetIsAdministrator": {strconv.FormatBool(slices.ContainsFunc(people, could))}}
}

// CreateUser adds an enabled person to the directory and to some groups. They cannot sign in before they have a password:
// see InviteUser.
func (c *Center) CreateUser(ctx context.Context, actor model.Actor, u model.User, groups []model.GroupID) (model.User, error) {
	u = trimmed(u)
	if err := u.Check(); err != nil {
		return u, err
	}
	q := &createUser{u, groups}
	err := c.propose(ctx, actor, model.ActCreateUser, q)
	return q.User, err
}

// createUser is a CreateUser.
type createUser struct {
	User   model.User
	Groups []model.GroupID
}

func (q *createUser) run(w *work) error {
	u := &q.User
	if err := w.may(act{action: model.ActCreateUser, resources: []string{w.org.IdentityStoreARN()}}); err != nil {
		return err
	}
	id, err := model.NewPrincipalID(w.center.Random, w.org.IdentityStoreID)
	if err != nil {
		return err
	}
	u.ID, u.Status, u.SessionEpoch, u.Version = model.UserID(id), model.UserEnabled, 1, 1
	if err := w.tx.InsertUser(w.ctx, *u); err != nil {
		return err
	}
	if *u, err = w.tx.User(w.ctx, u.ID); err != nil {
		return err
	}
	err = w.record(model.Event{Action: model.ActCreateUser, Objects: []model.Ref{userRef(*u)},
		Summary: fmt.Sprintf("Created the user %s (%s)", u.DisplayName, u.UserName), State: stateOfUser(*u)})
	if err != nil {
		return err
	}
	for _, group := range q.Groups {
		if _, err := w.join(group, []model.User{*u}); err != nil {
			return err
		}
	}
	return nil
}

// UpdateUser saves a person's names, e-mail address and title. The user name stays. u.Version is the version that was
// read; when somebody saved since, the error is a Conflict.
func (c *Center) UpdateUser(ctx context.Context, actor model.Actor, u model.User, reason string) (model.User, error) {
	u = trimmed(u)
	q := &updateUser{u, reason}
	err := c.propose(ctx, actor, model.ActUpdateUser, q)
	return q.User, err
}

// updateUser is an UpdateUser.
type updateUser struct {
	User   model.User
	Reason string
}

func (q *updateUser) run(w *work) error {
	u := &q.User
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
	if err := w.tx.UpdateUser(w.ctx, *u); err != nil {
		return err
	}
	if *u, err = w.tx.User(w.ctx, u.ID); err != nil {
		return err
	}
	if err := w.moveAddress(before, *u); err != nil {
		return err
	}
	return w.record(model.Event{Action: model.ActUpdateUser, Objects: []model.Ref{userRef(*u)},
		Summary: "Changed the profile of " + u.DisplayName, Reason: q.Reason, State: stateOfUser(*u)})
}

// moveAddress asks for a fresh second factor where a person gets another e-mail address, because links go there, and tells
// the person at the one that they had.
func (w *work) moveAddress(before, after model.User) error {
	if strings.EqualFold(before.Email, after.Email) {
		return nil
	}
	if err := w.center.fresh(w.actor); err != nil && !w.rehearsal {
		return err
	}
	return w.center.announce(w.ctx, w.tx, before, model.Notice{Kind: model.NoticeAddressMoved,
		Text: "Your e-mail address was changed to " + after.Email + " by " + nameOf(w.actor) + "."})
}

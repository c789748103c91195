package center

import (
	"context"
	"fmt"

	"gatehouse/internal/model"
)

// MostMembersAtOnce is how many people one act may add to a group.
const MostMembersAtOnce = 1000

// AddMembers puts people into a group and reports how many were not in it before. A person who does not exist fails the
// whole act.
func (c *Center) AddMembers(ctx context.Context, actor model.Actor, group model.GroupID, people []model.UserID) (added int, err error) {
	if err := checkPeople(people); err != nil {
		return 0, err
	}
	if group == "" {
		problems := model.Problems{}
		problems.Add("group", "Choose a group.")
		return 0, problems.Err()
	}
	q := &addMembers{Group: group, People: people}
	err = c.propose(ctx, actor, model.ActCreateMembership, q)
	return q.added, err
}

// addMembers is an AddMembers.
type addMembers struct {
	Group  model.GroupID
	People []model.UserID
	added  int
}

func (q *addMembers) run(w *work) error {
	users, err := w.people(distinct(q.People))
	if err != nil {
		return err
	}
	joined, err := w.join(q.Group, users)
	if err != nil {
		return err
	}
	if q.added = len(joined); q.added == 0 {
		return &model.Error{Kind: model.Conflict, Message: "All of them are members already."}
	}
	return nil
}

// people looks people up by id, in the order given.
func (w *work) people(ids []model.UserID) ([]model.User, error) {
	users := make([]model.User, len(ids))
	for i, id := range ids {
		u, err := w.tx.User(w.ctx, id)
		if err != nil {
			return nil, err
		}
		users[i] = u
	}
	return users, nil
}

// join asks for permission, puts people into a group and records it. It returns who was not in it before; when that is
// nobody, nothing is recorded.
func (w *work) join(id model.GroupID, people []model.User) ([]model.User, error) {
	g, err := w.tx.Group(w.ctx, id)
	if err != nil {
		return nil, err
	}
	if err := w.aboutMembers(model.ActCreateMembership, g, people); err != nil {
		return nil, err
	}
	var joined []model.User
	for _, u := range people {
		added, err := w.tx.InsertMembership(w.ctx, g.ID, u.ID)
		if err != nil {
			return nil, fmt.Errorf("add a member: %w", err)
		}
		if added {
			joined = append(joined, u)
		}
	}
	if len(joined) == 0 {
		return nil, nil
	}
	return joined, w.record(model.Event{Action: model.ActCreateMembership, Objects: membershipRefs(g, joined),
		Summary: fmt.Sprintf("Added %s to the group %s", namesOf(joined), g.Name)})
}

// RemoveMember takes a person out of a group.
func (c *Center) RemoveMember(ctx context.Context, actor model.Actor, group model.GroupID, user model.UserID) error {
	return c.do(ctx, actor, func(w *work) error {
		g, err := w.tx.Group(w.ctx, group)
		if err != nil {
			return err
		}
		u, err := w.tx.User(w.ctx, user)
		if err != nil {
			return err
		}
		people := []model.User{u}
		if err := w.aboutMembers(model.ActDeleteMembership, g, people); err != nil {
			return err
		}
		removed, err := w.tx.CloseMembership(w.ctx, g.ID, u.ID)
		if err != nil {
			return fmt.Errorf("remove a member: %w", err)
		}
		if !removed {
			return &model.Error{Kind: model.Conflict, Message: u.DisplayName + " is not a member of " + g.Name + "."}
		}
		return w.record(model.Event{Action: model.ActDeleteMembership, Objects: membershipRefs(g, people),
			Summary: fmt.Sprintf("Removed %s from the group %s", u.DisplayName, g.Name)})
	})
}

// aboutMembers is permission to change who is in a group. gatehouse:TargetIsAdministrator is true when one of the people
// is an administrator or when the group makes its members so: who may not touch administrators cannot make any either.
func (w *work) aboutMembers(action string, g model.Group, people []model.User) error {
	ids := make([]model.UserID, len(people))
	for i, u := range people {
		ids[i] = u.ID
	}
	keys := w.targetIsAdministrator(ids...)
	if w.access != nil && w.access.Empowers(g.ID, w.tx.Now()) {
		keys["gatehouse:TargetIsAdministrator"] = []string{"true"}
	}
	return w.may(act{action: action, resources: []string{w.org.GroupARN(g.ID)}, keys: keys, objects: membershipRefs(g, people)})
}

func membershipRefs(g model.Group, people []model.User) []model.Ref {
	refs := []model.Ref{groupRef(g)}
	for _, u := range people {
		refs = append(refs, userRef(u))
	}
	return refs
}

// namesOf is "Ana Beltrán", "Ana Beltrán and Ben Carter" or "Ana Beltrán and 4 others".
func namesOf(people []model.User) string {
	switch len(people) {
	case 1:
		return people[0].DisplayName
	case 2:
		return people[0].DisplayName + " and " + people[1].DisplayName
	}
	return fmt.Sprintf("%s and %d others", people[0].DisplayName, len(people)-1)
}

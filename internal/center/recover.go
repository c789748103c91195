package center

import (
	"context"
	"fmt"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// recoverySet is the permission set that a recovery makes when the administrators' own does not administer any more.
const recoverySet = "Gatehouse-Recovery"

// Recover is the way back in, for whoever can run a command on the machine: a link with which a person chooses a new
// password and enrols a new second factor. With administrator the person can administer the console at once.
func (c *Center) Recover(ctx context.Context, host model.Actor, userName string, administrator bool) (vault.Secret, error) {
	if !host.Host {
		return "", errHostOnly
	}
	var token vault.Secret
	err := c.do(ctx, host, func(w *work) error {
		w.own()
		u, err := w.tx.UserByName(w.ctx, userName)
		if err != nil {
			return err
		}
		if token, err = c.newLink(w.ctx, w.tx, model.Link{User: u.ID, Purpose: model.LinkRecovery}); err != nil {
			return err
		}
		err = w.record(model.Event{Action: model.ActRecover, Objects: []model.Ref{userRef(u)},
			Summary: "Made a link for " + u.DisplayName + " to choose a new password and second factor, good for 15 minutes"})
		if err != nil {
			return err
		}
		if err := w.letIn(&u); err != nil || !administrator {
			return err
		}
		return w.reinstate(u)
	})
	return token, err
}

// letIn enables a person who is disabled: their link would be worthless.
func (w *work) letIn(u *model.User) error {
	if u.Status == model.UserEnabled {
		return nil
	}
	if err := w.tx.SetUserStatus(w.ctx, u.ID, model.UserEnabled); err != nil {
		return err
	}
	u.Status, u.Version = model.UserEnabled, u.Version+1
	return w.record(model.Event{Action: model.ActEnableUser, Objects: []model.Ref{userRef(*u)},
		Summary: "Enabled " + u.DisplayName, State: stateOfUser(*u)})
}

// reinstate makes sure that a person administers the console for good: with the administrators' set if it still does that,
// else with one made for the purpose.
func (w *work) reinstate(u model.User) error {
	administers := func() (bool, error) {
		s, err := w.center.index.Build(w.ctx, w.tx.Reader)
		if err != nil {
			return false, err
		}
		w.access = s
		return s.Administers(u.ID, w.tx.Now(), true), nil
	}
	if done, err := administers(); err != nil || done {
		return err
	}
	for _, name := range []string{AdministratorSet, recoverySet} {
		set, err := w.setNamed(name)
		if err != nil {
			return err
		}
		if err := w.giveAdministration(u, set); err != nil {
			return err
		}
		if done, err := administers(); err != nil || done {
			return err
		}
	}
	return fmt.Errorf("%s does not administer the console even with %s: its policy was changed; delete that set and try again",
		u.UserName, recoverySet)
}

// setNamed returns the permission set with a name. One that does not exist is made as set-up makes the administrators'.
func (w *work) setNamed(name string) (model.PermissionSetID, error) {
	var found *access.Set
	for _, set := range w.access.Sets() {
		if set.Name == name {
			found = set
		}
	}
	if found != nil {
		return found.ID, nil
	}
	set := operatorSets()[0]
	set.Name = name
	made, err := w.addSet(set, "")
	return made.ID, err
}

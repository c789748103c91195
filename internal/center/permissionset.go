package center

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"
	"unicode/utf8"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// CreatePermissionSet makes a permission set. Its id is given here.
func (c *Center) CreatePermissionSet(ctx context.Context, actor model.Actor, s model.PermissionSet, reason string,
) (model.PermissionSet, error) {
	s = tidySet(s)
	problems := c.CheckPermissionSet(s, reason)
	err := c.do(ctx, actor, func(w *work) (err error) {
		a := act{action: model.ActCreatePermissionSet, resources: []string{w.org.InstanceARN()},
			keys: tagKeys("aws:RequestTag/", s.Tags)}
		if err := w.may(a); err != nil {
			return err
		}
		if problems != nil {
			return problems
		}
		for _, a.action = range changeOf(model.PermissionSet{}, s).actions {
			if err := w.may(a); err != nil {
				return err
			}
		}
		s, err = w.addSet(s, reason)
		return err
	})
	return s, err
}

// addSet keeps a checked permission set and records it. Who calls it has asked for permission.
func (w *work) addSet(s model.PermissionSet, reason string) (model.PermissionSet, error) {
	id, err := model.NewPermissionSetID(w.center.Random)
	if err != nil {
		return s, err
	}
	s.ID, s.Version, s.CreatedAt, s.UpdatedAt = id, 1, w.tx.Now(), w.tx.Now()
	documents, err := w.documentsOf(s, store.SetVersion{})
	if err != nil {
		return s, err
	}
	if err := w.tx.InsertPermissionSet(w.ctx, s, w.actor.User, documents); err != nil {
		return s, err
	}
	return s, w.record(model.Event{Action: model.ActCreatePermissionSet, Objects: []model.Ref{refSet(s)},
		Summary: "Created the permission set " + s.Name, Reason: reason, State: stateOfSet(s)})
}

// UpdatePermissionSet saves a permission set as a new version in place of version s.Version. Saving what is there
// already changes nothing and is no error. The name stays: the roles in the accounts carry it.
func (c *Center) UpdatePermissionSet(ctx context.Context, actor model.Actor, s model.PermissionSet, reason string,
) (model.PermissionSet, error) {
	s = tidySet(s)
	q := &updatePermissionSet{s, reason}
	err := c.propose(ctx, actor, model.ActUpdatePermissionSet, q)
	if errors.Is(err, errNothingChanged) {
		return q.Set, nil
	}
	return q.Set, err
}

// updatePermissionSet is an UpdatePermissionSet.
type updatePermissionSet struct {
	Set    model.PermissionSet
	Reason string
}

func (q *updatePermissionSet) run(w *work) error {
	_, _, err := w.updateSet(&q.Set, q.Reason)
	return err
}

// updateSet is the save: it returns what was there before, and what the save does to it.
func (w *work) updateSet(s *model.PermissionSet, reason string) (before store.SetVersion, change setChange, err error) {
	if before, err = w.set(s.ID, model.ActUpdatePermissionSet); err != nil {
		return before, change, err
	}
	if s.Name == "" {
		s.Name = before.Name
	}
	if err := w.center.CheckPermissionSet(*s, reason); err != nil {
		return before, change, err
	}
	change = changeOf(before.PermissionSet, *s)
	if err := w.mayChange(before.PermissionSet, *s, change); err != nil {
		return before, change, err
	}
	return before, change, w.saveSet(s, before, change, reason)
}

// errNothingChanged undoes a transaction that has nothing to say.
var errNothingChanged = errors.New("center: nothing changed")

func (w *work) saveSet(s *model.PermissionSet, before store.SetVersion, change setChange, reason string) error {
	if s.Version != before.Version {
		return model.Stale("permission set")
	}
	if s.Name != before.Name {
		return &model.Error{Kind: model.Invalid, Message: "Check the marked fields.", Fields: map[string]string{
			"name": "AWS does not rename permission sets: the roles in the accounts carry the name. Create another set."}}
	}
	if len(change.words) == 0 {
		return errNothingChanged
	}
	documents, err := w.documentsOf(*s, before)
	if err != nil {
		return err
	}
	if err := w.tx.UpdatePermissionSet(w.ctx, *s, w.actor.User, documents); err != nil {
		return err
	}
	s.Version, s.CreatedAt, s.UpdatedAt = before.Version+1, before.CreatedAt, w.tx.Now()
	return w.record(model.Event{Action: model.ActUpdatePermissionSet, Objects: []model.Ref{refSet(*s)},
		Summary: change.sentence(s.Name), Reason: reason, State: stateOfSet(*s)})
}

// set asks for an action on a permission set and the instance, and returns the set. Who may not act is told so whether
// or not the set exists.
func (w *work) set(id model.PermissionSetID, action string) (store.SetVersion, error) {
	set, missing := w.tx.PermissionSet(w.ctx, id)
	if missing != nil && model.KindOf(missing) != model.NotFound {
		return set, missing
	}
	set.ID = id
	a := w.onSet(set.PermissionSet)
	a.action = action
	if err := w.may(a); err != nil {
		return set, err
	}
	return set, missing
}

// onSet is an act on a permission set; its action is still to be said.
func (w *work) onSet(s model.PermissionSet) act {
	return act{resources: []string{w.org.InstanceARN(), w.org.PermissionSetARN(s.ID)}, objects: []model.Ref{refSet(s)},
		keys: tagKeys("aws:ResourceTag/", s.Tags)}
}

// mayChange asks for every further action that a save amounts to.
func (w *work) mayChange(before, after model.PermissionSet, change setChange) error {
	a := w.onSet(before)
	maps.Copy(a.keys, tagKeys("aws:RequestTag/", after.Tags))
	for _, a.action = range change.actions {
		if err := w.may(a); err != nil {
			return err
		}
	}
	return nil
}

// tagKeys are the condition keys that tags become.
func tagKeys(prefix string, tags model.Tags) map[string][]string {
	keys := make(map[string][]string, len(tags))
	for key, value := range tags {
		keys[prefix+key] = []string{value}
	}
	return keys
}

func refSet(s model.PermissionSet) model.Ref {
	return model.Ref{Kind: model.RefPermissionSet, ID: string(s.ID), Name: s.Name}
}

// tidySet removes what typing leaves behind: blanks around words, a missing path.
func tidySet(s model.PermissionSet) model.PermissionSet {
	s.Name, s.RelayState = strings.TrimSpace(s.Name), strings.TrimSpace(s.RelayState)
	s.Description = strings.TrimSpace(s.Description)
	if strings.TrimSpace(s.InlinePolicy) == "" {
		s.InlinePolicy = ""
	}
	for i := range s.CustomerPolicies {
		if s.CustomerPolicies[i].Path == "" {
			s.CustomerPolicies[i].Path = "/"
		}
	}
	if b := &s.Boundary.Customer; b.Name != "" && b.Path == "" {
		b.Path = "/"
	}
	return s
}

// CheckPermissionSet reports every problem of a set that can be seen in it alone: all but whether its name is free and
// its AWS-managed policies exist. It changes nothing and asks for no permission.
func (c *Center) CheckPermissionSet(s model.PermissionSet, reason string) error {
	p := model.Problems{}
	note := func(err error) {
		if e, ok := errors.AsType[*model.Error](err); ok {
			maps.Copy(p, e.Fields)
		}
	}
	if s.InlinePolicy != "" {
		note(c.checkDocument("inline_policy", eval.TypeIdentity, s.InlinePolicy))
	}
	note(s.Check())
	note(model.CheckReason(reason))
	return p.Err()
}

// isoDuration writes a duration as AWS does: PT8H, PT1H30M.
func isoDuration(d time.Duration) string {
	text := "PT"
	if hours := int(d / time.Hour); hours > 0 {
		text += fmt.Sprintf("%dH", hours)
	}
	if minutes := int(d % time.Hour / time.Minute); minutes > 0 {
		text += fmt.Sprintf("%dM", minutes)
	}
	return text
}

// stateOfSet is what the trail keeps of a permission set.
func stateOfSet(s model.PermissionSet) string {
	kept := map[string]any{"name": s.Name, "session_duration": isoDuration(s.SessionDuration)}
	keep := func(field string, has bool, value any) {
		if has {
			kept[field] = value
		}
	}
	keep("description", s.Description != "", s.Description)
	keep("relay_state", s.RelayState != "", s.RelayState)
	keep("managed_policies", len(s.ManagedPolicies) > 0, s.ManagedPolicies)
	keep("customer_policies", len(s.CustomerPolicies) > 0, pathsOf(s.CustomerPolicies))
	keep("inline_policy", s.InlinePolicy != "", documentState(s.InlinePolicy))
	keep("boundary", s.Boundary.Set(), s.Boundary.ManagedPolicy+s.Boundary.Customer.Path+s.Boundary.Customer.Name)
	keep("tags", len(s.Tags) > 0, s.Tags)
	return state(kept)
}

// documentState stands for a document in the trail: its text is kept with the version.
func documentState(document string) string {
	return fmt.Sprintf("%d characters, sha256 %.16s", utf8.RuneCountInString(document), digest(document))
}

// pathsOf writes customer-managed policies as path and name.
func pathsOf(policies []model.CustomerName) []string {
	names := make([]string, len(policies))
	for i, p := range policies {
		names[i] = p.Path + p.Name
	}
	return names
}

package center

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Past is one page of what happened to a thing, newest first.
type Past struct {
	Entries []Entry
	Total   int      // of all pages
	Next    int64    // what to pass as before for older entries; 0 when there are none
	Proof   Evidence // what this process found out last; of the whole trail alone
}

// Entry is an event with what it changed about its main thing.
type Entry struct {
	model.Event
	By      model.Ref   // the actor by display name; without an ID, and by their name then, when they are not in the directory
	Present []model.Ref // the objects that still exist
	Changes []Change
}

// Change is one field before and after; an empty side was absent.
type Change struct{ Field, Before, After string }

// historyPage is how many events a page of a history has.
const historyPage = 50

// readerOf is the action that shows a kind of thing, and with it its history. Kinds without one need the whole trail's.
var readerOf = map[model.RefKind]string{
	model.RefUser: model.ActListUsers, model.RefGroup: model.ActListGroups,
	model.RefAccount: model.ActListAccounts, model.RefOU: model.ActListAccounts, model.RefOrganization: model.ActListAccounts,
	model.RefPolicy: model.ActListPolicies, model.RefPermissionSet: model.ActListPermissionSets,
	model.RefAssignment: model.ActListAssignments, model.RefScenario: model.ActListScenarios,
	model.RefReport: model.ActGetReport, model.RefSignInPolicy: model.ActReadSignInPolicy,
}

// History returns the events that concern a thing, the newest page of those before a sequence number (0: the newest).
func (c *Center) History(ctx context.Context, actor model.Actor, ref model.Ref, before int64) (Past, error) {
	action, ok := readerOf[ref.Kind]
	if !ok {
		action = model.ActReadAudit
	}
	var past Past
	err := c.view(ctx, actor, act{action: action}, func(r store.Reader, s *access.Snapshot) error {
		filter := store.EventFilter{Object: ref, Before: before, Limit: historyPage + 1}
		events, err := r.Events(ctx, filter)
		if err != nil {
			return err
		}
		if past.Total, err = r.CountEvents(ctx, filter); err != nil {
			return fmt.Errorf("count the events of a thing: %w", err)
		}
		if len(events) > historyPage {
			events = events[:historyPage]
			past.Next = events[historyPage-1].Seq
		}
		past.Entries, err = entries(ctx, r, s, events)
		return err
	})
	return past, err
}

// entries adds to each event what it changed about its main thing, and what of it still exists.
func entries(ctx context.Context, r store.Reader, s *access.Snapshot, events []model.Event) ([]Entry, error) {
	list, last := make([]Entry, len(events)), map[model.Ref]string{}
	for i := len(events) - 1; i >= 0; i-- { // oldest first: each state is compared with the one before
		e := events[i]
		list[i] = Entry{Event: e, By: model.Ref{Kind: model.RefUser, Name: e.ActorName}, Present: present(s, e.Objects)}
		if u := s.User(e.Actor); u != nil {
			list[i].By.ID, list[i].By.Name = string(u.ID), u.DisplayName
		}
		if e.State == "" || len(e.Objects) == 0 {
			continue
		}
		thing := model.Ref{Kind: e.Objects[0].Kind, ID: e.Objects[0].ID}
		before, known := last[thing]
		if !known {
			var err error
			if before, err = r.StateBefore(ctx, thing, e.Seq); err != nil {
				return nil, err
			}
		}
		last[thing] = e.State
		if before != "" {
			list[i].Changes = changes(before, e.State)
		}
	}
	return list, nil
}

// present returns the things that still exist; kinds that the graph does not hold count as existing.
func present(s *access.Snapshot, refs []model.Ref) []model.Ref {
	return slices.DeleteFunc(slices.Clone(refs), func(ref model.Ref) bool {
		switch ref.Kind {
		case model.RefUser:
			return s.User(model.UserID(ref.ID)) == nil
		case model.RefGroup:
			return s.Group(model.GroupID(ref.ID)) == nil
		case model.RefAccount:
			return s.Account(model.AccountID(ref.ID)) == nil
		case model.RefOU:
			return s.OU(model.OUID(ref.ID)) == nil
		case model.RefPermissionSet:
			return s.Set(model.PermissionSetID(ref.ID)) == nil
		}
		return false
	})
}

// changes compares two states field by field, in order of the fields' names.
func changes(before, after string) []Change {
	old, now := map[string]any{}, map[string]any{}
	if json.Unmarshal([]byte(before), &old) != nil || json.Unmarshal([]byte(after), &now) != nil {
		return nil // a state that is no object has no fields to compare
	}
	names := map[string]bool{}
	for name := range old {
		names[name] = true
	}
	for name := range now {
		names[name] = true
	}
	delete(names, "version") // it changes with every save and says nothing
	var list []Change
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if was, is := fieldText(old[name]), fieldText(now[name]); was != is {
			list = append(list, Change{Field: name, Before: was, After: is})
		}
	}
	return list
}

// fieldText is the value of a field as people read it: text as it is, anything else as JSON.
func fieldText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

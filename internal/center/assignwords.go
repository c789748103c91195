package center

import (
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
)

// ruleState is what the trail keeps of a rule.
type ruleState struct {
	Principal     string    `json:"principal"`
	PermissionSet string    `json:"permissionSet"`
	Target        string    `json:"target"`
	StartsAt      time.Time `json:"startsAt,omitzero"`
	ExpiresAt     time.Time `json:"expiresAt,omitzero"`
	Reason        string    `json:"reason,omitempty"`
}

// recordRule appends an event about a rule: "Assigned ReadOnly to the group Ops on Prod (111122223333)".
func (w *work) recordRule(e model.Event, verb string, a model.Assignment) error {
	e.Objects = assignmentRefs(w.access, a)
	principal, set, target := e.Objects[1].Name, e.Objects[2].Name, e.Objects[3].Name
	if a.Principal.Kind == model.PrincipalGroup {
		principal = "the group " + principal
	}
	if a.Target.Kind == model.TargetOU {
		target = "all of " + target
	} else {
		target += " (" + a.Target.ID + ")"
	}
	link := " to "
	if e.Action == model.ActDeleteAssignment {
		link = " from "
	}
	e.Summary = verb + " " + set + link + principal + " on " + target
	e.State = state(ruleState{principal, set, target, a.StartsAt, a.ExpiresAt, a.Reason})
	return w.record(e)
}

// assignmentRefs names a rule and what it connects, in this order: the rule, who, the set, where. What does not exist
// goes by its id.
func assignmentRefs(s *access.Snapshot, a model.Assignment) []model.Ref {
	who := model.Ref{Kind: model.RefUser, ID: a.Principal.ID, Name: a.Principal.ID}
	if a.Principal.Kind == model.PrincipalGroup {
		who.Kind = model.RefGroup
		if g := s.Group(model.GroupID(who.ID)); g != nil {
			who.Name = g.Name
		}
	} else if u := s.User(model.UserID(who.ID)); u != nil {
		who.Name = u.DisplayName
	}
	set := model.Ref{Kind: model.RefPermissionSet, ID: string(a.PermissionSet), Name: string(a.PermissionSet)}
	if n := s.Set(a.PermissionSet); n != nil {
		set.Name = n.Name
	}
	where := model.Ref{Kind: model.RefAccount, ID: a.Target.ID, Name: a.Target.ID}
	if a.Target.Kind == model.TargetOU {
		where.Kind = model.RefOU
		if u := s.OU(model.OUID(where.ID)); u != nil {
			where.Name = u.Words()
		}
	} else if n := s.Account(model.AccountID(where.ID)); n != nil {
		where.Name = n.Name
	}
	rule := model.Ref{Kind: model.RefAssignment, ID: string(a.ID),
		Name: set.Name + " for " + who.Name + " on " + where.Name}
	return []model.Ref{rule, who, set, where}
}

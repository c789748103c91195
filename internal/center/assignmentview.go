package center

import (
	"context"
	"fmt"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// AssignmentView is one rule with what it comes to.
type AssignmentView struct {
	model.Assignment
	Removed bool          // it was taken away: there is no Rule, and nothing follows from it
	Ends    AssignmentTie // what it connects, by the names of now, or of then
	By      model.Ref     // who made it; without an ID when they are not in the directory
	Rule    *Rule
	Rows    []Row // one for each account it reaches, in order of their names
}

// AssignmentTie names what a rule connects. What does not exist any more has no ID.
type AssignmentTie struct{ Principal, Set, Target model.Ref }

// Row is what a rule comes to in one account: what AWS lists as an assignment.
type Row struct {
	ID      string // the same as long as rule and account exist
	Account *access.Account
	RoleARN string
}

// Assignment returns one rule, also one that was removed.
func (c *Center) Assignment(ctx context.Context, actor model.Actor, id model.AssignmentID) (AssignmentView, error) {
	var v AssignmentView
	err := c.view(ctx, actor, act{action: model.ActListAssignments}, func(r store.Reader, s *access.Snapshot) (err error) {
		if v.Assignment, v.Removed, err = r.Assignment(ctx, id); err != nil {
			return err
		}
		if v.Ends, err = tieOf(ctx, r, s, v.Assignment); err != nil {
			return err
		}
		v.By = makerOf(s, v.CreatedBy)
		if v.Rule = s.Rule(id); v.Rule != nil {
			v.Rows = rowsOf(s, v.Rule)
		}
		return nil
	})
	return v, err
}

func rowsOf(s *access.Snapshot, rule *Rule) []Row {
	accounts := rule.Accounts()
	rows := make([]Row, len(accounts))
	for i, account := range accounts {
		role := Role{Account: account, Set: rule.Set}
		rows[i] = Row{ID: access.RowID(rule.ID, account.ID), Account: account, RoleARN: s.ARN(role)}
	}
	return rows
}

// tieOf names what a rule connects: what is gone, by the name that the trail keeps.
func tieOf(ctx context.Context, r store.Reader, s *access.Snapshot, a model.Assignment) (AssignmentTie, error) {
	refs := assignmentRefs(s, a)
	then, err := r.Events(ctx, store.EventFilter{Object: refs[0], Actions: []string{model.ActCreateAssignment}, Limit: 1})
	if err != nil {
		return AssignmentTie{}, fmt.Errorf("look for the names of an assignment: %w", err)
	}
	for i, ref := range refs {
		if len(present(s, []model.Ref{ref})) == 0 {
			refs[i].ID = ""
			if len(then) == 1 && len(then[0].Objects) == len(refs) {
				refs[i].Name = then[0].Objects[i].Name
			}
		}
	}
	return AssignmentTie{refs[1], refs[2], refs[3]}, nil
}

// makerOf names who made something; a user id that is not in the directory any more goes by itself.
func makerOf(s *access.Snapshot, id model.UserID) model.Ref {
	if id == "" {
		return model.Ref{Kind: model.RefUser, Name: "the host"}
	}
	if u := s.User(id); u != nil {
		return model.Ref{Kind: model.RefUser, ID: string(id), Name: u.DisplayName}
	}
	return model.Ref{Kind: model.RefUser, Name: string(id)}
}

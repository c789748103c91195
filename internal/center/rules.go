package center

import (
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
)

// RuleLine is an assignment as the pages of the things it connects show it.
type RuleLine struct {
	ID        model.AssignmentID
	Principal model.Ref
	Set       model.Ref
	Target    model.Ref
	Accounts  int // how many accounts it reaches now
	StartsAt  time.Time
	ExpiresAt time.Time
	Reason    string
	Holds     bool // in force now
}

func ruleLine(r *access.Rule, now time.Time) RuleLine {
	refs := ruleRefs(r)
	line := RuleLine{ID: r.ID, Set: refs[1], Target: refs[2], Accounts: len(r.Accounts()), StartsAt: r.StartsAt,
		ExpiresAt: r.ExpiresAt, Reason: r.Reason, Holds: r.Holds(now)}
	if r.Group != nil {
		line.Principal = model.Ref{Kind: model.RefGroup, ID: string(r.Group.ID), Name: r.Group.Name}
	} else {
		line.Principal = model.Ref{Kind: model.RefUser, ID: string(r.User.ID), Name: r.User.DisplayName}
	}
	return line
}

func ruleLines(rules []*access.Rule, now time.Time) []RuleLine {
	lines := make([]RuleLine, len(rules))
	for i, r := range rules {
		lines[i] = ruleLine(r, now)
	}
	return lines
}

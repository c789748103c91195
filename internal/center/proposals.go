package center

import (
	"context"
	"encoding/json"
	"fmt"

	"gatehouse/internal/model"
)

// proposal is an act as data: what its verb was asked to do, so that it can wait for a second administrator. Its exported fields
// are kept as JSON, and hold no secrets.
type proposal interface {
	run(w *work) error                     // asks for permission, acts and records
	shows(l *lens) ([]ApprovalPart, error) // what it would change
}

// proposalFor returns an empty proposal of an action; nil when its acts cannot wait.
func proposalFor(action string) proposal {
	switch action {
	case model.ActCreatePolicy:
		return new(createPolicy)
	case model.ActUpdatePolicy:
		return new(updatePolicy)
	case model.ActDeletePolicy:
		return new(deletePolicy)
	case model.ActAttachPolicy:
		return new(Attach)
	case model.ActDetachPolicy:
		return new(Detach)
	case model.ActUpdateSignInPolicy:
		return new(updateSignInPolicy)
	case model.ActCreateUser:
		return new(createUser)
	case model.ActUpdateUser:
		return new(updateUser)
	case model.ActDeleteUser:
		return new(deleteUser)
	case model.ActInviteUser, model.ActResetPassword, model.ActResetMFA:
		return new(issue)
	case model.ActCreateMembership:
		return new(addMembers)
	case model.ActCreateAssignment:
		return new(assign)
	case model.ActUpdatePermissionSet:
		return new(updatePermissionSet)
	case model.ActMoveAccount:
		return new(Move)
	}
	return nil
}

// proposalOf returns what waits for approval.
func proposalOf(a model.Approval) (proposal, error) {
	p := proposalFor(a.Action)
	if p == nil {
		return nil, fmt.Errorf("center: an approval of %s, which cannot wait", a.Action)
	}
	if err := json.Unmarshal([]byte(a.Act), p); err != nil {
		return nil, fmt.Errorf("decode what waits for approval %s: %w", a.ID, err)
	}
	return p, nil
}

// propose carries out an act that can wait for a second administrator, where that is asked for.
func (c *Center) propose(ctx context.Context, actor model.Actor, action string, p proposal) error {
	return c.do(ctx, actor, func(w *work) error {
		if w.two {
			text, err := json.Marshal(p)
			if err != nil {
				return fmt.Errorf("encode %s: %w", action, err)
			}
			w.action, w.proposed = action, string(text)
		}
		return p.run(w)
	})
}

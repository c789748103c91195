package center

import (
	"context"
	"fmt"
	"strings"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

func policyRef(p model.Policy) model.Ref {
	return model.Ref{Kind: model.RefPolicy, ID: string(p.ID), Name: p.Name}
}

// policyState is what the trail keeps of a policy; the documents themselves are kept by version.
type policyState struct {
	Kind        model.PolicyKind `json:"kind"`
	Name        string           `json:"name"`
	Description string           `json:"description,omitempty"`
	Version     int64            `json:"version"`
	Document    string           `json:"document"` // SHA-256, 64 hex digits
}

func stateOfPolicy(p model.Policy) string {
	return state(policyState{p.Kind, p.Name, p.Description, p.Version, digest(p.Document)})
}

// checkPolicy reports what is wrong with a policy that is to be saved.
func (c *Center) checkPolicy(p model.Policy) error {
	if err := p.Check(); err != nil {
		return err
	}
	return c.checkDocument("document", policyType(p.Kind), p.Document)
}

// CreatePolicy keeps a new policy, attached nowhere. p carries Kind, Name, Description and Document.
func (c *Center) CreatePolicy(
	ctx context.Context,
	actor model.Actor,
	p model.Policy,
	reason string,
) (model.Policy, error) {
	p.Name, p.Description = strings.TrimSpace(p.Name), strings.TrimSpace(p.Description)
	if err := c.checkPolicy(p); err != nil {
		return p, err
	}
	q := &createPolicy{p, reason}
	err := c.propose(ctx, actor, model.ActCreatePolicy, q)
	return q.Policy, err
}

// createPolicy is a CreatePolicy.
type createPolicy struct {
	Policy model.Policy
	Reason string
}

func (q *createPolicy) run(w *work) (err error) {
	p := &q.Policy
	ask := act{
		action: model.ActCreatePolicy,
		keys:   map[string][]string{"organizations:PolicyType": {string(p.Kind)}},
	}
	if err := w.may(ask); err != nil {
		return err
	}
	if err := w.roomFor(p.Kind); err != nil {
		return err
	}
	if p.ID, err = model.NewPolicyID(w.center.Random); err != nil {
		return err
	}
	p.Version, p.AWSManaged, p.CreatedAt, p.UpdatedAt = 1, false, w.tx.Now(), w.tx.Now()
	if err := w.tx.InsertPolicy(w.ctx, *p, w.actor.User); err != nil {
		return err
	}
	return w.record(model.Event{Action: model.ActCreatePolicy, Reason: q.Reason, State: stateOfPolicy(*p),
		Objects: []model.Ref{policyRef(*p)}, Summary: fmt.Sprintf("Created the %s %s", p.Kind.Short(), p.Name)})
}

// roomFor checks that the organization may have one more policy of a kind.
func (w *work) roomFor(kind model.PolicyKind) error {
	policies, err := w.tx.Policies(w.ctx)
	if err != nil {
		return err
	}
	n := 0
	for _, p := range policies {
		if p.Kind == kind {
			n++
		}
	}
	if most := kind.Quota().InOrganization; n >= most {
		return &model.Error{Kind: model.Conflict, Message: fmt.Sprintf(
			"AWS allows %d policies of this kind. Delete one that is attached nowhere first.", most)}
	}
	return nil
}

// UpdatePolicy saves a policy as its next version. p carries ID, Name, Description, Document and the Version that was
// read; the kind stays. Wherever the policy is attached, the new document holds at once.
func (c *Center) UpdatePolicy(
	ctx context.Context,
	actor model.Actor,
	p model.Policy,
	reason string,
) (model.Policy, error) {
	p.Name, p.Description = strings.TrimSpace(p.Name), strings.TrimSpace(p.Description)
	q := &updatePolicy{p, reason}
	err := c.propose(ctx, actor, model.ActUpdatePolicy, q)
	return q.Policy, err
}

// updatePolicy is an UpdatePolicy.
type updatePolicy struct {
	Policy model.Policy
	Reason string
}

func (q *updatePolicy) run(w *work) error {
	p := &q.Policy
	before, err := w.ownPolicy(model.ActUpdatePolicy, p.ID)
	if err != nil {
		return err
	}
	p.Kind, p.AWSManaged, p.CreatedAt, p.UpdatedAt = before.Kind, false, before.CreatedAt, w.tx.Now()
	if err := w.center.checkPolicy(*p); err != nil {
		return err
	}
	if err := w.tx.UpdatePolicy(w.ctx, *p, w.actor.User); err != nil {
		return err
	}
	p.Version++
	return w.record(model.Event{Action: model.ActUpdatePolicy, Reason: q.Reason, State: stateOfPolicy(*p),
		Objects: []model.Ref{policyRef(*p)},
		Summary: fmt.Sprintf("Saved version %d of the %s %s", p.Version, p.Kind.Short(), p.Name)})
}

// ownPolicy returns a policy that the organization made itself, after asking for permission to act on it.
func (w *work) ownPolicy(action string, id model.PolicyID) (model.Policy, error) {
	p, err := w.tx.Policy(w.ctx, id)
	if err != nil {
		return p, err
	}
	if err := w.may(onPolicy(w.org, action, p)); err != nil {
		return p, err
	}
	if p.AWSManaged {
		return p, awsOwn(p)
	}
	return p, nil
}

// awsOwn says that a policy of AWS cannot be changed.
func awsOwn(p model.Policy) error {
	return &model.Error{
		Kind:    model.Conflict,
		Message: p.Name + " is AWS's own policy: it can be attached and detached, not changed.",
	}
}

// DeletePolicy ends a policy that is attached nowhere.
func (c *Center) DeletePolicy(ctx context.Context, actor model.Actor, id model.PolicyID, reason string) error {
	return c.propose(ctx, actor, model.ActDeletePolicy, &deletePolicy{id, reason})
}

// deletePolicy is a DeletePolicy.
type deletePolicy struct {
	ID     model.PolicyID
	Reason string
}

func (q *deletePolicy) run(w *work) error {
	p, err := w.ownPolicy(model.ActDeletePolicy, q.ID)
	if err != nil {
		return err
	}
	attached, err := w.tx.Attachments(w.ctx)
	if err != nil {
		return err
	}
	if n := len(targetsOf(attached, q.ID)); n > 0 {
		return &model.Error{Kind: model.Conflict, Message: fmt.Sprintf(
			"%s is attached to %s. Detach it there first.", p.Name, count(n, "target"))}
	}
	if err := w.tx.ClosePolicy(w.ctx, q.ID); err != nil {
		return err
	}
	return w.record(model.Event{Action: model.ActDeletePolicy, Reason: q.Reason, Objects: []model.Ref{policyRef(p)},
		Summary: fmt.Sprintf("Deleted the %s %s", p.Kind.Short(), p.Name)})
}

// targetsOf returns where a policy is attached.
func targetsOf(attached []store.Attached, id model.PolicyID) []model.Target {
	var targets []model.Target
	for _, a := range attached {
		if a.Policy.ID == id {
			targets = append(targets, a.Target)
		}
	}
	return targets
}

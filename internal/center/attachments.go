package center

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/model"
)

// Attach says where a policy is to hold.
type Attach struct {
	Policy  model.PolicyID
	Targets []model.Target
	Reason  string
}

// AttachPolicy attaches a policy to units, the root or accounts in one act. It holds there and below at once.
func (c *Center) AttachPolicy(ctx context.Context, actor model.Actor, a Attach) error {
	return c.propose(ctx, actor, model.ActAttachPolicy, &a)
}

func (a Attach) run(w *work) error {
	if len(a.Targets) == 0 {
		return &model.Error{Kind: model.Invalid, Message: "Check the marked fields.",
			Fields: map[string]string{"targets": "Choose at least one account or unit."}}
	}
	p, err := w.tx.Policy(w.ctx, a.Policy)
	if err != nil {
		return err
	}
	objects, names := []model.Ref{policyRef(p)}, []string{}
	for _, target := range a.Targets {
		ref, err := w.mayTouch(model.ActAttachPolicy, p, target)
		if err != nil {
			return err
		}
		if err := w.roomAt(p, target, ref.Name); err != nil {
			return err
		}
		if err := w.tx.AttachPolicy(w.ctx, model.Attachment{Policy: p.ID, Target: target}); err != nil {
			return err
		}
		objects, names = append(objects, ref), append(names, ref.Name)
	}
	return w.record(model.Event{Action: model.ActAttachPolicy, Reason: a.Reason, Objects: objects,
		Summary: fmt.Sprintf("Attached the %s %s to %s", p.Kind.Short(), p.Name, strings.Join(names, ", "))})
}

// mayTouch asks for permission to attach or detach a policy at a target, and returns what the target is called.
func (w *work) mayTouch(action string, p model.Policy, target model.Target) (model.Ref, error) {
	if w.access == nil {
		return model.Ref{}, errNotSetUp
	}
	ask, ref, err := onAttachment(w.access, action, p, target)
	if err != nil {
		return ref, err
	}
	return ref, w.may(ask)
}

// roomAt checks that one more policy of a kind may be attached at a target.
func (w *work) roomAt(p model.Policy, target model.Target, name string) error {
	there, err := w.policiesAt(p.Kind, target)
	if err != nil {
		return err
	}
	if slices.Contains(there, p.ID) {
		return &model.Error{Kind: model.Conflict, Message: fmt.Sprintf("%s is attached to %s already.", p.Name, name)}
	}
	n, most := len(there), p.Kind.Quota().PerTarget
	if p.Kind == model.ResourceControlPolicy {
		n++ // RCPFullAWSAccess, which is attached everywhere and not kept
	}
	if n >= most {
		return &model.Error{Kind: model.Conflict, Message: fmt.Sprintf(
			"%s has %d %ss attached, and AWS allows no more. Detach one or join two of them.", name, n, p.Kind.Short())}
	}
	return nil
}

// policiesAt returns the policies of a kind that are attached at a target itself.
func (w *work) policiesAt(kind model.PolicyKind, target model.Target) ([]model.PolicyID, error) {
	attached, err := w.tx.Attachments(w.ctx)
	if err != nil {
		return nil, err
	}
	var there []model.PolicyID
	for _, a := range attached {
		if a.Target == target && a.Policy.Kind == kind {
			there = append(there, a.Policy.ID)
		}
	}
	return there, nil
}

// Detach says where a policy is to hold no more.
type Detach struct {
	Policy model.PolicyID
	Target model.Target
	Reason string
}

// DetachPolicy ends an attachment. As at AWS, the last SCP of a target stays: without one nothing would be allowed there.
func (c *Center) DetachPolicy(ctx context.Context, actor model.Actor, d Detach) error {
	return c.propose(ctx, actor, model.ActDetachPolicy, &d)
}

func (d Detach) run(w *work) error {
	p, err := w.tx.Policy(w.ctx, d.Policy)
	if err != nil {
		return err
	}
	ref, err := w.mayTouch(model.ActDetachPolicy, p, d.Target)
	if err != nil {
		return err
	}
	there, err := w.policiesAt(p.Kind, d.Target)
	if err != nil {
		return err
	}
	if !slices.Contains(there, p.ID) {
		return &model.Error{Kind: model.NotFound, Message: fmt.Sprintf("%s is not attached to %s.", p.Name, ref.Name)}
	}
	if p.Kind == model.ServiceControlPolicy && len(there) == 1 {
		return &model.Error{Kind: model.Conflict, Message: fmt.Sprintf(
			"%s is the only SCP of %s, and AWS keeps at least one: without one nothing is allowed there. Attach another first.",
			p.Name,
			ref.Name,
		)}
	}
	if _, err := w.tx.DetachPolicy(w.ctx, model.Attachment{Policy: p.ID, Target: d.Target}); err != nil {
		return err
	}
	return w.record(model.Event{Action: model.ActDetachPolicy, Reason: d.Reason,
		Objects: []model.Ref{policyRef(p), ref},
		Summary: fmt.Sprintf("Detached the %s %s from %s", p.Kind.Short(), p.Name, ref.Name)})
}

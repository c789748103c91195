package center

import (
	"context"
	"fmt"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// found makes the organization of this installation: its root, AWS's own SCP attached there, and its management account.
// It is a part of set-up, which asks for permission and records. org comes from model.NewOrganization.
func (w *work) found(org model.Organization, management model.Account) error {
	management.ID, management.OU, management.State = org.ManagementAccount, org.RootID, model.AccountActive
	if err := org.Check(); err != nil {
		return err
	}
	if err := management.Check(); err != nil {
		return err
	}
	if err := w.tx.InsertOrganization(w.ctx, org); err != nil {
		return err
	}
	org.CreatedAt = w.tx.Now()
	w.org = org
	if err := w.tx.InsertPolicy(w.ctx, fullAccess(), w.actor.User); err != nil {
		return err
	}
	if err := w.tx.InsertOU(w.ctx, model.OU{ID: org.RootID, Name: "Root"}); err != nil {
		return err
	}
	if err := w.startOpen(model.Target{Kind: model.TargetOU, ID: string(org.RootID)}); err != nil {
		return err
	}
	if err := w.tx.InsertAccount(w.ctx, management); err != nil {
		return err
	}
	return w.startOpen(model.Target{Kind: model.TargetAccount, ID: string(management.ID)})
}

func fullAccess() model.Policy {
	return model.Policy{ID: model.FullAWSAccess, Kind: model.ServiceControlPolicy, Name: model.FullAWSAccessTitle,
		Description: "Allows access to every operation", Document: model.FullAWSAccessBody, AWSManaged: true}
}

// startOpen attaches FullAWSAccess to something new, as AWS does.
func (w *work) startOpen(target model.Target) error {
	return w.tx.AttachPolicy(w.ctx, model.Attachment{Policy: model.FullAWSAccess, Target: target})
}

// unit returns a unit or the root as it is when the act begins.
func (w *work) unit(id model.OUID) (*access.OU, error) {
	if w.access != nil {
		if u := w.access.OU(id); u != nil {
			return u, nil
		}
	}
	return nil, model.Missing("unit", string(id))
}

// chosenUnit returns the unit that somebody chose in a form field.
func (w *work) chosenUnit(field string, id model.OUID) (*access.OU, error) {
	u, err := w.unit(id)
	if err != nil {
		return nil, &model.Error{Kind: model.Invalid, Message: "Check the marked fields.",
			Fields: map[string]string{field: "Choose a unit of this organization."}}
	}
	return u, nil
}

// member returns an account of the organization as it is when the act begins.
func (w *work) member(id model.AccountID) (*access.Account, error) {
	if w.access != nil {
		if a := w.access.Account(id); a != nil {
			return a, nil
		}
	}
	return nil, model.Missing("account", string(id))
}

// onUnit is an act on a unit: its resource is the unit, and conditions on aws:ResourceOrgPaths see where it hangs.
func onUnit(org model.Organization, action string, u *access.OU) act {
	return act{action: action, resources: []string{org.OUARN(u.ID)}, unit: u.ID, objects: []model.Ref{unitRef(u)}}
}

// onMember is an act on an account.
func onMember(org model.Organization, action string, a *access.Account) act {
	return act{
		action:    action,
		resources: []string{org.MemberARN(a.ID)},
		account:   a.ID,
		objects:   []model.Ref{memberRef(a)},
	}
}

// onPlace is an act on a unit or an account, which exists.
func onPlace(s *access.Snapshot, action string, t model.Target) act {
	if t.Kind == model.TargetOU {
		return onUnit(s.Organization, action, s.OU(model.OUID(t.ID)))
	}
	return onMember(s.Organization, action, s.Account(model.AccountID(t.ID)))
}

// onPolicy is an act on an organization policy.
func onPolicy(org model.Organization, action string, p model.Policy) act {
	return act{action: action, resources: []string{org.PolicyARN(p)}, objects: []model.Ref{policyRef(p)},
		keys: map[string][]string{"organizations:PolicyType": {string(p.Kind)}}}
}

// onAttachment is an act on a policy at a target: attaching or detaching.
func onAttachment(s *access.Snapshot, action string, p model.Policy, target model.Target) (act, model.Ref, error) {
	ask := onPolicy(s.Organization, action, p)
	var ref model.Ref
	if target.Kind == model.TargetOU {
		u := s.OU(model.OUID(target.ID))
		if u == nil {
			return ask, ref, model.Missing("unit", target.ID)
		}
		ref, ask.unit = unitRef(u), u.ID
		ask.resources = append(ask.resources, s.Organization.OUARN(u.ID))
	} else {
		a := s.Account(model.AccountID(target.ID))
		if a == nil {
			return ask, ref, model.Missing("account", target.ID)
		}
		ref, ask.account = memberRef(a), a.ID
		ask.resources = append(ask.resources, s.Organization.MemberARN(a.ID))
	}
	ask.objects = append(ask.objects, ref)
	return ask, ref, nil
}

func unitRef(u *access.OU) model.Ref {
	return model.Ref{Kind: model.RefOU, ID: string(u.ID), Name: u.Name}
}

func memberRef(a *access.Account) model.Ref {
	return model.Ref{Kind: model.RefAccount, ID: string(a.ID), Name: a.Name}
}

// named is an account as summaries call it.
func named(name string, id model.AccountID) string { return fmt.Sprintf("%s (%s)", name, id) }

// Organization returns the organization of this installation; a NotFound error before set-up.
func (c *Center) Organization(ctx context.Context) (model.Organization, error) {
	return c.Store.Organization(ctx)
}

// SetNames returns the permission sets that there are, by name.
func (c *Center) SetNames(ctx context.Context, actor model.Actor) (map[string]model.PermissionSetID, error) {
	names := map[string]model.PermissionSetID{}
	err := c.view(ctx, actor, act{action: model.ActListPermissionSets}, func(_ store.Reader, s *access.Snapshot) error {
		for _, set := range s.Sets() {
			names[set.Name] = set.ID
		}
		return nil
	})
	return names, err
}

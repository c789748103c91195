package center

import (
	"fmt"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
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
func (w *work) onUnit(action string, u *access.OU) act {
	return act{action: action, resources: []string{w.org.OUARN(u.ID)}, objects: []model.Ref{unitRef(u)},
		keys: map[string][]string{"aws:ResourceOrgPaths": {w.orgPath(u)}}}
}

// onMember is an act on an account.
func (w *work) onMember(action string, a *access.Account) act {
	return act{action: action, resources: []string{w.org.MemberARN(a.ID)}, account: a.ID, objects: []model.Ref{memberRef(a)}}
}

// orgPath is the unit's place in the form of aws:ResourceOrgPaths: o-…/r-…/ou-…/.
func (w *work) orgPath(u *access.OU) string {
	parts := []string{w.org.ID}
	for _, at := range u.Path() {
		parts = append(parts, string(at.ID))
	}
	return strings.Join(parts, "/") + "/"
}

func unitRef(u *access.OU) model.Ref {
	return model.Ref{Kind: model.RefOU, ID: string(u.ID), Name: u.Name}
}

func memberRef(a *access.Account) model.Ref {
	return model.Ref{Kind: model.RefAccount, ID: string(a.ID), Name: a.Name}
}

// named is an account as summaries call it.
func named(name string, id model.AccountID) string { return fmt.Sprintf("%s (%s)", name, id) }

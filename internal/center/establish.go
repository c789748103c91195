package center

import (
	"context"

	"gatehouse/internal/model"
)

// Establish makes the organization of this installation with its management account and the sets that operate Gatehouse,
// but nobody who holds them. It is for the host alone; people do it through set-up.
func (c *Center) Establish(ctx context.Context, host model.Actor, name string, management model.Account) (model.Organization, error) {
	if !host.Host {
		return model.Organization{}, errHostOnly
	}
	var org model.Organization
	err := c.do(ctx, host, func(w *work) (err error) {
		w.own()
		if err := w.establish(name, management); err != nil {
			return err
		}
		org = w.org
		return nil
	})
	return org, err
}

// establish is the part of set-up that makes the organization and the operators' sets, recorded. w.org is set after it.
func (w *work) establish(name string, management model.Account) error {
	org, err := model.NewOrganization(w.center.Random, name, management.ID, "")
	if err != nil {
		return err
	}
	if err := w.found(org, management); err != nil {
		return err
	}
	err = w.record(model.Event{Action: model.ActCreateInstance, Summary: "Set up the organization " + org.Name,
		Objects: []model.Ref{{Kind: model.RefOrganization, ID: org.ID, Name: org.Name},
			{Kind: model.RefAccount, ID: string(management.ID), Name: management.Name}},
		State: state(org)})
	if err != nil {
		return err
	}
	for _, set := range operatorSets() {
		if _, err := w.addSet(set, ""); err != nil {
			return err
		}
	}
	return nil
}

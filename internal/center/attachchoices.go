package center

import (
	"context"
	"slices"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Units returns the root and the units, in the order of the tree, in which somebody may act. Where that is none, the error
// is the refusal for the root.
func (c *Center) Units(ctx context.Context, actor model.Actor, action string) ([]Place, error) {
	var units []Place
	err := c.look(ctx, func(_ store.Reader, s *access.Snapshot) error {
		g := grower{access: s}
		for _, p := range g.places(s.Root(), 0) {
			if p.IsUnit() && c.allowed(s, actor, onUnit(s.Organization, action, s.OU(model.OUID(p.Target.ID)))) == nil {
				units = append(units, p)
			}
		}
		if len(units) == 0 {
			return c.settle(ctx, actor, c.allowed(s, actor, onUnit(s.Organization, action, s.Root())))
		}
		return nil
	})
	return units, err
}

// MayCreatePolicy refuses somebody who may not create organization policies.
func (c *Center) MayCreatePolicy(ctx context.Context, actor model.Actor) error {
	return c.view(
		ctx,
		actor,
		act{action: model.ActCreatePolicy},
		func(store.Reader, *access.Snapshot) error { return nil },
	)
}

// AttachChoices is what can be attached where.
type AttachChoices struct {
	Policies []PolicyUse
	Places   []AttachPlace // in the order of the tree
	Folded   bool          // too many accounts for one page: only units and the wanted ones are there
}

type attachQuery struct {
	actor  model.Actor
	wanted []string
}

// AttachPlace is a place with what attaching there would bind.
type AttachPlace struct {
	Place
	Full bool // holds as many SCPs as AWS allows
}

// AttachChoices returns the policies and the places that somebody may attach to each other. An organization too large for
// one page leaves accounts out, except those wanted. Where nothing may be attached, the error is the refusal.
func (c *Center) AttachChoices(ctx context.Context, actor model.Actor, wanted ...string) (AttachChoices, error) {
	var choices AttachChoices
	err := c.view(ctx, actor, act{action: model.ActListPolicies}, func(r store.Reader, s *access.Snapshot) error {
		policies, err := r.Policies(ctx)
		if err != nil {
			return err
		}
		attached, err := r.Attachments(ctx)
		if err != nil {
			return err
		}
		for _, p := range policies {
			if c.allowed(s, actor, onPolicy(s.Organization, model.ActAttachPolicy, p)) == nil {
				choices.Policies = append(choices.Policies, PolicyUse{p, placesOf(s, attached, p.ID)})
			}
		}
		if len(choices.Policies) == 0 && len(policies) > 0 {
			return c.settle(
				ctx,
				actor,
				c.allowed(s, actor, onPolicy(s.Organization, model.ActAttachPolicy, policies[0])),
			)
		}
		choices.Places, choices.Folded, err = c.attachPlaces(ctx, r, s, attachQuery{actor, wanted})
		return err
	})
	return choices, err
}

func (c *Center) attachPlaces(
	ctx context.Context,
	r store.Reader,
	s *access.Snapshot,
	q attachQuery,
) ([]AttachPlace, bool, error) {
	at, err := attachedAt(ctx, r)
	if err != nil {
		return nil, false, err
	}
	g := newGrower(s, at, c.Now())
	all := g.places(s.Root(), 0)
	folded := len(all) > mostPlaces
	var places []AttachPlace
	for _, p := range all {
		if folded && !p.IsUnit() && !slices.Contains(q.wanted, p.Target.ID) {
			continue
		}
		if c.allowed(s, q.actor, onPlace(s, model.ActAttachPolicy, p.Target)) != nil {
			continue
		}
		p.Entry = g.entry(p.Target)
		places = append(places, AttachPlace{p, p.scps() >= model.ServiceControlPolicy.Quota().PerTarget})
	}
	return places, folded, nil
}

// scps counts the SCPs attached to a place itself.
func (p Place) scps() int {
	n := 0
	for _, a := range p.Attached {
		if a.Policy.Kind == model.ServiceControlPolicy {
			n++
		}
	}
	return n
}

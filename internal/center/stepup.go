package center

import (
	"context"
	"fmt"

	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
)

// fresh returns an Unconfirmed error unless the actor's second factor was proved within the last minutes. What is done on
// the machine itself is fresh.
func (c *Center) fresh(actor model.Actor) error {
	standing := c.Limits.Standing(signin.Session{State: signin.SignedIn, FactorAt: actor.FactorAt}, c.Now())
	if actor.Host || (actor.MFA && standing == signin.SignedIn) {
		return nil
	}
	return &model.Error{Kind: model.Unconfirmed, Message: fmt.Sprintf("Confirm that it is you: your second factor was proved more than "+
		"%s ago, and this asks for a fresh one.", inWords(c.Limits.Fresh))}
}

// confirmOperators asks for a fresh second factor, whatever the action, where somebody gets a role in the management account or a
// permission set that is held there is saved: a browser that was left open makes nobody an operator. Whoever approves
// has just proved one, and whoever sets Gatehouse up was nobody before.
func (w *work) confirmOperators(actor model.Actor) error {
	if actor.User == "" || w.access == nil || w.rehearsal || w.approval != nil {
		return nil
	}
	after, err := w.after()
	if err != nil || after == w.access || !after.OperatesMore(w.access, w.tx.Now()) {
		return err
	}
	return w.center.fresh(actor)
}

// freshForDevice is fresh for adding a device. Somebody who has no second factor, where the sign-in policy asks for none,
// has nothing to confirm with: their password is enough for the first one, as it is when they enrol while signing in.
func (c *Center) freshForDevice(ctx context.Context, r store.Reader, actor model.Actor) error {
	if lacks, err := lacksFactor(ctx, r, actor.User, byPassword); err != nil || lacks {
		return err
	}
	return c.fresh(actor)
}

// allowFirstDevice lets record pass the first device of somebody who has none.
func (w *work) allowFirstDevice() error {
	lacks, err := lacksFactor(w.ctx, w.tx.Reader, w.actor.User, byPassword)
	w.first = err == nil && lacks
	return err
}

// ReadyForDevice returns an Unconfirmed error to somebody who would have to confirm before they add a device.
func (c *Center) ReadyForDevice(ctx context.Context, actor model.Actor) error {
	return c.Store.Snapshot(ctx, func(r store.Reader) error { return c.freshForDevice(ctx, r, actor) })
}

// Fresh returns an Unconfirmed error for somebody who may do a dangerous action and would have to confirm first: for acts
// that follow another one from the same form, so that the confirmation is asked for before the first.
func (c *Center) Fresh(ctx context.Context, actor model.Actor, action string) error {
	may, err := c.Allows(ctx, actor, action)
	if err != nil || !may[action] || !model.Dangerous(action) {
		return err
	}
	return c.fresh(actor)
}

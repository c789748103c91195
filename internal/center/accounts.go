package center

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// accountState is what the trail keeps of an account.
type accountState struct {
	Name    string             `json:"name"`
	Email   string             `json:"email"`
	State   model.AccountState `json:"state"`
	OU      model.OUID         `json:"ou"`
	Tags    model.Tags         `json:"tags,omitempty"`
	Version int64              `json:"version"`
}

func stateOfAccount(a model.Account) string {
	return state(accountState{a.Name, a.Email, a.State, a.OU, a.Tags, a.Version})
}

// AccountAsOf is an account as it is now and as it was at an earlier version, for comparing after a stale save.
type AccountAsOf struct {
	Then, Now model.Account
	By        string // who saved the current version
	At        time.Time
}

// CompareAccount returns an account now and at a version that somebody started from.
func (c *Center) CompareAccount(
	ctx context.Context,
	actor model.Actor,
	id model.AccountID,
	version int64,
) (AccountAsOf, error) {
	var v AccountAsOf
	err := c.view(ctx, actor, act{action: model.ActListAccounts}, func(r store.Reader, s *access.Snapshot) (err error) {
		if v.Now, err = r.Account(ctx, id); err != nil {
			return err
		}
		var then accountState
		thing := model.Ref{Kind: model.RefAccount, ID: string(id)}
		v.By, v.At, err = savedSince(ctx, r, s, thing, version, &then)
		v.Then = model.Account{
			ID:      id,
			Name:    then.Name,
			Email:   then.Email,
			State:   then.State,
			OU:      then.OU,
			Tags:    then.Tags,
			Version: version,
		}
		return err
	})
	return v, err
}

// AddAccount takes an AWS account into the organization. a carries everything but Version and CreatedAt; an empty OU is
// the root, an empty state is active.
func (c *Center) AddAccount(
	ctx context.Context,
	actor model.Actor,
	a model.Account,
	reason string,
) (model.Account, error) {
	if a.State == "" {
		a.State = model.AccountActive
	}
	a.Name, a.Email = strings.TrimSpace(a.Name), strings.TrimSpace(a.Email)
	if err := a.Check(); err != nil {
		return a, err
	}
	err := c.do(ctx, actor, func(w *work) error {
		if a.OU == "" {
			a.OU = w.org.RootID
		}
		unit, err := w.chosenUnit("ou", a.OU)
		if err != nil {
			return err
		}
		if err := w.may(onUnit(w.org, model.ActCreateAccount, unit)); err != nil {
			return err
		}
		if err := w.freeEmail(a); err != nil {
			return err
		}
		a.Version, a.CreatedAt = 1, w.tx.Now()
		if err := w.tx.InsertAccount(ctx, a); err != nil {
			return err
		}
		if err := w.startOpen(model.Target{Kind: model.TargetAccount, ID: string(a.ID)}); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActCreateAccount, Reason: reason, State: stateOfAccount(a),
			Objects: []model.Ref{{Kind: model.RefAccount, ID: string(a.ID), Name: a.Name}, unitRef(unit)},
			Summary: fmt.Sprintf("Added the account %s to %s", named(a.Name, a.ID), unit.Words())})
	})
	return a, err
}

// freeEmail checks that the address belongs to no other account: AWS gives each root user its own.
func (w *work) freeEmail(a model.Account) error {
	owner, taken, err := w.tx.AccountWithEmail(w.ctx, a.Email)
	if err != nil || !taken || owner == a.ID {
		return err
	}
	return model.Taken("email", fmt.Sprintf("Account %s has this address already. Each account needs its own.", owner))
}

// UpdateAccount saves name, e-mail, state and tags of an account. a carries the Version that was read; its OU does not count.
func (c *Center) UpdateAccount(
	ctx context.Context,
	actor model.Actor,
	a model.Account,
	reason string,
) (model.Account, error) {
	a.Name, a.Email = strings.TrimSpace(a.Name), strings.TrimSpace(a.Email)
	if err := a.Check(); err != nil {
		return a, err
	}
	err := c.do(ctx, actor, func(w *work) error {
		node, err := w.member(a.ID)
		if err != nil {
			return err
		}
		if err := w.may(onMember(w.org, model.ActUpdateAccount, node)); err != nil {
			return err
		}
		if a.ID == w.org.ManagementAccount && a.State != model.AccountActive {
			return &model.Error{Kind: model.Conflict, Message: "Check the marked fields.", Fields: map[string]string{
				"state": "The management account stays active: the console itself is administered through it."}}
		}
		if err := w.freeEmail(a); err != nil {
			return err
		}
		if err := w.tx.UpdateAccount(ctx, a); err != nil {
			return err
		}
		a.OU, a.Version = node.OU.ID, a.Version+1
		return w.record(model.Event{Action: model.ActUpdateAccount, Reason: reason, State: stateOfAccount(a),
			Objects: []model.Ref{{Kind: model.RefAccount, ID: string(a.ID), Name: a.Name}},
			Summary: updatedAccount(node, a)})
	})
	return a, err
}

// updatedAccount says in words what a save did.
func updatedAccount(before *access.Account, after model.Account) string {
	switch {
	case before.State != after.State && after.State == model.AccountActive:
		return "Activated the account " + named(after.Name, after.ID)
	case before.State != after.State:
		return fmt.Sprintf("Set the account %s to %s", named(after.Name, after.ID), after.State)
	case before.Name != after.Name:
		return fmt.Sprintf("Renamed the account %s to %s", named(before.Name, after.ID), after.Name)
	}
	return "Changed the account " + named(after.Name, after.ID)
}

// Move says which account goes where.
type Move struct {
	Account model.AccountID
	To      model.OUID
	Reason  string
}

// MoveAccount puts an account into another unit. Rules that follow units and guardrails of units hold or cease to hold
// for it at once.
func (c *Center) MoveAccount(ctx context.Context, actor model.Actor, m Move) error {
	return c.propose(ctx, actor, model.ActMoveAccount, &m)
}

func (m Move) run(w *work) error {
	account, err := w.member(m.Account)
	if err != nil {
		return err
	}
	from := account.OU
	onSource := onMember(w.org, model.ActMoveAccount, account)
	onSource.resources = append(onSource.resources, w.org.OUARN(from.ID))
	if err := w.may(onSource); err != nil {
		return err
	}
	to, err := w.chosenUnit("ou", m.To)
	if err != nil {
		return err
	}
	// Whoever may only act below one unit must not carry an account out of it, away from its guardrails.
	onTarget := onUnit(w.org, model.ActMoveAccount, to)
	onTarget.objects = append([]model.Ref{memberRef(account)}, onTarget.objects...)
	if err := w.may(onTarget); err != nil {
		return err
	}
	if from == to {
		return &model.Error{Kind: model.Invalid, Message: "Check the marked fields.",
			Fields: map[string]string{
				"ou": fmt.Sprintf("%s is in %s already. Choose another unit.", account.Name, to.Words()),
			}}
	}
	if err := w.tx.MoveAccount(w.ctx, m.Account, m.To); err != nil {
		return err
	}
	after, err := w.tx.Account(w.ctx, m.Account)
	if err != nil {
		return err
	}
	return w.record(model.Event{Action: model.ActMoveAccount, Reason: m.Reason,
		Objects: []model.Ref{memberRef(account), unitRef(from), unitRef(to)},
		Summary: fmt.Sprintf(
			"Moved the account %s from %s to %s",
			named(account.Name, account.ID),
			from.Words(),
			to.Words(),
		),
		State: stateOfAccount(after)})
}

// RemoveAccount takes an account out of the organization. Nothing may be assigned to it directly; what rules on units
// give there, and the policies attached to it, end with it.
func (c *Center) RemoveAccount(ctx context.Context, actor model.Actor, id model.AccountID, reason string) error {
	return c.do(ctx, actor, func(w *work) error {
		account, err := w.member(id)
		if err != nil {
			return err
		}
		if err := w.may(onMember(w.org, model.ActRemoveAccount, account)); err != nil {
			return err
		}
		if err := removable(w.access, account); err != nil {
			return err
		}
		if err := w.tx.CloseAccount(ctx, id); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActRemoveAccount, Reason: reason,
			Objects: []model.Ref{memberRef(account), unitRef(account.OU)},
			Summary: "Removed the account " + named(account.Name, id) + " from the organization"})
	})
}

// removable says why an account cannot be removed; nil when it can.
func removable(s *access.Snapshot, a *access.Account) error {
	if a.ID == s.Organization.ManagementAccount {
		return &model.Error{
			Kind:    model.Conflict,
			Message: "The management account cannot be removed: the organization is its own.",
		}
	}
	if n := len(ownRules(a)); n > 0 {
		return &model.Error{Kind: model.Conflict, Message: fmt.Sprintf(
			"%s is the target of %s. Remove them first.", a.Name, count(n, "assignment"))}
	}
	return nil
}

// ownRules returns the rules that name an account itself as their target.
func ownRules(a *access.Account) []*access.Rule {
	return slices.DeleteFunc(a.Rules(), func(r *access.Rule) bool { return r.Account == nil })
}

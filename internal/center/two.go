package center

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Unapproved is the error of an act that would succeed, and that is of so high a value that it needs a second administrator.
// Its kind is model.Unapproved.
type Unapproved struct {
	Wanted model.Approval // with an ID once the actor has asked for it; see model.Asking
}

// Error says what is missing and what to do.
func (u *Unapproved) Error() string { return u.Unwrap().Error() }

// Unwrap is the error that people see.
func (u *Unapproved) Unwrap() error {
	return &model.Error{Kind: model.Unapproved, Message: "This needs a second administrator, and was not done. Ask for approval: " +
		"it is done once another administrator approves it."}
}

// noteWhetherTwo reads, before the act, whether acts of the highest value need a second administrator: turning that off is one
// of them. What is done on the machine itself needs none; it is the way back in for the last administrator.
func (w *work) noteWhetherTwo() (err error) {
	if w.actor.Host || w.actor.User == "" || w.access == nil {
		return nil
	}
	w.two, err = w.tx.AsksForTwo(w.ctx)
	return err
}

// needSecond refuses an act of the highest value that nobody has approved. It stands at the end of every act, after all that
// could refuse it, so that no verb can forget it and nobody asks for what could not be done.
func (w *work) needSecond() error {
	if !w.two || w.approval != nil {
		return nil
	}
	needs, err := w.isForTwo()
	if err != nil || !needs || len(w.recorded) == 0 {
		return err // what left no event cannot be committed
	}
	if w.proposed == "" {
		return &model.Error{Kind: model.Conflict, Message: "This would give somebody a role in the management account, which needs a " +
			"second administrator, and cannot be asked for here. Assign the role by itself instead."}
	}
	wanted := model.Approval{Action: w.action, Act: w.proposed, AskedBy: w.actor.User, AskedName: w.actor.Name,
		SourceIP: w.actor.SourceIP, Objects: w.concerned(), Summary: w.recorded[0].Summary}
	if more := len(w.recorded) - 1; more > 0 {
		wanted.Summary += fmt.Sprintf(", and %d more", more)
	}
	if w.actor.MFA {
		wanted.FactorAt = w.actor.FactorAt
	}
	return &Unapproved{Wanted: wanted}
}

// isForTwo reports whether the act that was carried out is of the highest value.
func (w *work) isForTwo() (bool, error) {
	for _, e := range w.recorded {
		switch model.ForTwo(e.Action) {
		case model.TwoAlways:
			return true, nil
		case model.TwoOnOperators:
			if len(e.Objects) > 0 && w.access.WillOperate(model.UserID(e.Objects[0].ID), w.tx.Now()) {
				return true, nil
			}
		}
	}
	after, err := w.after()
	return err == nil && after.OperatesMore(w.access, w.tx.Now()), err
}

// mostConcerned is how many things an approval names at most, beside the first.
const mostConcerned = 100

// concerned is what the events of the act concern, each thing once.
func (w *work) concerned() []model.Ref {
	var refs []model.Ref
	for _, e := range w.recorded {
		refs = append(refs, e.Objects...)
	}
	refs = distinct(refs)
	return refs[:min(len(refs), mostConcerned)]
}

// approvers are the people who could approve acts of the highest value under a sign-in policy, and ask for them: enabled, able to
// sign in with a second factor that they have, and allowed to do all of these acts.
func (w *work) approvers(p model.SignInPolicy) ([]AffectedPerson, error) {
	people, err := w.tx.Standings(w.ctx)
	if err != nil {
		return nil, err
	}
	now := w.tx.Now()
	var list []AffectedPerson
	for _, s := range people {
		u := w.access.User(s.User)
		if u == nil || !u.Enabled || !w.access.Operates(u.ID, now) {
			continue
		}
		if at := (standing{s, u, true, now}).under(p); !at.usable {
			continue
		}
		actor := model.Actor{User: u.ID, MFA: true, FactorAt: now}
		may := func(action string) bool { return ask(w.access, actor, now, act{action: action}).Allowed }
		if !slices.ContainsFunc(model.ActionsForTwo(), func(action string) bool { return !may(action) }) {
			list = append(list, AffectedPerson{Ref: model.Ref{Kind: model.RefUser, ID: string(u.ID), Name: u.DisplayName}})
		}
	}
	return list, nil
}

// leaveTwo refuses a sign-in policy that asks for a second administrator where there is none.
func (w *work) leaveTwo(p model.SignInPolicy) error {
	if !p.TwoPeople {
		return nil
	}
	list, err := w.approvers(p)
	if err != nil || len(list) >= 2 {
		return err
	}
	who := "Nobody could approve anything"
	if len(list) == 1 {
		who = "Nobody but " + list[0].Name + " could approve anything, and nobody approves what they asked for themselves"
	}
	return model.Problems{"two_people": who + ". At least two enabled people have to hold a set in the management account that allows " +
		"all of these changes, and a second factor of a kind that is accepted."}.Err()
}

// AskForOne has acts of the highest value need one administrator again, at the word of whoever can run a command on the machine:
// the way on when there is nobody left to approve.
func (c *Center) AskForOne(ctx context.Context, host model.Actor, reason string) error {
	if !host.Host {
		return errHostOnly
	}
	return c.do(ctx, host, func(w *work) error {
		p, err := w.tx.SignInPolicy(w.ctx)
		if err != nil {
			return err
		}
		if !p.TwoPeople {
			return &model.Error{Kind: model.Conflict, Message: "Nothing needs a second administrator."}
		}
		p.TwoPeople = false
		return w.saveSignInPolicy(p, reason)
	})
}

// ask keeps an act that needs a second administrator until one decides on it. Somebody who asks for the same again has asked
// already.
func (c *Center) ask(ctx context.Context, actor model.Actor, wanted model.Approval) error {
	if err := model.CheckWord("approval_reason", actor.Asking.Reason); err != nil {
		return err
	}
	id, err := model.NewUUID(c.Random)
	if err != nil {
		return err
	}
	wanted.ID, wanted.Reason = model.ApprovalID(id), actor.Asking.Reason
	err = c.Store.Update(ctx, func(tx *store.Tx) error {
		waiting, err := tx.WaitingApprovals(ctx)
		if err != nil {
			return err
		}
		for _, a := range waiting {
			if a.AskedBy == wanted.AskedBy && a.Action == wanted.Action && a.Act == wanted.Act && a.Waits(tx.Now()) {
				wanted.ID = a.ID
				return store.ErrRollback
			}
		}
		if len(waiting) >= model.MostWaiting {
			return &model.Error{Kind: model.Conflict, Message: fmt.Sprintf("%d requests wait for approval already. Decide on those first.",
				len(waiting))}
		}
		wanted.EndsAt = tx.Now().Add(model.ApprovalLife)
		if err := tx.InsertApproval(ctx, wanted); err != nil {
			return err
		}
		return tx.Record(ctx, by(actor, model.Event{Action: model.ActAskApproval, Outcome: model.Done, Reason: wanted.Reason,
			Objects: append([]model.Ref{approvalRef(wanted)}, wanted.Objects...),
			Summary: "Asked for approval: " + Wish(wanted.Summary)}))
	})
	if err != nil {
		return err
	}
	return &Unapproved{Wanted: wanted}
}

func approvalRef(a model.Approval) model.Ref {
	return model.Ref{Kind: model.RefApproval, ID: string(a.ID), Name: Wish(a.Summary)}
}

// wishes are the first words of what the trail says of an act, and those of what somebody wants to be done.
var wishes = map[string]string{"Created": "create", "Saved": "save", "Deleted": "delete", "Attached": "attach", "Detached": "detach",
	"Assigned": "assign", "Added": "add", "Changed": "change", "Moved": "move", "Made": "make", "Reset": "reset"}

// Wish says what is to be done, in the words that the trail has for when it was: "delete the SCP Spare".
func Wish(summary string) string {
	verb, rest, _ := strings.Cut(summary, " ")
	wish, known := wishes[verb]
	if !known {
		return summary
	}
	return wish + " " + strings.Replace(rest, " and ended ", " and end ", 1)
}

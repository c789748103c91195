package center

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// over is the error of an approval that nobody can decide on any more.
type over struct{ why string }

func (o *over) Error() string { return o.why }

// askerMay asks for the permission of who asked for an act that is approved: it does not outlive theirs.
func (w *work) askerMay(a act) error {
	if w.approval == nil {
		return nil
	}
	now := w.tx.Now()
	if _, err := authorise(w.access, w.approval.Asker(now), now, a); err != nil {
		return &over{fmt.Sprintf("%s, who asked, may not do it any more", w.approval.AskedName)}
	}
	return nil
}

// asked is an event of an act that somebody else had asked for: it names them, and has their reason unless it has one.
func asked(e model.Event, a model.Approval) model.Event {
	e.Objects = append(slices.Clone(e.Objects), approvalRef(a),
		model.Ref{Kind: model.RefUser, ID: string(a.AskedBy), Name: a.AskedName})
	if e.Action != model.ActApprove {
		e.Summary += ", as " + a.AskedName + " asked"
	}
	if e.Reason == "" {
		e.Reason = a.Reason
	}
	return e
}

// Decision is what somebody says about an approval.
type Decision struct {
	ID   model.ApprovalID
	Word string // up to 1,024 characters; who declines has to say something
}

// HandedLink is a one-time link to be handed over by who approved that it be made. Its token is empty when there is none, or when
// it went out by e-mail.
type HandedLink struct {
	Token  vault.Secret
	Action string // that made it
	Name   string // of the person whom it is for
}

// Approve carries out an act that somebody else asked for, as an act of the actor's, who needs the permission for it as well as
// who asked, and a fresh second factor. What was true when it was asked for and is not any more is a Conflict error; then
// nothing was done. It returns the token of a one-time link when the act made one to be handed over.
func (c *Center) Approve(ctx context.Context, actor model.Actor, d Decision) (HandedLink, error) {
	var link HandedLink
	err := c.do(ctx, actor, func(w *work) error {
		a, err := w.waiting(d.ID)
		if err != nil {
			return err
		}
		if a.AskedBy == actor.User {
			return &refused{act: act{action: model.ActApprove, objects: []model.Ref{approvalRef(a)}}, err: &model.Error{Kind: model.Forbidden,
				Message: "You asked for this yourself: another administrator has to approve it."}}
		}
		if d.Word != "" {
			if err := model.CheckWord("word", d.Word); err != nil {
				return err
			}
		}
		p, err := proposalOf(a)
		if err != nil {
			return err
		}
		w.approval = &a
		if err := p.run(w); err != nil {
			return outdated(err)
		}
		if i, ok := p.(*issue); ok {
			link = HandedLink{Token: i.token, Action: i.Action, Name: a.Objects[0].Name}
		}
		a.Word = d.Word
		return w.settleApproval(a, model.ApprovalApproved, model.ActApprove, "Approved")
	})
	return link, c.closeOver(ctx, actor, d.ID, err)
}

// outdated is the error of an act that was possible when somebody asked for it: what stands in its way now is a Conflict.
func outdated(err error) error {
	e, ok := errors.AsType[*model.Error](err)
	switch {
	case errors.Is(err, errNothingChanged):
		e = &model.Error{Message: "All of it is so already."}
	case !ok || e.Kind != model.NotFound && e.Kind != model.Conflict && e.Kind != model.Invalid:
		return err
	}
	return &model.Error{Kind: model.Conflict, Message: "Nothing was done, because this changed since it was asked for. " + e.Error()}
}

// waiting returns an approval that the actor may decide on: it waits, its time has not run out, and who asked is still there. One
// that the actor may know nothing of is missing.
func (w *work) waiting(id model.ApprovalID) (model.Approval, error) {
	w.own() // who may decide is who may see it; to approve takes the permission for the act besides
	a, err := w.tx.Approval(w.ctx, id)
	if err != nil {
		return a, err
	}
	if w.access == nil || !sees(w.access, w.actor, w.tx.Now(), a) {
		return a, model.Missing("request for approval", string(id))
	}
	if a.AskedBy != w.actor.User && !decides(w.access, w.actor, w.tx.Now(), a) {
		_, err := authorise(w.access, w.actor, w.tx.Now(), act{action: a.Action, objects: []model.Ref{approvalRef(a)}})
		return a, err
	}
	if a.State != model.ApprovalWaiting {
		return a, &model.Error{Kind: model.Conflict, Message: "This was decided before: it " + StateWords(a) + "."}
	}
	if why := lapsed(w.access, a, w.tx.Now()); why != "" {
		return a, &over{why}
	}
	return a, nil
}

// settleApproval notes what became of an approval, records it, and tells who asked.
func (w *work) settleApproval(a model.Approval, state model.ApprovalState, action, word string) error {
	a.State, a.DecidedBy, a.Decider = state, w.actor.User, nameOf(w.actor)
	done, err := w.tx.DecideApproval(w.ctx, a)
	if err != nil {
		return err
	}
	if !done {
		return &model.Error{Kind: model.Conflict, Message: "Somebody else decided on this at the same moment."}
	}
	if state != model.ApprovalWithdrawn {
		if err := w.center.tellAsker(w.ctx, w.tx, a); err != nil {
			return err
		}
	}
	return w.record(model.Event{Action: action, Objects: append([]model.Ref{approvalRef(a)}, a.Objects...), Reason: a.Word,
		Summary: fmt.Sprintf("%s what %s asked for: %s", word, a.AskedName, Wish(a.Summary))})
}

// tellAsker tells who asked what became of it.
func (c *Center) tellAsker(ctx context.Context, tx *store.Tx, a model.Approval) error {
	u, err := tx.User(ctx, a.AskedBy)
	if model.KindOf(err) == model.NotFound {
		return nil // deleted since
	}
	if err != nil {
		return err
	}
	text := fmt.Sprintf("What you asked for %s: %s.", StateWords(a), Wish(a.Summary))
	if a.Word != "" && a.State != model.ApprovalEnded {
		text += " " + a.Decider + " wrote: " + a.Word
	}
	if err := tx.InsertNotice(ctx, u.ID, model.Notice{Kind: model.NoticeDecided, Text: text}); err != nil {
		return err
	}
	return c.post(ctx, tx, c.decidedLetter(u, a, text))
}

// StateWords say what became of an approval: "was approved by Ana Lima and carried out".
func StateWords(a model.Approval) string {
	switch a.State {
	case model.ApprovalApproved:
		return "was approved by " + a.Decider + " and carried out"
	case model.ApprovalDeclined:
		return "was declined by " + a.Decider
	case model.ApprovalWithdrawn:
		return "was withdrawn by " + a.Decider
	case model.ApprovalEnded:
		return "ended: " + a.Word
	}
	return "waits for approval"
}

// Decline says no to what somebody else asked for, and why.
func (c *Center) Decline(ctx context.Context, actor model.Actor, d Decision) error {
	err := c.do(ctx, actor, func(w *work) error {
		a, err := w.waiting(d.ID)
		if err != nil {
			return err
		}
		if a.AskedBy == actor.User {
			return &model.Error{Kind: model.Forbidden, Message: "You asked for this yourself. You can withdraw it."}
		}
		if err := model.CheckWord("why", d.Word); err != nil {
			return err
		}
		a.Word = d.Word
		return w.settleApproval(a, model.ApprovalDeclined, model.ActDeclineApproval, "Declined")
	})
	return c.closeOver(ctx, actor, d.ID, err)
}

// Withdraw takes back what the actor asked for.
func (c *Center) Withdraw(ctx context.Context, actor model.Actor, id model.ApprovalID) error {
	err := c.do(ctx, actor, func(w *work) error {
		a, err := w.waiting(id)
		if err != nil {
			return err
		}
		if a.AskedBy != actor.User {
			return &model.Error{Kind: model.Forbidden, Message: "Only who asked can withdraw this. You can decline it."}
		}
		return w.settleApproval(a, model.ApprovalWithdrawn, model.ActWithdrawApproval, "Withdrew")
	})
	return c.closeOver(ctx, actor, id, err)
}

// closeOver ends an approval that nobody can decide on any more, now that the act's transaction is undone.
func (c *Center) closeOver(ctx context.Context, actor model.Actor, id model.ApprovalID, err error) error {
	o, ok := errors.AsType[*over](err)
	if !ok {
		return err
	}
	if err := c.endApproval(ctx, id, o.why, func(e model.Event) model.Event { return by(actor, e) }); err != nil {
		return err
	}
	return &model.Error{Kind: model.Conflict, Message: "Nothing was done: this ended, because " + o.why + "."}
}

// endApproval ends an approval that waits. signed names who was there when it turned out.
func (c *Center) endApproval(ctx context.Context, id model.ApprovalID, why string, signed func(model.Event) model.Event) error {
	return c.Store.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Approval(ctx, id)
		if err != nil {
			return err
		}
		a.State, a.DecidedBy, a.Decider, a.Word = model.ApprovalEnded, "", "", why
		done, err := tx.DecideApproval(ctx, a)
		if err != nil {
			return err
		}
		if !done {
			return store.ErrRollback // somebody decided on it in the meantime
		}
		if err := c.tellAsker(ctx, tx, a); err != nil {
			return err
		}
		return tx.Record(ctx, signed(model.Event{Action: model.ActEndApproval, Outcome: model.Done,
			Objects: append([]model.Ref{approvalRef(a), {Kind: model.RefUser, ID: string(a.AskedBy), Name: a.AskedName}}, a.Objects...),
			Summary: fmt.Sprintf("Ended what %s asked for, because %s: %s", a.AskedName, why, Wish(a.Summary))}))
	})
}

// EndApprovals ends the approvals that nobody decided on in time, and those of people who are gone. It is the running console's
// work; it may be called at any time.
func (c *Center) EndApprovals(ctx context.Context) error {
	gone := map[model.ApprovalID]string{}
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
		list, err := r.WaitingApprovals(ctx)
		for _, a := range list {
			if why := lapsed(s, a, c.Now()); why != "" {
				gone[a.ID] = why
			}
		}
		return err
	})
	if model.KindOf(err) == model.NotFound {
		return nil // not set up yet
	}
	for id, why := range gone {
		err = errors.Join(err, c.endApproval(ctx, id, why, byConsole))
	}
	if err != nil {
		return fmt.Errorf("end approvals: %w", err)
	}
	return nil
}

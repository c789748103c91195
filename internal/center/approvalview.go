package center

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// sees reports whether an actor may know of an approval: it is their own, one to decide on, or they read the whole trail.
func sees(s *access.Snapshot, actor model.Actor, now time.Time, a model.Approval) bool {
	return a.AskedBy == actor.User || decides(s, actor, now, a) || allowsSomewhere(s, actor, now, model.ActReadAudit)
}

// decides reports whether an actor may have a say on what somebody else asked for: it is an act that they may do somewhere.
func decides(s *access.Snapshot, actor model.Actor, now time.Time, a model.Approval) bool {
	return a.AskedBy != actor.User && allowsSomewhere(s, actor, now, a.Action)
}

// lapsed says why nobody can decide on an approval any more that waits; empty when somebody can.
func lapsed(s *access.Snapshot, a model.Approval, now time.Time) string {
	asker := s.User(a.AskedBy)
	switch {
	case !now.Before(a.EndsAt):
		return "nobody decided on it within " + inWords(model.ApprovalLife)
	case asker == nil:
		return a.AskedName + ", who asked, was deleted"
	case !asker.Enabled:
		return a.AskedName + ", who asked, is disabled"
	}
	return ""
}

// ApprovalLine is an approval in a list.
type ApprovalLine struct {
	model.Approval
	Mine    bool // the viewer asked for it
	Decides bool // the viewer may approve or decline it, as long as it waits
}

// Approvals are what waits for a second administrator and what became of earlier requests, as far as a person may know.
type Approvals struct {
	Asked   bool // the sign-in policy asks for a second administrator
	Waiting []ApprovalLine
	Past    []ApprovalLine // newest first
}

// mostPast is how many earlier requests are looked at for a list; the trail has all.
const mostPast = 200

// Approvals returns what the actor asked for, and what others did that the actor may do as well.
func (c *Center) Approvals(ctx context.Context, actor model.Actor) (Approvals, error) {
	var v Approvals
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
		p, err := r.SignInPolicy(ctx)
		if err != nil {
			return err
		}
		v.Asked = p.TwoPeople
		waiting, err := r.WaitingApprovals(ctx)
		if err != nil {
			return err
		}
		past, err := r.PastApprovals(ctx, mostPast)
		if err != nil {
			return err
		}
		for _, a := range append(waiting, past...) {
			if !sees(s, actor, c.Now(), a) {
				continue
			}
			line := lineOf(s, actor, c.Now(), a)
			if line.State == model.ApprovalWaiting {
				v.Waiting = append(v.Waiting, line)
			} else {
				v.Past = append(v.Past, line)
			}
		}
		return nil
	})
	return v, err
}

func lineOf(s *access.Snapshot, actor model.Actor, now time.Time, a model.Approval) ApprovalLine {
	return ApprovalLine{Approval: shown(s, a, now), Mine: a.AskedBy == actor.User, Decides: decides(s, actor, now, a)}
}

// shown is an approval as people see it: one that nobody can decide on any more has ended, though nobody noted that yet.
func shown(s *access.Snapshot, a model.Approval, now time.Time) model.Approval {
	if a.State == model.ApprovalWaiting {
		if why := lapsed(s, a, now); why != "" {
			a.State, a.Word = model.ApprovalEnded, why
		}
	}
	return a
}

// mineToDecide returns how many acts of others wait for the actor's word.
func mineToDecide(waiting []model.Approval, s *access.Snapshot, actor model.Actor, now time.Time) int {
	n := 0
	for _, a := range waiting {
		if lapsed(s, a, now) == "" && decides(s, actor, now, a) {
			n++
		}
	}
	return n
}

// ApprovalView is an approval with what it would change.
type ApprovalView struct {
	ApprovalLine
	Parts   []ApprovalPart // beside what is in force now; empty once it was decided on
	Effects *SignInEffects // of a sign-in policy that waits, on whoever may change it
	Why     string         // why it could not be carried out now; empty when it could
}

// Approval returns an approval. One that the actor may know nothing of is missing.
func (c *Center) Approval(ctx context.Context, actor model.Actor, id model.ApprovalID) (ApprovalView, error) {
	var v ApprovalView
	var p proposal
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
		a, err := r.Approval(ctx, id)
		if err != nil {
			return err
		}
		if !sees(s, actor, c.Now(), a) {
			return model.Missing("request for approval", string(id))
		}
		v.ApprovalLine = lineOf(s, actor, c.Now(), a)
		if v.State != model.ApprovalWaiting {
			return nil
		}
		if p, err = proposalOf(a); err != nil {
			return err
		}
		v.Parts, err = p.shows(&lens{ctx, r, s})
		if model.KindOf(err) == model.NotFound && err != nil {
			return nil // gone since: the rehearsal says so
		}
		return err
	})
	if err != nil || v.State != model.ApprovalWaiting || !v.Mine && !v.Decides {
		return v, err
	}
	return v, c.rehearse(ctx, actor, &v, p)
}

// rehearse carries an approval out and undoes that at once, to say why it could not be carried out and whom it would affect.
func (c *Center) rehearse(ctx context.Context, actor model.Actor, v *ApprovalView, p proposal) error {
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		w, err := c.begin(ctx, tx, actor)
		if err != nil {
			return err
		}
		before, err := c.inForce(ctx, tx.Reader)
		if err != nil {
			return err
		}
		w.rehearsal, w.approval = true, &v.Approval
		if err := p.run(w); err != nil {
			return err
		}
		if err := w.keepAnAdministrator(); err != nil {
			return err
		}
		if _, isPolicy := p.(*updateSignInPolicy); !isPolicy {
			return store.ErrRollback
		}
		after, err := c.inForce(ctx, tx.Reader)
		if err != nil {
			return err
		}
		effects, err := w.signInEffects(before, after)
		if err != nil {
			return err
		}
		v.Effects = &effects
		return store.ErrRollback
	})
	if o, ok := errors.AsType[*over](err); ok {
		v.Why = fmt.Sprintf("It cannot be approved any more: %s.", o.why)
		return nil
	}
	if r, ok := errors.AsType[*refused](err); ok {
		v.Why = r.Error()
		return nil
	}
	if err = outdated(err); model.KindOf(err) == model.Conflict && err != nil {
		v.Why = err.Error()
		return nil
	}
	return err
}

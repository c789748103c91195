package center

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Leftovers are what offboarding leaves of a person, for whoever wants to clear it away.
type Leftovers struct {
	User     model.User
	At       time.Time   // when they were last offboarded; zero: never
	Groups   []model.Ref // that they are still in, by name
	Direct   []*Rule     // assignments made for them alone
	Devices  int         // authenticator apps and security keys
	Codes    int         // unused recovery codes
	Password bool
	Links    int // one-time links that would still work
	Sessions int // sessions that have not ended
	Issued   int // role credentials that still work
}

// CutOff reports whether nothing works any more: they cannot sign in, and nothing that was issued to them is good.
func (l Leftovers) CutOff() bool {
	return l.User.Status == model.UserDisabled && l.Sessions == 0 && l.Issued == 0 && l.Links == 0
}

// Offboard keeps a person out for good: it disables them, ends their sessions, revokes their role credentials, makes their
// one-time links worthless and forgets their browsers, all in one act. Doing it again is safe and finds what came since.
// Groups, assignments and factors stay, so that it can be undone; Leftovers lists them.
func (c *Center) Offboard(ctx context.Context, actor model.Actor, id model.UserID, reason string) error {
	return c.do(ctx, actor, func(w *work) error {
		u, err := w.tx.User(w.ctx, id)
		if err != nil {
			return err
		}
		if err := w.aboutPerson(model.ActOffboard, u); err != nil {
			return err
		}
		if u.ID == actor.User {
			return &model.Error{Kind: model.Conflict, Message: "You cannot offboard yourself. Ask another administrator."}
		}
		done, err := w.cutOff(&u)
		if err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActOffboard, Objects: append([]model.Ref{userRef(u)}, done.revoked...),
			Summary: "Offboarded " + u.DisplayName + ": " + done.words(), Reason: reason, State: stateOfUser(u)})
	})
}

// cutting is what offboarding did.
type cutting struct {
	disabled bool
	sessions int
	revoked  []model.Ref
	links    int64
}

func (d cutting) words() string {
	var parts []string
	if d.disabled {
		parts = append(parts, "disabled")
	}
	if d.sessions > 0 {
		parts = append(parts, "ended "+count(d.sessions, "session"))
	}
	if n := len(d.revoked); n > 0 {
		parts = append(parts, "revoked "+count(n, "set")+" of role credentials")
	}
	if d.links > 0 {
		parts = append(parts, "closed "+count(int(d.links), "one-time link"))
	}
	if len(parts) == 0 {
		return "nothing was left to end"
	}
	return strings.Join(parts, ", ")
}

func (w *work) cutOff(u *model.User) (cutting, error) {
	var d cutting
	sessions, err := w.tx.SessionsOf(w.ctx, u.ID)
	if err != nil {
		return d, err
	}
	issued, err := w.tx.RoleSessionsOf(w.ctx, u.ID, w.tx.Now())
	if err != nil {
		return d, err
	}
	d.sessions = len(sessions)
	for _, s := range issued {
		d.revoked = append(d.revoked, roleSessionRef(s))
	}
	if u.Status == model.UserEnabled {
		d.disabled = true
		if err := w.tx.SetUserStatus(w.ctx, u.ID, model.UserDisabled); err != nil {
			return d, err
		}
		u.Status, u.Version = model.UserDisabled, u.Version+1
	} else if err := w.tx.RevokeSessions(w.ctx, u.ID); err != nil {
		return d, err
	}
	if d.links, err = w.tx.ExpireLinks(w.ctx, u.ID); err != nil {
		return d, err
	}
	return d, w.tx.ForgetOtherBrowsers(w.ctx, u.ID, "")
}

// Leftovers returns what is left of a person after offboarding, or would be.
func (c *Center) Leftovers(ctx context.Context, actor model.Actor, id model.UserID) (Leftovers, error) {
	var l Leftovers
	err := c.view(ctx, actor, act{action: model.ActListUsers}, func(r store.Reader, s *access.Snapshot) error {
		var err error
		if l.User, err = r.User(ctx, id); err != nil {
			return err
		}
		memberships, err := r.MembershipsOf(ctx, id)
		if err != nil {
			return err
		}
		for _, m := range memberships {
			l.Groups = append(l.Groups, model.Ref{Kind: model.RefGroup, ID: string(m.GroupID), Name: m.Name})
		}
		l.Direct = s.DirectRules(id)
		return c.countLeftovers(ctx, r, &l)
	})
	return l, err
}

func (c *Center) countLeftovers(ctx context.Context, r store.Reader, l *Leftovers) error {
	id := l.User.ID
	row, err := r.UserRow(ctx, id)
	if err != nil {
		return err
	}
	l.Devices, l.Password = row.Factors, row.HasPassword
	if l.Codes, err = r.RecoveryCodesLeft(ctx, id); err != nil {
		return fmt.Errorf("count recovery codes: %w", err)
	}
	if l.Links, err = r.OpenLinks(ctx, id, c.Now()); err != nil {
		return err
	}
	sessions, err := r.SessionsOf(ctx, id)
	if err != nil {
		return err
	}
	l.Sessions = len(sessions)
	if l.Issued, err = r.CountRoleSessions(ctx, id, c.Now()); err != nil {
		return err
	}
	events, err := r.Events(ctx, store.EventFilter{Object: userRef(l.User), Actions: []string{model.ActOffboard}, Outcome: model.Done, Limit: 1})
	if err != nil || len(events) == 0 {
		return err
	}
	l.At = events[0].At
	return nil
}

package center

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// Browser is a browser that has a session: who it belongs to and how far its sign-in has come.
type Browser struct {
	Session model.Session
	User    model.User
	Flash   string // messages for the next page, as kept by KeepFlash
	Ended   string // why the session is over, if its person is told: idle, limit, pending, policy or all
	rules   rules
	facts   signin.Facts
}

// EndsAt is when the session is over at the latest, under the sign-in policy in force.
func (b Browser) EndsAt() time.Time { return b.Session.CreatedAt.Add(b.rules.limits.Absolute) }

// Admission is a browser that has come one step further. Its cookie is the token from now on; the one before is dead.
type Admission struct {
	Token   vault.Secret
	Session model.Session
	User    model.User
	Browser vault.Secret // what the browser's own cookie carries from now on; empty: it stays
	Spent   bool         // a recovery code was used up for it
}

// seenPause is how long a session's last-seen time may lag behind, so that reading pages does not write.
const seenPause = time.Minute

// mostAgent is how many bytes of a browser's own description are kept.
const mostAgent = 512

// Resume returns the browser whose cookie carries a token. An unknown, ended or outdated session, and one of a disabled
// person, is an Unauthenticated error; the Browser then says why, if it can be told.
func (c *Center) Resume(ctx context.Context, token string) (Browser, error) {
	var b Browser
	err := c.Store.Snapshot(ctx, func(r store.Reader) (err error) {
		b, err = c.resume(ctx, r, token)
		return err
	})
	if model.KindOf(err) == model.Unauthenticated && b.Session.EndedAt.IsZero() && b.Session.ID != "" {
		endErr := c.Store.Housekeep(ctx, func(tx *store.Tx) error {
			_, err := tx.EndSession(ctx, b.Session.ID)
			return err
		})
		if endErr != nil {
			return Browser{}, fmt.Errorf("end a session: %w", endErr)
		}
	}
	if err != nil {
		return Browser{Ended: b.Ended}, err
	}
	if c.Now().Sub(b.Session.LastSeenAt) >= seenPause {
		err = c.Store.Housekeep(ctx, func(tx *store.Tx) error { return tx.SeeSession(ctx, b.Session.ID) })
	}
	return b, err
}

// resume loads the session of a token and asks the state machine whether it still counts.
func (c *Center) resume(ctx context.Context, r store.Reader, token string) (Browser, error) {
	var b Browser
	var err error
	b.Session, b.Flash, err = r.SessionByDigest(ctx, vault.TokenDigest(token))
	if d, ok := errors.AsType[*store.Damage](err); ok && d.Forged() {
		c.Log.ErrorContext(ctx, "a session was changed from outside and signs nobody in", "damage", d)
		return Browser{}, errSignedOut(nil) // nothing that could be ended
	}
	if err != nil {
		return b, errSignedOut(err)
	}
	if b.User, err = r.User(ctx, b.Session.User); err != nil {
		return b, errSignedOut(err)
	}
	if !b.Session.EndedAt.IsZero() {
		return b, errSignedOut(nil)
	}
	if b.rules, err = c.inForce(ctx, r); err != nil {
		return b, err
	}
	if b.facts, err = c.factsOf(ctx, r, b); err != nil {
		return b, err
	}
	step := b.rules.limits.Next(machineOf(b.Session), signin.Event{Kind: signin.Request, At: c.Now(), Facts: b.facts})
	if step.Session.State == signin.Anonymous {
		b.Ended = endings[step.Ended]
		return b, errSignedOut(nil)
	}
	b.Session.Stage = model.SessionStage(step.Session.State)
	return b, nil
}

// endings are the reasons why sessions end that their people are told.
var endings = map[signin.Ending]string{signin.ByIdle: "idle", signin.ByAbsolute: "limit", signin.ByPending: "pending",
	signin.ByEpoch: "all", signin.ByPolicy: "policy"}

// errSignedOut is what a browser without a session is told. Causes other than a missing row pass through.
func errSignedOut(cause error) error {
	if cause != nil && model.KindOf(cause) != model.NotFound {
		return cause
	}
	return &model.Error{Kind: model.Unauthenticated, Message: "Your session has ended. Sign in again."}
}

// machineOf is a session as the state machine knows it.
func machineOf(s model.Session) signin.Session {
	return signin.Session{State: signin.State(s.Stage), Person: string(s.User), Epoch: s.Epoch, BeganAt: s.CreatedAt,
		FactorAt: s.FactorAt, SeenAt: s.LastSeenAt}
}

// open begins the session of somebody whose password was right. A person without a second factor gets one to enrol. Whoever
// the sign-in policy keeps out gets an admission without a token. way says whether a one-time link led there.
func (c *Center) open(ctx context.Context, tx *store.Tx, visit model.Actor, u model.User, way way) (Admission, error) {
	return c.enter(ctx, tx, visit, u, way, proof{signin.PasswordAccepted, "password"})
}

// enter begins the session of somebody who has proved who they are, as far as the proof leads and the policy lets it.
func (c *Center) enter(ctx context.Context, tx *store.Tx, visit model.Actor, u model.User, way way, by proof) (Admission, error) {
	in, err := c.inForce(ctx, tx.Reader)
	if err != nil {
		return Admission{}, err
	}
	facts, err := c.arrival(ctx, tx.Reader, in, u, visit, way)
	if err != nil {
		return Admission{}, err
	}
	step := in.limits.Next(signin.Session{}, signin.Event{Kind: by.kind, At: tx.Now(), Facts: facts})
	if !step.NewID {
		return Admission{User: u}, nil
	}
	token, digest, err := vault.NewToken(c.Random)
	if err != nil {
		return Admission{}, err
	}
	id, err := model.NewUUID(c.Random)
	if err != nil {
		return Admission{}, err
	}
	s := model.Session{ID: model.SessionID(id), User: u.ID, Stage: model.SessionStage(step.Session.State), Methods: by.method,
		FactorAt: step.Session.FactorAt, CreatedAt: tx.Now(), LastSeenAt: tx.Now(), SourceIP: visit.SourceIP, Epoch: u.SessionEpoch,
		UserAgent: agentOf(visit)}
	admitted := Admission{Token: token, User: u}
	if !s.FactorAt.IsZero() || s.Stage == model.StageSignedIn || s.Stage == model.StageRenewal {
		if admitted.Browser, err = c.recognise(ctx, tx, visit, u, &s, in.policy); err != nil {
			return Admission{}, err
		}
	}
	if s.Stage == model.StageSignedIn {
		s.SignedInAt = tx.Now()
	}
	if err := tx.InsertSession(ctx, s, digest); err != nil {
		return Admission{}, fmt.Errorf("open a session: %w", err)
	}
	if s.Stage.Binds() {
		if _, err := c.startDevice(ctx, tx, s, firstDevice); err != nil {
			return Admission{}, err
		}
	}
	admitted.Session = s
	return admitted, nil
}

// agentOf is what is kept of a browser's own description.
func agentOf(visit model.Actor) string {
	return strings.ToValidUTF8(visit.UserAgent[:min(len(visit.UserAgent), mostAgent)], "")
}

// raise takes a session that resume has loaded in the same transaction one step up, now that the second factor is proved or
// the password replaced, under a new token: it signs in, or steps up. It happens once: of two requests with the same cookie
// one is told that the session is over.
func (c *Center) raise(ctx context.Context, tx *store.Tx, visit model.Actor, b Browser, token string, proof proof,
) (Admission, error) {
	step := b.rules.limits.Next(machineOf(b.Session), signin.Event{Kind: proof.kind, At: tx.Now(), Facts: b.facts})
	if !step.NewID {
		return Admission{}, errSignedOut(nil)
	}
	next, digest, err := vault.NewToken(c.Random)
	if err != nil {
		return Admission{}, err
	}
	s, admitted := b.Session, Admission{Token: next, User: b.User}
	s.Stage, s.FactorAt = model.SessionStage(step.Session.State), step.Session.FactorAt
	if proof.method != "" && (b.Session.FactorAt.IsZero() || b.Session.Stage == model.StageStrengthening) { // not a step-up
		s.Methods = "password " + proof.method
		if admitted.Browser, err = c.recognise(ctx, tx, visit, b.User, &s, b.rules.policy); err != nil {
			return Admission{}, err
		}
	}
	if s.Stage == model.StageSignedIn && b.Session.Stage != model.StageSignedIn {
		s.SignedInAt = tx.Now()
	}
	ok, err := tx.RaiseSession(ctx, s, vault.TokenDigest(token), digest)
	if err != nil {
		return Admission{}, fmt.Errorf("raise a session: %w", err)
	}
	if !ok {
		return Admission{}, errSignedOut(nil)
	}
	if s.Stage.Binds() {
		if _, err := c.startDevice(ctx, tx, s, firstDevice); err != nil {
			return Admission{}, err
		}
	}
	admitted.Session = s
	return admitted, nil
}

// proof is how somebody proved who they are, or that they replaced the password.
type proof struct {
	kind   signin.Kind
	method string // password, totp, recovery-code, security-key, passkey; empty when nothing was proved
}

// KeepFlash keeps messages for the next page of a session.
func (c *Center) KeepFlash(ctx context.Context, id model.SessionID, flash string) error {
	return c.Store.Housekeep(ctx, func(tx *store.Tx) error { return tx.KeepFlash(ctx, id, flash) })
}

// as is the person of a browser as the one who acts, for events of signing in.
func (b Browser) as(visit model.Actor) model.Actor {
	visit.User, visit.UserName, visit.Name, visit.Session = b.User.ID, b.User.UserName, b.User.DisplayName, b.Session.ID
	return visit
}

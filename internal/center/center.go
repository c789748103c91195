// Package center owns what a person can do: each exported method of Center that takes an Actor is one act, which it
// authorises, carries out and records in one transaction.
//
// It leaves SQL to internal/store, who may do what to internal/access, and requests and pages to internal/handlers.
package center

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/catalog"
	"gatehouse/internal/eval"
	"gatehouse/internal/mail"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// Config is what a Center needs.
type Config struct {
	Store   *store.Store
	Vault   *vault.Vault
	Hasher  *vault.Hasher
	Catalog *catalog.Catalog // AWS's managed policies and actions; nil: none
	Limits  signin.Limits    // how long sessions last, until a sign-in policy says otherwise
	Mail    *mail.Server     // where e-mails are handed to; nil: none are written
	BaseURL string           // scheme and host under which people reach the console: of links in e-mails, and what security keys sign for
	Now     func() time.Time // the clock
	Random  io.Reader        // randomness of identifiers and secrets
	Log     *slog.Logger
}

// Center carries out acts.
type Center struct {
	Config
	index    *access.Index
	refusals *refusals
	known    eval.Catalog      // what AWS has, for checking documents
	party    *mfa.RelyingParty // whom security keys sign for; nil: browsers give none to this address
	evidence *evidence         // what was found out about the trail last
}

// New returns a Center.
func New(config Config) *Center {
	if config.Catalog == nil {
		config.Catalog = noCatalogue()
	}
	c := &Center{Config: config, index: access.NewIndex(), refusals: newRefusals(), known: vocabularyOf(config.Catalog),
		evidence: new(evidence)}
	if party, err := mfa.NewRelyingParty(config.BaseURL); err == nil {
		c.party = party
	}
	return c
}

// work is one act under way: its transaction, who acts, and what they may do.
type work struct {
	ctx        context.Context
	center     *Center
	tx         *store.Tx
	actor      model.Actor
	access     *access.Snapshot
	org        model.Organization
	grant      string // the role session that allowed the act
	authorised bool
	rehearsal  bool             // the act is undone at once: it endangers nothing
	first      bool             // the actor has no second factor, and so none to confirm a first device with
	changed    *access.Snapshot // access after the act, when it changed and was looked at; change is its number
	change     int64
	two        bool            // acts of the highest value needed a second administrator before the act
	action     string          // of the proposal that is carried out
	proposed   string          // it, as data, while it may have to wait; empty: the act cannot wait
	approval   *model.Approval // that is carried out: who asked needs the same permission as the actor
	recorded   []model.Event
}

// errUnauthorised reports a mistake in the program: an act that asked for no permission.
var errUnauthorised = errors.New("center: the act was not authorised")

// do carries out an act in one transaction. fn asks w.may or w.own, changes rows, and calls w.record.
func (c *Center) do(ctx context.Context, actor model.Actor, fn func(w *work) error) error {
	var w *work
	err := c.Store.Update(ctx, func(tx *store.Tx) (err error) {
		if w, err = c.begin(ctx, tx, actor); err != nil {
			return err
		}
		if err := w.noteWhetherTwo(); err != nil {
			return err
		}
		if err := fn(w); err != nil {
			return err
		}
		if !w.authorised {
			return errUnauthorised
		}
		if err := w.keepAnAdministrator(); err != nil {
			return err
		}
		if err := w.confirmOperators(actor); err != nil {
			return err
		}
		return w.needSecond()
	})
	if err == nil && w.changed != nil {
		c.index.Keep(w.changed, w.change) // what was built for the check serves the next question
	}
	if u, ok := errors.AsType[*Unapproved](err); ok && actor.Asking.Asks {
		return c.ask(ctx, actor, u.Wanted)
	}
	return c.settle(ctx, actor, err)
}

func (c *Center) begin(ctx context.Context, tx *store.Tx, actor model.Actor) (*work, error) {
	w := &work{ctx: ctx, center: c, tx: tx, actor: actor}
	snapshot, err := c.index.At(ctx, tx.Reader)
	if model.KindOf(err) == model.NotFound {
		return w, nil // before set-up there is no organization to ask; may refuses then
	}
	if err != nil {
		return nil, err
	}
	w.access, w.org = snapshot, snapshot.Organization
	return w, nil
}

// act is what a verb needs permission for.
type act struct {
	action    string
	resources []string            // ARNs; one role must allow all of them
	account   model.AccountID     // the account it is about, for aws:ResourceOrgPaths
	unit      model.OUID          // the unit it is about, when it is one
	keys      map[string][]string // further condition keys
	objects   []model.Ref         // what a refusal is recorded about
}

// may asks for permission. The error of a refusal reaches the person and, after the transaction is undone, the trail.
func (w *work) may(a act) error {
	if w.actor.Host {
		w.authorised = true
		return nil
	}
	if w.access == nil {
		return errNotSetUp
	}
	grant, err := authorise(w.access, w.actor, w.tx.Now(), a)
	if err != nil {
		return err
	}
	w.authorised, w.grant = true, grant
	return w.askerMay(a)
}

// own says that the act is on the actor's own things, for which being signed in is enough.
func (w *work) own() { w.authorised = true }

// record appends an event about the act to the trail, in the act's transaction. action, outcome, objects and words are
// the caller's; who, when and through what are set here. A dangerous act asks here whether the actor's second factor is
// fresh, after everything else: only who would succeed is asked to confirm, and no verb can forget to ask.
func (w *work) record(e model.Event) error {
	if err := model.CheckReason(e.Reason); err != nil {
		return err
	}
	if e.Outcome == "" {
		e.Outcome = model.Done
	}
	if e.Outcome == model.Done && model.Dangerous(e.Action) && !w.rehearsal && !(w.first && e.Action == model.ActAddDevice) {
		if err := w.center.fresh(w.actor); err != nil {
			return err
		}
	}
	if w.approval != nil {
		e = asked(e, *w.approval)
	}
	w.recorded = append(w.recorded, e)
	signed := by(w.actor, e)
	signed.Grant = w.grant
	return w.tx.Record(w.ctx, signed)
}

// by fills in who acted.
func by(actor model.Actor, e model.Event) model.Event {
	e.Actor, e.ActorName, e.Session = actor.User, actor.UserName, actor.Session
	e.SourceIP, e.RequestID = actor.SourceIP, actor.RequestID
	switch {
	case actor.Host:
		e.ActorName = "host"
	case actor.User == "" && e.ActorName == "":
		e.ActorName = "anonymous"
	}
	return e
}

// byConsole is an event of what the console does by itself.
func byConsole(e model.Event) model.Event {
	e.ActorName = "console"
	return e
}

// keepAnAdministrator refuses a change after which nobody could administer the console for good.
func (w *work) keepAnAdministrator() error {
	after, err := w.after()
	if err != nil || after == w.access {
		return err
	}
	if !w.access.HasAdministrator(w.tx.Now()) {
		return nil // there was none before either: set-up and recovery are on their way to one
	}
	if after.HasAdministrator(w.tx.Now()) {
		return w.letAnAdministratorIn(after)
	}
	return &model.Error{Kind: model.Conflict, Message: "After this change nobody could administer Gatehouse any more. " +
		"Give another enabled person an administrator set on the management account first, without an end."}
}

// after is who may do what after the act so far; what it was before when that did not change. Call it when the act is done.
func (w *work) after() (*access.Snapshot, error) {
	change, err := w.tx.AccessChange(w.ctx)
	if err != nil || w.access == nil || change == w.access.Change() {
		return w.access, err
	}
	if w.changed == nil || w.change != change {
		if w.changed, err = w.center.index.Build(w.ctx, w.tx.Reader); err != nil {
			return nil, err
		}
		w.change = change
	}
	return w.changed, nil
}

// view answers a question that needs permission, at one moment.
func (c *Center) view(ctx context.Context, actor model.Actor, a act, fn func(store.Reader, *access.Snapshot) error) error {
	return c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
		if !actor.Host {
			if _, err := authorise(s, actor, c.Now(), a); err != nil {
				return c.settle(ctx, actor, err)
			}
		}
		return fn(r, s)
	})
}

// look answers a question for which being signed in is enough, at one moment.
func (c *Center) look(ctx context.Context, fn func(store.Reader, *access.Snapshot) error) error {
	return c.Store.Snapshot(ctx, func(r store.Reader) error {
		s, err := c.index.At(ctx, r)
		if err != nil {
			return err
		}
		return fn(r, s)
	})
}

// Allows reports which of some actions a person may do at all, on everything or in one unit: what a page offers.
func (c *Center) Allows(ctx context.Context, actor model.Actor, actions ...string) (map[string]bool, error) {
	allowed := make(map[string]bool, len(actions))
	err := c.look(ctx, func(_ store.Reader, s *access.Snapshot) error {
		for _, action := range actions {
			allowed[action] = allowsSomewhere(s, actor, c.Now(), action)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("ask what %s may do: %w", actor.UserName, err)
	}
	return allowed, nil
}

// Enter asks for the permission that opens a page which shows nothing of its own, such as an empty form.
func (c *Center) Enter(ctx context.Context, actor model.Actor, action string) error {
	return c.view(ctx, actor, act{action: action}, func(store.Reader, *access.Snapshot) error { return nil })
}

package center

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// Evidence is what was found out about a trail and the guarded rows beside it.
type Evidence struct {
	At         time.Time        // when it was looked at; zero: not yet
	After      int64            // the event after which the trail was walked; 0: all of it
	Events     int64            // how many events were walked
	Head       audit.Head       // the newest event that was found whole
	Checkpoint audit.Checkpoint // the newest whose signature is good; zero when there is none
	Signed     int              // how many checkpoints of the database have a good signature
	Exported   int              // how many checkpoints from elsewhere were compared
	Trail      []string         // what is wrong with the trail; empty when nothing is
	Guarded    bool             // guarded rows were looked at
	Rows       []string         // what is wrong with them, and with the index of the trail
	Notes      []string         // what could not be looked at
}

// Whole reports whether nothing is wrong.
func (e Evidence) Whole() bool { return len(e.Trail) == 0 && len(e.Rows) == 0 }

// mostDamages is how many damaged rows are named; the rest are counted.
const mostDamages = 100

// Verify looks at the whole trail, its index, every checkpoint and every guarded row of a database, at one moment, and changes
// nothing. exported are checkpoints that were kept elsewhere: only they show that a trail was cut together with everything
// in the database that says how long it was.
func Verify(ctx context.Context, s *store.Store, v *vault.Vault, exported []audit.Checkpoint) (Evidence, error) {
	var e Evidence
	err := s.Snapshot(ctx, func(r store.Reader) error {
		look := &inspection{ctx: ctx, r: r, vault: v, Evidence: &e}
		known, err := look.checkpoints(0)
		if err != nil {
			return err
		}
		known = append(known, look.elsewhere(exported)...)
		if err := look.walk(audit.NewCheck(known...)); err != nil {
			return err
		}
		return look.rows()
	})
	return e, err
}

// VerifyTrail looks at the trail without a key: its chain from the first event to the last, and its index, and nothing else.
func VerifyTrail(ctx context.Context, s *store.Store, exported []audit.Checkpoint) (Evidence, error) {
	var e Evidence
	err := s.Snapshot(ctx, func(r store.Reader) error {
		look := &inspection{ctx: ctx, r: r, Evidence: &e}
		if err := look.chain(audit.NewCheck(look.elsewhere(exported)...)); err != nil {
			return err
		}
		return look.damages(r.InspectIndex)
	})
	e.Notes = append(e.Notes, "without the master key neither signatures nor MACs of rows can be checked")
	return e, err
}

// VerifyEvents looks at events that each yields, such as those of an exported file. It may begin anywhere in a trail; what
// it begins with has to be trusted, or compared with a checkpoint.
func VerifyEvents(each func(func(model.Event) error) error, exported []audit.Checkpoint) (Evidence, error) {
	var e Evidence
	look := &inspection{Evidence: &e}
	known := look.elsewhere(exported)
	var check *audit.Check
	err := each(func(event model.Event) error {
		if check == nil {
			if e.After = max(event.Seq-1, 0); e.After > 0 {
				e.Notes = append(e.Notes, fmt.Sprintf("the file begins with event %d: what was before is not looked at", event.Seq))
			}
			check = audit.Resume(audit.Head{Seq: e.After, Hash: event.Prev}, known...)
			if e.After == 0 {
				check = audit.NewCheck(known...)
			}
		}
		e.Events++
		return check.Add(event)
	})
	if check == nil {
		check = audit.NewCheck(known...)
	}
	return e, look.conclude(check, err)
}

// sinceCheckpoint looks at the trail from the newest signed checkpoint on.
func sinceCheckpoint(ctx context.Context, r store.Reader, v *vault.Vault) (Evidence, error) {
	var e Evidence
	look := &inspection{ctx: ctx, r: r, vault: v, Evidence: &e}
	if _, err := look.checkpoints(1); err != nil {
		return e, err
	}
	if e.Checkpoint.Seq == 0 {
		return e, look.walk(audit.NewCheck())
	}
	e.After = e.Checkpoint.Seq - 1 // the event itself is looked at as well
	start, err := r.EventHash(ctx, e.After)
	if err != nil {
		return e, err
	}
	return e, look.walk(audit.Resume(audit.Head{Seq: e.After, Hash: start}, e.Checkpoint.Head))
}

// inspection is a look at a database under way.
type inspection struct {
	ctx   context.Context
	r     store.Reader
	vault *vault.Vault
	*Evidence
}

// checkpoints checks the signatures of the newest checkpoints, all when most is zero, and returns the heads they name.
func (i *inspection) checkpoints(most int) ([]audit.Head, error) {
	list, err := i.r.Checkpoints(i.ctx, most)
	if err != nil {
		return nil, err
	}
	var heads []audit.Head
	for _, c := range list {
		switch err := i.vault.Verify(vault.TrailCheckpoint, c.KeyID, c.Message(), c.Signature); {
		case errors.Is(err, vault.ErrUnknownKey):
			i.Notes = append(i.Notes, fmt.Sprintf("the checkpoint of event %d was signed under master key %s, which is not at hand", c.Seq, c.KeyID))
			continue
		case err != nil:
			i.Trail = append(i.Trail, fmt.Sprintf("the checkpoint of event %d: its signature is not ours", c.Seq))
			continue
		}
		if i.Signed++; i.Signed == 1 {
			i.Checkpoint = c
		}
		heads = append(heads, c.Head)
	}
	return heads, nil
}

// elsewhere returns the heads of checkpoints that were kept elsewhere. Where the signature cannot be checked, the place
// they were kept in has to be trusted.
func (i *inspection) elsewhere(exported []audit.Checkpoint) []audit.Head {
	var heads []audit.Head
	for _, c := range exported {
		err := error(nil)
		if i.vault != nil {
			err = i.vault.Verify(vault.TrailCheckpoint, c.KeyID, c.Message(), c.Signature)
		}
		switch {
		case errors.Is(err, vault.ErrUnknownKey):
			i.Notes = append(i.Notes, fmt.Sprintf("the exported checkpoint of event %d was signed under master key %s, which is not at "+
				"hand; it was compared all the same", c.Seq, c.KeyID))
		case err != nil:
			i.Trail = append(i.Trail, fmt.Sprintf("the exported checkpoint of event %d: its signature is not ours; it was not compared", c.Seq))
			continue
		}
		i.Exported++
		heads = append(heads, c.Head)
	}
	return heads
}

// walk goes through the trail and compares its end with what the head of the database says.
func (i *inspection) walk(check *audit.Check) error {
	if err := i.chain(check); err != nil || len(i.Trail) > 0 {
		return err
	}
	head, err := i.r.TrailHead(i.ctx)
	if _, ok := errors.AsType[*store.Damage](err); ok {
		i.Trail = append(i.Trail, err.Error())
		return nil
	}
	if err == nil && head != i.Head {
		i.Trail = append(i.Trail, fmt.Sprintf("the trail ends with event %d, but event %d was the last one written: it was cut",
			i.Head.Seq, head.Seq))
	}
	return err
}

func (i *inspection) chain(check *audit.Check) error {
	err := i.r.EachEvent(i.ctx, check.Head().Seq, func(e model.Event) error {
		i.Events++
		return check.Add(e)
	})
	return i.conclude(check, err)
}

// conclude notes what a check came to.
func (i *inspection) conclude(check *audit.Check, err error) error {
	if err == nil {
		err = check.End()
	}
	i.Head = check.Head()
	if broken, ok := errors.AsType[*audit.Broken](err); ok {
		i.Trail = append(i.Trail, broken.Error())
		return nil
	}
	return err
}

func (i *inspection) rows() error {
	i.Guarded = true
	return i.damages(i.r.Inspect, i.r.InspectIndex)
}

// damages notes what looks at tables find.
func (i *inspection) damages(looks ...func(context.Context, func(store.Damage)) error) error {
	count := 0
	for _, look := range looks {
		err := look(i.ctx, func(d store.Damage) {
			if count++; count <= mostDamages {
				i.Rows = append(i.Rows, d.Error())
			}
		})
		if err != nil {
			return err
		}
	}
	if count > mostDamages {
		i.Rows = append(i.Rows, fmt.Sprintf("and %d more", count-mostDamages))
	}
	return nil
}

// evidence keeps what was found out last, for the page of the trail.
type evidence struct {
	mu   sync.Mutex
	last Evidence
}

func (k *evidence) keep(e Evidence) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last = e
}

func (k *evidence) now() Evidence {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.last
}

// Evidence returns what was found out last by this process; one with a zero time when nothing was looked at yet.
func (c *Center) Evidence() Evidence { return c.evidence.now() }

// ProveTrail looks at the trail from the newest signed checkpoint on. It is housekeeping, nobody's act.
func (c *Center) ProveTrail(ctx context.Context) (Evidence, error) {
	var e Evidence
	err := c.Store.Snapshot(ctx, func(r store.Reader) (err error) {
		e, err = sinceCheckpoint(ctx, r, c.Vault)
		return err
	})
	if err != nil {
		return e, fmt.Errorf("look at the trail: %w", err)
	}
	return e, nil
}

// Prove looks at the trail from the newest signed checkpoint on, at its whole index and at all guarded rows, and keeps what
// it found for the page of the trail. It is housekeeping, nobody's act.
func (c *Center) Prove(ctx context.Context) (Evidence, error) {
	var e Evidence
	err := c.Store.Snapshot(ctx, func(r store.Reader) (err error) {
		if e, err = sinceCheckpoint(ctx, r, c.Vault); err != nil {
			return err
		}
		look := &inspection{ctx: ctx, r: r, vault: c.Vault, Evidence: &e}
		return look.rows()
	})
	if err != nil {
		return e, fmt.Errorf("look at the trail: %w", err)
	}
	e.At = c.Now().UTC()
	c.evidence.keep(e)
	return e, nil
}

// ErrBroken says that a trail is not signed because it is not whole.
var ErrBroken = errors.New("the trail is not whole, and so it is not signed")

// Sign proves the trail and, if it is whole, keeps a signed checkpoint of it and returns that, for the log. It is
// housekeeping, nobody's act. Refusals that were repeated, and nothing like them came since, are recorded first.
func (c *Center) Sign(ctx context.Context) (audit.Checkpoint, error) {
	if err := c.recordRest(ctx); err != nil {
		return audit.Checkpoint{}, err
	}
	e, err := c.Prove(ctx)
	if err != nil {
		return audit.Checkpoint{}, err
	}
	if len(e.Trail) > 0 {
		return audit.Checkpoint{}, fmt.Errorf("%w: %s", ErrBroken, e.Trail[0])
	}
	var signed audit.Checkpoint
	err = c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		signed, err = sign(ctx, tx, c.Vault)
		return err
	})
	if err != nil {
		return audit.Checkpoint{}, fmt.Errorf("sign the trail: %w", err)
	}
	e.Checkpoint = signed
	c.evidence.keep(e)
	return signed, nil
}

// sign keeps a checkpoint of the trail as it is in a transaction.
func sign(ctx context.Context, tx *store.Tx, v *vault.Vault) (audit.Checkpoint, error) {
	head, err := tx.TrailHead(ctx)
	if err != nil {
		return audit.Checkpoint{}, err
	}
	signed := audit.Checkpoint{Head: head, At: tx.Now(), KeyID: v.KeyID()}
	_, signed.Signature = v.Sign(vault.TrailCheckpoint, signed.Message())
	return signed, tx.InsertCheckpoint(ctx, signed)
}

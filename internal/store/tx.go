package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
)

// Tx is a write transaction: the only thing with methods that change rows.
type Tx struct {
	Reader
	now      time.Time // one time for everything the transaction writes
	head     head
	recorded int
}

// head is the row that orders writers and holds the counters they share.
type head struct {
	Seq          int64
	Hash         string
	NextPK       int64
	AccessChange int64
	Tallies      string // of the guarded tables
	MAC          string // over all of it
}

// ErrUnaudited reports a mistake in the program: a change that left no audit event.
var ErrUnaudited = errors.New("store: the transaction wrote no audit event")

// ErrRollback makes Update undo everything and return nil: for a verb that is only tried out.
var ErrRollback = errors.New("store: undo")

// Update runs fn in a write transaction. It commits only if fn returns nil and has recorded at least one event;
// otherwise nothing happened. Writers stand in line; waiting ends with ctx.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	return s.write(ctx, func(tx *Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		if tx.recorded == 0 {
			return ErrUnaudited
		}
		return nil
	})
}

// Housekeep runs fn in a write transaction that may leave no audit event. It is for what is not a person's act:
// counters of failures, last-seen times, consuming a time step, expiry. Nothing else may use it.
func (s *Store) Housekeep(ctx context.Context, fn func(*Tx) error) error { return s.write(ctx, fn) }

func (s *Store) write(ctx context.Context, fn func(*Tx) error) error {
	select {
	case s.gate <- struct{}{}:
		defer func() { <-s.gate }()
	case <-ctx.Done():
		return fmt.Errorf("wait to write: %w", ctx.Err())
	}
	// The transaction ends with ctx until it is committed. Whoever gives up during the commit would be told that nothing
	// happened, when it may have: it is not cut short.
	whole, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	unhook := context.AfterFunc(ctx, stop)
	defer unhook()
	tx, err := s.writer.BeginTxx(whole, nil)
	if err != nil {
		return unavailable(fmt.Errorf("begin a write: %w", cmp.Or(ctx.Err(), err)))
	}
	defer tx.Rollback() // does nothing once committed
	err = s.run(ctx, tx, fn)
	if errors.Is(err, ErrRollback) {
		return nil
	}
	if err == nil && !unhook() {
		err = ctx.Err()
	}
	if err != nil {
		return unavailable(err)
	}
	defer time.AfterFunc(commitPatience, stop).Stop()
	return unavailable(tx.Commit())
}

// commitPatience is how long a commit may take: that of a database server that does not answer any more is given up.
const commitPatience = 30 * time.Second

func (s *Store) run(ctx context.Context, sqlTx *sqlx.Tx, fn func(*Tx) error) error {
	// Whole microseconds are what both engines keep, so an event reads back as it was hashed.
	t := &Tx{Reader: Reader{q: sqlTx, guard: s.guard}, now: s.now().UTC().Truncate(time.Microsecond)}
	if err := t.lock(ctx); err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	return t.unlock(ctx)
}

// lock takes the head, by which writers take turns.
func (t *Tx) lock(ctx context.Context) error {
	if t.guard.keys.Zero() {
		return ErrUnguarded
	}
	err := t.one(ctx, &t.head, `UPDATE head SET id = 1 WHERE id = 1 RETURNING `+headColumns)
	if err != nil {
		return fmt.Errorf("lock the head: %w", err)
	}
	if t.guard.accepting {
		return t.mend(ctx)
	}
	if t.guard.adopting && t.head.MAC == "" {
		return t.neverGuarded(ctx)
	}
	if err = t.head.check(t.guard.keys); err == nil {
		t.ledger, err = readLedger(t.guard.keys, t.head.Tallies)
	}
	if d, ok := errors.AsType[*Damage](err); ok {
		return stopped(d)
	}
	return err
}

// unlock keeps what the transaction made of the head.
func (t *Tx) unlock(ctx context.Context) (err error) {
	if t.head.Tallies, err = t.ledger.text(); err != nil {
		return err
	}
	t.head.MAC = t.ledger.macs.Of(t.head.canonical())
	return t.exec(ctx, `UPDATE head SET seq = ?, hash = ?, next_pk = ?, access_change = ?, tallies = ?, mac = ? WHERE id = 1`,
		t.head.Seq, t.head.Hash, t.head.NextPK, t.head.AccessChange, t.head.Tallies, t.head.MAC)
}

// Now is the time of everything this transaction writes, in UTC.
func (t *Tx) Now() time.Time { return t.now }

// seq is the audit sequence that opens and closes rows in this transaction: that of its first event.
func (t *Tx) seq() int64 { return t.head.Seq + 1 - int64(t.recorded) }

// newPK hands out a row key.
func (t *Tx) newPK() int64 {
	pk := t.head.NextPK
	t.head.NextPK++
	return pk
}

// accessChanged notes that who can do what may be different after this transaction.
func (t *Tx) accessChanged() { t.head.AccessChange++ }

// AccessChange is the number of the newest change to who can do what, this transaction's own included.
func (t *Tx) AccessChange(context.Context) (int64, error) { return t.head.AccessChange, nil }

// AccessChange is the number of the newest change to who can do what.
func (r Reader) AccessChange(ctx context.Context) (int64, error) {
	var n int64
	return n, r.one(ctx, &n, `SELECT access_change FROM head WHERE id = 1`)
}

// Record appends an event to the trail in this transaction. Sequence, time, previous hash and hash are set here.
func (t *Tx) Record(ctx context.Context, e model.Event) error {
	e = audit.Clean(e)
	e.Seq, e.At, e.Prev = t.head.Seq+1, t.now, t.head.Hash
	e.Hash = audit.Hash(e)
	objects, err := json.Marshal(e.Objects)
	if err != nil {
		return fmt.Errorf("encode the objects of an event: %w", err)
	}
	err = t.exec(ctx, `
		INSERT INTO events (seq, at, actor, actor_name, session, action, outcome, objects, summary, reason, allowed_by,
			source_ip, request_id, repeated, state, prev, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Seq, e.At, e.Actor, e.ActorName, e.Session, e.Action, e.Outcome, string(objects), e.Summary, e.Reason, e.Grant,
		e.SourceIP, e.RequestID, e.Repeated, e.State, e.Prev, e.Hash)
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Action, err)
	}
	if err := t.index(ctx, e.Seq, e.Objects); err != nil {
		return err
	}
	t.head.Seq, t.head.Hash = e.Seq, e.Hash
	t.recorded++
	return nil
}

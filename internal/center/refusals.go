package center

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// refusals counts repeated refusals, so that one that is tried in a loop fills the trail with one record a minute.
type refusals struct {
	mu    sync.Mutex
	since map[refusalKey]refusalCount
}

type refusalKey struct {
	user             model.UserID
	action, resource string
}

type refusalCount struct {
	recorded time.Time
	more     int         // that went unrecorded since
	last     model.Event // of these
}

const (
	refusalPause = time.Minute

	// mostRest is how many rests are recorded in one transaction, so that nobody's change waits for long.
	mostRest = 500
)

func newRefusals() *refusals { return &refusals{since: map[refusalKey]refusalCount{}} }

// count notes a refusal and returns what is due to be recorded: it, when none like it was in the last minute, with how many
// went unrecorded since, and the rest of others.
func (r *refusals) count(key refusalKey, e model.Event, now time.Time) []model.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	last, known := r.since[key]
	if known && now.Sub(last.recorded) < refusalPause {
		last.more, last.last = last.more+1, e
		r.since[key] = last
		return nil
	}
	r.since[key] = refusalCount{recorded: now}
	e.Repeated = last.more
	return append(r.rest(now), e)
}

// rest forgets the refusals that were recorded more than a minute ago, and returns those that went unrecorded since, one event
// for all of a kind.
func (r *refusals) rest(now time.Time) (due []model.Event) {
	for key, v := range r.since {
		if now.Sub(v.recorded) < refusalPause || v.more > 0 && len(due) == mostRest {
			continue
		}
		if v.more > 0 {
			v.last.Repeated = v.more - 1
			due = append(due, v.last)
		}
		delete(r.since, key)
	}
	return due
}

// recordRefusal records a refusal unless one like it was recorded within the last minute, and what is left of others.
func (c *Center) recordRefusal(ctx context.Context, key refusalKey, e model.Event) error {
	return c.recordAll(ctx, c.refusals.count(key, e, c.Now()))
}

// recordRest records the refusals that nothing like it came after.
func (c *Center) recordRest(ctx context.Context) error {
	c.refusals.mu.Lock()
	due := c.refusals.rest(c.Now())
	c.refusals.mu.Unlock()
	return c.recordAll(ctx, due)
}

func (c *Center) recordAll(ctx context.Context, refused []model.Event) error {
	if len(refused) == 0 {
		return nil
	}
	err := c.Store.Update(ctx, func(tx *store.Tx) error {
		for _, e := range refused {
			if err := tx.Record(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record a refusal: %w", err)
	}
	return nil
}

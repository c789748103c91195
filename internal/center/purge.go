package center

import (
	"context"
	"fmt"
	"time"

	"gatehouse/internal/store"
)

const (
	// keptFor is how long rows stay that say nothing any more: long enough for questions about last month, and far
	// beyond every limit of sessions and links.
	keptFor = 30 * 24 * time.Hour

	// mostPurged is how many rows of a kind go in one transaction, so that nobody's change waits for long.
	mostPurged = 500
)

// Purge forgets what Tx.Purge does, once it was over a month ago. It is housekeeping, nobody's act: the trail has what
// mattered about it.
func (c *Center) Purge(ctx context.Context) error {
	before := c.Now().Add(-keptFor)
	for {
		var gone int64
		err := c.Store.Housekeep(ctx, func(tx *store.Tx) (err error) {
			gone, err = tx.Purge(ctx, before, mostPurged)
			return err
		})
		if err != nil {
			return fmt.Errorf("forget what was over a month ago: %w", err)
		}
		if gone == 0 {
			return nil
		}
	}
}

package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gatehouse/internal/center"
)

// checkTrail refuses to serve on a trail that is not whole since its last signed checkpoint: what is recorded after a cut
// or a change would lend it credit.
func checkTrail(ctx context.Context, c *center.Center, log *slog.Logger) error {
	e, err := c.ProveTrail(ctx)
	if err != nil {
		return err
	}
	if len(e.Trail) > 0 {
		return fmt.Errorf("the audit trail was changed outside Gatehouse, and so it is not served: %s\n"+
			"console audit verify looks at all of it. Go back to a backup, or when you know what happened,\n"+
			"go on with: console audit accept --reason TEXT", strings.Join(e.Trail, "; "))
	}
	log.Info("trail verified", "from", e.After, "events", e.Events, "newest", e.Head.Seq)
	return nil
}

// signHourly signs the trail at the start and every hour after, until the context ends.
func signHourly(ctx context.Context, c *center.Center, log *slog.Logger) {
	hour := time.NewTicker(time.Hour)
	defer hour.Stop()
	for {
		signTrail(ctx, c, log)
		select {
		case <-hour.C:
		case <-ctx.Done():
			return
		}
	}
}

// signTrail keeps a signed checkpoint of the trail and prints it, so that a log that is shipped away carries it out of
// reach of whoever can change the database. What is wrong with rows is printed too; the trail is signed all the same.
func signTrail(ctx context.Context, c *center.Center, log *slog.Logger) {
	signed, err := c.Sign(ctx)
	for _, damage := range c.Evidence().Rows {
		log.Error("the database was changed from outside", "damage", damage)
	}
	if err != nil {
		if ctx.Err() == nil {
			log.Error("the trail could not be signed", "error", err)
		}
		return
	}
	log.Info("trail signed", "event", signed.Seq, "checkpoint", signed.String())
}

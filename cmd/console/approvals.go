package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

// approvals turns the second administrator off: the way on when nobody is left to approve.
func (p process) approvals(ctx context.Context, c config, args []string) error {
	if len(args) == 0 || args[0] != "off" {
		return errors.New("use: console approvals off [reason]")
	}
	center, _, err := p.open(ctx, c)
	if err != nil {
		return err
	}
	defer center.Store.Close()
	if err := center.AskForOne(ctx, model.Actor{Host: true}, strings.Join(args[1:], " ")); err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.out, "One administrator is enough again for changes of the highest value. The trail says that the host decided so.")
	return err
}

// approvalPause is how often approvals that ran out are ended. Nobody can use them in the meantime.
const approvalPause = 15 * time.Minute

// endApprovals ends approvals that nobody decided on in time, until the context ends.
func endApprovals(ctx context.Context, center *center.Center, log *slog.Logger) {
	tick := time.NewTicker(approvalPause)
	defer tick.Stop()
	for {
		if err := center.EndApprovals(ctx); err != nil && ctx.Err() == nil {
			log.Warn("approvals that ran out were not ended, the next try is soon", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

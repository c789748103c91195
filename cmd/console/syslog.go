package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/syslog"
)

const (
	shipPause   = time.Second
	longestWait = time.Minute // between tries while the collector cannot be reached
)

// ship sends the trail to a collector of logs until the context ends. A collector that cannot be reached stops nothing
// else: it gets what it missed when it is back.
func ship(ctx context.Context, c *center.Center, log *slog.Logger, destination string, sender *syslog.Sender) {
	holder := rand.Text()
	send := func(events []model.Event) error {
		messages, err := syslogMessages(events)
		if err != nil {
			return err
		}
		return sender.Send(ctx, messages)
	}
	wait := shipPause
	for ctx.Err() == nil {
		sent, err := c.Ship(ctx, destination, holder, send)
		switch {
		case err != nil && ctx.Err() == nil:
			log.Warn("the trail was not sent, and will be", "to", destination, "error", err, "next try in", wait)
		case wait > shipPause && sent > 0:
			log.Info("the trail is sent again", "to", destination)
		}
		if err == nil {
			if wait = shipPause; sent > 0 {
				continue // there may be more
			}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
		if err != nil {
			wait = min(2*wait, longestWait)
		}
	}
	if err := sender.Close(); err != nil && !errors.Is(err, context.Canceled) {
		log.Debug("close the connection to the collector", "error", err)
	}
}

// syslogMessages are events as a collector gets them: the number and the hash for telling gaps and repetitions, and the
// event as JSON.
func syslogMessages(events []model.Event) ([]syslog.Message, error) {
	messages := make([]syslog.Message, len(events))
	for i, e := range events {
		text, err := audit.Line(e)
		if err != nil {
			return nil, err
		}
		e.State = ""
		short, err := audit.Line(e)
		if err != nil {
			return nil, fmt.Errorf("shorten: %w", err)
		}
		severity := syslog.Notice
		if e.Outcome != model.Done {
			severity = syslog.Warning
		}
		messages[i] = syslog.Message{Severity: severity, At: e.At, ID: "trail", Text: string(text), Short: string(short),
			Data: []syslog.Param{{Name: "seq", Value: strconv.FormatInt(e.Seq, 10)}, {Name: "action", Value: e.Action},
				{Name: "outcome", Value: string(e.Outcome)}, {Name: "hash", Value: e.Hash}}}
	}
	return messages, nil
}

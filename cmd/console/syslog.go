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

// shipper sends the trail to a collector of logs.
type shipper struct {
	center      *center.Center
	log         *slog.Logger
	destination string
	sender      *syslog.Sender
	holder      string
	recent      []batch
}

// batch is a number of events that were sent without an error.
type batch struct {
	at    time.Time
	after int64 // the event before its first one
}

// doubtful is how long after a batch a collector that hangs up is taken not to have it: syslog confirms nothing.
const doubtful = 5 * time.Second

// ship sends the trail to a collector until the context ends. A collector that cannot be reached stops nothing else: it
// gets what it missed when it is back.
func ship(ctx context.Context, c *center.Center, log *slog.Logger, destination string, sender *syslog.Sender) {
	s := &shipper{center: c, log: log, destination: destination, sender: sender, holder: rand.Text()}
	for wait := shipPause; ctx.Err() == nil; {
		sent, err := s.step(ctx)
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
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := errors.Join(s.settle(last, sender.Check()), sender.Close(), c.EndShipping(last, destination, s.holder)); err != nil {
		log.Warn("end sending the trail", "error", err)
	}
}

// step sends what there is to send, up to a number, and returns how much that was.
func (s *shipper) step(ctx context.Context) (int, error) {
	if err := s.settle(ctx, s.sender.Check()); err != nil {
		return 0, err
	}
	sent, err := s.center.Ship(ctx, s.destination, s.holder, func(events []model.Event) error {
		messages, err := syslogMessages(events)
		if err != nil {
			return err
		}
		if err := s.sender.Send(ctx, messages); err != nil {
			return err
		}
		s.recent = append(s.recent, batch{time.Now(), events[0].Seq - 1})
		return nil
	})
	if err != nil {
		err = errors.Join(err, s.settle(ctx, err))
	}
	return sent, err
}

// settle forgets the batches that are surely there. If the collector hung up, the others are sent again.
func (s *shipper) settle(ctx context.Context, hungUp error) error {
	for len(s.recent) > 0 && time.Since(s.recent[0].at) > doubtful {
		s.recent = s.recent[1:]
	}
	if hungUp == nil || len(s.recent) == 0 {
		return nil
	}
	if err := s.center.ShipAgain(ctx, s.destination, s.holder, s.recent[0].after); err != nil {
		return err
	}
	s.recent = nil
	return nil
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

package center

import (
	"context"
	"fmt"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/report"
	"gatehouse/internal/store"
)

// Trail returns one page of the audit trail, newest first. f.Before and f.Limit choose the page.
func (c *Center) Trail(ctx context.Context, actor model.Actor, f store.EventFilter) (Past, error) {
	f.Limit = historyPage + 1
	var past Past
	err := c.view(ctx, actor, act{action: model.ActReadAudit}, func(r store.Reader, s *access.Snapshot) error {
		events, err := r.Events(ctx, f)
		if err != nil {
			return err
		}
		if past.Total, err = r.CountEvents(ctx, f); err != nil {
			return fmt.Errorf("count the events of the trail: %w", err)
		}
		if len(events) > historyPage {
			events = events[:historyPage]
			past.Next = events[historyPage-1].Seq
		}
		past.Entries, err = entries(ctx, r, s, events)
		return err
	})
	return past, err
}

// mostExported is how many events one file holds: more are fetched by narrowing the time.
const mostExported = 100_000

// DownloadTrail returns the chosen events as a CSV file, newest first, and records that they left the console.
func (c *Center) DownloadTrail(ctx context.Context, actor model.Actor, f store.EventFilter) (string, error) {
	f.Limit, f.Before = mostExported, 0
	var file string
	err := c.do(ctx, actor, func(w *work) error {
		if err := w.may(act{action: model.ActReadAudit}); err != nil {
			return err
		}
		events, err := w.tx.Events(ctx, f)
		if err != nil {
			return err
		}
		if file, err = report.Trail(events); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActReadAudit, Objects: []model.Ref{{Kind: model.RefReport, ID: "trail", Name: "Audit trail"}},
			Summary: fmt.Sprintf("Downloaded %d events of the audit trail", len(events))})
	})
	return file, err
}

package center

import (
	"context"
	"fmt"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/report"
	"gatehouse/internal/store"
)

// TrailFilter chooses events of the trail. By is a user name, and finds what the person did under other names as well;
// an Object with a Name is found by id, by name or by user name.
type TrailFilter = store.EventFilter

// Trail returns one page of the audit trail, newest first. f.Before chooses the page.
func (c *Center) Trail(ctx context.Context, actor model.Actor, f TrailFilter) (Past, error) {
	f.Limit = historyPage + 1
	var past Past
	err := c.view(ctx, actor, act{action: model.ActReadAudit}, func(r store.Reader, s *access.Snapshot) error {
		past.Proof = c.Evidence()
		f := known(s, f)
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

// known looks up the people whom a filter names by their user names of today.
func known(s *access.Snapshot, f TrailFilter) TrailFilter {
	by, object := strings.TrimSpace(f.By), strings.TrimSpace(f.Object.Name)
	if by == "" && object == "" {
		return f
	}
	for _, u := range s.Users() {
		if strings.EqualFold(u.UserName, by) {
			f.Actor = u.ID
		}
		if strings.EqualFold(u.UserName, object) {
			f.Object.ID = string(u.ID)
		}
	}
	return f
}

// mostExported is how many events one file holds.
const mostExported = 100_000

// DownloadTrail returns the chosen events as a CSV file, newest first, and records that they left the console.
func (c *Center) DownloadTrail(ctx context.Context, actor model.Actor, f TrailFilter) (string, error) {
	return c.downloadTrail(ctx, actor, f, report.Trail)
}

// DownloadTrailLines is DownloadTrail as JSON lines, the oldest event first: with them the chain can be proved.
func (c *Center) DownloadTrailLines(ctx context.Context, actor model.Actor, f TrailFilter) (string, error) {
	return c.downloadTrail(ctx, actor, f, report.TrailLines)
}

func (c *Center) downloadTrail(ctx context.Context, actor model.Actor, f TrailFilter, write func([]model.Event) (string, error),
) (string, error) {
	f.Limit, f.Before = mostExported+1, 0
	var file string
	err := c.do(ctx, actor, func(w *work) error {
		if err := w.may(act{action: model.ActReadAudit}); err != nil {
			return err
		}
		events, err := w.tx.Events(ctx, known(w.access, f))
		if err != nil {
			return err
		}
		if len(events) > mostExported {
			return &model.Error{Kind: model.Invalid, Message: "These are more than 100,000 events, which is the most that one " +
				"file holds. Narrow the time and download the trail in parts."}
		}
		if file, err = write(events); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActReadAudit,
			Objects: []model.Ref{{Kind: model.RefReport, ID: "trail", Name: "Audit trail"}},
			Summary: "Downloaded " + numbered(len(events), "event", "events") + " of the audit trail"})
	})
	return file, err
}

// numbered is a number with the thing it counts.
func numbered(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

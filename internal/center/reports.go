package center

import (
	"context"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/report"
	"gatehouse/internal/store"
)

// ReportLife is how long a generated report is served unchanged, as AWS does with its credential report.
const ReportLife = 4 * time.Hour

// CredentialReport is the newest credential report.
type CredentialReport struct {
	GeneratedAt time.Time
	By          string    // display name of who generated it; "the host" for none
	RenewableAt time.Time // from then on it can be generated anew
	File        string    // CSV, the same bytes every time
	Fresh       bool      // generated just now, by this act
}

// Renewable reports whether the report is old enough to be generated anew.
func (r CredentialReport) Renewable(now time.Time) bool { return !now.Before(r.RenewableAt) }

// GenerateCredentialReport generates the credential report and keeps it. While the newest one is younger than ReportLife,
// that one is returned instead.
func (c *Center) GenerateCredentialReport(ctx context.Context, actor model.Actor) (CredentialReport, error) {
	var done CredentialReport
	err := c.do(ctx, actor, func(w *work) error {
		resource := w.org.ARN("report", string(store.CredentialReport))
		if err := w.may(act{action: model.ActGenerateReport, resources: []string{resource}}); err != nil {
			return err
		}
		newest, err := w.tx.NewestReport(ctx, store.CredentialReport)
		if err == nil && w.tx.Now().Sub(newest.GeneratedAt) < ReportLife {
			done = reported(w.access, newest)
			return w.record(reportEvent(model.ActGenerateReport, newest.ID,
				"Asked for a credential report; the present one is younger than four hours"))
		}
		if err != nil && model.KindOf(err) != model.NotFound {
			return err
		}
		fresh, err := w.writeCredentialReport()
		if err != nil {
			return err
		}
		done = reported(w.access, fresh)
		done.Fresh = true
		return w.record(reportEvent(model.ActGenerateReport, fresh.ID, "Generated the credential report"))
	})
	return done, err
}

func (w *work) writeCredentialReport() (store.Report, error) {
	now := w.tx.Now().Truncate(time.Second)
	in, err := w.center.inForce(w.ctx, w.tx.Reader)
	if err != nil {
		return store.Report{}, err
	}
	people, err := w.tx.Credentials(w.ctx, now.Add(-in.limits.Idle), now.Add(-in.limits.Absolute))
	if err != nil {
		return store.Report{}, err
	}
	file, err := report.Credentials(people, w.access, in.policy, now)
	if err != nil {
		return store.Report{}, err
	}
	id, err := model.NewUUID(w.center.Random)
	if err != nil {
		return store.Report{}, err
	}
	fresh := store.Report{ID: id, Kind: store.CredentialReport, GeneratedAt: now, GeneratedBy: w.actor.User,
		Body: file}
	return fresh, w.tx.InsertReport(w.ctx, fresh)
}

// CredentialReport returns the newest credential report for reading on a page; a NotFound error when there is none.
func (c *Center) CredentialReport(ctx context.Context, actor model.Actor) (CredentialReport, error) {
	var newest CredentialReport
	err := c.view(ctx, actor, act{action: model.ActGetReport}, func(r store.Reader, s *access.Snapshot) error {
		found, err := r.NewestReport(ctx, store.CredentialReport)
		newest = reported(s, found)
		return err
	})
	return newest, err
}

// DownloadCredentialReport returns the newest credential report as a file, and records that it left the console.
func (c *Center) DownloadCredentialReport(ctx context.Context, actor model.Actor) (CredentialReport, error) {
	var newest CredentialReport
	err := c.do(ctx, actor, func(w *work) error {
		resource := w.org.ARN("report", string(store.CredentialReport))
		if err := w.may(act{action: model.ActGetReport, resources: []string{resource}}); err != nil {
			return err
		}
		found, err := w.tx.NewestReport(ctx, store.CredentialReport)
		if err != nil {
			return err
		}
		newest = reported(w.access, found)
		return w.record(reportEvent(model.ActGetReport, found.ID, "Downloaded the credential report"))
	})
	return newest, err
}

func reported(s *access.Snapshot, r store.Report) CredentialReport {
	by := "the host"
	if u := s.User(r.GeneratedBy); u != nil {
		by = u.DisplayName
	}
	return CredentialReport{GeneratedAt: r.GeneratedAt, By: by, RenewableAt: r.GeneratedAt.Add(ReportLife), File: r.Body}
}

func reportEvent(action, id, summary string) model.Event {
	return model.Event{Action: action, Summary: summary,
		Objects: []model.Ref{{Kind: model.RefReport, ID: id, Name: "Credential report"}}}
}

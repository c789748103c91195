package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/web/templates"
)

// audit shows the trail.
func (h *Handlers) audit(c echo.Context) error {
	form := auditForm(c.QueryParams())
	filter := auditFilter(&form)
	filter.Before, _ = strconv.ParseInt(c.QueryParam("before"), 10, 64) // made-up addresses start at the newest
	past, err := h.Center.Trail(c.Request().Context(), person(c), filter)
	if err != nil {
		return err
	}

	query := form.Values()
	p := templates.AuditPage{Total: past.Total, Form: form, Days: eventDays(past.Entries), Shown: len(past.Entries),
		Filtered: len(query) > 0, Clear: "/audit", CSV: "/audit.csv?" + query.Encode(),
		Actions: model.Actions(), Outcomes: outcomes, FormShown: form.Further(), Filter: auditBar(form, h.Now())}
	if filter.Before > 0 {
		p.Newest = "/audit?" + query.Encode()
	} else if len(query) == 0 && len(past.Entries) > 0 {
		p.Head = past.Entries[0].Hash
	}
	if past.Next > 0 {
		p.Older = "/audit?" + with(query, "before", strconv.FormatInt(past.Next, 10)).Encode()
	}
	status := http.StatusOK
	if len(form.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return h.render(c, page{status: status, title: "Audit trail", section: "/audit", failed: len(form.Problems) > 0,
		crumbs: []templates.Link{{Text: "Evidence"}, {Text: "Audit trail"}}}, templates.Audit(p))
}

// downloadAudit sends the chosen events as a file.
func (h *Handlers) downloadAudit(c echo.Context) error {
	form := auditForm(c.QueryParams())
	filter := auditFilter(&form)
	if len(form.Problems) > 0 {
		return &model.Error{Kind: model.Invalid, Message: "Check the filter.", Fields: form.Problems}
	}
	file, err := h.Center.DownloadTrail(c.Request().Context(), person(c), filter)
	if err != nil {
		return err
	}
	return sendCSV(c, "audit-trail-"+h.Now().UTC().Format("2006-01-02T15-04-05")+".csv", file)
}

// sendCSV sends a file for a spreadsheet under a name of ours.
func sendCSV(c echo.Context, name, file string) error {
	c.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", []byte(file))
}

var outcomes = []templates.Option{
	{Value: "", Text: "Any"}, {Value: string(model.Done), Text: "Done"},
	{Value: string(model.Refused), Text: "Refused"}, {Value: string(model.Failed), Text: "Failed sign-in"},
}

func auditForm(q url.Values) templates.AuditForm {
	return templates.AuditForm{By: q.Get("by"), Object: q.Get("object"), Action: q.Get("action"), Outcome: q.Get("outcome"),
		From: q.Get("from"), To: q.Get("to"), Query: q.Get("q"), Problems: map[string]string{}}
}

// auditFilter reads the typed filters; what cannot be read is noted in the form and does not limit.
func auditFilter(f *templates.AuditForm) store.EventFilter {
	filter := store.EventFilter{By: f.By, Object: model.Ref{ID: f.Object}, Text: f.Query, Outcome: model.Outcome(f.Outcome)}
	if f.Action != "" {
		filter.Actions = []string{f.Action}
	}
	day := func(field, text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			f.Problems[field] = "Write a day as year-month-day, such as 2026-11-20."
		}
		return at
	}
	filter.From = day("from", f.From)
	if filter.To = day("to", f.To); !filter.To.IsZero() {
		filter.To = filter.To.AddDate(0, 0, 1) // the whole of the last day
	}
	return filter
}

func auditBar(f templates.AuditForm, now time.Time) templates.FilterProps {
	query := f.Values()
	at := func(name, value string) string { return "/audit?" + with(query, name, value).Encode() }
	bar := templates.FilterProps{Action: "/audit", Query: f.Query, Label: "Filter the trail", Target: "trail",
		Placeholder: "Filter by what happened or who did it"}
	for _, name := range []string{"by", "object", "action", "outcome", "from", "to"} {
		if value := query.Get(name); value != "" {
			bar.Keep = append(bar.Keep, templates.Pair{Name: name, Value: value})
			bar.Chips = append(bar.Chips, templates.Chip{Label: name, Text: value, Href: at(name, ""), On: true, Removable: true})
		}
	}
	if f.From == "" {
		since := func(days int) string { return at("from", now.UTC().AddDate(0, 0, -days).Format(time.DateOnly)) }
		bar.Menus = append(bar.Menus, templates.Menu{Text: "When", Items: []templates.MenuItem{
			{Text: "Today", Href: since(0)}, {Text: "Last 7 days", Href: since(7)}, {Text: "Last 30 days", Href: since(30)}}})
	}
	if f.Outcome == "" {
		bar.Menus = append(bar.Menus, templates.Menu{Text: "Outcome", Items: []templates.MenuItem{
			{Text: "Done", Href: at("outcome", string(model.Done))}, {Text: "Refused", Href: at("outcome", string(model.Refused))},
			{Text: "Failed sign-in", Href: at("outcome", string(model.Failed))}}})
	}
	return bar
}

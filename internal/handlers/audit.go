package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// audit shows the trail.
func (h *Handlers) audit(c echo.Context) error {
	form := auditForm(c.QueryParams())
	filter := auditFilter(&form)
	before, err := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	if err == nil { // made-up addresses start at the newest
		filter.Before = max(before, 0)
	}
	past, err := h.Center.Trail(c.Request().Context(), person(c), filter)
	if err != nil {
		return err
	}
	query := form.Values()
	p := templates.AuditPage{Total: past.Total, Form: form, Days: trailDays(past.Entries), Shown: len(past.Entries),
		Filtered: len(query) > 0, Clear: "/audit", CSV: "/audit.csv?" + query.Encode(),
		JSONL: "/audit.jsonl?" + query.Encode(), Proof: trailProof(past.Proof, h.Now()),
		Actions: model.Actions(), Outcomes: outcomes, FormShown: len(form.Problems) > 0, Filter: auditBar(form, h.Now())}
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

// trailDays are the events by day, each with where it came from.
func trailDays(entries []center.Entry) []templates.EventDay {
	days := eventDays(entries)
	for i, n := 0, 0; i < len(days); i++ {
		for j := range days[i].Events {
			days[i].Events[j].Origin = entries[n].SourceIP
			days[i].Events[j].Failed = entries[n].Outcome == model.Failed
			n++
		}
	}
	return days
}

// trailProof is what was found out about the trail, for its page.
func trailProof(e center.Evidence, now time.Time) templates.TrailProof {
	return templates.TrailProof{At: e.At, Now: now, SignedAt: e.Checkpoint.At, Signed: int(e.Checkpoint.Seq),
		Broken: strings.Join(slices.Concat(e.Trail, e.Rows), "; ")}
}

// downloadAudit sends the chosen events as a file for a spreadsheet.
func (h *Handlers) downloadAudit(c echo.Context) error {
	filter, err := downloadFilter(c)
	if err != nil {
		return err
	}
	file, err := h.Center.DownloadTrail(c.Request().Context(), person(c), filter)
	if err != nil {
		return err
	}
	return sendCSV(c, "audit-trail-"+h.Now().UTC().Format(fileTime)+".csv", file)
}

// downloadAuditLines sends the chosen events as JSON lines.
func (h *Handlers) downloadAuditLines(c echo.Context) error {
	filter, err := downloadFilter(c)
	if err != nil {
		return err
	}
	file, err := h.Center.DownloadTrailLines(c.Request().Context(), person(c), filter)
	if err != nil {
		return err
	}
	return sendFile(c, "application/x-ndjson; charset=utf-8", "audit-trail-"+h.Now().UTC().Format(fileTime)+".jsonl", file)
}

// downloadFilter reads the filter of a file; one that cannot be read is an error, since a file shows no problems.
func downloadFilter(c echo.Context) (center.TrailFilter, error) {
	form := auditForm(c.QueryParams())
	filter := auditFilter(&form)
	if len(form.Problems) > 0 {
		return filter, &model.Error{Kind: model.Invalid, Message: "The filter cannot be read. Go back and check its days."}
	}
	return filter, nil
}

// fileTime is the form of times in the names of files.
const fileTime = "2006-01-02T15-04-05"

// sendCSV sends a file for a spreadsheet under a name of ours.
func sendCSV(c echo.Context, name, file string) error {
	return sendFile(c, "text/csv; charset=utf-8", name, file)
}

func sendFile(c echo.Context, kind, name, file string) error {
	c.Response().Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	return c.Blob(http.StatusOK, kind, []byte(file))
}

var outcomes = []templates.Option{
	{Value: "", Text: "Any"}, {Value: string(model.Done), Text: "Done"},
	{Value: string(model.Refused), Text: "Refused"}, {Value: string(model.Failed), Text: "Failed sign-in"},
}

func auditForm(q url.Values) templates.AuditForm {
	f := templates.AuditForm{By: q.Get("by"), Object: q.Get("object"), Action: q.Get("action"), Outcome: q.Get("outcome"),
		From: q.Get("from"), To: q.Get("to"), Query: q.Get("q"), Problems: map[string]string{}}
	for name, text := range map[string]string{"q": f.Query, "by": f.By, "object": f.Object, "action": f.Action} {
		if len(text) > longestFilter {
			f.Problems[name] = "This is too long to be looked for."
		}
	}
	if !slices.ContainsFunc(outcomes, func(o templates.Option) bool { return o.Value == f.Outcome }) {
		f.Outcome = "" // nobody offers it
	}
	return f
}

// longestFilter is the most bytes of a text that is looked for.
const longestFilter = 300

// auditFilter reads the typed filters; what cannot be read is noted in the form and does not limit.
func auditFilter(f *templates.AuditForm) center.TrailFilter {
	read := func(field, text string) string {
		if f.Problems[field] != "" {
			return ""
		}
		return strings.TrimSpace(text)
	}
	object := read("object", f.Object)
	filter := center.TrailFilter{By: read("by", f.By), Object: model.Ref{ID: object, Name: object}, Text: read("q", f.Query),
		Outcome: model.Outcome(f.Outcome)}
	if action := read("action", f.Action); action != "" {
		filter.Actions = []string{action}
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
	if !filter.To.IsZero() && !filter.From.Before(filter.To) {
		f.Problems["to"] = "The last day is before the first."
	}
	return filter
}

func auditBar(f templates.AuditForm, now time.Time) templates.FilterProps {
	query := f.Values()
	at := func(name, value string) string { return "/audit?" + with(query, name, value).Encode() }
	bar := templates.FilterProps{Action: "/audit", Query: f.Query, Label: "Filter the trail", Target: "trail",
		Placeholder: "Filter by what happened, who did it, action or reason"}
	for _, name := range []string{"by", "object", "action", "outcome", "from", "to"} {
		if value := query.Get(name); value != "" {
			bar.Keep = append(bar.Keep, templates.Pair{Name: name, Value: value})
			bar.Chips = append(bar.Chips, templates.Chip{Label: chipLabels[name], Text: value, Href: at(name, ""), On: true,
				Removable: true})
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

var chipLabels = map[string]string{
	"by": "Person", "object": "Object", "action": "Action", "outcome": "Outcome", "from": "From", "to": "To",
}

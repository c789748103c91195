package handlers

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// history is the History tab of a thing at the address the request asks for. noun is what the thing is: "user".
func (h *Handlers) history(c echo.Context, ref model.Ref, noun string) (templates.HistoryProps, error) {
	before, err := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0 // an address that somebody made up: start at the newest
	}
	past, err := h.Center.History(c.Request().Context(), person(c), ref, before)
	if err != nil {
		return templates.HistoryProps{}, err
	}
	p := templates.HistoryProps{Days: eventDays(past.Entries), Noun: noun, Shown: len(past.Entries), Total: past.Total}
	if before > 0 {
		p.Newest = c.Request().URL.Path
	}
	if past.Next > 0 {
		p.Older = fmt.Sprintf("%s?before=%d", c.Request().URL.Path, past.Next)
	}
	return p, nil
}

// eventDays groups entries, newest first, by their day in UTC.
func eventDays(entries []center.Entry) []templates.EventDay {
	var days []templates.EventDay
	for _, e := range entries {
		title := e.At.UTC().Format("Monday 2 January 2006")
		if len(days) == 0 || days[len(days)-1].Title != title {
			days = append(days, templates.EventDay{Title: title})
		}
		day := &days[len(days)-1]
		day.Events = append(day.Events, eventOf(e))
	}
	return days
}

func eventOf(e center.Entry) templates.EventProps {
	actor := templates.Link{Text: e.By.Name, Href: hrefOf(e.By)}
	if words, ok := nobody[e.By.Name]; ok && e.By.ID == "" {
		actor.Text = words
	}
	things := make([]templates.Link, len(e.Present))
	for i, ref := range e.Present {
		things[i] = templates.Link{Text: ref.Name, Href: hrefOf(ref)}
	}
	p := templates.EventProps{
		ID: fmt.Sprintf("event-%d", e.Seq), At: e.At, Icon: templates.EventIcon(e.Action), Name: e.Action, Detail: e.Reason,
		Refused: e.Outcome != model.Done,
		What:    templates.Sentence(templates.EventWords(actor, e.Summary, e.Outcome == model.Refused, things)),
	}
	if e.Repeated > 0 {
		p.Detail = fmt.Sprintf("and %d more times before", e.Repeated)
	}
	for _, change := range e.Changes[:min(len(e.Changes), mostChanges)] {
		p.Changes = append(p.Changes, templates.Change(change))
	}
	return p
}

// nobody names who acts without being in the directory.
var nobody = map[string]string{"host": "The host", "console": "The console", "anonymous": "Somebody not signed in"}

// mostChanges is how many changed fields a history lists of one event.
const mostChanges = 20

// hrefOf is the address of the page about a thing; empty when it has none.
func hrefOf(ref model.Ref) string {
	id := url.PathEscape(ref.ID)
	if id == "" {
		return ""
	}
	switch ref.Kind {
	case model.RefUser:
		return "/users/" + id
	case model.RefGroup:
		return "/groups/" + id
	case model.RefAccount:
		return "/accounts/" + id
	case model.RefOU:
		return "/accounts/ous/" + id
	case model.RefPolicy:
		return "/accounts/policies/" + id
	case model.RefPermissionSet:
		return "/permission-sets/" + id
	case model.RefAssignment:
		return "/assignments/" + id
	case model.RefSignInPolicy:
		return settingsPath
	case model.RefApproval:
		return approvalsPath + "/" + id
	case model.RefScenario:
		return "/simulate/scenarios/" + id
	}
	return ""
}

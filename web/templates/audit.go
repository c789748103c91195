package templates

import "net/url"

// AuditPage is the audit trail: a filter, and events by day.
type AuditPage struct {
	Total     int
	Form      AuditForm
	Filter    FilterProps
	Days      []EventDay
	Shown     int
	Filtered  bool   // something limits the list
	Clear     string // address without any filter
	CSV       string // address of the file of this view; empty when none may be had
	Newest    string // address of the first page; empty when this is it
	Older     string // address of the next page; empty at the end
	Head      string // hash of the newest event
	Actions   []string
	Outcomes  []Option
	FormShown bool // the further filters are open
}

// AuditForm is the further filters as they were typed.
type AuditForm struct {
	By, Object, Action, Outcome, From, To, Query string
	Problems                                     map[string]string
}

func (p AuditPage) pager() PagerProps {
	note := Plural(p.Total, "event", "events")
	if p.Shown < p.Total {
		note = Number(p.Shown) + " of " + note
	}
	return PagerProps{Note: note, Back: p.Newest, BackText: "Newest", Next: p.Older, NextText: "Older"}
}

func (p AuditPage) headActions() []Action {
	if p.CSV == "" {
		return nil
	}
	return []Action{{Text: "CSV of this view", Href: p.CSV, Icon: "download"}}
}

// Values are the filters that are on, as an address carries them.
func (f AuditForm) Values() url.Values {
	v := url.Values{}
	for _, pair := range []Pair{{"q", f.Query}, {"by", f.By}, {"object", f.Object}, {"action", f.Action},
		{"outcome", f.Outcome}, {"from", f.From}, {"to", f.To}} {
		if pair.Value != "" {
			v.Set(pair.Name, pair.Value)
		}
	}
	return v
}

// Further reports whether a filter beyond the search field is on.
func (f AuditForm) Further() bool {
	f.Query = ""
	return len(f.Values()) > 0
}

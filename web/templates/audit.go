package templates

import (
	"net/url"
	"time"
)

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
	Proof     TrailProof
	JSONL     string // address of the file of this view as JSON lines; empty when none may be had
	Actions   []string
	Outcomes  []Option
	FormShown bool // the further filters are open
}

// TrailProof is what the console found out about its trail last.
type TrailProof struct {
	At       time.Time // when it was looked at; zero: not yet
	Now      time.Time
	Broken   string // what is wrong with the trail, or with rows that it vouches for; empty when nothing is
	SignedAt time.Time
	Signed   int // the event that the last signed checkpoint names
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
	actions := []Action{{Text: "CSV of this view", Href: p.CSV, Icon: "download"}}
	if p.JSONL != "" {
		actions = append(actions, Action{Text: "JSON lines", Href: p.JSONL, Icon: "download"})
	}
	return actions
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

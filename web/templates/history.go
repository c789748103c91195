package templates

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// HistoryProps is the History tab of a thing: what happened to it, newest first.
type HistoryProps struct {
	Days   []EventDay
	Noun   string // what the thing is: "user"
	Shown  int    // entries on this page
	Total  int
	Newest string // address of the first page; empty when this is it
	Older  string // address of the next page; empty at the end
}

// Word is a part of a sentence: plain, strong or a link.
type Word struct {
	Text, Href string
	Strong     bool
	Mono       bool // an action, an id, a key
}

// EventWords turns what an event says of itself into a sentence about its actor: "Created the group Ops" by Elena Novak
// becomes "Elena Novak created the group Ops", the names of the linked things being links.
func EventWords(actor Link, summary string, refused bool, things []Link) []Word {
	first, size := utf8.DecodeRuneInString(summary)
	rest := string(unicode.ToLower(first)) + summary[size:]
	if refused {
		rest = "was " + rest
	}
	words := []Word{{Text: actor.Text, Href: actor.Href, Strong: true}}
	return append(words, linked(" "+rest, things)...)
}

// linked cuts a text at the names of things, the longer names first, so that one name within another is not taken.
func linked(text string, things []Link) []Word {
	things = slices.Clone(things)
	slices.SortStableFunc(things, func(a, b Link) int { return len(b.Text) - len(a.Text) })
	for i, thing := range things {
		if thing.Text == "" || thing.Href == "" {
			continue
		}
		if before, after, found := strings.Cut(text, thing.Text); found {
			words := append(linked(before, things[i+1:]), Word{Text: thing.Text, Href: thing.Href})
			return append(words, linked(after, things[i+1:])...)
		}
	}
	if text == "" {
		return nil
	}
	return []Word{{Text: text}}
}

// EventIcon is the mark of an action in a trail.
func EventIcon(action string) string {
	service, verb, _ := strings.Cut(action, ":")
	switch {
	case strings.Contains(verb, "Membership") && strings.HasPrefix(verb, "Delete"):
		return "user-minus"
	case strings.Contains(verb, "Membership"):
		return "user-plus"
	case strings.Contains(verb, "Group"):
		return "users"
	case strings.Contains(verb, "MFA"), strings.Contains(verb, "RecoveryCodes"):
		return "device-mobile"
	case strings.Contains(verb, "Password"):
		return "lock-password"
	case strings.HasPrefix(verb, "Sign"), strings.Contains(verb, "Session"):
		return "login-2"
	case strings.Contains(verb, "User"):
		return "user"
	case strings.Contains(verb, "Assignment"):
		return "link"
	case strings.Contains(verb, "PermissionSet"):
		return "shield-lock"
	case strings.Contains(verb, "Report"):
		return "file-text"
	case strings.Contains(verb, "Credentials"):
		return "key"
	case strings.Contains(verb, "Scenario"):
		return "bookmark"
	case strings.Contains(verb, "Audit"):
		return "history"
	case strings.Contains(verb, "Catalogue"):
		return "refresh"
	case service == "organizations", service == "account":
		return "sitemap"
	}
	return "settings"
}

func (p HistoryProps) pager() PagerProps {
	note := Plural(p.Total, "event", "events")
	if p.Shown < p.Total {
		note = Number(p.Shown) + " of " + note
	}
	return PagerProps{Note: note, Back: p.Newest, BackText: "Newest", Next: p.Older, NextText: "Older"}
}

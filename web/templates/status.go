package templates

import (
	"fmt"
	"time"
)

// Tone says what a colour means; it never stands without an icon and a word.
type Tone string

// The tones, one vocabulary for statuses, pills, notes, toasts and marks.
const (
	ToneNone Tone = ""     // nothing to say
	ToneOK   Tone = "ok"   // allowed, healthy, done
	ToneBad  Tone = "bad"  // explicit deny, failed, lost access
	ToneWarn Tone = "warn" // implicit deny, administrator reach, ends soon, no second factor
	ToneInfo Tone = "info" // the place you are, what you asked about
	ToneWait Tone = "wait" // something is to come: invited, enrolling
	ToneOff  Tone = "off"  // off, not set
)

func toneIcon(t Tone) string {
	switch t {
	case ToneOK:
		return "circle-check"
	case ToneBad:
		return "circle-x"
	case ToneWarn:
		return "alert-triangle"
	case ToneWait:
		return "clock"
	case ToneOff:
		return "circle-minus"
	}
	return "info-circle"
}

func toneText(t Tone) string {
	switch t {
	case ToneOK:
		return "gh-ok"
	case ToneBad:
		return "gh-bad"
	case ToneWarn:
		return "gh-warn"
	case ToneInfo, ToneWait:
		return "gh-accent"
	}
	return "gh-3"
}

func statusClass(t Tone) string {
	switch t {
	case ToneOK:
		return "gh-st gh-st-ok"
	case ToneBad:
		return "gh-st gh-st-bad"
	case ToneWarn:
		return "gh-st gh-st-warn"
	case ToneInfo, ToneWait:
		return "gh-st gh-st-info"
	}
	return "gh-st"
}

func pillClass(t Tone) string {
	switch t {
	case ToneOK:
		return "gh-pill gh-pill-ok"
	case ToneBad:
		return "gh-pill gh-pill-bad"
	case ToneWarn:
		return "gh-pill gh-pill-warn"
	case ToneInfo, ToneWait:
		return "gh-pill gh-pill-info"
	}
	return "gh-pill"
}

func noteClass(t Tone) string {
	switch t {
	case ToneOK:
		return "gh-note gh-note-ok"
	case ToneBad:
		return "gh-note gh-note-bad"
	case ToneWarn:
		return "gh-note gh-note-warn"
	case ToneInfo, ToneWait:
		return "gh-note gh-note-info"
	}
	return "gh-note"
}

// Ago says when t is, seen from now, in the words of the product: "4 min ago",
// "yesterday", "in 6 days", and the date beyond four weeks. The zero time is "never".
func Ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	past := now.Sub(t)
	if past < 0 {
		return until(t, now)
	}
	days := calendarDays(t, now)
	switch {
	case past < time.Minute:
		return "now"
	case past < time.Hour:
		return fmt.Sprintf("%d min ago", int(past.Minutes()))
	case past < 12*time.Hour || days == 0:
		return fmt.Sprintf("%d h ago", int(past.Hours()))
	case days == 1:
		return "yesterday"
	case days <= 28:
		return fmt.Sprintf("%d days ago", days)
	}
	return t.UTC().Format("2 Jan 2006")
}

func until(t, now time.Time) string {
	left, days := t.Sub(now), calendarDays(now, t)
	switch {
	case left < time.Minute:
		return "now"
	case left < time.Hour:
		return fmt.Sprintf("in %d min", int(left.Minutes()))
	case left < 12*time.Hour || days == 0:
		return fmt.Sprintf("in %d h", int(left.Hours()))
	case days == 1:
		return "tomorrow"
	case days <= 28:
		return fmt.Sprintf("in %d days", days)
	}
	return t.UTC().Format("2 Jan 2006")
}

// calendarDays counts the midnights, in UTC, between two times.
func calendarDays(from, to time.Time) int {
	const day = 24 * time.Hour
	return int(to.UTC().Truncate(day).Sub(from.UTC().Truncate(day)) / day)
}

// absolute is a time as a person reads it exactly.
func absolute(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") }

// machine is a time as a program reads it.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Number groups the digits of a count: 18,204.
func Number(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Plural is a count with its noun: 1 group, 3 groups.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

package eval

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Quota is how long a policy of one type may be. AWS changes these figures, so each
// carries the day it was looked up.
type Quota struct {
	Type       PolicyType
	Characters int
	// Spaces says whether white space counts.
	Spaces   bool
	Severity Severity
	Code     string
	AsOf     string // year-month-day
}

// Quotas returns the length limits of policies (IAM and Organizations user guides).
// Those that AWS raises on request are warnings.
func Quotas() []Quota {
	return []Quota{
		{TypeIdentity, 6144, false, Warning, "Policy size exceeds identity policy quota", "2026-08-22"},
		{TypeBoundary, 6144, false, Warning, "Policy size exceeds identity policy quota", "2026-08-22"},
		{TypeTrust, 2048, false, Warning, "Policy size exceeds role trust policy quota", "2026-08-22"},
		{TypeSession, 2048, false, Warning, "Policy size exceeds session policy quota", "2026-08-22"},
		{TypeResource, 20480, true, Warning, "Policy size exceeds resource policy quota", "2026-08-22"},
		{TypeSCP, 10240, true, Error, "Policy size exceeds SCP quota", "2026-05-15"},
		{TypeRCP, 5120, true, Error, "Policy size exceeds RCP quota", "2026-08-22"},
	}
}

func (v *validator) size(text string) {
	for _, q := range Quotas() {
		if q.Type != v.kind {
			continue
		}
		counted := text
		if !q.Spaces {
			counted = strings.Join(strings.Fields(text), "")
		}
		if n := utf8.RuneCountInString(counted); n > q.Characters {
			v.add(q.Severity, v.doc.Span, q.Code, fmt.Sprintf(
				"Shorten the policy by %d characters or split it; it has %d, and the limit is %d.",
				n-q.Characters, n, q.Characters))
		}
	}
}

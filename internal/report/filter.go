package report

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Table is a generated report read back: what its file says, not what is true by now.
type Table struct {
	Header []string
	Lines  [][]string
}

// Read reads a report from its file.
func Read(file string) (Table, error) {
	lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil || len(lines) == 0 {
		return Table{}, fmt.Errorf("read a report: %w", err)
	}
	return Table{Header: lines[0], Lines: lines[1:]}, nil
}

// Value returns the cell of a line in a named column; empty when the report has no such column.
func (t Table) Value(line []string, column string) string {
	if i := slices.Index(t.Header, column); i >= 0 && i < len(line) {
		return line[i]
	}
	return ""
}

// Filter chooses lines of a credential report. Zero fields do not limit.
type Filter struct {
	Text           string        // part of the user name, e-mail or groups
	WithoutMFA     bool          // enabled people without a second factor
	NeverSignedIn  bool          // enabled people who never signed in
	PasswordAge    time.Duration // people whose password is at least this old at the report's time
	NotSignedInFor time.Duration // enabled people whose last sign-in, if any, is at least this long ago
}

// Choose returns the lines that a filter chooses, as of the moment the report was generated.
func (t Table) Choose(f Filter, generated time.Time) [][]string {
	return slices.DeleteFunc(slices.Clone(t.Lines), func(line []string) bool { return !t.chosen(line, f, generated) })
}

func (t Table) chosen(line []string, f Filter, generated time.Time) bool {
	enabled := t.Value(line, "status") == "ENABLED"
	signedIn, ever := t.Moment(line, "last_sign_in")
	if f.Text != "" {
		all := t.Value(line, "user") + "\x00" + t.Value(line, "email") + "\x00" + t.Value(line, "groups")
		if !strings.Contains(strings.ToLower(all), strings.ToLower(strings.TrimSpace(f.Text))) {
			return false
		}
	}
	if f.WithoutMFA && (!enabled || t.Value(line, "mfa_active") == "true") {
		return false
	}
	if f.NeverSignedIn && (!enabled || ever) {
		return false
	}
	if f.NotSignedInFor > 0 && (!enabled || (ever && generated.Sub(signedIn) < f.NotSignedInFor)) {
		return false
	}
	changed, hasPassword := t.Moment(line, "password_last_changed")
	return f.PasswordAge == 0 || (hasPassword && generated.Sub(changed) >= f.PasswordAge)
}

// Moment reads a time of a line; false when the cell holds a word instead.
func (t Table) Moment(line []string, column string) (time.Time, bool) {
	at, err := time.Parse(timeForm, t.Value(line, column))
	return at, err == nil
}

package templates

import "strings"

// AssignPage gives access: who, which sets, where, from when to when and why, with a review that follows the choices.
type AssignPage struct {
	Pickers []Picker // who, permission sets, where
	Form    AssignForm
	Review  AssignReview
	Faults  map[string]string // by field; the whole form's under the empty name
	Cancel  string
}

// AssignForm is the form of an AssignPage as it was sent.
type AssignForm struct {
	Principals []string `form:"principals"`      // user:<id> or group:<id>
	Sets       []string `form:"permission_sets"` // ids
	Targets    []string `form:"targets"`         // account:<id> or ou:<id>
	Who        string   `form:"who"`             // what the three lists are narrowed to
	Set        string   `form:"name"`
	Where      string   `form:"where"`
	Ends       string   `form:"ends"`       // one of the periods, in hours; empty: never
	ExpiresAt  string   `form:"expires_at"` // a date and time in UTC; it wins over Ends
	StartsAt   string   `form:"starts_at"`
	Reason     string   `form:"reason"`
	Review     string   `form:"review"` // what was reviewed: the choices have to be the same when they are carried out
}

// Picker is a list of boxes to tick, narrowed by a text.
type Picker struct {
	Name      string // of the boxes
	Title     string
	Filter    string // name of the text
	Query     string
	Hint      string // inside the text field
	Autofocus bool
	Groups    []ChoiceGroup
	Left      int    // matching ones that are not shown
	All       string // "Select all 40 accounts": ticks every match; empty when it is not offered
	Problem   string
}

// ChoiceGroup is some choices of a Picker under a heading.
type ChoiceGroup struct {
	Heading string
	Choices []Choice
}

// Choice is one box of a Picker.
type Choice struct {
	Value, Text, Note string
	Icon              string
	Depth             int // in a tree, from 0
	On                bool
}

// AssignReview is what the choices come to.
type AssignReview struct {
	Ready     bool // there is something to assign
	Digest    string
	Who       []Choice
	Sets      []Choice
	Where     []Choice
	Count     int
	New, Kept int
	People    int
	Window    string // "Ends Friday 27 November 2026, 14:32 UTC"
	Gains     []GainRow
	Notes     []ReviewNote
	Refusal   string            // why it cannot be done as it stands
	Faults    map[string]string // the same by field, where it is about one
}

// GainRow is what one person or group gains of one set.
type GainRow struct {
	Who   Link
	Group bool
	Set   Link
	Where string
	Gains string // "9 people", "nobody: all 9 hold it already"
	Idle  bool   // nothing changes for anybody
}

// ReviewNote is something to know before assigning.
type ReviewNote struct {
	Tone Tone
	Text string
}

// mostNamed is how many names a column of the review lists.
const mostNamed = 6

// mostGains is how many rows of gains a review lists.
const mostGains = 24

// periods are the ends to choose from, in hours.
var periods = []struct{ hours, text string }{{"", "Never"}, {"24", "24 hours"}, {"168", "7 days"}, {"720", "30 days"}}

func (p Picker) regionID() string { return "pick-" + p.Name }

// indent is the class of a line's depth in a tree.
func (c Choice) indent() string {
	switch c.Depth {
	case 0:
		return "gh-pick-0"
	case 1:
		return "gh-pick-1"
	case 2:
		return "gh-pick-2"
	case 3:
		return "gh-pick-3"
	}
	return "gh-pick-4"
}

// named are the first names of a column, and rest how many more there are.
func named(choices []Choice) (shown []Choice, rest int) {
	return choices[:min(len(choices), mostNamed)], max(0, len(choices)-mostNamed)
}

func (r AssignReview) button() string {
	return "Assign " + Number(r.New)
}

// summary is the review in one line, for the bar with the button.
func (r AssignReview) summary() string {
	parts := []string{Plural(r.New, "new assignment", "new assignments")}
	if r.Kept > 0 {
		parts = append(parts, Number(r.Kept)+" there already")
	}
	parts = append(parts, "for "+Plural(r.People, "person", "people"))
	return strings.Join(parts, " · ")
}

// waiting says what keeps the choices from being assigned.
func (r AssignReview) waiting() string {
	if r.Refusal != "" {
		return "Nothing can be assigned yet: see above."
	}
	return "Choose who, which permission sets and where."
}

// orPlural is a noun for a count, without the count.
func orPlural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

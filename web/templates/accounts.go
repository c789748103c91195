package templates

import "strings"

// AccountsPage is the organization: a tree or a list of its units and accounts, and what is known of the selected one.
type AccountsPage struct {
	Count    string // "6 in 5 units"
	Query    string
	Keep     []Pair // what else the address keeps when the filter changes
	Guarded  Chip
	Views    []Tab  // as a tree and as a list
	Flat     bool   // it is the list
	List     string // address of the list
	Clear    string // address without a filter
	Rows     []PlaceRow
	Folded   bool // too many accounts for one page: only those of the open unit show
	Pager    PagerProps
	Actions  []Action
	Selected *PlacePanel
}

// PlaceRow is a unit or an account in the tree or a list.
type PlaceRow struct {
	Name, ID   string
	Href       string // its page
	Select     string // shows it beside the tree
	Unit       bool
	Depth      int    // 0 for the root
	Path       Link   // the unit it is in
	State      string // of an account, when it is not active
	Management bool
	Guardrails []Link // policies attached here, AWS's own left out
	Inherits   bool   // policies are attached above
	Accounts   int    // in a unit and below
	People     int
	Admins     int
	Selected   bool
}

// PlacePanel is what is known of a place at a glance.
type PlacePanel struct {
	Name, ID, Href string
	Unit           bool
	Facts          []Fact
	Guardrails     GuardrailsProps
	Entries        EntriesProps
	Actions        []Action
}

// GuardrailsProps is the policies in force at a place, top down.
type GuardrailsProps struct {
	Rails      []GuardrailRow
	Management bool     // SCPs do not bind here
	Closed     []string // levels from which FullAWSAccess is detached: only what policies there allow passes
}

// GuardrailRow is one policy in force.
type GuardrailRow struct {
	Name, Href string
	Kind       string // SCP or RCP
	From       Link   // where it is attached
	Direct     bool   // here itself
	Text       string // its description
	Detach     string // address that asks before detaching; empty when that is not offered
}

// EntriesProps is who can enter a place, by permission set.
type EntriesProps struct {
	Entries []EntryBar
	People  int // in all; somebody may hold several sets
}

// EntryBar is the people of one permission set.
type EntryBar struct {
	Set       Link
	People    int
	Unbounded bool // they can give themselves anything there
}

// shown is the first sets of a list, so that a panel stays short.
func (p EntriesProps) shown() []EntryBar { return p.Entries[:min(len(p.Entries), mostEntryBars)] }

// mostEntryBars is how many sets a panel lists.
const mostEntryBars = 8

// most is the longest bar.
func (p EntriesProps) most() int {
	most := 1
	for _, e := range p.Entries {
		most = max(most, e.People)
	}
	return most
}

func (e EntryBar) tone() Tone {
	if e.Unbounded {
		return ToneWarn
	}
	return ToneInfo
}

// label is the bar in words.
func (e EntryBar) label() string {
	if e.Unbounded {
		return Plural(e.People, "administrator", "administrators")
	}
	return Plural(e.People, "person", "people")
}

// open says what FullAWSAccess, which is not listed, does on the way.
func (p GuardrailsProps) open() string {
	switch len(p.Closed) {
	case 0:
		return "FullAWSAccess is attached at every level."
	case 1:
		return "FullAWSAccess is detached from " + p.Closed[0] + ": only what is allowed there passes."
	}
	return "FullAWSAccess is detached from " + strings.Join(
		p.Closed,
		", ",
	) + ": only what is allowed at each of them passes."
}

func (r PlaceRow) rowIcon() (icon string) {
	if r.Unit {
		return iconUnit
	}
	return iconAccount
}

const (
	iconUnit    = "folder"
	iconAccount = "cloud"
)

// indent is the class of a depth; the tree has at most five units below the root, and accounts in the deepest.
func (r PlaceRow) indent() string {
	switch min(r.Depth, 6) {
	case 0:
		return "gh-d0"
	case 1:
		return "gh-d1"
	case 2:
		return "gh-d2"
	case 3:
		return "gh-d3"
	case 4:
		return "gh-d4"
	case 5:
		return "gh-d5"
	}
	return "gh-d6"
}

// limit says in a word what limits a place without policies of its own.
func (r PlaceRow) limit() string {
	switch {
	case r.Management:
		return "SCPs do not bind it"
	case r.Inherits:
		return "inherited"
	}
	return "none"
}

func (p AccountsPage) columns() []Column {
	columns := []Column{{Text: "Name"}, {Text: "Id"}}
	if p.Flat {
		columns = append(columns, Column{Text: "Unit"})
	}
	return append(
		columns,
		Column{Text: "Guardrails"},
		Column{Text: "People", Num: true},
		Column{Text: "Admins", Num: true},
	)
}

package templates

import "time"

// GroupsPage is the list of groups.
type GroupsPage struct {
	Total   int // in the directory
	Views   []Tab
	Filter  FilterProps
	Columns []Column
	Sorted  string // how the rows are sorted, for the ear
	Rows    []GroupRow
	Pager   PagerProps
	Empty   EmptyProps // instead of rows
	Create  bool       // the viewer may create groups
}

// GroupRow is one group in the list.
type GroupRow struct {
	ID, Name, Description    string
	Sets                     string // names of the permission sets it has
	Members, Rules, Accounts int
}

func (p GroupsPage) actions() []Action {
	if !p.Create {
		return nil
	}
	return []Action{{Text: "New group", Href: "/groups/new", Icon: "plus", Primary: true}}
}

// GroupForm is the form that creates a group, with its first members pasted.
type GroupForm struct {
	Name        string `form:"name"`
	Description string `form:"description"`
	Members     string `form:"members"`
	Skip        string `form:"skip"` // "on": leave out the entries that mean nobody
}

// EditGroupForm is the form that changes a group.
type EditGroupForm struct {
	Name        string `form:"name"`
	Description string `form:"description"`
	Version     string `form:"version"`
	Reason      string `form:"reason"`
}

// MembersForm adds people to a group: those ticked, or those pasted.
type MembersForm struct {
	User    []string `form:"user"`
	Members string   `form:"members"`
	Skip    string   `form:"skip"`
}

// PasteProps is a field for many user names and e-mail addresses, and what each of them means.
type PasteProps struct {
	Label    string
	Value    string
	Problem  string
	Lines    []PastedLine // after a check that found entries that mean nobody
	Rows     int
	Optional bool
}

// PastedLine is one entry and whom it means.
type PastedLine struct {
	Text   string
	Person Link
	State  State
}

// found counts the entries that mean somebody.
func (p PasteProps) found() int {
	n := 0
	for _, line := range p.Lines {
		if line.Person.Text != "" {
			n++
		}
	}
	return n
}

// GroupNewPage is the page that creates a group.
type GroupNewPage struct {
	Form   GroupForm
	Faults map[string]string
	Lines  []PastedLine
}

// GroupEditPage is the page that changes a group.
type GroupEditPage struct {
	ID, Name string
	Form     EditGroupForm
	Faults   map[string]string
	Conflict *ConflictProps
}

// GroupHead is the top of every page about a group.
type GroupHead struct {
	ID, Name, Description string
	ARN                   string
	Members, Reach        int
	Administers           bool // makes its members administrators of Gatehouse
	Tab                   string
	Actions, More         []Action
}

func (h GroupHead) address(tab string) string {
	if tab == "" {
		return "/groups/" + h.ID
	}
	return "/groups/" + h.ID + "/" + tab
}

func (h GroupHead) tabs() []Tab {
	tabs := []Tab{
		{Text: "Members", Count: Number(h.Members)}, {Text: "Access", Href: "access", Count: Number(h.Reach)},
		{Text: "History", Href: "history"},
	}
	for i, t := range tabs {
		tabs[i].Current = t.Href == h.Tab
		tabs[i].Href = h.address(t.Href)
	}
	return tabs
}

func (h GroupHead) facts() []Fact {
	facts := []Fact{{Label: "ARN", Value: ARN(h.ARN), HideLabel: true}}
	if h.Administers {
		facts = append(facts, Fact{Label: "Reach", Value: Status(ToneWarn, "Members could administer Gatehouse"), HideLabel: true})
	}
	return facts
}

// GroupPage is the members of a group.
type GroupPage struct {
	Head    GroupHead
	Filter  FilterProps
	Columns []Column
	Sorted  string
	Rows    []UserRow
	Pager   PagerProps
	Empty   EmptyProps
	Join    bool // the viewer may add people
	Leave   bool // the viewer may take people out
	Now     time.Time
}

// GroupAccessPage is what a group is given, and the accounts it reaches with it.
type GroupAccessPage struct {
	Head   GroupHead
	Rules  []OwnRule
	Assign string // address that assigns access to the group; empty when the viewer may not
	Roles  RolesProps
	Now    time.Time
}

// GroupHistoryPage is what happened to a group.
type GroupHistoryPage struct {
	Head    GroupHead
	History HistoryProps
}

// GroupAddPage adds people to a group, by search or by pasting.
type GroupAddPage struct {
	Head   GroupHead
	Filter FilterProps
	Rows   []UserRow
	Pager  PagerProps
	Empty  EmptyProps
	Form   MembersForm
	Faults map[string]string
	Lines  []PastedLine
}

func (p GroupAccessPage) assignAction() []Action {
	if p.Assign == "" {
		return nil
	}
	return []Action{{Text: "Assign access", Href: p.Assign, Icon: "plus"}}
}

// plural is the noun of a count that stands before it.
func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

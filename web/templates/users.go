package templates

import "time"

// UsersPage is the list of people.
type UsersPage struct {
	Total   int // in the directory
	Views   []Tab
	Filter  FilterProps
	Columns []Column
	Sorted  string // how the rows are sorted, for the ear
	Rows    []UserRow
	Pager   PagerProps
	Empty   EmptyProps // instead of rows
	Create  bool       // the viewer may create people
	Group   bool       // put people into groups
	Disable bool       // keep people out
	Now     time.Time
}

// UserRow is one person in a list.
type UserRow struct {
	ID, Name, UserName, Initials string
	Groups                       string
	Factor, Status               State
	Accounts                     int
	Seen                         time.Time // zero: never
	Since                        time.Time // member of the group since; only in a group's list
}

// State is how something stands: a tone and a word.
type State struct {
	Tone Tone
	Text string
}

func (p UsersPage) selects() string {
	if p.Group || p.Disable {
		return "user"
	}
	return ""
}

func (p UsersPage) actions() []Action {
	if !p.Create {
		return nil
	}
	return []Action{{Text: "New user", Href: "/users/new", Icon: "plus", Primary: true}}
}

// SelectionPage asks what to do with several selected people.
type SelectionPage struct {
	People  []UserRow
	Groups  []Option // to add them to; nil: disable them
	Group   string   // chosen
	Confirm ConfirmProps
}

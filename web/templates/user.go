package templates

import (
	"slices"
	"time"
)

// UserHead is the top of every page about a person: who they are, and the tabs.
type UserHead struct {
	ID, Name, UserName, Initials string
	Status, Factor               State
	Seen                         time.Time
	Administers                  bool // can administer Gatehouse
	Groups, Reach                int  // for the tabs
	Security                     bool // the viewer may see how they sign in
	Tab                          string
	Actions                      []Action // in the head
	More                         []Action // in a menu behind them
	Now                          time.Time
}

func (h UserHead) address(tab string) string {
	if tab == "" {
		return "/users/" + h.ID
	}
	return "/users/" + h.ID + "/" + tab
}

func (h UserHead) tabs() []Tab {
	tabs := []Tab{
		{Text: "Profile"}, {Text: "Groups", Href: "groups", Count: Number(h.Groups)},
		{Text: "Access", Href: "access", Count: Number(h.Reach)}, {Text: "Security", Href: "security"}, {Text: "History", Href: "history"},
	}
	if !h.Security {
		tabs = slices.DeleteFunc(tabs, func(t Tab) bool { return t.Href == "security" })
	}
	for i, t := range tabs {
		tabs[i].Current = t.Href == h.Tab
		tabs[i].Href = h.address(t.Href)
	}
	return tabs
}

func (h UserHead) facts() []Fact {
	facts := []Fact{
		{Label: "Status", Value: Status(h.Status.Tone, h.Status.Text), HideLabel: true},
		{Label: "User name", Value: Mono(h.UserName), HideLabel: true},
		{Label: "Second factor", Value: Status(h.Factor.Tone, h.Factor.Text), HideLabel: true},
		{Label: "Last sign-in", Value: Time(h.Seen, h.Now)},
	}
	if h.Administers {
		facts = append(facts, Fact{Label: "Reach", Value: Status(ToneWarn, "Administers Gatehouse"), HideLabel: true})
	}
	return facts
}

// UserPage is the profile of a person.
type UserPage struct {
	Head    UserHead
	Profile []Fact
	SignIn  []Fact
	Groups  []GroupLine
	Direct  []OwnRule
	Reach   string // "6 roles in 3 accounts"
	Join    bool   // the viewer may change their groups
	Assign  string // address that assigns access to the person; empty when the viewer may not
}

// GroupLine is a group that a person is in.
type GroupLine struct {
	Group   Link
	Since   time.Time
	Members int
	Rules   int
	Remove  string // address that takes the person out; empty when the viewer may not
}

// OwnRule is an assignment in the list of the thing it is for.
type OwnRule struct {
	Rule, Set, Target Link
	Reach             string // "all of Workloads, 4 accounts"
	Reason            string
	State             State
	EndsAt            time.Time
}

// UserGroupsPage is the groups of a person.
type UserGroupsPage struct {
	Head   UserHead
	Groups []GroupLine
	Offer  []Option // groups they are not in; empty when the viewer may not add any
	Typed  string
	Faults map[string]string
}

// UserAccessPage is what a person can reach.
type UserAccessPage struct {
	Head  UserHead
	Roles RolesProps
	Note  string // why there is nothing although there are assignments; empty otherwise
}

// UserHistoryPage is what happened to a person, and what they did.
type UserHistoryPage struct {
	Head    UserHead
	History HistoryProps
}

func (p UserPage) groupsVerb() string {
	if p.Join {
		return "Change groups"
	}
	return "See groups"
}

func (p UserPage) assignAction() []Action {
	if p.Assign == "" {
		return nil
	}
	return []Action{{Text: "Assign access", Href: p.Assign, Icon: "plus"}}
}

func groupLineColumns(lines []GroupLine) []Column {
	columns := []Column{{Text: "Group"}, {Text: "Joined"}, {Text: "Members", Num: true}, {Text: "Assignments", Num: true}}
	for _, line := range lines {
		if line.Remove != "" {
			return append(columns, Column{Text: "Action", Hidden: true})
		}
	}
	return columns
}

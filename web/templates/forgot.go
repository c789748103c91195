package templates

import "time"

// ForgottenPage asks who forgot their password.
type ForgottenPage struct {
	Mail     bool // links can be sent
	UserName string
	Problems map[string]string
}

// RenewalPage asks for a new password before it signs somebody in.
type RenewalPage struct {
	UserName, Initials string
	MinLength, Days    int
	Old                bool // it is too old; else it may be too short
	Next               string
	Problems           map[string]string
}

func (p RenewalPage) why() string {
	if p.Old {
		return "Yours is older than " + Plural(p.Days, "day", "days") + "."
	}
	return "Passwords have at least " + Number(p.MinLength) + " characters now, and yours is shorter."
}

// LeftoversPage is what offboarding leaves of a person.
type LeftoversPage struct {
	Head     UserHead
	Name     string
	At       time.Time // when they were offboarded last; zero: never
	CutOff   bool
	Ended    []Fact
	Kept     []Fact
	Groups   []GroupLine
	Direct   []OwnRule
	Security string // addresses; empty where the viewer may not go
	Delete   string
	Now      time.Time
}

func (p LeftoversPage) keptActions() []Action {
	if p.Security == "" {
		return nil
	}
	return []Action{{Text: "Security", Href: p.Security, Icon: "shield-check"}}
}

func (p LeftoversPage) noteActions() []Action {
	var list []Action
	if p.Delete != "" {
		list = append(list, Action{Text: "Delete for good", Href: p.Delete, Icon: "trash", Danger: true, Dialog: true})
	}
	return list
}

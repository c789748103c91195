package templates

import (
	"strings"
	"time"
)

// UserFields is what can be typed about a person, new or not.
type UserFields struct {
	GivenName   string `form:"given_name"`
	FamilyName  string `form:"family_name"`
	DisplayName string `form:"display_name"`
	Email       string `form:"email"`
	Title       string `form:"title"`
}

// NewUserForm is the form that creates a person.
type NewUserForm struct {
	UserFields
	UserName string   `form:"username"`
	Groups   string   `form:"groups"` // names
	Group    []string `form:"group"`  // ids
}

// EditUserForm is the form that changes a person.
type EditUserForm struct {
	UserFields
	Version string `form:"version"`
	Reason  string `form:"reason"`
}

// ConfirmForm confirms an act.
type ConfirmForm struct {
	Reason  string `form:"reason"`
	Confirm string `form:"confirm"`
}

// userFieldOrder is the order of the fields on the pages.
var userFieldOrder = []string{"given_name", "family_name", "username", "email", "display_name", "title", "groups"}

// UserNewPage is the page that creates a person.
type UserNewPage struct {
	Form   NewUserForm
	Faults map[string]string
	Offer  []GroupOffer // the first groups by name
	Names  []string     // of groups, offered while typing
	Groups int          // how many groups there are
}

// GroupOffer is a group that a new person can be put into.
type GroupOffer struct {
	ID, Name, Note string
	Chosen         bool
}

// UserEditPage is the page that changes a person.
type UserEditPage struct {
	ID, Name, UserName string
	Form               EditUserForm
	Faults             map[string]string
	Conflict           *ConflictProps // instead of the form when somebody else saved meanwhile
}

// UserCreatedPage tells of a new person and shows their invitation once.
type UserCreatedPage struct {
	ID, Name, UserName, Email string
	Groups                    []string
	Link                      string    // the one-time address; empty when none could be made
	Mailed                    bool      // it went out by e-mail
	Expires                   time.Time // of the link
	Why                       string    // why there is no link
	Again                     bool      // the person existed before: only the link is new
}

func (p UserCreatedPage) title() string {
	if p.Again {
		return "Invitation for " + p.Name
	}
	return p.Name + " is in the directory"
}

func (p UserCreatedPage) facts() []Fact {
	facts := []Fact{{Label: "User name", Value: Mono(p.UserName)}, {Label: "E-mail", Value: Text(p.Email)}}
	if !p.Again {
		facts = append(facts, Fact{Label: "Groups", Value: Text(listed(p.Groups, "none"))})
	}
	return facts
}

// listed joins words with commas; no words are a word of their own.
func listed(words []string, none string) string {
	if len(words) == 0 {
		return none
	}
	return strings.Join(words, ", ")
}

// firstWord is the part of a name that fits a button.
func firstWord(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

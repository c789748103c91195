package model

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// UserStatus says whether a person may sign in.
type UserStatus string

// The statuses, in the identity store's words.
const (
	UserEnabled  UserStatus = "ENABLED"
	UserDisabled UserStatus = "DISABLED"
)

// User is a person of the directory.
type User struct {
	ID           UserID
	UserName     string // what is typed at sign-in: 1 to 128 characters, unique whatever the case, never changed
	GivenName    string // 1 to 1024 characters
	FamilyName   string // 1 to 1024 characters
	DisplayName  string // 1 to 1024 characters
	Email        string // unique whatever the case
	Title        string // job title, may be empty
	Status       UserStatus
	SessionEpoch int64 // sessions of an older epoch are over
	Version      int64
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// userName is the identity store's pattern: letters, marks, symbols, numbers and punctuation; no spaces.
var userName = regexp.MustCompile(`^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$`)

// reservedUserNames may not be taken, as in the identity store.
var reservedUserNames = []string{"administrator", "awsadministrators"}

// Check reports what is wrong with the person's fields.
func (u User) Check() error {
	p := Problems{}
	checkUserName(p, u.UserName)
	checkText(p, "given_name", u.GivenName, 1024)
	checkText(p, "family_name", u.FamilyName, 1024)
	if u.GivenName != "" || u.FamilyName != "" { // it is made of them: without them, what is said of them is enough
		checkText(p, "display_name", u.DisplayName, 1024)
	}
	checkText(p, "email", u.Email, 254)
	if !email.MatchString(u.Email) {
		p.Add("email", "Enter an e-mail address, such as ana@example.com.")
	}
	checkOptional(p, "title", u.Title, 1024)
	return p.Err()
}

func checkUserName(p Problems, name string) {
	checkText(p, "username", name, 128)
	if !userName.MatchString(name) {
		p.Add("username", "A user name has letters, digits and signs, but no spaces.")
	}
	for _, reserved := range reservedUserNames {
		if strings.EqualFold(name, reserved) {
			p.Add("username", "This user name is reserved. Choose another.")
		}
	}
}

// Initials returns one or two upper-case letters for the person's picture.
func (u User) Initials() string {
	words := strings.Fields(u.DisplayName)
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	if len(words) == 1 {
		return strings.ToUpper(string(first))
	}
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string(first) + string(last))
}

// Group is a set of people that is given access together.
type Group struct {
	ID          GroupID
	Name        string // the identity store's DisplayName: 1 to 1024 characters, unique whatever the case
	Description string // up to 1024 characters
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Check reports what is wrong with the group's fields.
func (g Group) Check() error {
	p := Problems{}
	checkText(p, "name", g.Name, 1024)
	checkOptional(p, "description", g.Description, 1024)
	return p.Err()
}

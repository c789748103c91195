package model

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// AccountState is where an AWS account is in its life, as AWS Organizations names it.
type AccountState string

// The states of an account. Roles are offered only in active accounts.
const (
	AccountPending        AccountState = "PENDING_ACTIVATION"
	AccountActive         AccountState = "ACTIVE"
	AccountSuspended      AccountState = "SUSPENDED"
	AccountPendingClosure AccountState = "PENDING_CLOSURE"
	AccountClosed         AccountState = "CLOSED"
)

// AccountStates lists every state in the order of an account's life.
var AccountStates = []AccountState{AccountPending, AccountActive, AccountSuspended, AccountPendingClosure, AccountClosed}

// Account is an AWS account of the organization.
type Account struct {
	ID        AccountID
	Name      string // 1 to 128 characters
	Email     string // root user's address: 6 to 64 characters
	State     AccountState
	OU        OUID // where it sits; the root's id when directly below the root
	Tags      Tags
	Version   int64
	CreatedAt time.Time
}

var email = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)

// Check reports what is wrong with the account, field by field.
func (a Account) Check() error {
	p := Problems{}
	if !a.ID.Valid() {
		p.Add("account_id", "An account id has 12 digits.")
	}
	checkText(p, "name", a.Name, 128)
	checkText(p, "email", a.Email, 64)
	if !email.MatchString(a.Email) || len(a.Email) < 6 {
		p.Add("email", "Enter an e-mail address, such as aws+prod@example.com.")
	}
	if !slices.Contains(AccountStates, a.State) {
		p.Add("state", "Choose one of the states.")
	}
	a.Tags.check(p, MostAccountTags)
	return p.Err()
}

// Tags are key–value labels. AWS's rules: keys 1 to 128 characters, values up to 256, no aws: keys.
type Tags map[string]string

var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// How many tags AWS allows: on an account, and on a permission set.
const (
	MostAccountTags = 50
	MostSetTags     = 75
)

func (t Tags) check(p Problems, most int) {
	if len(t) > most {
		p.Add("tags", fmt.Sprintf("Use at most %d tags; these are %d.", most, len(t)))
	}
	for key, value := range t {
		switch {
		case key == "" || utf8.RuneCountInString(key) > 128 || !tagText.MatchString(key):
			p.Add("tags", fmt.Sprintf("The tag key %q has 1 to 128 letters, digits, spaces and _ . : / = + - @.", key))
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			p.Add("tags", "Tag keys that start with aws: are reserved.")
		case utf8.RuneCountInString(value) > 256 || !tagText.MatchString(value):
			p.Add("tags", fmt.Sprintf("The value of tag %q has up to 256 letters, digits, spaces and _ . : / = + - @.", key))
		}
	}
}

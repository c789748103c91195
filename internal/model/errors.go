package model

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kind classifies a failure by what the caller should do about it.
type Kind uint8

// The kinds of failure. The zero value is Internal, so that an error nobody classified shows nothing.
const (
	Internal        Kind = iota // a fault of ours: details are logged, never shown
	Invalid                     // what was typed breaks a rule
	NotFound                    // no such thing, or none that this person may know of
	Conflict                    // true when read, not any more: a taken name, a stale version
	Forbidden                   // signed in, but no role of theirs allows it
	Unauthenticated             // not signed in, or not fully
	Unavailable                 // try again later: disk full, too busy, part not built in
	Unconfirmed                 // signed in and allowed, but a dangerous act asks for the second factor again
	Unapproved                  // signed in and allowed, but an act of the highest value needs a second administrator
)

// Error is the only failure whose words reach a person.
type Error struct {
	Kind    Kind
	Message string            // a sentence: what is wrong and what to do
	Fields  map[string]string // form field name → what is wrong with it
}

// Error returns the message and, for logs, the fields in order of their names.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Message
	}
	var b strings.Builder
	b.WriteString(e.Message)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		fmt.Fprintf(&b, " [%s: %s]", name, e.Fields[name])
	}
	return b.String()
}

// KindOf reports the kind of err. Anything that is not an *Error is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Missing says that there is no such thing. what is the noun in lower case, id what was asked for.
func Missing(what, id string) error {
	return &Error{Kind: NotFound, Message: fmt.Sprintf("There is no %s %q.", what, id)}
}

// Stale says that somebody else saved the thing since it was read.
func Stale(what string) error {
	return &Error{Kind: Conflict, Message: fmt.Sprintf("Somebody else changed this %s since you opened it. "+
		"Compare both versions and save again.", what)}
}

// Taken says that the value of a field belongs to another thing already.
func Taken(field, words string) error {
	return &Error{Kind: Conflict, Message: words, Fields: map[string]string{field: words}}
}

// Problems collects what is wrong, field by field, while a value is checked. The first problem of a field stays.
type Problems map[string]string

// Add notes a problem with a field unless the field has one already.
func (p Problems) Add(field, words string) {
	if _, has := p[field]; !has {
		p[field] = words
	}
}

// Err returns nil when there are no problems, else an Invalid error that carries them.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "Check the marked fields.", Fields: p}
}

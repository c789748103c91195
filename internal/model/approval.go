package model

import "time"

// ApprovalState says what became of an approval.
type ApprovalState string

// The states. Only from waiting does one lead to another.
const (
	ApprovalWaiting   ApprovalState = "waiting"
	ApprovalApproved  ApprovalState = "approved" // and carried out, in the same transaction
	ApprovalDeclined  ApprovalState = "declined"
	ApprovalWithdrawn ApprovalState = "withdrawn" // by who asked
	ApprovalEnded     ApprovalState = "ended"     // its time ran out, or who asked may not do the act any more
)

// ApprovalLife is for how long an act waits for a second administrator: long enough for one who works on the other side of
// the earth, short enough that what is approved is still what was meant.
const ApprovalLife = 24 * time.Hour

// MostWaiting is how many acts may wait at a time, so that nobody can bury one among many.
const MostWaiting = 100

// Approval is an act of the highest value that waits, or waited, for a second administrator.
type Approval struct {
	ID        ApprovalID
	Action    string // of the act
	Act       string // JSON of what its verb was asked to do, without secrets
	Summary   string // what the trail would have said of it
	Objects   []Ref  // what it concerns, the main thing first
	Reason    string
	AskedBy   UserID
	AskedName string // display name then
	AskedAt   time.Time
	FactorAt  time.Time // when who asked had last proved a second factor; zero: they had not
	SourceIP  string    // where they asked from
	EndsAt    time.Time // the first moment at which nobody can approve it any more
	State     ApprovalState
	DecidedBy UserID // empty while it waits, and when it ended by itself
	Decider   string // display name then
	DecidedAt time.Time
	Word      string // what the decider said, or why it ended
}

// Waits reports whether somebody can still decide on it at a moment.
func (a Approval) Waits(now time.Time) bool {
	return a.State == ApprovalWaiting && now.Before(a.EndsAt)
}

// Asker is who asked, as they were when they did: the age of their second factor stays what it was then.
func (a Approval) Asker(now time.Time) Actor {
	asker := Actor{User: a.AskedBy, Name: a.AskedName, SourceIP: a.SourceIP, MFA: !a.FactorAt.IsZero()}
	if asker.MFA {
		asker.FactorAt = now.Add(-a.AskedAt.Sub(a.FactorAt))
	}
	return asker
}

// CheckWord reports what is wrong with the reason for an approval, or the word with which one is declined: 1 to 1,024
// characters of text in a field of a name.
func CheckWord(field, word string) error {
	p := Problems{}
	checkText(p, field, word, 1024)
	return p.Err()
}

package model

import "time"

// Outcome says how an attempted action ended.
type Outcome string

// The outcomes of an action.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused" // authorization said no
	Failed  Outcome = "failed"  // a sign-in that did not succeed
)

// RefKind says what sort of thing an event concerns.
type RefKind string

// The kinds of thing an event can concern.
const (
	RefUser          RefKind = "user"
	RefGroup         RefKind = "group"
	RefAccount       RefKind = "account"
	RefOU            RefKind = "ou"
	RefPermissionSet RefKind = "permission-set"
	RefAssignment    RefKind = "assignment"
	RefPolicy        RefKind = "policy"
	RefOrganization  RefKind = "organization"
	RefSession       RefKind = "session"
	RefRoleSession   RefKind = "role-session"
	RefScenario      RefKind = "scenario"
	RefReport        RefKind = "report"
	RefInstallation  RefKind = "installation" // the database, its keys, its trail
	RefSignInPolicy  RefKind = "sign-in-policy"
	RefApproval      RefKind = "approval"
)

// Ref names a thing that an event concerns, as it was called then.
type Ref struct {
	Kind RefKind
	ID   string
	Name string
}

// Event is one record of the audit trail. It is written once, in the transaction of what it tells, and never changed.
type Event struct {
	Seq       int64 // 1, 2, 3 … without gaps
	At        time.Time
	Actor     UserID // empty: nobody signed in, or the host
	ActorName string // user name then; "host" for commands run on the machine, "anonymous" before sign-in
	Session   SessionID
	Action    string // the authorised action string, such as sso:CreateAccountAssignment
	Outcome   Outcome
	Objects   []Ref  // what it concerns, the main thing first
	Summary   string // what happened, in words, without secrets
	Reason    string // why, as the actor gave it
	Grant     string // ARN of the role session that allowed it; empty for acts on oneself and on the host
	SourceIP  string
	RequestID string
	Repeated  int    // how many further attempts of the same kind this record stands for
	State     string // JSON of the main thing after the event, without secrets; may be empty
	Prev      string // hash of the record before, 64 hex digits
	Hash      string // hash of this record
}

// CheckReason reports what is wrong with the reason that somebody gives for an act: up to 1,024 characters of text.
func CheckReason(reason string) error {
	p := Problems{}
	checkOptional(p, "reason", reason, 1024)
	return p.Err()
}

// Asking is the wish of an actor that an act which needs a second administrator wait for one. The zero value asks for nothing:
// such an act fails then.
type Asking struct {
	Asks   bool
	Reason string // 1 to 1,024 characters
}

// Actor is who acts: a signed-in person with the browser session they act through, or the host.
type Actor struct {
	User      UserID
	UserName  string
	Name      string // display name
	Session   SessionID
	MFA       bool      // signed in with a second factor
	FactorAt  time.Time // when the second factor was last proved
	SourceIP  string
	UserAgent string
	Browser   BrowserClaim
	RequestID string
	Asking    Asking
	Host      bool // a command on the machine itself: allowed everything, recorded as "host"
}

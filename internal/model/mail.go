package model

import "time"

// MailKind says what an e-mail is about.
type MailKind string

// The kinds of e-mail.
const (
	MailInvitation MailKind = "invitation"
	MailPassword   MailKind = "password"      // a link to choose a new password
	MailMFAReset   MailKind = "second-factor" // a link to enrol a new second factor
	MailNotice     MailKind = "notice"        // something happened to the person's own sign-in, or to what they asked for
	MailTest       MailKind = "test"
	// MailForgotten is no letter yet but a wish for one: somebody typed a name on the page for forgotten passwords. Whether
	// anybody has the name is found out when it is worked on, so that the page's answer cannot tell.
	MailForgotten MailKind = "forgotten"
)

// MailState says how far an e-mail has come.
type MailState string

// The states of an e-mail. Only one that is queued still has its text.
const (
	MailQueued MailState = "queued"
	MailSent   MailState = "sent" // taken over by the SMTP server
	MailFailed MailState = "failed"
)

// Mail is an e-mail in the outbox.
type Mail struct {
	ID        MailID
	Kind      MailKind
	User      UserID // whom it is for; empty for a wish
	Recipient string // address at the time; empty for a wish
	Subject   string
	Body      []byte // sealed; empty once it was sent or given up
	State     MailState
	Attempts  int    // tries to hand it over so far
	Problem   string // what the last failure was, without secrets
	CreatedAt time.Time
	NextAt    time.Time // not before
	ExpiresAt time.Time // worthless from then on
	SettledAt time.Time // when it was sent or given up
}

// NoticeKind says what a notice is about.
type NoticeKind string

// The kinds of notice.
const (
	NoticeNewBrowser    NoticeKind = "new-browser"
	NoticeNewFactor     NoticeKind = "new-factor"
	NoticeFactorRemoved NoticeKind = "factor-removed"
	NoticeFactorsGone   NoticeKind = "factors-reset"
	NoticeCodesNew      NoticeKind = "codes-renewed" // recovery codes
	NoticeCodesOff      NoticeKind = "codes-off"     // of authenticator apps, after wrong ones
	NoticePasswordReset NoticeKind = "password-reset"
	NoticePasswordNew   NoticeKind = "password-changed"
	NoticeAddressMoved  NoticeKind = "address-changed"
	NoticeDecided       NoticeKind = "approval-decided"
	NoticeSlowCodes     NoticeKind = "slow-codes" // for who may read the trail: of everybody's sign-ins, not their own
)

// Notice tells a person of something that happened to their own sign-in, to what they asked for, or that they have to look after.
type Notice struct {
	Kind   NoticeKind
	Text   string // a sentence without secrets
	At     time.Time
	ToldAt time.Time // when it was shown after a sign-in; zero: not yet
}

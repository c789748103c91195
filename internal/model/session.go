package model

import (
	"fmt"
	"strings"
	"time"
)

// SessionStage says how far a sign-in has come.
type SessionStage string

// The stages of a browser session. Only SignedIn opens anything but the next step of signing in.
const (
	StagePassword  SessionStage = "password"  // the password is right; the second factor is asked for
	StageEnrolment SessionStage = "enrolment" // the password is right; a second factor must be set up
	// all is proved that the person can prove; a stronger second factor must be bound
	StageStrengthening SessionStage = "strengthening"

	StageRenewal  SessionStage = "renewal" // all is proved that is asked for; the password must be replaced
	StageSignedIn SessionStage = "signed-in"
)

// Binds reports whether the person has to bind a second factor next: a first one, or a stronger one.
func (s SessionStage) Binds() bool { return s == StageEnrolment || s == StageStrengthening }

// Session is a browser that has signed in or is about to.
type Session struct {
	ID         SessionID
	User       UserID
	Stage      SessionStage
	Methods    string    // how the person proved who they are: "password totp"
	SignedInAt time.Time // when everything was proved that was asked for; zero before
	FactorAt   time.Time // when the second factor was last proved; zero when none was asked for
	CreatedAt  time.Time
	LastSeenAt time.Time
	SourceIP   string
	UserAgent  string
	Browser    BrowserID // that vouched for a sign-in without a second factor, or was known since; empty before
	Epoch      int64     // the person's epoch when it began; an older one is over
	EndedAt    time.Time
}

// Password is what is kept of a person's password.
type Password struct {
	Hash       string // PHC form, argon2id
	Length     int    // it was seen to have at least so many characters
	ChangedAt  time.Time
	LastUsedAt time.Time
}

// LinkPurpose says what a one-time link lets its bearer do.
type LinkPurpose string

// The purposes of one-time links.
const (
	LinkSetUp      LinkPurpose = "set-up"        // the very first start
	LinkRecovery   LinkPurpose = "recovery"      // made on the host: choose a new password and enrol a new second factor
	LinkInvitation LinkPurpose = "invitation"    // choose a first password, then enrol
	LinkPassword   LinkPurpose = "password"      // choose a new password; the second factor stays
	LinkForgotten  LinkPurpose = "forgotten"     // the same, asked for by the person: the present password works until then
	LinkMFAReset   LinkPurpose = "second-factor" // enrol a new second factor
)

// Link is a one-time link. Only the digest of its token is kept.
type Link struct {
	ID        LinkID
	User      UserID // empty for set-up
	Purpose   LinkPurpose
	CreatedBy UserID
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
}

// RoleSession is a set of role credentials that was issued to a person. The secret access key is derived from the access
// key id and the master key, so nothing secret is kept.
type RoleSession struct {
	AccessKeyID   AccessKeyID
	User          UserID
	Account       AccountID
	PermissionSet PermissionSetID
	RoleARN       string
	SessionName   string
	RoleID        string // AROA…, as GetCallerIdentity reports it before the colon
	Session       SessionID
	Epoch         int64  // the person's epoch then; an older one is over
	MasterKey     string // id of the master key that the secret access key is derived from
	IssuedAt      time.Time
	ExpiresAt     time.Time
	RevokedAt     time.Time
	LastUsedAt    time.Time
}

// ARN returns who the holder of the credentials is. It names the role without its path.
func (s RoleSession) ARN() string {
	role := s.RoleARN[strings.LastIndexByte(s.RoleARN, '/')+1:]
	return fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", s.Account, role, s.SessionName)
}

// CallerID returns what aws:userid is for the holder of the credentials: the role's unique id and the session's name.
func (s RoleSession) CallerID() string { return s.RoleID + ":" + s.SessionName }

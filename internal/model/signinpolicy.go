package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// FactorRule says when people are asked for a second factor.
type FactorRule string

// The rules. Members of the exempt groups who do not administer are never asked, whatever the rule.
const (
	FactorAlways    FactorRule = "always"
	FactorByContext FactorRule = "context" // unless the browser is trusted and was used from this network before
)

// NoDeviceRule says what becomes of people who are asked for a second factor and have none.
type NoDeviceRule string

// The rules for people without a second factor.
const (
	NoDeviceEnrol NoDeviceRule = "enrol" // they enrol one at sign-in
	NoDeviceBlock NoDeviceRule = "block" // they get in only with a one-time link that an operator made
	NoDeviceAllow NoDeviceRule = "allow" // the password is enough until a date; then they enrol one
)

// FactorKind is a way to prove the second factor.
type FactorKind string

// The kinds of second factor.
const (
	FactorTOTP     FactorKind = "totp"          // codes of an authenticator app
	FactorWebAuthn FactorKind = "webauthn"      // security keys and passkeys
	FactorRecovery FactorKind = "recovery-code" // stands in once for a lost device
)

// FactorKinds lists every kind.
func FactorKinds() []FactorKind { return []FactorKind{FactorTOTP, FactorWebAuthn, FactorRecovery} }

// OperatorRule says which second factors people need who administer.
type OperatorRule string

// The rules for people who hold a role in the management account.
const (
	OperatorsAny    OperatorRule = "any"    // whatever the policy takes from everybody
	OperatorsStrong OperatorRule = "strong" // a security key, a passkey, or an app with codes of StrongDigits
)

// The bounds of a sign-in policy.
const (
	MinPasswordLength = 8  // NIST SP 800-63B-4 §3.1.1.2, with a second factor
	MaxPasswordLength = 64 // what may be asked for at most; longer ones are always taken
	MaxPasswordAge    = 3650
	MaxPasswordReuse  = 10 // each costs a hash when a password is chosen
	MaxExemptGroups   = 50
	MinIdle           = 5 * time.Minute
	MaxIdle           = 24 * time.Hour
	MinAbsolute       = 15 * time.Minute
	MaxAbsolute       = 30 * 24 * time.Hour
)

// SignInPolicy says how people sign in and how long they stay signed in. Each save is a new version.
type SignInPolicy struct {
	Version      int64 // 0: nobody has saved one, the standard is in force
	Factor       FactorRule
	Exempt       []GroupID // whose members the password is enough for, unless they administer
	NoDevice     NoDeviceRule
	AllowedUntil time.Time    // with NoDeviceAllow: the first moment at which a second factor is asked for
	Kinds        []FactorKind // that are accepted
	Operators    OperatorRule // what people need who administer
	MinLength    int          // characters of a password
	MaxAge       int          // days after which a password is replaced at sign-in; 0: never
	Reuse        int          // how many earlier passwords may not come back; the present one never may
	Idle         time.Duration
	Absolute     time.Duration
	TwoPeople    bool // acts of the highest value need a second administrator: see ForTwo
	SavedAt      time.Time
	SavedBy      UserID // empty: the host, or nobody yet
}

// StandardSignInPolicy is in force until somebody saves another.
func StandardSignInPolicy() SignInPolicy {
	return SignInPolicy{Factor: FactorAlways, NoDevice: NoDeviceEnrol, Kinds: FactorKinds(), Operators: OperatorsAny,
		MinLength: MinPasswordLength, Idle: 15 * time.Minute, Absolute: 8 * time.Hour}
}

// Allows reports whether a kind of second factor is accepted.
func (p SignInPolicy) Allows(kind FactorKind) bool { return slices.Contains(p.Kinds, kind) }

// Exempts reports whether one of some groups is exempt.
func (p SignInPolicy) Exempts(groups ...GroupID) bool {
	return slices.ContainsFunc(groups, func(g GroupID) bool { return slices.Contains(p.Exempt, g) })
}

// PasswordLife is how long a password is good; zero when it does not age.
func (p SignInPolicy) PasswordLife() time.Duration { return time.Duration(p.MaxAge) * 24 * time.Hour }

// Check reports what is wrong with the policy by itself; whom it would lock out is another question.
func (p SignInPolicy) Check() error {
	problems := Problems{}
	if p.Factor != FactorAlways && p.Factor != FactorByContext {
		problems.Add("factor", "Choose when a second factor is asked for.")
	}
	if len(p.Exempt) > MaxExemptGroups {
		problems.Add("exempt", fmt.Sprintf("At most %d groups can be exempt.", MaxExemptGroups))
	}
	p.checkNoDevice(problems)
	for _, kind := range p.Kinds {
		if !slices.Contains(FactorKinds(), kind) {
			problems.Add("kinds", "Choose among the kinds that are offered.")
		}
	}
	if !p.Allows(FactorTOTP) && !p.Allows(FactorWebAuthn) {
		problems.Add("kinds", "Allow authenticator apps, or security keys and passkeys: recovery codes alone cannot be enrolled.")
	}
	if p.Operators != OperatorsAny && p.Operators != OperatorsStrong {
		problems.Add("operators", "Choose what people need who administer.")
	}
	between(problems, "min_length", p.MinLength, MinPasswordLength, MaxPasswordLength, "characters")
	if p.MaxAge != 0 {
		between(problems, "max_age", p.MaxAge, 1, MaxPasswordAge, "days, or leave it empty")
	}
	between(problems, "reuse", p.Reuse, 0, MaxPasswordReuse, "passwords")
	between(problems, "idle", int(p.Idle/time.Minute), int(MinIdle/time.Minute), int(MaxIdle/time.Minute), "minutes")
	between(problems, "absolute", int(p.Absolute/time.Minute), int(MinAbsolute/time.Minute), int(MaxAbsolute/time.Minute), "minutes")
	if p.Idle > p.Absolute {
		problems.Add("idle", "This is longer than a session lasts at all.")
	}
	return problems.Err()
}

func (p SignInPolicy) checkNoDevice(problems Problems) {
	switch p.NoDevice {
	case NoDeviceEnrol, NoDeviceBlock:
	case NoDeviceAllow:
		if p.AllowedUntil.IsZero() {
			problems.Add("until", "Enter the day from which on a second factor is asked for, such as 2027-01-31.")
		}
	default:
		problems.Add("no_device", "Choose what happens to people without a second factor.")
	}
}

func between(p Problems, field string, value, least, most int, unit string) {
	if value < least || value > most {
		p.Add(field, fmt.Sprintf("Enter %d to %d %s.", least, most, unit))
	}
}

// KnownBrowser is a browser in which a person has signed in, recognised by a cookie of its own.
type KnownBrowser struct {
	ID         BrowserID
	User       UserID
	Trusted    bool // the person asked not to be asked for a second factor here, where the policy lets them
	UserAgent  string
	SourceIP   string
	CreatedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time // moved on each time a second factor is proved in it
}

// BrowserLife is for how long a browser is known after a second factor was last proved in it.
const BrowserLife = 30 * 24 * time.Hour

// BrowserClaim is what a request says of the browser that it comes from.
type BrowserClaim struct {
	Digest string // SHA-256 of the browser's own cookie, 64 hex digits; empty when it has none
	Trust  bool   // the person asks that it be trusted
}

// FactorKindOf returns the kind of second factor in the methods of a session, empty when it was none: "password totp".
func FactorKindOf(methods string) FactorKind {
	method := methods[strings.LastIndexByte(methods, ' ')+1:]
	switch kind := FactorKind(method); {
	case method == "security-key" || method == "passkey":
		return FactorWebAuthn
	case method == LongCodeMethod:
		return FactorTOTP
	case slices.Contains(FactorKinds(), kind):
		return kind
	}
	return ""
}

// LongCodeMethod is the method of a session that was proved with a code of StrongDigits; with a shorter one it is "totp".
const LongCodeMethod = "totp-8"

// StrongProof reports whether the methods of a session end with something that OperatorsStrong takes. Recovery codes have far more
// than eight digits.
func StrongProof(methods string) bool {
	kind := FactorKindOf(methods)
	return kind == FactorWebAuthn || kind == FactorRecovery || strings.HasSuffix(methods, " "+LongCodeMethod)
}

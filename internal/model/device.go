package model

import "time"

// TOTPDevice is an authenticator app of a person.
type TOTPDevice struct {
	ID          DeviceID
	Name        string    // 1 to 64 characters
	Digits      int       // of its codes: 6, or StrongDigits
	Secret      []byte    // sealed
	Session     SessionID // that may confirm it, and see its secret until then
	LastStep    int64     // the last time step that was accepted; codes of it or before are refused
	ConfirmedAt time.Time
	LastUsedAt  time.Time
	CreatedAt   time.Time
}

// StrongDigits are as many as codes have that nobody guesses with five tries: 1.5 × 10⁻⁷, where six digits leave 1.5 × 10⁻⁵.
const StrongDigits = 8

// Strong reports whether the app is one that OperatorsStrong takes.
func (d TOTPDevice) Strong() bool { return d.Digits >= StrongDigits }

// SecurityKey is a security key or passkey of a person: a WebAuthn credential.
type SecurityKey struct {
	ID             DeviceID
	Name           string // 1 to 64 characters
	Credential     []byte // what the authenticator calls it
	PublicKey      []byte // COSE
	Model          string // AAGUID of the authenticator, 32 hex digits; zeros when it does not say
	Transports     string // how it is reached: "internal usb"
	Discoverable   bool   // a passkey: it can sign in without a user name
	BackupEligible bool   // may be copied to the person's other devices
	BackedUp       bool
	SignCount      uint32    // how often it has signed, as it says
	SuspectAt      time.Time // when it counted backwards; refused since
	LastUsedAt     time.Time
	CreatedAt      time.Time
}

// DeviceKind says what sort of second factor a device is, in the words that people read.
type DeviceKind string

// The kinds of device.
const (
	DeviceApp     DeviceKind = "authenticator app"
	DeviceKey     DeviceKind = "security key"
	DevicePasskey DeviceKind = "passkey"
)

// Device is a registered second factor as lists show it, whatever its kind.
type Device struct {
	ID         DeviceID
	Kind       DeviceKind
	Name       string
	Digits     int // of the codes of an app; 0 for a key
	AddedAt    time.Time
	LastUsedAt time.Time
	SuspectAt  time.Time // of a key that counted backwards
}

// Strong reports whether OperatorsStrong takes the device. A key that is refused is nothing.
func (d Device) Strong() bool {
	return d.SuspectAt.IsZero() && (d.Kind != DeviceApp || d.Digits >= StrongDigits)
}

// Device returns the app as lists show it.
func (d TOTPDevice) Device() Device {
	return Device{ID: d.ID, Kind: DeviceApp, Name: d.Name, Digits: d.Digits, AddedAt: d.ConfirmedAt, LastUsedAt: d.LastUsedAt}
}

// Device returns the key as lists show it.
func (k SecurityKey) Device() Device {
	kind := DeviceKey
	if k.Discoverable {
		kind = DevicePasskey
	}
	return Device{ID: k.ID, Kind: kind, Name: k.Name, AddedAt: k.CreatedAt, LastUsedAt: k.LastUsedAt, SuspectAt: k.SuspectAt}
}

// ChallengePurpose says at which step a key may answer a challenge.
type ChallengePurpose string

// The purposes of challenges.
const (
	ChallengeEnrol   ChallengePurpose = "enrol"         // register a first device while signing in
	ChallengeFactor  ChallengePurpose = "second-factor" // after the password
	ChallengePasskey ChallengePurpose = "passkey"       // instead of the password
	ChallengeStepUp  ChallengePurpose = "step-up"       // before a dangerous act
	ChallengeAdd     ChallengePurpose = "add"           // register a further device
)

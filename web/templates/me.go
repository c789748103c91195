package templates

import "time"

// MePage is how a person signs in, and where they are signed in.
type MePage struct {
	UserName   string
	PasswordAt time.Time
	Devices    []DeviceRow
	CodesLeft  int
	CodesOff   bool
	Keys       bool // browsers give security keys to the console's address
	Sessions   []SessionRow
	Browsers   []BrowserRow
	News       []NewsRow
	Now        time.Time
}

// BrowserRow is a browser that a person is known in.
type BrowserRow struct {
	Browser    string // "Firefox on Linux"
	Agent      string // what it says of itself
	Address    string // of the last sign-in
	Seen       time.Time
	Ends       time.Time // when it is forgotten unless a second factor is proved in it again
	Trusted    bool      // no second factor is asked for here, where the policy allows it
	ForgetHref string    // empty: the viewer may not
}

// NewsRow is something that happened to a person's sign-in.
type NewsRow struct {
	Text string
	At   time.Time
}

// addDevice are the ways to add a device.
func (p MePage) addDevice() []Action {
	actions := []Action{{Text: "Add an app", Href: "/me/devices", Icon: "plus", Post: true}}
	if p.Keys {
		actions = append(actions, Action{Text: "Add a key", Href: "/me/keys/new", Icon: "key"})
	}
	return actions
}

// refused reports whether a key is refused.
func (p MePage) refused() bool {
	for _, d := range p.Devices {
		if d.Refused {
			return true
		}
	}
	return false
}

// icon tells the kinds of device apart.
func (d DeviceRow) icon() string {
	switch d.Kind {
	case "passkey":
		return iconPasskey
	case "security key":
		return iconKey
	}
	return iconApp
}

const (
	iconPasskey = "fingerprint"
	iconKey     = "key"
	iconApp     = "device-mobile"
)

// DeviceRow is a registered second factor.
type DeviceRow struct {
	ID, Name   string
	Kind       string // "authenticator app", "security key", "passkey"
	Refused    bool   // a key that counted backwards
	AddedAt    time.Time
	UsedAt     time.Time
	Alone      bool   // the only one that works: it cannot be removed
	RenameHref string // empty: the viewer may not
	RemoveHref string
}

// SessionRow is a browser in which a person is signed in.
type SessionRow struct {
	Browser string // "Firefox on Linux"
	Agent   string // what the browser says of itself
	Address string
	Began   time.Time
	Seen    time.Time
	Method  string // "password and code"
	Here    bool   // the browser that asks
	EndHref string // empty: the viewer may not
}

// codesTone warns when few recovery codes are left.
func (p MePage) codesTone() Tone {
	if p.CodesLeft <= 3 {
		return ToneWarn
	}
	return ToneOK
}

// PasswordPage changes one's own password.
type PasswordPage struct {
	UserName string
	Others   int // further browsers that are signed in
	// MinLength is how many characters a password has at least.
	MinLength int
	Problems  map[string]string
}

// NameDevicePage names a device.
type NameDevicePage struct {
	Action   string
	Title    string
	Button   string
	Name     string
	Problems map[string]string
}

// endOthers signs out of every other browser; there is nothing to do when there is none.
func (p MePage) endOthers() []Action {
	if len(p.Sessions) < 2 {
		return nil
	}
	return []Action{{Text: "Sign out of all others", Href: "/me/sessions/end-others", Icon: "logout", Post: true}}
}

package templates

import "net/url"

// SignInPage is the first step of signing in.
type SignInPage struct {
	Organization string // empty before set-up
	UserName     string
	Next         string // where to go afterwards
	Ended        string // why the session before is over
	Passkeys     bool   // browsers give keys to the console's address
	Problems     map[string]string
}

// FactorPage is the second step: a code.
type FactorPage struct {
	UserName string
	Initials string
	Devices  []string // authenticator apps
	Digits   int      // of their codes; 0: some have more than others
	Keys     int      // security keys
	Disabled bool     // codes are off
	Reset    bool     // the second factor was taken away, a link has to be used
	Trust    bool     // the browser may be trusted
	Trusted  bool     // and that was chosen
	// NoCodes and NoRecovery say that the policy does not take codes of apps, or recovery codes.
	NoCodes, NoRecovery bool
	Next                string
	Problems            map[string]string
}

// unnamed is what an app is called whose person gave it no name.
const unnamed = "Authenticator app"

// named reports whether the code comes from one app that has a name of its own.
func (p FactorPage) named() bool { return len(p.Devices) == 1 && p.Devices[0] != unnamed }

// source says which app the code comes from.
func (p FactorPage) source() string {
	switch {
	case p.named():
		return "From the authenticator app "
	case len(p.Devices) > 1:
		return "From any of your authenticator apps."
	}
	return "From your authenticator app."
}

func (p FactorPage) title() string {
	if p.Digits == 0 {
		return "Enter the code"
	}
	return "Enter the " + Number(p.Digits) + "-digit code"
}

// autoSubmit is at how many digits the code sends itself: never where there is something to choose, or they differ.
func (p FactorPage) autoSubmit() int {
	if p.Trust {
		return 0
	}
	return p.Digits
}

// whenOff says what to do when codes are refused after failures.
func (p FactorPage) whenOff() string {
	if p.Keys > 0 {
		return "Five in a row were wrong. Use your security key or a recovery code, or ask an administrator to reset your second factor."
	}
	return "Five in a row were wrong. Use a recovery code, or ask an administrator to reset your second factor. Once signed in, add your app " +
		"anew: that turns codes on again."
}

// EnrolPage is an authenticator app that waits for its first code.
type EnrolPage struct {
	Title    string
	Sub      string // below the title
	Secret   string // in groups of four
	QR       string // SVG path
	QRSize   string // "0 0 45 45"
	Digits   int    // of its codes
	Name     string
	Action   string // where the code is sent
	Next     string
	Steps    []Step
	Cancel   string // where to go instead; empty when there is no other way
	Key      string // where a security key is added instead; empty when that does not work
	Problems map[string]string
}

// which says which apps can be used.
func (p EnrolPage) which() string {
	if p.Digits > 6 {
		return "It has to be an app that shows " + Number(p.Digits) + " digits, which not every one can. If yours shows 6, take another one, or a " +
			"security key."
	}
	return "Any TOTP app works: Aegis, 1Password, Google or Microsoft Authenticator."
}

// CodesPage shows recovery codes, once.
type CodesPage struct {
	Codes []string
	Steps []Step
	Next  string
}

// withNext adds where to go afterwards to an address.
func withNext(to, next string) string {
	if next == "" || next == "/" {
		return to
	}
	return to + "?" + url.Values{"next": {next}}.Encode()
}

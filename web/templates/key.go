package templates

// KeyProps is a button that a security key answers: the script asks an address for options, lets the key sign, and sends the
// form around the button with the answer in a hidden field.
type KeyProps struct {
	Field   string // name of the hidden field; also the button's id
	Options string // address that answers a POST with the options
	Make    bool   // a new key is made instead of signing with one
	Text    string
	Primary bool
	Icon    string
	Without string // what to do where no scripts run
}

func (p KeyProps) icon() string {
	if p.Icon != "" {
		return p.Icon
	}
	return "key"
}

// NewKeyPage makes a new security key or passkey.
type NewKeyPage struct {
	Action   string // where the key's answer is sent
	Options  string // where the options come from
	App      string // where an authenticator app is added instead
	Cancel   string // where to go instead; empty when there is no other way
	Name     string
	Next     string
	Steps    []Step
	Works    bool // browsers give keys to the console's address
	Problems map[string]string
}

// StepUpPage asks for the second factor once more before a dangerous act, and then goes on with it.
type StepUpPage struct {
	Action   string // the act's own address
	Fields   []Pair // what was typed
	Apps     bool   // codes of an authenticator app are taken, unless they are off
	Disabled bool   // codes of apps are off
	Recovery bool   // recovery codes are taken
	Keys     bool   // a security key is taken
	Cancel   string
	Problems map[string]string
}

func (p StepUpPage) appCodes() bool { return p.Apps && !p.Disabled }

// takesCode reports whether there is a field for a code.
func (p StepUpPage) takesCode() bool { return p.appCodes() || p.Recovery }

// withoutScripts is said in the place of the button for keys where it cannot work.
func (p StepUpPage) withoutScripts() string {
	if p.takesCode() {
		return "Security keys need JavaScript in your browser. Use a code instead."
	}
	return "Security keys need JavaScript in your browser."
}

// label says what the field takes.
func (p StepUpPage) label() string {
	if !p.appCodes() {
		return "Recovery code"
	}
	return "Code"
}

// hint says where the code comes from.
func (p StepUpPage) hint() string {
	switch {
	case p.appCodes() && p.Recovery:
		return "From your authenticator app, or a recovery code."
	case p.appCodes():
		return "From your authenticator app."
	case p.Apps:
		return "Codes of your apps are off after five wrong ones in a row. A recovery code works once."
	}
	return "Each works once."
}

package templates

import "net/url"

// SignInPage is the first step of signing in.
type SignInPage struct {
	Organization string // empty before set-up
	UserName     string
	Next         string // where to go afterwards
	Ended        string // why the session before is over
	Problems     map[string]string
}

// FactorPage is the second step: a code.
type FactorPage struct {
	UserName string
	Initials string
	Devices  []string
	Disabled bool // codes are off
	Reset    bool // the second factor was taken away, a link has to be used
	Next     string
	Problems map[string]string
}

// source names the app that the code comes from, if there is only one.
func (p FactorPage) source() string {
	if len(p.Devices) == 1 {
		return "From the authenticator app "
	}
	return "From any of your authenticator apps."
}

// EnrolPage is an authenticator app that waits for its first code.
type EnrolPage struct {
	Sub      string // one line below the title
	Secret   string // in groups of four
	QR       string // SVG path
	QRSize   string // "0 0 45 45"
	Name     string
	Action   string // where the code is sent
	Next     string
	Steps    []Step
	Cancel   string // where to go instead; empty when there is no other way
	Problems map[string]string
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

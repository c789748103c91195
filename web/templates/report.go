package templates

import "time"

// CredentialReportPage is the newest credential report, as a table with filters.
type CredentialReportPage struct {
	Generated   bool // there is one
	GeneratedAt time.Time
	By          string
	RenewableAt time.Time
	Renewable   bool // old enough to be generated anew
	MayGenerate bool
	Now         time.Time
	Chips       []Chip
	Filter      FilterProps
	Age         string // days of the password filter, as typed
	AgeProblem  string
	Keep        []Pair // the other filters, for the form of the password filter
	Rows        []CredentialRow
	Pager       PagerProps
	Clear       string // address without filters; empty when none is on
	CSV         string
}

// CredentialRow is one person of the report, in the report's own words.
type CredentialRow struct {
	UserName, Href    string
	Enabled           bool
	Groups            string
	MFA               bool
	SecondFactors     string // "1 app", "none"
	LastSignIn        time.Time
	NoSignIn          string // the report's word when there is no time
	PasswordChanged   time.Time
	NoPassword        string
	RecoveryCodes     string
	Sessions          string
	Accounts, Sets    string
	PasswordAgeInDays int
}

// accountsWord is what the number of accounts counts.
func (r CredentialRow) accountsWord() string {
	if r.Accounts == "1" {
		return "account"
	}
	return "accounts"
}

// firstReport is what can be done while there is no report.
var firstReport = []Action{
	{Text: "Generate the report", Href: "/reports/credentials", Icon: "refresh", Post: true, Primary: true},
	{Text: "Generate and download CSV", Href: "/reports/credentials", Icon: "download", Post: true,
		Fields: []Pair{{Name: "download", Value: "csv"}}},
}

func (p CredentialReportPage) headActions() []Action {
	if !p.Generated {
		return nil
	}
	return []Action{{Text: "Download CSV", Href: p.CSV, Icon: "download", Primary: true}}
}

func (p CredentialReportPage) generateAction() Action {
	a := Action{Text: "Generate anew", Href: "/reports/credentials", Icon: "refresh", Post: true}
	if !p.Renewable {
		a.Text = "Generate at " + p.RenewableAt.UTC().Format("15:04")
		a.Off = "The report is younger than four hours"
	}
	return a
}

func (p CredentialReportPage) noteActions() []Action {
	if !p.MayGenerate {
		return nil
	}
	return []Action{p.generateAction()}
}

var credentialColumns = []Column{{Text: "User"}, {Text: "Status"}, {Text: "Second factor"}, {Text: "Recovery codes", Num: true},
	{Text: "Last sign-in"}, {Text: "Password changed"}, {Text: "Sessions", Num: true}, {Text: "Accounts", Num: true}, {Text: "Sets", Num: true}}

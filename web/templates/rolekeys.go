package templates

import "time"

// RoleKeysPage is a role of a person: first what it is and how to take keys, then the keys, once.
type RoleKeysPage struct {
	Role   PortalRole
	Keys   *RoleKeys    // nil until they are taken
	Issued *IssuedProps // with the dialog: the list on the page behind it, as it is now
	Now    time.Time
}

// RoleKeys are role credentials in the forms in which people use them.
type RoleKeys struct {
	AccessKeyID, Secret, Token string
	ExpiresAt                  time.Time
	Endpoint                   string // of the console's STS
	Region                     string // clients ask for one, and any will do
	Profile                    string // name for a profile
	Format                     string // the form that is in view first: FormatPosix, FormatPowerShell or FormatFile
}

// The forms of role credentials.
const (
	FormatPosix      = "posix"
	FormatPowerShell = "powershell"
	FormatFile       = "file"
)

// keyFormat is one form with the words around it.
type keyFormat struct {
	Value, Label string
	Hint         string
	Lines        []keyLine
	Test         string // a command that tells whose they are
}

// keyLine is a line with a value; a secret one is covered until it is asked for.
type keyLine struct {
	Before, Value, After string
	Secret               bool
}

func (k RoleKeys) formats() []keyFormat {
	test := "aws sts get-caller-identity --endpoint-url " + k.Endpoint
	anywhere := test + " --region " + k.Region
	return []keyFormat{
		{Value: FormatPosix, Label: "macOS, Linux", Hint: "Paste into a terminal with bash or zsh.", Test: anywhere,
			Lines: k.lines("export ")},
		{Value: FormatPowerShell, Label: "Windows", Hint: "Paste into PowerShell.", Test: anywhere,
			Lines: k.lines("$Env:")},
		{Value: FormatFile, Label: "File", Hint: "Put into ~/.aws/credentials, in place of an older profile of this name.",
			Test: test + " --profile " + k.Profile,
			Lines: []keyLine{
				{Before: "[" + k.Profile + "]"},
				{Before: "aws_access_key_id = ", Value: k.AccessKeyID},
				{Before: "aws_secret_access_key = ", Value: k.Secret, Secret: true},
				{Before: "aws_session_token = ", Value: k.Token, Secret: true},
				{Before: "region = ", Value: k.Region},
			}},
	}
}

// lines are the variables of an environment, each set by a command.
func (k RoleKeys) lines(command string) []keyLine {
	return []keyLine{
		{Before: command + `AWS_ACCESS_KEY_ID="`, Value: k.AccessKeyID, After: `"`},
		{Before: command + `AWS_SECRET_ACCESS_KEY="`, Value: k.Secret, After: `"`, Secret: true},
		{Before: command + `AWS_SESSION_TOKEN="`, Value: k.Token, After: `"`, Secret: true},
		{Before: command + `AWS_ENDPOINT_URL_STS="`, Value: k.Endpoint, After: `"`},
	}
}

// values are the single values, for clients with fields of their own.
func (k RoleKeys) values() []keyLine {
	return []keyLine{
		{Before: "Access key id", Value: k.AccessKeyID},
		{Before: "Secret access key", Value: k.Secret, Secret: true},
		{Before: "Session token", Value: k.Token, Secret: true},
		{Before: "STS endpoint", Value: k.Endpoint},
	}
}

// first is the form in view before somebody chooses another.
func (k RoleKeys) first(f keyFormat) bool {
	if k.Format == "" {
		return f.Value == FormatPosix
	}
	return f.Value == k.Format
}

func (p RoleKeysPage) panel() PanelProps {
	foot := "Keys are shown once and written to the audit trail."
	if p.Keys == nil {
		foot = ""
	}
	return PanelProps{Title: "Keys for " + p.Role.Account, Sub: p.Role.Set + " · " + p.Role.AccountID, Close: "/portal",
		Foot: foot}
}

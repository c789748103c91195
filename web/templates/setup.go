package templates

// SetUpPage is the very first page of a Gatehouse.
type SetUpPage struct {
	Action   string
	Form     SetUpForm
	Problems map[string]string
}

// SetUpForm is what the very first page asks for, as typed.
type SetUpForm struct {
	Organization string `form:"organization"`
	Region       string `form:"region"`
	AccountID    string `form:"account_id"`
	AccountName  string `form:"account_name"`
	AccountEmail string `form:"account_email"`
	GivenName    string `form:"given_name"`
	FamilyName   string `form:"family_name"`
	Email        string `form:"email"`
	UserName     string `form:"username"`
	Password     string `form:"password"`
}

// setUpOrder is the order of its fields on the page.
var setUpOrder = []string{"organization", "region", "account_id", "account_name", "account_email",
	"given_name", "family_name", "email", "username", "password"}

// LinkPage is where a one-time link leads.
type LinkPage struct {
	Action       string
	Organization string
	Name         string
	UserName     string
	Title        string
	Text         string
	Present      bool // the password asked for is the present one
	Button       string
	Problems     map[string]string
}

// SamplePage offers the sample organization.
type SamplePage struct {
	Organization string
}

// regions are suggestions for the home Region; any may be typed.
var regions = []string{"us-east-1", "us-east-2", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1", "eu-north-1",
	"eu-west-1", "eu-west-2", "eu-west-3", "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2"}

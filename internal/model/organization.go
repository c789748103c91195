package model

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Organization is the one organization of an installation, with its Identity Center instance and identity store.
type Organization struct {
	ID                string // o-…
	Name              string // what people read: 1 to 128 characters
	RootID            OUID
	InstanceID        string // ssoins-…
	IdentityStoreID   string // d-…
	Region            string // home Region of the instance
	ManagementAccount AccountID
	CreatedAt         time.Time
}

// NewOrganization returns an organization with fresh identifiers. region is the home Region, us-east-1 when empty.
func NewOrganization(random io.Reader, name string, management AccountID, region string) (Organization, error) {
	digits, err := hexDigits(random, 10+4+16+10)
	if err != nil {
		return Organization{}, err
	}
	if region == "" {
		region = "us-east-1"
	}
	return Organization{
		ID: "o-" + digits[:10], Name: strings.TrimSpace(name), RootID: OUID("r-" + digits[10:14]),
		InstanceID: "ssoins-" + digits[14:30], IdentityStoreID: "d-" + digits[30:40],
		Region: region, ManagementAccount: management,
	}, nil
}

// Check reports what is wrong with the name.
func (o Organization) Check() error {
	p := Problems{}
	checkText(p, "organization", o.Name, 128)
	if !o.ManagementAccount.Valid() {
		p.Add("account_id", "An account id has 12 digits.")
	}
	return p.Err()
}

// InstanceARN names the Identity Center instance.
func (o Organization) InstanceARN() string { return "arn:aws:sso:::instance/" + o.InstanceID }

// IdentityStoreARN names the identity store.
func (o Organization) IdentityStoreARN() string {
	return fmt.Sprintf("arn:aws:identitystore::%s:identitystore/%s", o.ManagementAccount, o.IdentityStoreID)
}

// UserARN names a user of the identity store.
func (o Organization) UserARN(id UserID) string { return "arn:aws:identitystore:::user/" + string(id) }

// GroupARN names a group of the identity store.
func (o Organization) GroupARN(id GroupID) string {
	return "arn:aws:identitystore:::group/" + string(id)
}

// PermissionSetARN names a permission set of the instance.
func (o Organization) PermissionSetARN(id PermissionSetID) string {
	return fmt.Sprintf("arn:aws:sso:::permissionSet/%s/%s", o.InstanceID, id)
}

// AccountARN names an account as a resource of sso: actions.
func (o Organization) AccountARN(id AccountID) string { return "arn:aws:sso:::account/" + string(id) }

// OUARN names an organizational unit or the root.
func (o Organization) OUARN(id OUID) string {
	kind := "ou"
	if id == o.RootID {
		kind = "root"
	}
	return fmt.Sprintf("arn:aws:organizations::%s:%s/%s/%s", o.ManagementAccount, kind, o.ID, id)
}

// MemberARN names an account as a resource of organizations: actions.
func (o Organization) MemberARN(id AccountID) string {
	return fmt.Sprintf("arn:aws:organizations::%s:account/%s/%s", o.ManagementAccount, o.ID, id)
}

// PolicyARN names a service or resource control policy.
func (o Organization) PolicyARN(p Policy) string {
	owner := string(o.ManagementAccount)
	if p.AWSManaged {
		return fmt.Sprintf("arn:aws:organizations::aws:policy/%s/%s", strings.ToLower(string(p.Kind)), p.ID)
	}
	return fmt.Sprintf("arn:aws:organizations::%s:policy/%s/%s/%s", owner, o.ID, strings.ToLower(string(p.Kind)), p.ID)
}

// ARN names something of Gatehouse's own that AWS has no noun for, such as a report.
func (o Organization) ARN(kind, id string) string {
	return fmt.Sprintf("arn:aws:gatehouse::%s:%s/%s", o.ManagementAccount, kind, id)
}

// MostOUDepth is how many units AWS lets hang below each other under the root.
const MostOUDepth = 5

// OU is an organizational unit, or the root (whose Parent is empty).
type OU struct {
	ID        OUID
	Name      string // 1 to 128 characters, unique among its siblings
	Parent    OUID
	Version   int64
	CreatedAt time.Time
}

// Check reports what is wrong with the name.
func (u OU) Check() error {
	p := Problems{}
	checkText(p, "name", u.Name, 128)
	return p.Err()
}

// nouns are fields whose form name is not what people call them.
var nouns = map[string]string{"email": "an e-mail address", "username": "a user name", "name": "a name",
	"approval_reason": "why it is to be done", "why": "why not"}

// EnterValue is what is said about a field that must not be empty.
func EnterValue(field string) string {
	if noun := nouns[field]; noun != "" {
		return "Enter " + noun + "."
	}
	return "Enter the " + strings.ReplaceAll(field, "_", " ") + "."
}

// checkText notes a problem when text is empty, too long (in characters) or has control characters.
func checkText(p Problems, field, text string, most int) {
	switch {
	case strings.TrimSpace(text) == "":
		p.Add(field, EnterValue(field))
	case !utf8.ValidString(text):
		p.Add(field, "This text is not valid UTF-8.")
	case utf8.RuneCountInString(text) > most:
		p.Add(field, fmt.Sprintf("Use at most %d characters; this has %d.", most, utf8.RuneCountInString(text)))
	case strings.ContainsFunc(text, isControl):
		p.Add(field, "Control characters are not allowed here.")
	}
}

// checkOptional is checkText for a field that may be empty.
func checkOptional(p Problems, field, text string, most int) {
	if text != "" {
		checkText(p, field, text, most)
	}
}

func isControl(r rune) bool {
	return r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == 0x2028 || r == 0x2029 || (r >= 0x202a && r <= 0x202e) ||
		(r >= 0x2066 && r <= 0x2069)
}

package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of a permission set, as AWS IAM Identity Center publishes them.
const (
	MostManagedPolicies  = 20
	MostCustomerPolicies = 20
	MostInlineBytes      = 32768 // of which at most MostInlineVisible that are not white space
	MostInlineVisible    = 10240
	ShortestSession      = time.Hour
	LongestSession       = 12 * time.Hour
)

// PermissionSet is what a person may do with a role: policies, a boundary, and how the session behaves.
type PermissionSet struct {
	ID               PermissionSetID
	Name             string // 1 to 32 characters of A–Z a–z 0–9 _ + = , . @ -, unique whatever the case
	Description      string // up to 700 characters
	SessionDuration  time.Duration
	RelayState       string         // where the AWS console opens: up to 240 characters
	ManagedPolicies  []string       // ARNs of AWS-managed policies, in order
	CustomerPolicies []CustomerName // policies that must exist in each account
	InlinePolicy     string         // JSON, empty when there is none
	Boundary         Boundary
	Tags             Tags
	Version          int64
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// CustomerName refers to a customer-managed policy of the account by its case-sensitive name and path.
type CustomerName struct {
	Name string // 1 to 128 characters
	Path string // starts and ends with a slash
}

// Boundary is a permissions boundary: an AWS-managed policy, a customer-managed one, or (zero) none.
type Boundary struct {
	ManagedPolicy string // ARN
	Customer      CustomerName
}

// Set reports whether there is a boundary.
func (b Boundary) Set() bool { return b.ManagedPolicy != "" || b.Customer.Name != "" }

var (
	setName    = regexp.MustCompile(`^[\w+=,.@-]+$`)
	policyName = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)
	policyPath = regexp.MustCompile(`^((/[A-Za-z0-9.,+@=_-]+)*)/$`)
	relayState = regexp.MustCompile("^[a-zA-Z0-9&$@#\\\\/%?=~\\-_'\"|!:,.;*+\\[\\] ()\\{\\}]*$")
	managedARN = regexp.MustCompile(
		`^arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy((/[A-Za-z0-9.,+@=_-]+)*)/([A-Za-z0-9.,+=@_-]+)$`,
	)
	description = regexp.MustCompile(`^[\t\n\r\x20-\x7E\x{A1}-\x{FF}]*$`)
)

// Check reports what is wrong with the set, field by field. Whether a managed policy exists, and whether the inline
// policy means anything, is for those to say who know the catalogue and the policy language.
func (s PermissionSet) Check() error {
	p := Problems{}
	s.checkName(p)
	if !description.MatchString(s.Description) || utf8.RuneCountInString(s.Description) > 700 {
		p.Add("description", "Use at most 700 characters of the Latin-1 range.")
	}
	if s.SessionDuration < ShortestSession || s.SessionDuration > LongestSession {
		p.Add("session_duration", "A session lasts from 1 hour to 12 hours.")
	}
	if !relayState.MatchString(s.RelayState) || len(s.RelayState) > 240 {
		p.Add("relay_state", "A relay state has at most 240 letters, digits, spaces and ASCII signs.")
	}
	s.checkManaged(p)
	s.checkCustomer(p)
	s.checkInline(p)
	s.Tags.check(p, MostSetTags)
	return p.Err()
}

func (s PermissionSet) checkName(p Problems) {
	switch n := utf8.RuneCountInString(s.Name); {
	case s.Name == "":
		p.Add("name", "Enter a name.")
	case n > 32:
		p.Add("name", fmt.Sprintf("AWS allows 32 characters in the name of a permission set; this has %d.", n))
	case !setName.MatchString(s.Name):
		p.Add("name", "A name has letters, digits and _ + = , . @ - only.")
	}
}

func (s PermissionSet) checkManaged(p Problems) {
	if len(s.ManagedPolicies) > MostManagedPolicies {
		p.Add(
			"managed_policies",
			fmt.Sprintf("Attach at most %d AWS-managed policies; these are %d.", MostManagedPolicies, len(s.ManagedPolicies)),
		)
	}
	for i, arn := range s.ManagedPolicies {
		if !managedARN.MatchString(arn) {
			p.Add("managed_policies", fmt.Sprintf("%q is not the ARN of an AWS-managed policy.", arn))
		}
		if slices.Contains(s.ManagedPolicies[:i], arn) {
			p.Add("managed_policies", fmt.Sprintf("%s is attached twice.", arn))
		}
	}
	if b := s.Boundary; b.ManagedPolicy != "" && b.Customer.Name != "" {
		p.Add("boundary", "A set has one boundary: an AWS-managed policy or a customer-managed one.")
	}
	if arn := s.Boundary.ManagedPolicy; arn != "" && !managedARN.MatchString(arn) {
		p.Add("boundary", fmt.Sprintf("%q is not the ARN of an AWS-managed policy.", arn))
	}
}

func (s PermissionSet) checkCustomer(p Problems) {
	if len(s.CustomerPolicies) > MostCustomerPolicies {
		p.Add("customer_policies", fmt.Sprintf("Refer to at most %d customer-managed policies.", MostCustomerPolicies))
	}
	for i, c := range s.CustomerPolicies {
		c.check(p, "customer_policies")
		if slices.Contains(s.CustomerPolicies[:i], c) {
			p.Add("customer_policies", fmt.Sprintf("%s is listed twice.", c.Path+c.Name))
		}
	}
	if s.Boundary.Customer.Name != "" {
		s.Boundary.Customer.check(p, "boundary")
	}
}

func (c CustomerName) check(p Problems, field string) {
	if !policyName.MatchString(c.Name) {
		p.Add(field, fmt.Sprintf("%q is not a policy name: 1 to 128 letters, digits and _ + = , . @ -.", c.Name))
	}
	if len(c.Path) > 512 || !policyPath.MatchString(c.Path) {
		p.Add(field, fmt.Sprintf("The path of %s starts and ends with a slash, such as /team/.", c.Name))
	}
}

func (s PermissionSet) checkInline(p Problems) {
	visible := 0
	for _, r := range s.InlinePolicy {
		if !unicode.IsSpace(r) {
			visible++
		}
		if r > 0xff || (r < ' ' && r != '\t' && r != '\n' && r != '\r') {
			p.Add("inline_policy", fmt.Sprintf("A policy may not contain the character %U.", r))
		}
	}
	if len(s.InlinePolicy) > MostInlineBytes || visible > MostInlineVisible {
		p.Add("inline_policy", fmt.Sprintf("An inline policy has at most %d characters without white space; this has %d.",
			MostInlineVisible, visible))
	}
}

// RoleName returns the name of the role that the set becomes in an account: AWSReservedSSO_, the name of the set, and
// the first 16 hex digits of SHA-256 over both ids. Unlike AWS's, it stays the same when the last assignment goes and
// returns.
func (s PermissionSet) RoleName(account AccountID) string {
	sum := sha256.Sum256([]byte(string(s.ID) + "\x00" + string(account)))
	return "AWSReservedSSO_" + s.Name + "_" + hex.EncodeToString(sum[:8])
}

// RoleARN returns the ARN of the set's role in an account. AWS leaves out the Region when the instance is in us-east-1.
func (s PermissionSet) RoleARN(account AccountID, region string) string {
	path := "aws-reserved/sso.amazonaws.com/"
	if region != "us-east-1" {
		path += region + "/"
	}
	return fmt.Sprintf("arn:aws:iam::%s:role/%s%s", account, path, s.RoleName(account))
}

// SessionARN returns the ARN of a person's session with the set's role in an account.
func (s PermissionSet) SessionARN(account AccountID, sessionName string) string {
	return fmt.Sprintf("arn:aws:sts::%s:assumed-role/%s/%s", account, s.RoleName(account), sessionName)
}

var notInSessionName = regexp.MustCompile(`[^\w+=,.@-]`)

// SessionName returns the role session name of a person: the user name with everything STS does not allow turned into a
// dash, 2 to 64 characters.
func SessionName(userName string) string {
	name := notInSessionName.ReplaceAllString(userName, "-")
	if len(name) < 2 {
		name += strings.Repeat("-", 2-len(name))
	}
	return name[:min(len(name), 64)]
}

// RoleARN names an IAM role without a path.
func RoleARN(account AccountID, name string) string {
	return fmt.Sprintf("arn:aws:iam::%s:role/%s", account, name)
}

package model

import "time"

// PolicyKind says what an organization policy limits.
type PolicyKind string

// The kinds of organization policy that take part in authorization.
const (
	ServiceControlPolicy  PolicyKind = "SERVICE_CONTROL_POLICY"
	ResourceControlPolicy PolicyKind = "RESOURCE_CONTROL_POLICY"
)

// FullAWSAccess is AWS's own service control policy: attached to everything from the start, so that nothing is denied
// before somebody denies it. Its counterpart for resources cannot be detached and is not kept.
const (
	FullAWSAccess      = PolicyID("p-FullAWSAccess")
	FullAWSAccessTitle = "FullAWSAccess"
	FullAWSAccessBody  = `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "*",
      "Resource": "*"
    }
  ]
}`
)

// Quota is how many policies of a kind AWS allows; how long they may be is the policy language's to say. AWS raises
// these numbers: they stand here and nowhere else.
type Quota struct {
	PerTarget      int    // attached to one root, unit or account, AWS's own policy included
	InOrganization int    // policies of the kind
	AsOf           string // the day from which AWS documents them
}

// Quota returns what AWS allows of a kind of policy.
func (k PolicyKind) Quota() Quota {
	if k == ResourceControlPolicy {
		return Quota{PerTarget: 5, InOrganization: 1000, AsOf: "2024-11-13"}
	}
	return Quota{PerTarget: 10, InOrganization: 1000, AsOf: "2026-05-15"}
}

// Short is the kind in the three letters that people say.
func (k PolicyKind) Short() string {
	if k == ResourceControlPolicy {
		return "RCP"
	}
	return "SCP"
}

// Policy is a service control policy or a resource control policy of the organization.
type Policy struct {
	ID          PolicyID
	Kind        PolicyKind
	Name        string // 1 to 128 characters, unique in its kind
	Description string // up to 512 characters
	Document    string // JSON
	AWSManaged  bool   // AWS's own: shown and attached, never edited
	Version     int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Check reports what is wrong with the policy's fields; the document's meaning is judged by the policy language.
func (p Policy) Check() error {
	problems := Problems{}
	checkText(problems, "name", p.Name, 128)
	checkOptional(problems, "description", p.Description, 512)
	if p.Kind != ServiceControlPolicy && p.Kind != ResourceControlPolicy {
		problems.Add("kind", "Choose a service control policy or a resource control policy.")
	}
	return problems.Err()
}

// PolicyVersion is one save of a policy.
type PolicyVersion struct {
	Version     int64
	Name        string
	Description string
	Document    string
	SavedAt     time.Time
	SavedBy     UserID // empty: the host
}

// Attachment says that a policy holds at a target and everything below it.
type Attachment struct {
	Policy PolicyID
	Target Target
}

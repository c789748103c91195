package model

import "time"

// PolicyKind says what an organization policy limits.
type PolicyKind string

// The kinds of organization policy that take part in authorization.
const (
	ServiceControlPolicy  PolicyKind = "SERVICE_CONTROL_POLICY"
	ResourceControlPolicy PolicyKind = "RESOURCE_CONTROL_POLICY"
)

// Quotas of organization policies since 2026-05-15: characters with white space, and policies attached to one target.
const (
	MostSCPBytes       = 10240
	MostRCPBytes       = 5120
	MostSCPsPerTarget  = 10
	MostRCPsPerTarget  = 5
	FullAWSAccess      = PolicyID("p-FullAWSAccess") // attached to everything from the start
	FullAWSAccessBody  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	FullAWSAccessTitle = "FullAWSAccess"
)

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
	most := MostSCPBytes
	if p.Kind == ResourceControlPolicy {
		most = MostRCPBytes
	}
	if len(p.Document) > most {
		problems.Add("document", "The document is too long: a policy of this kind has at most "+itoa(most)+" characters.")
	}
	return problems.Err()
}

// Attachment says that a policy holds at a target and everything below it.
type Attachment struct {
	Policy PolicyID
	Target Target
}

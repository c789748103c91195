package eval

// Input is one request together with every policy that has a say in it. A layer left
// empty does not exist: no boundary, no session policy, no organization. Policies can
// be shared between inputs.
type Input struct {
	// Principal makes the request.
	Principal Principal
	// Action is one action, such as s3:GetObject, in any case.
	Action string
	// Resource is one ARN, or "*" for an action that has no resource.
	Resource string
	// ResourceAccount owns the resource. Left empty it is the account in the ARN, or
	// the caller's where the ARN has none.
	ResourceAccount string
	// Context holds the condition keys of the request, all of them.
	Context Context

	Identity       []*Policy // attached to the caller, groups included
	Boundary       *Policy   // the caller's permissions boundary
	Session        []*Policy // passed when the session was made
	ResourcePolicy *Policy   // on the resource; for sts:AssumeRole* the role's trust policy
	Endpoint       *Policy   // of the VPC endpoint, if the request came through one
	SCPs           []Level   // over the caller's account
	RCPs           []Level   // over the resource's account; RCPFullAWSAccess need not be listed
	// ManagementAccount is exempt from SCPs as caller and from RCPs as owner.
	ManagementAccount string
}

// Level is one step of the way from the root of an organization to an account: the
// root first, the account last.
type Level struct {
	Target   string // id of the root, OU or account
	Policies []*Policy
}

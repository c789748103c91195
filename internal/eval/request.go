package eval

import (
	"errors"
	"fmt"
	"strings"
)

// request is an Input with its parts taken apart, once per decision.
type request struct {
	in        *Input
	ctx       Context // the input's, with the effort of this decision
	caller    *caller
	service   string // of the action, as given
	operation string // of the action, as given
	name      actionName
	owner     string // account of the resource
	arn       arn    // of the resource; empty for "*"
	named     bool   // the resource is an ARN
	ruled     bool   // the action is of a service with rules of its own: IAM, KMS or STS
}

// maxAction is the longest action name that AWS's simulator takes.
const maxAction = 128

var (
	errAction   = errors.New("action must be SERVICE:NAME, at most 128 characters")
	errResource = errors.New(`resource must be an ARN, or "*" for an action without resource`)
)

func (r *request) read(in *Input) error {
	if r.caller = in.Principal.caller; r.caller == nil {
		return fmt.Errorf("%w: got %q", errPrincipal, in.Principal.text)
	}
	cut := nextByte(in.Action, 0, ':')
	if cut == 0 || cut >= len(in.Action)-1 || len(in.Action) > maxAction {
		return fmt.Errorf("%w: got %q", errAction, in.Action)
	}
	if in.Resource == "" {
		return errResource
	}
	r.in, r.ctx = in, in.Context
	r.ctx.effort.limit = maxEffort
	r.service, r.operation = in.Action[:cut], in.Action[cut+1:]
	r.name.set(in.Action, cut+1)
	switch string(r.name.serviceName()) {
	case "iam:", "kms:", "sts:":
		r.ruled = true
	}
	r.named = r.arn.split(in.Resource)
	r.owner = in.ResourceAccount
	if r.owner == "" && len(r.arn.account) == 12 {
		r.owner = r.arn.account
	}
	if r.owner == "" {
		r.owner = r.caller.account
	}
	return nil
}

// is reports whether the action is the one named, both parts in lower case.
func (r *request) is(service, operation string) bool {
	return equalASCII(service, r.service) && equalASCII(operation, r.operation)
}

// startsWith reports whether the action's name starts so, in lower case.
func (r *request) startsWith(prefix string) bool {
	return len(r.operation) >= len(prefix) && equalASCII(prefix, r.operation[:len(prefix)])
}

// sameAccount reports whether caller and resource are of one account.
func (r *request) sameAccount() bool { return r.caller.account == r.owner }

// assumesRole reports whether the resource's policy is a role's trust policy.
func (r *request) assumesRole() bool {
	if !r.ruled || !equalASCII("sts", r.service) {
		return false
	}
	return r.startsWith("assumerole") || r.arn.service == "iam" && strings.HasPrefix(r.arn.rest, "role/")
}

// onKey reports whether the resource is a KMS key.
func (r *request) onKey() bool {
	return r.ruled && equalASCII("kms", r.service) && strings.HasPrefix(r.arn.rest, "key/")
}

// resourceLayer is the name of the resource's own policy.
func (r *request) resourceLayer() Layer {
	if r.assumesRole() {
		return LayerTrust
	}
	return LayerResource
}

// resourceAlone reports whether only the resource's policy is asked: the caller has no
// policies, or proves who it is with a token instead of AWS credentials.
func (r *request) resourceAlone() bool {
	return !r.caller.kind.hasPolicies() || r.ruled && equalASCII("sts", r.service) && r.startsWith("assumerolewith")
}

// strict reports whether the resource's policy must admit the caller even in its own
// account. KMS keys and roles work so: the account's policies count only where the
// key policy or trust policy hands the question to the account.
func (r *request) strict() bool { return r.onKey() || r.assumesRole() }

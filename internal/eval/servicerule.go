package eval

import "strings"

// alwaysAllowed reports whether the service answers whatever the policies say:
// GetCallerIdentity tells a caller only what it already knows.
func (r *request) alwaysAllowed() bool {
	return r.ruled && r.is("sts", "getcalleridentity") && r.caller.kind.hasPolicies()
}

// refused says why the service does not do this whatever the policies allow, or "".
func (r *request) refused() string {
	switch {
	case !r.ruled:
	case equalASCII("iam", r.service) && r.arn.service == "iam" && r.changesIAM():
		switch {
		case r.arn.account == "aws" && strings.HasPrefix(r.arn.rest, "policy/"):
			return "AWS managed policies cannot be changed"
		case strings.HasPrefix(r.arn.rest, "role/aws-reserved/") && !r.caller.serviceLinked(&r.in.Context):
			return "roles under role/aws-reserved/ can only be changed by the AWS service that made them"
		}
	case equalASCII("kms", r.service) && strings.HasPrefix(r.arn.rest, "alias/aws/") && r.changesAlias():
		return "aliases that start with alias/aws/ belong to AWS"
	case r.caller.kind == rootUser && r.is("sts", "assumerole"):
		return "the root user cannot assume a role"
	}
	return ""
}

// changesIAM reports whether an IAM action changes what it is applied to. Passing a
// role to a service leaves the role as it is.
func (r *request) changesIAM() bool {
	for _, read := range [...]string{"get", "list", "simulate", "generate", "passrole"} {
		if r.startsWith(read) {
			return false
		}
	}
	return true
}

func (r *request) changesAlias() bool {
	return r.is("kms", "createalias") || r.is("kms", "updatealias") || r.is("kms", "deletealias")
}

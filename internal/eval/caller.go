package eval

import (
	"errors"
	"fmt"
	"strings"
)

// caller is the principal of a request, taken apart once.
type caller struct {
	kind      callerKind
	text      string // the ARN, or the name of the service or provider
	partition string
	account   string // empty for anonymous callers, services and identity providers
	name      string // of the user, role or federated user, without its path
}

type callerKind uint8

const (
	anonymous callerKind = iota
	service
	provider
	rootUser
	user
	role
	roleSession
	federatedUser
)

func (k callerKind) String() string {
	return [...]string{"an anonymous caller", "an AWS service", "an identity provider", "the root user",
		"a user", "a role", "a role session", "a federated user"}[k]
}

// hasPolicies reports whether policies can be attached to such a caller. For the
// others only the resource's side counts.
func (k callerKind) hasPolicies() bool { return k >= rootUser }

var errPrincipal = errors.New(`principal must be "anonymous", "service:NAME", a provider's domain, or the ARN of ` +
	`a root user, user, role, role session, federated user or identity provider`)

// readCaller reads a principal as it stands in Input.
func readCaller(s string) (caller, error) {
	if a, ok := splitARN(s); ok {
		if c, ok := callerOf(a, s); ok {
			return c, nil
		}
	}
	name, isService := strings.CutPrefix(s, "service:")
	switch {
	case s == "anonymous":
		return caller{kind: anonymous, text: s}, nil
	case isService && name != "":
		return caller{kind: service, text: name}, nil
	case strings.Contains(s, ".") && !strings.ContainsAny(s, ":/"):
		return caller{kind: provider, text: s}, nil
	}
	return caller{}, fmt.Errorf("%w: got %q", errPrincipal, s)
}

func callerOf(a arn, text string) (caller, bool) {
	c := caller{text: text, partition: a.partition, account: a.account}
	kind, path, _ := strings.Cut(a.rest, "/")
	c.name = path[strings.LastIndexByte(path, '/')+1:]
	switch {
	case a.service == "iam" && kind == "root":
		c.kind = rootUser
		return c, path == ""
	case a.service == "iam" && kind == "user":
		c.kind = user
	case a.service == "iam" && kind == "role":
		c.kind = role
	case a.service == "iam" && (kind == "saml-provider" || kind == "oidc-provider"):
		c.kind, c.account = provider, ""
		return c, path != ""
	case a.service == "sts" && kind == "federated-user":
		c.kind = federatedUser
	case a.service == "sts" && kind == "assumed-role":
		c.kind = roleSession
		roleName, session, ok := strings.Cut(path, "/")
		c.name = roleName
		return c, ok && roleName != "" && session != ""
	default:
		return c, false
	}
	return c, c.name != ""
}

// serviceLinkedPath is where AWS keeps the roles that only a service can assume.
const serviceLinkedPath = "role/aws-service-role/"

// serviceLinked reports whether the caller is a service-linked role. A session's ARN
// does not carry the role's path; the key aws:PrincipalArn does.
func (c *caller) serviceLinked(ctx *Context) bool {
	text := c.text
	if c.kind == roleSession {
		text, _ = ctx.variable("aws:principalarn")
	} else if c.kind != role {
		return false
	}
	a, _ := splitARN(text)
	return a.service == "iam" && strings.HasPrefix(a.rest, serviceLinkedPath)
}

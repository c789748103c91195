package eval

import (
	"errors"
	"fmt"
	"strings"
)

// Principal is who makes requests, read once for all of them. It is immutable, so that
// inputs can share it. The zero value is nobody, and every decision about it an error.
type Principal struct {
	text   string
	caller *caller // nil when the text cannot be read
}

// NewPrincipal reads the ARN of a root user, user, role, role session, federated user or
// identity provider; "service:NAME" for an AWS service; a domain for an OpenID Connect
// provider; or "anonymous". A text that is none of them is refused by Decide.
func NewPrincipal(text string) Principal {
	c, err := readCaller(text)
	if err != nil {
		return Principal{text: text}
	}
	return Principal{text, &c}
}

// String is the text that the principal was read from.
func (p Principal) String() string { return p.text }

// caller is a principal taken apart.
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

// readCaller reads the text of a Principal.
func readCaller(s string) (c caller, err error) {
	if a, ok := splitARN(s); ok && c.readARN(&a, s) {
		return c, nil
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

// readARN reads an ARN that is already cut.
func (c *caller) readARN(a *arn, text string) bool {
	kind, path := a.rest, ""
	if slash := nextByte(a.rest, 0, '/'); slash < len(a.rest) {
		kind, path = a.rest[:slash], a.rest[slash+1:]
	}
	c.text, c.partition, c.account = text, a.partition, a.account
	c.name = path
	if nextByte(path, 0, '/') < len(path) {
		c.name = path[strings.LastIndexByte(path, '/')+1:]
	}
	switch a.service {
	case "iam":
		switch kind {
		case "root":
			c.kind = rootUser
			return path == ""
		case "user":
			c.kind = user
		case "role":
			c.kind = role
		case "saml-provider", "oidc-provider":
			c.kind, c.account = provider, ""
			return path != ""
		default:
			return false
		}
	case "sts":
		switch kind {
		case "federated-user":
			c.kind = federatedUser
		case "assumed-role":
			c.kind = roleSession
			name, session, ok := strings.Cut(path, "/")
			c.name = name
			return ok && name != "" && session != ""
		default:
			return false
		}
	default:
		return false
	}
	return c.name != ""
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

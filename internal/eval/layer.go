package eval

import "fmt"

// Decision is the answer to a request.
type Decision uint8

// The decisions, in AWS's words. The zero value is the safe one.
const (
	ImplicitDeny Decision = iota
	ExplicitDeny
	Allowed
)

func (d Decision) String() string {
	switch d {
	case Allowed:
		return "allowed"
	case ExplicitDeny:
		return "explicitDeny"
	default:
		return "implicitDeny"
	}
}

// MarshalText writes the decision as String does.
func (d Decision) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Layer is one kind of policy that has a say in a decision, or one of the rules that
// stand outside of policies.
type Layer uint8

// The layers, in the order in which AWS looks for an explicit deny.
const (
	LayerNone        Layer = iota
	LayerRCP               // resource control policies of the resource's account
	LayerSCP               // service control policies of the caller's account
	LayerResource          // the policy on the resource
	LayerTrust             // the same, when the resource is a role to be assumed
	LayerIdentity          // policies attached to the caller
	LayerBoundary          // the caller's permissions boundary
	LayerSession           // policies passed when the session was made
	LayerEndpoint          // the policy of the VPC endpoint the request came through
	LayerServiceRule       // what a service does whatever the policies say
	LayerRoot              // the root user's power over its account
)

const layerCount = int(LayerRoot) + 1

func (l Layer) String() string {
	return [layerCount]string{"none", "rcp", "scp", "resource", "trust", "identity",
		"boundary", "session", "vpce", "serviceRule", "root"}[l]
}

// MarshalText writes the layer as String does.
func (l Layer) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// pads reports whether a policy of the layer may use an ARN of which parts are missing.
func (l Layer) pads(p padding) bool {
	switch l {
	case LayerIdentity, LayerBoundary, LayerSession:
		return true
	case LayerResource, LayerTrust, LayerEndpoint:
		return p != shortPlain
	case LayerSCP:
		return p == complete || p == shortStar
	default:
		return p == complete
	}
}

// principals reports whether the statements of the layer name the callers they are about.
func (l Layer) principals() bool {
	switch l {
	case LayerResource, LayerTrust, LayerEndpoint, LayerRCP:
		return true
	default:
		return false
	}
}

// resources reports whether a statement of the layer has to say which resource it is
// about. A policy on a resource need not.
func (l Layer) resources() bool { return l != LayerResource && l != LayerTrust }

// Result is a decision and the layer it rests on.
type Result struct {
	Decision  Decision `json:"decision"`
	DecidedBy Layer    `json:"decidedBy"`
}

// UnreadableError says that a Deny is about the request as far as it can be read, but
// holds something that cannot be. Nothing is decided then: the Deny might apply.
type UnreadableError struct {
	Policy    string // its name
	Statement int    // from 0
	Sid       string
	At        Position
	Message   string
}

func (e *UnreadableError) Error() string {
	return fmt.Sprintf("policy %q, line %d, column %d: a Deny cannot be read: %s",
		e.Policy, e.At.Line, e.At.Column, e.Message)
}

func unreadable(at Span, message string) *UnreadableError {
	return &UnreadableError{At: at.Start, Message: message}
}

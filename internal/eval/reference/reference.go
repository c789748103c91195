// Package reference decides requests a second time, for tests alone: what the evaluator
// answers has to be what this package answers. It is written from the rules, not from the
// evaluator, and shares no code with it. It is naive on purpose. Nothing is prepared, every
// policy is read anew from its decoded JSON, each layer is the set of statements that are
// about the request, and the answer is a formula over those sets. No program imports it.
package reference

import (
	"errors"
	"strings"
)

// Scenario is one request of the conformance format.
type Scenario struct {
	Principal, Action, Resource        string
	ResourceAccount, ManagementAccount string
	// Context holds a string for a single-valued key and a []string for a multi-valued one.
	Context map[string]any

	Identity, Session                  []Document
	Boundary, ResourcePolicy, Endpoint Document // nil when there is none
	SCPs, RCPs                         [][]Document
}

// Document is a policy as encoding/json decodes it, numbers kept as they were written.
type Document map[string]any

// Answer is a decision and the layer it rests on, in the words of the conformance suite.
type Answer struct{ Decision, DecidedBy string }

// The decisions.
const (
	allowed      = "allowed"
	explicitDeny = "explicitDeny"
	implicitDeny = "implicitDeny"
)

// layer names a kind of policy.
type layer string

const (
	rcp      layer = "rcp"
	scp      layer = "scp"
	resource layer = "resource" // the trust policy too
	identity layer = "identity"
	boundary layer = "boundary"
	session  layer = "session"
	endpoint layer = "vpce"
)

// errUnreadable says that a Deny may be about the request, but cannot be read.
var errUnreadable = errors.New("a Deny cannot be read")

// Decide answers the scenario.
func (s *Scenario) Decide() (Answer, error) {
	q, err := ask(s)
	if err != nil {
		return Answer{}, err
	}
	if q.action("sts:getcalleridentity") && q.who.hasAccount() {
		return Answer{allowed, "serviceRule"}, nil
	}
	if err := q.gather(); err != nil {
		return Answer{}, err
	}
	for _, l := range []layer{rcp, scp, resource, identity, boundary, session, endpoint} {
		if q.denied[l] {
			return Answer{explicitDeny, q.label(l)}, nil
		}
	}
	if q.serviceRefuses() {
		return Answer{implicitDeny, "serviceRule"}, nil
	}
	if missing := q.missing(); missing != "" {
		return Answer{implicitDeny, q.label(missing)}, nil
	}
	return Answer{allowed, q.restsOn()}, nil
}

// question is a scenario with what its layers say.
type question struct {
	*Scenario
	who    principal
	owner  string   // account of the resource
	target []string // the six parts of the resource's ARN, nil for *

	denied  map[layer]bool // a Deny matches
	granted map[layer]bool // an Allow matches, for SCPs one at every level
	admits  ways           // in which the resource's policy allows the caller
}

var errRequest = errors.New("the request cannot be read")

func ask(s *Scenario) (*question, error) {
	who, ok := readPrincipal(s.Principal)
	service, name, colon := strings.Cut(s.Action, ":")
	if !ok || !colon || service == "" || name == "" || len(s.Action) > 128 || s.Resource == "" {
		return nil, errRequest
	}
	q := &question{Scenario: s, who: who, target: arnParts(s.Resource), owner: s.ResourceAccount}
	if q.owner == "" && q.target != nil && len(q.target[4]) == 12 {
		q.owner = q.target[4]
	}
	if q.owner == "" {
		q.owner = who.account
	}
	return q, nil
}

// arnParts cuts an ARN at its first five colons; nil for what is none.
func arnParts(text string) []string {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return nil
	}
	return parts
}

// action reports whether the request is for the action, given in lower case.
func (q *question) action(name string) bool { return strings.EqualFold(q.Action, name) }

// actionStarts is the same for how the action starts.
func (q *question) actionStarts(prefix string) bool {
	return len(q.Action) >= len(prefix) && strings.EqualFold(q.Action[:len(prefix)], prefix)
}

// targetStarts reports whether the resource is one of the service and its last part starts so.
func (q *question) targetStarts(service, prefix string) bool {
	return q.target != nil && (service == "" || q.target[2] == service) && strings.HasPrefix(q.target[5], prefix)
}

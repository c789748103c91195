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

// layer is a kind of policy, in the order in which a Deny is looked for.
type layer int

const (
	rcp layer = iota
	scp
	resource // the trust policy too
	identity
	boundary
	session
	endpoint
	layers
	none
)

func (l layer) String() string {
	return [...]string{"rcp", "scp", "resource", "identity", "boundary", "session", "vpce"}[l]
}

// errUnreadable says that a Deny may be about the request, but cannot be read.
var errUnreadable = errors.New("a Deny cannot be read")

// Decide answers the scenario.
func (s *Scenario) Decide() (Answer, error) {
	q, err := ask(s)
	if err != nil {
		return Answer{}, err
	}
	if q.action("sts", "getcalleridentity") && q.who.hasAccount() {
		return Answer{allowed, "serviceRule"}, nil
	}
	if err := q.gather(); err != nil {
		return Answer{}, err
	}
	for l := range layers {
		if q.denied[l] {
			return Answer{explicitDeny, q.label(l)}, nil
		}
	}
	if q.serviceRefuses() {
		return Answer{implicitDeny, "serviceRule"}, nil
	}
	if missing := q.missing(); missing != none {
		return Answer{implicitDeny, q.label(missing)}, nil
	}
	return Answer{allowed, q.restsOn()}, nil
}

// question is a scenario with what its layers say.
type question struct {
	*Scenario
	who           principal
	service, name string // of the action, in lower case
	owner         string // account of the resource
	target        arn    // of the resource, empty for *

	denied  [layers]bool // a Deny matches
	granted [layers]bool // an Allow matches, for SCPs one at every level
	admits  ways         // in which the resource's policy allows the caller
}

var errRequest = errors.New("the request cannot be read")

func ask(s *Scenario) (*question, error) {
	who, ok := readPrincipal(s.Principal)
	service, name, colon := strings.Cut(strings.ToLower(s.Action), ":")
	if !ok || !colon || service == "" || name == "" || len(s.Action) > 128 || s.Resource == "" {
		return nil, errRequest
	}
	q := &question{Scenario: s, who: who, service: service, name: name, owner: s.ResourceAccount}
	q.target, _ = readARN(s.Resource)
	if q.owner == "" && len(q.target[4]) == 12 {
		q.owner = q.target[4]
	}
	if q.owner == "" {
		q.owner = who.account
	}
	return q, nil
}

// arn is an ARN cut at its first five colons.
type arn [6]string

func readARN(text string) (arn, bool) {
	var a arn
	rest, more := text, true
	for i := range 5 {
		if a[i], rest, more = strings.Cut(rest, ":"); !more {
			return arn{}, false
		}
	}
	a[5] = rest
	if a[0] != "arn" {
		return arn{}, false
	}
	return a, true
}

// action reports whether the request is for the action, given in lower case.
func (q *question) action(service, name string) bool { return q.service == service && q.name == name }

// actionStarts is the same for how the action starts.
func (q *question) actionStarts(service, prefix string) bool {
	return q.service == service && strings.HasPrefix(q.name, prefix)
}

// targetStarts reports whether the resource is one of the service and its last part starts so.
func (q *question) targetStarts(service, prefix string) bool {
	return (service == "" || q.target[2] == service) && strings.HasPrefix(q.target[5], prefix)
}

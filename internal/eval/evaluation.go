package eval

import "slices"

// Evaluation is an explanation in the shape and with the names of AWS's simulator (the
// EvaluationResult of SimulateCustomPolicy), for programs that read that. Unlike AWS's it
// has the missing keys of all layers, and its positions count from 1.
type Evaluation struct {
	Action   string `json:"EvalActionName"`
	Resource string `json:"EvalResourceName"`
	Decision string `json:"EvalDecision"`
	// Matched are the statements that the result rests on: for an explicit deny those
	// that deny, for an allow those that allow.
	Matched       []EvaluatedStatement `json:"MatchedStatements"`
	Missing       []string             `json:"MissingContextValues"`
	Organizations *ByOrganizations     `json:"OrganizationsDecisionDetail,omitempty"`
	Boundary      *ByBoundary          `json:"PermissionsBoundaryDecisionDetail,omitempty"`
	// Details are the decisions of the layers that were asked, each by itself.
	Details map[string]string `json:"EvalDecisionDetails,omitempty"`
}

// EvaluatedStatement is where a statement stands.
type EvaluatedStatement struct {
	Policy string            `json:"SourcePolicyId"`
	Type   string            `json:"SourcePolicyType"`
	Start  EvaluatedPosition `json:"StartPosition"`
	End    EvaluatedPosition `json:"EndPosition"`
}

// EvaluatedPosition is a Position with AWS's names.
type EvaluatedPosition struct {
	Line   int `json:"Line"`
	Column int `json:"Column"`
}

// ByOrganizations says whether the service control policies allow a request.
type ByOrganizations struct {
	Allowed bool `json:"AllowedByOrganizations"`
}

// ByBoundary says whether the permissions boundary allows a request.
type ByBoundary struct {
	Allowed bool `json:"AllowedByPermissionsBoundary"`
}

// Evaluation puts an explanation of a request into the shape of AWS's simulator.
func (x *Explanation) Evaluation(in *Input) Evaluation {
	e := Evaluation{Action: in.Action, Resource: in.Resource, Decision: x.Decision.String(),
		Matched: []EvaluatedStatement{}, Missing: []string{}, Details: map[string]string{}}
	effect := map[Decision]Effect{Allowed: Allow, ExplicitDeny: Deny}[x.Decision]
	for _, s := range x.Matched {
		if s.Effect == effect {
			e.Matched = append(e.Matched, EvaluatedStatement{Policy: s.Policy, Type: s.Layer.policyType(),
				Start: EvaluatedPosition(s.Start), End: EvaluatedPosition(s.End)})
		}
	}
	for _, m := range x.Missing {
		if !slices.ContainsFunc(e.Missing, func(key string) bool { return foldKey(key) == foldKey(m.Key) }) {
			e.Missing = append(e.Missing, m.Key)
		}
	}
	for i := range x.Layers {
		e.detail(&x.Layers[i])
	}
	return e
}

// detail notes what one layer says by itself. Each level of an organization has to allow.
func (e *Evaluation) detail(t *LayerTrace) {
	decision, asked := map[Outcome]Decision{OutcomeAllows: Allowed, OutcomeNoAllow: ImplicitDeny,
		OutcomeExplicitDeny: ExplicitDeny}[t.Outcome]
	if !asked || t.Layer > LayerEndpoint {
		return
	}
	name := t.Layer.String()
	if t.Target != "" {
		name += ":" + t.Target
	}
	e.Details[name] = decision.String()
	switch t.Layer {
	case LayerSCP:
		before := e.Organizations == nil || e.Organizations.Allowed
		e.Organizations = &ByOrganizations{before && decision == Allowed}
	case LayerBoundary:
		e.Boundary = &ByBoundary{decision == Allowed}
	default:
	}
}

// policyType is what AWS's simulator calls the policies of a layer, as far as it knows them.
func (l Layer) policyType() string {
	switch l {
	case LayerIdentity:
		return "IAM Policy"
	case LayerBoundary:
		return "permission-boundary"
	case LayerTrust:
		return "resource"
	default:
		return l.String()
	}
}

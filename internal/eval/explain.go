package eval

import "errors"

// Explain decides as Decide does and says why. It takes far longer. When a Deny cannot
// be read it returns the error of Decide together with the traces, so that the
// statement can be shown. What takes too long to explain is an error without traces.
func Explain(in *Input) (Explanation, error) {
	var r request
	if err := r.read(in); err != nil {
		return Explanation{}, err
	}
	result, err := Decide(in)
	if errors.Is(err, errEffort) {
		return tooMuch(result)
	}
	x := explainer{request: &r, Explanation: Explanation{Result: result, Matched: []StatementRef{}}}
	x.ctx.effort.limit = explainEffort
	x.layers()
	if x.ctx.effort.exhausted() {
		return tooMuch(result)
	}
	if err != nil {
		x.Reason = err.Error()
		return x.Explanation, err
	}
	x.needs()
	x.decide()
	x.Reason = x.reason()
	x.Depends = x.dependence()
	return x.Explanation, nil
}

func tooMuch(result Result) (Explanation, error) {
	return Explanation{Result: result, Reason: errEffort.Error(), Matched: []StatementRef{}}, errEffort
}

// explainer collects an explanation.
type explainer struct {
	*request
	Explanation
	grants grant // of the resource's policy
	noted  map[missingID]int
}

// layers traces every layer in order.
func (x *explainer) layers() {
	in := x.in
	x.levels(LayerRCP, in.RCPs, x.rcpExemption())
	x.levels(LayerSCP, in.SCPs, x.scpExemption())
	x.layer(x.resourceLayer(), one(in.ResourcePolicy), "")
	exempt := x.callerExemption()
	x.layer(LayerIdentity, in.Identity, exempt)
	x.layer(LayerBoundary, one(in.Boundary), exempt)
	x.layer(LayerSession, in.Session, exempt)
	x.layer(LayerEndpoint, one(in.Endpoint), "")
	x.rules()
}

// callerExemption says why the caller's own policies are not asked, or "".
func (x *explainer) callerExemption() string {
	switch {
	case x.caller.kind == rootUser:
		return "the root user is not bound by policies inside its account"
	case !x.caller.kind.hasPolicies():
		return x.caller.kind.String() + " has no policies of its own"
	case x.resourceAlone():
		return "the caller shows a token instead of credentials, so only the trust policy is asked"
	}
	return ""
}

func one(p *Policy) []*Policy {
	if p == nil {
		return nil
	}
	return []*Policy{p}
}

func (x *explainer) levels(l Layer, levels []Level, exempt string) {
	if len(levels) == 0 {
		x.Layers = append(x.Layers, LayerTrace{LayerRef: LayerRef{Layer: l}, Outcome: OutcomeNotSet})
	}
	for i := range levels {
		x.level(LayerRef{l, levels[i].Target}, levels[i].Policies, exempt)
	}
}

// layer traces a layer without levels.
func (x *explainer) layer(l Layer, policies []*Policy, exempt string) {
	if len(policies) == 0 && l != LayerIdentity && !x.wants(l) {
		x.Layers = append(x.Layers, LayerTrace{LayerRef: LayerRef{Layer: l}, Outcome: OutcomeNotSet})
		return
	}
	x.level(LayerRef{Layer: l}, policies, exempt)
}

// level traces policies that stand side by side.
func (x *explainer) level(ref LayerRef, policies []*Policy, exempt string) {
	t := LayerTrace{LayerRef: ref, Policies: len(policies), Outcome: OutcomeNoAllow}
	if exempt != "" {
		t.Outcome, t.Reason = OutcomeNotApplied, exempt
		policies = nil
	}
	for _, p := range policies {
		if p == nil {
			t.Outcome = OutcomeUnreadable
			continue
		}
		x.policy(&t, p)
	}
	if ref.Layer == LayerRCP && t.Outcome == OutcomeNoAllow {
		t.Outcome, t.Reason = OutcomeAllows, "RCPFullAWSAccess is attached to every level and cannot be removed"
	}
	x.Layers = append(x.Layers, t)
}

// wants reports whether a layer is needed even where it does not exist.
func (x *explainer) wants(l Layer) bool {
	switch l {
	case LayerResource, LayerTrust:
		return x.strict() || x.resourceAlone() || !x.sameAccount()
	case LayerSession:
		return x.caller.kind == federatedUser
	default:
		return false
	}
}

func (x *explainer) policy(t *LayerTrace, p *Policy) {
	allows := false
	for i := range p.statements {
		s := x.statement(t.LayerRef, p, &p.statements[i])
		switch {
		case s.Match == Unreadable && s.Effect == Deny:
			t.Outcome = OutcomeUnreadable
		case s.Match != Matched:
		case s.Effect == Deny:
			if t.Outcome != OutcomeUnreadable {
				t.Outcome = OutcomeExplicitDeny
			}
			x.Matched = append(x.Matched, s.StatementRef)
		default:
			allows = true
			x.Matched = append(x.Matched, s.StatementRef)
		}
		t.Statements = append(t.Statements, s)
	}
	if allows {
		t.Allowing++
	}
	if allows && t.Outcome == OutcomeNoAllow {
		t.Outcome = OutcomeAllows
	}
}

// rules adds what decides outside of policies.
func (x *explainer) rules() {
	rule := LayerTrace{LayerRef: LayerRef{Layer: LayerServiceRule}}
	switch refused := x.refused(); {
	case x.alwaysAllowed():
		rule.Outcome, rule.Reason = OutcomeAllows, "the service answers this call whatever the policies say"
		x.Layers = append(x.Layers, rule)
	case refused != "":
		rule.Outcome, rule.Reason, rule.Blocks = OutcomeNoAllow, refused, true
		x.Layers = append(x.Layers, rule)
	}
	if x.caller.kind == rootUser {
		x.Layers = append(x.Layers, LayerTrace{LayerRef: LayerRef{Layer: LayerRoot}, Outcome: OutcomeAllows,
			Reason: "the root user may do everything in its account that nothing forbids"})
	}
}

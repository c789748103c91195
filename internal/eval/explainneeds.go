package eval

import "strings"

// needs marks the layers that would be enough to block the request, and says of the
// others why their missing Allow does no harm.
func (x *explainer) needs() {
	for i := range x.Layers {
		t := &x.Layers[i]
		switch t.Outcome {
		case OutcomeExplicitDeny:
			t.Blocks = !x.alwaysAllowed()
		case OutcomeNoAllow:
			if t.Reason == "" {
				t.Reason = x.spared(t.Layer)
				t.Blocks = t.Reason == ""
			}
		default:
		}
		if t.Blocks {
			x.BlockedBy = append(x.BlockedBy, t.LayerRef)
		}
	}
}

// spared says why the request can do without an Allow of the layer, or "".
func (x *explainer) spared(l Layer) string {
	direct := x.sameAccount() && x.grants&toCaller != 0
	switch {
	case x.alwaysAllowed():
		return "the service answers this call whatever the policies say"
	case l == LayerIdentity && direct, l == LayerBoundary && direct, l == LayerSession && direct:
		return "not needed: the resource's policy names the caller itself"
	case l == LayerIdentity && x.sameAccount() && x.grants&toRole != 0:
		return "not needed: the resource's policy names the caller's role"
	case l == x.resourceLayer() && !x.wants(l):
		return "not needed: within one account the caller's own policies are enough"
	}
	return ""
}

// decide marks the deciding layer and statement, and finds what came near.
func (x *explainer) decide() {
	for i := range x.Layers {
		t := &x.Layers[i]
		if t.Layer != x.DecidedBy || !x.restsOn(t) {
			continue
		}
		t.Decides = true
		x.Deciding = x.deciding(t)
		break
	}
	if x.Decision == ImplicitDeny {
		x.Nearest = x.nearest()
	}
}

// restsOn reports whether the decision rests on this one of the layer's levels.
func (x *explainer) restsOn(t *LayerTrace) bool {
	switch x.Decision {
	case ExplicitDeny:
		return t.Outcome == OutcomeExplicitDeny
	case Allowed:
		return t.Outcome == OutcomeAllows
	default:
		return t.Outcome == OutcomeNoAllow
	}
}

// deciding returns the first statement of the layer that has the decision's effect.
func (x *explainer) deciding(t *LayerTrace) *StatementRef {
	effect := Allow
	if x.Decision == ExplicitDeny {
		effect = Deny
	}
	for i := range t.Statements {
		if s := &t.Statements[i]; s.Match == Matched && s.Effect == effect {
			return &s.StatementRef
		}
	}
	return nil
}

// words are the layers as people call them.
func (l Layer) words() string {
	return [layerCount]string{"no policy", "resource control policy", "service control policy", "resource policy",
		"trust policy", "identity policy", "permissions boundary", "session policy", "VPC endpoint policy",
		"service", "root user"}[l]
}

// reason says in one sentence what the marked layer and statement say.
func (x *explainer) reason() string {
	at := ""
	for i := range x.Layers {
		if t := &x.Layers[i]; t.Decides && t.Layer > LayerEndpoint {
			return strings.ToUpper(t.Reason[:1]) + t.Reason[1:] + "."
		} else if t.Decides && t.Target != "" {
			at = " on " + t.Target
		}
	}
	switch kind := x.DecidedBy.words(); {
	case x.Decision == Allowed:
		return "The " + kind + " " + quote(x.Deciding.Policy) + at + " allows it."
	case x.Decision == ExplicitDeny:
		return "The " + kind + " " + quote(x.Deciding.Policy) + at + " denies it."
	case x.DecidedBy == LayerBoundary:
		return "The permissions boundary does not allow it."
	default:
		return "No " + kind + at + " allows it."
	}
}

package eval

import "errors"

// verdict is what one layer says about a request, taken by itself.
type verdict struct {
	denies bool
	grants grant // the ways in which Allow statements match; none if zero
}

// verdicts holds the verdict of every layer. The trust policy stands under LayerResource.
type verdicts [layerCount]verdict

// survey asks every layer that applies.
func (r *request) survey(v *verdicts) (err error) {
	in := r.in
	if len(in.RCPs) > 0 && r.rcpExemption() == "" {
		err = v[LayerRCP].addLevels(in.RCPs, r, LayerRCP)
	}
	if err == nil && r.limitedBySCP() {
		err = v[LayerSCP].addLevels(in.SCPs, r, LayerSCP)
	}
	if err == nil && in.ResourcePolicy != nil {
		err = v[LayerResource].add(in.ResourcePolicy, r, r.resourceLayer())
	}
	if err == nil && r.callerSide() {
		err = v[LayerIdentity].addAll(in.Identity, r, LayerIdentity)
		if err == nil && in.Boundary != nil {
			err = v[LayerBoundary].add(in.Boundary, r, LayerBoundary)
		}
		if err == nil && len(in.Session) > 0 {
			err = v[LayerSession].addAll(in.Session, r, LayerSession)
		}
	}
	if err == nil && in.Endpoint != nil {
		err = v[LayerEndpoint].add(in.Endpoint, r, LayerEndpoint)
	}
	return err
}

// addLevels asks the levels of an organization: one Deny is enough to deny, but every
// level has to allow.
func (v *verdict) addLevels(levels []Level, r *request, l Layer) error {
	v.grants = toCaller
	for i := range levels {
		var level verdict
		if err := level.addAll(levels[i].Policies, r, l); err != nil {
			return err
		}
		v.denies = v.denies || level.denies
		v.grants &= level.grants
	}
	return nil
}

func (v *verdict) addAll(policies []*Policy, r *request, l Layer) error {
	if j := jointOf(policies); j != nil {
		q := inquiry{request: r, layer: l, verdict: *v}
		if q.ask(&j.index); q.fault == nil {
			*v = q.verdict
			return nil
		} // else the first policy with a Deny that cannot be read has to be found
	}
	for _, p := range policies {
		if p == nil {
			return errNilPolicy
		}
		if err := v.add(p, r, l); err != nil {
			return err
		}
	}
	return nil
}

var errNilPolicy = errors.New("a policy in the input is nil; what it says is unknown")

// add asks one policy.
func (v *verdict) add(p *Policy, r *request, l Layer) error {
	q := inquiry{request: r, layer: l, verdict: *v}
	q.ask(&p.index)
	*v = q.verdict
	if q.fault != nil {
		return q.fault.unreadable(p, l)
	}
	return nil
}

// callerSide reports whether the caller's own policies are asked. Nothing that is
// attached inside an account binds its root user.
func (r *request) callerSide() bool { return !r.resourceAlone() && r.caller.kind != rootUser }

// rcpExemption says why resource control policies do not apply, or "".
func (r *request) rcpExemption() string {
	switch {
	case r.owner == r.in.ManagementAccount && r.owner != "":
		return "the resource belongs to the management account"
	case r.caller.serviceLinked(&r.in.Context):
		return "the caller is a service-linked role"
	}
	return ""
}

// scpExemption says why service control policies do not apply, or "".
func (r *request) scpExemption() string {
	switch {
	case !r.caller.kind.hasPolicies():
		return "the caller has no account that they could bind"
	case r.caller.account == r.in.ManagementAccount:
		return "the caller is in the management account"
	case r.caller.serviceLinked(&r.in.Context):
		return "the caller is a service-linked role"
	}
	return ""
}

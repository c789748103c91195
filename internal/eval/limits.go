package eval

// limitedBySCP reports whether service control policies must allow the request.
func (r *request) limitedBySCP() bool { return len(r.in.SCPs) > 0 && r.scpExemption() == "" }

// limitedByBoundary reports whether a boundary must allow what no policy on the
// resource grants to the caller itself. Only users, roles and their sessions have one.
func (r *request) limitedByBoundary() bool {
	return r.in.Boundary != nil && r.caller.kind.hasPolicies() && r.caller.kind != rootUser
}

// limitedBySession is the same for session policies. A federated user has what its
// session policies allow, so without one it has nothing.
func (r *request) limitedBySession() bool {
	return r.caller.kind != rootUser && (len(r.in.Session) > 0 || r.caller.kind == federatedUser)
}

// label names a layer for this request: a role's own policy is its trust policy.
func (r *request) label(l Layer) Layer {
	if l == LayerResource {
		return r.resourceLayer()
	}
	return l
}

// allowed is an answer that rests on the given layer. Whatever the caller's side adds,
// it is the trust policy that lets a role be assumed.
func (r *request) allowed(l Layer) Result {
	switch {
	case r.assumesRole():
		return Result{Allowed, LayerTrust}
	case r.caller.kind == rootUser:
		return Result{Allowed, LayerRoot}
	}
	return Result{Allowed, l}
}

func (r *request) implicitDeny(l Layer) Result { return Result{ImplicitDeny, r.label(l)} }

package eval

// Decide answers one request in AWS's order of evaluation. It reads every policy of
// the input, so an error means that no answer can be trusted: the request could not be
// read, a Deny that may concern it could not (*UnreadableError), or it takes too long.
func Decide(in *Input) (Result, error) {
	var r request
	if err := r.read(in); err != nil {
		return Result{}, err
	}
	if r.alwaysAllowed() {
		return Result{Allowed, LayerServiceRule}, nil
	}
	var v verdicts
	if err := r.survey(&v); err != nil {
		return Result{}, err
	}
	if r.ctx.effort.exhausted() {
		return Result{}, errEffort
	}
	return r.weigh(&v), nil
}

// weigh turns what the layers say, each by itself, into one answer.
func (r *request) weigh(v *verdicts) Result {
	// An explicit deny wins, wherever it stands.
	for l := LayerRCP; l <= LayerEndpoint; l++ {
		if v[l].denies {
			return Result{ExplicitDeny, r.label(l)}
		}
	}
	if r.refused() != "" {
		return r.implicitDeny(LayerServiceRule)
	}
	// These grant nothing, but nothing passes without them.
	if r.limitedBySCP() && v[LayerSCP].grants == 0 {
		return r.implicitDeny(LayerSCP)
	}
	if r.in.Endpoint != nil && v[LayerEndpoint].grants == 0 {
		return r.implicitDeny(LayerEndpoint)
	}
	if !r.resourceAlone() {
		return r.weighSides(v)
	}
	if v[LayerResource].grants == 0 {
		return r.implicitDeny(LayerResource)
	}
	return r.allowed(LayerResource)
}

// weighSides weighs the caller's side, which is its own policies within boundary and
// session policies, against the resource's side.
func (r *request) weighSides(v *verdicts) Result {
	identity := r.caller.kind == rootUser || v[LayerIdentity].grants != 0
	boundary := !r.limitedByBoundary() || v[LayerBoundary].grants != 0
	session := !r.limitedBySession() || v[LayerSession].grants != 0
	resource, sameAccount := v[LayerResource].grants, r.sameAccount()

	// Keys and roles count the caller's own policies only if theirs hands them the question.
	granted := LayerIdentity
	if !identity || r.strict() && resource&toAccount == 0 {
		granted = LayerResource
	}
	switch {
	// In its own account a caller that the resource's policy names itself needs nothing else.
	case sameAccount && resource&toCaller != 0:
		if !boundary || !session {
			granted = LayerResource
		}
		return r.allowed(granted)
	case !boundary:
		return r.implicitDeny(LayerBoundary)
	case !session:
		return r.implicitDeny(LayerSession)
	// One whose role is named needs no policy of its own.
	case sameAccount && resource&toRole != 0:
		return r.allowed(granted)
	case !identity:
		return r.implicitDeny(LayerIdentity)
	// Across accounts, and for keys and roles, the resource's side must agree.
	case resource == 0 && (r.strict() || !sameAccount):
		return r.implicitDeny(LayerResource)
	}
	return r.allowed(LayerIdentity)
}

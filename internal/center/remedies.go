package center

import (
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
)

// Remedies are what would change an answer about a person's role. Each was tried on the evaluator.
type Remedies struct {
	Roles        []access.Role // other roles of the person with which the same is allowed, in the same account first
	Resources    []string      // by role: what the resource is called in its account
	SecondFactor bool          // with a second factor it would be allowed
	Spared       []SparedBy    // conditions of the deciding Deny: a request that does not meet one is spared
	EveryRole    bool          // the deciding Deny binds every role in the account, whatever its permission set
	WithoutKey   string        // decision when the session does not say whether there was a second factor, where it differs
}

// SparedBy is a condition of a Deny.
type SparedBy struct {
	Operator, Key string
	Values        []string
}

// factorKey says whether a session was opened with a second factor. Gatehouse's own sessions always carry it; AWS's role
// sessions of Identity Center may lack it.
const factorKey = "aws:MultiFactorAuthPresent"

const (
	mostTried    = 200 // roles of a person that are tried
	mostRemedies = 3   // of them that are offered
)

// remedies tries what would change the answer about one row.
func (q question) remedies(action, resource string) Remedies {
	var r Remedies
	if q.Pasted() {
		return r
	}
	in := q.input(action, resource)
	before, err := eval.Decide(in)
	if err != nil {
		return r
	}
	lacking := q.input(action, resource)
	lacking.Context.Delete(factorKey)
	if without, err := eval.Decide(lacking); err == nil && without.Decision != before.Decision && in.Context.Has(factorKey) {
		r.WithoutKey = without.Decision.String()
	}
	if before.Decision == eval.Allowed {
		return r
	}
	r.SecondFactor = q.NoMFA && q.with(func(q *question) { q.at.MFA, q.at.FactorAt = true, q.at.Now }).allows(action, resource)
	q.tryRoles(&r, action, resource)
	q.readDeny(&r, in)
	return r
}

// with returns a question that is different in one respect.
func (q question) with(change func(*question)) question {
	change(&q)
	return q
}

func (q question) allows(action, resource string) bool {
	result, err := eval.Decide(q.input(action, resource))
	return err == nil && result.Decision == eval.Allowed
}

// tryRoles finds other roles of the person with which the same is allowed.
func (q question) tryRoles(r *Remedies, action, resource string) {
	roles := q.graph.Roles(q.User, q.at.Now)
	for _, here := range []bool{true, false} {
		for _, role := range roles[:min(len(roles), mostTried)] {
			same := role.Account.ID == q.role.Account.ID
			if same != here || (same && role.Set.ID == q.role.Set.ID) || len(r.Roles) == mostRemedies {
				continue
			}
			there := strings.Replace(resource, ":"+string(q.role.Account.ID)+":", ":"+string(role.Account.ID)+":", 1)
			if !same && there == resource && resource != "*" {
				continue // the thing itself stays where it is
			}
			if q.with(func(q *question) { q.role = role }).allows(action, there) {
				r.Roles, r.Resources = append(r.Roles, role), append(r.Resources, there)
			}
		}
	}
}

// readDeny says when the deciding Deny would not hold, and whom it binds.
func (q question) readDeny(r *Remedies, in *eval.Input) {
	x, err := eval.Explain(in)
	if err != nil || x.Decision != eval.ExplicitDeny || x.Deciding == nil {
		return
	}
	for _, layer := range x.Layers {
		for _, trace := range layer.Statements {
			if trace.StatementRef != *x.Deciding {
				continue
			}
			for _, e := range trace.Elements {
				if e.Element == "Condition" && !(r.SecondFactor && strings.EqualFold(e.Key, factorKey)) {
					r.Spared = append(r.Spared, SparedBy{e.Operator, e.Key, e.Covers})
				}
			}
		}
	}
	control := x.DecidedBy == eval.LayerSCP || x.DecidedBy == eval.LayerRCP
	r.EveryRole = control && len(r.Spared) == 0 && !r.SecondFactor
}

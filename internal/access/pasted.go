package access

import (
	"strings"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// PastedInput assembles what the evaluator needs about a principal that the organization does not hold: a role, a user
// or a service, with its identity policy given (nil for none). The control policies of its account still bind it. It
// has no keys about a second factor, as roles and pipelines have none; the request may bring them.
func (s *Snapshot) PastedInput(principal string, identity *eval.Policy, c Circumstances, q Request) *eval.Input {
	caller := accountIn(principal)
	owner := owner(q, caller)
	in := &eval.Input{
		Principal: eval.NewPrincipal(principal), Action: q.Action, Resource: q.Resource, ResourceAccount: string(owner),
		Session: q.Session, ResourcePolicy: q.ResourcePolicy, ManagementAccount: string(s.Organization.ManagementAccount),
		Context: s.surroundings(caller, c, owner),
	}
	if identity != nil {
		in.Identity = []*eval.Policy{identity}
	}
	if account := s.accounts[caller]; account != nil {
		in.SCPs = account.levels(func(a attached) []*eval.Policy { return a.scps })
	}
	if account := s.accounts[owner]; account != nil {
		in.RCPs = account.levels(func(a attached) []*eval.Policy { return a.rcps })
	}
	if strings.HasPrefix(principal, "arn:") {
		in.Context.Set("aws:PrincipalArn", roleOf(principal))
	}
	setRegion(&in.Context, q.Resource)
	for key, values := range q.Keys {
		setKey(&in.Context, key, values)
	}
	return in
}

// roleOf is the value of aws:PrincipalArn: for a session the ARN of its role, as far as the session's ARN tells it.
func roleOf(principal string) string {
	account := accountIn(principal)
	session, isSession := strings.CutPrefix(principal, "arn:aws:sts::"+string(account)+":assumed-role/")
	if !isSession {
		return principal
	}
	name, _, _ := strings.Cut(session, "/")
	return model.RoleARN(account, name)
}

package center

import (
	"context"
	"fmt"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Simulated is the answer to a simulation.
type Simulated struct {
	Role access.Role // of a person; zero for a pasted principal
	Held bool        // whether the person holds the role now
	Rows []SimulatedRow
}

// SimulatedRow is the answer for one action on one resource.
type SimulatedRow struct {
	Action, Resource string
	Input            *eval.Input // what was asked, policies included
	Explanation      eval.Explanation
	Unreadable       error // a Deny that cannot be read: then there is no decision
	Verdict          Verdict
}

// Decision returns the verdict of the row in the evaluator's words; "error" when there is none.
func (r SimulatedRow) Decision() string {
	if r.Unreadable != nil {
		return "error"
	}
	return r.Explanation.Decision.String()
}

// Simulate asks the evaluator. Everybody may ask about roles of their own; about others, and with policies pasted in, who
// may simulate.
func (c *Center) Simulate(ctx context.Context, actor model.Actor, q model.Simulation) (Simulated, error) {
	if err := q.Check(); err != nil {
		return Simulated{}, err
	}
	var answer Simulated
	ask := func(_ store.Reader, s *access.Snapshot) (err error) {
		answer, err = c.simulate(s, q)
		return err
	}
	if own := c.ownRole(actor, q); own != nil {
		return answer, c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
			if err := own(s); err != nil {
				return err
			}
			return ask(r, s)
		})
	}
	err := c.view(ctx, actor, act{action: model.ActSimulate, objects: userRefs(q.User)}, ask)
	return answer, err
}

// ownRole returns the check that a question is about a role that the actor holds, or nil when it is about somebody else.
func (c *Center) ownRole(actor model.Actor, q model.Simulation) func(*access.Snapshot) error {
	if actor.User == "" || q.User != actor.User || q.Pasted() {
		return nil
	}
	return func(s *access.Snapshot) error {
		if _, held := s.Role(q.User, q.Account, q.PermissionSet, c.Now()); held || s.Operates(actor.User, c.Now()) {
			return nil
		}
		return &model.Error{Kind: model.Forbidden, Message: "You can ask about the roles you hold."}
	}
}

func userRefs(id model.UserID) []model.Ref {
	if id == "" {
		return nil
	}
	return []model.Ref{{Kind: model.RefUser, ID: string(id)}}
}

// simulate answers a question whose fields are in order.
func (c *Center) simulate(s *access.Snapshot, q model.Simulation) (Simulated, error) {
	var answer Simulated
	base, err := pasted(q)
	if err != nil {
		return answer, err
	}
	if !q.Pasted() {
		if answer.Role, answer.Held, err = c.roleOf(s, q); err != nil {
			return answer, err
		}
	}
	resources := q.Resources
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	for _, action := range q.Actions {
		for _, resource := range resources {
			row := SimulatedRow{Action: action, Resource: resource}
			row.Input = c.input(s, q, answer.Role, base, action, resource)
			row.Explanation, row.Unreadable = eval.Explain(row.Input)
			row.Verdict = show(s, row)
			answer.Rows = append(answer.Rows, row)
		}
	}
	return answer, nil
}

// roleOf finds the role that is asked about, held or supposed.
func (c *Center) roleOf(s *access.Snapshot, q model.Simulation) (access.Role, bool, error) {
	if role, held := s.Role(q.User, q.Account, q.PermissionSet, c.Now()); held {
		return role, true, nil
	}
	role, exists := s.Supposed(q.User, q.Account, q.PermissionSet)
	if !exists {
		return role, false, &model.Error{Kind: model.Invalid, Message: "The person, the account or the permission set does not exist any more.",
			Fields: map[string]string{"role": "Choose a role: a permission set in an account."}}
	}
	return role, false, nil
}

// documents are the compiled policies that a question brings along.
type documents struct{ identity, resource, session *eval.Policy }

func pasted(q model.Simulation) (documents, error) {
	var d documents
	problems := model.Problems{}
	compile := func(field, name, text string) *eval.Policy {
		if text == "" {
			return nil
		}
		p, err := eval.Compile(name, []byte(text))
		if err != nil {
			problems.Add(field, fmt.Sprintf("This policy cannot be read: %s.", err))
		}
		return p
	}
	d.identity = compile("identity", "pasted identity policy", q.Identity)
	d.resource = compile("policy", "pasted resource policy", q.Policy)
	d.session = compile("session", "pasted session policy", q.Session)
	return d, problems.Err()
}

func (c *Center) input(s *access.Snapshot, q model.Simulation, role access.Role, d documents, action, resource string) *eval.Input {
	request := access.Request{Action: action, Resource: resource, ResourceAccount: q.Owner, Keys: q.Keys, ResourcePolicy: d.resource}
	if d.session != nil {
		request.Session = []*eval.Policy{d.session}
	}
	now := c.Now()
	circumstances := access.Circumstances{Now: now, MFA: !q.NoMFA}
	if !q.NoMFA {
		circumstances.FactorAt = now
	}
	if q.Pasted() {
		return s.PastedInput(q.Principal, d.identity, circumstances, request)
	}
	return s.Input(role, circumstances, request)
}

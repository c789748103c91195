package center

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Simulated is the answer to a simulation.
type Simulated struct {
	Role    access.Role // of a person; zero for a pasted principal
	Held    bool        // whether the person holds the role now
	Rows    []SimulatedRow
	Unknown []string // actions that were asked about and that AWS's list does not have
}

// SimulatedRow is the answer for one action on one resource.
type SimulatedRow struct {
	Action, Resource string
	Decision         string  // in the evaluator's words; undecided when a Deny cannot be read
	Verdict          Verdict // why; zero in a proof that was only asked whether it holds
}

// Undecided is the decision about a request that a Deny which cannot be read may concern.
const Undecided = "error"

// Simulate asks the evaluator. Everybody may ask about roles that they hold; about others, and with a principal pasted in,
// who may simulate. One row is looked at closely: its verdict also says what would change it.
func (c *Center) Simulate(ctx context.Context, actor model.Actor, q model.Simulation, row int) (Simulated, error) {
	if err := q.Check(); err != nil {
		return Simulated{}, err
	}
	var answer Simulated
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) error {
		if err := c.mayAsk(s, actor, q); err != nil {
			return c.settle(ctx, actor, err)
		}
		asked, err := c.question(s, q)
		if err != nil {
			return err
		}
		if answer, err = asked.explained(); err != nil {
			return err
		}
		answer.Unknown = c.unknownActions(q.Actions)
		if row >= 0 && row < len(answer.Rows) {
			closer := &answer.Rows[row]
			closer.Verdict.Remedies = asked.remedies(closer.Action, closer.Resource)
			err = closer.Verdict.link(ctx, r)
		}
		return err
	})
	return answer, err
}

// mayAsk lets everybody ask about roles that they hold, and asks for permission for anything else.
func (c *Center) mayAsk(s *access.Snapshot, actor model.Actor, q model.Simulation) error {
	if actor.Host {
		return nil
	}
	if actor.User != "" && q.User == actor.User && !q.Pasted() {
		if _, held := s.Role(q.User, q.Account, q.PermissionSet, c.Now()); held {
			return nil
		}
	}
	about := act{action: model.ActSimulate}
	if u := s.User(q.User); u != nil {
		about.objects = []model.Ref{{Kind: model.RefUser, ID: string(u.ID), Name: u.DisplayName}}
	}
	_, err := authorise(s, actor, c.Now(), about)
	return err
}

// unknownActions returns those that AWS's list of actions, if there is one, does not have.
func (c *Center) unknownActions(actions []string) []string {
	if c.known.Actions == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(actions), func(action string) bool {
		service, name, _ := strings.Cut(action, ":")
		return slices.ContainsFunc(c.known.Actions(strings.ToLower(service)), func(known string) bool {
			return strings.EqualFold(known, name)
		})
	})
}

// question is a simulation whose role is found and whose documents are read.
type question struct {
	model.Simulation
	graph                     *access.Snapshot
	role                      access.Role
	held                      bool
	identity, policy, session *eval.Policy // nil where nothing was pasted in
	at                        access.Circumstances
}

// question reads a simulation whose fields are in order.
func (c *Center) question(s *access.Snapshot, q model.Simulation) (question, error) {
	asked := question{Simulation: q, graph: s, at: access.Circumstances{Now: c.Now(), MFA: !q.NoMFA}}
	if !q.NoMFA {
		asked.at.FactorAt = asked.at.Now
	}
	if err := asked.read(); err != nil {
		return asked, err
	}
	if q.Pasted() {
		return asked, nil
	}
	return asked, asked.find()
}

// read compiles the pasted documents.
func (q *question) read() error {
	problems := model.Problems{}
	compile := func(field, name, text string) *eval.Policy {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		p, err := eval.Compile(name, []byte(text))
		if at, ok := errors.AsType[*eval.SyntaxError](err); ok {
			problems.Add(field, fmt.Sprintf("Line %d, column %d: %s", at.Line, at.Column, at.Message))
		} else if err != nil {
			problems.Add(field, fmt.Sprintf("This policy cannot be read: %s.", err))
		}
		return p
	}
	q.identity = compile("identity", "pasted identity policy", q.Identity)
	q.policy = compile("policy", "pasted policy", q.Policy)
	q.session = compile("session", "pasted session policy", q.Session)
	return problems.Err()
}

// find finds the role that is asked about, held or supposed.
func (q *question) find() error {
	if q.role, q.held = q.graph.Role(q.User, q.Account, q.PermissionSet, q.at.Now); q.held {
		return nil
	}
	p := model.Problems{}
	if q.graph.User(q.User) == nil {
		p.Add("user", "This person is not in the directory any more.")
	}
	if q.graph.Account(q.Account) == nil {
		p.Add("account", "This account is not in the organization any more.")
	}
	if q.graph.Set(q.PermissionSet) == nil {
		p.Add("set", "This permission set does not exist any more.")
	}
	q.role, _ = q.graph.Supposed(q.User, q.Account, q.PermissionSet)
	return p.Err()
}

// pairs yields each action with each resource.
func (q question) pairs(yield func(action, resource string) bool) {
	resources := q.Resources
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	for _, action := range q.Actions {
		for _, resource := range resources {
			if !yield(action, resource) {
				return
			}
		}
	}
}

// explained answers every row with its reasons.
func (q question) explained() (Simulated, error) {
	answer := Simulated{Role: q.role, Held: q.held}
	for action, resource := range q.pairs {
		in := q.input(action, resource)
		x, err := eval.Explain(in)
		if err := unusable(err); err != nil {
			return answer, err
		}
		row := SimulatedRow{Action: action, Resource: resource, Decision: decision(x.Result, err)}
		row.Verdict = verdict(q.graph, in, x)
		if row.Decision == Undecided && q.role.Set != nil && len(q.role.Set.Unknown) > 0 {
			row.Verdict.Text = []Phrase{{Text: "The document of " + strings.Join(q.role.Set.Unknown, ", ") +
				" is not known here. It might deny anything, so nothing is decided with it."}}
		}
		answer.Rows = append(answer.Rows, row)
	}
	return answer, nil
}

// decided answers every row without reasons, which takes a fraction of the time.
func (q question) decided() (Simulated, error) {
	answer := Simulated{Role: q.role, Held: q.held}
	for action, resource := range q.pairs {
		result, err := eval.Decide(q.input(action, resource))
		if err := unusable(err); err != nil {
			return answer, err
		}
		answer.Rows = append(answer.Rows, SimulatedRow{Action: action, Resource: resource, Decision: decision(result, err)})
	}
	return answer, nil
}

// unusable is what the evaluator says about a request that is none; a Deny that cannot be read is an answer.
func unusable(err error) error {
	if _, undecided := errors.AsType[*eval.UnreadableError](err); err == nil || undecided {
		return nil
	}
	words := err.Error()
	return &model.Error{Kind: model.Invalid, Message: "Check the marked fields.",
		Fields: map[string]string{"principal": strings.ToUpper(words[:1]) + words[1:] + "."}}
}

func decision(r eval.Result, err error) string {
	if err != nil {
		return Undecided
	}
	return r.Decision.String()
}

// input is what the evaluator is asked about one row.
func (q question) input(action, resource string) *eval.Input {
	request := access.Request{Action: action, Resource: resource, ResourceAccount: q.Owner, Keys: q.Keys,
		ResourcePolicy: q.policy}
	if q.session != nil {
		request.Session = []*eval.Policy{q.session}
	}
	if q.Pasted() {
		return q.graph.PastedInput(q.Principal, q.identity, q.at, request)
	}
	return q.graph.Input(q.role, q.at, request)
}

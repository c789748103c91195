package eval

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Scenario is one request of the conformance format: an Input written as JSON, with
// the policies as documents.
type Scenario struct {
	ID    string
	Input Input
}

// ParseScenario reads one JSON object. When it cannot be read the scenario still
// carries its id, as far as that could be read.
func ParseScenario(line []byte) (Scenario, error) {
	var w scenarioJSON
	if err := json.Unmarshal(line, &w); err != nil {
		return Scenario{ID: w.ID}, fmt.Errorf("read scenario: %w", err)
	}
	in, err := w.input()
	if err != nil {
		return Scenario{ID: w.ID}, fmt.Errorf("read scenario: %w", err)
	}
	return Scenario{ID: w.ID, Input: in}, nil
}

type scenarioJSON struct {
	ID                string                     `json:"id"`
	Principal         string                     `json:"principal"`
	Action            string                     `json:"action"`
	Resource          string                     `json:"resource"`
	ResourceAccount   string                     `json:"resourceAccount"`
	Context           map[string]json.RawMessage `json:"context"`
	Identity          []policyJSON               `json:"identityPolicies"`
	Boundary          *policyJSON                `json:"permissionsBoundary"`
	Session           []policyJSON               `json:"sessionPolicies"`
	ResourcePolicy    *policyJSON                `json:"resourcePolicy"`
	Endpoint          *policyJSON                `json:"vpcEndpointPolicy"`
	SCPs              []levelJSON                `json:"serviceControlPolicies"`
	RCPs              []levelJSON                `json:"resourceControlPolicies"`
	ManagementAccount string                     `json:"managementAccount"`
}

type policyJSON struct {
	Name     string          `json:"name"`
	Document json.RawMessage `json:"document"`
}

type levelJSON struct {
	Target   string       `json:"target"`
	Policies []policyJSON `json:"policies"`
}

func (w *scenarioJSON) input() (Input, error) {
	in := Input{
		Principal: NewPrincipal(w.Principal), Action: w.Action, Resource: w.Resource,
		ResourceAccount: w.ResourceAccount, ManagementAccount: w.ManagementAccount,
	}
	c := compiler{}
	in.Identity = c.all(w.Identity)
	in.Boundary = c.one(w.Boundary)
	in.Session = c.all(w.Session)
	in.ResourcePolicy = c.one(w.ResourcePolicy)
	in.Endpoint = c.one(w.Endpoint)
	in.SCPs = c.levels(w.SCPs)
	in.RCPs = c.levels(w.RCPs)
	for key, value := range w.Context {
		c.keep(setContext(&in.Context, key, value))
	}
	return in, c.err
}

// compiler compiles policies and keeps the first error.
type compiler struct{ err error }

func (c *compiler) keep(err error) {
	if c.err == nil {
		c.err = err
	}
}

func (c *compiler) one(w *policyJSON) *Policy {
	if w == nil {
		return nil
	}
	p, err := Compile(w.Name, w.Document)
	c.keep(err)
	return p
}

func (c *compiler) all(list []policyJSON) []*Policy {
	var policies []*Policy
	for i := range list {
		policies = append(policies, c.one(&list[i]))
	}
	return policies
}

func (c *compiler) levels(list []levelJSON) []Level {
	var levels []Level
	for _, w := range list {
		levels = append(levels, Level{Target: w.Target, Policies: c.all(w.Policies)})
	}
	return levels
}

var errContextValue = errors.New("a context value must be a string, number or boolean, or a list of them")

// setContext sets one key. A list is multi-valued, everything else single-valued.
func setContext(ctx *Context, key string, raw json.RawMessage) error {
	if ctx.Has(key) {
		return fmt.Errorf("context key %q is there twice; key names have no case", key)
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && list != nil {
		values := make([]string, 0, len(list))
		for _, item := range list {
			v, err := scalarText(item)
			if err != nil {
				return fmt.Errorf("context key %q: %w", key, err)
			}
			values = append(values, v)
		}
		ctx.SetMany(key, values...)
		return nil
	}
	v, err := scalarText(raw)
	if err != nil {
		return fmt.Errorf("context key %q: %w", key, err)
	}
	ctx.Set(key, v)
	return nil
}

// scalarText returns a string's value, and a number or boolean as it is written.
func scalarText(raw json.RawMessage) (string, error) {
	n, err := scanJSON(string(raw))
	if err != nil || n.kind != stringNode && n.kind != numberNode && n.kind != boolNode {
		return "", errContextValue
	}
	return n.text, nil
}

// Answer is an explanation of a scenario as it is printed and sent. Where a Deny cannot
// be read it has both the error and the traces that show it.
type Answer struct {
	ID string `json:"id,omitempty"`
	*Explanation
	Evaluation *Evaluation `json:"evaluationResult,omitempty"`
	Error      string      `json:"error,omitempty"`
}

// ExplainScenario explains the decision about a scenario. A text that is no scenario has
// an error and no explanation.
func ExplainScenario(text []byte) Answer {
	s, err := ParseScenario(text)
	if err != nil {
		return Answer{ID: s.ID, Error: err.Error()}
	}
	x, err := Explain(&s.Input)
	a := Answer{ID: s.ID}
	if err != nil {
		a.Error = err.Error()
	}
	if len(x.Layers) > 0 {
		a.Explanation = &x
	}
	if err == nil {
		e := x.Evaluation(&s.Input)
		a.Evaluation = &e
	}
	return a
}

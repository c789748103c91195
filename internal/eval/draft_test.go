package eval_test

import (
	"encoding/json"
	"slices"
	"testing"

	"gatehouse/internal/eval"
	"gatehouse/internal/eval/reference"
)

// draft is a scenario that can still be changed, in the conformance format.
type draft struct {
	Principal  string        `json:"principal"`
	Action     string        `json:"action"`
	Resource   string        `json:"resource"`
	Owner      string        `json:"resourceAccount"`
	Management string        `json:"managementAccount,omitempty"`
	Context    *draftContext `json:"context"`

	Identity       []*draftPolicy `json:"identityPolicies,omitempty"`
	Boundary       *draftPolicy   `json:"permissionsBoundary,omitempty"`
	Session        []*draftPolicy `json:"sessionPolicies,omitempty"`
	ResourcePolicy *draftPolicy   `json:"resourcePolicy,omitempty"`
	Endpoint       *draftPolicy   `json:"vpcEndpointPolicy,omitempty"`
	SCPs           []draftLevel   `json:"serviceControlPolicies,omitempty"`
	RCPs           []draftLevel   `json:"resourceControlPolicies,omitempty"`
}

// draftContext is a context in JSON, and as the evaluators take it once it is read.
type draftContext struct {
	keys     map[string]any // strings and lists of strings
	compiled eval.Context
}

func (c *draftContext) MarshalJSON() ([]byte, error) { return json.Marshal(c.keys) }

func (c *draftContext) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &c.keys) }

func (c *draftContext) read() {
	for key, value := range c.keys {
		switch v := value.(type) {
		case string:
			c.compiled.Set(key, v)
		case []string:
			c.compiled.SetMany(key, v...)
		}
	}
}

type draftLevel struct {
	Target   string         `json:"target"`
	Policies []*draftPolicy `json:"policies"`
}

type draftPolicy struct {
	Name     string        `json:"name"`
	Document draftDocument `json:"document"`

	compiled *eval.Policy // once it is read
	decoded  reference.Document
}

type draftDocument struct {
	Version   string           `json:",omitempty"`
	Statement []draftStatement // never nil
}

type draftStatement map[string]any

// line is the draft as the conformance format writes it.
func (d *draft) line(t testing.TB) []byte {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// input is the draft as the evaluator takes it.
func (d *draft) input(t testing.TB) *eval.Input {
	t.Helper()
	s, err := eval.ParseScenario(d.line(t))
	if err != nil {
		t.Fatal(err)
	}
	return &s.Input
}

// clone copies the draft, policies included.
func (d *draft) clone(t testing.TB) (c draft) {
	t.Helper()
	if err := json.Unmarshal(d.line(t), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// policies are the policies of a draft, all layers together.
func (d *draft) policies() []*draftPolicy {
	list := slices.Concat(d.Identity, d.Session)
	for _, p := range []*draftPolicy{d.Boundary, d.ResourcePolicy, d.Endpoint} {
		if p != nil {
			list = append(list, p)
		}
	}
	for _, level := range slices.Concat(d.SCPs, d.RCPs) {
		list = append(list, level.Policies...)
	}
	return list
}

// outcome is a decision and the layer it rests on, or that there is no answer.
type outcome struct{ decision, by string }

const failed = "error"

func outcomeOf(result eval.Result, err error) outcome {
	if err != nil {
		return outcome{decision: failed}
	}
	return outcome{result.Decision.String(), result.DecidedBy.String()}
}

func referenceOutcome(answer reference.Answer, err error) outcome {
	if err != nil {
		return outcome{decision: failed}
	}
	return outcome{answer.Decision, answer.DecidedBy}
}

// evaluated is what the evaluator says about a line of the conformance format.
func evaluated(line []byte) outcome {
	s, err := eval.ParseScenario(line)
	if err != nil {
		return outcomeOf(eval.Result{}, err)
	}
	return outcomeOf(eval.Decide(&s.Input))
}

// referred is what the reference says about it.
func referred(line []byte) outcome {
	s, err := reference.ReadScenario(line)
	if err != nil {
		return referenceOutcome(reference.Answer{}, err)
	}
	return referenceOutcome(s.Decide())
}

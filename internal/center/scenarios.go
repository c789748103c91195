package center

import (
	"context"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Proof is a scenario held against the organization as it is now.
type Proof struct {
	model.Scenario
	Cases []ProvedCase
}

// ProvedCase is a case with what the evaluator says now.
type ProvedCase struct {
	model.Case
	Simulated
	Err error // the case cannot be asked any more: a person, account or set is gone
}

// Holds reports whether every row has the verdict that the case expects.
func (p ProvedCase) Holds() bool {
	for _, row := range p.Rows {
		if !p.Meets(row.Decision()) {
			return false
		}
	}
	return p.Err == nil
}

// Failing counts the cases that do not hold.
func (p Proof) Failing() int {
	n := 0
	for _, c := range p.Cases {
		if !c.Holds() {
			n++
		}
	}
	return n
}

// Scenarios returns every saved scenario, each proved against the organization as it is now.
func (c *Center) Scenarios(ctx context.Context, actor model.Actor) ([]Proof, error) {
	var proofs []Proof
	err := c.view(ctx, actor, act{action: model.ActListScenarios}, func(r store.Reader, s *access.Snapshot) error {
		scenarios, err := r.Scenarios(ctx)
		for _, scenario := range scenarios {
			proofs = append(proofs, c.prove(s, scenario))
		}
		return err
	})
	return proofs, err
}

// Scenario returns one saved scenario, proved against the organization as it is now.
func (c *Center) Scenario(ctx context.Context, actor model.Actor, id model.ScenarioID) (Proof, error) {
	var proof Proof
	err := c.view(ctx, actor, act{action: model.ActListScenarios}, func(r store.Reader, s *access.Snapshot) error {
		scenario, err := r.Scenario(ctx, id)
		if err != nil {
			return err
		}
		proof = c.prove(s, scenario)
		return nil
	})
	return proof, err
}

func (c *Center) prove(s *access.Snapshot, scenario model.Scenario) Proof {
	proof := Proof{Scenario: scenario}
	for _, one := range scenario.Cases {
		simulated, err := c.simulate(s, one.Simulation)
		proof.Cases = append(proof.Cases, ProvedCase{Case: one, Simulated: simulated, Err: err})
	}
	return proof
}

// SaveScenario keeps a new scenario, or with an ID the next version of one; s.Version is then the version that was read.
func (c *Center) SaveScenario(ctx context.Context, actor model.Actor, s model.Scenario) (model.Scenario, error) {
	s.Name, s.Description = strings.TrimSpace(s.Name), strings.TrimSpace(s.Description)
	if err := s.Check(); err != nil {
		return s, err
	}
	err := c.do(ctx, actor, func(w *work) error {
		if err := w.mayKeep(model.ActSaveScenario, s); err != nil {
			return err
		}
		for _, one := range s.Cases {
			if _, err := pasted(one.Simulation); err != nil {
				return err
			}
		}
		words := "Changed the scenario "
		if s.ID == "" {
			id, err := model.NewUUID(c.Random)
			if err != nil {
				return err
			}
			s.ID, words = model.ScenarioID(id), "Saved the scenario "
			if err := w.tx.InsertScenario(w.ctx, s); err != nil {
				return err
			}
		} else if err := w.tx.UpdateScenario(w.ctx, s); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActSaveScenario, Objects: []model.Ref{scenarioRef(s)},
			Summary: words + s.Name, State: state(s)})
	})
	return s, err
}

// DeleteScenario takes a scenario out of the list.
func (c *Center) DeleteScenario(ctx context.Context, actor model.Actor, id model.ScenarioID) error {
	return c.do(ctx, actor, func(w *work) error {
		s, err := w.tx.Scenario(w.ctx, id)
		if err != nil {
			return err
		}
		if err := w.mayKeep(model.ActDeleteScenario, s); err != nil {
			return err
		}
		if err := w.tx.CloseScenario(w.ctx, id); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActDeleteScenario, Objects: []model.Ref{scenarioRef(s)},
			Summary: "Deleted the scenario " + s.Name})
	})
}

func (w *work) mayKeep(action string, s model.Scenario) error {
	return w.may(act{action: action, resources: []string{w.org.ARN("scenario", string(s.ID))}, objects: []model.Ref{scenarioRef(s)}})
}

func scenarioRef(s model.Scenario) model.Ref {
	return model.Ref{Kind: model.RefScenario, ID: string(s.ID), Name: s.Name}
}

// SaveAnswer keeps a question with the verdicts that it has now as a scenario: one case for each verdict that occurs.
func (c *Center) SaveAnswer(ctx context.Context, actor model.Actor, name string, ask func() (model.Simulation, error)) (model.Scenario, error) {
	q, err := ask()
	if err != nil {
		return model.Scenario{}, err
	}
	answer, err := c.Simulate(ctx, actor, q)
	if err != nil {
		return model.Scenario{}, err
	}
	s := model.Scenario{Name: name}
	for _, row := range answer.Rows {
		one := model.Case{Simulation: q, Expect: row.Decision()}
		one.Actions, one.Resources = []string{row.Action}, []string{row.Resource}
		s.Cases = merge(s.Cases, one)
	}
	return c.SaveScenario(ctx, actor, s)
}

// merge adds a case of one row to the cases, to one of the same resource and verdict when there is one.
func merge(cases []model.Case, one model.Case) []model.Case {
	for i, c := range cases {
		if c.Expect == one.Expect && c.Resources[0] == one.Resources[0] {
			cases[i].Actions = append(cases[i].Actions, one.Actions...)
			return cases
		}
	}
	return append(cases, one)
}

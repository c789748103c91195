package center

import (
	"context"
	"slices"
	"strings"
	"time"

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
		if !p.Meets(row.Decision) {
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

// Scenarios returns every saved scenario, each proved against the organization as it is now, without the reasons.
func (c *Center) Scenarios(ctx context.Context, actor model.Actor) ([]Proof, error) {
	var proofs []Proof
	err := c.view(ctx, actor, act{action: model.ActListScenarios}, func(r store.Reader, s *access.Snapshot) (err error) {
		proofs, err = c.proveAll(ctx, r, s)
		return err
	})
	return proofs, err
}

func (c *Center) proveAll(ctx context.Context, r store.Reader, s *access.Snapshot) ([]Proof, error) {
	scenarios, err := r.Scenarios(ctx)
	if err != nil {
		return nil, err
	}
	proofs := make([]Proof, len(scenarios))
	for i, scenario := range scenarios {
		proofs[i] = c.prove(s, scenario, question.decided)
	}
	return proofs, nil
}

// Scenario returns one saved scenario, proved against the organization as it is now, with the reasons.
func (c *Center) Scenario(ctx context.Context, actor model.Actor, id model.ScenarioID) (Proof, error) {
	var proof Proof
	err := c.view(ctx, actor, act{action: model.ActListScenarios}, func(r store.Reader, s *access.Snapshot) error {
		scenario, err := r.Scenario(ctx, id)
		if err != nil {
			return err
		}
		proof = c.prove(s, scenario, question.explained)
		return nil
	})
	return proof, err
}

func (c *Center) prove(s *access.Snapshot, scenario model.Scenario, answer func(question) (Simulated, error)) Proof {
	proof := Proof{Scenario: scenario}
	for _, one := range scenario.Cases {
		proved := ProvedCase{Case: one}
		asked, err := c.question(s, one.Simulation)
		if err == nil {
			proved.Simulated, err = answer(asked)
		}
		proved.Err = err
		proof.Cases = append(proof.Cases, proved)
	}
	return proof
}

// SaveScenario keeps a new scenario, or with an ID the next version of one; s.Version is then the version that was read.
func (c *Center) SaveScenario(ctx context.Context, actor model.Actor, s model.Scenario) (model.Scenario, error) {
	s.Name, s.Description = strings.TrimSpace(s.Name), strings.TrimSpace(s.Description)
	if err := s.Check(); err != nil {
		return s, err
	}
	for _, one := range s.Cases {
		asked := question{Simulation: one.Simulation}
		if err := asked.read(); err != nil {
			return s, err
		}
	}
	err := c.do(ctx, actor, func(w *work) (err error) {
		if err := w.mayKeep(model.ActSaveScenario, s); err != nil {
			return err
		}
		words := "Changed the scenario "
		if s.ID == "" {
			words = "Saved the scenario "
			err = w.addScenario(&s)
		} else {
			err = w.changeScenario(&s)
		}
		if err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActSaveScenario, Objects: []model.Ref{scenarioRef(s)},
			Summary: words + s.Name, State: stateOfScenario(s)})
	})
	return s, err
}

// scenarioState is what the trail keeps of a scenario: the questions, which may hold documents, by their digest.
type scenarioState struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Cases       int    `json:"cases"`
	Questions   string `json:"questions"`
	Version     int64  `json:"version"`
}

func stateOfScenario(s model.Scenario) string {
	return state(scenarioState{Name: s.Name, Description: s.Description, Cases: len(s.Cases), Questions: digest(state(s.Cases)),
		Version: s.Version})
}

func (w *work) addScenario(s *model.Scenario) error {
	id, err := model.NewUUID(w.center.Random)
	if err != nil {
		return err
	}
	s.ID, s.Version, s.CreatedAt, s.UpdatedAt = model.ScenarioID(id), 1, w.tx.Now(), w.tx.Now()
	return w.tx.InsertScenario(w.ctx, *s)
}

func (w *work) changeScenario(s *model.Scenario) error {
	before, err := w.tx.Scenario(w.ctx, s.ID)
	if err != nil {
		return err
	}
	if err := w.tx.UpdateScenario(w.ctx, *s); err != nil {
		return err
	}
	s.Version, s.CreatedAt, s.UpdatedAt = s.Version+1, before.CreatedAt, w.tx.Now()
	return nil
}

// RenameScenario gives a scenario another name and description; s.Version is the version that was read.
func (c *Center) RenameScenario(ctx context.Context, actor model.Actor, s model.Scenario) (model.Scenario, error) {
	kept, err := c.Scenario(ctx, actor, s.ID)
	if err != nil {
		return s, err
	}
	s.Cases = kept.Scenario.Cases
	return c.SaveScenario(ctx, actor, s)
}

// ScenarioAsOf is a scenario with the name and description that it had at an earlier version.
type ScenarioAsOf struct {
	Now, Then model.Scenario
	By        string    // who saved the present version
	At        time.Time // when
}

// CompareScenario returns a scenario and what a form that started from a version had begun with.
func (c *Center) CompareScenario(ctx context.Context, actor model.Actor, id model.ScenarioID, version int64) (ScenarioAsOf, error) {
	var v ScenarioAsOf
	err := c.view(ctx, actor, act{action: model.ActListScenarios}, func(r store.Reader, s *access.Snapshot) (err error) {
		if v.Now, err = r.Scenario(ctx, id); err != nil {
			return err
		}
		var then scenarioState
		v.By, v.At, err = savedSince(ctx, r, s, scenarioRef(v.Now), version, &then)
		v.Then = model.Scenario{ID: id, Name: then.Name, Description: then.Description, Version: version}
		return err
	})
	return v, err
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
	return w.may(act{action: action, resources: []string{w.org.ARN("scenario", string(s.ID))},
		objects: []model.Ref{scenarioRef(s)}})
}

func scenarioRef(s model.Scenario) model.Ref {
	return model.Ref{Kind: model.RefScenario, ID: string(s.ID), Name: s.Name}
}

// SaveAnswer keeps a question with the verdicts that it has now as a scenario.
func (c *Center) SaveAnswer(ctx context.Context, actor model.Actor, name string, q model.Simulation) (model.Scenario, error) {
	answer, err := c.Simulate(ctx, actor, q, -1)
	if err != nil {
		return model.Scenario{}, err
	}
	s := model.Scenario{Name: name}
	for _, row := range answer.Rows {
		if row.Decision == Undecided {
			return s, &model.Error{Kind: model.Invalid, Message: "This answer cannot be saved.", Fields: map[string]string{
				"name": "A Deny that cannot be read leaves the answer open; there is no verdict to save."}}
		}
		one := model.Case{Simulation: q, Expect: row.Decision}
		one.Actions, one.Resources = []string{row.Action}, []string{row.Resource}
		s.Cases = merge(s.Cases, one)
	}
	s.Cases = gather(s.Cases)
	return c.SaveScenario(ctx, actor, s)
}

// merge adds a case of one row to the cases: to the one about the same resource with the same verdict when there is one.
func merge(cases []model.Case, one model.Case) []model.Case {
	for i, c := range cases {
		if c.Expect == one.Expect && c.Resources[0] == one.Resources[0] {
			cases[i].Actions = append(cases[i].Actions, one.Actions...)
			return cases
		}
	}
	return append(cases, one)
}

// gather joins the cases that ask the same about several resources and have the same verdict.
func gather(cases []model.Case) []model.Case {
	var gathered []model.Case
	for _, c := range cases {
		same := slices.IndexFunc(gathered, func(g model.Case) bool {
			return g.Expect == c.Expect && slices.Equal(g.Actions, c.Actions)
		})
		if same < 0 {
			gathered = append(gathered, c)
			continue
		}
		gathered[same].Resources = append(gathered[same].Resources, c.Resources...)
	}
	return gathered
}

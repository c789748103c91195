package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

type scenarioRow struct {
	ID, Name, Body       string
	Version              int64
	CreatedAt, UpdatedAt time.Time
}

// scenarioBody is how a scenario rests in its row.
type scenarioBody struct {
	Description string
	Cases       []model.Case
}

const scenarioColumns = `id, name, body, version, created_at, updated_at`

func (r scenarioRow) scenario() (model.Scenario, error) {
	var body scenarioBody
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		return model.Scenario{}, fmt.Errorf("decode scenario %s: %w", r.ID, err)
	}
	return model.Scenario{ID: model.ScenarioID(r.ID), Name: r.Name, Description: body.Description, Cases: body.Cases,
		Version: r.Version, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC()}, nil
}

// Scenarios returns all saved scenarios by name.
func (r Reader) Scenarios(ctx context.Context) ([]model.Scenario, error) {
	var rows []scenarioRow
	err := r.list(ctx, &rows, `SELECT `+scenarioColumns+` FROM scenarios WHERE to_seq IS NULL ORDER BY name_folded`)
	if err != nil {
		return nil, fmt.Errorf("list scenarios: %w", err)
	}
	scenarios := make([]model.Scenario, len(rows))
	for i, row := range rows {
		if scenarios[i], err = row.scenario(); err != nil {
			return nil, err
		}
	}
	return scenarios, nil
}

// Scenario returns a saved scenario.
func (r Reader) Scenario(ctx context.Context, id model.ScenarioID) (model.Scenario, error) {
	var row scenarioRow
	err := r.found(ctx, &row, "scenario", string(id),
		`SELECT `+scenarioColumns+` FROM scenarios WHERE id = ? AND to_seq IS NULL`, id)
	if err != nil {
		return model.Scenario{}, err
	}
	return row.scenario()
}

// InsertScenario keeps a new scenario.
func (t *Tx) InsertScenario(ctx context.Context, s model.Scenario) error {
	body, err := json.Marshal(scenarioBody{s.Description, s.Cases})
	if err != nil {
		return fmt.Errorf("encode scenario %s: %w", s.Name, err)
	}
	err = t.exec(ctx, `
		INSERT INTO scenarios (pk, id, name, name_folded, body, version, created_at, updated_at, from_seq, to_seq)
		VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, NULL)`,
		t.newPK(), s.ID, s.Name, fold(s.Name), string(body), t.now, t.now, t.seq())
	return takenScenario(err)
}

// UpdateScenario saves a scenario whose version is still the one that was read; a Conflict error otherwise.
func (t *Tx) UpdateScenario(ctx context.Context, s model.Scenario) error {
	body, err := json.Marshal(scenarioBody{s.Description, s.Cases})
	if err != nil {
		return fmt.Errorf("encode scenario %s: %w", s.Name, err)
	}
	n, err := t.affected(ctx, `
		UPDATE scenarios SET name = ?, name_folded = ?, body = ?, version = version + 1, updated_at = ?
		WHERE id = ? AND version = ? AND to_seq IS NULL`, s.Name, fold(s.Name), string(body), t.now, s.ID, s.Version)
	if err == nil && n == 0 {
		return model.Stale("scenario")
	}
	return takenScenario(err)
}

// CloseScenario takes a scenario out of the list.
func (t *Tx) CloseScenario(ctx context.Context, id model.ScenarioID) error {
	return t.exec(ctx, `UPDATE scenarios SET to_seq = ? WHERE id = ? AND to_seq IS NULL`, t.seq(), id)
}

func takenScenario(err error) error {
	if isUnique(err) {
		return model.Taken("name", "Another scenario has this name.")
	}
	return err
}

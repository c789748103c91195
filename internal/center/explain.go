package center

import (
	"context"

	"gatehouse/internal/access"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// Explain answers a scenario in the evaluator's own format, which brings all its policies along, as console eval --explain
// does. Only who may simulate for others may ask: a scenario is about nobody in the directory.
func (c *Center) Explain(ctx context.Context, actor model.Actor, scenario []byte) (eval.Answer, error) {
	err := c.look(ctx, func(_ store.Reader, s *access.Snapshot) error {
		if actor.Host {
			return nil
		}
		_, err := authorise(s, actor, c.Now(), act{action: model.ActSimulate})
		return c.settle(ctx, actor, err)
	})
	if err != nil {
		return eval.Answer{}, err
	}
	answer := eval.ExplainScenario(scenario)
	if answer.Explanation == nil {
		return answer, &model.Error{Kind: model.Invalid, Message: answer.Error}
	}
	return answer, nil
}

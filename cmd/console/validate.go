package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"gatehouse/internal/catalog"
	"gatehouse/internal/eval"
)

// validate checks documents from standard input.
func (p process) validate(context.Context, config, []string) error {
	c, err := catalog.Load()
	if err != nil {
		return fmt.Errorf("load catalogue: %w", err)
	}
	return runValidate(p.in, p.out, evalCatalog(c))
}

// evalCatalog lets the evaluator ask the catalogue. An empty one knows nothing and
// must not make every action look wrong.
func evalCatalog(c *catalog.Catalog) eval.Catalog {
	if c.Empty() {
		return eval.Catalog{}
	}
	return eval.Catalog{
		Actions: func(prefix string) (names []string) {
			for _, a := range c.Actions(prefix) {
				names = append(names, a.Name)
			}
			return names
		},
		Retired: c.Retired,
		ConditionKey: func(key string) (kind string, ok bool) {
			k, ok := c.ConditionKey(key)
			return string(k.Type), ok
		},
	}
}

// runValidate reads documents, one JSON object with "id", "policyType" and "text" a
// line, and writes what is wrong with each, one line each in the same order. A line
// that cannot be read gets an "error" and stops nothing.
func runValidate(in io.Reader, out io.Writer, known eval.Catalog) error {
	return eachLine(in, out, func(line []byte) any {
		var d struct {
			ID   string          `json:"id"`
			Type eval.PolicyType `json:"policyType"`
			Text string          `json:"text"`
		}
		if err := json.Unmarshal(line, &d); err != nil {
			return evalLine{ID: d.ID, Error: "read document: " + err.Error()}
		}
		if !d.Type.Known() {
			return evalLine{ID: d.ID, Error: "policyType must be IDENTITY, RESOURCE, SCP, RCP, TRUST, BOUNDARY or SESSION"}
		}
		findings := eval.Validate([]byte(d.Text), d.Type, known)
		if findings == nil {
			findings = []eval.Finding{}
		}
		return validateLine{ID: d.ID, Valid: eval.Valid(findings), Findings: findings}
	})
}

// validateLine is an answer of console validate.
type validateLine struct {
	ID       string         `json:"id"`
	Valid    bool           `json:"valid"`
	Findings []eval.Finding `json:"findings"`
}

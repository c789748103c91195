package main

import (
	"context"
	"encoding/json"
	"io"

	"gatehouse/internal/eval"
)

// validate checks documents from standard input.
func (p process) validate(context.Context, config, []string) error {
	return runValidate(p.in, p.out, eval.Catalog{})
}

// runValidate reads documents, one JSON object with "id", "policyType" and "text" a
// line, and writes what is wrong with each, one line each in the same order. A line
// that cannot be read gets an "error" and stops nothing.
func runValidate(in io.Reader, out io.Writer, catalog eval.Catalog) error {
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
		findings := eval.Validate([]byte(d.Text), d.Type, catalog)
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

package center

import (
	"fmt"
	"strings"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// Findings returns what is to be said about a policy document in the order of the text, given what AWS has. kind is one
// of eval's types of policy, in any case; a document with an ERROR cannot be saved as such a policy.
func (c *Center) Findings(kind, document string) ([]eval.Finding, error) {
	use := eval.PolicyType(strings.ToUpper(kind))
	if !use.Known() {
		return nil, &model.Error{Kind: model.Invalid, Message: fmt.Sprintf("There is no kind of policy %q.", kind)}
	}
	return eval.Validate([]byte(document), use, c.known), nil
}

// checkDocument refuses a document with an ERROR; the words stand at the form field of that name.
func (c *Center) checkDocument(field string, use eval.PolicyType, document string) error {
	for _, f := range eval.Validate([]byte(document), use, c.known) {
		if f.Severity != eval.Error {
			continue
		}
		words := f.Message
		if f.Start.Line > 0 {
			words = fmt.Sprintf("Line %d, column %d: %s", f.Start.Line, f.Start.Column, f.Message)
		}
		return &model.Error{
			Kind:    model.Invalid,
			Message: "Check the marked fields.",
			Fields:  map[string]string{field: words},
		}
	}
	return nil
}

// policyType is what the document of an organization policy is used as.
func policyType(k model.PolicyKind) eval.PolicyType { return eval.PolicyType(k.Short()) }

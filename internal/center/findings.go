package center

import (
	"errors"
	"fmt"

	"gatehouse/internal/eval"
	"gatehouse/internal/model"
)

// DocumentKind says what a policy document is for: the same words that an editor sends.
type DocumentKind string

// The kinds of policy document.
const (
	IdentityDocument DocumentKind = "identity"
	ResourceDocument DocumentKind = "resource"
	TrustDocument    DocumentKind = "trust"
	SCPDocument      DocumentKind = "scp"
	RCPDocument      DocumentKind = "rcp"
)

// documentKind is the kind of document in an organization policy.
func documentKind(k model.PolicyKind) DocumentKind {
	if k == model.ResourceControlPolicy {
		return RCPDocument
	}
	return SCPDocument
}

// Findings returns what is to be said about a policy document, in the order of the text. A document with an ERROR cannot
// be saved.
func (c *Center) Findings(kind DocumentKind, document string) []eval.Finding {
	parsed, err := eval.Parse([]byte(document))
	if syntax, ok := errors.AsType[*eval.SyntaxError](err); ok {
		at := eval.Position{Line: syntax.Line, Column: syntax.Column}
		return []eval.Finding{{Severity: eval.Error, Code: "Syntax error", Message: syntax.Message, Span: eval.Span{Start: at, End: at}}}
	}
	if err != nil {
		return []eval.Finding{{Severity: eval.Error, Code: "Syntax error", Message: err.Error()}}
	}
	var findings []eval.Finding
	for i := range parsed.Statements {
		findings = append(findings, elementsOf(kind, &parsed.Statements[i])...)
	}
	return findings
}

// elementsOf checks that a statement has the elements its kind of document takes.
func elementsOf(kind DocumentKind, s *eval.Statement) []eval.Finding {
	wrong := func(at eval.Span, message string) eval.Finding {
		return eval.Finding{Severity: eval.Error, Code: "Unsupported element", Message: message, Span: at}
	}
	var findings []eval.Finding
	switch kind {
	case IdentityDocument, SCPDocument:
		if s.Principal.Present() {
			findings = append(findings, wrong(s.Principal.Span, "Remove the "+s.Principal.Name+
				" element: a policy of this kind speaks about whoever it is attached to."))
		}
	case RCPDocument:
		if s.Effect != eval.Deny {
			findings = append(findings, wrong(s.Span, `Write "Effect": "Deny": a resource control policy can only deny.`))
		}
		if p := s.Principal; p.Name != "Principal" || len(p.Entries) != 1 || p.Entries[0].Value.Value != "*" {
			findings = append(findings, wrong(s.Span, `Write "Principal": "*" and name callers in a Condition.`))
		}
	}
	return findings
}

// checkDocument refuses a document with an ERROR; the words stand at the form field of that name.
func (c *Center) checkDocument(field string, kind DocumentKind, document string) error {
	for _, f := range c.Findings(kind, document) {
		if f.Severity != eval.Error {
			continue
		}
		words := f.Message
		if f.Start.Line > 0 {
			words = fmt.Sprintf("Line %d, column %d: %s", f.Start.Line, f.Start.Column, f.Message)
		}
		return &model.Error{Kind: model.Invalid, Message: "Check the marked fields.", Fields: map[string]string{field: words}}
	}
	return nil
}

package eval

import (
	"cmp"
	"slices"
)

// PolicyType is what a document is going to be used as. It decides which elements are
// allowed and how long the text may be.
type PolicyType string

// The types of policies.
const (
	TypeIdentity PolicyType = "IDENTITY"
	TypeResource PolicyType = "RESOURCE"
	TypeSCP      PolicyType = "SCP"
	TypeRCP      PolicyType = "RCP"
	TypeTrust    PolicyType = "TRUST"
	TypeBoundary PolicyType = "BOUNDARY"
	TypeSession  PolicyType = "SESSION"
)

// Known reports whether the type is one of those above.
func (t PolicyType) Known() bool {
	switch t {
	case TypeIdentity, TypeResource, TypeSCP, TypeRCP, TypeTrust, TypeBoundary, TypeSession:
		return true
	default:
		return false
	}
}

// Catalog answers what AWS has. A function left nil is not asked, and its checks are
// skipped; the zero value knows nothing.
type Catalog struct {
	// Actions returns the names of a service's actions, none if no service has the
	// prefix, which is in lower case.
	Actions func(prefix string) []string
	// Retired reports whether AWS's own policies name an action that Actions does not have.
	Retired func(action string) bool
	// ConditionKey returns the type of a key such as s3:prefix in AWS's words (String,
	// ARN, Bool, Date, Numeric, IPAddress, or ArrayOf and one of these).
	ConditionKey func(key string) (kind string, ok bool)
}

// Validate says what is wrong with a text and what to write instead, in the order of
// the text. The codes and severities are those of IAM Access Analyzer; a text without
// an Error finding is one that AWS accepts. Unlike Parse it goes on after an error.
func Validate(text []byte, kind PolicyType, catalog Catalog) []Finding {
	doc, findings := readDocument(string(text))
	v := &validator{kind: kind, catalog: catalog, doc: doc, findings: findings, services: map[string][]string{}}
	if doc.Span != (Span{}) {
		v.document(string(text))
	}
	slices.SortStableFunc(v.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start.Line, b.Start.Line), cmp.Compare(a.Start.Column, b.Start.Column))
	})
	return v.findings
}

// Valid reports whether no finding is an error.
func Valid(findings []Finding) bool {
	return !slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Error })
}

// validator collects findings about one document.
type validator struct {
	kind     PolicyType
	catalog  Catalog
	doc      *Document
	findings []Finding
	services map[string][]string // actions by prefix, as far as the catalogue was asked; nil for no such service
}

// actions asks the catalogue for the actions of a service, once.
func (v *validator) actions(prefix string) (names []string, known bool) {
	prefix = lowerASCII(prefix)
	names, asked := v.services[prefix]
	if !asked {
		names = v.catalog.Actions(prefix)
		v.services[prefix] = names
	}
	return names, len(names) > 0
}

func (v *validator) add(severity Severity, at Span, code, message string) {
	v.findings = append(v.findings, Finding{severity, code, message, at})
}

func (v *validator) fail(at Span, code, message string)     { v.add(Error, at, code, message) }
func (v *validator) secure(at Span, code, message string)   { v.add(SecurityWarning, at, code, message) }
func (v *validator) warn(at Span, code, message string)     { v.add(Warning, at, code, message) }
func (v *validator) simplify(at Span, code, message string) { v.add(Suggestion, at, code, message) }

func (v *validator) document(text string) {
	if v.doc.Version.Value == "" {
		v.warn(v.doc.Span, "Missing version",
			`Add "Version": "2012-10-17"; without it the policy is read in the language of 2008, without variables.`)
	}
	v.size(text)
	v.characters(text)
	v.sids()
	for i := range v.doc.Statements {
		v.statement(&v.doc.Statements[i])
	}
	v.redundantStatements()
}

// characters finds the first character that IAM does not store.
func (v *validator) characters(text string) {
	if v.kind == TypeResource || v.kind == TypeSCP || v.kind == TypeRCP {
		return
	}
	for i, c := range text {
		if c > 0xFF || c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			at := newRuler(text).position(i)
			v.fail(Span{at, at}, "Unsupported character",
				"Remove "+quote(string(c))+"; IAM stores only the characters up to U+00FF.")
			return
		}
	}
}

func (v *validator) sids() {
	seen := map[string]bool{}
	for i := range v.doc.Statements {
		s := &v.doc.Statements[i]
		sid := s.Sid.Value
		switch {
		case !s.HasSid:
			continue
		case sid == "":
			v.simplify(s.Sid.Span, "Empty Sid value", "Give the statement a name, or remove the empty Sid.")
			continue
		case v.kind != TypeResource && !isAlphanumeric(sid):
			v.fail(s.Sid.Span, "Unsupported Sid", "Use only letters A to Z, a to z and digits in "+quote(sid)+".")
		}
		if seen[sid] && v.kind == TypeResource {
			v.warn(s.Sid.Span, "Unique Sids recommended", "Give this statement another Sid; "+quote(sid)+" is used above.")
		} else if seen[sid] {
			v.fail(s.Sid.Span, "Unique Sids required", "Give this statement another Sid; "+quote(sid)+" is used above.")
		}
		seen[sid] = true
	}
}

func isAlphanumeric(s string) bool {
	for i := range len(s) {
		if c := lowerByte(s[i]); !isDigit(c) && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

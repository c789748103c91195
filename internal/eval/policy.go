package eval

import "fmt"

// Policy is a compiled document. It never changes after Compile, so one Policy can
// serve any number of decisions at once, in any layer.
type Policy struct {
	index      index
	joint      *joint // with other policies; nil when it stands alone
	name       string
	text       string
	document   *Document
	statements []statement
}

// Compile reads a policy text and prepares it for deciding. The name is what
// explanations call it. The errors are those of Parse, with the name before them; a
// statement that is well formed but holds something unknown, such as an operator AWS
// does not have, compiles: as an Allow it never matches, and as a Deny it makes every
// decision that it may concern an error.
func Compile(name string, document []byte) (*Policy, error) {
	doc, err := Parse(document)
	if err != nil {
		return nil, fmt.Errorf("policy %q: %w", name, err)
	}
	p := &Policy{name: name, text: string(document), document: doc, statements: make([]statement, len(doc.Statements))}
	for i := range doc.Statements {
		p.statements[i] = compileStatement(&doc.Statements[i], doc.variables())
		if fault := p.statements[i].fault; fault != nil {
			fault.Policy, fault.Statement, fault.Sid = name, i, doc.Statements[i].Sid.Value
		}
	}
	p.index = newIndex(p.pointers())
	return p, nil
}

// Name returns the name the policy was compiled with.
func (p *Policy) Name() string { return p.name }

// Text returns the text the policy was compiled from.
func (p *Policy) Text() string { return p.text }

// Document returns the document as written. It must not be changed.
func (p *Policy) Document() *Document { return p.document }

// statement is a compiled statement.
type statement struct {
	// What nearly every decision about the statement reads stands first.
	deny       bool
	named      bool // it has a Principal element
	placed     bool // it has a Resource element
	negated    struct{ action, resource bool }
	fault      *UnreadableError // why the conditions cannot be read; nil when they can
	conditions []condition
	actions    []actionPattern
	principals []principalPattern
	resources  []resourcePattern
	source     *Statement
}

func compileStatement(s *Statement, variables bool) statement {
	c := statement{source: s, deny: s.Effect == Deny, named: s.Principal.Present(), placed: s.Resource.Present()}
	c.negated.action, c.negated.resource = s.Action.Negated(), s.Resource.Negated()
	c.actions = compileActions(s.Action.Values)
	for i := range s.Principal.Entries {
		c.principals = append(c.principals, compilePrincipal(&s.Principal.Entries[i]))
	}
	c.resources = make([]resourcePattern, 0, len(s.Resource.Values))
	for _, v := range s.Resource.Values {
		c.resources = append(c.resources, compileResource(v.Value, variables))
	}
	for i := range s.Conditions {
		compiled := compileCondition(&s.Conditions[i], variables)
		if c.fault == nil {
			c.fault = compiled.fault
		}
		c.conditions = append(c.conditions, compiled)
	}
	return c
}

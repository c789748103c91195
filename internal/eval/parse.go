package eval

import "errors"

// Parse reads a policy text. It is strict: a key written twice, a key repeated in
// another case, an unknown element or a value of the wrong type is an error, because
// each of them could make the document say something else than it seems to say. What
// only makes a document useless or unwise is left to Validate. Errors are *SyntaxError.
func Parse(text []byte) (*Document, error) {
	doc, findings := readDocument(string(text))
	for _, f := range findings {
		if f.Severity == Error {
			return nil, &SyntaxError{Line: f.Start.Line, Column: f.Start.Column, Message: f.Message}
		}
	}
	return doc, nil
}

// readDocument reads as much of the text as can be understood and says what is wrong
// with the rest, in the order of the text.
func readDocument(text string) (*Document, []Finding) {
	r := &reader{ruler: newRuler(text)}
	doc := &Document{}
	root, err := scanJSON(text)
	if syntax, ok := errors.AsType[*jsonError](err); ok {
		at := r.position(syntax.offset)
		r.findings = append(r.findings, Finding{Error, "Json syntax error", syntax.Error(), Span{at, at}})
		return doc, r.findings
	}
	r.document(&root, doc)
	return doc, r.findings
}

// reader turns a JSON tree into a document.
type reader struct {
	*ruler
	findings []Finding
}

func (r *reader) report(n *node, code, message string) {
	r.findings = append(r.findings, Finding{Error, code, message, r.span(n)})
}

func (r *reader) suggest(n *node, code, message string) {
	r.findings = append(r.findings, Finding{Suggestion, code, message, r.span(n)})
}

func (r *reader) document(n *node, doc *Document) {
	var statement *node
	for m := range r.members(n, "A policy") {
		switch m.name.text {
		case "Version":
			doc.Version = r.version(&m.value)
		case "Id":
			doc.ID = r.text(&m.value, "Id")
		case "Statement":
			statement = &m.value
		default:
			r.unknown(m, "Version, Id and Statement")
		}
	}
	if n.kind != objectNode {
		return
	}
	doc.Span = r.span(n)
	if statement == nil {
		r.report(n, "Missing statement", "Add a Statement element; without one the policy says nothing.")
		return
	}
	r.statements(statement, doc)
}

func (r *reader) version(n *node) Text {
	t := r.text(n, "Version")
	if n.kind == stringNode && t.Value != "2012-10-17" && t.Value != "2008-10-17" {
		r.report(n, "Invalid version", `Write "Version": "2012-10-17"; it names the language, not the day.`)
	}
	return t
}

func (r *reader) statements(n *node, doc *Document) {
	items := n.items
	if n.kind == objectNode {
		items = []node{*n}
	} else if n.kind != arrayNode {
		r.mismatch(n, "Statement", "an object or a list of objects")
	}
	for i := range items {
		s := Statement{Index: i, Span: r.span(&items[i])}
		r.statement(&items[i], &s)
		doc.Statements = append(doc.Statements, s)
	}
}

// members yields the members of an object, each name once. Repetitions are reported
// and left out.
func (r *reader) members(n *node, what string) func(func(*member) bool) {
	return func(yield func(*member) bool) {
		if n.kind != objectNode {
			r.mismatch(n, what, "an object")
			return
		}
		seen := make(map[string]string, len(n.members))
		for i := range n.members {
			m := &n.members[i]
			folded := foldKey(m.name.text)
			first, again := seen[folded]
			switch {
			case !again:
				seen[folded] = m.name.text
				if !yield(m) {
					return
				}
			case first == m.name.text:
				r.report(&m.name, "Duplicate JSON key", "Remove one of the two "+quote(first)+"; only one can count.")
			default:
				r.report(&m.name, "Duplicate keys with different case",
					"Remove "+quote(first)+" or "+quote(m.name.text)+"; names that differ only in case are the same.")
			}
		}
	}
}

func (r *reader) text(n *node, what string) Text {
	if n.kind != stringNode {
		r.mismatch(n, what, "a string")
	}
	return Text{Value: n.text, Span: r.span(n)}
}

func (r *reader) mismatch(n *node, what, want string) {
	r.report(n, "Data type mismatch", what+" must be "+want+", not "+n.kind.String()+".")
}

func (r *reader) unknown(m *member, known string) {
	r.report(&m.name, "Invalid policy element",
		"Remove "+quote(m.name.text)+" or correct its spelling; the elements here are "+known+".")
}

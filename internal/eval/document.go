package eval

// Document is a policy as written: every element with its place in the text, nothing
// interpreted. A Document is built by Parse and not changed afterwards.
type Document struct {
	Version    Text // empty when absent, which means 2008-10-17
	ID         Text
	Statements []Statement
	Span       Span
}

// Text is a scalar of the document and where it stands. Numbers and booleans are
// their text.
type Text struct {
	Value string
	Span  Span
}

// Effect is what a statement does when it matches.
type Effect string

// The two effects. AWS compares them with case.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Statement is one statement of a document.
type Statement struct {
	Index      int // from 0, in the order of the text
	Sid        Text
	HasSid     bool // tells an empty Sid from none
	Effect     Effect
	Principal  PrincipalElement
	Action     Element
	Resource   Element
	Conditions []Condition
	Condition  Span // the whole Condition element; zero when absent
	Span       Span
}

// Element is an Action or Resource element, plain or negated. It is absent when Name
// is empty.
type Element struct {
	Name   string // Action, NotAction, Resource or NotResource
	Values []Text
	Span   Span // the value, without its name
}

// Present reports whether the statement has the element.
func (e *Element) Present() bool { return e.Name != "" }

// Negated reports whether the element is NotAction or NotResource.
func (e *Element) Negated() bool { return len(e.Name) > 3 && e.Name[:3] == "Not" }

// PrincipalElement is a Principal or NotPrincipal element. It is absent when Name is empty.
type PrincipalElement struct {
	Name    string // Principal or NotPrincipal
	Entries []PrincipalEntry
	Listed  bool // tells lists without entries from none
	Span    Span
}

// Present reports whether the statement has the element.
func (p *PrincipalElement) Present() bool { return p.Name != "" }

// Negated reports whether the element is NotPrincipal.
func (p *PrincipalElement) Negated() bool { return p.Name == "NotPrincipal" }

// PrincipalEntry is one principal. Kind is AWS, Service, Federated or CanonicalUser;
// the plain "*" has kind "*".
type PrincipalEntry struct {
	Kind  string
	Value Text
}

// Condition is one operator with one key and its values. The conditions of a
// statement are joined by "and", the values of one condition by "or".
type Condition struct {
	Operator Text
	Key      Text
	Values   []Text
	Span     Span // from the key to the end of its values
}

// variables reports whether ${...} has a meaning in the document.
func (d *Document) variables() bool { return d.Version.Value == "2012-10-17" }

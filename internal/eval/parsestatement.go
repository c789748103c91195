package eval

import "strconv"

func (r *reader) statement(n *node, s *Statement) {
	var effect *node
	for m := range r.members(n, "A statement") {
		switch name := m.name.text; name {
		case "Sid":
			s.Sid, s.HasSid = r.text(&m.value, name), true
		case "Effect":
			effect = &m.value
		case "Principal", "NotPrincipal":
			if r.single(m, s.Principal.Name) {
				s.Principal = r.principal(name, &m.value)
			}
		case "Action", "NotAction":
			if r.single(m, s.Action.Name) {
				s.Action = r.element(name, &m.value)
			}
		case "Resource", "NotResource":
			if r.single(m, s.Resource.Name) {
				s.Resource = r.element(name, &m.value)
			}
		case "Condition":
			s.Condition = r.span(&m.value)
			r.conditions(&m.value, s)
		default:
			r.unknown(m, "Sid, Effect, Principal, Action, Resource, Condition and their Not forms")
		}
	}
	if n.kind != objectNode {
		return
	}
	s.Effect = r.effect(effect, n)
	if !s.Action.Present() {
		r.report(n, "Missing action", "Add an Action or NotAction element; without one the statement is about nothing.")
	}
}

// single reports whether the element is the first of its pair, such as Action and NotAction.
func (r *reader) single(m *member, present string) bool {
	if present == "" {
		return true
	}
	r.report(&m.name, "Unsupported element combination",
		"Keep either "+present+" or "+m.name.text+"; a statement cannot have both.")
	return false
}

func (r *reader) effect(n, statement *node) Effect {
	if n == nil {
		r.report(statement, "Missing effect", `Add "Effect": "Allow" or "Effect": "Deny".`)
		return ""
	}
	effect := Effect(r.text(n, "Effect").Value)
	if n.kind == stringNode && effect != Allow && effect != Deny {
		r.report(n, "Invalid effect", "Write Allow or Deny, with this capital letter, instead of "+quote(n.text)+".")
	}
	return effect
}

func (r *reader) element(name string, n *node) Element {
	return Element{Name: name, Values: r.strings(n, name), Span: r.span(n)}
}

// strings reads a string or a list of strings. An empty list is not nil; a value of
// another type is.
func (r *reader) strings(n *node, what string) []Text {
	if n.kind == stringNode {
		return []Text{r.text(n, what)}
	}
	if n.kind != arrayNode {
		r.mismatch(n, what, "a string or a list of strings")
		return nil
	}
	values := make([]Text, 0, len(n.items))
	for i := range n.items {
		values = append(values, r.text(&n.items[i], "Each entry of "+what))
	}
	return values
}

func (r *reader) principal(name string, n *node) PrincipalElement {
	p := PrincipalElement{Name: name, Span: r.span(n)}
	if n.kind == stringNode {
		if n.text != "*" {
			r.report(n, "Invalid principal format", `Write "*", or name the kind, such as {"AWS": `+quote(n.text)+`}.`)
		}
		p.Entries = []PrincipalEntry{{Kind: "*", Value: r.text(n, name)}}
		return p
	}
	for m := range r.members(n, name) {
		switch kind := m.name.text; kind {
		case "AWS", "Service", "Federated", "CanonicalUser":
			p.Listed = true
			for _, v := range r.strings(&m.value, kind) {
				p.Entries = append(p.Entries, PrincipalEntry{Kind: kind, Value: v})
			}
		default:
			r.report(&m.name, "Invalid principal key",
				"Write AWS, Service, Federated or CanonicalUser instead of "+quote(kind)+".")
		}
	}
	return p
}

func (r *reader) conditions(n *node, s *Statement) {
	for op := range r.members(n, "Condition") {
		for key := range r.members(&op.value, "The operator "+quote(op.name.text)) {
			c := Condition{Operator: r.text(&op.name, ""), Key: r.text(&key.name, "")}
			c.Values = r.scalars(&key.value, key.name.text)
			c.Span = Span{Start: c.Key.Span.Start, End: r.position(key.value.end)}
			s.Conditions = append(s.Conditions, c)
		}
		if op.value.kind == objectNode && len(op.value.members) == 0 {
			r.suggest(&op.value, "Empty object condition", "Remove the operator "+quote(op.name.text)+"; it tests nothing.")
		}
	}
	if n.kind == objectNode && len(n.members) == 0 {
		r.suggest(n, "Empty object condition", "Remove the empty Condition; it tests nothing.")
	}
}

// scalars reads the values of a condition key: strings, numbers and booleans, alone or in a list.
func (r *reader) scalars(n *node, key string) []Text {
	items := n.items
	if n.kind != arrayNode {
		items = []node{*n}
	}
	var values []Text
	for i := range items {
		if item := &items[i]; item.kind == stringNode || item.kind == numberNode || item.kind == boolNode {
			values = append(values, Text{Value: item.text, Span: r.span(item)})
		} else {
			r.mismatch(item, "A value of "+quote(key), "a string, a number or a boolean")
		}
	}
	return values
}

func quote(s string) string { return strconv.Quote(s) }

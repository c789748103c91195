package eval

import (
	"slices"
	"strings"
)

// condition holds one condition against the request.
func (x *explainer) condition(source *Condition, c *condition) ElementTrace {
	t := ElementTrace{
		Element: "Condition", Operator: source.Operator.Value, Key: source.Key.Value,
		Covers: texts(source.Values), Span: source.Span,
	}
	v := x.in.Context.lookup(c.key)
	t.Asked, t.Absent = slices.Clone(v.values()), v == nil
	if c.fault != nil {
		t.Match, t.Note = Unreadable, c.fault.Message
		return t
	}
	t.Match = matchOf(c.holds(&x.ctx))
	for i := range c.operands {
		if c.op.compare.variables() {
			t.Covers[i] = c.operands[i].text.expand(source.Values[i].Value, &x.ctx)
		}
	}
	t.Hit, t.Note = x.hit(c, v, t.Covers), x.note(c, v)
	return t
}

// hit returns the first operand that a value of the request matches.
func (x *explainer) hit(c *condition, v *contextValue, covers []string) string {
	if c.op.set == noSet && v != nil && v.many() {
		return ""
	}
	for i := range c.operands {
		for _, value := range v.values() {
			if !x.ctx.spend(c.op.compare.steps(value)) {
				return ""
			}
			if c.operands[i].matches(value, c.op, &x.ctx) {
				return covers[i]
			}
		}
	}
	return ""
}

// note says what the values alone do not.
func (x *explainer) note(c *condition, v *contextValue) string {
	switch {
	case c.op.compare == isNull && v != nil && v.null():
		return "an empty value counts as absent"
	case c.op.compare == isNull:
		return ""
	case v == nil:
		return c.missingNote()
	case c.op.set == forAllValues && v.null():
		return "ForAllValues passes an empty set"
	case c.op.set == forAnyValue && v.null():
		return "ForAnyValue finds nothing in an empty set"
	case c.op.set == noSet && v.many():
		return "a key with a list of values needs ForAnyValue or ForAllValues; plain operators never match it"
	}
	for i := range c.operands {
		if note := unsetNote(&c.operands[i].text, &x.ctx); note != "" {
			return note
		}
	}
	return c.valueNote(v.values())
}

func (c *condition) missingNote() string {
	switch {
	case c.op.ifExists:
		return "the request does not carry the key, and IfExists passes that"
	case c.op.set == forAllValues:
		return "the request does not carry the key, and ForAllValues passes that"
	case c.op.set == noSet && c.op.negated:
		return "the request does not carry the key, and a negated operator passes that"
	}
	return "the request does not carry the key"
}

// valueNote says which value of the request is not of the operator's type.
func (c *condition) valueNote(values []string) string {
	for _, v := range values {
		var ok bool
		var want string
		switch c.op.compare {
		case numericOrder:
			_, ok = parseDecimal(v)
			want = "a number"
		case dateOrder:
			_, ok = parseInstant(v)
			want = "a date"
		case ipInRange:
			_, ok = parseIP(v)
			want = "an IP address"
		case boolEquals:
			_, ok = parseBool(v)
			want = "true or false"
		case arnLike:
			ok, want = isARN(v), "an ARN"
		default:
			ok = true
		}
		if !ok {
			return "the value " + quote(v) + " is not " + want
		}
	}
	return ""
}

// maxExpanded is how long a text may become by the values of its variables.
const maxExpanded = 8 << 10

// expand writes the text with the values of its variables put in. A variable without
// value stays as it is written, and so does a text without variables, or one that would
// become very long.
func (p *pattern) expand(text string, ctx *Context) string {
	var b strings.Builder
	hasVariable := false
	for i, c := range p.chunks {
		if i > 0 {
			b.WriteByte('*')
		}
		for j := range c {
			v, known := c[j].value(ctx)
			switch kind := c[j].kind; {
			case kind == anyOne || kind == fieldOne:
				b.WriteByte('?')
			case known:
				if b.WriteString(v); b.Len() > maxExpanded {
					return text
				}
			default:
				b.WriteString("${" + c[j].text + "}")
			}
			hasVariable = hasVariable || c[j].kind == variable
		}
	}
	if !hasVariable {
		return text
	}
	return b.String()
}

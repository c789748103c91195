package eval

// condition is a compiled condition: one operator, one key, its values.
type condition struct {
	op       operator
	key      string // folded
	operands []operand
	fault    *UnreadableError // why it cannot be read; nil when it can
}

// holds reports whether the condition is met.
func (c *condition) holds(ctx *Context) bool {
	v := ctx.lookup(c.key)
	if c.op.compare == isNull {
		return c.holdsNull(v == nil || v.null())
	}
	if v == nil {
		return c.holdsMissing()
	}
	switch c.op.set {
	case forAllValues:
		return v.null() || c.all(v.values(), ctx)
	case forAnyValue:
		return !v.null() && c.any(v.values(), ctx)
	default:
		// A plain operator does not compare a multi-valued key, negated or not.
		return !v.many() && c.test(v.one[0], ctx)
	}
}

// holdsNull: the value true asks for an absent key, false for a present one.
func (c *condition) holdsNull(absent bool) bool {
	for i := range c.operands {
		if c.operands[i].flag == absent {
			return true
		}
	}
	return false
}

// holdsMissing is the answer for a key that the request does not carry.
func (c *condition) holdsMissing() bool {
	switch {
	case c.op.ifExists, c.op.set == forAllValues:
		return true
	case c.op.set == forAnyValue:
		return false
	}
	return c.op.negated
}

// test compares one value of the request: it has to match one of the operands, or
// none of them if the operator is negated.
func (c *condition) test(value string, ctx *Context) bool {
	for i := range c.operands {
		if i > 0 && !ctx.spend(c.op.compare.steps(value)) {
			break
		}
		if c.operands[i].matches(value, c.op, ctx) {
			return !c.op.negated
		}
	}
	return c.op.negated
}

func (c *condition) all(values []string, ctx *Context) bool {
	for _, v := range values {
		if !ctx.spend(c.op.compare.steps(v)) || !c.test(v, ctx) {
			return false
		}
	}
	return true
}

func (c *condition) any(values []string, ctx *Context) bool {
	for _, v := range values {
		if ctx.spend(c.op.compare.steps(v)) && c.test(v, ctx) {
			return true
		}
	}
	return false
}

// compileCondition reads a condition of a document.
func compileCondition(c *Condition, variables bool) condition {
	op, ok := readOperator(c.Operator.Value)
	compiled := condition{op: op, key: foldKey(c.Key.Value)}
	if !ok {
		compiled.fault = unreadable(c.Operator.Span, "the operator "+quote(c.Operator.Value)+" does not exist")
		return compiled
	}
	for _, v := range c.Values {
		o, err := readOperand(v.Value, op, variables)
		if err != nil {
			compiled.fault = unreadable(v.Span, quote(v.Value)+" cannot be used with "+c.Operator.Value+": "+err.Error())
			return compiled
		}
		compiled.operands = append(compiled.operands, o)
	}
	return compiled
}

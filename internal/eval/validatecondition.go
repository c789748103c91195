package eval

import (
	"slices"
	"strings"
)

func (v *validator) condition(s *Statement, c *Condition) {
	op, ok := readOperator(c.Operator.Value)
	if !ok {
		v.unknownOperator(c)
		return
	}
	v.conditionKey(c)
	if len(c.Values) == 0 {
		v.emptyValues(c, op)
		return
	}
	known, _ := v.keyType(c.Key.Value)
	v.qualifier(s, c, op, known)
	if op.compare == boolEquals && len(c.Values) > 1 {
		v.fail(c.Span, "Invalid condition multiple Boolean", "Keep one value; true and false together test nothing.")
	}
	for i := range c.Values {
		v.conditionValue(c, op, &c.Values[i])
	}
	if known != "" && !known.comparesWith(op) {
		v.warn(c.Operator.Span, "Type mismatch",
			"Use a "+known.operators()+" operator for "+c.Key.Value+" instead of "+c.Operator.Value+".")
	}
	v.emptyMeaning(c, op)
	v.addresses(c, op)
	v.bounds(c, op)
}

func (v *validator) unknownOperator(c *Condition) {
	name := strings.ToLower(c.Operator.Value)
	if strings.HasSuffix(name, "ifexists") {
		name = name[strings.LastIndexByte(name, ':')+1:]
		if name == "nullifexists" {
			v.fail(c.Operator.Span, "Null with if exists", "Remove IfExists; Null itself tests whether the key exists.")
			return
		}
	}
	v.fail(c.Operator.Span, "Invalid condition operator",
		"Use an operator that exists instead of "+quote(c.Operator.Value)+", such as StringEquals, ArnLike or Bool.")
}

func (v *validator) emptyValues(c *Condition, op operator) {
	code := "Empty array condition"
	switch {
	case op.set == forAllValues:
		code += " ForAllValues"
	case op.set == forAnyValue:
		code += " ForAnyValue"
	case op.ifExists:
		code += " IfExists"
	}
	v.simplify(c.Span, code, "Give "+c.Key.Value+" a value, or test with Null whether it is there.")
}

// conditionKey checks the key itself.
func (v *validator) conditionKey(c *Condition) {
	prefix, name, ok := strings.Cut(c.Key.Value, ":")
	_, known := v.keyType(c.Key.Value)
	switch {
	case !ok || prefix == "" || name == "":
		v.fail(c.Key.Span, "Invalid condition key format", "Write the key as SERVICE:NAME, such as aws:SourceIp.")
	case strings.HasSuffix(name, "/") && known:
		v.fail(c.Key.Span, "Missing tag key in condition", "Name a tag after the slash.")
	case known:
	case strings.EqualFold(c.Key.Value, "aws:ARN"):
		v.fail(c.Key.Span, "Unsupported global condition key", "Use aws:PrincipalArn for the caller, or aws:SourceArn for what it acts for.")
	case strings.EqualFold(prefix, "aws"):
		v.fail(c.Key.Span, "Invalid global condition key", "Correct "+quote(c.Key.Value)+"; AWS has no such key.")
	case v.catalog.ConditionKey != nil && v.catalog.Actions != nil && v.hasService(prefix):
		v.fail(c.Key.Span, "Invalid service condition key", "Correct "+quote(c.Key.Value)+"; the service has no such key.")
	}
}

// qualifier checks whether the operator asks for a set where the key is one.
func (v *validator) qualifier(s *Statement, c *Condition, op operator, known keyType) {
	switch {
	case op.compare == isNull && op.set != noSet:
		v.simplify(c.Operator.Span, "Null with qualifier", "Write Null; the set operator changes nothing.")
	case known == "" || op.compare == isNull:
	case known.many() && op.set == noSet:
		v.fail(c.Operator.Span, "Missing qualifier",
			"Put ForAnyValue: or ForAllValues: before the operator; "+c.Key.Value+" has a list of values.")
	case !known.many() && op.set == forAllValues && s.Effect == Allow:
		v.secure(c.Operator.Span, "ForAllValues with single valued key",
			"Remove ForAllValues:; it allows the request when "+c.Key.Value+" is missing.")
	}
}

// conditionValue checks one value against the type of the operator.
func (v *validator) conditionValue(c *Condition, op operator, t *Text) {
	if !op.compare.variables() && strings.Contains(t.Value, "${") {
		v.fail(t.Span, "Invalid variable for operator", "Write a fixed value; "+c.Operator.Value+" does not read variables.")
		return
	}
	if op.compare.variables() && !v.variable(t) {
		return
	}
	if _, err := readOperand(t.Value, op, v.doc.variables()); err != nil {
		v.valueType(c, op, t)
		return
	}
	plain := strings.NewReplacer("${*}", "", "${?}", "").Replace(t.Value)
	switch {
	case (op.compare == stringEquals || op.compare == stringEqualsIgnoreCase) && hasWildcard(plain):
		v.warn(t.Span, "Wildcard without like operator",
			"Use StringLike for a pattern, or ${*} for a star itself; "+c.Operator.Value+" compares it as a character.")
	case op.compare == dateOrder && len(t.Value) == 4 && allDigits(t.Value):
		v.warn(t.Span, "Invalid date value", "Write the year as "+t.Value+"-01-01; four digits count as seconds since 1970.")
	}
	v.networkNames(c, op, t)
}

func (v *validator) valueType(c *Condition, op operator, t *Text) {
	switch op.compare {
	case numericOrder:
		v.warn(t.Span, "Type mismatch number", "Write a number instead of "+quote(t.Value)+".")
	case dateOrder:
		v.warn(t.Span, "Type mismatch date", "Write a date such as 2026-01-31T12:00:00Z instead of "+quote(t.Value)+".")
	case boolEquals, isNull:
		v.warn(t.Span, "Type mismatch Boolean", "Write true or false instead of "+quote(t.Value)+".")
	case ipInRange:
		v.fail(t.Span, "Type mismatch IP range",
			"Write an address or a range such as 203.0.113.0/24 instead of "+quote(t.Value)+".")
	default:
		v.warn(t.Span, "Type mismatch", quote(t.Value)+" is nothing that "+c.Operator.Value+" can compare; check its form.")
	}
}

// networkNames checks the ids of networks.
func (v *validator) networkNames(c *Condition, op operator, t *Text) {
	if op.compare != stringEquals && op.compare != stringEqualsIgnoreCase || strings.Contains(t.Value, "${") {
		return
	}
	switch foldKey(c.Key.Value) {
	case "aws:requestedregion":
		if !isRegion(lowerASCII(t.Value)) && t.Value != "aws-global" && !hasWildcard(t.Value) {
			v.fail(t.Span, "Invalid Region", "Write a Region such as eu-west-1 instead of "+quote(t.Value)+".")
		}
	case "aws:sourcevpc":
		if !strings.HasPrefix(t.Value, "vpc-") {
			v.fail(t.Span, "Invalid vpc format", "Write the id of a VPC, such as vpc-1a2b3c4d.")
		}
	case "aws:sourcevpce":
		if !strings.HasPrefix(t.Value, "vpce-") {
			v.fail(t.Span, "Invalid vpce format", "Write the id of a VPC endpoint, such as vpce-1a2b3c4d.")
		}
	}
}

// emptyMeaning finds patterns that only test whether the key is there.
func (v *validator) emptyMeaning(c *Condition, op operator) {
	star := slices.ContainsFunc(c.Values, func(t Text) bool { return t.Value == "*" })
	if op.compare != stringLike || !star || op.set != noSet || op.ifExists {
		return
	}
	if op.negated {
		v.simplify(c.Span, "Equivalent to null true", `Write "Null": {`+quote(c.Key.Value)+`: "true"}; it says the same.`)
	} else {
		v.simplify(c.Span, "Equivalent to null false", `Write "Null": {`+quote(c.Key.Value)+`: "false"}; it says the same.`)
	}
}

// addresses checks ranges of IP addresses.
func (v *validator) addresses(c *Condition, op operator) {
	if op.compare != ipInRange {
		return
	}
	private := 0
	for _, t := range c.Values {
		n, ok := parseNetwork(t.Value)
		if !ok {
			continue
		}
		if n.Addr().IsPrivate() && foldKey(c.Key.Value) == "aws:sourceip" {
			private++
		}
		if address, _, ranged := strings.Cut(t.Value, "/"); ranged {
			if ip, ok := parseIP(address); ok && ip != n.Addr() {
				v.simplify(t.Span, "Improve IP range", "Write "+n.String()+"; the bits after the prefix are ignored.")
			}
		}
	}
	code := "Private IP address"
	if op.negated {
		code = "Private NotIpAddress"
	}
	switch {
	case private == 0:
	case private == len(c.Values):
		v.fail(c.Span, code, "Use public addresses, or aws:VpcSourceIp; aws:SourceIp never holds a private one.")
	default:
		v.simplify(c.Span, code+" subset", "Remove the private addresses; aws:SourceIp never holds one.")
	}
}

// bounds finds several limits where only one can count.
func (v *validator) bounds(c *Condition, op operator) {
	if op.order&equal == op.order || len(c.Values) < 2 {
		return
	}
	v.simplify(c.Span, "Redundant condition value num", "Keep the widest of the values; any one that fits is enough.")
}

package reference

import "strings"

// conditions reports whether all conditions of a statement hold, and whether all of them
// can be read.
func (q *question) conditions(s map[string]any, variables bool) (holds, readable bool) {
	holds, readable = true, true
	operators, _ := s["Condition"].(map[string]any)
	for name, keys := range operators {
		op, known := readOperator(name)
		tests, _ := keys.(map[string]any)
		for key, values := range tests {
			if !known {
				return false, false
			}
			for value := range texts(values) {
				readable = readable && q.canRead(op.compare, value, variables)
			}
			holds = holds && readable && q.holds(op, q.value(key), values, variables)
		}
	}
	return holds, readable
}

// operator is ForAnyValue:StringNotEqualsIfExists, taken apart.
type operator struct {
	all, any, negated, ifExists bool
	compare                     string // the operator that is negated, without its extras, in lower case
}

func readOperator(name string) (operator, bool) {
	var op operator
	rest := strings.ToLower(name)
	if after, ok := strings.CutPrefix(rest, "forallvalues:"); ok {
		op.all, rest = true, after
	} else if after, ok := strings.CutPrefix(rest, "foranyvalue:"); ok {
		op.any, rest = true, after
	}
	rest, op.ifExists = strings.CutSuffix(rest, "ifexists")
	op.compare = strings.Replace(rest, "not", "", 1)
	op.negated = op.compare != rest
	switch rest {
	case "stringequals", "stringnotequals", "stringequalsignorecase", "stringnotequalsignorecase", "stringlike",
		"stringnotlike", "arnequals", "arnnotequals", "arnlike", "arnnotlike", "ipaddress", "notipaddress", "bool",
		"binaryequals":
		return op, true
	case "null":
		return op, !op.ifExists
	}
	after, numeric := strings.CutPrefix(rest, "numeric")
	if !numeric {
		after, numeric = strings.CutPrefix(rest, "date")
	}
	switch after {
	case "equals", "notequals", "lessthan", "lessthanequals", "greaterthan", "greaterthanequals":
		return op, numeric
	}
	return op, false
}

// holds tests a key of the request, nil if it has none, against the values of a policy.
func (q *question) holds(op operator, value, wanted any, variables bool) bool {
	list, many := value.([]string)
	single, one := value.(string)
	if one {
		list = []string{single}
	}
	empty := strings.Join(list, "") == ""
	matches := func(v string) bool {
		hit := some(wanted, func(w string) bool { return q.matches(op.compare, v, w, variables) })
		return hit != op.negated
	}
	switch {
	case op.compare == "null":
		return some(wanted, func(w string) bool { return strings.EqualFold(w, "true") == (value == nil || empty) })
	case value == nil:
		return op.ifExists || op.all || op.negated && !op.any
	case op.all:
		return empty || !someText(list, func(v string) bool { return !matches(v) })
	case op.any:
		return !empty && someText(list, matches)
	}
	return !many && matches(single)
}

func someText(list []string, test func(string) bool) bool {
	for _, v := range list {
		if test(v) {
			return true
		}
	}
	return false
}

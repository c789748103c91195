package eval

import "strings"

// operator is a condition operator taken apart: ForAnyValue:StringNotLikeIfExists is
// the set operator ForAnyValue, the comparison StringLike, negated, with IfExists.
type operator struct {
	set      setOperator
	compare  comparison
	order    order // for numbers and dates
	negated  bool
	ifExists bool
}

// setOperator says how a multi-valued key is compared.
type setOperator uint8

const (
	noSet setOperator = iota
	forAllValues
	forAnyValue
)

// comparison is how one value of the request is compared with one value of the policy.
type comparison uint8

const (
	unknownComparison comparison = iota
	stringEquals
	stringEqualsIgnoreCase
	stringLike
	numericOrder
	dateOrder
	boolEquals
	binaryEquals
	ipInRange
	arnLike
	isNull
)

// order is a set of outcomes of a three-way comparison.
type order uint8

const (
	less order = 1 << iota
	equal
	greater
)

// admits reports whether the outcome of a compare function is in the set.
func (o order) admits(outcome int) bool {
	switch {
	case outcome < 0:
		return o&less != 0
	case outcome > 0:
		return o&greater != 0
	}
	return o&equal != 0
}

// readOperator reads the name of an operator, which AWS compares without case. An
// operator that AWS does not have, NullIfExists included, is not ok.
func readOperator(name string) (op operator, ok bool) {
	name = strings.ToLower(name)
	if rest, found := strings.CutPrefix(name, "forallvalues:"); found {
		op.set, name = forAllValues, rest
	} else if rest, found := strings.CutPrefix(name, "foranyvalue:"); found {
		op.set, name = forAnyValue, rest
	}
	if rest, found := strings.CutSuffix(name, "ifexists"); found {
		op.ifExists, name = true, rest
	}
	switch {
	case strings.HasPrefix(name, "numeric"):
		op.compare = numericOrder
		op.order, op.negated = readOrder(name[len("numeric"):])
	case strings.HasPrefix(name, "date"):
		op.compare = dateOrder
		op.order, op.negated = readOrder(name[len("date"):])
	default:
		op.compare, op.negated = readComparison(name)
	}
	ok = op.compare != unknownComparison
	if op.compare == numericOrder || op.compare == dateOrder {
		ok = op.order != 0
	}
	return op, ok && (op.compare != isNull || !op.ifExists)
}

func readOrder(name string) (o order, negated bool) {
	switch name {
	case "equals":
		return equal, false
	case "notequals":
		return equal, true
	case "lessthan":
		return less, false
	case "lessthanequals":
		return less | equal, false
	case "greaterthan":
		return greater, false
	case "greaterthanequals":
		return greater | equal, false
	}
	return 0, false
}

func readComparison(name string) (c comparison, negated bool) {
	switch name {
	case "stringequals":
		return stringEquals, false
	case "stringnotequals":
		return stringEquals, true
	case "stringequalsignorecase":
		return stringEqualsIgnoreCase, false
	case "stringnotequalsignorecase":
		return stringEqualsIgnoreCase, true
	case "stringlike":
		return stringLike, false
	case "stringnotlike":
		return stringLike, true
	case "arnequals", "arnlike":
		return arnLike, false
	case "arnnotequals", "arnnotlike":
		return arnLike, true
	case "ipaddress":
		return ipInRange, false
	case "notipaddress":
		return ipInRange, true
	case "bool":
		return boolEquals, false
	case "binaryequals":
		return binaryEquals, false
	case "null":
		return isNull, false
	}
	return unknownComparison, false
}

// steps is what a comparison with a value costs; for a pattern, what it costs at least.
func (c comparison) steps(value string) int {
	switch c {
	case dateOrder:
		return 48
	case numericOrder, ipInRange, binaryEquals:
		return 16 + len(value)/4
	default:
		return 8
	}
}

// variables reports whether the values of the comparison may hold ${...}.
func (c comparison) variables() bool {
	switch c {
	case stringEquals, stringEqualsIgnoreCase, stringLike, arnLike, boolEquals:
		return true
	default:
		return false
	}
}

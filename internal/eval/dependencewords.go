package eval

import (
	"slices"
	"strings"
)

// about reports whether two tests are conditions about the same key.
func (t *test) about(u *test) bool {
	return t.condition != nil && u.condition != nil && t.condition.key == u.condition.key
}

// holdsAbsent reports whether a condition holds for a request without its key.
func (c *condition) holdsAbsent() bool { return c.holds(&Context{}) }

// term puts a test into words, which need not say whether the key is there if another
// term says that it is.
func (t *test) term(want, present bool) Term {
	if t.condition == nil {
		e := &t.statement.source.Resource
		names, entries := t.variables()
		return Term{Key: names, Operator: e.Name, Values: entries, Holds: want,
			Words: names + fits(want != e.Negated()) + strings.Join(entries, " or ")}
	}
	c := t.condition
	term := Term{Key: t.source.Key.Value, Operator: t.source.Operator.Value, Values: texts(t.source.Values), Holds: want}
	term.Words = term.Key + " " + c.words(term.Values, want, present)
	return term
}

func fits(ok bool) string {
	if ok {
		return " fits "
	}
	return " does not fit "
}

// variables returns the variables of the resources, as they are written, and the entries
// that have any. The others never fit: a test that they decide makes no difference.
func (t *test) variables() (names string, entries []string) {
	var list []string
	for i, v := range t.statement.source.Resource.Values {
		before := len(entries)
		for _, c := range t.statement.resources[i].pattern.chunks {
			for j := range c {
				if c[j].kind != variable {
					continue
				}
				if name := "${" + spelled(c[j].text, t.texts()) + "}"; !slices.Contains(list, name) {
					list = append(list, name)
				}
				entries = append(entries[:before], v.Value)
			}
		}
	}
	return strings.Join(list, " and "), entries
}

// texts are the texts of the policy that a test is about.
func (t *test) texts() []Text {
	if t.condition == nil {
		return t.statement.source.Resource.Values
	}
	return append(slices.Clone(t.source.Values), t.source.Key)
}

// spelled returns a folded key as one of the texts writes it.
func spelled(folded string, among []Text) string {
	for _, t := range among {
		lower := strings.ToLower(t.Value)
		if i := strings.Index(lower, folded); i >= 0 && len(lower) == len(t.Value) {
			return t.Value[i : i+len(folded)]
		}
	}
	return folded
}

// words say after the name of a key that a condition holds, or that it does not.
func (c *condition) words(values []string, want, known bool) string {
	list := strings.Join(values, " or ")
	switch {
	case len(values) == 0:
		return "meets an empty list of values"
	case c.op.compare == isNull:
		if truthOf(want) == truthOf(c.operands[0].flag) {
			return "is absent"
		}
		return "is present"
	case c.op.set == forAllValues && want:
		return "has only values of which each " + c.op.verb(want != c.op.negated) + list
	case c.op.set == forAllValues:
		return "has a value that " + c.op.verb(want != c.op.negated) + list
	case c.op.set == forAnyValue && want:
		return "has a value that " + c.op.verb(want != c.op.negated) + list
	case c.op.set == forAnyValue:
		return "has no value that " + c.op.verb(!c.op.negated) + list
	}
	text := c.op.verb(want != c.op.negated) + list
	absent := c.holdsAbsent() == want
	present := want != c.op.negated || c.op.ordered() // what the words say so far
	switch {
	case known:
		return text
	case present && absent:
		return text + ", or is absent"
	case !present && !absent:
		return text + ", and is present"
	}
	return text
}

// verb says what an operator compares for, affirmed or denied.
func (op operator) verb(affirmed bool) string {
	verbs := [2]string{"is not ", "is "}
	switch op.compare {
	case stringLike, arnLike:
		verbs = [2]string{"is not like ", "is like "}
	case stringEqualsIgnoreCase:
		verbs = [2]string{"is not, in any case, ", "is, in any case, "}
	case ipInRange:
		verbs = [2]string{"is not in ", "is in "}
	case numericOrder, dateOrder:
		verbs = op.order.verbs(op.compare == dateOrder)
	default:
	}
	if affirmed {
		return verbs[1]
	}
	return verbs[0]
}

// ordered reports whether the operator asks for less or for more.
func (op operator) ordered() bool { return op.order&^equal != 0 }

// verbs are the words for an order, denied and affirmed.
func (o order) verbs(time bool) [2]string {
	words := map[order]string{less: "less than", greater: "greater than", less | equal: "at most", greater | equal: "at least"}
	if time {
		words = map[order]string{less: "before", greater: "after", less | equal: "not after", greater | equal: "not before"}
	}
	if o == equal {
		return [2]string{"is not ", "is "}
	}
	all := less | equal | greater
	return [2]string{"is " + words[all&^o] + " ", "is " + words[o] + " "}
}

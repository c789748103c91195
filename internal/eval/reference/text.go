package reference

import (
	"strings"
	"unicode/utf8"
)

// symbol is one character of a pattern, or a wildcard.
type symbol rune

const (
	anyRun symbol = -1 - iota
	anyOne
)

// glob reports whether the whole text is one that the pattern stands for.
func glob(pattern []symbol, text string) bool {
	if len(pattern) == 0 {
		return text == ""
	}
	r, size := utf8.DecodeRuneInString(text)
	switch pattern[0] {
	case anyRun:
		return glob(pattern[1:], text) || size > 0 && glob(pattern, text[size:])
	case anyOne:
		return size > 0 && glob(pattern[1:], text[size:])
	}
	return size > 0 && pattern[0] == symbol(r) && glob(pattern[1:], text[size:])
}

// wildcards reads a text in which * and ? have their meaning.
func wildcards(into []symbol, text string) []symbol {
	for _, r := range text {
		switch r {
		case '*':
			into = append(into, anyRun)
		case '?':
			into = append(into, anyOne)
		default:
			into = append(into, symbol(r))
		}
	}
	return into
}

func literally(into []symbol, text string) []symbol {
	for _, r := range text {
		into = append(into, symbol(r))
	}
	return into
}

// reading says what has a meaning in a text of a policy.
type reading struct{ wildcards, variables bool }

// state tells a text that has a value from one whose variable has none, and from one that
// cannot be read.
type state int

const (
	hasValue state = iota
	hasNoValue
	broken
)

// read puts the values of variables into a text. Characters of a value are literal.
func (q *question) read(into []symbol, text string, how reading) ([]symbol, state) {
	result := hasValue
	for text != "" {
		before, variable, found := strings.Cut(text, "${")
		if !how.variables || !found {
			before, variable = text, ""
		}
		if how.wildcards {
			into = wildcards(into, before)
		} else {
			into = literally(into, before)
		}
		if !how.variables || !found {
			break
		}
		name, fallback, rest, ok := cutVariable(variable)
		if !ok {
			return into, broken
		}
		value, known := q.variable(name)
		if !known && fallback != nil {
			value, known = *fallback, true
		}
		if !known {
			result = hasNoValue
		}
		into = literally(into, value)
		text = rest
	}
	return into, result
}

// cutVariable reads what follows "${": a name, perhaps a comma and a quoted default, a brace.
func cutVariable(text string) (name string, fallback *string, rest string, ok bool) {
	end := strings.IndexAny(text, ",}")
	if end <= 0 {
		return "", nil, "", false
	}
	name, rest = text[:end], text[end:]
	if after, found := strings.CutPrefix(rest, ","); found {
		after, found = strings.CutPrefix(strings.TrimLeft(after, " "), "'")
		value, after, closed := strings.Cut(after, "'")
		if !found || !closed {
			return "", nil, "", false
		}
		fallback, rest = &value, after
	}
	rest, ok = strings.CutPrefix(rest, "}")
	return name, fallback, rest, ok
}

// variable is the value of ${name}: of the key, if it is single-valued, or the character
// that has to be written so because it would have a meaning.
func (q *question) variable(name string) (string, bool) {
	if name == "*" || name == "?" || name == "$" {
		return name, true
	}
	value, ok := q.value(name).(string)
	return value, ok
}

// value finds a key of the request; names of keys have no case.
func (q *question) value(key string) any {
	for name, value := range q.Context {
		if strings.EqualFold(name, key) {
			return value
		}
	}
	return nil
}

package eval

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the nesting of a text. A policy needs seven levels.
const maxDepth = 32

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	stringNode
	arrayNode
	objectNode
)

func (k nodeKind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "an object"}[k]
}

// node is one JSON value and the bytes it covers. Unlike encoding/json it keeps the
// order of the members and their duplicates, because a repeated key in a policy must
// be refused rather than decided by whichever comes last.
type node struct {
	kind       nodeKind
	start, end int      // byte offsets; end is exclusive
	text       string   // a string's value; a number or boolean as written
	members    []member // of an object
	items      []node   // of a list
}

type member struct {
	name, value node
}

// jsonError is a syntax error at a byte offset.
type jsonError struct {
	offset  int
	message string
}

func (e *jsonError) Error() string { return e.message }

// scanner reads one JSON text (RFC 8259), nothing more: no comments, no trailing
// commas, no second value.
type scanner struct {
	text  string
	at    int
	depth int
}

func scanJSON(text string) (node, error) {
	s := &scanner{text: text}
	if at := invalidUTF8(text); at >= 0 {
		return node{}, s.fail(at, "the text is not valid UTF-8")
	}
	s.space()
	if s.at == len(text) {
		return node{}, s.fail(s.at, "the text is empty; a policy is a JSON object")
	}
	n, err := s.value()
	if err != nil {
		return node{}, err
	}
	s.space()
	if s.at < len(text) {
		return node{}, s.fail(s.at, "there is more text after the end of the document")
	}
	return n, nil
}

func invalidUTF8(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

func (s *scanner) fail(at int, format string, args ...any) error {
	return &jsonError{offset: at, message: fmt.Sprintf(format, args...)}
}

// peek returns the next byte, or 0 at the end, which is no legal byte of JSON either.
func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) space() {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
}

func (s *scanner) value() (node, error) {
	switch c := s.peek(); {
	case c == '{':
		return s.nested(s.object)
	case c == '[':
		return s.nested(s.array)
	case c == '"':
		return s.quoted()
	case c == '-' || isDigit(c):
		return s.number()
	default:
		return s.word()
	}
}

func (s *scanner) nested(read func() (node, error)) (node, error) {
	if s.depth++; s.depth > maxDepth {
		return node{}, s.fail(s.at, "the text is nested more than %d levels deep", maxDepth)
	}
	defer func() { s.depth-- }()
	return read()
}

func (s *scanner) object() (node, error) {
	n := node{kind: objectNode, start: s.at}
	s.at++
	for s.space(); s.peek() != '}' || len(n.members) > 0; s.space() {
		if s.peek() != '"' {
			return n, s.fail(s.at, "expected a name in double quotes")
		}
		name, err := s.quoted()
		if err != nil {
			return n, err
		}
		if s.space(); s.peek() != ':' {
			return n, s.fail(s.at, "expected a colon after %q", name.text)
		}
		s.at++
		s.space()
		value, err := s.value()
		if err != nil {
			return n, err
		}
		n.members = append(n.members, member{name, value})
		if s.space(); s.peek() == '}' {
			break
		}
		if s.peek() != ',' {
			return n, s.fail(s.at, "expected a comma or the closing } of the object")
		}
		s.at++
	}
	s.at++
	n.end = s.at
	return n, nil
}

func (s *scanner) array() (node, error) {
	n := node{kind: arrayNode, start: s.at}
	s.at++
	if s.space(); s.peek() == '"' { // a list of strings, most likely, so that its length can be told
		list, _, _ := strings.Cut(s.text[s.at:], "]")
		n.items = make([]node, 0, 1+strings.Count(list, ","))
	}
	for s.space(); s.peek() != ']' || len(n.items) > 0; s.space() {
		item, err := s.value()
		if err != nil {
			return n, err
		}
		n.items = append(n.items, item)
		if s.space(); s.peek() == ']' {
			break
		}
		if s.peek() != ',' {
			return n, s.fail(s.at, "expected a comma or the closing ] of the list")
		}
		s.at++
	}
	s.at++
	n.end = s.at
	return n, nil
}

func (s *scanner) word() (node, error) {
	for _, w := range []struct {
		text string
		kind nodeKind
	}{{"true", boolNode}, {"false", boolNode}, {"null", nullNode}} {
		if strings.HasPrefix(s.text[s.at:], w.text) {
			n := node{kind: w.kind, start: s.at, end: s.at + len(w.text), text: w.text}
			s.at = n.end
			return n, nil
		}
	}
	if s.at == len(s.text) {
		return node{}, s.fail(s.at, "the text ends too early")
	}
	return node{}, s.fail(s.at, "expected a JSON value")
}

func (s *scanner) number() (node, error) {
	start := s.at
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else if s.digits() == 0 {
		return node{}, s.fail(s.at, "expected a digit")
	}
	if s.peek() == '.' {
		s.at++
		if s.digits() == 0 {
			return node{}, s.fail(s.at, "expected a digit after the decimal point")
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		if s.digits() == 0 {
			return node{}, s.fail(s.at, "expected a digit in the exponent")
		}
	}
	return node{kind: numberNode, start: start, end: s.at, text: s.text[start:s.at]}, nil
}

func (s *scanner) digits() int {
	start := s.at
	for isDigit(s.peek()) {
		s.at++
	}
	return s.at - start
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

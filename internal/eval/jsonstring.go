package eval

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a string. The cursor stands on its opening quote.
func (s *scanner) quoted() (node, error) {
	n := node{kind: stringNode, start: s.at}
	s.at++
	begin := s.at
	var b strings.Builder
	for {
		switch c := s.peek(); {
		case c == '"':
			n.text = s.text[begin:s.at]
			if b.Len() > 0 {
				b.WriteString(n.text)
				n.text = b.String()
			}
			s.at++
			n.end = s.at
			return n, nil
		case c == '\\':
			b.WriteString(s.text[begin:s.at])
			r, err := s.escape()
			if err != nil {
				return n, err
			}
			b.WriteRune(r)
			begin = s.at
		case s.at == len(s.text):
			return n, s.fail(n.start, "the string that starts here has no closing quote")
		case c < ' ':
			return n, s.fail(s.at, "a string cannot contain a line break or another control character")
		default:
			s.at++
		}
	}
}

// escape reads one escape sequence; the cursor stands on its backslash.
func (s *scanner) escape() (rune, error) {
	at := s.at
	s.at += 2
	if at+1 < len(s.text) {
		c := s.text[at+1]
		if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
			return rune("\"\\/\b\f\n\r\t"[i]), nil
		}
		if c == 'u' {
			return s.unicodeEscape(at)
		}
	}
	return 0, s.fail(at, "this is not an escape sequence that JSON has")
}

// unicodeEscape reads the digits of \uXXXX, and the second half of a surrogate pair.
func (s *scanner) unicodeEscape(at int) (rune, error) {
	r, ok := s.hex4()
	if ok && utf16.IsSurrogate(r) {
		second := rune(utf8.RuneError)
		if strings.HasPrefix(s.text[s.at:], `\u`) {
			s.at += 2
			second, ok = s.hex4()
		}
		r = utf16.DecodeRune(r, second)
		ok = ok && r != utf8.RuneError
	}
	if !ok {
		return 0, s.fail(at, `\u needs four hexadecimal digits that name a character`)
	}
	return r, nil
}

func (s *scanner) hex4() (rune, bool) {
	if len(s.text)-s.at < 4 {
		return 0, false
	}
	v, err := strconv.ParseUint(s.text[s.at:s.at+4], 16, 32)
	s.at += 4
	return rune(v), err == nil
}

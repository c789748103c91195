package eval

import "strings"

func hasWildcard(s string) bool {
	return strings.IndexByte(s, '*') >= 0 || strings.IndexByte(s, '?') >= 0
}

// coversText reports whether everything that fits the narrow pattern fits the wide
// one. It may say no where the answer is yes, but not the other way round.
func coversText(wide, narrow string) bool {
	if strings.Contains(wide+narrow, "${") {
		return wide == narrow
	}
	w, n, star, mark := 0, 0, -1, 0
	for n < len(narrow) {
		switch {
		case w < len(wide) && wide[w] == '*':
			star, mark = w, n
			w++
		case w < len(wide) && (wide[w] == narrow[n] || wide[w] == '?' && narrow[n] < 0x80 && narrow[n] != '*'):
			w++
			n++
		case star >= 0:
			mark++
			w, n = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(wide[w:], "*") == ""
}

// coversResource is coversText for ARNs, field by field.
func coversResource(wide, narrow string) bool {
	if wide == "*" || wide == narrow {
		return true
	}
	a, b := strings.SplitN(wide, ":", 6), strings.SplitN(narrow, ":", 6)
	if len(a) != 6 || len(b) != 6 {
		return false
	}
	for i := range a {
		if !coversText(a[i], b[i]) {
			return false
		}
	}
	return true
}

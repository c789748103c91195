package eval

import "strings"

// Action names are ASCII. Comparing them as such, and not by Unicode's rules, keeps
// look-alikes such as the Kelvin sign from passing for a letter.

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// lowerWord is lowerByte for eight bytes at once. In each byte, adding 0x80-'A' sets the
// high bit for 'A' and what follows, and 0x7f-'Z' for what follows 'Z'; those that have
// one and not the other get the bit that tells lower from upper case.
func lowerWord(word uint64) uint64 {
	const each = 0x0101010101010101
	low := word &^ (0x80 * each)
	upper := (low + (0x80-'A')*each) ^ (low + (0x7f-'Z')*each)
	return word | upper&^word&(0x80*each)>>2
}

func lowerASCII(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		b.WriteByte(lowerByte(s[i]))
	}
	return b.String()
}

// equalASCII reports whether s in lower case is lower.
func equalASCII(lower, s string) bool {
	if len(lower) != len(s) {
		return false
	}
	for i := range len(s) {
		if lowerByte(s[i]) != lower[i] {
			return false
		}
	}
	return true
}

// globASCII reports whether s in lower case fits the pattern. It returns to the last
// star only, so it takes at most len(pattern)×len(s) steps.
func globASCII(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == lowerByte(s[i])):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

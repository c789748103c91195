package eval

import (
	"math/bits"
	"strings"
)

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

// nextByte returns where c is next in s, at least len(s) when it is not. For a field of a few bytes it is faster than
// strings.IndexByte: it looks at eight bytes at once, in which what is c becomes zero, and
// subtracting one sets the high bit of no byte before the first zero.
func nextByte(s string, from int, c byte) int {
	const each = 0x0101010101010101
	for ; from+8 <= len(s); from += 8 {
		word := firstWord(s[from:from+8]) ^ each*uint64(c)
		if hit := (word - each) &^ word & (0x80 * each); hit != 0 {
			return from + bits.TrailingZeros64(hit)/8
		}
	}
	for from < len(s) && s[from] != c {
		from++
	}
	return from
}

// wordAt reads eight bytes of s, or what is left of it, with zeros behind.
func wordAt(s string, at int) (word uint64) {
	switch {
	case at+8 <= len(s):
		return firstWord(s[at : at+8])
	case len(s) >= 8:
		return firstWord(s[len(s)-8:]) >> (8 * uint(at+8-len(s)))
	}
	for i := len(s) - 1; i >= at; i-- {
		word = word<<8 | uint64(s[i])
	}
	return word
}

// firstWord reads eight bytes in the way that is one load for the compiler.
func firstWord(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
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

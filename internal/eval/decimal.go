package eval

import (
	"cmp"
	"strconv"
	"strings"
)

// decimal is an exact decimal number, kept as the text it was read from: comparing
// two of them neither rounds nor allocates.
type decimal struct {
	negative bool
	digits   string // from the first non-zero digit on, perhaps with a point inside; empty for zero
	power    int    // the first digit counts 10^power
}

// maxExponentDigits keeps powers far from overflow.
const maxExponentDigits = 9

// parseDecimal reads an optional sign, digits with an optional fraction, and an
// optional exponent. Nothing else may stand around them.
func parseDecimal(s string) (d decimal, ok bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	mantissa, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa = s[:i]
		if exponent, ok = parseExponent(s[i+1:]); !ok {
			return d, false
		}
	}
	whole, fraction, dotted := strings.Cut(mantissa, ".")
	if !allDigits(whole) || dotted && !allDigits(fraction) {
		return d, false
	}
	d.digits = strings.TrimLeft(mantissa, "0.")
	d.power = exponent + len(whole) - 1
	if skipped := len(mantissa) - len(d.digits); skipped > len(whole) {
		d.power -= skipped - 1 // the point is among the skipped characters
	} else {
		d.power -= skipped
	}
	if d.digits == "" {
		return decimal{}, true
	}
	return d, true
}

func parseExponent(s string) (n int, ok bool) {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || !allDigits(digits) || len(digits) > maxExponentDigits {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// compare orders two numbers: negative, zero or positive.
func (d decimal) compare(e decimal) int {
	if a, b := d.sign(), e.sign(); a != b || a == 0 {
		return cmp.Compare(a, b)
	}
	order := cmp.Compare(d.power, e.power)
	if order == 0 {
		order = compareDigits(d.digits, e.digits)
	}
	return order * d.sign()
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// compareDigits compares two runs of digits of the same power, skipping the points.
// The shorter run goes on with zeros.
func compareDigits(a, b string) int {
	for a != "" || b != "" {
		var x, y byte
		x, a = nextDigit(a)
		y, b = nextDigit(b)
		if x != y {
			return cmp.Compare(x, y)
		}
	}
	return 0
}

func nextDigit(s string) (byte, string) {
	s = strings.TrimPrefix(s, ".")
	if s == "" {
		return '0', ""
	}
	return s[0], s[1:]
}

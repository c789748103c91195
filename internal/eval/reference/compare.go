package reference

import (
	"encoding/base64"
	"math/big"
	"net"
	"strings"
	"time"
	"unicode"
)

// canRead reports whether the operator can use a value of a policy.
func (q *question) canRead(compare, value string, variables bool) bool {
	switch {
	case strings.HasPrefix(compare, "string"):
		return !variables || q.well(value)
	case strings.HasPrefix(compare, "arn"):
		six := strings.Count(value, ":") >= 5 || variables && hasVariable(value)
		return value == "*" || six && (!variables || q.well(value))
	case compare == "bool" && variables && hasVariable(value):
		return q.well(value)
	case compare == "bool", compare == "null":
		return isBool(value)
	case strings.HasPrefix(compare, "numeric"):
		_, ok := number(value)
		return ok
	case strings.HasPrefix(compare, "date"):
		_, ok := moment(value)
		return ok
	case compare == "ipaddress":
		_, ok := network(value)
		return ok
	}
	_, err := base64.StdEncoding.DecodeString(value)
	return err == nil
}

// well reports whether the variables in a value are well formed.
func (q *question) well(value string) bool {
	var room [64]symbol
	_, state := q.read(room[:0], value, reading{variables: true})
	return state != broken
}

// hasVariable looks for a variable that is not just another spelling of a character.
func hasVariable(value string) bool {
	return strings.Contains(value, "${") && strings.Contains(escapes.Replace(value), "${")
}

var escapes = strings.NewReplacer("${*}", "", "${?}", "", "${$}", "")

// matches compares a value of the request with one of a policy that can be read.
func (q *question) matches(compare, value, wanted string, variables bool) bool {
	switch {
	case strings.HasPrefix(compare, "numeric"):
		a, ok := number(value)
		b, _ := number(wanted)
		return ok && ordered(strings.TrimPrefix(compare, "numeric"), a.Cmp(b))
	case strings.HasPrefix(compare, "date"):
		a, ok := moment(value)
		b, _ := moment(wanted)
		return ok && ordered(strings.TrimPrefix(compare, "date"), a.Compare(b))
	case compare == "ipaddress":
		address, ok := network(value)
		inside, _ := network(wanted)
		return ok && !strings.Contains(value, "/") && inside.contains(address)
	case compare == "binaryequals":
		a, err := base64.StdEncoding.DecodeString(value)
		b, _ := base64.StdEncoding.DecodeString(wanted)
		return err == nil && string(a) == string(b)
	}
	var room [128]symbol
	like := compare == "stringlike" || strings.HasPrefix(compare, "arn")
	pattern, state := q.read(room[:0], wanted, reading{wildcards: like, variables: variables})
	if state != hasValue {
		return false
	}
	switch {
	case compare == "stringequalsignorecase":
		return foldedEqual(pattern, value)
	case compare == "bool":
		return isBool(value) && foldedEqual(pattern, value)
	case strings.HasPrefix(compare, "arn"):
		return arnLike(pattern, value, wanted == "*")
	}
	return glob(pattern, value)
}

// arnLike compares part by part. A lone star, written as such, is every ARN.
func arnLike(pattern []symbol, value string, all bool) bool {
	parts, ok := readARN(value)
	if !ok || all {
		return ok
	}
	for _, part := range parts[:5] {
		end := 0
		for end < len(pattern) && pattern[end] != ':' {
			end++
		}
		if end == len(pattern) || !glob(pattern[:end], part) {
			return false
		}
		pattern = pattern[end+1:]
	}
	return glob(pattern, parts[5])
}

func ordered(operator string, order int) bool {
	switch operator {
	case "lessthan":
		return order < 0
	case "lessthanequals":
		return order <= 0
	case "greaterthan":
		return order > 0
	case "greaterthanequals":
		return order >= 0
	}
	return order == 0
}

func isBool(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

// foldedEqual compares without case, by Unicode's simple folding.
func foldedEqual(pattern []symbol, text string) bool {
	var room [128]symbol
	given := literally(room[:0], text)
	if len(given) != len(pattern) {
		return false
	}
	for i, s := range given {
		if smallest(rune(s)) != smallest(rune(pattern[i])) {
			return false
		}
	}
	return true
}

// smallest is the first of the characters that differ only in case.
func smallest(r rune) rune {
	first := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		first = min(first, other)
	}
	return first
}

// number reads a decimal: sign, digits, fraction, exponent.
func number(s string) (*big.Rat, bool) {
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(s), "e")
	mantissa = strings.TrimPrefix(mantissa, "+")
	if !strings.HasPrefix(s, "+") {
		mantissa = strings.TrimPrefix(mantissa, "-")
	}
	whole, fraction, pointed := strings.Cut(mantissa, ".")
	if scientific {
		digits := exponent
		if strings.HasPrefix(digits, "+") || strings.HasPrefix(digits, "-") {
			digits = digits[1:]
		}
		// Larger exponents are beyond this package, which writes numbers out.
		if !isDigits(digits) || len(digits) > 3 {
			return nil, false
		}
	}
	if !isDigits(whole) || pointed && !isDigits(fraction) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// moment reads a date or seconds since the epoch.
func moment(s string) (time.Time, bool) {
	if isDigits(s) {
		n, ok := new(big.Int).SetString(s, 10)
		return time.Unix(n.Int64(), 0), ok && len(s) <= 18
	}
	if strings.Contains(s, ",") {
		return time.Time{}, false // package time takes a comma for a point
	}
	for _, layout := range []string{
		"2006-01", "2006-01-02", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02T15:04:05Z07:00",
		"2006-01-02T15:04:05",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// addresses is a range of IP addresses: those that share the first bits.
type addresses struct {
	address net.IP // 4 bytes for IPv4, 16 for IPv6
	bits    int
}

func network(s string) (addresses, bool) {
	text, _, ranged := strings.Cut(s, "/")
	a := addresses{address: net.ParseIP(text)}
	if a.address == nil {
		return a, false
	}
	long := strings.Contains(text, ":") // written as IPv6
	if v4 := a.address.To4(); v4 != nil {
		a.address = v4
	}
	a.bits = 8 * len(a.address)
	if ranged {
		_, parsed, err := net.ParseCIDR(s)
		if err != nil {
			return a, false
		}
		a.bits, _ = parsed.Mask.Size()
		if long && len(a.address) == net.IPv4len && len(parsed.Mask) == net.IPv6len {
			a.bits -= 96
		}
	}
	return a, a.bits >= 0
}

func (a addresses) contains(b addresses) bool {
	if len(a.address) != len(b.address) {
		return false
	}
	for i := range a.bits {
		mask := byte(0x80) >> (i % 8)
		if (a.address[i/8]^b.address[i/8])&mask != 0 {
			return false
		}
	}
	return true
}

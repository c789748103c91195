package eval

import (
	"encoding/base64"
	"errors"
	"net/netip"
	"strings"
)

// operand is one value of a condition, read once in the form its comparison needs.
// Only the field of that form is set.
type operand struct {
	text    pattern
	anyARN  bool   // a lone star: every ARN
	source  string // of a pattern that shifts
	number  decimal
	moment  instant
	network netip.Prefix
	bytes   string
	flag    bool
}

var (
	errNotNumber  = errors.New("it is not a number")
	errNotDate    = errors.New("it is not a date")
	errNotIP      = errors.New("it is not an IP address or CIDR range")
	errNotBoolean = errors.New("it is not true or false")
	errNotBase64  = errors.New("it is not base64")
	errNotARN     = errors.New("it is not an ARN with six parts")
)

// readOperand reads a value of the policy.
func readOperand(value string, op operator, variables bool) (operand, error) {
	var o operand
	var err error
	ok := true
	switch op.compare {
	case numericOrder:
		o.number, ok = parseDecimal(value)
		err = errNotNumber
	case dateOrder:
		o.moment, ok = parseInstant(value)
		err = errNotDate
	case ipInRange:
		o.network, ok = parseNetwork(value)
		err = errNotIP
	case isNull:
		o.flag, ok = parseBool(value)
		err = errNotBoolean
	case binaryEquals:
		var raw []byte
		raw, err = base64.StdEncoding.DecodeString(value)
		o.bytes, ok = string(raw), err == nil
		err = errNotBase64
	default:
		return readTextOperand(value, op, variables)
	}
	if ok {
		return o, nil
	}
	return o, err
}

// readTextOperand reads a value that may hold variables.
func readTextOperand(value string, op operator, variables bool) (operand, error) {
	like := op.compare == stringLike || op.compare == arnLike
	text, err := compilePattern(value, dialect{wildcards: like, variables: variables, arn: op.compare == arnLike})
	o := operand{text: text}
	if err != nil {
		return o, err
	}
	switch op.compare {
	case arnLike:
		o.anyARN = value == "*"
		if text.shifts {
			o.source = value
		}
		if !o.anyARN && strings.Count(value, ":") < 5 && !(variables && strings.Contains(value, "${")) {
			return o, errNotARN
		}
	case boolEquals:
		if fixed, ok := text.chunks[0].fixed(); ok {
			if _, ok := parseBool(fixed); !ok {
				return o, errNotBoolean
			}
		}
	default:
	}
	return o, nil
}

// matches compares a value of the request with the operand.
func (o *operand) matches(value string, op operator, ctx *Context) bool {
	switch op.compare {
	case stringEquals, stringLike:
		return o.text.match(value, ctx)
	case stringEqualsIgnoreCase:
		return o.text.equalFold(value, ctx)
	case boolEquals:
		_, ok := parseBool(value)
		return ok && o.text.equalFold(value, ctx)
	case arnLike:
		return isARN(value) && (o.anyARN || o.matchesARN(value, ctx))
	case numericOrder:
		n, ok := parseDecimal(value)
		return ok && op.order.admits(n.compare(o.number))
	case dateOrder:
		t, ok := parseInstant(value)
		return ok && op.order.admits(t.compare(o.moment))
	case ipInRange:
		ip, ok := parseIP(value)
		return ok && o.network.Contains(ip)
	case binaryEquals:
		return decodesTo(value, o.bytes)
	default:
		return false
	}
}

// matchesARN compares part by part. The parts are those of the text in which variables have
// been replaced.
func (o *operand) matchesARN(value string, ctx *Context) bool {
	if !o.text.shifted(ctx) {
		return o.text.match(value, ctx)
	}
	values := *ctx // a copy, so that a decision without such a pattern needs no memory
	text, err := compilePattern(o.source, dialect{wildcards: true, variables: true, arn: true, values: &values})
	return err == nil && text.match(value, ctx)
}

func parseBool(s string) (value, ok bool) {
	if strings.EqualFold(s, "true") {
		return true, true
	}
	return false, strings.EqualFold(s, "false")
}

// parseIP reads an address. An IPv4 address written as IPv6 is IPv4.
func parseIP(s string) (netip.Addr, bool) {
	if len(s) > maxIPLength {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(s)
	return ip.Unmap(), err == nil && ip.Zone() == ""
}

// maxIPLength is the longest spelling of an IPv6 address, prefix length included.
const maxIPLength = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128")

// parseNetwork reads a CIDR range or a single address. Bits outside the prefix are ignored.
func parseNetwork(s string) (netip.Prefix, bool) {
	if !strings.Contains(s, "/") {
		ip, ok := parseIP(s)
		return netip.PrefixFrom(ip, ip.BitLen()), ok
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return p, false
	}
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}

// decodesTo reports whether the base64 text s stands for want.
func decodesTo(s, want string) bool {
	if base64.StdEncoding.EncodedLen(len(want)) != len(s) {
		return false
	}
	for ; s != ""; s = s[4:] {
		var quantum [4]byte
		var raw [3]byte
		copy(quantum[:], s)
		n, err := base64.StdEncoding.Decode(raw[:], quantum[:])
		if err != nil || !strings.HasPrefix(want, string(raw[:n])) {
			return false
		}
		want = want[n:]
	}
	return want == ""
}

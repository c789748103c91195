package eval_test

import "strings"

// valueKind says what a value of a condition is meant to be.
type valueKind int

const (
	textValue valueKind = iota
	lettersValue
	numberValue
	dateValue
	boolValue
	binaryValue
	ipValue
	arnValue
)

// kindOf is the kind of value that an operator compares.
func kindOf(operator string) valueKind {
	for name, kind := range map[string]valueKind{"Numeric": numberValue, "Date": dateValue, "Bool": boolValue,
		"Binary": binaryValue, "IpAddress": ipValue, "Arn": arnValue} {
		if strings.Contains(operator, name) {
			return kind
		}
	}
	return textValue
}

func (g gen) anyKind() valueKind { return valueKind(g.IntN(int(arnValue) + 1)) }

// requestValue is a value of a request. A few are of the wrong kind.
func (g gen) requestValue(kind valueKind) string {
	if g.chance(5) {
		kind = g.anyKind()
	}
	switch kind {
	case lettersValue:
		return g.letters("abé:/", 5)
	case numberValue:
		return g.pick("10", "10.0", "1e1", "9", "-1", "0", "-0.0", "+10", "0.1", "100E-1", "10.00000000000000000001", "010", "1e-2",
			"5.", ".5", "ten", "")
	case dateValue:
		return g.date()
	case boolValue:
		return g.pick("true", "false", "TRUE", "False", "true", "yes")
	case binaryValue:
		return g.pick("AAEC", "AAED", "dGVhbQ==", "dGVhbR==", "AAECAwQF", "%", "AA==AA==", "")
	case ipValue:
		return g.pick("10.1.2.3", "10.1.2.4", "192.0.2.7", "2001:db8::1", "2001:DB8:0:0::1", "::ffff:10.1.2.3", "::1", "10.1.2.300",
			"10.0.0.0/8", "")
	case arnValue:
		return g.arn()
	default:
		return g.pick("team", "TEAM", "Team", "tea", "teams", "te*", "x", "", "*", "straße", "STRAßE", "\u212a", "k", "a/b", "true",
			"${a:text}", "$", "é", "té\nm")
	}
}

func (g gen) date() string {
	return g.pick("2026-01-01", "1767225600", "2026-01-01T00:00:00Z", "2026-01-01T01:30:00+01:30", "2026-01", "2026-01-01T00:00",
		"2025-12-31T23:59:59.5Z", "2025-12-31T23:59:59.500000000Z", "2026", "0", "2024-02-29", "2025-02-29", "2026-13-01", "soon",
		"2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "2026-01-01t00:00:00Z", "2025-12-31T19:00-05:00", "")
}

func (g gen) arn() string {
	return g.pick("arn:aws:iam::111111111111:role/deploy", "arn:aws:iam::222222222222:role/deploy", alice, serviceLinked,
		"arn:aws:s3:::"+g.letters("ab:/", 4), "arn:aws:sqs:eu-west-1:111111111111:jobs", "arn:aws:iam::111111111111:a:b", "arn:aws",
		"", "arn:::::")
}

// oddities are values that no operator can read, but as plain text.
func oddities() []string {
	return []string{"odd", "${a:tag", "${}", "${a:none, x}", "${a:none, 'x}", "${a:tag, 'x' }", "${a:none, 'x'"}
}

// policyValue is a value of a policy. Very few cannot be read.
func (g gen) policyValue(kind valueKind) string {
	if g.IntN(300) == 0 {
		return g.pick(oddities()...)
	}
	if kind != lettersValue && kind != textValue && kind != arnValue && kind != boolValue {
		return g.readable(kind)
	}
	switch kind {
	case boolValue:
		return g.pick("true", "false", "TRUE", "${a:bool}", "${a:tag}", "${a:none, 'true'}", "tr${a:none,'ue'}")
	case lettersValue:
		return g.pattern()
	case arnValue:
		return g.pick("*", g.arnPattern(), g.arnPattern(), "${a:arn}", "arn:aws:iam::${a:account}:role/*",
			"${a:arn}*", "*:${a:arn}?", "arn:${a:bool}:*:*:*:*", "a${a:tag, 'rn:aws'}:iam:*:?11111111111:*", "${a:none, 'arn:aws:s3:*'}::*", "${a:none}", "*:*:*:*:*:*",
			"arn:*:iam:*:*:role/deploy", "arn:aws:iam::?11111111111:*/deploy", "a*:aws:i?m:*::*", "arn:aws:s3:::${a:text}*")
	}
	return g.pick("team", "te*", "TEAM", "", "*", "t??m", "*e*m", "${a:tag}", "${A:Tag}", "${a:none}", "${a:none, 'team'}",
		"${a:none,''}", "${a:set}", "${a:set, 'team'}", "te${*}", "${?}", "${$}", "${$}{a:text}", "x${a:tag}", "*${a:text}*",
		"${a:text}?", "$*", "strasse", "Straße", "K", "t?*", "?", "${a:tag}${a:text}")
}

// readable is a value of a kind that has no variables, in a form that can be read.
func (g gen) readable(kind valueKind) string {
	switch kind {
	case numberValue:
		return g.pick("10", "10.0", "1e1", "9", "-1", "0", "+10.5", "0.1", "1000E-2", "99", "10.00000000000000000001", "-0")
	case dateValue:
		return g.pick("2026-01-01", "1767225600", "2026-01-01T00:00:00Z", "2026-01", "2025-12-31T23:59:59.5Z", "2026", "0",
			"2024-02-29", "2026-01-01T00:00+14:00")
	case binaryValue:
		return g.pick("AAEC", "dGVhbQ==", "dGVhbR==", "AAECAwQF", "")
	default:
		return g.pick("10.1.2.3", "10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "::/0", "2001:db8::/32", "2001:db8::1", "10.1.2.3/31",
			"::ffff:10.0.0.0/104", "2001:db8::1/127", "::ffff:10.1.2.3", "192.0.2.0/24")
	}
}

// pattern is a short text with wildcards, sometimes with a variable in it.
func (g gen) pattern() string {
	text := g.letters("ab*?*é:/", 5)
	if g.chance(15) {
		text += g.pick("${a:text}", "${a:tag}", "${a:none, 'a'}", "${*}") + g.letters("ab*?", 2)
	}
	return text
}

// arnPattern is an ARN put together from parts, sometimes with too few of them.
func (g gen) arnPattern() string {
	parts := []string{
		"arn", g.pick("aws", "aws", "aws", "*", "aws-cn", "a?s"), g.pick("s3", "s3", "sqs", "iam", "kms", "s3", "iam", "s*"),
		g.pick("", "", "*", "eu-west-1", "eu-*", "${a:tag}"), g.pick("", ours, "*", "1*", "?11111111111", theirs, "${a:account}"),
		g.pick("*", "orders", "orders/*", "team/*", "${a:tag}/*", "${a:text}", "key/*", "role/*", "*deploy", "role/d?ploy", "jobs",
			"alias/*", "a*:*b", "orders/${a:none}*", "*"+g.pattern(), g.pattern(), "${a:none, 'team'}/?"),
	}
	if g.chance(8) {
		return strings.Join(parts[:1+g.IntN(5)], ":") + g.pick("", "", "*", "?", ":*")
	}
	return strings.Join(parts, ":")
}

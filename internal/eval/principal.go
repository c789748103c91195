package eval

import "strings"

// grant says how a statement came to admit a caller. It matters for an Allow in a
// resource policy: an account that is named only passes the question on to its own
// policies, a role that is named stays limited by boundary and session policies, and a
// caller that is named itself is not.
type grant uint8

const (
	toAccount grant = 1 << iota
	toRole
	toCaller
)

// principalPattern is one compiled entry of a Principal element.
type principalPattern struct {
	kind entryKind
	text string
	arn  caller // of an entry that names a user or role, and of an account
}

type entryKind uint8

const (
	nobody entryKind = iota
	everyone
	wholeAccount
	identityARN
	serviceName
	providerName
)

// compilePrincipal reads an entry. There are no wildcards in principals but the lone
// star; a unique id (AIDA…, AROA…) left behind by a deleted identity names nobody.
func compilePrincipal(e *PrincipalEntry) principalPattern {
	text := e.Value.Value
	switch {
	case text == "*" && (e.Kind == "*" || e.Kind == "AWS"):
		return principalPattern{kind: everyone}
	case e.Kind == "Service":
		return principalPattern{kind: serviceName, text: text}
	case e.Kind == "Federated":
		return principalPattern{kind: providerName, text: text}
	case e.Kind != "AWS":
		return principalPattern{}
	case len(text) == 12 && allDigits(text):
		return principalPattern{kind: wholeAccount, arn: caller{account: text}}
	}
	a, ok := splitARN(text)
	var c caller
	switch {
	case !ok || !c.readARN(&a, text) || c.account == "":
		return principalPattern{}
	case c.kind == rootUser:
		return principalPattern{kind: wholeAccount, arn: c}
	}
	return principalPattern{kind: identityARN, text: text, arn: c}
}

// admits says in which way the entry names the caller, if it does.
func (p *principalPattern) admits(c *caller) grant {
	switch p.kind {
	case everyone:
		return toCaller
	case wholeAccount:
		return p.admitsAccount(c)
	case identityARN:
		return p.admitsIdentity(c)
	case serviceName:
		return when(c.kind == service && c.text == p.text, toCaller)
	case providerName:
		return when(c.kind == provider && c.text == p.text, toCaller)
	default:
		return 0
	}
}

func (p *principalPattern) admitsAccount(c *caller) grant {
	same := c.account != "" && c.account == p.arn.account && (p.arn.partition == "" || p.arn.partition == c.partition)
	if c.kind == rootUser {
		return when(same, toCaller)
	}
	return when(same, toAccount)
}

// admitsIdentity compares whole ARNs, and then a session with what it was made from:
// a role session carries the name of its role without the path, and the session of a
// federated user the name of its user.
func (p *principalPattern) admitsIdentity(c *caller) grant {
	if p.text == c.text {
		return when(c.kind == role, toRole) | when(c.kind != role, toCaller)
	}
	from := c.kind == roleSession && p.arn.kind == role || c.kind == federatedUser && p.arn.kind == user
	same := p.arn.partition == c.partition && p.arn.account == c.account && p.arn.name == c.name
	return when(from && same, toRole)
}

func when(ok bool, g grant) grant {
	if ok {
		return g
	}
	return 0
}

// actionPattern is one compiled entry of an Action element. Actions have no case.
type actionPattern struct {
	any     bool   // the lone star
	text    string // in lower case
	service string // in lower case
	name    string // in lower case, with wildcards
}

// compileAction reads an entry. One without a service prefix, or with a wildcard or
// white space in it, matches nothing: the prefix names a service.
func compileAction(text string) actionPattern { return readAction(lowerASCII(text)) }

// compileActions reads the entries of an element, in lower case in one piece of memory.
func compileActions(values []Text) []actionPattern {
	size := 0
	for i := range values {
		size += len(values[i].Value)
	}
	lower := make([]byte, 0, size)
	for i := range values {
		for j := range len(values[i].Value) {
			lower = append(lower, lowerByte(values[i].Value[j]))
		}
	}
	rest, patterns := string(lower), make([]actionPattern, len(values))
	for i := range values {
		n := len(values[i].Value)
		patterns[i], rest = readAction(rest[:n]), rest[n:]
	}
	return patterns
}

// readAction reads an entry in lower case.
func readAction(text string) actionPattern {
	if text == "*" {
		return actionPattern{any: true}
	}
	service, name, ok := strings.Cut(text, ":")
	if !ok || hasWildcard(service) {
		return actionPattern{}
	}
	return actionPattern{text: text, service: service, name: name}
}

func (a *actionPattern) match(service, name string) bool {
	return a.any || a.service != "" && equalASCII(a.service, service) && globASCII(a.name, name)
}

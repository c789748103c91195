package reference

import "strings"

// principal is the caller of a request, or whom a policy names.
type principal struct {
	kind                     kind
	text                     string
	partition, account, name string // name is the last part of the path; of a session, its role
}

type kind string

const (
	anonymous     kind = "anonymous"
	service       kind = "service"
	provider      kind = "provider"
	root          kind = "root"
	user          kind = "user"
	role          kind = "role"
	roleSession   kind = "assumed-role"
	federatedUser kind = "federated-user"
)

// hasAccount reports whether the caller belongs to an account and its policies.
func (p principal) hasAccount() bool { return p.account != "" }

func readPrincipal(text string) (principal, bool) {
	if text == "anonymous" {
		return principal{kind: anonymous}, true
	}
	if name, ok := strings.CutPrefix(text, "service:"); ok {
		return principal{kind: service, text: name}, name != ""
	}
	parts, ok := readARN(text)
	if !ok {
		domain := strings.Contains(text, ".") && !strings.ContainsAny(text, ":/")
		return principal{kind: provider, text: text}, domain
	}
	what, path, _ := strings.Cut(parts[5], "/")
	p := principal{kind: kind(what), text: text, partition: parts[1], account: parts[4]}
	p.name = path[strings.LastIndex(path, "/")+1:]
	if p.account == "" {
		return principal{}, false
	}
	switch iam, sts := parts[2] == "iam", parts[2] == "sts"; {
	case iam && p.kind == root:
		return p, path == ""
	case iam && (what == "saml-provider" || what == "oidc-provider"):
		return principal{kind: provider, text: text}, path != ""
	case iam && (p.kind == user || p.kind == role), sts && p.kind == federatedUser:
		return p, p.name != ""
	case sts && p.kind == roleSession:
		var session string
		p.name, session, _ = strings.Cut(path, "/")
		return p, p.name != "" && session != ""
	}
	return principal{}, false
}

// ways is the set of ways in which a policy on a resource names a caller.
type ways uint8

const (
	asAccount ways = 1 << iota // by its account, whose own policies then decide
	asRole                     // by what its session was made from
	asCaller                   // itself, or as one of everybody
)

func (w ways) has(way ways) bool { return w&way != 0 }

// named is the set of ways in which a Principal element names the caller.
func (q *question) named(element any) ways {
	if element == "*" {
		return asCaller
	}
	var found ways
	kinds, _ := element.(map[string]any)
	for entryKind, entries := range kinds {
		for text := range texts(entries) {
			found |= q.namedBy(entryKind, text)
		}
	}
	return found
}

func (q *question) namedBy(entryKind, text string) ways {
	switch entryKind {
	case "AWS":
		return q.namedByAWS(text)
	case "Service":
		return only(q.who.kind == service && q.who.text == text, asCaller)
	case "Federated":
		return only(q.who.kind == provider && q.who.text == text, asCaller)
	}
	return 0
}

func (q *question) namedByAWS(text string) ways {
	if text == "*" {
		return asCaller
	}
	if !q.who.hasAccount() {
		return 0
	}
	if len(text) == 12 && strings.Trim(text, "0123456789") == "" {
		return only(q.who.account == text, q.who.throughAccount())
	}
	p, ok := readPrincipal(text)
	if !ok {
		return 0
	}
	sameAccount := p.partition == q.who.partition && p.account == q.who.account
	switch {
	case p.kind == root:
		return only(sameAccount, q.who.throughAccount())
	case text == q.who.text && p.kind == role:
		return asRole
	case text == q.who.text:
		return asCaller
	case p.kind == role && q.who.kind == roleSession, p.kind == user && q.who.kind == federatedUser:
		return only(sameAccount && p.name == q.who.name, asRole)
	}
	return 0
}

// throughAccount: an account hands the question on, and names its root user directly.
func (p principal) throughAccount() ways {
	if p.kind == root {
		return asCaller
	}
	return asAccount
}

func only(ok bool, w ways) ways {
	if ok {
		return w
	}
	return 0
}

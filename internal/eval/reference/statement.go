package reference

import (
	"iter"
	"strings"
)

// matching looks for the statements of a policy that are about the request: whether one
// denies, and in which ways others allow.
func (q *question) matching(d Document, l layer) (denies bool, allows ways, err error) {
	for s := range d.statements() {
		about := q.about(s, l, d["Version"] == "2012-10-17")
		if about == 0 {
			continue
		}
		holds, readable := q.conditions(s, d["Version"] == "2012-10-17")
		readable = readable && fits(s, l)
		switch deny := s["Effect"] == "Deny"; {
		case !readable && deny:
			err = errUnreadable
		case !readable || !holds:
		case deny:
			denies = true
		default:
			allows |= about
		}
	}
	return denies, allows, err
}

func (d Document) statements() iter.Seq[map[string]any] {
	return func(yield func(map[string]any) bool) {
		if one, ok := d["Statement"].(map[string]any); ok {
			yield(one)
			return
		}
		list, _ := d["Statement"].([]any)
		for _, item := range list {
			if s, ok := item.(map[string]any); !ok || !yield(s) {
				return
			}
		}
	}
}

// fits reports whether the statement can stand in a policy of the layer.
func fits(s map[string]any, l layer) bool {
	if _, named := element(s, "Principal"); named && !hasPrincipals(l) && l != rcp {
		return false
	}
	_, resources := element(s, "Resource")
	return resources || l == resource
}

// hasPrincipals reports whether the layer's policies say whom they are about.
func hasPrincipals(l layer) bool { return l == resource || l == endpoint }

// element finds an element of a statement, plain or negated.
func element(s map[string]any, name string) (value any, present bool) {
	if value, present = s[name]; present {
		return value, true
	}
	value, present = s["Not"+name]
	return value, present
}

// about says in which ways a statement is about action, resource and caller.
func (q *question) about(s map[string]any, l layer, variables bool) ways {
	actions, _ := element(s, "Action")
	_, notAction := s["NotAction"]
	if some(actions, q.coversAction) == notAction {
		return 0
	}
	if resources, present := element(s, "Resource"); present {
		_, notResource := s["NotResource"]
		covers := func(entry string) bool { return q.coversResource(entry, l, variables) }
		if some(resources, covers) == notResource {
			return 0
		}
	}
	if !hasPrincipals(l) {
		return asCaller
	}
	if excluded, negated := s["NotPrincipal"]; negated {
		itself := q.named(excluded).has(asRole | asCaller)
		bounded := s["Effect"] == "Deny" && q.Boundary != nil && q.who.hasAccount() && q.who.kind != root
		return only(!itself || bounded, asCaller)
	}
	return q.named(s["Principal"])
}

// texts yields the text or texts of a value: a string, number or boolean, or a list of them.
func texts(v any) iter.Seq[string] {
	return func(yield func(string) bool) {
		if list, ok := v.([]any); ok {
			for _, item := range list {
				if !yield(text(item)) {
					return
				}
			}
			return
		}
		if v != nil {
			yield(text(v))
		}
	}
}

func some(v any, test func(string) bool) bool {
	for t := range texts(v) {
		if test(t) {
			return true
		}
	}
	return false
}

// coversAction compares an entry of Action with the request.
func (q *question) coversAction(entry string) bool {
	if entry == "*" {
		return true
	}
	service, name, ok := strings.Cut(entry, ":")
	if !ok || strings.ToLower(service) != q.service {
		return false
	}
	var room [64]symbol
	return glob(wildcards(room[:0], strings.ToLower(name)), q.name)
}

// coversResource compares an entry of Resource with the request.
func (q *question) coversResource(entry string, l layer, variables bool) bool {
	if entry == "*" {
		return true
	}
	part, rest, more := strings.Cut(entry, ":")
	if part != "arn" || q.target[0] == "" || strings.Count(entry, ":") < 5 && !mayBeShort(entry, l) {
		return false
	}
	for i := 1; i < 6; i++ {
		switch {
		case !more:
			part = "*"
		case i < 5:
			part, rest, more = strings.Cut(rest, ":")
		default:
			part = rest
		}
		// A wildcard for the service makes sense only where the ARN ends with it.
		if i == 2 && more && strings.ContainsAny(part, "*?") {
			return false
		}
		if i < 5 && variables && strings.Contains(part, "${") {
			return false
		}
		var room [64]symbol
		symbols, state := q.read(room[:0], part, reading{wildcards: true, variables: variables && i == 5})
		if state != hasValue || !glob(symbols, q.target[i]) {
			return false
		}
	}
	return true
}

// mayBeShort reports whether the layer fills the missing parts of an ARN with stars.
func mayBeShort(entry string, l layer) bool {
	switch l {
	case identity, boundary, session:
		return true
	case resource, endpoint:
		return strings.ContainsAny(entry, "*?")
	case scp:
		return strings.HasSuffix(entry, "*")
	}
	return false
}

package eval

import "strings"

func (v *validator) action(s *Statement, t *Text) {
	text := t.Value
	if strings.Contains(text, "${") {
		v.fail(t.Span, "Variable unsupported in element", "Remove the variable; actions cannot hold one.")
		return
	}
	if text == "*" {
		return
	}
	service, name, ok := strings.Cut(text, ":")
	switch {
	case !ok:
		v.fail(t.Span, "Invalid action", "Put the service before the action, such as s3:"+text+".")
		return
	case service == "" || name == "" || !isActionName(name):
		v.fail(t.Span, "Invalid action", "Write SERVICE:NAME with letters, digits and wildcards only, such as s3:GetObject.")
		return
	case strings.ContainsAny(service, "*?"):
		v.fail(t.Span, "Invalid service in action", `Name one service; only a lone "*" stands for all of them.`)
		v.simplify(t.Span, "Wildcard in service name", "Name one service before the colon.")
		return
	}
	if v.kind == TypeTrust && !strings.EqualFold(service, "sts") {
		v.fail(t.Span, "Unsupported action in policy", "Use sts:AssumeRole or another action of sts; a trust policy is about nothing else.")
	}
	v.knownAction(t, service, name)
	if v.kind == TypeTrust && s.Effect == Allow {
		v.trustAction(s, t)
	}
}

// knownAction asks the catalogue.
func (v *validator) knownAction(t *Text, service, name string) {
	service = lowerASCII(service)
	switch {
	case v.catalog.Service != nil && !v.catalog.Service(service):
		v.fail(t.Span, "Invalid service in action", "Correct the prefix "+quote(service)+"; no service has it.")
	case v.catalog.Action != nil && !v.catalog.Action(service, name):
		v.fail(t.Span, "Invalid action", "Correct "+quote(t.Value)+"; the service "+service+" has no such action.")
	}
}

func isActionName(s string) bool {
	return isAlphanumeric(strings.NewReplacer("*", "", "?", "", "-", "", "_", "").Replace(s))
}

// trustAction checks that the action is one with which the principals can prove who they are.
func (v *validator) trustAction(s *Statement, t *Text) {
	for i := range s.Principal.Entries {
		e := &s.Principal.Entries[i]
		want := assumeAction(e)
		for _, action := range []string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"} {
			if strings.EqualFold(t.Value, action) && want != action {
				v.fail(t.Span, "Mismatched action for principal",
					"Use "+want+" for "+quote(e.Value.Value)+"; it cannot call "+action+".")
				return
			}
		}
	}
}

// assumeAction is the call with which a principal assumes a role.
func assumeAction(e *PrincipalEntry) string {
	switch {
	case e.Kind != "Federated":
		return "sts:AssumeRole"
	case strings.Contains(e.Value.Value, ":saml-provider/"):
		return "sts:AssumeRoleWithSAML"
	}
	return "sts:AssumeRoleWithWebIdentity"
}

// redundantActions finds entries that another entry of the list covers.
func (v *validator) redundantActions(e *Element) {
	v.redundant(e, "Redundant action", func(wide, narrow string) bool {
		return coversText(lowerASCII(wide), lowerASCII(narrow))
	})
}

func (v *validator) redundantResources(e *Element) {
	v.redundant(e, "Redundant resource", coversResource)
}

func (v *validator) redundant(e *Element, code string, covers func(wide, narrow string) bool) {
	for i, narrow := range e.Values {
		for j, wide := range e.Values {
			// Of two that cover each other, the later one is redundant.
			if i == j || !covers(wide.Value, narrow.Value) || i < j && covers(narrow.Value, wide.Value) {
				continue
			}
			v.simplify(narrow.Span, code, "Remove "+quote(narrow.Value)+"; "+quote(wide.Value)+" covers it.")
			break
		}
	}
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

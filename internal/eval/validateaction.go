package eval

import (
	"slices"
	"strings"
)

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
	case hasWildcard(service):
		v.fail(t.Span, "Invalid service in action", `Name one service; only a lone "*" stands for all of them.`)
		v.simplify(t.Span, "Wildcard in service name", "Name one service before the colon.")
		return
	}
	if v.kind == TypeTrust && !strings.EqualFold(service, "sts") {
		v.fail(t.Span, "Unsupported action in policy",
			"Use sts:AssumeRole or another action of sts; a trust policy is about nothing else.")
	}
	v.knownAction(t, service, name)
	if v.kind == TypeTrust && s.Effect == Allow {
		v.trustAction(s, t)
	}
}

// knownAction asks the catalogue.
func (v *validator) knownAction(t *Text, service, name string) {
	if v.catalog.Actions == nil {
		return
	}
	names, ok := v.actions(service)
	pattern := lowerASCII(name)
	known := slices.ContainsFunc(names, func(n string) bool { return globASCII(pattern, n) })
	code := "Invalid action"
	if !ok {
		code = "Invalid service in action"
	}
	switch {
	case known:
	case v.catalog.Retired != nil && v.catalog.Retired(t.Value):
		v.warn(t.Span, code, "Remove "+quote(t.Value)+" unless you know that you need it; AWS's list of actions does not "+
			"have it, though policies of AWS still name it.")
	case !ok:
		v.fail(t.Span, code, "Correct the prefix "+quote(service)+"; no service has it.")
	default:
		v.fail(t.Span, code, "Correct "+quote(t.Value)+"; the service "+service+" has no such action."+v.suggestion(service, names, name))
	}
}

// suggestion names the action that somebody may have meant, if one is spelled much like it.
func (v *validator) suggestion(service string, names []string, name string) string {
	const most = 3 // letters
	best, least := "", most+1
	if hasWildcard(name) {
		return ""
	}
	for _, n := range names {
		if len(n) > len(name)+most || len(name) > len(n)+most {
			continue
		}
		if d := distance(lowerASCII(name), lowerASCII(n)); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return " It has " + service + ":" + best + "."
}

// distance is how many letters have to be put in, taken out or replaced to make one text of another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			corner, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, corner+cost)
		}
	}
	return row[len(b)]
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

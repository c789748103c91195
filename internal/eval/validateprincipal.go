package eval

import "strings"

func (v *validator) principals(s *Statement) {
	p := &s.Principal
	switch v.kind {
	case TypeIdentity, TypeBoundary, TypeSession:
		if p.Present() {
			v.fail(p.Span, "Unsupported principal",
				"Remove "+p.Name+"; the policy is about whoever it is attached to.")
		}
		return
	case TypeSCP:
		if p.Present() {
			v.fail(p.Span, "SCP syntax error principal",
				"Remove "+p.Name+"; a service control policy is about everybody in the account.")
		}
		return
	case TypeRCP:
		if !p.Present() || p.Negated() || len(p.Entries) != 1 || p.Entries[0].Value.Value != "*" {
			v.fail(s.Span, "RCP syntax error principal", `Write "Principal": "*" and limit the statement by conditions.`)
		}
		return
	default:
	}
	if !p.Present() {
		v.fail(s.Span, "Missing principal", "Add a Principal element that says whom the statement is about.")
		return
	}
	if len(p.Entries) == 0 {
		code := "Empty array principal"
		if !p.Listed {
			code = "Empty object principal"
		}
		v.simplify(p.Span, code, "Name a principal; an empty "+p.Name+" lists nobody.")
	}
	if p.Negated() && v.kind == TypeTrust {
		v.fail(p.Span, "Role trust policy syntax error notprincipal", "List who may assume the role in Principal instead.")
	} else if p.Negated() && s.Effect == Allow {
		v.secure(p.Span, "Allow with NotPrincipal",
			"List in Principal whom to allow; NotPrincipal allows everyone else, anonymous callers included.")
	}
	for i := range p.Entries {
		v.principal(s, &p.Entries[i])
	}
	v.redundantSessions(p)
}

func (v *validator) principal(s *Statement, e *PrincipalEntry) {
	text := e.Value.Value
	switch {
	case strings.Contains(text, "${"):
		v.fail(e.Value.Span, "Variable unsupported in element", "Remove the variable; a principal cannot hold one.")
	case e.Kind == "*":
		if v.kind == TypeTrust && text == "*" {
			v.fail(e.Value.Span, "Role trust policy unsupported wildcard in principal", "Name who may assume the role.")
		}
	case e.Kind == "AWS" && text == "*":
	case hasWildcard(text):
		v.fail(e.Value.Span, "Unsupported wildcard in principal",
			`Name the principal in full, or use "*" with a condition on aws:PrincipalArn.`)
	case e.Kind == "AWS":
		v.awsPrincipal(e)
	case e.Kind == "Service":
		v.servicePrincipal(s, e)
	case e.Kind == "Federated":
		v.federatedPrincipal(s, e)
	}
}

func (v *validator) awsPrincipal(e *PrincipalEntry) {
	text := e.Value.Value
	switch {
	case strings.HasPrefix(text, "AROA"):
		v.warn(e.Value.Span, "Invalid role reference", "Name a role that exists; this one was deleted.")
	case strings.HasPrefix(text, "AIDA"):
		v.warn(e.Value.Span, "Invalid user reference", "Name a user that exists; this one was deleted.")
	case compilePrincipal(e).kind == nobody:
		v.fail(e.Value.Span, "Invalid principal format",
			"Write an account of twelve digits or the ARN of a user, role or session instead of "+quote(text)+".")
	}
}

func (v *validator) servicePrincipal(s *Statement, e *PrincipalEntry) {
	text := e.Value.Value
	if !strings.HasSuffix(text, ".amazonaws.com") && !strings.HasSuffix(text, ".amazonaws.com.cn") &&
		!strings.HasSuffix(text, ".amazon.com") && !strings.HasSuffix(text, ".aws.internal") {
		v.fail(e.Value.Span, "Invalid service principal format", "Write SERVICE.amazonaws.com instead of "+quote(text)+".")
		return
	}
	source := s.mentions("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
	if v.kind == TypeResource && s.Effect == Allow && !source {
		v.secure(e.Value.Span, "Restrict access to service principal",
			"Add a condition on aws:SourceArn or aws:SourceAccount, so that the service cannot be used on behalf of strangers.")
	}
}

// mentions reports whether a condition is about one of the folded keys.
func (s *Statement) mentions(keys ...string) bool {
	for i := range s.Conditions {
		for _, key := range keys {
			if foldKey(s.Conditions[i].Key.Value) == key {
				return true
			}
		}
	}
	return false
}

const githubProvider = "token.actions.githubusercontent.com"

func (v *validator) federatedPrincipal(s *Statement, e *PrincipalEntry) {
	text := e.Value.Value
	_, provider, oidc := strings.Cut(text, ":oidc-provider/")
	switch {
	case v.kind == TypeResource:
		v.fail(e.Value.Span, "Federated principal not supported",
			"Name a role instead; only trust policies know identity providers.")
	case !strings.Contains(text, ":saml-provider/") && !oidc && strings.Contains(text, ":"):
		v.fail(e.Value.Span, "Invalid federated principal syntax in role trust policy",
			"Write the ARN of a SAML or OIDC provider, or the provider's domain.")
	case provider == githubProvider && s.Effect == Allow && !s.mentions(githubProvider+":sub"):
		v.secure(e.Value.Span, "Missing github repo condition key",
			"Add a condition on "+githubProvider+":sub; without it every repository on GitHub can assume the role.")
	case oidc && s.Effect == Allow && !s.mentions(foldKey(provider)+":aud", foldKey(provider)+":sub"):
		v.secure(e.Value.Span, "Missing condition key for oidc principal",
			"Add a condition on "+provider+":aud or "+provider+":sub, so that not every token of the provider counts.")
	}
}

// redundantSessions finds sessions whose role is in the list too.
func (v *validator) redundantSessions(p *PrincipalElement) {
	if v.kind != TypeTrust {
		return
	}
	for i := range p.Entries {
		session, err := readCaller(p.Entries[i].Value.Value)
		if err != nil || session.kind != roleSession {
			continue
		}
		for j := range p.Entries {
			wide := compilePrincipal(&p.Entries[j])
			if i != j && wide.admits(&session)&toRole != 0 {
				v.simplify(p.Entries[i].Value.Span, "Redundant principal in role trust policy",
					"Remove "+quote(session.text)+"; its role is in the list.")
			}
		}
	}
}

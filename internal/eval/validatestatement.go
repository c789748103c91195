package eval

import (
	"slices"
	"strings"
)

func (v *validator) statement(s *Statement) {
	v.elements(s)
	v.principals(s)
	for i := range s.Action.Values {
		v.action(s, &s.Action.Values[i])
	}
	v.redundantActions(&s.Action)
	for i := range s.Resource.Values {
		v.resource(&s.Resource.Values[i])
	}
	v.redundantResources(&s.Resource)
	for i := range s.Conditions {
		v.condition(s, &s.Conditions[i])
	}
	v.roleGrants(s)
	v.exclusions(s)
}

// exclusions warns of an Allow for everything that a list leaves out: what AWS adds later is allowed as well.
func (v *validator) exclusions(s *Statement) {
	grants := v.kind == TypeIdentity || v.kind == TypeResource
	if grants && s.Effect == Allow && s.Action.Negated() {
		v.secure(s.Action.Span, "Allow with NotAction",
			"List in Action what to allow; NotAction allows everything else, and every action that AWS adds.")
	}
}

// elements checks which elements a statement of this type of policy must and must not have.
func (v *validator) elements(s *Statement) {
	if s.Action.Values != nil && len(s.Action.Values) == 0 {
		v.simplify(s.Action.Span, "Empty array action", "Name an action; an empty list covers none.")
	}
	if s.Resource.Values != nil && len(s.Resource.Values) == 0 {
		v.simplify(s.Resource.Span, "Empty array resource", "Name a resource; an empty list covers none.")
	}
	switch {
	case v.kind == TypeTrust && s.Resource.Present():
		v.fail(s.Resource.Span, "Role trust policy syntax error resource",
			"Remove "+s.Resource.Name+"; a trust policy is about its own role.")
	case v.kind != TypeTrust && v.kind != TypeResource && !s.Resource.Present():
		v.fail(s.Span, "Missing resource", `Add a Resource element, such as "Resource": "*".`)
	}
	if v.kind == TypeRCP {
		v.rcpElements(s)
	}
}

func (v *validator) rcpElements(s *Statement) {
	if s.Effect == Allow {
		v.fail(s.Span, "RCP syntax error allow", "Write a Deny; a resource control policy of your own can only deny.")
	}
	if s.Action.Name == "NotAction" {
		v.fail(s.Action.Span, "RCP syntax error NotAction", "List the actions in Action; NotAction is not supported here.")
	}
	for _, a := range s.Action.Values {
		if a.Value == "*" {
			v.fail(a.Span, "RCP syntax error action", `Name a service, such as "s3:*"; a lone "*" is not supported here.`)
		}
	}
}

// roleGrants warns of Allow statements that hand out roles more widely than they seem to.
func (v *validator) roleGrants(s *Statement) {
	if v.kind != TypeIdentity || s.Effect != Allow {
		return
	}
	restricted := slices.ContainsFunc(s.Conditions, func(c Condition) bool {
		return strings.EqualFold(c.Key.Value, "iam:PassedToService")
	})
	if how := s.reaches("iam", "passrole"); how != "" && !restricted {
		v.secure(s.Span, "Pass role with "+how,
			"List the roles that may be passed, or add the condition key iam:PassedToService; "+
				"whoever can pass any role to a service can act with it.")
	}
	if how := s.reaches("iam", "createservicelinkedrole"); how != "" {
		v.warn(s.Span, "Create SLR with "+how, "List the service-linked roles that may be made.")
	}
}

// reaches says in the words of Access Analyzer how the statement covers an action on
// every resource, or "" if it names the action's resources or does not cover it.
func (s *Statement) reaches(service, name string) string {
	action := ""
	covered := s.Action.Negated()
	for _, a := range s.Action.Values {
		p := compileAction(a.Value)
		if !p.match(service, name) {
			continue
		}
		covered = !s.Action.Negated()
		if hasWildcard(a.Value) {
			action = "star in action and "
		}
	}
	everything := slices.ContainsFunc(s.Resource.Values, func(t Text) bool { return t.Value == "*" })
	switch {
	case !covered:
		return ""
	case s.Resource.Name == "NotResource" && s.Action.Negated():
		return "NotAction and NotResource"
	case s.Resource.Name == "NotResource":
		return action + "NotResource"
	case !everything:
		return ""
	case s.Action.Negated():
		return "star in resource and NotAction"
	case action != "":
		return "star in action and resource"
	}
	return "star in resource"
}

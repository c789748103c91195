package eval

import "slices"

// joint is what policies that are always asked together have in common: one index over
// all their statements, so that asking twenty takes no longer than asking one.
type joint struct {
	index
	policies []*Policy
}

// Join returns the policies, in the same order, prepared for being asked together, as
// those of a role are. A layer of an Input that holds exactly the returned list is
// decided faster; the answer is the same either way. The policies given are left as they are.
func Join(policies []*Policy) []*Policy {
	if len(policies) < 2 || slices.Contains(policies, nil) {
		return policies
	}
	j := &joint{policies: make([]*Policy, len(policies))}
	var statements []*statement
	for i, p := range policies {
		joined := *p
		joined.joint = j
		j.policies[i] = &joined
		statements = append(statements, p.pointers()...)
	}
	j.index = newIndex(statements)
	return slices.Clone(j.policies)
}

// jointOf returns what the policies have in common, or nil if they are not exactly those
// that were joined.
func jointOf(policies []*Policy) *joint {
	if len(policies) == 0 || policies[0] == nil {
		return nil
	}
	if j := policies[0].joint; j != nil && slices.Equal(j.policies, policies) {
		return j
	}
	return nil
}

func (p *Policy) pointers() []*statement {
	list := make([]*statement, len(p.statements))
	for i := range p.statements {
		list[i] = &p.statements[i]
	}
	return list
}

package reference

import "strings"

// gather fills the sets of every layer that has a say.
func (q *question) gather() error {
	var problems []error
	ask := func(l layer, documents ...Document) ways {
		var admits ways
		for _, d := range documents {
			denies, allows, err := q.matching(d, l)
			if err != nil {
				problems = append(problems, err)
			}
			q.denied[l] = q.denied[l] || denies
			admits |= allows
		}
		q.granted[l] = admits != 0
		return admits
	}
	levels := func(l layer, levels [][]Document) {
		every := true
		for _, documents := range levels {
			every = ask(l, documents...) != 0 && every
		}
		q.granted[l] = every
	}
	if q.rcpsApply() {
		levels(rcp, q.RCPs)
	}
	if q.scpsApply() {
		levels(scp, q.SCPs)
	}
	q.admits = ask(resource, q.ResourcePolicy)
	if !q.resourceOnly() && q.who.kind != root {
		ask(identity, q.Identity...)
		ask(boundary, q.Boundary)
		ask(session, q.Session...)
	}
	ask(endpoint, q.Endpoint)
	if len(problems) > 0 {
		return problems[0]
	}
	return nil
}

func (q *question) rcpsApply() bool {
	exempt := q.ManagementAccount != "" && q.owner == q.ManagementAccount
	return !exempt && !q.serviceLinked()
}

func (q *question) scpsApply() bool {
	exempt := q.ManagementAccount != "" && q.who.account == q.ManagementAccount
	return len(q.SCPs) > 0 && q.who.hasAccount() && !exempt && !q.serviceLinked()
}

// serviceLinked recognises a service-linked role by its path, for a session in the key
// that carries the ARN of its role.
func (q *question) serviceLinked() bool {
	text := q.Principal
	switch q.who.kind {
	case role:
	case roleSession:
		text, _ = q.value("aws:PrincipalArn").(string)
	default:
		return false
	}
	a, _ := readARN(text)
	return a[2] == "iam" && strings.HasPrefix(a[5], "role/aws-service-role/")
}

// serviceRefuses names what no policy can allow.
func (q *question) serviceRefuses() bool {
	managed := q.targetStarts("iam", "policy/") && q.target[4] == "aws"
	reserved := q.targetStarts("iam", "role/aws-reserved/") && !q.serviceLinked()
	alias := q.action("kms", "createalias") || q.action("kms", "updatealias") || q.action("kms", "deletealias")
	return q.actionStarts("iam", "") && !q.readsIAM() && (managed || reserved) ||
		alias && q.targetStarts("", "alias/aws/") ||
		q.who.kind == root && q.action("sts", "assumerole")
}

// readsIAM reports whether an action leaves what it is applied to as it is.
func (q *question) readsIAM() bool {
	for _, prefix := range [...]string{"get", "list", "simulate", "generate", "passrole"} {
		if q.actionStarts("iam", prefix) {
			return true
		}
	}
	return false
}

// onRole reports whether the resource's policy is the trust policy of a role.
func (q *question) onRole() bool {
	return q.actionStarts("sts", "assumerole") || q.actionStarts("sts", "") && q.targetStarts("iam", "role/")
}

// delegated reports whether the account's own policies count only as far as the
// resource's policy names the account: KMS keys and roles.
func (q *question) delegated() bool {
	return q.onRole() || q.actionStarts("kms", "") && q.targetStarts("", "key/")
}

// resourceOnly reports whether the caller has no policies of its own, or does not use them.
func (q *question) resourceOnly() bool {
	return !q.who.hasAccount() || q.actionStarts("sts", "assumerolewith")
}

// Whether each side of the caller grants, where it is needed.

func (q *question) identityGrants() bool { return q.who.kind == root || q.granted[identity] }

func (q *question) boundaryGrants() bool {
	return q.Boundary == nil || q.who.kind == root || q.granted[boundary]
}

func (q *question) sessionGrants() bool {
	needed := len(q.Session) > 0 || q.who.kind == federatedUser
	return !needed || q.who.kind == root || q.granted[session]
}

// identityPath reports whether the caller's own policies are enough in its own account.
func (q *question) identityPath() bool {
	counts := !q.delegated() || q.admits.has(asAccount) || q.who.kind == root && q.admits.has(asCaller)
	return q.identityGrants() && q.boundaryGrants() && q.sessionGrants() && counts
}

// missing names the layer that lacks an Allow that is needed, none if the request is allowed.
func (q *question) missing() layer {
	sameAccount := q.who.account == q.owner
	switch {
	case q.scpsApply() && !q.granted[scp]:
		return scp
	case q.Endpoint != nil && !q.granted[endpoint]:
		return endpoint
	case q.resourceOnly():
		if q.admits == 0 {
			return resource
		}
		return none
	case sameAccount && (q.admits.has(asCaller) || q.identityPath()):
		return none
	case !q.boundaryGrants():
		return boundary
	case !q.sessionGrants():
		return session
	case sameAccount && q.admits.has(asRole):
		return none
	case !q.identityGrants():
		return identity
	case sameAccount || q.admits == 0:
		return resource
	}
	return none // across accounts, and both sides agree
}

// restsOn names what allows a request that is allowed.
func (q *question) restsOn() string {
	switch {
	case q.onRole():
		return "trust"
	case q.who.kind == root:
		return "root"
	case q.resourceOnly(), q.who.account == q.owner && !q.identityPath():
		return "resource"
	}
	return "identity"
}

func (q *question) label(l layer) string {
	if l == resource && q.onRole() {
		return "trust"
	}
	return l.String()
}

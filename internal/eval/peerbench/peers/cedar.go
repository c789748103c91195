package peers

import (
	"fmt"
	"net/netip"
	"strings"

	cedar "github.com/cedar-policy/cedar-go"

	"gatehouse/internal/eval/peerbench/workload"
)

// Cedar: one Cedar policy per IAM statement. Default: action wildcards become `like` on
// context.action. ActionSets: wildcards are expanded with the catalog into `action in [..]`
// (what a schema with action groups would give). ARNs are `like` on context.arn.
type Cedar struct {
	ActionSets bool
	ps         *cedar.PolicySet
	reqs       []cedar.Request
	ents       cedar.EntityMap
}

// Name implements Engine.
func (c *Cedar) Name() string {
	if c.ActionSets {
		return "cedar-go(action-in)"
	}
	return "cedar-go(like)"
}

func cedarStatement(s workload.Statement, catalog []string, sets bool) string {
	var b strings.Builder
	if s.Effect == "Deny" {
		b.WriteString("forbid(principal, ")
	} else {
		b.WriteString("permit(principal, ")
	}
	exact := true
	for _, a := range s.Action {
		if strings.Contains(a, "*") {
			exact = false
		}
	}
	var conj []string
	if exact || sets {
		var l []string
		seen := map[string]bool{}
		for _, p := range s.Action {
			for _, a := range catalog {
				if workload.Glob(p, a) && !seen[a] {
					seen[a] = true
					l = append(l, fmt.Sprintf("Action::%q", a))
				}
			}
		}
		if len(l) == 1 {
			b.WriteString("action == " + l[0])
		} else {
			b.WriteString("action in [" + strings.Join(l, ", ") + "]")
		}
	} else {
		b.WriteString("action")
		var l []string
		for _, p := range s.Action {
			l = append(l, fmt.Sprintf("context.action like %q", p))
		}
		conj = append(conj, "("+strings.Join(l, " || ")+")")
	}
	b.WriteString(", resource)")
	var l []string
	for _, r := range s.Resource {
		if r == "*" {
			l = nil
			break
		}
		if strings.Contains(r, "*") {
			l = append(l, fmt.Sprintf("context.arn like %q", r))
		} else {
			l = append(l, fmt.Sprintf("context.arn == %q", r))
		}
	}
	if len(l) > 0 {
		conj = append(conj, "("+strings.Join(l, " || ")+")")
	}
	for op, kv := range s.Condition {
		for _, vals := range kv {
			switch op {
			case "StringEquals":
				var q []string
				for _, v := range vals {
					q = append(q, fmt.Sprintf("%q", v))
				}
				conj = append(conj, "context has region && ["+strings.Join(q, ", ")+"].contains(context.region)")
			case "IpAddress":
				var q []string
				for _, v := range vals {
					q = append(q, fmt.Sprintf("context.ip.isInRange(ip(%q))", v))
				}
				conj = append(conj, "context has ip && ("+strings.Join(q, " || ")+")")
			case "Bool":
				conj = append(conj, "context has mfa && context.mfa == "+vals[0])
			}
		}
	}
	if len(conj) > 0 {
		b.WriteString(" when { " + strings.Join(conj, " && ") + " }")
	}
	b.WriteString(";\n")
	return b.String()
}

// Load implements Engine.
func (c *Cedar) Load(w *workload.Workload) error {
	var b strings.Builder
	for _, s := range w.Statements() {
		b.WriteString(cedarStatement(s, w.Catalog, c.ActionSets))
	}
	ps, err := cedar.NewPolicySetFromBytes("w.cedar", []byte(b.String()))
	if err != nil {
		return err
	}
	c.ps, c.reqs, c.ents = ps, nil, cedar.EntityMap{}
	user := cedar.NewEntityUID("User", "alice")
	c.ents[user] = cedar.Entity{UID: user}
	for _, a := range w.Catalog {
		u := cedar.NewEntityUID("Action", cedar.String(a))
		c.ents[u] = cedar.Entity{UID: u}
	}
	for _, r := range w.Requests {
		m := cedar.RecordMap{"action": cedar.String(r.Action), "arn": cedar.String(r.Resource)}
		for k, v := range r.Context {
			switch k {
			case "aws:RequestedRegion":
				m["region"] = cedar.String(v)
			case "aws:SourceIp":
				a, err := netip.ParseAddr(v)
				if err != nil {
					return err
				}
				m["ip"] = cedar.IPAddr(netip.PrefixFrom(a, a.BitLen()))
			case "aws:MultiFactorAuthPresent":
				m["mfa"] = cedar.Boolean(v == "true")
			}
		}
		c.reqs = append(c.reqs, cedar.Request{Principal: user, Action: cedar.NewEntityUID("Action", cedar.String(r.Action)), Resource: cedar.NewEntityUID("Resource", cedar.String(r.Resource)), Context: cedar.NewRecord(m)})
	}
	return nil
}

// Decide implements Tri.
func (c *Cedar) Decide(i int) string {
	d, diag := cedar.Authorize(c.ps, c.ents, c.reqs[i])
	if len(diag.Errors) > 0 {
		return "error:" + diag.Errors[0].Message
	}
	if d == cedar.Allow {
		return "allow"
	}
	if len(diag.Reasons) > 0 {
		return "explicitDeny"
	}
	return "implicitDeny"
}

// Allow implements Engine.
func (c *Cedar) Allow(i int) bool {
	d, _ := cedar.Authorize(c.ps, c.ents, c.reqs[i])
	return d == cedar.Allow
}

package peers

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown/cache"

	"gatehouse/internal/eval/peerbench/workload"
)

// OPA: generic IAM rego over statements held as data, prepared query, inputs pre-parsed to
// ast.Value, glob inter-query cache enlarged (default is 100 patterns and thrashes).
// Indexed: wildcards pre-expanded with the catalog so rego looks statements up by action.
type OPA struct {
	Indexed bool
	q       rego.PreparedEvalQuery
	in      []ast.Value
	vc      cache.InterQueryValueCache
}

const regoCommon = `
package iam
default decision := "implicitDeny"
decision := "explicitDeny" if { denied } else := "allow" if { allowed }
resource_match(s) if { some p in s.prefix; startswith(input.resource, p) }
resource_match(s) if { input.resource in s.exact }
resource_match(s) if { some p in s.glob; glob.match(p, null, input.resource) }
cond_match(s) if { not s.cond }
cond_match(s) if { every c in s.cond { cond(c) } }
cond(c) if { c.op == "StringEquals"; input.context[c.key] in c.values }
cond(c) if { c.op == "Bool"; input.context[c.key] in c.values }
cond(c) if { c.op == "IpAddress"; some r in c.values; net.cidr_contains(r, input.context[c.key]) }
`
const regoScan = regoCommon + `
action_match(s) if { some a in s.action_prefix; startswith(input.action, a) }
action_match(s) if { input.action in s.action_exact }
denied if { some s in data.deny; action_match(s); resource_match(s); cond_match(s) }
allowed if { some s in data.allow; action_match(s); resource_match(s); cond_match(s) }
`
const regoIndexed = regoCommon + `
denied if { some s in data.deny[input.action]; resource_match(s); cond_match(s) }
allowed if { some s in data.allow[input.action]; resource_match(s); cond_match(s) }
`

// Name implements Engine.
func (o *OPA) Name() string {
	if o.Indexed {
		return "opa-rego(by-action)"
	}
	return "opa-rego(scan)"
}

// split puts a pattern in the cheapest class: exact, prefix ("x*") or glob.
func split(ps []string) (exact, prefix, glob []any) {
	exact, prefix, glob = []any{}, []any{}, []any{}
	for _, p := range ps {
		n := 0
		for _, c := range p {
			if c == '*' {
				n++
			}
		}
		switch {
		case n == 0:
			exact = append(exact, p)
		case n == 1 && p[len(p)-1] == '*':
			prefix = append(prefix, p[:len(p)-1])
		default:
			glob = append(glob, p)
		}
	}
	return
}

// Load implements Engine.
func (o *OPA) Load(w *workload.Workload) error {
	ctx := context.Background()
	conv := func(s workload.Statement) map[string]any {
		m := map[string]any{}
		m["exact"], m["prefix"], m["glob"] = split3(s.Resource)
		ae, ap, _ := split(s.Action)
		m["action_exact"], m["action_prefix"] = ae, ap
		if len(s.Condition) > 0 {
			var cs []any
			for op, kv := range s.Condition {
				for k, vals := range kv {
					var l []any
					for _, v := range vals {
						l = append(l, v)
					}
					cs = append(cs, map[string]any{"op": op, "key": k, "values": l})
				}
			}
			m["cond"] = cs
		}
		return m
	}
	data := map[string]any{}
	mod := regoScan
	if o.Indexed {
		mod = regoIndexed
		al, de := map[string]any{}, map[string]any{}
		for _, s := range w.Statements() {
			t := al
			if s.Effect == "Deny" {
				t = de
			}
			m := conv(s)
			delete(m, "action_exact")
			delete(m, "action_prefix")
			for _, a := range w.Catalog {
				for _, p := range s.Action {
					if workload.Glob(p, a) {
						l, _ := t[a].([]any)
						t[a] = append(l, m)
						break
					}
				}
			}
		}
		data["allow"], data["deny"] = al, de
	} else {
		al, de := []any{}, []any{}
		for _, s := range w.Statements() {
			if s.Effect == "Deny" {
				de = append(de, conv(s))
			} else {
				al = append(al, conv(s))
			}
		}
		data["allow"], data["deny"] = al, de
	}
	big := 100000
	o.vc = cache.NewInterQueryValueCache(ctx, &cache.Config{InterQueryBuiltinValueCache: cache.InterQueryBuiltinValueCacheConfig{MaxNumEntries: &big}})
	q, err := rego.New(
		rego.Query("data.iam.decision"),
		rego.Module("iam.rego", mod),
		rego.Store(inmem.NewFromObjectWithOpts(data, inmem.OptReturnASTValuesOnRead(true))),
	).PrepareForEval(ctx)
	if err != nil {
		return err
	}
	o.q, o.in = q, nil
	for _, r := range w.Requests {
		c := map[string]any{}
		for k, v := range r.Context {
			c[k] = v
		}
		v, err := ast.InterfaceToValue(map[string]any{"action": r.Action, "resource": r.Resource, "context": c})
		if err != nil {
			return err
		}
		o.in = append(o.in, v)
	}
	return nil
}
func split3(ps []string) (a, b, c []any) { return split(ps) }

// Decide implements Tri.
func (o *OPA) Decide(i int) string {
	rs, err := o.q.Eval(context.Background(), rego.EvalParsedInput(o.in[i]), rego.EvalInterQueryBuiltinValueCache(o.vc))
	if err != nil {
		return "error:" + err.Error()
	}
	if len(rs) != 1 {
		return fmt.Sprint("error: results ", len(rs))
	}
	return rs[0].Expressions[0].Value.(string)
}

// Allow implements Engine.
func (o *OPA) Allow(i int) bool { return o.Decide(i) == "allow" }

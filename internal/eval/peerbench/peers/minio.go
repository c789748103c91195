package peers

import (
	"fmt"
	"net"
	"strings"

	"github.com/minio/pkg/v3/policy"
	"github.com/minio/pkg/v3/policy/condition"

	"gatehouse/internal/eval/peerbench/workload"
)

// Minio: github.com/minio/pkg/v3/policy. Statements are built with the exported
// constructors instead of ParseConfig, because its validator only accepts S3 ARNs. A
// whole ARN is passed as bucket[/object]; Bool is only accepted for aws:SecureTransport, so the
// MFA key is renamed to it on both sides (same work).
type Minio struct {
	p    policy.Policy
	args []policy.Args
}

// Name implements Engine.
func (*Minio) Name() string { return "minio/pkg" }

// Load implements Engine.
func (m *Minio) Load(w *workload.Workload) error {
	m.p = policy.Policy{Version: "2012-10-17"}
	for _, s := range w.Statements() {
		as := policy.NewActionSet()
		for _, a := range s.Action {
			as.Add(policy.Action(a))
		}
		rs := policy.NewResourceSet()
		for _, r := range s.Resource {
			rs.Add(policy.Resource{Pattern: r, Type: policy.ResourceARNS3})
		}
		var fns []condition.Function
		for op, kv := range s.Condition {
			for k, vals := range kv {
				var f condition.Function
				var err error
				switch op {
				case "StringEquals":
					f, err = condition.NewStringEqualsFunc("", condition.KeyName(k).ToKey(), vals...)
				case "IpAddress":
					var nets []*net.IPNet
					for _, v := range vals {
						_, n, e := net.ParseCIDR(v)
						if e != nil {
							return e
						}
						nets = append(nets, n)
					}
					f, err = condition.NewIPAddressFunc(condition.AWSSourceIP.ToKey(), nets...)
				case "Bool":
					f, err = condition.NewBoolFunc(condition.AWSSecureTransport.ToKey(), vals[0] == "true")
				default:
					err = fmt.Errorf("op %s", op)
				}
				if err != nil {
					return err
				}
				fns = append(fns, f)
			}
		}
		m.p.Statements = append(m.p.Statements, policy.NewStatement(policy.ID(s.Sid), policy.Effect(s.Effect), as, rs, condition.NewFunctions(fns...)))
	}
	m.args = nil
	for _, r := range w.Requests {
		b, o, _ := strings.Cut(r.Resource, "/")
		cv := map[string][]string{}
		for k, v := range r.Context {
			if k == "aws:MultiFactorAuthPresent" {
				k = "aws:SecureTransport"
			}
			cv[strings.TrimPrefix(k, "aws:")] = []string{v}
		}
		m.args = append(m.args, policy.Args{AccountName: "alice", Action: policy.Action(r.Action), BucketName: b, ObjectName: o, ConditionValues: cv})
	}
	return nil
}

// Allow implements Engine.
func (m *Minio) Allow(i int) bool { return m.p.IsAllowed(m.args[i]) }

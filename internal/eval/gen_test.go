package eval_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// draft is a scenario whose statements can still be changed: each is a JSON text, a
// policy is a list of them.
type draft struct {
	principal, action, resource, owner, management string
	context                                        string
	identity, session                              [][]string
	boundary, resourcePolicy, endpoint             []string // no policy when nil
	scps, rcps                                     [][][]string
}

// gen draws drafts from a vocabulary so small that everything meets everything.
type gen struct{ *rand.Rand }

func newGen(seed uint64) gen { return gen{rand.New(rand.NewPCG(seed, seed))} }

func (g gen) pick(words ...string) string { return words[g.IntN(len(words))] }

func (g gen) chance(percent int) bool { return g.IntN(100) < percent }

func (g gen) draft() draft {
	d := draft{
		principal: g.principal(), action: g.action(), resource: g.resource(),
		owner: g.pick("111111111111", "111111111111", "222222222222"), context: g.context(),
		management: g.pick("", "", "111111111111", "222222222222"),
		identity:   g.policies(false, 2), session: nil,
	}
	if g.chance(30) {
		d.boundary = g.statements(false)
	}
	if g.chance(20) {
		d.session = g.policies(false, 2)
	}
	if g.chance(60) {
		d.resourcePolicy = g.statements(true)
	}
	if g.chance(15) {
		d.endpoint = g.statements(true)
	}
	for range g.IntN(3) {
		d.scps = append(d.scps, g.policies(false, 2))
	}
	for range g.IntN(2) {
		d.rcps = append(d.rcps, g.policies(true, 1))
	}
	return d
}

func (g gen) principal() string {
	return g.pick(alice, alice, session, session, "arn:aws:iam::111111111111:root",
		"arn:aws:iam::111111111111:role/deploy",
		"arn:aws:sts::111111111111:federated-user/alice", "anonymous", "service:sns.amazonaws.com",
		"arn:aws:iam::111111111111:saml-provider/Corp", "arn:aws:iam::222222222222:user/eve")
}

func (g gen) action() string {
	return g.pick("s3:GetObject", "s3:PutObject", "S3:getobject", "kms:Decrypt", "sts:AssumeRole",
		"sts:AssumeRoleWithSAML",
		"iam:PutRolePolicy", "iam:GetRole", "sts:GetCallerIdentity")
}

func (g gen) resource() string {
	return g.pick(object, object, "arn:aws:s3:::orders", "arn:aws:kms:eu-west-1:111111111111:key/k", "*",
		"arn:aws:iam::111111111111:role/deploy", "arn:aws:iam::111111111111:role/aws-reserved/x",
		"arn:aws:kms:eu-west-1:111111111111:alias/aws/s3", "arn:aws:iam::aws:policy/ReadOnlyAccess")
}

func (g gen) policies(principals bool, most int) [][]string {
	var list [][]string
	for range g.IntN(most + 1) {
		list = append(list, g.statements(principals))
	}
	return list
}

func (g gen) statements(principals bool) []string {
	list := []string{}
	for range 1 + g.IntN(2) {
		effect := "Allow"
		if g.chance(15) {
			effect = "Deny"
		}
		list = append(list, g.statement(effect, principals))
	}
	return list
}

func (g gen) statement(effect string, principals bool) string {
	s := map[string]any{
		"Effect": effect,
		g.not("Action"): g.list("*", "*", "s3:*", "s3:Get*", "s3:GetObject", "kms:*", "sts:AssumeRole*", "iam:*", "GetObject",
			"s?:GetObject"),
		g.not("Resource"): g.list("*", "*", "arn:aws:s3:::orders/*", "arn:aws:s3:::orders", "arn:aws:s3", "arn:aws:s3*",
			"arn:aws:kms:*:*:key/*", "arn:aws:s3:::orders/${a:tag}/*", "arn:aws:iam::*:role/*", "arn:aws:s3:::${a:none}"),
	}
	if principals && g.chance(95) {
		s[g.not("Principal")] = g.principals()
	}
	if g.chance(40) {
		s["Condition"] = g.condition()
	}
	text, _ := json.Marshal(s)
	return string(text)
}

func (g gen) not(element string) string {
	if g.chance(12) {
		return "Not" + element
	}
	return element
}

func (g gen) list(words ...string) any {
	if g.chance(70) {
		return g.pick(words...)
	}
	return []string{g.pick(words...), g.pick(words...)}
}

func (g gen) principals() any {
	switch {
	case g.chance(25):
		return "*"
	case g.chance(15):
		return map[string]any{"Service": "sns.amazonaws.com"}
	case g.chance(15):
		return map[string]any{"Federated": "arn:aws:iam::111111111111:saml-provider/Corp"}
	}
	return map[string]any{"AWS": g.list("*", alice, session, "arn:aws:iam::111111111111:role/deploy", "111111111111",
		"arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:user/eve", "222222222222",
		"arn:aws:sts::111111111111:federated-user/alice", "AIDAEXAMPLEID1234567")}
}

func (g gen) condition() any {
	operator := g.pick("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase",
		"NumericLessThan", "NumericNotEquals", "DateGreaterThan", "Bool", "IpAddress", "NotIpAddress", "ArnLike",
		"ArnNotLike",
		"BinaryEquals")
	if g.chance(3) {
		operator = "StringMatches"
	}
	switch {
	case g.chance(15):
		operator = "ForAnyValue:" + operator
	case g.chance(15):
		operator = "ForAllValues:" + operator
	}
	if g.chance(20) {
		operator += "IfExists"
	}
	if g.chance(10) {
		return map[string]any{"Null": map[string]any{g.key(): g.pick("true", "false")}}
	}
	return map[string]any{operator: map[string]any{g.key(): g.list(g.value(operator), g.value(operator))}}
}

// value is mostly one that the operator can read.
func (g gen) value(operator string) string {
	switch {
	case g.chance(3):
		return "odd"
	case strings.Contains(operator, "Numeric"):
		return g.pick("10", "10.0", "9")
	case strings.Contains(operator, "Date"):
		return g.pick("2026-01-01", "1767225600")
	case strings.Contains(operator, "Bool"):
		return g.pick("true", "false")
	case strings.Contains(operator, "Ip"):
		return g.pick("10.0.0.0/8", "::/0")
	case strings.Contains(operator, "Arn"):
		return g.pick("arn:aws:iam::*:role/deploy", "*", "arn:aws:iam::${a:account}:role/*")
	case strings.Contains(operator, "Binary"):
		return g.pick("AAEC", "dGVhbQ==")
	}
	return g.pick("team", "te*", "${a:tag}", "${a:none}", "${a:none, 'team'}", "TEAM", "")
}

func (g gen) key() string {
	return g.pick("a:tag", "A:Tag", "a:number", "a:set", "a:ip", "a:arn", "a:none")
}

func (g gen) context() string {
	keys := []string{
		`"a:tag":"team"`, `"a:tag":""`, `"a:number":10`, `"a:number":"odd"`, `"a:set":["team","other"]`, `"a:set":[]`,
		`"a:ip":"10.1.2.3"`, `"a:ip":"2001:db8::1"`, `"a:arn":"arn:aws:iam::111111111111:role/deploy"`,
		`"a:account":"111111111111"`,
		`"aws:PrincipalArn":"arn:aws:iam::111111111111:role/aws-service-role/x/y"`,
	}
	seen, list := map[string]bool{}, []string{}
	for range g.IntN(6) {
		k := g.pick(keys...)
		if name, _, _ := strings.Cut(k, `":`); !seen[name] {
			seen[name] = true
			list = append(list, k)
		}
	}
	return strings.Join(list, ",")
}

// input compiles the draft. Every text passes through rename first.
func (d *draft) input(t testing.TB, rename func(string) string) *eval.Input {
	t.Helper()
	in := &eval.Input{
		Principal: rename(d.principal), Action: d.action, Resource: rename(d.resource), ResourceAccount: rename(d.owner),
		ManagementAccount: rename(d.management), Context: contextOf(t, rename(d.context)),
	}
	one := func(statements []string) *eval.Policy {
		if statements == nil {
			return nil
		}
		return compile(t, "p", rename(`{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`))
	}
	all := func(policies [][]string) (list []*eval.Policy) {
		for _, statements := range policies {
			list = append(list, one(statements))
		}
		return list
	}
	levels := func(levels [][][]string) (list []eval.Level) {
		for _, policies := range levels {
			list = append(list, eval.Level{Policies: all(policies)})
		}
		return list
	}
	in.Identity, in.Session = all(d.identity), all(d.session)
	in.Boundary, in.ResourcePolicy, in.Endpoint = one(d.boundary), one(d.resourcePolicy), one(d.endpoint)
	in.SCPs, in.RCPs = levels(d.scps), levels(d.rcps)
	return in
}

func asWritten(s string) string { return s }

package eval_test

import "strings"

// policyKind says where a policy belongs.
type policyKind int

const (
	forCallers   policyKind = iota // names no principals
	forResources                   // names them, and resources perhaps
	forEndpoints                   // names both
)

// policy draws a policy, or makes the one that allows everything.
func (g gen) policy(kind policyKind, full bool) *draftPolicy {
	if full {
		return fullAccess(kind)
	}
	p := &draftPolicy{Name: "drawn", Document: draftDocument{Version: "2012-10-17", Statement: []draftStatement{}}}
	if g.chance(10) {
		p.Document.Version = g.pick("2008-10-17", "")
	}
	for range 1 + g.IntN(3) {
		effect := "Allow"
		if g.chance(46) {
			effect = "Deny"
		}
		p.Document.Statement = append(p.Document.Statement, g.statement(effect, kind))
	}
	return p
}

func fullAccess(kind policyKind) *draftPolicy {
	s := draftStatement{"Effect": "Allow", "Action": "*", "Resource": "*"}
	if kind != forCallers {
		s["Principal"] = "*"
	}
	return &draftPolicy{Name: "full", Document: draftDocument{Version: "2012-10-17", Statement: []draftStatement{s}}}
}

// statement draws a statement. Allows are wide and Denies narrow, so that both happen.
func (g gen) statement(effect string, kind policyKind) draftStatement {
	s := draftStatement{"Effect": effect}
	s[g.not("Action", 10)] = g.list(g.actionPattern)
	if kind == forCallers || g.chance(85) {
		s[g.not("Resource", 12)] = g.list(g.resourcePattern)
	}
	if principals := kind != forCallers; principals != (g.IntN(200) == 0) {
		s[g.not("Principal", 15)] = g.principals()
	}
	conditions := 0
	if effect == "Deny" && g.chance(30) || g.chance(35) {
		conditions = 1 + g.IntN(2)
	}
	if conditions > 0 {
		block := map[string]map[string]any{}
		for range conditions {
			operator, key, values := g.condition()
			if !has(block, operator) {
				block[operator] = map[string]any{}
			}
			if keys := block[operator]; keys != nil && !has(keys, key) {
				keys[key] = values
			}
		}
		s["Condition"] = block
	}
	return s
}

// has looks for a key without case: documents that repeat one are refused.
func has[V any](keys map[string]V, key string) bool {
	for k := range keys {
		if strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

func (g gen) not(element string, percent int) string {
	if g.chance(percent) {
		return "Not" + element
	}
	return element
}

// list is one value, or a list of a few.
func (g gen) list(draw func() string) any {
	if g.chance(60) {
		return draw()
	}
	list := []string{}
	for range g.IntN(4) {
		list = append(list, draw())
	}
	return list
}

func (g gen) actionPattern() string {
	if g.chance(60) {
		return g.pick("*", "*", "*", "s3:*", "s3:Get*", "sts:*", "iam:*", "kms:*")
	}
	return g.pick("s3:GetObject", "S3:GETOBJECT", "s3:?etObject", "s3:*Object", "s3:**t*t", "s3:Get", "s3:", "s?:*", "*:*", "GetObject",
		"s3:Get.bject", " s3:*", "sqs:SendMessage", "sqs:*e", "kms:Decrypt", "kms:*Alias", "sts:AssumeRole", "sts:AssumeRole*",
		"sts:Tag*", "sts:assumerolewith????", "iam:*Role*", "iam:PassRole", "ec2:Describe*", "**", "")
}

func (g gen) resourcePattern() string {
	if g.chance(60) {
		return "*"
	}
	if g.chance(10) {
		return g.pick("arn:aws:s3", "arn:*", "arn:aws:s3*", "arn:aws:s?:::*", "arn:aws:*:*:*:*", "orders", "**", "", "arn", "*:*:*:*:*:*",
			"arn:aws:s3:::orders/202?/*", "arn:aws:s3:::${a:none}", "arn:aws:s3:::${a:tag", "arn:aws:sqs:*:jobs", "arn:aws:s3:::a${*}")
	}
	return g.arnPattern()
}

func (g gen) principals() any {
	switch {
	case g.chance(35):
		return "*"
	case g.chance(10):
		return map[string]any{"Service": g.list(func() string { return g.pick("sns.amazonaws.com", "ec2.amazonaws.com", "*") })}
	case g.chance(10):
		return map[string]any{"Federated": g.list(func() string {
			return g.pick("arn:aws:iam::111111111111:saml-provider/Corp", "accounts.google.com",
				"arn:aws:iam::111111111111:oidc-provider/id.example.com/a")
		})}
	case g.chance(3):
		return map[string]any{"CanonicalUser": "0123abcd", "AWS": []string{}}
	}
	return map[string]any{"AWS": g.list(func() string {
		return g.pick("*", alice, session, "arn:aws:iam::111111111111:role/deploy", ours, ours, "arn:aws:iam::111111111111:root",
			"arn:aws:iam::222222222222:user/eve", theirs, "arn:aws:sts::111111111111:federated-user/alice", "AIDAEXAMPLEID1234567",
			"arn:aws:iam::111111111111:role/ops/deploy", "arn:aws:iam::111111111111:user/*", "arn:aws:iam::222222222222:role/deploy",
			"arn:aws:iam::111111111111:user/team/alice", "arn:aws-cn:iam::111111111111:root", serviceLinked)
	})}
}

// condition draws an operator, a key, mostly one with values of the operator's kind, and values.
func (g gen) condition() (operator, key string, values any) {
	if g.chance(8) {
		return g.pick("Null", "Null", "ForAnyValue:Null", "null"), g.key(g.anyKind()), g.list(func() string { return g.pick("true", "false") })
	}
	operator = g.pick("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
		"StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan",
		"NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
		"DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals", "ArnLike", "ArnNotEquals",
		"ArnNotLike", "StringLike", "StringEquals")
	kind := kindOf(operator)
	if strings.HasSuffix(operator, "Like") && kind == textValue && g.chance(50) {
		kind = lettersValue
	}
	key = g.key(kind)
	switch {
	case g.IntN(250) == 0:
		operator = g.pick("StringMatches", "NullIfExists", "NumericLike", "ForSomeValues:StringEquals", "BoolNotEquals", "Date")
	case g.chance(12):
		operator = "ForAnyValue:" + operator
	case g.chance(12):
		operator = "ForAllValues:" + operator
	}
	if g.chance(15) && !strings.HasSuffix(operator, "IfExists") {
		operator += "IfExists"
	}
	if g.chance(3) {
		operator = strings.ToUpper(operator)
	}
	return operator, key, g.list(func() string { return g.policyValue(kind) })
}

func (g gen) key(kind valueKind) string {
	if g.chance(15) {
		return g.pick("a:tag", "A:TAG", "a:none", "a:set", "a:text", "a:number", "aws:PrincipalArn")
	}
	return [...]string{textValue: g.pick("a:tag", "a:set"), lettersValue: "a:text", numberValue: "a:number", dateValue: "a:date",
		boolValue: "a:bool", binaryValue: "a:bin", ipValue: "a:ip", arnValue: g.pick("a:arn", "aws:PrincipalArn")}[kind]
}

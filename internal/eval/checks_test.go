package eval_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// check is one of the validator's checks, with a statement in which it finds something and one like it in which it
// finds nothing. Statements are an Allow of what they say; one that begins with a brace is a whole document.
type check struct {
	severity      eval.Severity
	code          string
	kind          eval.PolicyType
	with, without string
}

const (
	identity, resource, trust, scp, rcp = eval.TypeIdentity, eval.TypeResource, eval.TypeTrust, eval.TypeSCP, eval.TypeRCP
	e, sec, w, sug                      = eval.Error, eval.SecurityWarning, eval.Warning, eval.Suggestion

	assume, some = "sts:AssumeRole", `{"AWS":"111111111111"}`
	onRole       = `"Resource":"arn:aws:iam::111111111111:role/x"`
)

func get(resource string) string { return `"Action":"s3:GetObject","Resource":` + resource }

func act(action string) string { return `"Action":` + action + `,"Resource":"*"` }

func when(condition string) string { return get(`"*"`) + `,"Condition":{` + condition + `}` }

func by(principal, action string) string {
	return `"Principal":` + principal + `,"Action":"` + action + `"`
}

func doc(statements string) string {
	return `{"Version":"2012-10-17","Statement":[` + statements + `]}`
}

func long(n int) string { return get(`"arn:aws:s3:::` + strings.Repeat("x", n) + `"`) }

func deny(s string) string { return doc(`{"Effect":"Deny",` + s + `}`) }

func pass(rest string) string { return `"Action":"iam:PassRole",` + rest }

func oidc(provider string) string {
	return by(`{"Federated":"arn:aws:iam::111111111111:oidc-provider/`+provider+`"}`, "sts:AssumeRoleWithWebIdentity")
}

func checks() []check {
	return slices.Concat(documentChecks(), quotaChecks(), actionChecks(), resourceChecks(), principalChecks(), conditionChecks(), valueChecks())
}

func documentChecks() []check {
	return []check{
		{e, "Json syntax error", identity, `{"Version":}`, fine()},
		{e, "Duplicate JSON key", identity, `{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}`, fine()},
		{e, "Duplicate keys with different case", identity, when(`"Bool":{"aws:SecureTransport":"true","AWS:SecureTransport":"true"}`),
			when(`"Bool":{"aws:SecureTransport":"true"}`)},
		{e, "Data type mismatch", identity, `"Action":5,"Resource":"*"`, get(`"*"`)},
		{e, "Invalid policy element", identity, `"Actions":"x",` + get(`"*"`), get(`"*"`)},
		{e, "Invalid version", identity, `{"Version":"2012-10-18","Statement":[]}`, `{"Version":"2008-10-17","Statement":[]}`},
		{w, "Missing version", identity, `{"Statement":[]}`, fine()},
		{e, "Missing statement", identity, `{"Version":"2012-10-17"}`, fine()},
		{e, "Missing effect", identity, doc(`{` + get(`"*"`) + `}`), fine()},
		{e, "Invalid effect", identity, doc(`{"Effect":"allow",` + get(`"*"`) + `}`), fine()},
		{e, "Missing action", identity, `"Resource":"*"`, get(`"*"`)},
		{e, "Missing resource", identity, `"Action":"s3:GetObject"`, get(`"*"`)},
		{e, "Unsupported element combination", identity, `"NotAction":"s3:*",` + get(`"*"`), get(`"*"`)},
		{e, "Unsupported character", identity, get(`"arn:aws:s3:::€"`), get(`"arn:aws:s3:::é"`)},
		{sug, "Empty Sid value", identity, `"Sid":"",` + get(`"*"`), `"Sid":"a",` + get(`"*"`)},
		{e, "Unsupported Sid", identity, `"Sid":"a b",` + get(`"*"`), `"Sid":"ab",` + get(`"*"`)},
		{e, "Unique Sids required", identity, doc(`{"Sid":"a","Effect":"Allow",` + act(`"s3:PutObject"`) + `},{"Sid":"a","Effect":"Deny",` + get(`"*"`) + `}`),
			doc(`{"Sid":"a","Effect":"Allow",` + act(`"s3:PutObject"`) + `},{"Sid":"b","Effect":"Deny",` + get(`"*"`) + `}`)},
		{w, "Unique Sids recommended", resource, doc(`{"Sid":"a","Effect":"Deny",` + by(some, "s3:*") + `},{"Sid":"a","Effect":"Deny",` + by(some, "sqs:*") + `}`),
			doc(`{"Sid":"a","Effect":"Deny",` + by(some, "s3:*") + `},{"Sid":"b","Effect":"Deny",` + by(some, "sqs:*") + `}`)},
		{sug, "Redundant statement", identity, doc(`{"Effect":"Allow",` + act(`"s3:*"`) + `},{"Effect":"Allow",` + get(`"*"`) + `}`),
			doc(`{"Effect":"Allow",` + act(`"s3:*"`) + `},{"Effect":"Deny",` + get(`"*"`) + `}`)},
	}
}

func quotaChecks() []check {
	return []check{
		{w, "Policy size exceeds identity policy quota", identity, long(6_200), long(6_000)},
		{w, "Policy size exceeds role trust policy quota", trust, by(`{"AWS":"arn:aws:iam::111111111111:user/`+strings.Repeat("x", 2_100)+`"}`, assume),
			by(some, assume)},
		{w, "Policy size exceeds session policy quota", eval.TypeSession, long(2_100), long(1_900)},
		{w, "Policy size exceeds resource policy quota", resource, by(some, "s3:*") + `,"Resource":"arn:aws:s3:::` + strings.Repeat("x", 21_000) + `"`,
			by(some, "s3:*") + `,"Resource":"arn:aws:s3:::` + strings.Repeat("x", 20_000) + `"`},
		{e, "Policy size exceeds SCP quota", scp, long(10_300), long(10_000)},
		{e, "Policy size exceeds RCP quota", rcp, deny(by(`"*"`, "s3:*") + `,"Resource":"arn:aws:s3:::` + strings.Repeat("x", 5_200) + `"`),
			deny(by(`"*"`, "s3:*") + `,"Resource":"*"`)},
	}
}

func actionChecks() []check {
	return []check{
		{e, "Invalid action", identity, act(`"s3:GetObjekt"`), act(`"s3:GetObj*"`)},
		{e, "Invalid service in action", identity, act(`"s4:GetObject"`), act(`"S3:GetObject"`)},
		{sug, "Wildcard in service name", identity, act(`"s*:GetObject"`), act(`"*"`)},
		{sug, "Empty array action", identity, act(`[]`), act(`["s3:GetObject"]`)},
		{sug, "Redundant action", identity, act(`["s3:GetObject","s3:Get*"]`), act(`["s3:GetObject","s3:Put*"]`)},
		{sec, "Allow with NotAction", identity, `"NotAction":"iam:*","Resource":"*"`, deny(`"NotAction":"iam:*","Resource":"*"`)},
		{e, "Unsupported action in policy", trust, by(some, "s3:GetObject"), by(some, "sts:TagSession")},
		{sec, "Pass role with star in resource", identity, pass(`"Resource":"*"`), pass(onRole)},
		{sec, "Pass role with star in action and resource", identity, `"Action":"iam:Pass*","Resource":"*"`, `"Action":"iam:Pass*",` + onRole},
		{sec, "Pass role with NotResource", identity, pass(`"NotResource":"arn:aws:s3:::a"`), pass(onRole)},
		{sec, "Pass role with star in action and NotResource", identity, `"Action":"iam:*","NotResource":"arn:aws:s3:::a"`, `"Action":"iam:*",` + onRole},
		{sec, "Pass role with star in resource and NotAction", identity, `"NotAction":"s3:*","Resource":"*"`, `"NotAction":"iam:*","Resource":"*"`},
		{sec, "Pass role with NotAction and NotResource", identity, `"NotAction":"s3:*","NotResource":"arn:aws:s3:::a"`,
			`"NotAction":"iam:*","NotResource":"arn:aws:s3:::a"`},
		{w, "Create SLR with star in resource", identity, act(`"iam:CreateServiceLinkedRole"`), `"Action":"iam:CreateServiceLinkedRole",` + onRole},
		{w, "Create SLR with star in action and resource", identity, act(`"iam:Create*"`), `"Action":"iam:Create*",` + onRole},
		{w, "Create SLR with NotResource", identity, `"Action":"iam:CreateServiceLinkedRole","NotResource":"arn:aws:s3:::a"`,
			`"Action":"iam:CreateServiceLinkedRole",` + onRole},
		{w, "Create SLR with star in action and NotResource", identity, `"Action":"iam:C*","NotResource":"arn:aws:s3:::a"`, `"Action":"iam:C*",` + onRole},
		{w, "Create SLR with star in resource and NotAction", identity, `"NotAction":"s3:*","Resource":"*"`, `"NotAction":"iam:*","Resource":"*"`},
		{w, "Create SLR with NotAction and NotResource", identity, `"NotAction":"s3:*","NotResource":"arn:aws:s3:::a"`,
			`"NotAction":"iam:*","NotResource":"arn:aws:s3:::a"`},
	}
}

func resourceChecks() []check {
	return []check{
		{e, "Invalid ARN prefix", identity, get(`"aws:s3:::a"`), get(`"arn:aws:s3:::a"`)},
		{e, "Missing ARN field", identity, get(`"arn:aws:s3"`), get(`"arn:aws:s3*"`)},
		{e, "Invalid partition", identity, get(`"arn:aws-moon:s3:::a"`), get(`"arn:aws-cn:s3:::a"`)},
		{e, "Invalid service", identity, get(`"arn:aws:s*:::a"`), get(`"arn:aws:s3:::a"`)},
		{e, "Invalid ARN service case", identity, get(`"arn:aws:S3:::a"`), get(`"arn:aws:s3:::A"`)},
		{e, "ARN Region not allowed", identity, get(`"arn:aws:s3:eu-west-1::a"`), get(`"arn:aws:s3:::a"`)},
		{e, "Missing ARN Region", identity, get(`"arn:aws:sqs::111111111111:q"`), get(`"arn:aws:sqs:*:111111111111:q"`)},
		{e, "Invalid ARN Region", identity, get(`"arn:aws:sqs:europe:111111111111:q"`), get(`"arn:aws:sqs:eu-west-1:111111111111:q"`)},
		{e, "Missing ARN account", identity, get(`"arn:aws:iam:::role/x"`), get(`"arn:aws:iam::*:role/x"`)},
		{e, "Invalid ARN account", identity, get(`"arn:aws:iam::1234:role/x"`), get(`"arn:aws:iam::111111111111:role/x"`)},
		{e, "ARN account not allowed", identity, get(`"arn:aws:s3::111111111111:a"`), get(`"arn:aws:s3:::a"`)},
		{e, "Invalid ARN resource", identity, get(`"arn:aws:s3:::"`), get(`"arn:aws:s3:::*"`)},
		{sug, "Empty array resource", identity, get(`[]`), get(`["*"]`)},
		{sug, "Redundant resource", identity, get(`["arn:aws:s3:::a/b","arn:aws:s3:::a/*"]`), get(`["arn:aws:s3:::a/b","arn:aws:s3:::b/*"]`)},
		{e, "Variable unsupported in element", identity, act(`"s3:${aws:username}"`), get(`"arn:aws:s3:::${aws:username}"`)},
		{e, "Variable unsupported in version", identity, `{"Version":"2008-10-17","Statement":[{"Effect":"Allow",` + get(`"arn:aws:s3:::${aws:username}"`) + `}]}`,
			get(`"arn:aws:s3:::${aws:username}"`)},
		{e, "Unsupported space in variable", identity, get(`"arn:aws:s3:::${aws: username}"`), get(`"arn:aws:s3:::${aws:username}"`)},
		{e, "Missing tag key in variable", identity, get(`"arn:aws:s3:::${aws:PrincipalTag/}"`), get(`"arn:aws:s3:::${aws:PrincipalTag/t}"`)},
		{e, "Missing brace in variable", identity, get(`"arn:aws:s3:::${aws:username"`), get(`"arn:aws:s3:::${aws:username}"`)},
		{e, "Missing quote in variable", identity, get(`"arn:aws:s3:::${aws:username, x}"`), get(`"arn:aws:s3:::${aws:username, 'x'}"`)},
		{e, "Empty variable", identity, get(`"arn:aws:s3:::${}"`), get(`"arn:aws:s3:::${*}"`)},
	}
}

func principalChecks() []check {
	return []check{
		{e, "Unsupported principal", identity, `"Principal":"*",` + get(`"*"`), get(`"*"`)},
		{e, "SCP syntax error principal", scp, `"Principal":"*",` + get(`"*"`), get(`"*"`)},
		{e, "Missing principal", resource, `"Action":"s3:GetObject"`, by(some, "s3:GetObject")},
		{e, "Invalid principal key", resource, by(`{"Aws":"111111111111"}`, "s3:GetObject"), by(some, "s3:GetObject")},
		{e, "Invalid principal format", resource, by(`"alice"`, "s3:GetObject"), by(some, "s3:GetObject")},
		{e, "Unsupported wildcard in principal", resource, by(`{"AWS":"arn:aws:iam::111111111111:user/*"}`, "s3:GetObject"), by(`"*"`, "s3:GetObject")},
		{sug, "Empty array principal", resource, by(`{"AWS":[]}`, "s3:GetObject"), by(some, "s3:GetObject")},
		{sug, "Empty object principal", resource, by(`{}`, "s3:GetObject"), by(some, "s3:GetObject")},
		{sec, "Allow with NotPrincipal", resource, `"NotPrincipal":` + some + `,"Action":"s3:*"`, deny(`"NotPrincipal":` + some + `,"Action":"s3:*"`)},
		{w, "Invalid role reference", trust, by(`{"AWS":"AROAEXAMPLEID1234567"}`, assume), by(some, assume)},
		{w, "Invalid user reference", trust, by(`{"AWS":"AIDAEXAMPLEID1234567"}`, assume), by(some, assume)},
		{e, "Invalid service principal format", trust, by(`{"Service":"ec2"}`, assume), by(`{"Service":"ec2.amazonaws.com"}`, assume)},
		{sec, "Restrict access to service principal", resource, by(`{"Service":"sns.amazonaws.com"}`, "s3:PutObject"),
			by(`{"Service":"sns.amazonaws.com"}`, "s3:PutObject") + `,"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}`},
		{e, "Federated principal not supported", resource, by(`{"Federated":"accounts.google.com"}`, "s3:GetObject"), by(some, "s3:GetObject")},
		{e, "Role trust policy syntax error resource", trust, by(some, assume) + `,"Resource":"*"`, by(some, assume)},
		{e, "Role trust policy syntax error notprincipal", trust, `"NotPrincipal":` + some + `,"Action":"sts:AssumeRole"`, by(some, assume)},
		{e, "Role trust policy unsupported wildcard in principal", trust, by(`"*"`, assume), by(some, assume)},
		{e, "Invalid federated principal syntax in role trust policy", trust,
			by(`{"Federated":"arn:aws:iam::111111111111:role/x"}`, "sts:AssumeRoleWithSAML"),
			by(`{"Federated":"arn:aws:iam::111111111111:saml-provider/x"}`, "sts:AssumeRoleWithSAML")},
		{e, "Mismatched action for principal", trust, by(some, "sts:AssumeRoleWithSAML"), by(some, assume)},
		{sec, "Missing github repo condition key", trust, oidc("token.actions.githubusercontent.com"),
			oidc("token.actions.githubusercontent.com") + `,"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:a/b:*"}}`},
		{sec, "Missing condition key for oidc principal", trust, oidc("id.example.com"),
			oidc("id.example.com") + `,"Condition":{"StringEquals":{"id.example.com:aud":"a"}}`},
		{sug, "Redundant principal in role trust policy", trust,
			by(`{"AWS":["`+session+`","arn:aws:iam::111111111111:role/deploy"]}`, assume), by(`{"AWS":["`+session+`"]}`, assume)},
		{e, "RCP syntax error principal", rcp, deny(`"Principal":` + some + `,"Action":"s3:*","Resource":"*"`), deny(by(`"*"`, "s3:*") + `,"Resource":"*"`)},
		{e, "RCP syntax error allow", rcp, by(`"*"`, "s3:*") + `,"Resource":"*"`, deny(by(`"*"`, "s3:*") + `,"Resource":"*"`)},
		{e, "RCP syntax error NotAction", rcp, deny(`"Principal":"*","NotAction":"s3:*","Resource":"*"`), deny(by(`"*"`, "s3:*") + `,"Resource":"*"`)},
		{e, "RCP syntax error action", rcp, deny(by(`"*"`, "*") + `,"Resource":"*"`), deny(by(`"*"`, "s3:*") + `,"Resource":"*"`)},
	}
}

func conditionChecks() []check {
	return []check{
		{e, "Invalid condition operator", identity, when(`"StringIs":{"aws:username":"a"}`), when(`"StringEquals":{"aws:username":"a"}`)},
		{e, "Null with if exists", identity, when(`"NullIfExists":{"aws:username":"true"}`), when(`"Null":{"aws:username":"true"}`)},
		{sug, "Null with qualifier", identity, when(`"ForAnyValue:Null":{"aws:TagKeys":"true"}`), when(`"Null":{"aws:TagKeys":"true"}`)},
		{e, "Invalid condition key format", identity, when(`"StringEquals":{"username":"a"}`), when(`"StringEquals":{"aws:username":"a"}`)},
		{e, "Missing tag key in condition", identity, when(`"StringEquals":{"aws:RequestTag/":"a"}`), when(`"StringEquals":{"aws:RequestTag/t":"a"}`)},
		{e, "Invalid global condition key", identity, when(`"StringEquals":{"aws:nobody":"a"}`), when(`"StringEquals":{"AWS:UserName":"a"}`)},
		{e, "Unsupported global condition key", identity, when(`"ArnLike":{"aws:ARN":"arn:aws:iam::*:role/x"}`),
			when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}`)},
		{e, "Invalid service condition key", identity, when(`"StringEquals":{"s3:prefixes":"a"}`), when(`"StringEquals":{"s3:prefix":"a"}`)},
		{e, "Missing qualifier", identity, when(`"StringEquals":{"aws:TagKeys":"a"}`), when(`"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}`)},
		{sec, "ForAllValues with single valued key", identity, when(`"ForAllValues:StringEquals":{"aws:username":"a"}`),
			when(`"ForAllValues:StringEquals":{"aws:TagKeys":"a"}`)},
		{e, "Invalid condition multiple Boolean", identity, when(`"Bool":{"aws:SecureTransport":["true","false"]}`),
			when(`"Bool":{"aws:SecureTransport":["true"]}`)},
		{e, "Invalid variable for operator", identity, when(`"NumericEquals":{"s3:max-keys":"${aws:username}"}`), when(`"NumericEquals":{"s3:max-keys":"5"}`)},
	}
}

func valueChecks() []check {
	return []check{
		{w, "Wildcard without like operator", identity, when(`"StringEquals":{"aws:username":"a*"}`), when(`"StringLike":{"aws:username":"a*"}`)},
		{w, "Invalid date value", identity, when(`"DateLessThan":{"aws:CurrentTime":"2026"}`), when(`"DateLessThan":{"aws:CurrentTime":"2026-01-01"}`)},
		{w, "Type mismatch", identity, when(`"StringEquals":{"aws:SourceIp":"a"}`), when(`"StringEquals":{"aws:username":"a"}`)},
		{w, "Type mismatch number", identity, when(`"NumericEquals":{"s3:max-keys":"five"}`), when(`"NumericEquals":{"s3:max-keys":"5"}`)},
		{w, "Type mismatch date", identity, when(`"DateLessThan":{"aws:CurrentTime":"soon"}`), when(`"DateLessThan":{"aws:CurrentTime":"2026-01-01"}`)},
		{w, "Type mismatch Boolean", identity, when(`"Bool":{"aws:SecureTransport":"yes"}`), when(`"Bool":{"aws:SecureTransport":"true"}`)},
		{e, "Type mismatch IP range", identity, when(`"IpAddress":{"aws:SourceIp":"home"}`), when(`"IpAddress":{"aws:SourceIp":"203.0.113.7"}`)},
		{sug, "Improve IP range", identity, when(`"IpAddress":{"aws:SourceIp":"203.0.113.7/24"}`), when(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)},
		{e, "Private IP address", identity, when(`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`), when(`"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}`)},
		{e, "Private NotIpAddress", identity, when(`"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}`), when(`"NotIpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}`)},
		{sug, "Private IP address subset", identity, when(`"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}`),
			when(`"IpAddress":{"aws:SourceIp":["198.51.100.0/24","203.0.113.0/24"]}`)},
		{sug, "Private NotIpAddress subset", identity, when(`"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}`),
			when(`"NotIpAddress":{"aws:SourceIp":["198.51.100.0/24","203.0.113.0/24"]}`)},
		{e, "Invalid Region", identity, when(`"StringEquals":{"aws:RequestedRegion":"europe"}`), when(`"StringEquals":{"aws:RequestedRegion":"eu-west-1"}`)},
		{e, "Invalid vpc format", identity, when(`"StringEquals":{"aws:SourceVpc":"x"}`), when(`"StringEquals":{"aws:SourceVpc":"vpc-1a2b3c4d"}`)},
		{e, "Invalid vpce format", identity, when(`"StringEquals":{"aws:SourceVpce":"x"}`), when(`"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}`)},
		{sug, "Equivalent to null true", identity, when(`"StringNotLike":{"s3:prefix":"*"}`), when(`"StringNotLike":{"s3:prefix":"a*"}`)},
		{sug, "Equivalent to null false", identity, when(`"StringLike":{"s3:prefix":"*"}`), when(`"StringLike":{"s3:prefix":"a*"}`)},
		{sug, "Redundant condition value num", identity, when(`"NumericLessThan":{"s3:max-keys":["5","10"]}`), when(`"NumericLessThan":{"s3:max-keys":"5"}`)},
		{sug, "Empty object condition", identity, get(`"*"`) + `,"Condition":{}`, get(`"*"`)},
		{sug, "Empty array condition", identity, when(`"StringEquals":{"aws:username":[]}`), when(`"StringEquals":{"aws:username":["a"]}`)},
		{sug, "Empty array condition ForAllValues", identity, when(`"ForAllValues:StringEquals":{"aws:TagKeys":[]}`),
			when(`"ForAllValues:StringEquals":{"aws:TagKeys":["a"]}`)},
		{sug, "Empty array condition ForAnyValue", identity, when(`"ForAnyValue:StringEquals":{"aws:TagKeys":[]}`),
			when(`"ForAnyValue:StringEquals":{"aws:TagKeys":["a"]}`)},
		{sug, "Empty array condition IfExists", identity, when(`"StringEqualsIfExists":{"aws:username":[]}`), when(`"StringEqualsIfExists":{"aws:username":["a"]}`)},
	}
}

func fine() string { return doc(`{"Effect":"Allow",` + get(`"*"`) + `}`) }

func TestEveryCheckFindsWhatItIsForAndNothingElse(t *testing.T) {
	codes := map[string]bool{}
	for _, c := range checks() {
		codes[c.code] = true
		find := func(text string) []eval.Finding {
			if !strings.HasPrefix(text, "{") {
				text = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + text + `}]}`
			}
			return slices.DeleteFunc(eval.Validate([]byte(text), c.kind, smallCatalog()), func(f eval.Finding) bool { return f.Code != c.code })
		}
		if got := find(c.with); len(got) == 0 || got[0].Severity != c.severity || got[0].Start.Line < 1 || got[0].Message == "" {
			t.Errorf("%s %s: %+v in %.300s", c.severity, c.code, got, c.with)
		}
		if got := find(c.without); len(got) > 0 {
			t.Errorf("%s: %+v in %.300s", c.code, got, c.without)
		}
	}
	if len(codes) < 60 {
		t.Errorf("there are %d checks", len(codes))
	}
	for _, code := range writtenCodes(t) {
		if !codes[code] {
			t.Errorf("%q is in the code and in no test", code)
		}
	}
	t.Logf("%d checks", len(codes))
}

// writtenCodes reads the names of checks from the calls that report findings. Names that
// are put together are left out.
func writtenCodes(t *testing.T) (codes []string) {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 3 {
				return true
			}
			name, ok := call.Fun.(*ast.SelectorExpr)
			code, literal := call.Args[1].(*ast.BasicLit)
			if !ok || !literal {
				return true
			}
			if on, ok := name.X.(*ast.Ident); !ok || on.Name != "v" && on.Name != "r" {
				return true // the scanner of JSON fails in words of its own
			}
			if slices.Contains([]string{"fail", "secure", "warn", "simplify", "report", "suggest"}, name.Sel.Name) {
				text, err := strconv.Unquote(code.Value)
				if err != nil {
					t.Fatal(err)
				}
				codes = append(codes, text)
			}
			return true
		})
	}
	if len(codes) < 60 {
		t.Errorf("only %d calls were read", len(codes))
	}
	return codes
}

func TestAnActionThatOnlyAWSsOwnPoliciesNameIsNoError(t *testing.T) {
	known := smallCatalog()
	known.Retired = func(action string) bool { return strings.HasPrefix(action, "deeplens:") || action == "s3:GetBox" }
	for action, want := range map[string]string{
		"deeplens:GetDevice": "WARNING Invalid service in action", "s3:GetBox": "WARNING Invalid action",
		"s3:GetBoxes": "ERROR Invalid action", "s4:GetBox": "ERROR Invalid service in action",
	} {
		got := eval.Validate([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"`+action+`","Resource":"*"}]}`),
			eval.TypeIdentity, known)
		if len(got) != 1 || string(got[0].Severity)+" "+got[0].Code != want {
			t.Errorf("%s: %+v, want %s", action, got, want)
		}
	}
}

func TestAMisspelledActionIsCorrected(t *testing.T) {
	for action, want := range map[string]string{
		"s3:GetObjekt": "It has s3:GetObject.", "s3:PutObjct": "It has s3:PutObject.", "s3:DoSomethingElse": "has no such action.",
		"s3:Gett*": "has no such action.",
	} {
		got := eval.Validate([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"`+action+`","Resource":"*"}]}`),
			eval.TypeIdentity, smallCatalog())
		if len(got) != 1 || !strings.HasSuffix(got[0].Message, want) {
			t.Errorf("%s: %+v, want %s", action, got, want)
		}
	}
}

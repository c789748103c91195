package eval_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

func TestEveryConformanceDocumentIsJudgedAsExpected(t *testing.T) {
	for _, line := range lines(t, "testdata/conformance/validation.jsonl") {
		var c struct {
			ID         string
			PolicyType eval.PolicyType
			Text       string
			Expect     struct {
				Valid    *bool
				Findings []eval.Finding
			}
		}
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.ID, func(t *testing.T) {
			got := eval.Validate([]byte(c.Text), c.PolicyType, eval.Catalog{})
			if c.Expect.Valid != nil && eval.Valid(got) != *c.Expect.Valid {
				t.Errorf("valid is %v, want %v: %+v", eval.Valid(got), *c.Expect.Valid, got)
			}
			for _, want := range c.Expect.Findings {
				if !slices.ContainsFunc(got, func(f eval.Finding) bool {
					return f.Code == want.Code && (c.Expect.Valid == nil || f.Severity == want.Severity)
				}) {
					t.Errorf("%s %q is not found in %+v", want.Severity, want.Code, got)
				}
			}
		})
	}
}

// findingCase is a statement of a policy of some type, and what is found in it:
// severity and code of every finding, in order.
type findingCase struct {
	name      string
	kind      eval.PolicyType
	statement string
	want      []string
}

func testFindings(t *testing.T, cases []findingCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + c.statement + `}]}`
			if strings.HasPrefix(c.statement, "{") {
				text = c.statement
			}
			var got []string
			for _, f := range eval.Validate([]byte(text), c.kind, smallCatalog()) {
				got = append(got, string(f.Severity)+" "+f.Code)
				if f.Message == "" || !strings.HasSuffix(f.Message, ".") || f.Start.Line < 1 {
					t.Errorf("%+v says nothing", f)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q in %s", got, c.want, text)
			}
		})
	}
}

// smallCatalog knows four services.
func smallCatalog() eval.Catalog {
	actions := map[string][]string{
		"s3":  {"GetObject", "PutObject", "ListBucket"},
		"sts": {"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"},
		"iam": {"PassRole", "CreateServiceLinkedRole", "GetRole"}, "sqs": {"SendMessage"},
	}
	return eval.Catalog{
		Actions: func(prefix string) []string { return actions[prefix] },
		ConditionKey: func(key string) (string, bool) {
			kind, ok := map[string]string{"s3:prefix": "String", "s3:max-keys": "Numeric", "s3:tags": "ArrayOfString"}[key]
			return kind, ok
		},
	}
}

func one(findings ...string) []string { return findings }

func TestFindingsAboutTheDocument(t *testing.T) {
	identity, long := eval.TypeIdentity, strings.Repeat("x", 11_000)
	whole := func(s string) string { return `{"Version":"2012-10-17","Statement":[` + s + `]}` }
	read := `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
	testFindings(t, []findingCase{
		{"no version", identity, `{"Statement":[]}`, one("WARNING Missing version")},
		{"a character IAM does not store", identity,
			whole(`{"Sid":"a","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::€"}`),
			one("ERROR Unsupported character")},
		{"an SCP stores it", eval.TypeSCP, whole(`{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::€"}`), nil},
		{"the same Sid twice", eval.TypeResource,
			whole(`{"Sid":"a b","Effect":"Deny","Principal":"*","Action":"s3:*"},` +
				`{"Sid":"a b","Effect":"Deny","Principal":"*","Action":"sts:*"}`),
			one("WARNING Unique Sids recommended")},
		{"too long for a managed policy", identity,
			whole(`{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::` + long + `"}`),
			one("WARNING Policy size exceeds identity policy quota")},
		{"too long for an SCP", eval.TypeSCP,
			whole(`{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::` + long + `"}`),
			one("ERROR Policy size exceeds SCP quota")},
		{"white space counts in an SCP", eval.TypeSCP, whole(strings.Repeat(" ", 11_000)),
			one("ERROR Policy size exceeds SCP quota")},
		{"but not in IAM", identity, whole(strings.Repeat(" ", 11_000)), nil},
		{"the same statement twice", identity, whole(read + "," + read), one("SUGGESTION Redundant statement")},
		{"a statement inside another", identity, whole(`{"Effect":"Allow","Action":"s3:get*","Resource":"arn:aws:s3:::a/b",` +
			`"Condition":{"Null":{"s3:prefix":"true"}}},` +
			`{"Effect":"Allow","Action":["s3:*","sts:*"],"Resource":"arn:aws:s3:::a/*"}`),
			one("SUGGESTION Redundant statement")},
		{"exclusions cover the other way round", identity,
			whole(`{"Effect":"Deny","NotAction":["s3:*","sts:*"],"Resource":"*"},` +
				`{"Effect":"Deny","NotAction":"s3:*","Resource":"*"}`), one("SUGGESTION Redundant statement")},
		{"statements that differ", identity,
			whole(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"},` +
				`{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::a/*"},` +
				`{"Effect":"Deny","Action":"s3:PutObject","Resource":"arn:aws:s3:::a/*"},` +
				`{"Effect":"Deny","NotAction":"s3:PutObject","Resource":"arn:aws:s3:::a/*"},` +
				`{"Effect":"Deny","NotAction":"s3:PutObject","Resource":"arn:aws:s3:::b/*",` +
				`"Condition":{"Null":{"s3:prefix":"true"}}}`), nil},
		{"very many statements", identity, whole(read + strings.Repeat(","+read, 250)),
			one("WARNING Policy size exceeds identity policy quota")},
	})
}

func TestFindingsAboutActions(t *testing.T) {
	action := func(s string) string { return `"Action":` + s + `,"Resource":"*"` }
	identity := eval.TypeIdentity
	testFindings(t, []findingCase{
		{"unknown action", identity, action(`"s3:GetObjekt"`), one("ERROR Invalid action")},
		{"a pattern no action fits", identity, action(`"s3:Gett*"`), one("ERROR Invalid action")},
		{"unknown service", identity, action(`"s4:GetObject"`), one("ERROR Invalid service in action")},
		{"a wildcard as service", identity, action(`"s*:GetObject"`),
			one("ERROR Invalid service in action", "SUGGESTION Wildcard in service name")},
		{"two colons", identity, action(`"s3:Get:Object"`), one("ERROR Invalid action")},
		{"no name", identity, action(`"s3:"`), one("ERROR Invalid action")},
		{"a variable", identity, action(`"s3:${aws:username}"`), one("ERROR Variable unsupported in element")},
		{"twice", identity, action(`["s3:GetObject","S3:getobject"]`), one("SUGGESTION Redundant action")},
		{"covered", identity, action(`["s3:GetObject","s3:Get*"]`), one("SUGGESTION Redundant action")},
		{"covered by one of the same meaning", identity, action(`["s3:Get*","s3:Get**"]`),
			one("SUGGESTION Redundant action")},
		{"passing any role", identity, action(`"iam:PassRole"`), one("SECURITY_WARNING Pass role with star in resource")},
		{"passing any role to one service", identity,
			action(`"iam:PassRole"`) + `,"Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}`,
			one("ERROR Invalid service condition key")},
		{"any service-linked role", identity, action(`"iam:CreateServiceLinkedRole"`),
			one("WARNING Create SLR with star in resource")},
		{"everything but", identity, `"NotAction":"s3:*","NotResource":"arn:aws:s3:::a"`,
			one("SECURITY_WARNING Pass role with NotAction and NotResource",
				"WARNING Create SLR with NotAction and NotResource", "SECURITY_WARNING Allow with NotAction")},
		{"everything but one resource", identity, `"Action":["iam:PassRole","iam:Create*"],"NotResource":"arn:aws:s3:::a"`,
			one("SECURITY_WARNING Pass role with NotResource", "WARNING Create SLR with star in action and NotResource")},
		{"not passing roles", identity, `"NotAction":"iam:*","Resource":"*"`,
			one("SECURITY_WARNING Allow with NotAction")},
		{"one role", identity, `"Action":"iam:*","Resource":"arn:aws:iam::111111111111:role/x"`, nil},
		{"a boundary grants nothing", eval.TypeBoundary, action(`"*"`), nil},
		{"no resource", identity, `"Action":"s3:GetObject"`, one("ERROR Missing resource")},
	})
}

func TestFindingsAboutResources(t *testing.T) {
	resource := func(s string) string { return `"Action":"s3:GetObject","Resource":` + s }
	identity := eval.TypeIdentity
	testFindings(t, []findingCase{
		{"short", identity, resource(`"arn:aws:s3"`), one("ERROR Missing ARN field")},
		{"short with a star", identity, resource(`"arn:aws:s3*"`), nil},
		{"short in an SCP", eval.TypeSCP, resource(`"arn:aws:s?"`), one("ERROR Missing ARN field")},
		{"a service with a wildcard", identity, resource(`"arn:aws:s*:::a"`), one("ERROR Invalid service")},
		{"an unknown service", identity, resource(`"arn:aws:s4:::a"`), one("WARNING Invalid service")},
		{"a service with another name in ARNs", identity, resource(`"arn:aws:execute-api:eu-west-1:111111111111:a"`), nil},
		{"a partition pattern", identity, resource(`"arn:*:s3:::a"`), nil},
		{"no resource", identity, resource(`"arn:aws:s3:::"`), one("ERROR Invalid ARN resource")},
		{"a variable before the fifth colon", identity, resource(`"arn:aws:s3::${aws:PrincipalAccount}:a"`),
			one("ERROR Variable unsupported in element")},
		{"IAM has no Regions", identity, resource(`"arn:aws:iam:eu-west-1:111111111111:role/x"`),
			one("ERROR ARN Region not allowed")},
		{"a queue has one", identity, resource(`"arn:aws:sqs::111111111111:jobs"`),
			one("ERROR Missing ARN Region")},
		{"and an account", identity, resource(`"arn:aws:sqs:eu-west-1::jobs"`), one("ERROR Missing ARN account")},
		{"no Region at all", identity, resource(`"arn:aws:s3:europe:111111111111:accesspoint/a"`),
			one("ERROR Invalid ARN Region")},
		{"a Region in capitals", identity, resource(`"arn:aws:s3:EU-west-1:111111111111:accesspoint/a"`),
			one("ERROR Invalid ARN Region")},
		{"any Region", identity, resource(`"arn:aws:s3:*:111111111111:accesspoint/a"`), nil},
		{"a bucket has no account", identity, resource(`"arn:aws:s3::111111111111:bucket"`),
			one("ERROR ARN account not allowed")},
		{"AWS's own account", identity, resource(`"arn:aws:iam::aws:policy/ReadOnlyAccess"`), nil},
		{"twice", identity, resource(`["arn:aws:s3:::a","arn:aws:s3:::a"]`), one("SUGGESTION Redundant resource")},
		{"covered", identity, resource(`["arn:aws:s3:::a/b","arn:aws:s3:::a/*","*"]`),
			one("SUGGESTION Redundant resource", "SUGGESTION Redundant resource")},
		{"not covered", identity, resource(`["arn:aws:s3:::a","arn:aws:s3:::?","arn:aws:s3:::é","arn:aws:s3*"]`),
			one("SUGGESTION Redundant resource")},
		{"variables cover themselves only", identity,
			resource(`["arn:aws:s3:::${aws:username}/a","arn:aws:s3:::${aws:username}/*"]`), nil},
		{"a space in a variable", identity, resource(`"arn:aws:s3:::${aws: username}"`),
			one("ERROR Unsupported space in variable")},
		{"a tag without name", identity, resource(`"arn:aws:s3:::${aws:PrincipalTag/}"`),
			one("ERROR Missing tag key in variable")},
	})
}

func TestFindingsAboutPrincipals(t *testing.T) {
	by := func(principal, action string) string {
		return `"Principal":` + principal + `,"Action":"` + action + `"`
	}
	resource, trust := eval.TypeResource, eval.TypeTrust
	testFindings(t, []findingCase{
		{"nobody", resource, by(`{}`, "s3:GetObject"), one("SUGGESTION Empty object principal")},
		{"an empty list", resource, by(`{"AWS":[]}`, "s3:GetObject"), one("SUGGESTION Empty array principal")},
		{"a name", resource, by(`{"AWS":"alice"}`, "s3:GetObject"), one("ERROR Invalid principal format")},
		{"a pattern", resource, by(`{"AWS":"arn:aws:iam::111111111111:user/*"}`, "s3:GetObject"),
			one("ERROR Unsupported wildcard in principal")},
		{"a variable", resource, by(`{"AWS":"${aws:username}"}`, "s3:GetObject"),
			one("ERROR Variable unsupported in element")},
		{"a deleted role", trust, by(`{"AWS":"AROAEXAMPLEID1234567"}`, "sts:AssumeRole"),
			one("WARNING Invalid role reference")},
		{"a deleted user", trust, by(`{"AWS":"AIDAEXAMPLEID1234567"}`, "sts:AssumeRole"),
			one("WARNING Invalid user reference")},
		{"everybody", resource, by(`{"AWS":"*"}`, "s3:GetObject"), nil},
		{"everybody may assume", trust, by(`"*"`, "sts:AssumeRole"),
			one("ERROR Role trust policy unsupported wildcard in principal")},
		{"a service's name", trust, by(`{"Service":"ec2"}`, "sts:AssumeRole"), one("ERROR Invalid service principal format")},
		{"a service on anybody's behalf", resource, by(`{"Service":"sns.amazonaws.com"}`, "s3:PutObject"),
			one("SECURITY_WARNING Restrict access to service principal")},
		{"a service on one account's behalf", resource, by(`{"Service":"sns.amazonaws.com"}`, "s3:PutObject") +
			`,"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}`, nil},
		{"a provider outside of trust", resource, by(`{"Federated":"accounts.google.com"}`, "s3:GetObject"),
			one("ERROR Federated principal not supported")},
		{"no provider", trust, by(`{"Federated":"arn:aws:iam::111111111111:role/x"}`, "sts:AssumeRoleWithWebIdentity"),
			one("ERROR Invalid federated principal syntax in role trust policy")},
		{"any repository of GitHub", trust,
			by(`{"Federated":"arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"}`,
				"sts:AssumeRoleWithWebIdentity"),
			one("SECURITY_WARNING Missing github repo condition key")},
		{"any token", trust,
			by(`{"Federated":"arn:aws:iam::111111111111:oidc-provider/id.example.com"}`, "sts:AssumeRoleWithWebIdentity"),
			one("SECURITY_WARNING Missing condition key for oidc principal")},
		{"SAML and a user's call", trust,
			by(`{"Federated":"arn:aws:iam::111111111111:saml-provider/x"}`, "sts:AssumeRoleWithWebIdentity"),
			one("ERROR Mismatched action for principal")},
		{"a user and SAML's call", trust, by(`{"AWS":"111111111111"}`, "sts:AssumeRoleWithSAML"),
			one("ERROR Mismatched action for principal")},
		{"an action of another service", trust, by(`{"AWS":"111111111111"}`, "s3:GetObject"),
			one("ERROR Unsupported action in policy")},
		{"a role and its session", trust,
			by(`{"AWS":["`+session+`","arn:aws:iam::111111111111:role/deploy","111111111111"]}`, "sts:AssumeRole"),
			one("SUGGESTION Redundant principal in role trust policy")},
		{"a canonical user", resource, by(`{"CanonicalUser":"79a59df900b949e55d96a1e698fbaced"}`, "s3:GetObject"), nil},
	})
	testFindings(t, []findingCase{
		{"an RCP that allows", eval.TypeRCP, `"Principal":"*","Action":"s3:*","Resource":"*"`,
			one("ERROR RCP syntax error allow")},
		{"an RCP with everything wrong", eval.TypeRCP,
			`{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotAction":"*","Resource":"*"}}`,
			one("ERROR RCP syntax error principal", "ERROR RCP syntax error NotAction", "ERROR RCP syntax error action")},
	})
}

func TestFindingsAboutConditions(t *testing.T) {
	when := func(s string) string { return `"Action":"s3:GetObject","Resource":"*","Condition":{` + s + `}` }
	identity := eval.TypeIdentity
	testFindings(t, []findingCase{
		{"no colon", identity, when(`"StringEquals":{"username":"a"}`), one("ERROR Invalid condition key format")},
		{"no tag", identity, when(`"StringEquals":{"aws:RequestTag/":"a"}`), one("ERROR Missing tag key in condition")},
		{"no such global key", identity, when(`"StringEquals":{"aws:Username2":"a"}`),
			one("ERROR Invalid global condition key")},
		{"no such key of the service", identity, when(`"StringEquals":{"s3:prefixes":"a"}`),
			one("ERROR Invalid service condition key")},
		{"a key of an identity provider", identity, when(`"StringEquals":{"accounts.google.com:aud":"a"}`), nil},
		{"a list with a plain operator", identity, when(`"StringEquals":{"aws:TagKeys":"a"}`),
			one("ERROR Missing qualifier")},
		{"a list of the service", identity, when(`"StringEquals":{"s3:tags":"a"}`), one("ERROR Missing qualifier")},
		{"a list with a set operator", identity, when(`"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}`), nil},
		{"an operator of another type", identity, when(`"StringEquals":{"aws:SourceIp":"a"}`), one("WARNING Type mismatch")},
		{"a number as text", identity, when(`"StringEquals":{"s3:max-keys":"10"}`), one("WARNING Type mismatch")},
		{"a text as ARN", identity, when(`"ArnLike":{"s3:prefix":"arn:aws:s3:::a"}`), one("WARNING Type mismatch")},
		{"a text as date", identity, when(`"DateLessThan":{"aws:username":"2026-01-01"}`), one("WARNING Type mismatch")},
		{"a text as number", identity, when(`"NumericLessThan":{"aws:username":"5"}`), one("WARNING Type mismatch")},
		{"a text as boolean", identity, when(`"Bool":{"aws:username":"true"}`), one("WARNING Type mismatch")},
		{"a text as address", identity, when(`"IpAddress":{"aws:username":"203.0.113.0/24"}`), one("WARNING Type mismatch")},
		{"an ARN as text", identity, when(`"StringLike":{"aws:PrincipalArn":"arn:*"}`), nil},
		{"seconds as a number", identity, when(`"NumericLessThan":{"aws:EpochTime":"1767225600"}`), nil},
		{"a date as text", identity, when(`"StringEquals":{"aws:CurrentTime":"2026-01-01"}`), one("WARNING Type mismatch")},
		{"an ARN as boolean", identity, when(`"Bool":{"aws:SourceArn":"true"}`), one("WARNING Type mismatch")},
		{"a year", identity, when(`"DateLessThan":{"aws:CurrentTime":"2026"}`), one("WARNING Invalid date value")},
		{"no ARN", identity, when(`"ArnLike":{"aws:SourceArn":"x"}`), one("WARNING Type mismatch")},
		{"no base64", identity, when(`"BinaryEquals":{"x:key":"%"}`), one("WARNING Type mismatch")},
		{"Null that is no boolean", identity, when(`"Null":{"aws:username":"x"}`), one("WARNING Type mismatch Boolean")},
		{"no VPC", identity, when(`"StringEquals":{"aws:SourceVpc":"x"}`), one("ERROR Invalid vpc format")},
		{"no VPC endpoint", identity, when(`"StringEquals":{"aws:SourceVpce":"x"}`), one("ERROR Invalid vpce format")},
		{"a VPC endpoint in a variable", identity, when(`"StringEquals":{"aws:SourceVpce":"${aws:PrincipalTag/vpce}"}`), nil},
		{"a broken variable", identity, when(`"StringEquals":{"aws:username":"${aws:userid"}`),
			one("ERROR Missing brace in variable")},
		{"an escaped star", identity, when(`"StringEquals":{"aws:username":"a${*}"}`), nil},
		{"a star for everything", identity, when(`"StringLike":{"s3:prefix":"*"}`),
			one("SUGGESTION Equivalent to null false")},
		{"a star for nothing", identity, when(`"StringNotLike":{"s3:prefix":"*"}`),
			one("SUGGESTION Equivalent to null true")},
		{"two limits", identity, when(`"NumericLessThan":{"s3:max-keys":["5","10"]}`),
			one("SUGGESTION Redundant condition value num")},
		{"two numbers", identity, when(`"NumericEquals":{"s3:max-keys":["5","10"]}`), nil},
		{"one private range of two", identity, when(`"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}`),
			one("SUGGESTION Private IP address subset")},
		{"a private range where it belongs", identity, when(`"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}`), nil},
		{"no values for all", identity, when(`"ForAllValues:StringEquals":{"aws:TagKeys":[]}`),
			one("SUGGESTION Empty array condition ForAllValues")},
		{"no values for any", identity, when(`"ForAnyValue:StringEquals":{"aws:TagKeys":[]}`),
			one("SUGGESTION Empty array condition ForAnyValue")},
		{"no values if it exists", identity, when(`"StringEqualsIfExists":{"aws:username":[]}`),
			one("SUGGESTION Empty array condition IfExists")},
		{"an operator of nothing", identity, when(`"StringEquals":{}`), one("SUGGESTION Empty object condition")},
		{"Null with a set operator and IfExists", identity, when(`"ForAnyValue:NullIfExists":{"aws:username":"true"}`),
			one("ERROR Null with if exists")},
		{"an unknown operator with IfExists", identity, when(`"StringIsIfExists":{"aws:username":"a"}`),
			one("ERROR Invalid condition operator")},
	})
}

func TestWithoutACatalogueNothingIsUnknown(t *testing.T) {
	text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s4:GetObjekt","Resource":"arn:aws:s4:::a",` +
		`"Condition":{"StringEquals":{"s4:key":"a"}}}]}`
	if got := eval.Validate([]byte(text), eval.TypeIdentity, eval.Catalog{}); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestVeryLongListsAreNotCompared(t *testing.T) {
	var entries []string
	for i := range 3_000 {
		entries = append(entries, `"s3:`+strings.Repeat("x", 1+i%60)+strings.Repeat("y", 1+i/60)+`*"`)
	}
	list := `{"Effect":"Deny","Resource":"*","Action":[` + strings.Join(entries, ",") + `]}`
	text := `{"Version":"2012-10-17","Statement":[` + list + `,` + list + `]}`
	for _, f := range eval.Validate([]byte(text), eval.TypeIdentity, eval.Catalog{}) {
		if f.Code != "Policy size exceeds identity policy quota" {
			t.Errorf("%+v", f)
		}
	}
}

func TestFindingsComeInTheOrderOfTheText(t *testing.T) {
	text := "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\n\"Resource\":\"x\"},\n" +
		"{\"Sid\":\"\",\"Effect\":\"Allow\",\"Action\":\"*\"}]}"
	got := eval.Validate([]byte(text), eval.TypeIdentity, eval.Catalog{})
	sorted := slices.IsSortedFunc(got, func(a, b eval.Finding) int { return a.Start.Line - b.Start.Line })
	if len(got) != 4 || !sorted {
		t.Errorf("%+v", got)
	}
}

func TestPolicyTypesAreKnown(t *testing.T) {
	for _, q := range eval.Quotas() {
		if !q.Type.Known() || q.Characters < 2048 || len(q.AsOf) != len("2026-08-22") {
			t.Errorf("%+v", q)
		}
	}
	if eval.PolicyType("GROUP").Known() {
		t.Error("GROUP is no type of policy")
	}
}

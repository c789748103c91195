package eval_test

import (
	"testing"

	"gatehouse/internal/eval"
)

// corner is a request of alice for an object in her account, changed, and its answer as
// "decision layer", or "error". The rules are those of AWS's documentation.
type corner struct {
	name   string
	change func(t *testing.T, in *eval.Input)
	want   string
}

func testCorners(t *testing.T, corners []corner) {
	t.Helper()
	for _, c := range corners {
		t.Run(c.name, func(t *testing.T) {
			in := request(policy(t, allowAll))
			c.change(t, in)
			got := "error"
			if result, err := eval.Decide(in); err == nil {
				got = result.Decision.String() + " " + result.DecidedBy.String()
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// may gives alice only what a statement allows; keys are those of the request.
func may(statement, keys string) func(t *testing.T, in *eval.Input) {
	return func(t *testing.T, in *eval.Input) {
		in.Identity = []*eval.Policy{policy(t, `"Effect":"Allow",`+statement)}
		in.Context = contextOf(t, keys)
	}
}

// mayNot denies alice what a statement says; everything else is allowed.
func mayNot(statement, keys string) func(t *testing.T, in *eval.Input) {
	return func(t *testing.T, in *eval.Input) {
		in.Identity = append(in.Identity, policy(t, `"Effect":"Deny",`+statement))
		in.Context = contextOf(t, keys)
	}
}

func ifs(condition string) string {
	return `"Action":"*","Resource":"*","Condition":{` + condition + `}`
}

const yesBy, noBy, deniedBy = "allowed identity", "implicitDeny identity", "explicitDeny identity"

func TestCornersOfConditions(t *testing.T) {
	testCorners(t, []corner{
		{"two operators on one key are both asked", may(ifs(`"StringLike":{"a:k":"x*"},"StringNotEquals":{"a:k":"xy"}`), `"a:k":"xy"`), noBy},
		{"the key's case does not matter", may(ifs(`"StringEquals":{"AWS:PRINCIPALTAG/Team":"x"}`), `"aws:PrincipalTag/team":"x"`), yesBy},
		{"the value's case does", may(ifs(`"StringEquals":{"a:k":"X"}`), `"a:k":"x"`), noBy},
		{"NotEquals of two values is neither of them", may(ifs(`"StringNotEquals":{"a:k":["x","y"]}`), `"a:k":"y"`), noBy},
		{"NotEqualsIfExists without the key", mayNot(ifs(`"StringNotEqualsIfExists":{"a:k":"x"}`), ``), deniedBy},
		{"NotEquals without the key in a Deny", mayNot(ifs(`"StringNotEquals":{"a:k":"x"}`), ``), deniedBy},
		{"Bool false without the key", mayNot(ifs(`"Bool":{"aws:MultiFactorAuthPresent":"false"}`), ``), yesBy},
		{"BoolIfExists false without the key", mayNot(ifs(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`), ``), deniedBy},
		{"Null false with an empty text", may(ifs(`"Null":{"a:k":"false"}`), `"a:k":""`), noBy},
		{"Null with a boolean", may(ifs(`"Null":{"a:k":true}`), ``), yesBy},
		{"ForAllValues without the key allows", may(ifs(`"ForAllValues:StringEquals":{"aws:TagKeys":["a"]}`), ``), yesBy},
		{"ForAllValues with one value too many", may(ifs(`"ForAllValues:StringEquals":{"aws:TagKeys":["a"]}`), `"aws:TagKeys":["a","b"]`), noBy},
		{"ForAnyValue without the key", may(ifs(`"ForAnyValue:StringEquals":{"aws:TagKeys":["a"]}`), ``), noBy},
		{"ForAnyValue negated finds another value", mayNot(ifs(`"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a"]}`), `"aws:TagKeys":["a","b"]`), deniedBy},
		{"ForAllValues negated with one of the values", may(ifs(`"ForAllValues:StringNotEquals":{"aws:TagKeys":["a"]}`), `"aws:TagKeys":["a","b"]`), noBy},
		{"ForAnyValue on a single value", may(ifs(`"ForAnyValue:StringLike":{"a:k":"x*"}`), `"a:k":"xy"`), yesBy},
		{"numbers are numbers", may(ifs(`"NumericLessThanEquals":{"s3:max-keys":10}`), `"s3:max-keys":"10.0"`), yesBy},
		{"numbers are not texts", may(ifs(`"NumericGreaterThan":{"s3:max-keys":"9"}`), `"s3:max-keys":"10"`), yesBy},
		{"a negative number", may(ifs(`"NumericLessThan":{"a:n":"-1"}`), `"a:n":"-1.5"`), yesBy},
		{"a date and seconds", may(ifs(`"DateEquals":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}`), `"aws:CurrentTime":"1767225600"`), yesBy},
		{"a date in a zone", may(ifs(`"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}`), `"aws:CurrentTime":"2026-01-01T00:30:00+01:00"`), yesBy},
		{"an address written in two ways", may(ifs(`"IpAddress":{"aws:SourceIp":"2001:DB8:0:0::/64"}`), `"aws:SourceIp":"2001:db8::1"`), yesBy},
		{"an address without a prefix", may(ifs(`"IpAddress":{"aws:SourceIp":"203.0.113.7"}`), `"aws:SourceIp":"203.0.113.8"`), noBy},
		{"IPv6 is not in a range of IPv4", mayNot(ifs(`"NotIpAddress":{"aws:SourceIp":"0.0.0.0/0"}`), `"aws:SourceIp":"2001:db8::1"`), deniedBy},
		{"all of IPv4", may(ifs(`"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`), `"aws:SourceIp":"198.51.100.1"`), yesBy},
		{"ArnEquals has wildcards", may(ifs(`"ArnEquals":{"aws:SourceArn":"arn:aws:sns:*:*:t*"}`), `"aws:SourceArn":"arn:aws:sns:eu-west-1:1:topic"`), yesBy},
		{"a star of ArnLike stays in its part", may(ifs(`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:topic:x"}`), `"aws:SourceArn":"arn:aws:sns:eu-west-1:1:topic:x"`), noBy},
		{"a star of StringLike does not", may(ifs(`"StringLike":{"aws:SourceArn":"arn:aws:sns:*:x"}`), `"aws:SourceArn":"arn:aws:sns:eu-west-1:1:topic:x"`), yesBy},
		{"a star in StringEquals is a star", may(ifs(`"StringEquals":{"a:k":"x*"}`), `"a:k":"xy"`), noBy},
		{"no values at all", may(ifs(`"StringEquals":{"a:k":[]}`), `"a:k":"x"`), noBy},
		{"no operator at all", may(`"Action":"*","Resource":"*","Condition":{}`, ``), yesBy},
		{"an operator that AWS does not have, in an Allow", may(ifs(`"StringMatches":{"a:k":"x"}`), `"a:k":"x"`), noBy},
		{"the same in a Deny", mayNot(ifs(`"StringMatches":{"a:k":"x"}`), ``), "error"},
		{"the same in a Deny about something else", mayNot(`"Action":"ec2:*","Resource":"*","Condition":{"Odd":{"a:k":"x"}}`, ``), yesBy},
		{"a date that is none, in a Deny", mayNot(ifs(`"DateLessThan":{"aws:CurrentTime":"soon"}`), ``), "error"},
	})
}

func TestCornersOfVariables(t *testing.T) {
	at := func(resource string) string {
		return `"Action":"s3:*","Resource":"arn:aws:s3:::orders/` + resource + `"`
	}
	testCorners(t, []corner{
		{"the value of a key", may(at("${aws:PrincipalTag/year}/*"), `"aws:PrincipalTag/year":"2026"`), yesBy},
		{"no value", may(at("${aws:PrincipalTag/year}/*"), ``), noBy},
		{"a default", may(at("${aws:PrincipalTag/year, '2026'}/*"), ``), yesBy},
		{"a star in a value is a star", may(at("${aws:PrincipalTag/year}/*"), `"aws:PrincipalTag/year":"*"`), noBy},
		{"a list has no value", may(at("${aws:PrincipalTag/year}/*"), `"aws:PrincipalTag/year":["2026"]`), noBy},
		{"an escaped star", may(at("${*}"), ``), noBy},
		{"Deny with NotResource and no value", mayNot(`"Action":"s3:*","NotResource":"arn:aws:s3:::orders/${aws:PrincipalTag/year}/*"`, ``), deniedBy},
		{"not equal to no value", mayNot(ifs(`"StringNotEquals":{"a:k":"${aws:PrincipalTag/t}"}`), `"a:k":"x"`), deniedBy},
		{"equal to no value", may(ifs(`"StringEquals":{"a:k":"${aws:PrincipalTag/t}"}`), `"a:k":"x"`), noBy},
		{"a variable in an action", may(`"Action":"s3:${a:k}","Resource":"*"`, `"a:k":"GetObject"`), noBy},
		{"the language of 2008 has none", func(t *testing.T, in *eval.Input) {
			in.Identity = []*eval.Policy{compile(t, "old", `{"Version":"2008-10-17","Statement":{"Effect":"Allow",`+at("${a:k}/*")+`}}`)}
			in.Context = contextOf(t, `"a:k":"2026"`)
		}, noBy},
		{"nor has a document without version", func(t *testing.T, in *eval.Input) {
			in.Identity = []*eval.Policy{compile(t, "old", `{"Statement":{"Effect":"Allow",`+at("${a:k}/*")+`}}`)}
			in.Context = contextOf(t, `"a:k":"2026"`)
		}, noBy},
	})
}

func TestCornersOfActionsAndResources(t *testing.T) {
	testCorners(t, []corner{
		{"an action in another case", may(`"Action":"S3:gEtObJeCt","Resource":"*"`, ``), yesBy},
		{"a question mark is one letter", may(`"Action":"s3:GetObjec?","Resource":"*"`, ``), yesBy},
		{"and not none", may(`"Action":"s3:GetObject?","Resource":"*"`, ``), noBy},
		{"a point is a point", may(`"Action":"s3:GetObjec.","Resource":"*"`, ``), noBy},
		{"a bucket is not its objects", may(`"Action":"s3:*","Resource":"arn:aws:s3:::orders"`, ``), noBy},
		{"a star crosses slashes", may(`"Action":"s3:*","Resource":"arn:aws:s3:::orders*json"`, ``), yesBy},
		{"a resource has case", may(`"Action":"s3:*","Resource":"arn:aws:s3:::Orders/*"`, ``), noBy},
		{"NotResource leaves out", may(`"Action":"s3:*","NotResource":"arn:aws:s3:::orders/*"`, ``), noBy},
		{"NotAction allows the rest", may(`"NotAction":"iam:*","Resource":"*"`, ``), yesBy},
		{"Deny with NotAction", mayNot(`"NotAction":["iam:*","sts:*"],"Resource":"*"`, ``), deniedBy},
		{"an action without resource and an ARN", func(t *testing.T, in *eval.Input) {
			in.Action, in.Resource = "ec2:DescribeInstances", "*"
			in.Identity = []*eval.Policy{policy(t, `"Effect":"Allow","Action":"ec2:*","Resource":"arn:aws:ec2:*:*:instance/*"`)}
		}, noBy},
		{"another partition", may(`"Action":"s3:*","Resource":"arn:aws-cn:s3:::orders/*"`, ``), noBy},
	})
}

// by lets a resource's policy allow a principal; the statement's other elements follow.
func resourceFor(t *testing.T, who, rest string) *eval.Policy {
	t.Helper()
	return policy(t, `"Effect":"Allow","Principal":`+who+`,"Action":"*","Resource":"*"`+rest)
}

func TestCornersOfLayers(t *testing.T) {
	nothing := func(t *testing.T) *eval.Policy { return policy(t, `"Effect":"Allow","Action":"ec2:*","Resource":"*"`) }
	role := `{"AWS":"arn:aws:iam::111111111111:role/team/deploy"}`
	testCorners(t, []corner{
		{"a boundary without an Allow", func(t *testing.T, in *eval.Input) { in.Boundary = nothing(t) }, "implicitDeny boundary"},
		{"a user named by the resource is not bound by the boundary's silence", func(t *testing.T, in *eval.Input) {
			in.Identity, in.Boundary, in.ResourcePolicy = nil, nothing(t), resourceFor(t, `{"AWS":"`+alice+`"}`, "")
		}, "allowed resource"},
		{"but by its Deny", func(t *testing.T, in *eval.Input) {
			in.Boundary, in.ResourcePolicy = policy(t, denyAll), resourceFor(t, `{"AWS":"`+alice+`"}`, "")
		}, "explicitDeny boundary"},
		{"a session of a named role is bound by it", func(t *testing.T, in *eval.Input) {
			in.Principal, in.Identity, in.Boundary, in.ResourcePolicy = eval.NewPrincipal(session), nil, nothing(t), resourceFor(t, role, "")
		}, "implicitDeny boundary"},
		{"a session of a named role needs no policy of its own", func(t *testing.T, in *eval.Input) {
			in.Principal, in.Identity, in.ResourcePolicy = eval.NewPrincipal(session), nil, resourceFor(t, role, "")
		}, "allowed resource"},
		{"a session that is named is not bound by session policies", func(t *testing.T, in *eval.Input) {
			in.Principal, in.Identity, in.Session = eval.NewPrincipal(session), nil, []*eval.Policy{nothing(t)}
			in.ResourcePolicy = resourceFor(t, `{"AWS":"`+session+`"}`, "")
		}, "allowed resource"},
		{"another session of the role is not meant", func(t *testing.T, in *eval.Input) {
			in.Principal, in.Identity = eval.NewPrincipal("arn:aws:sts::111111111111:assumed-role/deploy/other"), nil
			in.ResourcePolicy = resourceFor(t, `{"AWS":"`+session+`"}`, "")
		}, noBy},
		{"an account that is named gives nothing alone", func(t *testing.T, in *eval.Input) {
			in.Identity, in.ResourcePolicy = nil, resourceFor(t, `{"AWS":"arn:aws:iam::111111111111:root"}`, "")
		}, noBy},
		{"across accounts one side is not enough", func(t *testing.T, in *eval.Input) {
			in.ResourceAccount = "222222222222"
		}, "implicitDeny resource"},
		{"nor is the other", func(t *testing.T, in *eval.Input) {
			in.ResourceAccount, in.Identity, in.ResourcePolicy = "222222222222", nil, resourceFor(t, `"*"`, "")
		}, noBy},
		{"across accounts the boundary binds a named user", func(t *testing.T, in *eval.Input) {
			in.ResourceAccount, in.Boundary, in.ResourcePolicy = "222222222222", nothing(t), resourceFor(t, `{"AWS":"`+alice+`"}`, "")
		}, "implicitDeny boundary"},
		{"a Deny with NotPrincipal and a boundary", func(t *testing.T, in *eval.Input) {
			in.Boundary = policy(t, allowAll)
			in.ResourcePolicy = policy(t, `"Effect":"Deny","NotPrincipal":{"AWS":"`+alice+`"},"Action":"*","Resource":"*"`)
		}, "explicitDeny resource"},
	})
}

func TestCornersOfOrganizations(t *testing.T) {
	nothing := func(t *testing.T) *eval.Policy { return policy(t, `"Effect":"Allow","Action":"ec2:*","Resource":"*"`) }
	linked := `"aws:PrincipalArn":"arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"`
	testCorners(t, []corner{
		{"a federated user without session policies", func(t *testing.T, in *eval.Input) {
			in.Principal = eval.NewPrincipal("arn:aws:sts::111111111111:federated-user/bob")
		}, "implicitDeny session"},
		{"the root user without policies", func(t *testing.T, in *eval.Input) {
			in.Principal, in.Identity = eval.NewPrincipal("arn:aws:iam::111111111111:root"), nil
		}, "allowed root"},
		{"the root user under an SCP", func(t *testing.T, in *eval.Input) {
			in.Principal, in.SCPs = eval.NewPrincipal("arn:aws:iam::111111111111:root"), []eval.Level{{Policies: []*eval.Policy{policy(t, allowAll, denyAll)}}}
		}, "explicitDeny scp"},
		{"the root user of the management account under an SCP", func(t *testing.T, in *eval.Input) {
			in.Principal, in.ManagementAccount = eval.NewPrincipal("arn:aws:iam::111111111111:root"), "111111111111"
			in.SCPs = []eval.Level{{Policies: []*eval.Policy{policy(t, denyAll)}}}
		}, "allowed root"},
		{"an SCP at one level of three allows nothing", func(t *testing.T, in *eval.Input) {
			full := []*eval.Policy{policy(t, allowAll)}
			in.SCPs = []eval.Level{{Policies: full}, {Policies: []*eval.Policy{nothing(t)}}, {Policies: full}}
		}, "implicitDeny scp"},
		{"an SCP binds a caller that the resource names", func(t *testing.T, in *eval.Input) {
			in.Identity, in.ResourcePolicy = nil, resourceFor(t, `{"AWS":"`+alice+`"}`, "")
			in.SCPs = []eval.Level{{Policies: []*eval.Policy{nothing(t)}}}
		}, "implicitDeny scp"},
		{"a service-linked role is under no SCP", func(t *testing.T, in *eval.Input) {
			in.Principal, in.Context = eval.NewPrincipal("arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForX/s"), contextOf(t, linked)
			in.SCPs = []eval.Level{{Policies: []*eval.Policy{policy(t, denyAll)}}}
		}, yesBy},
		{"an RCP binds callers from elsewhere", func(t *testing.T, in *eval.Input) {
			in.Principal, in.ResourcePolicy = eval.NewPrincipal("arn:aws:iam::222222222222:user/eve"), resourceFor(t, `"*"`, "")
			in.RCPs = []eval.Level{{Policies: []*eval.Policy{policy(t, `"Principal":"*",`+denyAll)}}}
		}, "explicitDeny rcp"},
		{"an RCP binds services", func(t *testing.T, in *eval.Input) {
			in.Principal, in.ResourcePolicy = eval.NewPrincipal("service:sns.amazonaws.com"), resourceFor(t, `{"Service":"sns.amazonaws.com"}`, "")
			in.RCPs = []eval.Level{{Policies: []*eval.Policy{policy(t, `"Principal":"*",`+denyAll)}}}
		}, "explicitDeny rcp"},
		{"but not where the management account owns the resource", func(t *testing.T, in *eval.Input) {
			in.ManagementAccount, in.RCPs = "111111111111", []eval.Level{{Policies: []*eval.Policy{policy(t, `"Principal":"*",`+denyAll)}}}
		}, yesBy},
		{"an endpoint without an Allow", func(t *testing.T, in *eval.Input) {
			in.Endpoint = policy(t, `"Effect":"Allow","Principal":"*","Action":"ec2:*","Resource":"*"`)
		}, "implicitDeny vpce"},
	})
}

func TestCornersOfServices(t *testing.T) {
	key := func(in *eval.Input) {
		in.Action, in.Resource = "kms:Decrypt", "arn:aws:kms:eu-west-1:111111111111:key/k"
	}
	assume := func(in *eval.Input) {
		in.Action, in.Resource = "sts:AssumeRole", "arn:aws:iam::111111111111:role/x"
	}
	testCorners(t, []corner{
		{"a key without policy", func(_ *testing.T, in *eval.Input) { key(in) }, "implicitDeny resource"},
		{"a key that hands the question to its account", func(t *testing.T, in *eval.Input) {
			key(in)
			in.ResourcePolicy = resourceFor(t, `{"AWS":"111111111111"}`, "")
		}, yesBy},
		{"a key that names another user of the account", func(t *testing.T, in *eval.Input) {
			key(in)
			in.ResourcePolicy = resourceFor(t, `{"AWS":"arn:aws:iam::111111111111:user/bob"}`, "")
		}, "implicitDeny resource"},
		{"a key that names the user", func(t *testing.T, in *eval.Input) {
			key(in)
			in.Identity, in.ResourcePolicy = nil, resourceFor(t, `{"AWS":"`+alice+`"}`, "")
		}, "allowed resource"},
		{"a role without trust in the caller", func(t *testing.T, in *eval.Input) {
			assume(in)
			in.ResourcePolicy = policy(t, `"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/bob"},"Action":"sts:AssumeRole"`)
		}, "implicitDeny trust"},
		{"a role that trusts the user", func(t *testing.T, in *eval.Input) {
			assume(in)
			in.Identity, in.ResourcePolicy = nil, policy(t, `"Effect":"Allow","Principal":{"AWS":"`+alice+`"},"Action":"sts:AssumeRole"`)
		}, "allowed trust"},
		{"a role that trusts the account", func(t *testing.T, in *eval.Input) {
			assume(in)
			in.Identity, in.ResourcePolicy = nil, policy(t, `"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"`)
		}, noBy},
		{"the root user assumes no role", func(t *testing.T, in *eval.Input) {
			assume(in)
			in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:root")
			in.ResourcePolicy = policy(t, `"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"`)
		}, "implicitDeny serviceRule"},
		{"SAML needs the trust policy alone", func(t *testing.T, in *eval.Input) {
			assume(in)
			in.Action, in.Principal, in.Identity = "sts:AssumeRoleWithSAML", eval.NewPrincipal("arn:aws:iam::111111111111:saml-provider/Corp"), nil
			in.ResourcePolicy = policy(t, `"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111111111111:saml-provider/Corp"},`+
				`"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}`)
			in.Context = contextOf(t, `"saml:aud":"https://signin.aws.amazon.com/saml"`)
		}, "allowed trust"},
		{"a token for something else", func(t *testing.T, in *eval.Input) {
			assume(in)
			in.Action, in.Principal, in.Identity = "sts:AssumeRoleWithWebIdentity", eval.NewPrincipal("accounts.google.com"), nil
			in.ResourcePolicy = policy(t, `"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},`+
				`"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"accounts.google.com:aud":"me"}}`)
			in.Context = contextOf(t, `"accounts.google.com:aud":"you"`)
		}, "implicitDeny trust"},
		{"an identity policy of a service counts for nothing", func(_ *testing.T, in *eval.Input) {
			in.Principal = eval.NewPrincipal("service:sns.amazonaws.com")
		}, "implicitDeny resource"},
		{"an anonymous caller and everybody", func(t *testing.T, in *eval.Input) {
			in.Principal, in.Identity, in.ResourcePolicy = eval.NewPrincipal("anonymous"), nil, resourceFor(t, `{"AWS":"*"}`, "")
		}, "allowed resource"},
		{"who am I, denied", func(t *testing.T, in *eval.Input) {
			in.Action, in.Resource, in.Identity = "sts:GetCallerIdentity", "*", []*eval.Policy{policy(t, denyAll)}
		}, "allowed serviceRule"},
		{"a policy of AWS cannot be changed", func(_ *testing.T, in *eval.Input) {
			in.Action, in.Resource = "iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/ReadOnlyAccess"
		}, "implicitDeny serviceRule"},
		{"nor the role of a permission set", func(_ *testing.T, in *eval.Input) {
			in.Action, in.Resource = "iam:PutRolePolicy", "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_X_1"
		}, "implicitDeny serviceRule"},
		{"a group is no principal", func(t *testing.T, in *eval.Input) {
			in.Identity, in.ResourcePolicy = nil, resourceFor(t, `{"AWS":"arn:aws:iam::111111111111:group/admins"}`, "")
		}, noBy},
		{"a principal has no wildcards", func(t *testing.T, in *eval.Input) {
			in.Identity, in.ResourcePolicy = nil, resourceFor(t, `{"AWS":"arn:aws:iam::111111111111:user/*"}`, "")
		}, noBy},
	})
}

package eval_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// decisionCase changes the request of alice, who may do everything, and says what follows.
type decisionCase struct {
	name   string
	change func(in *eval.Input)
	want   string // decision and layer
}

func testDecisions(t *testing.T, cases []decisionCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := request(policy(t, allowAll))
			c.change(in)
			got := decide(t, in)
			if text := got.Decision.String() + " " + got.DecidedBy.String(); text != c.want {
				t.Errorf("got %s, want %s", text, c.want)
			}
		})
	}
}

func TestServicesHaveRulesOfTheirOwn(t *testing.T) {
	reserved := "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_X_0123456789abcdef"
	testDecisions(t, []decisionCase{
		{"a permission-set role cannot be changed", func(in *eval.Input) {
			in.Action, in.Resource = "iam:PutRolePolicy", reserved
		}, "implicitDeny serviceRule"},
		{"it can be read", func(in *eval.Input) {
			in.Action, in.Resource = "iam:GetRole", reserved
		}, "allowed identity"},
		{"it can be passed", func(in *eval.Input) {
			in.Action, in.Resource = "iam:PassRole", reserved
		}, "allowed identity"},
		{"the service that made it changes it", func(in *eval.Input) {
			in.Principal = eval.NewPrincipal("arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForSSO/sso")
			in.Context.Set("aws:PrincipalArn",
				"arn:aws:iam::111111111111:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO")
			in.Action, in.Resource = "iam:PutRolePolicy", reserved
		}, "allowed identity"},
		{"a name has no case in any of its letters", func(in *eval.Input) {
			in.Action, in.Identity = "s3:AZaz", []*eval.Policy{policy(t, `"Effect":"Allow","Action":"S3:azAZ","Resource":"*"`)}
		}, "allowed identity"},
		{"an explicit deny is told before a rule", func(in *eval.Input) {
			in.Identity = []*eval.Policy{policy(t, denyAll)}
			in.Action, in.Resource = "iam:PutRolePolicy", reserved
		}, "explicitDeny identity"},
		{"AWS's aliases cannot be deleted", func(in *eval.Input) {
			in.Action, in.Resource = "kms:DeleteAlias", "arn:aws:kms:eu-west-1:111111111111:alias/aws/s3"
		}, "implicitDeny serviceRule"},
		{"nor changed", func(in *eval.Input) {
			in.Action, in.Resource = "KMS:updatealias", "arn:aws:kms:eu-west-1:111111111111:alias/aws/s3"
		}, "implicitDeny serviceRule"},
		{"they can be listed", func(in *eval.Input) {
			in.Action, in.Resource = "kms:ListAliases", "arn:aws:kms:eu-west-1:111111111111:alias/aws/s3"
		}, "allowed identity"},
		{"the root user cannot assume a role", func(in *eval.Input) {
			in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:root")
			in.Action, in.Resource = "sts:AssumeRole", "arn:aws:iam::111111111111:role/deploy"
			in.ResourcePolicy = policy(t, `"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"`)
		}, "implicitDeny serviceRule"},
		{"it is the trust policy that lets the root user in", func(in *eval.Input) {
			in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:root")
			in.Action, in.Resource = "sts:AssumeRoleWithSAML", "arn:aws:iam::111111111111:role/deploy"
			in.ResourcePolicy = policy(t, `"Effect":"Allow","Principal":"*","Action":"sts:*"`)
		}, "allowed trust"},
		{"nobody without credentials asks who he is", func(in *eval.Input) {
			in.Principal, in.Action, in.Resource = eval.NewPrincipal("anonymous"), "sts:GetCallerIdentity", "*"
		}, "implicitDeny resource"},
	})
}

func TestABoundaryOfACallerThatCannotHaveOneBindsNobody(t *testing.T) {
	for _, caller := range []string{"arn:aws:iam::111111111111:root", "anonymous", "service:sns.amazonaws.com"} {
		in := request()
		in.Principal, in.Boundary = eval.NewPrincipal(caller), policy(t, allowAll)
		in.ResourcePolicy = policy(t, `"Principal":"*",`+allowAll, `"NotPrincipal":"*",`+denyAll)
		if got := decide(t, in); got.Decision != eval.Allowed {
			t.Errorf("%s: got %s by %s", caller, got.Decision, got.DecidedBy)
		}
	}
}

func TestWhoIsAsked(t *testing.T) {
	named := func(kind, who string) *eval.Policy {
		return policy(t, `"Effect":"Allow","Principal":{"`+kind+`":"`+who+`"},"Action":"*","Resource":"*"`)
	}
	testDecisions(t, []decisionCase{
		{"policies inside the account do not bind its root user", func(in *eval.Input) {
			in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:root")
			in.Identity, in.Boundary = []*eval.Policy{policy(t, denyAll)}, policy(t, denyAll)
			in.Session = []*eval.Policy{policy(t, denyAll)}
		}, "allowed root"},
		{"the root user of a named account", func(in *eval.Input) {
			in.Principal, in.ResourceAccount = eval.NewPrincipal("arn:aws:iam::111111111111:root"), "222222222222"
			in.ResourcePolicy = named("AWS", "111111111111")
		}, "allowed root"},
		{"a token proves the caller, so its policies are not asked", func(in *eval.Input) {
			in.Action, in.Resource = "sts:AssumeRoleWithWebIdentity", "arn:aws:iam::111111111111:role/deploy"
			in.Principal = eval.NewPrincipal("accounts.google.com")
			in.Identity = []*eval.Policy{policy(t, denyAll)}
			in.ResourcePolicy = named("Federated", "accounts.google.com")
		}, "allowed trust"},
		{"tagging a session is up to the trust policy", func(in *eval.Input) {
			in.Action, in.Resource = "sts:TagSession", "arn:aws:iam::111111111111:role/deploy"
		}, "implicitDeny trust"},
		{"a role itself counts as its role", func(in *eval.Input) {
			in.Principal, in.Identity = eval.NewPrincipal("arn:aws:iam::111111111111:role/eng/deploy"), nil
			in.ResourcePolicy = named("AWS", "arn:aws:iam::111111111111:role/eng/deploy")
			in.Boundary = policy(t, `"Effect":"Allow","Action":"ec2:*","Resource":"*"`)
		}, "implicitDeny boundary"},
		{"a service-linked role itself is exempt", func(in *eval.Input) {
			in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX")
			in.SCPs = []eval.Level{{Target: "r-1"}}
			in.RCPs = []eval.Level{{Target: "r-1", Policies: []*eval.Policy{policy(t, `"Principal":"*",`+denyAll)}}}
		}, "allowed identity"},
		{"a federated user is a session of its user", func(in *eval.Input) {
			in.Principal, in.Identity = eval.NewPrincipal("arn:aws:sts::111111111111:federated-user/alice"), nil
			in.ResourcePolicy, in.Session = named("AWS", alice), []*eval.Policy{policy(t, allowAll)}
		}, "allowed resource"},
		{"within its session policies", func(in *eval.Input) {
			in.Principal, in.Identity = eval.NewPrincipal("arn:aws:sts::111111111111:federated-user/alice"), nil
			in.ResourcePolicy = named("AWS", alice)
		}, "implicitDeny session"},
		{"an account in another partition is another account", func(in *eval.Input) {
			in.ResourceAccount, in.ResourcePolicy = "222222222222", named("AWS", "arn:aws-cn:iam::111111111111:root")
		}, "implicitDeny resource"},
		{"a canonical user is nobody we know", func(in *eval.Input) {
			in.Identity, in.ResourcePolicy = nil, named("CanonicalUser", "79a59df900b949e55d96a1e698fbaced")
		}, "implicitDeny identity"},
		{"a group is no principal", func(in *eval.Input) {
			in.Identity, in.ResourcePolicy = nil, named("AWS", "arn:aws:iam::111111111111:group/dev")
		}, "implicitDeny identity"},
		{"NotPrincipal allows whom it does not list", func(in *eval.Input) {
			in.Identity = nil
			in.ResourcePolicy = policy(t, `"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111111111111:user/bob"},`+
				`"Action":"*","Resource":"*"`)
		}, "allowed resource"},
		{"an identity policy cannot name a principal", func(in *eval.Input) {
			in.Identity = []*eval.Policy{policy(t, `"Principal":"*",`+allowAll)}
		}, "implicitDeny identity"},
		{"the account is taken from the resource", func(in *eval.Input) {
			in.Resource, in.ResourceAccount = "arn:aws:sqs:eu-west-1:222222222222:jobs", ""
		}, "implicitDeny resource"},
		{"or else from the caller", func(in *eval.Input) { in.ResourceAccount = "" }, "allowed identity"},
		{"an account that is no number does not count", func(in *eval.Input) {
			in.Action, in.Resource, in.ResourceAccount = "iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess", ""
		}, "allowed identity"},
	})
}

func TestControlPoliciesAndTheirExemptions(t *testing.T) {
	testDecisions(t, []decisionCase{
		{"a level without id counts", func(in *eval.Input) { in.SCPs = []eval.Level{{}} }, "implicitDeny scp"},
		{"the management account owns its resources", func(in *eval.Input) {
			in.ManagementAccount = "111111111111"
			in.SCPs = []eval.Level{{Target: "r-1"}}
			in.RCPs = []eval.Level{{Policies: []*eval.Policy{policy(t, `"Principal":"*",`+denyAll)}}}
		}, "allowed identity"},
		{"a control policy is about everybody, whatever it says", func(in *eval.Input) {
			named := policy(t, `"Principal":{"AWS":"arn:aws:iam::111111111111:user/bob"},`+denyAll)
			in.RCPs = []eval.Level{{Policies: []*eval.Policy{named}}}
		}, "explicitDeny rcp"},
		{"a control policy without Principal is about everybody", func(in *eval.Input) {
			in.RCPs = []eval.Level{{Policies: []*eval.Policy{policy(t, denyAll)}}}
		}, "explicitDeny rcp"},
	})
}

func TestWhatAStatementCovers(t *testing.T) {
	covers := func(kind string, actionsAndResources string) func(*eval.Input) {
		return func(in *eval.Input) {
			p := policy(t, `"Effect":"Allow","Principal":"*",`+actionsAndResources)
			switch in.Identity = nil; kind {
			case "identity":
				in.Identity = []*eval.Policy{policy(t, `"Effect":"Allow",`+actionsAndResources)}
			case "resource":
				in.ResourcePolicy = p
			case "endpoint":
				in.Identity, in.Endpoint = []*eval.Policy{policy(t, allowAll)}, p
			case "scp":
				in.Identity = []*eval.Policy{policy(t, allowAll)}
				in.SCPs = []eval.Level{{Policies: []*eval.Policy{policy(t, `"Effect":"Allow",`+actionsAndResources)}}}
			case "rcp":
				in.Identity = []*eval.Policy{policy(t, allowAll)}
				deny := policy(t, `"Effect":"Deny","Principal":"*",`+actionsAndResources)
				in.RCPs = []eval.Level{{Policies: []*eval.Policy{deny}}}
			}
		}
	}
	testDecisions(t, []decisionCase{
		{"two stars", covers("identity", `"Action":"s3:**","Resource":"*"`), "allowed identity"},
		{"a star that must go back", covers("identity", `"Action":"s3:*tObject","Resource":"*"`), "allowed identity"},
		{"a longer name", covers("identity", `"Action":"s3:GetObjectTagging","Resource":"*"`), "implicitDeny identity"},
		{"a longer prefix", covers("identity", `"Action":"s3x:GetObject","Resource":"*"`), "implicitDeny identity"},
		{"a prefix of stars", covers("identity", `"Action":"*:*","Resource":"*"`), "implicitDeny identity"},
		{"no prefix", covers("identity", `"Action":":GetObject","Resource":"*"`), "implicitDeny identity"},
		{"letters that only look alike", covers("identity", `"Action":"\u017f3:GetObject","Resource":"*"`),
			"implicitDeny identity"},
		{"an empty NotAction", covers("identity", `"NotAction":[],"Resource":"*"`), "allowed identity"},
		{"a service with a wildcard", covers("identity", `"Action":"*","Resource":"arn:aws:s*:::orders/*"`),
			"implicitDeny identity"},
		{"a variable in the header", covers("identity", `"Action":"*","Resource":"arn:aws:s3::${a:v}:orders/*"`),
			"implicitDeny identity"},
		{"a broken variable", covers("identity", `"Action":"*","Resource":"arn:aws:s3:::${a:v"`), "implicitDeny identity"},
		{"no ARN", covers("identity", `"Action":"*","Resource":"orders/*"`), "implicitDeny identity"},
		{"a question mark in a short ARN", covers("resource", `"Action":"*","Resource":"arn:aws:s?"`), "allowed resource"},
		{"a resource's policy about its resource", covers("resource", `"Action":"*"`), "allowed resource"},
		{"a short ARN at an endpoint", covers("endpoint", `"Action":"*","Resource":"arn:aws:s3*"`), "allowed identity"},
		{"a plain short ARN at an endpoint", covers("endpoint", `"Action":"*","Resource":"arn:aws:s3"`), "implicitDeny vpce"},
		{"an identity policy without resource", covers("identity", `"Action":"*"`), "implicitDeny identity"},
		{"an endpoint without resource", covers("endpoint", `"Action":"*"`), "implicitDeny vpce"},
		{"a short ARN in an SCP", covers("scp", `"Action":"*","Resource":"arn:aws:s3*"`), "allowed identity"},
		{"one that does not end in a star", covers("scp", `"Action":"*","Resource":"arn:aws:s?"`), "implicitDeny scp"},
		{"a short ARN in an RCP", covers("rcp", `"Action":"*","Resource":"arn:aws:s3*"`), "allowed identity"},
		{"a whole ARN in an RCP", covers("rcp", `"Action":"*","Resource":"arn:aws:s3:::*"`), "explicitDeny rcp"},
	})
}

func TestARequestThatCannotBeReadIsAnError(t *testing.T) {
	for name, change := range map[string]func(*eval.Input){
		"no principal":            func(in *eval.Input) { in.Principal = eval.NewPrincipal("") },
		"a name":                  func(in *eval.Input) { in.Principal = eval.NewPrincipal("alice") },
		"a service without name":  func(in *eval.Input) { in.Principal = eval.NewPrincipal("service:") },
		"a short ARN":             func(in *eval.Input) { in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111") },
		"a group":                 func(in *eval.Input) { in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:group/dev") },
		"a user without name":     func(in *eval.Input) { in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:user/") },
		"a path below root":       func(in *eval.Input) { in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:root/x") },
		"a provider without name": func(in *eval.Input) { in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:saml-provider/") },
		"a session without name": func(in *eval.Input) {
			in.Principal = eval.NewPrincipal("arn:aws:sts::111111111111:assumed-role/deploy")
		},
		"a session without a role": func(in *eval.Input) { in.Principal = eval.NewPrincipal("arn:aws:sts::111111111111:assumed-role//x") },
		"no action":                func(in *eval.Input) { in.Action = "" },
		"an action without name":   func(in *eval.Input) { in.Action = "s3:" },
		"an action without prefix": func(in *eval.Input) { in.Action = ":GetObject" },
		"a very long action":       func(in *eval.Input) { in.Action = "s3:" + strings.Repeat("x", 126) },
		"no resource":              func(in *eval.Input) { in.Resource = "" },
		"an identity policy is nil": func(in *eval.Input) {
			in.Identity = append(in.Identity, nil)
		},
		"a session policy is nil": func(in *eval.Input) { in.Session = []*eval.Policy{nil} },
		"an SCP is nil":           func(in *eval.Input) { in.SCPs = []eval.Level{{Policies: []*eval.Policy{nil}}} },
		"an RCP is nil":           func(in *eval.Input) { in.RCPs = []eval.Level{{Policies: []*eval.Policy{nil}}} },
	} {
		t.Run(name, func(t *testing.T) {
			in := request(policy(t, allowAll))
			change(in)
			if got, err := eval.Decide(in); err == nil || got != (eval.Result{}) {
				t.Errorf("got %s by %s and error %v", got.Decision, got.DecidedBy, err)
			}
			if _, err := eval.Explain(in); err == nil {
				t.Error("the explanation has no error")
			}
		})
	}
}

func TestADenyThatCannotBeReadIsAnErrorWhereItApplies(t *testing.T) {
	unreadable := `"Effect":"Deny","Sid":"Odd","Action":"s3:*","Resource":"*","Condition":{"StringMatches":{"a:k":"x"}}`
	asResource := policy(t, `"Principal":"*",`+unreadable)
	everywhere := map[string]func(in *eval.Input){
		"identity": func(in *eval.Input) { in.Identity = append(in.Identity, policy(t, unreadable)) },
		"boundary": func(in *eval.Input) { in.Boundary = policy(t, allowAll, unreadable) },
		"session":  func(in *eval.Input) { in.Session = []*eval.Policy{policy(t, allowAll, unreadable)} },
		"resource": func(in *eval.Input) { in.ResourcePolicy = asResource },
		"endpoint": func(in *eval.Input) { in.Endpoint = asResource },
		"SCP": func(in *eval.Input) {
			in.SCPs = []eval.Level{{Policies: []*eval.Policy{policy(t,
				unreadable)}}}
		},
		"RCP":                 func(in *eval.Input) { in.RCPs = []eval.Level{{Policies: []*eval.Policy{asResource}}} },
		"beside another deny": func(in *eval.Input) { in.Identity = append(in.Identity, policy(t, denyAll, unreadable)) },
		"a principal where none belongs": func(in *eval.Input) {
			in.Identity = append(in.Identity, policy(t, `"Principal":"*",`+denyAll))
		},
		"no resource where one belongs": func(in *eval.Input) {
			in.Identity = append(in.Identity, policy(t, `"Effect":"Deny","Action":"*"`))
		},
	}
	for name, add := range everywhere {
		t.Run(name, func(t *testing.T) {
			in := request(policy(t, allowAll))
			add(in)
			_, err := eval.Decide(in)
			e, ok := errors.AsType[*eval.UnreadableError](err)
			if !ok || e.Policy != "p" || e.At.Line != 1 || !strings.Contains(err.Error(), "a Deny cannot be read") {
				t.Fatalf("got %#v", err)
			}
			x, again := eval.Explain(in)
			if again == nil || again.Error() != err.Error() || !strings.Contains(toJSON(t, x), `"unreadable"`) {
				t.Errorf("the explanation does not show it: %v", again)
			}
		})
	}
	for _, operator := range []string{"NumericLike", "DateLike", "NullIfExists", "ForSomeValues:StringEquals"} {
		in := request(policy(t, allowAll, denyAll+`,"Condition":{"`+operator+`":{"a:k":"1"}}`))
		if _, err := eval.Decide(in); err == nil {
			t.Errorf("a Deny with %s is no error", operator)
		}
	}
	for name, change := range map[string]func(in *eval.Input){
		"another action": func(in *eval.Input) { in.Action = "ec2:RunInstances" },
		"an exempt account": func(in *eval.Input) {
			in.ManagementAccount, in.Identity = "111111111111", in.Identity[:1]
			in.SCPs = []eval.Level{{Policies: []*eval.Policy{policy(t, unreadable)}}}
		},
		"a call that needs no permission": func(in *eval.Input) { in.Action = "sts:GetCallerIdentity" },
	} {
		t.Run("not with "+name, func(t *testing.T) {
			in := request(policy(t, allowAll), policy(t, unreadable))
			change(in)
			if got := decide(t, in); got.Decision != eval.Allowed {
				t.Errorf("got %s", got.Decision)
			}
		})
	}
}

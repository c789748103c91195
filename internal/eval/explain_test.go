package eval_test

import (
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// contradiction says where an explanation does not fit its own decision, or "".
func contradiction(x *eval.Explanation) string {
	var deciding []eval.LayerTrace
	for _, layer := range x.Layers {
		if layer.Decides {
			deciding = append(deciding, layer)
		}
	}
	effects := map[eval.Decision]eval.Effect{eval.Allowed: eval.Allow, eval.ExplicitDeny: eval.Deny}
	byRule := x.DecidedBy == eval.LayerRoot || x.DecidedBy == eval.LayerServiceRule
	blocked := slices.ContainsFunc(x.BlockedBy, func(l eval.LayerRef) bool { return l.Layer == x.DecidedBy })
	switch {
	case len(deciding) != 1 || deciding[0].Layer != x.DecidedBy:
		return "the deciding layer is not marked once"
	case x.Decision == eval.Allowed && len(x.BlockedBy) > 0:
		return "allowed, but a layer blocks"
	case x.Decision != eval.Allowed && !blocked:
		return "denied by a layer that does not block"
	case x.Decision != eval.ImplicitDeny && !byRule && (x.Deciding == nil || x.Deciding.Effect != effects[x.Decision]):
		return "the deciding statement is missing or of the other effect"
	case x.Decision == eval.ImplicitDeny && x.Deciding != nil:
		return "an implicit deny has a deciding statement"
	case x.Decision != eval.ImplicitDeny && len(x.Nearest) > 0:
		return "near misses without an implicit deny"
	case !strings.HasSuffix(x.Reason, "."):
		return "there is no reason"
	}
	for _, near := range x.Nearest {
		if near.Match == eval.Matched || near.Effect != eval.Allow || near.MatchedElements() == len(near.Elements) {
			return "a near miss is none"
		}
	}
	return ""
}

func TestEveryConformanceScenarioIsExplainedWithoutContradiction(t *testing.T) {
	for _, line := range vectors(t) {
		s, err := eval.ParseScenario(line)
		if err != nil {
			t.Fatal(err)
		}
		if x, err := eval.Explain(&s.Input); err == nil {
			if broken := contradiction(&x); broken != "" {
				t.Errorf("%s: %s", s.ID, broken)
			}
		}
	}
}

func layer(t testing.TB, x *eval.Explanation, l eval.Layer, target string) eval.LayerTrace {
	t.Helper()
	for _, trace := range x.Layers {
		if trace.Layer == l && trace.Target == target {
			return trace
		}
	}
	t.Fatalf("there is no layer %s %s", l, target)
	return eval.LayerTrace{}
}

func TestAnExplicitDenyIsShownWithItsLevelAndPlace(t *testing.T) {
	in := request(compile(t, "Admin", `{"Version":"2012-10-17","Statement":{`+allowAll+`}}`))
	guard := compile(t, "Guard", "{\"Version\":\"2012-10-17\",\"Statement\":[\n{"+allowAll+"},\n{\"Sid\":\"NoReading\","+
		`"Effect":"Deny","Action":["ec2:*","s3:Get*"],"Resource":"*",`+
		`"Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}`+
		"}]}")
	full := policy(t, allowAll)
	in.SCPs = []eval.Level{
		{Target: "r-1", Policies: []*eval.Policy{full}}, {Target: "ou-prod", Policies: []*eval.Policy{full, guard}},
		{Target: "111111111111", Policies: []*eval.Policy{full}},
	}
	x := explain(t, in)
	if x.Reason != `The service control policy "Guard" on ou-prod denies it.` {
		t.Error(x.Reason)
	}
	start := eval.Position{Line: 3, Column: 1}
	if d := x.Deciding; d == nil || d.Policy != "Guard" || d.Sid != "NoReading" || d.Index != 1 || d.Start != start {
		t.Errorf("the deciding statement is %+v", x.Deciding)
	}
	prod := layer(t, &x, eval.LayerSCP, "ou-prod")
	if !prod.Decides || !prod.Blocks || prod.Outcome != eval.OutcomeExplicitDeny ||
		prod.Policies != 2 || prod.Allowing != 2 {
		t.Errorf("ou-prod: %+v", prod)
	}
	elements := prod.Statements[2].Elements
	if e := elements[0]; e.Element != "Action" || e.Match != eval.Matched || e.Hit != "s3:Get*" {
		t.Errorf("action: %+v", e)
	}
	if e := elements[2]; e.Key != "aws:PrincipalArn" || !e.Absent || !strings.Contains(e.Note,
		"a negated operator passes that") {
		t.Errorf("condition: %+v", e)
	}
	if len(x.Missing) != 1 || x.Missing[0].Key != "aws:PrincipalArn" || x.Missing[0].Target != "ou-prod" {
		t.Errorf("missing keys: %+v", x.Missing)
	}
	if identity := layer(t, &x, eval.LayerIdentity, ""); identity.Outcome != eval.OutcomeAllows || identity.Decides {
		t.Errorf("identity: %+v", identity)
	}
	if boundary := layer(t, &x, eval.LayerBoundary, ""); boundary.Outcome != eval.OutcomeNotSet {
		t.Errorf("boundary: %+v", boundary)
	}
	if len(x.Matched) != 6 {
		t.Errorf("%d statements match, want 6", len(x.Matched))
	}
}

func TestAnImplicitDenyNamesTheStatementThatCameNearest(t *testing.T) {
	in := request(policy(t,
		`"Sid":"Other","Effect":"Allow","Action":"ec2:*","Resource":"*"`,
		`"Sid":"Put","Effect":"Allow","Action":"s3:PutObject","Resource":"*"`,
		`"Sid":"Elsewhere","Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::photos/*"`,
		`"Sid":"Archive","Effect":"Allow","Action":"s3:Get*","Resource":["arn:aws:s3:::x/*","arn:aws:s3:::orders/2025/*"]`,
		`"Sid":"TwoMisses","Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::orders/2026/2.json",`+
			`"Condition":{"Bool":{"a:k":"true"}}`,
		`"Effect":"Deny","Action":"s3:Put*","Resource":"*"`,
	))
	x := explain(t, in)
	var order []string
	for _, n := range x.Nearest {
		order = append(order, n.Sid)
	}
	if got := strings.Join(order, " "); got != "Archive Elsewhere TwoMisses" {
		t.Errorf("nearest are %s", got)
	}
	missed := x.Nearest[0].Elements[1]
	if missed.Match != eval.Missed || missed.Asked[0] != object || missed.Covers[1] != "arn:aws:s3:::orders/2025/*" {
		t.Errorf("the miss is %+v", missed)
	}
	if x.Nearest[0].MatchedElements() != 1 || x.Reason != "No identity policy allows it." {
		t.Errorf("%d elements match; %s", x.Nearest[0].MatchedElements(), x.Reason)
	}
}

func TestNearMissesComeFromTheLayerThatLacksAnAllow(t *testing.T) {
	in := request(policy(t, allowAll))
	in.Boundary = policy(t, `"Sid":"Bound","Effect":"Allow","Action":"s3:Put*","Resource":"*"`)
	x := explain(t, in)
	if len(x.Nearest) != 1 || x.Nearest[0].Sid != "Bound" || x.Reason != "The permissions boundary does not allow it." {
		t.Errorf("%+v %s", x.Nearest, x.Reason)
	}
	in = request()
	in.ResourcePolicy = policy(t, `"Sid":"Bob","Effect":"Allow","Action":"s3:*","Resource":"*",`+
		`"Principal":{"AWS":"arn:aws:iam::111111111111:user/bob"}`)
	if x := explain(t,
		in); len(x.Nearest) != 1 || x.Nearest[0].Sid != "Bob" || x.Nearest[0].Elements[0].Match != eval.Missed {
		t.Errorf("%+v", x.Nearest)
	}
}

func TestLayersSayWhyTheyDoNotCount(t *testing.T) {
	lacking := policy(t, `"Effect":"Allow","Action":"ec2:*","Resource":"*"`)
	named := func(who string) *eval.Policy {
		return policy(t, `"Effect":"Allow","Principal":{"AWS":"`+who+`"},"Action":"*","Resource":"*"`)
	}
	for _, c := range []struct {
		name    string
		change  func(in *eval.Input)
		layer   eval.Layer
		outcome eval.Outcome
		reason  string
	}{
		{"the caller is named", func(in *eval.Input) {
			in.Identity, in.Boundary, in.ResourcePolicy = nil, lacking, named(alice)
		}, eval.LayerBoundary, eval.OutcomeNoAllow, "not needed: the resource's policy names the caller itself"},
		{"its role is named", func(in *eval.Input) {
			in.Principal, in.Identity, in.ResourcePolicy = eval.NewPrincipal(session), nil, named("arn:aws:iam::111111111111:role/deploy")
		}, eval.LayerIdentity, eval.OutcomeNoAllow, "not needed: the resource's policy names the caller's role"},
		{"its own policies are enough", func(in *eval.Input) { in.ResourcePolicy = named("222222222222") },
			eval.LayerResource, eval.OutcomeNoAllow, "not needed: within one account the caller's own policies are enough"},
		{"management account", func(in *eval.Input) {
			in.SCPs, in.ManagementAccount = []eval.Level{{}}, "111111111111"
		}, eval.LayerSCP, eval.OutcomeNotApplied, "the caller is in the management account"},
		{"resource of the management account", func(in *eval.Input) {
			in.RCPs, in.ManagementAccount = []eval.Level{{}}, "111111111111"
		}, eval.LayerRCP, eval.OutcomeNotApplied, "the resource belongs to the management account"},
		{"RCPFullAWSAccess", func(in *eval.Input) { in.RCPs = []eval.Level{{}} },
			eval.LayerRCP, eval.OutcomeAllows, "RCPFullAWSAccess is attached to every level and cannot be removed"},
		{"root user", func(in *eval.Input) { in.Principal = eval.NewPrincipal("arn:aws:iam::111111111111:root") },
			eval.LayerIdentity, eval.OutcomeNotApplied, "the root user is not bound by policies inside its account"},
		{"service", func(in *eval.Input) {
			in.Principal, in.ResourcePolicy = eval.NewPrincipal("service:sns.amazonaws.com"), policy(t, `"Principal":"*",`+allowAll)
			in.SCPs = []eval.Level{{}}
		}, eval.LayerSCP, eval.OutcomeNotApplied, "the caller has no account that they could bind"},
		{"service", func(in *eval.Input) {
			in.Principal, in.ResourcePolicy = eval.NewPrincipal("service:sns.amazonaws.com"), policy(t, `"Principal":"*",`+allowAll)
		}, eval.LayerIdentity, eval.OutcomeNotApplied, "an AWS service has no policies of its own"},
		{"token", func(in *eval.Input) {
			in.Action, in.ResourcePolicy = "sts:AssumeRoleWithSAML", policy(t, `"Principal":"*",`+allowAll)
		}, eval.LayerIdentity, eval.OutcomeNotApplied,
			"the caller shows a token instead of credentials, so only the trust policy is asked"},
		{"who am I", func(in *eval.Input) { in.Action, in.Identity = "sts:GetCallerIdentity", []*eval.Policy{lacking} },
			eval.LayerIdentity, eval.OutcomeNoAllow, "the service answers this call whatever the policies say"},
		{"refused", func(in *eval.Input) {
			in.Action, in.Resource = "iam:DeletePolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess"
		}, eval.LayerServiceRule, eval.OutcomeNoAllow, "AWS managed policies cannot be changed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := request(policy(t, allowAll))
			c.change(in)
			x := explain(t, in)
			if got := layer(t, &x, c.layer, ""); got.Outcome != c.outcome || got.Reason != c.reason {
				t.Errorf("got %s: %s", got.Outcome, got.Reason)
			}
			if broken := contradiction(&x); broken != "" {
				t.Error(broken)
			}
		})
	}
}

func TestElementsSayMoreThanTheirValues(t *testing.T) {
	statement := func(s string) *eval.Policy { return policy(t, `"Effect":"Allow",`+s) }
	anything := `"Action":"s3:GetObject","Resource":"*","Condition":`
	for _, c := range []struct {
		name   string
		policy *eval.Policy
		keys   string
		note   string
	}{
		{"unset variable in a resource", statement(`"Action":"*","Resource":"arn:aws:s3:::${a:V}/*"`), ``,
			`${a:v} has no value`},
		{"not an ARN", statement(`"Action":"*","Resource":"orders"`), ``,
			`"orders" is neither "*" nor an ARN that can match`},
		{"IfExists", statement(anything + `{"BoolIfExists":{"a:k":"true"}}`), ``, "and IfExists passes that"},
		{"ForAllValues", statement(anything + `{"ForAllValues:StringLike":{"a:k":"x"}}`), ``, "and ForAllValues passes that"},
		{"ForAnyValue", statement(anything + `{"ForAnyValue:StringLike":{"a:k":"x"}}`), ``,
			"the request does not carry the key"},
		{"all of nothing", statement(anything + `{"ForAllValues:StringLike":{"a:k":"x"}}`), `"a:k":[]`,
			"ForAllValues passes an empty set"},
		{"any of nothing", statement(anything + `{"ForAnyValue:StringLike":{"a:k":"x"}}`), `"a:k":[]`,
			"finds nothing in an empty set"},
		{"a list", statement(anything + `{"StringLike":{"a:k":"x"}}`), `"a:k":["x"]`, "needs ForAnyValue or ForAllValues"},
		{"null", statement(anything + `{"Null":{"a:k":"true"}}`), `"a:k":""`, "an empty value counts as absent"},
		{"unset variable in a condition", statement(anything + `{"StringEquals":{"a:k":"${a:v}"}}`), `"a:k":"x"`,
			"${a:v} has no value"},
		{"not a number", statement(anything + `{"NumericEquals":{"a:k":"1"}}`), `"a:k":"x"`, `"x" is not a number`},
		{"not a date", statement(anything + `{"DateEquals":{"a:k":"2026-01-01"}}`), `"a:k":"x"`, `"x" is not a date`},
		{"not an address", statement(anything + `{"IpAddress":{"a:k":"10.0.0.0/8"}}`), `"a:k":"x"`,
			`"x" is not an IP address`},
		{"not a boolean", statement(anything + `{"Bool":{"a:k":"true"}}`), `"a:k":"1"`, `"1" is not true or false`},
		{"not an ARN in the request", statement(anything + `{"ArnLike":{"a:k":"*"}}`), `"a:k":"x"`, `"x" is not an ARN`},
		{"unknown operator", statement(anything + `{"StringMatches":{"a:k":"x"}}`), ``,
			`the operator "StringMatches" does not exist`},
		{"a principal in an identity policy", statement(`"Principal":"*","Action":"*","Resource":"*"`), ``,
			"cannot name a principal"},
		{"no resource in an identity policy", statement(`"Action":"*"`), ``, "the statement names no resource"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := request(c.policy)
			in.Context = contextOf(t, c.keys)
			x := explain(t, in)
			elements := layer(t, &x, eval.LayerIdentity, "").Statements[0].Elements
			if !slices.ContainsFunc(elements, func(e eval.ElementTrace) bool { return strings.Contains(e.Note, c.note) }) {
				t.Errorf("no note says %q: %+v", c.note, elements)
			}
		})
	}
}

func TestAResourcesPolicySaysWhomItNames(t *testing.T) {
	in := request()
	in.Boundary = policy(t, allowAll)
	in.ResourcePolicy = policy(t,
		`"Effect":"Allow","Principal":{"AWS":["222222222222","`+alice+`"]},"Action":"*","Resource":"*"`,
		`"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"*","Resource":"arn:aws:s3"`,
		`"Effect":"Allow","Action":"*","Resource":"*"`,
		`"Effect":"Deny","NotPrincipal":{"AWS":"`+alice+`"},"Action":"s3:*","Resource":"arn:aws:s3:::orders/${a:v, 'x'}/*"`)
	x := explain(t, in)
	traces := layer(t, &x, eval.LayerResource, "").Statements
	if s := traces[0]; s.Grants != "caller" || s.Elements[0].Hit != alice || s.Elements[0].Note != "it names the caller" {
		t.Errorf("%+v", s)
	}
	if s := traces[1]; s.Match != eval.Missed || s.Elements[0].Note != "it names the account" ||
		!strings.Contains(s.Elements[2].Note, "fewer than six parts, which counts for nothing in a resource policy") {
		t.Errorf("%+v", s)
	}
	if s := traces[2]; s.Match != eval.Missed || !strings.Contains(s.Elements[0].Note, "is about nobody") {
		t.Errorf("%+v", s)
	}
	if s := traces[3]; !strings.Contains(s.Elements[0].Note, "binds every caller that has a permissions boundary") ||
		s.Elements[2].Covers[0] != "arn:aws:s3:::orders/x/*" {
		t.Errorf("%+v", s)
	}
}

func TestMissingKeysAreThoseOfStatementsAboutTheRequest(t *testing.T) {
	condition := func(key string) string { return `,"Condition":{"StringEquals":{"` + key + `":"${a:inner}"}}` }
	in := request(policy(t,
		allowRead+condition("a:identity"), allowRead+condition("A:Identity"),
		`"Effect":"Allow","Action":"ec2:*","Resource":"*"`+condition("a:other"),
		`"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::${a:bucket}"`))
	in.SCPs = []eval.Level{{Target: "ou-1", Policies: []*eval.Policy{policy(t, allowRead+condition("a:scp"))}}}
	x := explain(t, in)
	var got []string
	for _, m := range x.Missing {
		got = append(got, m.Layer.String()+" "+m.Key)
	}
	want := []string{"scp a:scp", "scp a:inner", "identity a:identity", "identity a:inner", "identity a:bucket"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

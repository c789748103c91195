package eval_test

import (
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

func TestAnExplanationHasTheShapeOfAWSsSimulator(t *testing.T) {
	in := request(compile(t, "Admin", `{"Version":"2012-10-17","Statement":{`+allowAll+`}}`))
	in.SCPs = []eval.Level{
		{Target: "r", Policies: []*eval.Policy{policy(t, allowAll)}},
		{Target: "ou", Policies: []*eval.Policy{compile(t, "Regions", `{"Version":"2012-10-17","Statement":[{`+allowAll+`},
			{`+denyAll+`,"Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1","AWS:requestedregion2":"x"}}}]}`)}},
	}
	in.Boundary = policy(t, allowRead)
	x := explain(t, in)
	got := toJSON(t, x.Evaluation(in))
	for _, want := range []string{
		`"EvalActionName":"s3:GetObject"`, `"EvalResourceName":"` + object + `"`, `"EvalDecision":"explicitDeny"`,
		`"MatchedStatements":[{"SourcePolicyId":"Regions","SourcePolicyType":"scp","StartPosition":{"Line":2,"Column":4},"EndPosition":{"Line":2,`,
		`"MissingContextValues":["aws:RequestedRegion","AWS:requestedregion2"]`,
		`"OrganizationsDecisionDetail":{"AllowedByOrganizations":false}`,
		`"PermissionsBoundaryDecisionDetail":{"AllowedByPermissionsBoundary":true}`,
		`"scp:ou":"explicitDeny"`, `"scp:r":"allowed"`, `"identity":"allowed"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	in.SCPs, in.Context = nil, contextOf(t, "")
	x = explain(t, in)
	if e := x.Evaluation(in); len(e.Matched) != 2 || e.Matched[0].Type != "IAM Policy" ||
		e.Matched[1].Type != "permission-boundary" || e.Organizations != nil {
		t.Errorf("%+v", e)
	}
	in.Action, in.Resource = "sts:AssumeRole", "arn:aws:iam::111111111111:role/x"
	in.ResourcePolicy = policy(t, `"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"`)
	x = explain(t, in)
	if e := x.Evaluation(in); e.Matched[0].Type != "resource" || e.Details["boundary"] != "implicitDeny" {
		t.Errorf("%+v", e)
	}
}

func TestAScenarioIsExplained(t *testing.T) {
	scenario := `{"id":"a","principal":"` + alice + `","action":"s3:GetObject","resource":"` + object + `","resourceAccount":"111111111111",
		"context":{},"identityPolicies":[{"name":"p","document":{"Version":"2012-10-17","Statement":{` + allowAll + `}}}]}`
	for _, c := range []struct{ name, text, want string }{
		{"as it is", scenario, `"evaluationResult":{`},
		{"no JSON", `x`, `{"error":"read scenario: `},
		{"no principal", `{"id":"b"}`, `{"id":"b","error":"principal must be`},
		{"a Deny that cannot be read", strings.Replace(scenario, `"Effect":"Allow"`, `"Condition":{"Odd":{"a:b":"c"}},"Effect":"Deny"`, 1),
			`"error":"policy \"p\", line 1, column `},
	} {
		if got := toJSON(t, eval.ExplainScenario([]byte(c.text))); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s is not in %s", c.name, c.want, got)
		}
	}
}

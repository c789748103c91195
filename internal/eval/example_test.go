package eval_test

import (
	"fmt"

	"gatehouse/internal/eval"
)

func ExampleDecide() {
	readOrders, err := eval.Compile("ReadOrders", []byte(`{
	  "Version": "2012-10-17",
	  "Statement": {
	    "Effect": "Allow",
	    "Action": "s3:GetObject",
	    "Resource": "arn:aws:s3:::orders/${aws:PrincipalTag/team}/*"
	  }
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	in := &eval.Input{
		Principal:       eval.NewPrincipal("arn:aws:iam::111111111111:user/alice"),
		Action:          "s3:GetObject",
		Resource:        "arn:aws:s3:::orders/blue/1.json",
		ResourceAccount: "111111111111",
		Identity:        []*eval.Policy{readOrders},
	}
	for _, team := range []string{"blue", "red"} {
		in.Context.Set("aws:PrincipalTag/team", team)
		result, err := eval.Decide(in)
		fmt.Println(team, result.Decision, result.DecidedBy, err)
	}
	// Output:
	// blue allowed identity <nil>
	// red implicitDeny identity <nil>
}

func ExampleExplain() {
	admin, _ := eval.Compile("AdministratorAccess", []byte(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`))
	guard, _ := eval.Compile("ProdGuardrails", []byte(`{
	  "Version": "2012-10-17",
	  "Statement": {"Sid": "NoIAM", "Effect": "Deny", "Action": "iam:*", "Resource": "*"}
	}`))
	x, err := eval.Explain(&eval.Input{
		Principal: eval.NewPrincipal("arn:aws:sts::111111111111:assumed-role/DevOps/priya"),
		Action:    "iam:CreateUser",
		Resource:  "arn:aws:iam::111111111111:user/x",
		Identity:  []*eval.Policy{admin},
		SCPs: []eval.Level{
			{Target: "r-ab12", Policies: []*eval.Policy{admin}},
			{Target: "ou-ab12-prod", Policies: []*eval.Policy{admin, guard}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(x.Decision, x.Reason)
	fmt.Println(x.Deciding.Sid, "on line", x.Deciding.Start.Line)
	for _, layer := range x.Layers {
		fmt.Println(layer.Layer, layer.Target, layer.Outcome)
	}
	// Output:
	// explicitDeny The service control policy "ProdGuardrails" on ou-ab12-prod denies it.
	// NoIAM on line 3
	// rcp  notSet
	// scp r-ab12 allows
	// scp ou-ab12-prod explicitDeny
	// resource  notSet
	// identity  allows
	// boundary  notSet
	// session  notSet
	// vpce  notSet
}

func ExampleDependence() {
	office, _ := eval.Compile("Office", []byte(`{
	  "Version": "2012-10-17",
	  "Statement": {
	    "Effect": "Allow", "Action": "s3:*", "Resource": "*",
	    "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
	  }
	}`))
	x, err := eval.Explain(&eval.Input{
		Principal: eval.NewPrincipal("arn:aws:iam::111111111111:user/alice"),
		Action:    "s3:GetObject",
		Resource:  "arn:aws:s3:::orders/1.json",
		Identity:  []*eval.Policy{office},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(x.Decision)
	fmt.Println(x.Depends.Words, "For example:", x.Depends.AllowedIf[0].Example)
	// Output:
	// implicitDeny
	// Allowed if aws:SourceIp is in 203.0.113.0/24. For example: map[aws:SourceIp:[203.0.113.0]]
}

func ExampleExplainScenario() {
	answer := eval.ExplainScenario([]byte(`{"id": "who", "principal": "anonymous", "action": "s3:GetObject",
	  "resource": "arn:aws:s3:::orders/1.json", "context": {}}`))
	fmt.Println(answer.ID, answer.Decision, answer.DecidedBy, answer.Reason)
	// Output:
	// who implicitDeny resource No resource policy allows it.
}

func ExampleCompile() {
	_, err := eval.Compile("Odd", []byte(`{
	  "Version": "2012-10-17",
	  "Statement": [{"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}]
	}`))
	fmt.Println(err)
	// Output:
	// policy "Odd": line 3, column 37: Remove one of the two "Effect"; only one can count.
}

func ExampleValidate() {
	text := `{
	  "Version": "2012-10-17",
	  "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
	    "Condition": {"StringEquals": {"aws:username": "al*"}}}]
	}`
	for _, f := range eval.Validate([]byte(text), eval.TypeIdentity, eval.Catalog{}) {
		fmt.Printf("line %d: %s: %s\n", f.Start.Line, f.Severity, f.Code)
	}
	// Output:
	// line 3: SECURITY_WARNING: Pass role with star in resource
	// line 4: WARNING: Wildcard without like operator
}

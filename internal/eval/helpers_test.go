package eval_test

import (
	"encoding/json"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

const (
	alice   = "arn:aws:iam::111111111111:user/alice"
	session = "arn:aws:sts::111111111111:assumed-role/deploy/ci-7"
	object  = "arn:aws:s3:::orders/2026/1.json"
)

// policy compiles a version 2012-10-17 policy from the insides of its statements.
func policy(t testing.TB, statements ...string) *eval.Policy {
	t.Helper()
	return compile(t, "p", `{"Version":"2012-10-17","Statement":[{`+strings.Join(statements, `},{`)+`}]}`)
}

func compile(t testing.TB, name, document string) *eval.Policy {
	t.Helper()
	p, err := eval.Compile(name, []byte(document))
	if err != nil {
		t.Fatalf("%v in %s", err, document)
	}
	return p
}

// contextOf reads condition keys from the insides of a JSON object, the way a scenario
// does: a list is multi-valued.
func contextOf(t testing.TB, keys string) eval.Context {
	t.Helper()
	s, err := eval.ParseScenario([]byte(`{"context":{` + keys + `}}`))
	if err != nil {
		t.Fatalf("%v in %s", err, keys)
	}
	return s.Input.Context
}

// request is alice reading an object in her account.
func request(identity ...*eval.Policy) *eval.Input {
	return &eval.Input{Principal: eval.NewPrincipal(alice), Action: "s3:GetObject", Resource: object,
		ResourceAccount: "111111111111", Identity: identity}
}

func decide(t testing.TB, in *eval.Input) eval.Result {
	t.Helper()
	got, err := eval.Decide(in)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func explain(t testing.TB, in *eval.Input) eval.Explanation {
	t.Helper()
	got, err := eval.Explain(in)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func toJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const (
	allowAll  = `"Effect":"Allow","Action":"*","Resource":"*"`
	denyAll   = `"Effect":"Deny","Action":"*","Resource":"*"`
	allowRead = `"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::orders/*"`
)

package eval_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// dependenceCase is statements of alice's policy, keys of the request, and what the
// answer depends on; "" when it depends on nothing.
type dependenceCase struct {
	name       string
	statements []string
	keys       string
	words      string
}

func allowIf(condition string) string { return allowRead + `,"Condition":{` + condition + `}` }

func denyIf(condition string) string { return denyAll + `,"Condition":{` + condition + `}` }

func dependenceCases() []dependenceCase {
	return []dependenceCase{
		{"no key is missing", []string{allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)}, `"aws:SourceIp":"192.0.2.1"`, ""},
		{"an address", []string{allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`)}, ``,
			"Allowed if aws:SourceIp is in 203.0.113.0/24."},
		{"a range without a part of it", []string{allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`),
			denyIf(`"IpAddress":{"aws:SourceIp":"203.0.113.128/25"}`)}, ``,
			"Allowed if aws:SourceIp is in 203.0.113.0/24 and aws:SourceIp is not in 203.0.113.128/25."},
		{"ranges that exclude each other", []string{allowIf(`"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`),
			denyIf(`"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}`)}, ``, ""},
		{"a Deny that spares a Region", []string{allowAll, denyIf(`"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}`)}, ``,
			"Allowed if aws:RequestedRegion is eu-west-1."},
		{"a Deny that an absent key passes by", []string{allowAll, denyIf(`"StringEquals":{"aws:RequestedRegion":"us-east-1"}`)}, ``,
			"Not allowed if aws:RequestedRegion is us-east-1."},
		{"IfExists that only absence meets", []string{allowIf(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}`)}, ``,
			"Not allowed if aws:MultiFactorAuthPresent is not true, and is present."},
		{"a second factor", []string{allowAll, denyIf(`"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`)}, ``,
			"Allowed if aws:MultiFactorAuthPresent is not false, and is present."},
		{"two ways", []string{allowIf(`"StringEquals":{"aws:PrincipalTag/team":"blue"}`),
			allowIf(`"Bool":{"aws:SecureTransport":"true"}`)}, ``,
			"Allowed if aws:PrincipalTag/team is blue; or if aws:SecureTransport is true."},
		{"two keys at once", []string{allowIf(`"StringEquals":{"a:one":"1"},"StringLike":{"a:two":"2*"}`)}, ``,
			"Allowed if a:one is 1 and a:two is like 2*."},
		{"patterns that one text fits", []string{allowIf(`"StringLike":{"a:k":"a*"}`), denyIf(`"StringNotLike":{"a:k":"*b"}`)}, ``,
			"Allowed if a:k is like a* and a:k is like *b."},
		{"patterns that no text fits", []string{allowIf(`"StringLike":{"a:k":"a*"}`), denyIf(`"StringLike":{"a:k":"?*"}`)}, ``, ""},
		{"a value and another case of it", []string{allowIf(`"StringEqualsIgnoreCase":{"a:k":"blue"}`),
			denyIf(`"StringEquals":{"a:k":"blue"}`)}, ``,
			"Allowed if a:k is, in any case, blue and a:k is not blue."},
		{"a number between", []string{allowIf(`"NumericGreaterThan":{"a:n":"10"}`), denyIf(`"NumericGreaterThanEquals":{"a:n":"10.1"}`)}, ``,
			"Allowed if a:n is greater than 10 and a:n is less than 10.1."},
		{"numbers that exclude each other", []string{allowIf(`"NumericGreaterThan":{"a:n":"10"}`),
			denyIf(`"NumericGreaterThan":{"a:n":"9.5"}`)}, ``, ""},
		{"a date", []string{allowIf(`"DateLessThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}`)}, ``,
			"Allowed if aws:CurrentTime is before 2027-01-01T00:00:00Z."},
		{"a moment between", []string{allowIf(`"DateGreaterThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}`),
			denyIf(`"DateGreaterThanEquals":{"aws:CurrentTime":"2027-01-01T00:00:01Z"}`)}, ``,
			"Allowed if aws:CurrentTime is after 2027-01-01T00:00:00Z and aws:CurrentTime is before 2027-01-01T00:00:01Z."},
	}
}

func moreDependenceCases() []dependenceCase {
	return []dependenceCase{
		{"an ARN", []string{allowIf(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/Admin*"}`)}, ``,
			"Allowed if aws:PrincipalArn is like arn:aws:iam::*:role/Admin*."},
		{"any ARN but one", []string{allowIf(`"ArnLike":{"aws:SourceArn":"*"}`),
			denyIf(`"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:t"}`)}, ``,
			"Allowed if aws:SourceArn is like * and aws:SourceArn is not like arn:aws:sns:*:*:t."},
		{"presence", []string{allowIf(`"Null":{"aws:TokenIssueTime":"false"}`)}, ``,
			"Allowed if aws:TokenIssueTime is present."},
		{"absence", []string{allowIf(`"Null":{"aws:TokenIssueTime":"true"}`)}, ``,
			"Not allowed if aws:TokenIssueTime is present."},
		{"every value", []string{allowIf(`"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]},"Null":{"aws:TagKeys":"false"}`)}, ``,
			"Allowed if aws:TagKeys has only values of which each is a or b and aws:TagKeys is present."},
		{"one value and another", []string{allowIf(`"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}`),
			denyIf(`"ForAllValues:StringEquals":{"aws:TagKeys":"a"}`)}, ``,
			"Allowed if aws:TagKeys has a value that is a and aws:TagKeys has a value that is not a."},
		{"a variable of the resource", []string{`"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::orders/${aws:PrincipalTag/year}/*"`}, ``,
			"Allowed if ${aws:PrincipalTag/year} fits arn:aws:s3:::orders/${aws:PrincipalTag/year}/*."},
		{"a variable that cannot fit", []string{`"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::photos/${aws:PrincipalTag/year}/*"`},
			``, ""},
		{"a variable of a condition", []string{allowIf(`"StringEquals":{"aws:PrincipalTag/team":"${aws:ResourceTag/team}"}`)},
			`"aws:PrincipalTag/team":"blue"`,
			"Allowed if aws:PrincipalTag/team is ${aws:ResourceTag/team}."},
		{"two keys that have to be alike", []string{allowIf(`"StringEquals":{"aws:PrincipalTag/team":"${aws:ResourceTag/team}"}`)}, ``,
			"Allowed if aws:PrincipalTag/team is ${aws:ResourceTag/team}."},
		{"a variable with a default", []string{allowIf(`"StringEquals":{"a:k":"${a:v, 'x'}"}`)}, `"a:k":"y"`,
			"Allowed if a:k is ${a:v, 'x'}."},
		{"a default that fits", []string{allowIf(`"StringEquals":{"a:k":"${a:v, 'x'}"}`)}, `"a:k":"x"`,
			"Not allowed if a:k is not ${a:v, 'x'}."},
		{"binary", []string{allowIf(`"BinaryEquals":{"a:b":"QmluYXJ5"}`)}, ``, "Allowed if a:b is QmluYXJ5."},
		{"statements about something else", []string{`"Effect":"Allow","Action":"ec2:*","Resource":"*","Condition":{"Bool":{"a:b":"true"}}`},
			``, ""},
		{"a Deny that holds anyhow", []string{denyAll, allowIf(`"Bool":{"a:b":"true"}`)}, ``, ""},
		{"an Allow that another makes needless", []string{allowAll, allowIf(`"Bool":{"a:b":"true"}`)}, ``, ""},
		{"a value cannot do what none does", []string{allowIf(`"Bool":{"a:b":"true"},"StringEquals":{"a:c":"x"}`)}, `"a:c":"y"`, ""},
	}
}

func TestAnAnswerSaysWhatItDependsOn(t *testing.T) {
	for _, c := range append(dependenceCases(), moreDependenceCases()...) {
		t.Run(c.name, func(t *testing.T) {
			in := request(policy(t, c.statements...))
			in.Context = contextOf(t, c.keys)
			x := explain(t, in)
			got := ""
			if x.Depends != nil {
				got = x.Depends.Words
				checkDependence(t, in, &x)
			}
			if got != c.words {
				t.Errorf("got  %s\nwant %s", got, c.words)
			}
		})
	}
}

// checkDependence decides every example.
func checkDependence(t *testing.T, in *eval.Input, x *eval.Explanation) {
	t.Helper()
	ways := slices.Concat(x.Depends.AllowedIf, x.Depends.DeniedIf)
	if len(ways) == 0 && !x.Depends.Incomplete || len(x.Depends.Keys) == 0 && len(ways) > 0 {
		t.Errorf("no way and no key: %+v", x.Depends)
	}
	for _, way := range ways {
		other := *in
		other.Context = in.Context.Clone()
		for key, values := range way.Example {
			if in.Context.Has(key) {
				t.Errorf("%s is not missing", key)
			}
			if len(values) == 1 {
				other.Context.Set(key, values[0])
			} else {
				other.Context.SetMany(key, values...)
			}
		}
		got, err := eval.Decide(&other)
		if err != nil || (got.Decision == eval.Allowed) == (x.Decision == eval.Allowed) ||
			!slices.Contains(x.Depends.Possible, got.Decision) {
			t.Errorf("%v leads to %s, %v; %s", way.Example, got.Decision, err, toJSON(t, x.Depends))
		}
	}
}

func TestEveryLayerHasASayInWhatAnAnswerDependsOn(t *testing.T) {
	region := policy(t, allowAll, `"Sid":"Regions","Effect":"Deny","Action":"*","Resource":"*",`+
		`"Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]}}`)
	full := policy(t, allowAll)
	open := policy(t, `"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"a:b":"true"}}`)
	openTo := func(who string) *eval.Policy {
		return policy(t, `"Effect":"Allow","Principal":`+who+`,"Action":"*","Resource":"*","Condition":{"Bool":{"a:b":"true"}}`)
	}
	for _, c := range []struct {
		name   string
		change func(in *eval.Input)
		words  string
	}{
		{"SCP", func(in *eval.Input) {
			in.SCPs = []eval.Level{{Target: "r", Policies: []*eval.Policy{full}}, {Target: "ou", Policies: []*eval.Policy{region}}}
		}, "Allowed if aws:RequestedRegion is eu-west-1 or eu-central-1."},
		{"an SCP that does not bind", func(in *eval.Input) {
			in.SCPs, in.ManagementAccount = []eval.Level{{Policies: []*eval.Policy{region}}}, "111111111111"
		}, ""},
		{"an Allow at each level", func(in *eval.Input) {
			in.SCPs = []eval.Level{{Policies: []*eval.Policy{open}}, {Policies: []*eval.Policy{full}}}
		}, "Allowed if a:b is true."},
		{"a level that allows nothing", func(in *eval.Input) {
			in.SCPs = []eval.Level{{Policies: []*eval.Policy{open}}, {}}
		}, ""},
		{"RCP", func(in *eval.Input) {
			in.RCPs = []eval.Level{{Policies: []*eval.Policy{policy(t, `"Principal":"*",`+denyAll+
				`,"Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}}`)}}}
		}, "Allowed if aws:PrincipalOrgID is o-1."},
		{"boundary", func(in *eval.Input) { in.Boundary = open }, "Allowed if a:b is true."},
		{"session", func(in *eval.Input) { in.Session = []*eval.Policy{open} }, "Allowed if a:b is true."},
		{"endpoint", func(in *eval.Input) { in.Endpoint = openTo(`"*"`) }, "Allowed if a:b is true."},
		{"resource", func(in *eval.Input) { in.Identity, in.ResourcePolicy = nil, openTo(`{"AWS":"`+alice+`"}`) },
			"Allowed if a:b is true."},
		{"the account is named", func(in *eval.Input) { in.Identity, in.ResourcePolicy = nil, openTo(`{"AWS":"111111111111"}`) }, ""},
		{"trust", func(in *eval.Input) {
			in.Action, in.Resource = "sts:AssumeRole", "arn:aws:iam::111111111111:role/x"
			in.ResourcePolicy = policy(t, `"Effect":"Allow","Principal":{"AWS":"`+alice+`"},"Action":"sts:AssumeRole",`+
				`"Condition":{"StringEquals":{"sts:ExternalId":"e"}}`)
		}, "Allowed if sts:ExternalId is e."},
		{"what the service answers anyhow", func(in *eval.Input) {
			in.Action, in.Identity = "sts:GetCallerIdentity", []*eval.Policy{open}
		}, ""},
		{"what the service refuses anyhow", func(in *eval.Input) {
			in.Action, in.Resource, in.Identity = "iam:DeletePolicy", "arn:aws:iam::aws:policy/X", []*eval.Policy{open}
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := request(full)
			c.change(in)
			x := explain(t, in)
			got := ""
			if x.Depends != nil {
				got = x.Depends.Words
				checkDependence(t, in, &x)
			}
			if got != c.words {
				t.Errorf("got  %s\nwant %s", got, c.words)
			}
		})
	}
}

// vocabulary is what the generator's conditions tell apart, and more.
func vocabulary() []string {
	return []string{`"team"`, `"te*"`, `"tee"`, `"TEAM"`, `""`, `"x"`, `"10"`, `"9"`, `"9.5"`, `"8"`, `"11"`, `"true"`, `"false"`,
		`"10.9.9.9"`, `"11.0.0.1"`, `"2001:db8::1"`, `"arn:aws:iam::111111111111:role/deploy"`, `"arn:aws:s3:::x"`, `"AAEC"`,
		`"dGVhbQ=="`, `"2025-01-01"`, `"2026-06-01"`, `"1.json"`, `"2026"`, `"111111111111"`,
		`[]`, `["team","x"]`, `["10","9"]`, `["true"]`, `["10.1.1.1","11.0.0.1"]`}
}

// What is said about missing keys is held against values drawn at random: none may turn
// the answer around where nothing was said, every one that meets the terms of a way does.
func TestWhatAnAnswerDependsOnIsNeitherMoreNorLess(t *testing.T) {
	rounds := 2_500
	if testing.Short() {
		rounds = 500
	}
	g, depended := newGen(7, 0), 0
	for round := range rounds {
		d := g.draft()
		if round%2 == 0 {
			d.Context, d.Management = &draftContext{keys: map[string]any{}}, ""
			allows := draftDocument{Version: "2012-10-17", Statement: []draftStatement{g.statement("Allow", forCallers),
				{"Effect": "Allow", "Action": "*", "Resource": "*"}}}
			d.Identity = append(d.Identity, &draftPolicy{Name: "drawn", Document: allows})
		}
		in := d.input(t)
		x, err := eval.Explain(in)
		if err != nil {
			continue
		}
		if x.Depends != nil {
			depended++
			checkDependence(t, in, &x)
		}
		var missing []string
		for _, m := range x.Missing {
			if key := strings.ToLower(m.Key); !slices.Contains(missing, key) && key != "aws:principalarn" {
				missing = append(missing, key)
			}
		}
		for range 12 * len(missing) {
			other := *in
			other.Context = in.Context.Clone()
			for _, key := range missing {
				if value := g.pick(vocabulary()...); g.chance(70) && (value[0] != '[' || hasLists(in, key)) {
					setRaw(&other.Context, key, value)
				}
			}
			got, err := eval.Decide(&other)
			if err != nil {
				continue
			}
			turned := (got.Decision == eval.Allowed) != (x.Decision == eval.Allowed)
			if promised := hasVariables(in) && promised(t, &x, &other); turned && x.Depends == nil || promised && !turned {
				t.Fatalf("round %d: turned %v, promised %v with %v: %s\n%s", round, turned, promised,
					toJSON(t, collect(&other.Context)), toJSON(t, x.Depends), d.line(t))
			}
		}
	}
	if depended < rounds/50 {
		t.Errorf("only %d answers of %d depended on anything", depended, rounds)
	}
}

// hasLists reports whether a policy asks for a key, in lower case, as one that has many values.
func hasLists(in *eval.Input, key string) bool {
	return slices.ContainsFunc(policiesOf(in), func(p *eval.Policy) bool {
		return slices.ContainsFunc(p.Document().Statements, func(s eval.Statement) bool {
			return slices.ContainsFunc(s.Conditions, func(c eval.Condition) bool {
				return strings.ToLower(c.Key.Value) == key && strings.HasPrefix(strings.ToLower(c.Operator.Value), "for")
			})
		})
	})
}

func policiesOf(in *eval.Input) []*eval.Policy {
	list := slices.Concat(in.Identity, in.Session, []*eval.Policy{in.Boundary, in.ResourcePolicy, in.Endpoint})
	for _, level := range slices.Concat(in.SCPs, in.RCPs) {
		list = append(list, level.Policies...)
	}
	return slices.DeleteFunc(list, func(p *eval.Policy) bool { return p == nil })
}

// hasVariables reports whether all policies are of the version that knows variables, in which
// terms are asked.
func hasVariables(in *eval.Input) bool {
	return !slices.ContainsFunc(policiesOf(in), func(p *eval.Policy) bool { return p.Document().Version.Value != "2012-10-17" })
}

func setRaw(c *eval.Context, key, value string) {
	var list []string
	if json.Unmarshal([]byte(value), &list) == nil {
		c.SetMany(key, list...)
		return
	}
	c.Set(key, strings.Trim(value, `"`))
}

func collect(c *eval.Context) map[string][]string {
	all := map[string][]string{}
	for key, values := range c.All() {
		all[key] = values
	}
	return all
}

// promised reports whether the values meet all terms of a way. Each term is asked of
// Decide, as a statement of its own.
func promised(t *testing.T, x *eval.Explanation, in *eval.Input) bool {
	t.Helper()
	if x.Depends == nil {
		return false
	}
	for _, way := range slices.Concat(x.Depends.AllowedIf, x.Depends.DeniedIf) {
		met := true
		for _, term := range way.Terms {
			text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statementOf(term)})
			alone := eval.Input{Principal: eval.NewPrincipal(alice), Action: "s3:GetObject", Resource: in.Resource,
				ResourceAccount: "111111111111", Context: in.Context, Identity: []*eval.Policy{compile(t, "term", string(text))}}
			met = met && (decide(t, &alone).Decision == eval.Allowed) == term.Holds
		}
		if met {
			return true
		}
	}
	return false
}

func statementOf(term eval.Term) map[string]any {
	s := map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"}
	if strings.HasSuffix(term.Operator, "Resource") {
		delete(s, "Resource")
		s[term.Operator] = term.Values
	} else {
		s["Condition"] = map[string]any{term.Operator: map[string]any{term.Key: term.Values}}
	}
	return s
}

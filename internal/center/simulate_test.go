package center_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

// question asks about the developer's role, an object in the bucket of builds and one outside.
func (f *firm) question(actions ...string) model.Simulation {
	return model.Simulation{User: f.developer.User, Account: devAccount, PermissionSet: f.set.ID, Actions: actions,
		Resources: []string{"arn:aws:s3:::builds/app.zip", "arn:aws:s3:::builds/secret/key", "arn:aws:s3:::other/x"}}
}

// decisions are the answers row by row.
func (f *firm) decisions(t *testing.T, actor model.Actor, q model.Simulation) string {
	t.Helper()
	answer, err := f.c.Simulate(t.Context(), actor, q, 0)
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, r := range answer.Rows {
		rows = append(rows, fmt.Sprintf("%s %s %s", r.Action, r.Resource[strings.LastIndex(r.Resource, ":")+1:], r.Decision))
	}
	return strings.Join(rows, "\n")
}

func TestEveryActionIsAskedAboutEveryResource(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	want := strings.TrimSpace(`
s3:GetObject builds/app.zip allowed
s3:GetObject builds/secret/key explicitDeny
s3:GetObject other/x implicitDeny
s3:DeleteObject builds/app.zip implicitDeny
s3:DeleteObject builds/secret/key implicitDeny
s3:DeleteObject other/x implicitDeny`)
	if got := f.decisions(t, f.auditor, f.question("s3:GetObject", "s3:DeleteObject")); got != want {
		t.Errorf("answers:\n%s\nwant:\n%s", got, want)
	}
	q := f.question("s3:ListAllMyBuckets")
	q.Resources = nil
	if got := f.decisions(t, f.auditor, q); got != "s3:ListAllMyBuckets * implicitDeny" {
		t.Errorf("without a resource: %s", got)
	}
}

func TestPeopleAskAboutTheRolesTheyHoldWithoutPermission(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	q := f.question("s3:GetObject")
	if got := f.decisions(t, f.developer, q); !strings.HasPrefix(got, "s3:GetObject builds/app.zip allowed") {
		t.Errorf("the developer asks about their role: %s", got)
	}
	names, err := f.c.SetNames(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(q *model.Simulation){
		"somebody else's":    func(q *model.Simulation) { q.User = f.auditor.User },
		"a role not held":    func(q *model.Simulation) { q.PermissionSet = names["Gatehouse-Administrator"] },
		"a pasted principal": func(q *model.Simulation) { *q = pasted(q.Actions...) },
	} {
		q := f.question("s3:GetObject")
		change(&q)
		for _, actor := range []model.Actor{f.developer, f.helpDesk} {
			if what == "a role not held" {
				q.User = actor.User
			}
			_, err := f.c.Simulate(t.Context(), actor, q, 0)
			if model.KindOf(err) != model.Forbidden {
				t.Errorf("%s asks about %s: %v", actor.UserName, what, err)
			}
		}
	}
	f.trail(t, "Refused "+model.ActSimulate)
	if _, err := f.c.Unassign(t.Context(), host, []model.AssignmentID{f.rule}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := f.c.Simulate(t.Context(), f.developer, q, 0); model.KindOf(err) != model.Forbidden {
		t.Errorf("a role that is not held any more: %v", err)
	}
}

// pasted is a question about a role of another account, with its policy and that of the bucket.
func pasted(actions ...string) model.Simulation {
	return model.Simulation{Principal: "arn:aws:iam::444455556666:role/pipeline", Actions: actions, Owner: devAccount,
		Resources: []string{"arn:aws:s3:::builds/app.zip"},
		Identity:  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`,
		Policy: `{"Version":"2012-10-17","Statement":[{"Sid":"Pipeline","Effect":"Allow","Action":"s3:PutObject",
			"Principal":{"AWS":"arn:aws:iam::444455556666:role/pipeline"},"Resource":"arn:aws:s3:::builds/*"}]}`}
}

func TestAPastedPrincipalIsJudgedByThePastedPolicies(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	want := "s3:PutObject builds/app.zip allowed\ns3:GetObject builds/app.zip implicitDeny"
	if got := f.decisions(t, f.auditor, pasted("s3:PutObject", "s3:GetObject")); got != want {
		t.Errorf("answers:\n%s\nwant:\n%s", got, want)
	}
	for _, principal := range []string{"service:lambda.amazonaws.com", "anonymous"} {
		q := pasted("s3:PutObject")
		q.Principal, q.Identity = principal, ""
		q.Policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Principal":"*","Resource":"*"}]}`
		f.decisions(t, f.auditor, q) // that the evaluator knows such callers is enough here
	}
}

func TestARoleThatNobodyGaveIsAnsweredAsIfItWere(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	q := f.question("s3:GetObject")
	q.User = f.auditor.User
	answer, err := f.c.Simulate(t.Context(), f.auditor, q, 0)
	if err != nil || answer.Held || answer.Rows[0].Decision != model.ExpectAllowed {
		t.Errorf("Simulate() = held %t, %v", answer.Held, err)
	}
	if q.User = f.developer.User; true {
		answer, err = f.c.Simulate(t.Context(), f.auditor, q, 0)
	}
	if err != nil || !answer.Held || len(answer.Role.Via) != 1 || answer.Role.Via[0].Group.Name != "Developers" {
		t.Errorf("a role that is held: %t, %v", answer.Held, err)
	}
}

func TestKeysAndFactorsChangeTheAnswer(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	first := func(change func(q *model.Simulation)) string {
		q := f.question("s3:GetObject")
		q.Resources = q.Resources[:1]
		change(&q)
		return f.decisions(t, f.auditor, q)[len("s3:GetObject builds/app.zip "):]
	}
	const key = "aws:MultiFactorAuthPresent"
	for _, test := range []struct {
		name   string
		change func(q *model.Simulation)
		want   string
	}{
		{"with a second factor", func(*model.Simulation) {}, model.ExpectAllowed},
		{"without one", func(q *model.Simulation) { q.NoMFA = true }, model.ExpectExplicitDeny},
		{"with a key that says otherwise", func(q *model.Simulation) { q.Keys = map[string][]string{key: {"false"}} }, model.ExpectExplicitDeny},
		{"with the key taken away", func(q *model.Simulation) { q.Keys = map[string][]string{key: nil} }, model.ExpectExplicitDeny},
		{"with a session policy", func(q *model.Simulation) {
			q.Session = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"}]}`
		}, model.ExpectImplicitDeny},
		{"with a resource policy that denies", func(q *model.Simulation) {
			q.Policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`
		}, model.ExpectExplicitDeny},
	} {
		if got := first(test.change); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestWhatIsWrongWithAQuestionIsSaidAtItsField(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	many := func(text string, n int) []string { return slices.Repeat([]string{text}, n) }
	for _, test := range []struct {
		name, field, words string
		change             func(q *model.Simulation)
	}{
		{"nobody", "user", "Choose a person.", func(q *model.Simulation) { q.User = "" }},
		{"no account", "account", "Choose the account", func(q *model.Simulation) { q.Account = "" }},
		{"no set", "set", "Choose the permission set", func(q *model.Simulation) { q.PermissionSet = "" }},
		{"a person who is gone", "user", "not in the directory any more", func(q *model.Simulation) { q.User = "gone" }},
		{"an account that is gone", "account", "not in the organization", func(q *model.Simulation) { q.Account = "999999999999" }},
		{"a set that is gone", "set", "does not exist any more", func(q *model.Simulation) { q.PermissionSet = "ps-gone" }},
		{"no action", "actions", "at least one action", func(q *model.Simulation) { q.Actions = nil }},
		{"no such action", "actions", `"GetObject" is not an action`, func(q *model.Simulation) { q.Actions = []string{"GetObject"} }},
		{"a pattern", "actions", "stands for many actions", func(q *model.Simulation) { q.Actions = []string{"s3:Get*"} }},
		{"many actions", "actions", "at most 50 actions", func(q *model.Simulation) { q.Actions = many("s3:GetObject", 51) }},
		{"too many questions", "actions", "these are 1500 questions, and at most 200", func(q *model.Simulation) {
			q.Actions, q.Resources = many("s3:GetObject", 50), many("*", 30)
		}},
		{"no ARN", "resources", `"bucket/key" is not an ARN`, func(q *model.Simulation) { q.Resources = []string{"bucket/key"} }},
		{"no key", "keys", `"SourceIp" is not a condition key`, func(q *model.Simulation) { q.Keys = map[string][]string{"SourceIp": {"1"}} }},
		{"no account id", "owner", "12 digits", func(q *model.Simulation) { q.Owner = "12" }},
		{"a policy without its principal", "principal", "Say whose identity policy", func(q *model.Simulation) { q.Identity = "{}" }},
		{"no principal", "principal", "Principal must be", func(q *model.Simulation) { *q = pasted(q.Actions...); q.Principal = "me" }},
		{"no JSON", "identity", "Line 1, column 1: ", func(q *model.Simulation) { *q = pasted(q.Actions...); q.Identity = "allow all" }},
		{"no policy", "policy", "Line 2, column ", func(q *model.Simulation) { q.Policy = "{\n\"Statements\":[]}" }},
		{"half a policy", "session", "Line 1, column ", func(q *model.Simulation) { q.Session = `{"Version":` }},
	} {
		q := f.question("s3:GetObject")
		test.change(&q)
		_, err := f.c.Simulate(t.Context(), f.auditor, q, 0)
		if words := fields(t, err, model.Invalid)[test.field]; !strings.Contains(words, test.words) {
			t.Errorf("%s: at %s stands %q, want %q; %v", test.name, test.field, words, test.words, err)
		}
	}
}

// shown is what a page shows of a verdict.
func shown(of center.Verdict) (v verdict) {
	for _, p := range of.Text {
		v.text += p.Text
	}
	v.title, v.by = of.Title, of.By
	for _, s := range of.Steps {
		v.steps = append(v.steps, strings.TrimSpace(s.Layer+" "+s.Target+": "+s.Word))
	}
	if d := of.Deciding; d != nil {
		v.statement = fmt.Sprintf("%s %s %d of %d", d.Policy, d.Sid, d.Number, d.Of)
		for i, line := range d.Lines {
			if d.Notes[i] != "" {
				v.notes = append(v.notes, strings.TrimSpace(line)+" // "+d.Notes[i])
			}
		}
	}
	for _, m := range of.Nearest {
		v.misses = append(v.misses, fmt.Sprintf("%s %d of %d", m.Sid, m.Fits, m.Of))
	}
	r := of.Remedies
	v.remedies = fmt.Sprintf("factor %t, roles %d, spared %v, everybody %t, without key %q", r.SecondFactor, len(r.Roles),
		r.Spared, r.EveryRole, r.WithoutKey)
	return v
}

func TestTheVerdictSaysWhatDecidedAndWhatWouldChangeIt(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	asked := func(change func(q *model.Simulation)) verdict {
		t.Helper()
		q := f.question("s3:GetObject")
		change(&q)
		answer, err := f.c.Simulate(t.Context(), f.auditor, q, 0)
		if err != nil {
			t.Fatal(err)
		}
		return shown(answer.Rows[0].Verdict)
	}
	only := func(resource string) func(q *model.Simulation) {
		return func(q *model.Simulation) { q.Resources = []string{resource} }
	}
	chain := []string{"SCP Root: allows", "SCP Account: allows", "Identity Permission set: allows", "Boundary none attached: not set",
		"Session no policy: not set"}
	denied, lacking := slices.Clone(chain), slices.Clone(chain)
	denied[2], lacking[2] = "Identity Permission set: explicit deny", "Identity Permission set: nothing allows"
	for _, test := range []struct {
		name   string
		change func(q *model.Simulation)
		want   verdict
	}{
		{"allowed", only("arn:aws:s3:::builds/app.zip"), verdict{
			title: "Allowed", by: "Inline Builds", text: "The inline policy of Developer allows it, and nothing denies it.", steps: chain,
			statement: "inline policy of Developer Builds 1 of 3",
			notes: []string{`"Effect": "Allow", // allows`, `"s3:Get*", // fits`,
				`"Resource": "arn:aws:s3:::builds/*" // fits`},
			remedies: `factor false, roles 0, spared [], everybody false, without key "explicitDeny"`}},
		{"denied", only("arn:aws:s3:::builds/secret/key"), verdict{
			title: "Denied by the permission set", by: "Inline NoSecrets", steps: denied,
			text: "The inline policy of Developer denies it. Its statement Builds would have allowed it, " +
				"but an explicit deny wins over every allow.",
			statement: "inline policy of Developer NoSecrets 2 of 3",
			notes: []string{`"Effect": "Deny", // refuses`, `"Action": "s3:GetObject", // fits`,
				`"Resource": "arn:aws:s3:::builds/secret/*" // fits`},
			remedies: `factor false, roles 0, spared [], everybody false, without key ""`}},
		{"not allowed", only("arn:aws:s3:::other/x"), verdict{
			title: "Not allowed: no policy allows it", by: "no statement allows it", steps: lacking,
			text:   "No policy of Developer allows s3:GetObject on this resource, and what nothing allows is denied.",
			misses: []string{"Builds 1 of 2"}, remedies: `factor false, roles 0, spared [], everybody false, without key "explicitDeny"`}},
		{"without a second factor", func(q *model.Simulation) { q.NoMFA = true }, verdict{
			title: "Denied by the permission set", by: "Inline Factor", steps: denied,
			text: "The inline policy of Developer denies it. Its statement Builds would have allowed it, " +
				"but an explicit deny wins over every allow.",
			statement: "inline policy of Developer Factor 3 of 3",
			notes: []string{`"Effect": "Deny", // refuses`, `"Action": "*", // fits`, `"Resource": "*", // fits`,
				`"aws:MultiFactorAuthPresent": "false" // it is false`},
			remedies: `factor true, roles 0, spared [], everybody false, without key ""`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := asked(test.change); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", test.want) {
				t.Errorf("verdict:\n%+v\nwant:\n%+v", got, test.want)
			}
		})
	}
}

// verdict is a verdict as a test reads it.
type verdict struct {
	title, by, text, statement string
	steps, notes, misses       []string
	remedies                   string
}

func TestActionsThatAWSDoesNotHaveAreNamed(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	q := f.question("s3:GetObject", "s3:GetObjekt")
	answer, err := f.c.Simulate(t.Context(), f.auditor, q, 0)
	if err != nil || len(answer.Unknown) != 0 {
		t.Errorf("without AWS's list: %v, %v", answer.Unknown, err)
	}
	f.publish(t)
	answer, err = f.c.Simulate(t.Context(), f.auditor, q, 0)
	if err != nil || !slices.Equal(answer.Unknown, []string{"s3:GetObjekt"}) {
		t.Errorf("with AWS's list: %v, %v", answer.Unknown, err)
	}
}

func TestOtherRolesOfThePersonAreTried(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	org, err := f.c.Organization(ctx)
	if err != nil {
		t.Fatal(err)
	}
	reader := f.office.set(t, model.PermissionSet{Name: "Reader", SessionDuration: f.set.SessionDuration,
		InlinePolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`})
	for _, account := range []model.AccountID{devAccount, org.ManagementAccount} {
		_, err := f.c.Assign(ctx, host, center.AssignRequest{Sets: []model.PermissionSetID{reader.ID},
			Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(f.developer.User)}},
			Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(account)}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	closer := func(resource string) (there []string, r center.Remedies) {
		q := f.question("s3:GetJob")
		q.Resources = []string{resource}
		answer, err := f.c.Simulate(ctx, f.auditor, q, 0)
		if err != nil {
			t.Fatal(err)
		}
		r = answer.Rows[0].Verdict.Remedies
		for i, role := range r.Roles {
			there = append(there, fmt.Sprintf("%s in %s on %s", role.Set.Name, role.Account.Name, r.Resources[i]))
		}
		return there, r
	}
	got, _ := closer("arn:aws:s3:eu-central-1:333344445555:job/1")
	want := []string{"Reader in Dev on arn:aws:s3:eu-central-1:333344445555:job/1",
		"Reader in SecureCart-Management on arn:aws:s3:eu-central-1:111122223333:job/1"}
	if !slices.Equal(got, want) {
		t.Errorf("remedies are %q, want %q", got, want)
	}
	if got, _ := closer("arn:aws:s3:::other/x"); !slices.Equal(got, []string{"Reader in Dev on arn:aws:s3:::other/x"}) {
		t.Errorf("a bucket stays where it is, but the remedies are %q", got)
	}
	guard, err := f.c.CreatePolicy(ctx, host, model.Policy{Kind: model.ServiceControlPolicy, Name: "NoJobs",
		Document: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:GetJob","Resource":"*"}]}`}, "")
	if err != nil {
		t.Fatal(err)
	}
	err = f.c.AttachPolicy(ctx, host, center.Attach{Policy: guard.ID, Targets: []model.Target{{Kind: model.TargetOU, ID: string(org.RootID)}}})
	if err != nil {
		t.Fatal(err)
	}
	got, r := closer("arn:aws:s3:eu-central-1:333344445555:job/1")
	if !slices.Equal(got, want[1:]) || !r.EveryRole {
		t.Errorf("under a guardrail: %q, every role %t; want only the management account, which it does not bind", got, r.EveryRole)
	}
}

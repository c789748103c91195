package eval

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// scan asks one policy by reading every statement: what the index must not change.
func (v *verdict) scan(p *Policy, r *request, l Layer) error {
	for i := range p.statements {
		s := &p.statements[i]
		g := s.covers(r, l)
		if g == 0 {
			continue
		}
		switch fault := s.unreadable(p, l); {
		case fault != nil && s.deny:
			return fault
		case fault != nil || !s.holds(r):
		case s.deny:
			v.denies = true
		default:
			v.grants |= g
		}
	}
	return nil
}

// words draws from so few that patterns and requests often meet.
type words struct{ *rand.Rand }

func (w words) pick(list ...string) string { return list[w.IntN(len(list))] }

// text is a run of letters of which some are wildcards when there are any.
func (w words) text(wildcards string, most int) string {
	letters := "ab" + "ab" + "A/:" + wildcards
	var b strings.Builder
	for range w.IntN(most + 1) {
		b.WriteByte(letters[w.IntN(len(letters))])
	}
	return b.String()
}

func (w words) service() string { return w.pick("s3", "S3", "ec2", "averylongservicename") }

func (w words) action(wildcards string) string {
	return w.service() + ":" + w.pick("Get", "get", "Put", "") + w.text(wildcards, 4)
}

func (w words) actionEntry() string {
	switch w.IntN(14) {
	case 0:
		return "*"
	case 1:
		return w.pick("s*:a", "?3:Get", "a", ":a", "s3:", "s3:*", "ec2:**", "S3:Get*", "s3:"+strings.Repeat("a", 130),
			strings.Repeat("s", 130)+":a", "s3:"+strings.Repeat("*", 130))
	}
	return w.action("*?")
}

func (w words) resource() string {
	if w.IntN(15) == 0 {
		return w.pick("*", "a", "arn:aws", "arn:aws:s3:::", "arn:aws:s3:a:b")
	}
	return "arn:aws:" + w.pick("s3", "ec2") + ":" + w.pick("", "eu") + ":" + w.pick("", "1") + ":" + w.text("", 6)
}

func (w words) resourceEntry() string {
	switch w.IntN(14) {
	case 0:
		return "*"
	case 1:
		return w.pick("a", "arn:aws:s3", "arn:aws:s3*", "arn:aws:s3:*", "arn:aws:s*:::a", "arn:*",
			"arn:*::*:*:*", "arn:*::::", "arn:aws:s3:::${a:tag}a",
			"arn:aws:s3:::a${a:tag}", "arn:aws:s3:::a${a:none}", "arn:aws:s3:::a${a:none, 'b'}/", "arn:aws:s3:${a:tag}::a",
			"arn:aws:s3:::a${*}", "arn:aws:s3:::${a")
	}
	return "arn:" + w.pick("aws", "aws", "*", "a?s") + ":" + w.pick("s3", "ec2") + ":" + w.pick("", "eu", "*", "e?") + ":" +
		w.pick("", "1", "*") + ":" + w.text("*?", 6)
}

func (w words) list(entry func() string) []string {
	most := 3
	if w.IntN(30) == 0 {
		most = 60 // enough for the index to leave the resources to the statement
	}
	var list []string
	for range 1 + w.IntN(most) {
		list = append(list, entry())
	}
	return list
}

func (w words) statement() map[string]any {
	s := map[string]any{"Effect": w.pick("Allow", "Allow", "Deny"),
		w.pick("Action", "Action", "Action", "Action", "NotAction"): w.list(w.actionEntry)}
	if w.IntN(10) > 0 {
		s[w.pick("Resource", "Resource", "Resource", "Resource", "NotResource")] = w.list(w.resourceEntry)
	}
	if w.IntN(3) == 0 {
		s["Principal"] = w.pick("*", "111111111111", "arn:aws:iam::111111111111:user/a")
		if s["Principal"] != "*" {
			s["Principal"] = map[string]any{"AWS": s["Principal"]}
		}
	}
	if w.IntN(5) == 0 {
		s["Condition"] = map[string]any{w.pick("StringEquals", "StringLike", "StringSeems"): map[string]any{"a:tag": "a*"}}
	}
	return s
}

func (w words) policy(t *testing.T, statements int) *Policy {
	t.Helper()
	list := []any{}
	for range w.IntN(statements) {
		list = append(list, w.statement())
	}
	text, err := json.Marshal(map[string]any{"Version": w.pick("2012-10-17", "2012-10-17", "2008-10-17"), "Statement": list})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile("p", text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return p
}

func (w words) request(t *testing.T) *request {
	t.Helper()
	in := &Input{Principal: NewPrincipal(w.pick("arn:aws:iam::111111111111:user/a", "arn:aws:iam::111111111111:root", "anonymous")),
		Action: w.action("") + "a", Resource: w.resource()}
	if w.IntN(2) == 0 {
		in.Context.Set("a:tag", w.pick("a", "b", "", "*"))
	}
	r := &request{}
	if err := r.read(in); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheIndexChangesNoAnswer(t *testing.T) {
	w := words{rand.New(rand.NewPCG(3, 5))}
	layers := []Layer{LayerRCP, LayerSCP, LayerResource, LayerTrust, LayerIdentity, LayerBoundary, LayerSession, LayerEndpoint}
	seen := map[string]int{}
	for i := range rounds(2_000) {
		p := w.policy(t, []int{3, 12, 60}[i%3])
		for range 25 {
			r, l := w.request(t), layers[w.IntN(len(layers))]
			var got, want verdict
			err, wantErr := got.add(p, r, l), want.scan(p, r, l)
			if fmt.Sprint(err) != fmt.Sprint(wantErr) || wantErr == nil && got != want {
				t.Fatalf("%s on %s as %s by %s: the index says %+v, %v and the statements %+v, %v in\n%s",
					r.in.Action, r.in.Resource, r.in.Principal, l, got, err, want, wantErr, p.Text())
			}
			if wantErr != nil {
				want = verdict{}
			}
			seen[fmt.Sprint(want, wantErr != nil)]++
		}
	}
	for answer, n := range seen {
		if n < rounds(20) {
			t.Errorf("only %d answers are %s: the policies are too narrow", n, answer)
		}
	}
	if len(seen) < 6 {
		t.Errorf("the policies give only the answers %v", seen)
	}
}

func TestPoliciesThatAreJoinedDecideAsTheyDoOneByOne(t *testing.T) {
	w := words{rand.New(rand.NewPCG(7, 11))}
	failed := 0
	for range rounds(1_000) {
		alone := []*Policy{w.policy(t, 8), w.policy(t, 8), w.policy(t, 2)}
		joined := Join(alone)
		for range 20 {
			r, l := w.request(t), []Layer{LayerIdentity, LayerSCP, LayerRCP}[w.IntN(3)]
			var got, want verdict
			err, wantErr := got.addAll(joined, r, l), error(nil)
			for _, p := range alone {
				if wantErr == nil {
					wantErr = want.scan(p, r, l)
				}
			}
			if fmt.Sprint(err) != fmt.Sprint(wantErr) || err == nil && got != want {
				t.Fatalf("%s on %s: joined %+v, %v and one by one %+v, %v", r.in.Action, r.in.Resource, got, err, want, wantErr)
			}
			if err != nil {
				failed++
			}
		}
	}
	if failed < 100 {
		t.Errorf("only %d requests meet a Deny that cannot be read", failed)
	}
}

func TestAJoinedListThatIsChangedIsAskedOneByOne(t *testing.T) {
	compile := func(effect string) *Policy {
		p, err := Compile(effect, []byte(`{"Statement":{"Effect":"`+effect+`","Action":"*","Resource":"*"}}`))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	allow, deny := compile("Allow"), compile("Deny")
	in := &Input{Principal: NewPrincipal("arn:aws:iam::111111111111:user/a"), Action: "s3:GetObject", Resource: "arn:aws:s3:::a"}
	for _, c := range []struct {
		change func(list []*Policy) []*Policy
		want   Decision
	}{
		{func(list []*Policy) []*Policy { return list }, Allowed},
		{func(list []*Policy) []*Policy { list[1] = deny; return list }, ExplicitDeny},
		{func(list []*Policy) []*Policy { return append(list, deny) }, ExplicitDeny},
		{func(list []*Policy) []*Policy { return list[:1] }, Allowed},
	} {
		in.Identity = c.change(Join([]*Policy{allow, allow}))
		if got, err := Decide(in); err != nil || got.Decision != c.want {
			t.Errorf("got %v, %v, want %v", got.Decision, err, c.want)
		}
	}
	in.Identity = Join([]*Policy{allow, nil})
	if _, err := Decide(in); err == nil {
		t.Error("a missing policy was overlooked")
	}
}

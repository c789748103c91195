package eval_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// laws runs a check on many drafts. It returns what is broken, or "".
func laws(t *testing.T, seed uint64, check func(g gen, d draft) string) {
	t.Helper()
	worlds, decided := uint64(100), map[string]int{}
	if testing.Short() {
		worlds = 10
	}
	for stream := range worlds {
		g := newGen(seed, stream)
		w := g.world()
		for range 15 {
			shared := g.request(w)
			d := shared.clone(t)
			decided[d.outcome(t).decision]++
			if broken := check(g, d); broken != "" {
				t.Fatalf("%s: %s", broken, shared.line(t))
			}
		}
	}
	for _, decision := range []string{"allowed", "explicitDeny", "implicitDeny"} {
		if decided[decision] < int(worlds) {
			t.Errorf("only %d drafts are decided %s: the generator is too narrow", decided[decision], decision)
		}
	}
}

func (d *draft) outcome(t testing.TB) outcome {
	t.Helper()
	return evaluated(d.line(t))
}

// add puts a statement into one of the policies of a draft, if it has any.
func (g gen) add(d *draft, effect string) bool {
	policies := d.policies()
	if len(policies) == 0 {
		return false
	}
	kind := policyKind(g.IntN(int(forEndpoints) + 1))
	document := &policies[g.IntN(len(policies))].Document
	document.Statement = append(document.Statement, g.statement(effect, kind))
	return true
}

func TestAddingADenyNeverAllows(t *testing.T) {
	laws(t, 1, func(g gen, d draft) string {
		before := d.outcome(t)
		if before.decision == "allowed" || !g.add(&d, "Deny") {
			return ""
		}
		if after := d.outcome(t); after.decision == "allowed" {
			return fmt.Sprintf("adding a Deny turns %v into %v", before, after)
		}
		return ""
	})
}

func TestAddingAnAllowNeverLiftsAnExplicitDeny(t *testing.T) {
	laws(t, 2, func(g gen, d draft) string {
		before := d.outcome(t)
		if before.decision != "explicitDeny" && before.decision != failed || !g.add(&d, "Allow") {
			return ""
		}
		if after := d.outcome(t); after != before {
			return fmt.Sprintf("adding an Allow turns %v into %v", before, after)
		}
		return ""
	})
}

func TestAddingAnAllowNeverRefuses(t *testing.T) {
	laws(t, 3, func(g gen, d draft) string {
		before := d.outcome(t)
		if before.decision != "allowed" || !g.add(&d, "Allow") {
			return ""
		}
		if after := d.outcome(t); after.decision != "allowed" {
			return fmt.Sprintf("adding an Allow turns %v into %v", before, after)
		}
		return ""
	})
}

func TestNeitherOrderNorRepetitionOfStatementsAndPoliciesMatters(t *testing.T) {
	laws(t, 4, func(g gen, d draft) string {
		before := d.outcome(t)
		for _, p := range d.policies() {
			p.Document.Statement = shuffled(g, p.Document.Statement)
		}
		d.Identity, d.Session = shuffled(g, d.Identity), shuffled(g, d.Session)
		for _, levels := range [][]draftLevel{d.SCPs, d.RCPs} {
			for i := range levels {
				levels[i].Policies = shuffled(g, levels[i].Policies)
			}
		}
		d.SCPs, d.RCPs = shuffled(g, d.SCPs), shuffled(g, d.RCPs)
		if after := d.outcome(t); after != before {
			return fmt.Sprintf("order turns %v into %v", before, after)
		}
		return ""
	})
}

// shuffled returns the list with one of its items twice, in another order.
func shuffled[T any](g gen, list []T) []T {
	if len(list) == 0 {
		return list
	}
	list = append(slices.Clone(list), list[g.IntN(len(list))])
	g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

func TestAPolicyThatAllowsEverythingLimitsNothing(t *testing.T) {
	laws(t, 5, func(g gen, d draft) string {
		before := d.outcome(t)
		mentions := strings.Contains(string(d.line(t)), "NotPrincipal")
		for what, change := range map[string]func(*draft) bool{
			"a level of service control policies": func(d *draft) bool {
				d.SCPs = slices.Insert(slices.Clone(d.SCPs), g.IntN(len(d.SCPs)+1), fullLevel(forCallers))
				return true
			},
			"a level of resource control policies": func(d *draft) bool {
				d.RCPs = slices.Insert(slices.Clone(d.RCPs), g.IntN(len(d.RCPs)+1), fullLevel(forResources))
				return true
			},
			"an endpoint policy": func(d *draft) bool {
				if d.Endpoint == nil {
					d.Endpoint = fullAccess(forEndpoints)
				}
				return true
			},
			// A boundary makes a Deny with NotPrincipal deny everybody.
			"a boundary": func(d *draft) bool {
				if d.Boundary == nil {
					d.Boundary = fullAccess(forCallers)
				}
				return !mentions
			},
			// A federated user without session policy may do nothing.
			"a session policy": func(d *draft) bool {
				if len(d.Session) == 0 {
					d.Session = []*draftPolicy{fullAccess(forCallers)}
				}
				return !strings.Contains(d.Principal, "federated-user")
			},
		} {
			wider := d
			if applies := change(&wider); applies && wider.outcome(t) != before {
				return fmt.Sprintf("%s with full access turns %v into %v", what, before, wider.outcome(t))
			}
		}
		return ""
	})
}

func fullLevel(kind policyKind) draftLevel {
	return draftLevel{Target: "full", Policies: []*draftPolicy{fullAccess(kind)}}
}

func TestTheNumbersOfAccountsDoNotMatter(t *testing.T) {
	rename := strings.NewReplacer(ours, "131415161718", theirs, ours)
	laws(t, 6, func(_ gen, d draft) string {
		before := d.outcome(t)
		line := string(d.line(t))
		if strings.Contains(line, "1*") || strings.Contains(line, "?11111111111") {
			return "" // what fits one number need not fit another
		}
		if after := evaluated([]byte(rename.Replace(line))); after != before {
			return fmt.Sprintf("renaming accounts turns %v into %v", before, after)
		}
		return ""
	})
}

// The values of an element are joined by "or", as statements are.
func TestAStatementWithSeveralValuesIsAStatementForEach(t *testing.T) {
	laws(t, 7, func(_ gen, d draft) string {
		before := d.outcome(t)
		for _, p := range d.policies() {
			var apart []draftStatement
			for _, s := range p.Document.Statement {
				apart = append(apart, s.split()...)
			}
			p.Document.Statement = append([]draftStatement{}, apart...)
		}
		if after := d.outcome(t); after != before {
			return fmt.Sprintf("splitting lists turns %v into %v", before, after)
		}
		return ""
	})
}

// split takes a statement apart along its lists, as far as that means the same.
func (s draftStatement) split() []draftStatement {
	for _, name := range []string{"Action", "Resource"} {
		if values, many := s[name].([]any); many && len(values) > 1 {
			return s.splitAlong(values, func(s draftStatement, value any) { s[name] = value })
		}
	}
	block, _ := s["Condition"].(map[string]any)
	for operator, tests := range block {
		keys, _ := tests.(map[string]any)
		for key, value := range keys {
			values, many := value.([]any)
			if !many || len(values) < 2 || !splits(operator, values) {
				continue
			}
			return s.splitAlong(values, func(s draftStatement, value any) {
				s["Condition"] = with(block, operator, with(keys, key, value))
			})
		}
	}
	return []draftStatement{s}
}

// splits reports whether a list of values of the operator means what as many statements
// mean: not for negated operators, not where every value of a set has to match one, and not
// where one value that cannot be read spoils the others.
func splits(operator string, values []any) bool {
	operator = strings.ToLower(operator)
	spoilt := strings.Contains(operator, "arn") || slices.ContainsFunc(values, func(v any) bool {
		return slices.Contains(oddities(), fmt.Sprint(v))
	})
	return !spoilt && !strings.Contains(operator, "not") && !strings.HasPrefix(operator, "forallvalues")
}

func (s draftStatement) splitAlong(values []any, set func(draftStatement, any)) (apart []draftStatement) {
	for _, value := range values {
		single := draftStatement(with(s, "", nil))
		set(single, value)
		apart = append(apart, single.split()...)
	}
	return apart
}

// with is a copy of an object with one member set, none if the name is empty.
func with(object map[string]any, name string, value any) map[string]any {
	c := map[string]any{}
	for n, v := range object {
		c[n] = v
	}
	if name != "" {
		c[name] = value
	}
	return c
}

func TestTheExplanationSaysWhatTheDecisionIs(t *testing.T) {
	laws(t, 8, func(_ gen, d draft) string {
		s, err := eval.ParseScenario(d.line(t))
		if err != nil {
			return err.Error()
		}
		result, err := eval.Decide(&s.Input)
		x, again := eval.Explain(&s.Input)
		if (err == nil) != (again == nil) || x.Result != result {
			return "Explain differs from Decide"
		}
		if err != nil {
			return ""
		}
		return contradiction(&x)
	})
}

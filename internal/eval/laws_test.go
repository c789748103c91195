package eval_test

import (
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// outcome is a decision, or that there is none.
type outcome struct {
	eval.Result
	failed bool
}

func (d *draft) outcome(t testing.TB) outcome {
	t.Helper()
	result, err := eval.Decide(d.input(t, asWritten))
	return outcome{result, err != nil}
}

// laws runs a check on many drafts. change returns false where the law says nothing.
func laws(t *testing.T, seed uint64, check func(g gen, d draft) string) {
	t.Helper()
	g := newGen(seed)
	decided := map[eval.Decision]int{}
	for i := range 2_500 {
		d := g.draft()
		decided[d.outcome(t).Decision]++
		if broken := check(g, d); broken != "" {
			t.Fatalf("draft %d: %s\n%+v", i, broken, d)
		}
	}
	for decision, n := range decided {
		if n < 25 {
			t.Errorf("only %d drafts are decided %s: the generator is too narrow", n, decision)
		}
	}
}

// places are the policies of a draft to which a statement can be added.
func (d *draft) places() []*[]string {
	var list []*[]string
	for _, p := range [][][]string{d.identity, d.session} {
		for i := range p {
			list = append(list, &p[i])
		}
	}
	for _, p := range []*[]string{&d.boundary, &d.resourcePolicy, &d.endpoint} {
		if *p != nil {
			list = append(list, p)
		}
	}
	for _, levels := range [][][][]string{d.scps, d.rcps} {
		for _, policies := range levels {
			for i := range policies {
				list = append(list, &policies[i])
			}
		}
	}
	return list
}

func TestAddingADenyNeverAllows(t *testing.T) {
	laws(t, 1, func(g gen, d draft) string {
		places := d.places()
		before := d.outcome(t)
		if len(places) == 0 || before.Decision == eval.Allowed {
			return ""
		}
		place := places[g.IntN(len(places))]
		*place = append(*place, g.statement("Deny", g.chance(50)))
		if d.outcome(t).Decision == eval.Allowed {
			return "adding a Deny allows"
		}
		return ""
	})
}

func TestAddingAnAllowNeverLiftsAnExplicitDeny(t *testing.T) {
	laws(t, 2, func(g gen, d draft) string {
		places := d.places()
		before := d.outcome(t)
		if len(places) == 0 || before.Decision != eval.ExplicitDeny && !before.failed {
			return ""
		}
		place := places[g.IntN(len(places))]
		*place = append(*place, g.statement("Allow", g.chance(50)))
		if after := d.outcome(t); after != before {
			return "adding an Allow changes an explicit deny"
		}
		return ""
	})
}

func TestNeitherOrderNorRepetitionOfStatementsMatters(t *testing.T) {
	laws(t, 3, func(g gen, d draft) string {
		before := d.outcome(t)
		for _, place := range d.places() {
			*place = append(*place, (*place)[g.IntN(len(*place))])
			g.Shuffle(len(*place), func(i, j int) { (*place)[i], (*place)[j] = (*place)[j], (*place)[i] })
		}
		slices.Reverse(d.identity)
		slices.Reverse(d.session)
		for _, policies := range slices.Concat(d.scps, d.rcps) {
			slices.Reverse(policies)
		}
		if after := d.outcome(t); after != before {
			return "the order of statements matters"
		}
		return ""
	})
}

func TestAPolicyThatAllowsEverythingLimitsNothing(t *testing.T) {
	full := []string{`{` + allowAll + `}`}
	laws(t, 4, func(_ gen, d draft) string {
		before := d.outcome(t)
		wider := d
		wider.scps = append(slices.Clone(d.scps), [][]string{full})
		if wider.outcome(t) != before {
			return "a level with full access is no no-op"
		}
		wider = d
		wider.rcps = append(slices.Clone(d.rcps), [][]string{{`{"Principal":"*",` + allowAll + `}`}})
		if wider.outcome(t) != before {
			return "a resource control policy with full access is no no-op"
		}
		// A boundary makes a Deny with NotPrincipal deny everybody.
		if wider = d; d.boundary == nil && !strings.Contains(strings.Join(d.resourcePolicy, ""), "NotPrincipal") &&
			!d.mentions("NotPrincipal") {
			wider.boundary = full
			if wider.outcome(t) != before {
				return "a boundary with full access is no no-op"
			}
		}
		// A federated user without session policy may do nothing.
		if wider = d; d.session == nil && !strings.Contains(d.principal, "federated-user") {
			wider.session = [][]string{full}
			if wider.outcome(t) != before {
				return "a session policy with full access is no no-op"
			}
		}
		return ""
	})
}

func (d *draft) mentions(word string) bool {
	return slices.ContainsFunc(d.places(), func(p *[]string) bool { return strings.Contains(strings.Join(*p, ""), word) })
}

func TestTheNumbersOfAccountsDoNotMatter(t *testing.T) {
	rename := strings.NewReplacer("111111111111", "222222222222", "222222222222", "333333333333").Replace
	laws(t, 5, func(_ gen, d draft) string {
		after, err := eval.Decide(d.input(t, rename))
		if (outcome{after, err != nil}) != d.outcome(t) {
			return "renaming accounts matters"
		}
		return ""
	})
}

func TestAnAllowWithTwoValuesIsTwoAllows(t *testing.T) {
	laws(t, 6, func(g gen, d draft) string {
		a, b := g.value("StringEquals"), g.value("StringEquals")
		statement := func(values string) string {
			return `{` + allowAll + `,"Condition":{"StringEquals":{"a:tag":` + values + `}}}`
		}
		together, apart := d, d
		together.identity = append(slices.Clone(d.identity), []string{statement(`["` + a + `","` + b + `"]`)})
		apart.identity = append(slices.Clone(d.identity), []string{statement(`"` + a + `"`), statement(`"` + b + `"`)})
		if together.outcome(t) != apart.outcome(t) {
			return "two values differ from two statements"
		}
		return ""
	})
}

func TestTheExplanationSaysWhatTheDecisionIs(t *testing.T) {
	laws(t, 7, func(_ gen, d draft) string {
		in := d.input(t, asWritten)
		result, err := eval.Decide(in)
		x, again := eval.Explain(in)
		if (err == nil) != (again == nil) || x.Result != result {
			return "Explain differs from Decide"
		}
		if err != nil {
			return ""
		}
		return contradiction(&x)
	})
}

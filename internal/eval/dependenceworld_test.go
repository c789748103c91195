package eval_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

// smallWorld draws policies about two keys in so few characters that all values that
// could matter can be tried.
type smallWorld struct{ *rand.Rand }

func (w smallWorld) pick(list ...string) string { return list[w.IntN(len(list))] }

// texts are all of at most three characters.
func (smallWorld) texts() []string {
	all := []string{""}
	for from := 0; len(all) < 40; from++ {
		for _, c := range []string{"a", "b", "1"} {
			all = append(all, all[from]+c)
		}
	}
	return all
}

func (w smallWorld) statement() string {
	s := `"Effect":"` + w.pick("Allow", "Allow", "Deny") + `","Action":"*"`
	if w.IntN(4) > 0 {
		s += `,"Resource":"*"`
	} else {
		s += `,"` + w.pick("Resource", "NotResource") + `":"arn:aws:s3:::` + w.pick("${a:v}/1", "a*/${a:k}", "${a:v}*", "*${a:k}", "${a:k}${a:v}") + `"`
	}
	var conditions []string
	for _, operator := range w.operators() {
		conditions = append(conditions, `"`+operator+`":{"`+w.pick("a:k", "a:k", "a:v")+`":`+w.values(operator)+`}`)
	}
	return s + `,"Condition":{` + strings.Join(conditions, ",") + `}`
}

func (w smallWorld) operators() (list []string) {
	for range w.IntN(3) {
		list = append(list, w.pick("", "", "", "ForAnyValue:", "ForAllValues:")+w.pick("StringEquals", "StringLike", "StringLike",
			"StringNotLike", "StringNotEquals", "StringEqualsIfExists", "StringEqualsIgnoreCase", "NumericLessThan", "NumericEquals"))
	}
	if w.IntN(6) == 0 {
		list = append(list, "Null")
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (w smallWorld) values(operator string) string {
	switch {
	case operator == "Null":
		return w.pick(`"true"`, `"false"`)
	case strings.Contains(operator, "Numeric"):
		return w.pick(`"1"`, `"11"`, `"12"`)
	}
	one := func() string {
		return `"` + w.pick("a", "b", "ab", "A", "a*", "*b", "?", "?1", "*a*", "${a:v}", "${a:k}", "${a:v}*", "a${a:k}", "${a:v, 'b'}") + `"`
	}
	return w.pick(one(), one(), "["+one()+","+one()+"]")
}

// contexts are all that give the two keys a text or none, and some with a list.
func (w smallWorld) contexts(in *eval.Input) []eval.Context {
	var all []eval.Context
	values := [2][][]string{}
	for i, key := range []string{"a:k", "a:v"} {
		values[i] = append(values[i], nil)
		for _, text := range w.texts() {
			if !onlyNumbers(in, key) || strings.Trim(text, "1") == "" && text != "" {
				values[i] = append(values[i], []string{text})
			}
		}
		if hasLists(in, key) {
			for range 12 {
				values[i] = append(values[i], []string{w.pick(w.texts()[:14]...), w.pick(w.texts()...)})
			}
		}
	}
	for _, k := range values[0] {
		for _, v := range values[1] {
			var c eval.Context
			set(&c, "a:k", k)
			set(&c, "a:v", v)
			all = append(all, c)
		}
	}
	return all
}

func set(c *eval.Context, key string, values []string) {
	switch len(values) {
	case 0:
	case 1:
		c.Set(key, values[0])
	default:
		c.SetMany(key, values...)
	}
}

// onlyNumbers reports whether every condition about a key compares numbers, so that its
// values are numbers.
func onlyNumbers(in *eval.Input, key string) bool {
	numbers := false
	for _, s := range in.Identity[0].Document().Statements {
		for _, c := range s.Conditions {
			if strings.ToLower(c.Key.Value) == key && c.Operator.Value != "Null" {
				if numbers = strings.Contains(c.Operator.Value, "Numeric"); !numbers {
					return false
				}
			}
		}
	}
	return numbers
}

// In a world in which all values can be tried, what an answer depends on is all that
// turns it, unless it says itself that it is incomplete.
func TestWhatAnAnswerDependsOnHoldsInASmallWorld(t *testing.T) {
	rounds := 400
	if testing.Short() {
		rounds = 60
	}
	w := smallWorld{rand.New(rand.NewPCG(3, 0))}
	turning, complete := 0, 0
	for round := range rounds {
		var statements []string
		for range 1 + w.IntN(3) {
			statements = append(statements, w.statement())
		}
		in := request(policy(t, statements...))
		in.Resource = "arn:aws:s3:::ab/1"
		x := explain(t, in)
		if x.Depends != nil {
			checkDependence(t, in, &x)
		}
		asked, turns := 0, false
		all := w.contexts(in)
		w.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, c := range all {
			other := *in
			other.Context = c
			turned := (decide(t, &other).Decision == eval.Allowed) != (x.Decision == eval.Allowed)
			turns = turns || turned
			if asked++; asked > 40 && (!turned || x.Depends != nil) {
				continue
			}
			met := promised(t, &x, &other)
			known := x.Depends != nil && (x.Depends.Incomplete || x.Depends.More)
			if turned && !met && !known || met && !turned {
				t.Fatalf("round %d: turned %v, promised %v with %v: %s\n%s", round, turned, met,
					toJSON(t, collect(&other.Context)), toJSON(t, x.Depends), strings.Join(statements, "\n"))
			}
		}
		if turns {
			turning++
			if x.Depends != nil && !x.Depends.Incomplete {
				complete++
			}
		}
	}
	t.Logf("%d of %d answers can be turned; of %d everything is known", turning, rounds, complete)
	if turning < rounds/4 || complete < turning/3 {
		t.Errorf("%d of %d answers can be turned; of %d everything is known", turning, rounds, complete)
	}
}

// Keys that are compared with one another in ways that are not followed: either the way to
// the other answer is found, or it is said that there may be one.
func TestWhatIsNotFollowedIsSaid(t *testing.T) {
	read := `"Effect":"Allow","Action":"s3:*","Resource":`
	lists := make([]string, 5)
	for i := range lists {
		lists[i] = allowIf(`"ForAnyValue:StringEquals":{"a:k":"` + string(rune('a'+i)) + `"}`)
	}
	for _, c := range []struct {
		name       string
		statements []string
		keys, key  string
		values     []string // with which the answer is another
	}{
		{"a number that is like a text", []string{allowIf(`"NumericGreaterThan":{"a:n":"10"},"StringLike":{"a:n":"2*"}`)}, ``,
			"a:n", []string{"20"}},
		{"a key that is compared with itself", []string{allowIf(`"StringLike":{"a:k":["${a:k}x","?y*"]},"StringNotLike":{"a:k":"zy"}`)}, ``,
			"a:k", []string{"vy"}},
		{"a value that is in the resource and like a text", []string{
			read + `"arn:aws:s3:::orders*","Condition":{"StringLike":{"a:k":"2*"}}`,
			`"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::orders/${a:k}026/*"`}, ``, "a:k", []string{"2x"}},
		{"a value with colons moves the parts of an ARN", []string{allowIf(`"ArnLike":{"a:r":"arn:aws:${a:s}:*:*:*"}`)},
			`"a:r":"arn:aws:s3:eu:1:x:y:z"`, "a:s", []string{"s3:eu"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := request(policy(t, c.statements...))
			in.Context = contextOf(t, c.keys)
			x := explain(t, in)
			other := *in
			other.Context = in.Context.Clone()
			set(&other.Context, c.key, c.values)
			if decide(t, &other).Decision == x.Decision {
				t.Fatalf("the answer stays %s", x.Decision)
			}
			if x.Depends == nil || !x.Depends.Incomplete && !slices.Contains(x.Depends.Keys, c.key) {
				t.Errorf("nothing is said: %s", toJSON(t, x.Depends))
			}
		})
	}
	t.Run("more lists than are combined", func(t *testing.T) {
		if x := explain(t, request(policy(t, lists[0]))); x.Depends == nil || x.Depends.Incomplete {
			t.Errorf("one list: %s", toJSON(t, x.Depends))
		}
		if x := explain(t, request(policy(t, lists...), policy(t, denyIf(`"ForAnyValue:StringEquals":{"a:k":"f"}`)))); x.Depends == nil {
			t.Error("nothing is said")
		}
	})
}

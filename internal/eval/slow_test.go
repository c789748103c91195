package eval_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/eval"
)

// tooLong is what no input of less than maxInput bytes may take.
// While fuzzing the code is slower, because it notes which of its branches are taken.
const (
	fuzzSlowdown = 6

	tooLong  = 50 * time.Millisecond
	maxInput = 64 << 10
)

// quick runs a function, again if it took too long: the collector may have come between.
// Only a function that never is quick fails.
func quick(t *testing.T, size int, run func()) {
	t.Helper()
	if size >= maxInput {
		run()
		return
	}
	limit := tooLong * raceSlowdown
	if worker := flag.Lookup("test.fuzzworker"); worker != nil && worker.Value.String() == "true" {
		limit *= fuzzSlowdown
	}
	var took time.Duration
	for range 5 {
		if took = cpuTime(run); took <= limit {
			return
		}
	}
	t.Errorf("took %v for %d bytes, every time", took, size)
}

// hard are scenarios made to take long.
func hard() map[string]string {
	scenario := func(context, condition string) string {
		return `{"principal":"` + alice + `","action":"s3:GetObject","resource":"` + object + `","context":{` + context +
			`},"identityPolicies":[{"name":"p","document":{"Version":"2012-10-17","Statement":{` + allowAll +
			`,"Condition":{` + condition + `}}}}]}`
	}
	list := func(n int, format string) string {
		values := make([]string, n)
		for i := range values {
			values[i] = fmt.Sprintf(format, i)
		}
		return "[" + strings.Join(values, ",") + "]"
	}
	pattern := func(text, value string) string {
		return scenario(`"a:k":"`+value+`","a:v":"a"`, `"StringLike":{"a:k":"`+text+`"}`)
	}
	return map[string]string{
		"many question marks":        pattern("*"+strings.Repeat("?", 20_000)+"b*", strings.Repeat("a", 40_000)),
		"letters and question marks": pattern("*"+strings.Repeat("a?", 10_000)+"b*", strings.Repeat("a", 40_000)),
		"many stars":                 pattern(strings.Repeat("*a", 15_000)+"*b*", strings.Repeat("a", 30_000)),
		"a long literal":             pattern("*"+strings.Repeat("a", 25_000)+"?b*", strings.Repeat("a", 38_000)),
		"many variables":             pattern("*"+strings.Repeat("${a:v}", 5_000)+"b*", strings.Repeat("a", 30_000)),
		"variables with long values": scenario(`"a:k":"`+strings.Repeat("a", 20_000)+`"`,
			`"StringLike":{"a:k":"*`+strings.Repeat("${a:k}?", 5_000)+`b*"}`),
		"many patterns": scenario(`"a:k":"`+strings.Repeat("a", 20_000)+`"`,
			`"StringLike":{"a:k":`+list(3_000, `"*a?%d*"`)+`}`),
		"two long lists": scenario(`"a:k":`+list(5_000, `"%d"`), `"ForAnyValue:StringLike":{"a:k":`+list(3_500, `"x%d*"`)+`}`),
		"two lists of numbers": scenario(`"a:k":`+list(4_000, `"%d"`),
			`"ForAllValues:NumericNotEquals":{"a:k":`+list(3_000, `"-1%d"`)+`}`),
		"two lists of dates": scenario(`"a:k":`+list(2_000, `"2026-01-01T00:%02d"`),
			`"ForAllValues:DateNotEquals":{"a:k":`+list(600, `"2025-01-01T00:00:00.%d"`)+`}`),
		"two lists folded": scenario(`"a:k":`+list(5_000, `"%d"`),
			`"ForAllValues:StringNotEqualsIgnoreCase":{"a:k":`+list(3_500, `"x%d"`)+`}`),
		"a list in many conditions": scenario(`"a:k":`+list(5_000, `"%d"`),
			`"ForAllValues:StringNotEquals":{"a:k":`+list(1_500, `"x%d"`)+`},"ForAllValues:StringNotLike":{"a:k":`+
				list(1_500, `"x%d"`)+`}`),
		"many missing keys": scenario(``, `"StringNotEquals":{"a:k":`+list(5_000, `"${v%d}"`)+`}`),
		"a long resource": strings.Replace(strings.Replace(scenario(``, ``), object, "arn:aws:s3:::"+strings.Repeat("a", 30_000), 1),
			`"Resource":"*"`, `"Resource":"arn:aws:s3:::*`+strings.Repeat("?", 15_000)+`b*"`, 1),
		"many short resources": strings.Replace(strings.Replace(scenario(``, ``), object, "arn:aws:s3:::"+strings.Repeat("a", 20_000), 1),
			`"Resource":"*"`, `"Resource":`+list(1_500, `"arn:aws:s3:::*a?%d*"`), 1),
		"a long action pattern": strings.Replace(scenario(``, ``), `"Action":"*"`,
			`"Action":"s3:`+strings.Repeat("*e", 30_000)+`x"`, 1),
		"many conditions": strings.Replace(scenario(``, ``), `"Condition":{}`,
			`"Condition":{"StringLike":{`+strings.Trim(strings.ReplaceAll(list(2_500, `"a:%d":"*a*"`), `\"`, `"`), "[]")+`}}`, 1),
		"many statements": strings.Replace(strings.Replace(scenario(``, ``), `"Statement":{`,
			`"Statement":[`+strings.Repeat(`{"Effect":"Allow","Action":"*","NotResource":"*"},`, 1_100)+`{`, 1), `}}}]`, `}]}}]`, 1),
	}
}

func TestNoScenarioTakesLong(t *testing.T) {
	for name, line := range hard() {
		t.Run(name, func(t *testing.T) {
			if !json.Valid([]byte(line)) || len(line) >= maxInput {
				t.Fatalf("%d bytes, valid %v", len(line), json.Valid([]byte(line)))
			}
			s, err := eval.ParseScenario([]byte(line))
			if err != nil {
				t.Fatal(err)
			}
			quick(t, len(line), func() { _, _ = eval.ParseScenario([]byte(line)) })
			quick(t, len(line), func() { _, _ = eval.Decide(&s.Input) })
			quick(t, len(line), func() { _, _ = eval.Explain(&s.Input) })
		})
	}
}

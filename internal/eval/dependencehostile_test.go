package eval_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/eval"
)

// Policies written against the search make it give up, not take forever; what is not known is said to be unknown.
func TestWhatAnAnswerDependsOnIsFoundInTimeOrCalledUnknown(t *testing.T) {
	var keys, patterns, ranges, resources, numbers []string
	for i := range 1_000 {
		patterns = append(patterns, fmt.Sprintf(`"*%d*%d*"`, i, i*7))
		ranges = append(ranges, fmt.Sprintf(`"10.%d.%d.0/24"`, i/250, i%250))
		resources = append(resources, fmt.Sprintf(`"arn:aws:s3:::*${a:v}*%d*${a:v}*"`, i))
		numbers = append(numbers, fmt.Sprintf(`"1e%d"`, i*1_000))
	}
	for i := range 40 {
		keys = append(keys, fmt.Sprintf(`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"a:k%d":"x","a:k%d":"y"}}}`,
			i, (i*7+3)%40))
	}
	list := func(l []string) string { return "[" + strings.Join(l, ",") + "]" }
	for name, document := range map[string]string{
		"many keys":      `{"Version":"2012-10-17","Statement":[{` + allowAll + `},` + strings.Join(keys, ",") + `]}`,
		"many patterns":  doc(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"a:k":` + list(patterns) + `}}}`),
		"many ranges":    doc(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"a:k":` + list(ranges) + `}}}`),
		"many resources": doc(`{"Effect":"Allow","Action":"*","Resource":` + list(resources) + `}`),
		"huge numbers":   doc(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericLessThan":{"a:k":` + list(numbers) + `}}}`),
	} {
		in := request(compile(t, "hostile", document))
		in.Resource = "arn:aws:s3:::" + strings.Repeat("ab1", 100)
		var x eval.Explanation
		took := cpuTime(func() { x = explain(t, in) })
		t.Logf("%s: %s", name, took)
		if took > 5*time.Second*raceSlowdown {
			t.Errorf("%s: %s", name, took)
		}
		if x.Depends != nil {
			checkDependence(t, in, &x)
		}
		if x.Depends != nil && len(x.Depends.AllowedIf)+len(x.Depends.DeniedIf) == 0 && !strings.Contains(x.Depends.Words, "is not known") {
			t.Errorf("%s: %s", name, x.Depends.Words)
		}
	}
}

package eval_test

import (
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gatehouse/internal/catalog"
	"gatehouse/internal/eval"
)

// published returns the catalogue that the program is built with.
func published(b *testing.B) *catalog.Catalog {
	b.Helper()
	c, err := catalog.Load()
	if err != nil {
		b.Fatal(err)
	}
	if c.Empty() {
		b.Fatal("the catalogue is empty: make assets builds it")
	}
	return c
}

// everyAction asks once for each action that AWS publishes, on a resource of the first
// type that it works on.
func everyAction(c *catalog.Catalog) []eval.Input {
	fill := strings.NewReplacer("${Partition}", "aws", "${Region}", "eu-west-1", "${Account}", "111111111111").Replace
	placeholder := regexp.MustCompile(`\$\{[^}]*\}`)
	var inputs []eval.Input
	for _, service := range c.Services() {
		templates := map[string]string{}
		for _, t := range c.ResourceTypes(service.Prefix) {
			templates[t.Name] = placeholder.ReplaceAllString(fill(t.ARN), "orders")
		}
		for _, action := range c.Actions(service.Prefix) {
			in := eval.Input{Principal: eval.NewPrincipal(session), Action: action.String(), Resource: "*", ResourceAccount: "111111111111"}
			if len(action.ResourceTypes) > 0 {
				in.Resource = templates[action.ResourceTypes[0].Name]
			}
			in.Context.Set("aws:PrincipalArn", "arn:aws:iam::111111111111:role/deploy")
			in.Context.Set("aws:RequestedRegion", "eu-west-1")
			in.Context.Set("aws:SourceIp", "10.1.2.3")
			in.Context.Set("aws:MultiFactorAuthPresent", "true")
			inputs = append(inputs, in)
		}
	}
	return inputs
}

// BenchmarkEveryManagedPolicy decides every action of the catalogue for every policy of
// it, the policies shared out over the processors.
func BenchmarkEveryManagedPolicy(b *testing.B) {
	c := published(b)
	inputs := everyAction(c)
	var policies []*eval.Policy
	for _, p := range c.Policies() {
		_, document, _ := c.Policy(p.ARN)
		policies = append(policies, compile(b, p.Name, string(document)))
	}
	decisions := float64(len(policies) * len(inputs))
	var allowed atomic.Int64
	spent := processorTime(b)
	for b.Loop() {
		allowed.Store(0)
		var next atomic.Int64
		var workers sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			workers.Go(func() {
				for i := next.Add(1) - 1; int(i) < len(policies); i = next.Add(1) - 1 {
					allowed.Add(int64(allowedBy(b, policies[i], inputs)))
				}
			})
		}
		workers.Wait()
	}
	b.ReportMetric(decisions, "decisions/op")
	b.ReportMetric(float64(allowed.Load()), "allowed/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/decisions, "ns/decision")
	b.ReportMetric((processorTime(b)-spent).Seconds()/float64(b.N), "cpu-s/op")
}

// processorTime is what the program has used so far, whatever other programs do.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// allowedBy counts the inputs that the policy allows when it is the caller's only one.
func allowedBy(b *testing.B, p *eval.Policy, inputs []eval.Input) (n int) {
	var in eval.Input
	identity := []*eval.Policy{p}
	for i := range inputs {
		in = inputs[i]
		in.Identity = identity
		result, err := eval.Decide(&in)
		if err != nil {
			b.Error(err)
			return 0
		}
		if result.Decision == eval.Allowed {
			n++
		}
	}
	return n
}

// BenchmarkCompileReadOnlyAccess compiles one of the largest policies that AWS publishes.
func BenchmarkCompileReadOnlyAccess(b *testing.B) {
	_, document, ok := published(b).Policy("arn:aws:iam::aws:policy/ReadOnlyAccess")
	if !ok {
		b.Fatal("there is no ReadOnlyAccess")
	}
	b.SetBytes(int64(len(document)))
	b.ReportAllocs()
	spent := processorTime(b)
	for b.Loop() {
		compile(b, "ReadOnlyAccess", string(document))
	}
	b.ReportMetric((processorTime(b)-spent).Seconds()*1e3/float64(b.N), "cpu-ms/op")
}

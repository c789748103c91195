package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{10, 100, 1_000, 10_000} {
		var statements []string
		for i := range n {
			statements = append(statements, fmt.Sprintf(
				`"Effect":"Allow","Action":["s3:GetObject","s3:List*"],"Resource":"arn:aws:s3:::team%d/*"`, i))
		}
		in := request(policy(b, strings.Join(statements, "},{")))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := eval.Decide(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	document := `{"Version":"2012-10-17","Statement":[{` + strings.Repeat(allowRead+`},{`, 200) + allowAll + `}]}`
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		compile(b, "p", document)
	}
}

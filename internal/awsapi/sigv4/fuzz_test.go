package sigv4_test

import (
	"testing"

	"gatehouse/internal/awsapi/sigv4"
)

// FuzzNoInputPassesOrPanics sends what an attacker controls: nothing may pass without the secret.
func FuzzNoInputPassesOrPanics(f *testing.F) {
	good := vanilla()
	f.Add("/", "", good.Header["Authorization"][0], "20150830T123600Z", " a  b ")
	f.Add("/%zz/ü", "a=%&&=b&+", "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=;, Signature=0", "", "")
	f.Fuzz(func(t *testing.T, path, query, authorization, date, header string) {
		r := sigv4.Request{Method: "GET", Host: header, Path: path, Query: query, Header: map[string][]string{
			"Authorization": {authorization}, "X-Amz-Date": {date}, "X-Amz-Meta": {header, header},
		}}
		s, err := sigv4.Parse(r)
		if err != nil {
			return
		}
		if s.Verify(s.Service, secret, s.Time) == nil {
			t.Errorf("%q passed", authorization)
		}
	})
}

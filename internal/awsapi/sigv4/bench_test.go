package sigv4_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"gatehouse/internal/awsapi/sigv4"
)

// arrived is a signed call as a server receives it from the SDK.
func arrived(b *testing.B) *http.Request {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), call.method, "http://sts.example.com/", strings.NewReader(call.body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	signWithSDK(b, r, call.body, call.token)
	r.Header.Set("Content-Length", strconv.Itoa(len(call.body)))
	r.Header.Set("Accept-Encoding", "identity")
	r.Header.Set("User-Agent", "aws-sdk-go-v2")
	r.RequestURI = "/"
	return r
}

// BenchmarkVerify is this package at work.
func BenchmarkVerify(b *testing.B) {
	r := arrived(b)
	request := sigv4.Request{
		Method: r.Method, Host: r.Host, Path: "/", Header: r.Header, BodyHash: sha256.Sum256([]byte(call.body)),
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := verify(request, secret, signedAt()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSignAgain is the alternative: have the SDK's client-side signer sign the same request once more, with
// only the headers that the client signed, and compare.
func BenchmarkSignAgain(b *testing.B) {
	r := arrived(b)
	b.ReportAllocs()
	for b.Loop() {
		if !signAgain(b, r) {
			b.Fatal("the signatures differ")
		}
	}
}

func signAgain(b *testing.B, r *http.Request) bool {
	got := r.Header.Get("Authorization")
	_, rest, _ := strings.Cut(got, "SignedHeaders=")
	names, _, _ := strings.Cut(rest, ",")
	copied := r.Clone(r.Context())
	copied.Header = http.Header{}
	for name := range strings.SplitSeq(names, ";") {
		copied.Header[http.CanonicalHeaderKey(name)] = r.Header.Values(name)
	}
	copied.Header.Del("X-Amz-Security-Token")
	if !strings.Contains(names, "content-length") {
		copied.ContentLength = 0
	}
	signWithSDK(b, copied, call.body, call.token)
	return hmac.Equal([]byte(got), []byte(copied.Header.Get("Authorization")))
}

// BenchmarkHash is the part that no verifier can save: the body's hash.
func BenchmarkHash(b *testing.B) {
	for b.Loop() {
		hash := sha256.Sum256([]byte(call.body))
		hex.EncodeToString(hash[:])
	}
}

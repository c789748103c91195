package sigv4_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/awsapi/sigv4"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	keyID  = "ASIAEXAMPLEEXAMPLE22"
	secret = "a+secret/of/forty/characters/EXAMPLEEXAM"
)

// signedAt is when the requests of these tests are signed.
func signedAt() time.Time { return time.Date(2026, 3, 4, 23, 59, 58, 0, time.UTC) }

// received reads a request the way a server does.
func received(r *http.Request) (sigv4.Request, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return sigv4.Request{}, err
	}
	path, query, _ := strings.Cut(r.RequestURI, "?")
	return sigv4.Request{
		Method: r.Method, Host: r.Host, Path: path, Query: query, Header: r.Header, BodyHash: sha256.Sum256(body),
	}, nil
}

// A wanted describes a request before it is signed.
type wanted struct {
	method, target, body, token string
	header                      http.Header
}

// send signs the request with the SDK's own signer, lets change have it after that, sends it over a real
// connection, and returns what the server received.
func (w wanted) send(t *testing.T, change func(*http.Request)) sigv4.Request {
	t.Helper()
	var got sigv4.Request
	var failed error
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got, failed = received(r)
	}))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), w.method, server.URL+w.target, strings.NewReader(w.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range w.header {
		r.Header[name] = values
	}
	signWithSDK(t, r, w.body, w.token)
	change(r)
	answer, err := server.Client().Do(r)
	if err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	answer.Body.Close()
	return got
}

func signWithSDK(t testing.TB, r *http.Request, body, token string) {
	t.Helper()
	hash := sha256.Sum256([]byte(body))
	credentials := aws.Credentials{AccessKeyID: keyID, SecretAccessKey: secret, SessionToken: token}
	err := v4.NewSigner().SignHTTP(
		context.Background(), credentials, r, hex.EncodeToString(hash[:]), "sts", "eu-central-1", signedAt())
	if err != nil {
		t.Fatal(err)
	}
}

func verify(r sigv4.Request, secret string, now time.Time) error {
	s, err := sigv4.Parse(r)
	if err != nil {
		return err
	}
	return s.Verify("sts", secret, now)
}

func unchanged(*http.Request) {}

var call = wanted{
	method: "POST", target: "/", body: "Action=GetCallerIdentity&Version=2011-06-15", token: "a-token",
	header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
}

func TestWhatTheSDKSignsIsAccepted(t *testing.T) {
	for name, w := range map[string]wanted{
		"a form":                         call,
		"no session token":               {method: "POST", target: "/", body: "a=b"},
		"an empty body":                  {method: "GET", target: "/"},
		"a body of other scripts":        {method: "POST", target: "/", body: "name=Åsa&note=日本語 ✓"},
		"a path with odd characters":     {method: "GET", target: "/a%20b+c/%C3%BC~*/x%2Fy"},
		"a path with an equals sign":     {method: "GET", target: "/a=b/$c"},
		"a query in no order":            {method: "GET", target: "/?b=2&a=1&c="},
		"a key several times":            {method: "GET", target: "/?k=b&k=a&k=%20"},
		"a query with odd characters":    {method: "GET", target: "/?q=a%20b%2Bc%26d%3D%2F%7E*&n=%C3%BC"},
		"a parameter without a value":    {method: "GET", target: "/?flag&a=1"},
		"a name that is part of another": {method: "GET", target: "/?a=1&a-b=2&a.b=3"},
		"a header several times":         {method: "GET", target: "/", header: http.Header{"X-Amz-Meta": {"b", "a"}}},
		"a header with spaces":           {method: "GET", target: "/", header: http.Header{"X-Amz-Meta": {"a   b  c"}}},
		"a content hash, as JavaScript has": {
			method: "GET", target: "/", header: http.Header{"X-Amz-Content-Sha256": {emptyHash}},
		},
		"a path below the root": {method: "POST", target: "/aws/", body: "a=b", token: "t"},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.send(t, unchanged)
			s, err := sigv4.Parse(r)
			if err != nil {
				t.Fatal(err)
			}
			if s.AccessKeyID != keyID || s.SessionToken != w.token || s.Region != "eu-central-1" || !s.Time.Equal(signedAt()) {
				t.Errorf("Parse() = %+v", s)
			}
			if err := s.Verify("sts", secret, signedAt()); err != nil {
				t.Error(err)
			}
		})
	}
}

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func TestAnythingChangedAfterSigningIsRefused(t *testing.T) {
	for name, change := range map[string]func(*http.Request){
		"the method":           func(r *http.Request) { r.Method = "PUT" },
		"the host":             func(r *http.Request) { r.Host = "sts.example.com" },
		"the path":             func(r *http.Request) { r.URL.Path = "/other" },
		"the query":            func(r *http.Request) { r.URL.RawQuery = "Action=Other" },
		"a signed header":      func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
		"a second value":       func(r *http.Request) { r.Header.Add("Content-Type", "text/plain") },
		"a header that went":   func(r *http.Request) { r.Header.Del("Content-Type") },
		"the session token":    func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "b-token") },
		"the time":             func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260304T235959Z") },
		"the region":           replaceInAuthorization("eu-central-1", "eu-central-2"),
		"the key id":           replaceInAuthorization("Credential=ASIA", "Credential=ASIB"),
		"which are signed":     replaceInAuthorization("content-length;", ""),
		"a hash of other text": func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", emptyHash) },
		"no hash at all":       func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD") },
		"the body": func(r *http.Request) {
			r.Body = io.NopCloser(strings.NewReader(strings.Replace(call.body, "Get", "Set", 1)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := call.send(t, change)
			err := verify(r, secret, signedAt())
			if name == "the key id" {
				err = verify(r, secret+"of another key", signedAt())
			}
			wantCode(t, err, sigv4.SignatureDoesNotMatch, 403, "calculated does not match")
		})
	}
}

func replaceInAuthorization(old, new string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, new, 1))
	}
}

func wantCode(t *testing.T, err error, code sigv4.Code, status int, words string) {
	t.Helper()
	e, ok := errors.AsType[*sigv4.Error](err)
	if !ok {
		t.Fatalf("error %v, want %s", err, code)
	}
	if e.Code != code || e.Status != status || !strings.Contains(e.Message, words) {
		t.Errorf("error %d %v, want %d %s with %q", e.Status, e, status, code, words)
	}
}

func TestTheClocksMayBeFifteenMinutesApart(t *testing.T) {
	r := call.send(t, unchanged)
	for _, test := range []struct {
		apart time.Duration
		words string
	}{
		{0, ""},
		{15 * time.Minute, ""},
		{-15 * time.Minute, ""},
		{15*time.Minute + time.Second,
			"Signature expired: 20260304T235958Z is now earlier than 20260304T235959Z (20260305T001459Z - 15 min.)"},
		{-15*time.Minute - time.Second,
			"Signature not yet current: 20260304T235958Z is still later than 20260304T235957Z (20260304T234457Z + 15 min.)"},
		{24 * time.Hour, "Signature expired"},
	} {
		err := verify(r, secret, signedAt().Add(test.apart).In(time.FixedZone("elsewhere", 3600)))
		if test.words == "" {
			if err != nil {
				t.Errorf("%v apart: %v", test.apart, err)
			}
			continue
		}
		wantCode(t, err, sigv4.SignatureDoesNotMatch, 403, test.words)
	}
}

func TestASignatureForAnotherServiceOrDayIsRefused(t *testing.T) {
	r := call.send(t, unchanged)
	s, err := sigv4.Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, s.Verify("iam", secret, signedAt()), sigv4.SignatureDoesNotMatch, 403, "correct service: 'iam'")
	r = call.send(t, replaceInAuthorization("20260304", "20260305"))
	wantCode(t, verify(r, secret, signedAt()), sigv4.SignatureDoesNotMatch, 403, "'20260305' != '20260304'")
}

// vanilla is the request "get-vanilla" of AWS's own test suite for signature version 4.
func vanilla() sigv4.Request {
	return sigv4.Request{
		Method: "GET", Host: "example.amazonaws.com", Path: "/", BodyHash: sha256.Sum256(nil),
		Header: map[string][]string{
			"X-Amz-Date": {"20150830T123600Z"},
			"Authorization": {"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, " +
				"SignedHeaders=host;x-amz-date, " +
				"Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		},
	}
}

func exampleTime() time.Time { return time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC) }

func TestAWSsPublishedExampleIsAccepted(t *testing.T) {
	s, err := sigv4.Parse(vanilla())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify("service", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", exampleTime()); err != nil {
		t.Error(err)
	}
}

func TestAPlusInTheQueryIsNoSpace(t *testing.T) {
	plus, space := vanilla(), vanilla()
	plus.Query, space.Query = "a=b+c", "a=b%20c"
	escaped := vanilla()
	escaped.Query = "a=b%2Bc"
	if sigv4.Canonical(plus) != sigv4.Canonical(escaped) {
		t.Error("a plus sign is not %2B")
	}
	if sigv4.Canonical(plus) == sigv4.Canonical(space) {
		t.Error("a plus sign is a space")
	}
}

func TestWhatLacksSomethingIsNotTakenForSigned(t *testing.T) {
	const good = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request, " +
		"SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=00"
	const missing, incomplete, mismatch = sigv4.MissingAuthenticationToken, sigv4.IncompleteSignature,
		sigv4.SignatureDoesNotMatch
	for _, test := range []struct {
		name     string
		old, new string // in the header above
		code     sigv4.Code
	}{
		{"an empty header", good, "", incomplete},
		{"another scheme", good, "Bearer abc", incomplete},
		{"another algorithm", "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", incomplete},
		{"only the algorithm", good, "AWS4-HMAC-SHA256", incomplete},
		{"no signature", ", Signature=00", "", incomplete},
		{"an empty signature", "Signature=00", "Signature=", incomplete},
		{"a signature twice", "Signature=00", "Signature=00, Signature=00", incomplete},
		{"a signature that is no hex", "Signature=00", "Signature=0x", mismatch},
		{"a signature that is too short", "", "", mismatch},
		{"a parameter without a value", "Signature=00", "Signature", incomplete},
		{"a scope of four parts", "/us-east-1", "", incomplete},
		{"a scope of six parts", "/sts", "/sts/x", incomplete},
		{"an empty region", "us-east-1", "", incomplete},
		{"another terminator", "aws4_request", "aws5", incomplete},
		{"a very long key id", "AKID", strings.Repeat("A", 200), incomplete},
		{"an unsigned host", "host;", "", incomplete},
		{"an unsigned date", "x-amz-date;", "", incomplete},
		{"an unsigned token", ";x-amz-security-token", "", incomplete},
		{"headers out of order", "host;x-amz-date", "x-amz-date;host", incomplete},
		{"a header named twice", "host;", "host;host;", incomplete},
		{"a header in upper case", "host;", "Host;", incomplete},
		{"no header", good, "none", missing},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := vanilla()
			r.Header["X-Amz-Security-Token"] = []string{"t"}
			r.Header["Authorization"] = []string{strings.Replace(good, test.old, test.new, 1)}
			status := map[sigv4.Code]int{missing: 403, incomplete: 400, mismatch: 403}[test.code]
			if test.code == missing {
				delete(r.Header, "Authorization")
			}
			wantCode(t, verify(r, secret, exampleTime()), test.code, status, "")
		})
	}
}

func TestHeadersThatMustBeThereOnceAreRefusedOtherwise(t *testing.T) {
	for name, values := range map[string][]string{
		"X-Amz-Date":           {"20150830T123600Z", "20150830T123600Z"},
		"X-Amz-Security-Token": {"t", "u"},
		"Authorization":        {vanilla().Header["Authorization"][0], vanilla().Header["Authorization"][0]},
	} {
		r := vanilla()
		r.Header[name] = values
		wantCode(t, verify(r, secret, exampleTime()), sigv4.IncompleteSignature, 400, "There must be one")
	}
	for _, values := range [][]string{nil, {""}, {"Sun, 30 Aug 2015"}, {"20150830T123600"}, {"20150830T123600+0100"}} {
		r := vanilla()
		r.Header["X-Amz-Date"] = values
		wantCode(t, verify(r, secret, exampleTime()), sigv4.IncompleteSignature, 400, "")
	}
}

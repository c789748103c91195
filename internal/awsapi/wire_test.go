package awsapi_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/awsapi"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/google/go-cmp/cmp"
)

const form = "application/x-www-form-urlencoded; charset=utf-8"

func sign(t *testing.T, r *http.Request, body string) {
	t.Helper()
	hash := sha256.Sum256([]byte(body))
	holder := aws.Credentials{AccessKeyID: key, SecretAccessKey: secret, SessionToken: token}
	err := v4.NewSigner().SignHTTP(t.Context(), holder, r, hex.EncodeToString(hash[:]), "sts", "us-east-1", time.Now())
	if err != nil {
		t.Fatal(err)
	}
}

// send sends a request and returns the answer with its request id as a row of zeros.
func (w *world) send(t *testing.T, method, target, body string, signed bool) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", form)
	}
	if signed {
		sign(t, r, body)
	}
	answer, err := w.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	id := answer.Header.Get("X-Amzn-Requestid")
	if !uuid().MatchString(id) {
		t.Errorf("request id %q", id)
	}
	return answer, strings.ReplaceAll(string(text), id, "00000000-0000-0000-0000-000000000000")
}

func uuid() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
}

func TestTheAnswerHasAWSsForm(t *testing.T) {
	const want = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Read_00ff/ada@example.com</Arn>
    <UserId>AROAABCDEFGHIJKLMNOPQ:ada@example.com</UserId>
    <Account>111122223333</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>00000000-0000-0000-0000-000000000000</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
`
	const query = "Action=GetCallerIdentity&Version=2011-06-15"
	for name, test := range map[string]struct{ method, target, body string }{
		"as a form":                       {"POST", "/", query},
		"as a query":                      {"GET", "/?" + query, ""},
		"as a query in another order":     {"GET", "/?Version=2011-06-15&Action=GetCallerIdentity", ""},
		"as a query that is posted":       {"POST", "/aws?" + query, ""},
		"as a form that overrides it all": {"POST", "/?Action=Other", query},
	} {
		t.Run(name, func(t *testing.T) {
			answer, text := start(t).send(t, test.method, test.target, test.body, true)
			if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/xml" {
				t.Errorf("status %d, content type %q", answer.StatusCode, answer.Header.Get("Content-Type"))
			}
			if diff := cmp.Diff(want, text); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARefusalHasAWSsForm(t *testing.T) {
	const want = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>InvalidClientTokenId</Code>
    <Message>The security token included in the request is invalid</Message>
  </Error>
  <RequestId>00000000-0000-0000-0000-000000000000</RequestId>
</ErrorResponse>
`
	w := start(t)
	w.session.RevokedAt = time.Now()
	answer, text := w.send(t, "POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", true)
	if answer.StatusCode != http.StatusForbidden || answer.Header.Get("Content-Type") != "text/xml" {
		t.Errorf("status %d, content type %q", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Error(diff)
	}
}

func TestACallThatIsNoneIsRefusedWithItsReason(t *testing.T) {
	for _, test := range []struct {
		name, method, target, body string
		status                     int
		want                       string
	}{
		{"not signed", "POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", 403,
			"<Code>MissingAuthenticationToken</Code>"},
		{"an action we do not have", "POST", "/", "Action=AssumeRole&Version=2011-06-15", 400,
			"<Message>Could not find operation AssumeRole for version 2011-06-15</Message>"},
		{"an action in another case", "POST", "/", "Action=getcalleridentity&Version=2011-06-15", 400,
			"<Code>InvalidAction</Code>"},
		{"another version", "POST", "/", "Action=GetCallerIdentity&Version=2010-05-08", 400,
			"<Message>Could not find operation GetCallerIdentity for version 2010-05-08</Message>"},
		{"no version", "POST", "/", "Action=GetCallerIdentity", 400, "for version NO_VERSION_SPECIFIED"},
		{"no action", "GET", "/", "", 400, "<Code>MissingAction</Code>"},
		{"markup in the action", "POST", "/", "Action=%3Cscript%3E&Version=1", 400, "operation &lt;script&gt; for"},
		{"a form that is none", "POST", "/", "Action=%zz", 404, "<Code>MalformedQueryString</Code>"},
		{"a query that is none", "GET", "/?Action=%zz", "", 404, "<Code>MalformedQueryString</Code>"},
		{"a body without end", "POST", "/", "Action=" + strings.Repeat("a", 65<<10), 413,
			"<Code>RequestEntityTooLarge</Code>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := start(t)
			answer, text := w.send(t, test.method, test.target, test.body, false)
			if answer.StatusCode != test.status || !strings.Contains(text, test.want) {
				t.Errorf("%d %s, want %d with %s", answer.StatusCode, text, test.status, test.want)
			}
			if w.logged.Len() > 0 {
				t.Errorf("logged %s", &w.logged)
			}
		})
	}
}

func TestARequestThroughAProxyIsSignedByItsPath(t *testing.T) {
	w := start(t)
	const target = "http://sts.example.com/aws?Action=GetCallerIdentity&Version=2011-06-15"
	r := httptest.NewRequestWithContext(t.Context(), "GET", target, nil)
	sign(t, r, "")
	answer := httptest.NewRecorder()
	w.server.Config.Handler.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}

func TestCallsOfAWSClientsAreToldFromThoseOfBrowsers(t *testing.T) {
	for name, test := range map[string]struct {
		header http.Header
		query  string
		want   bool
	}{
		"signed":                {http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=x"}}, "", true},
		"with a target":         {http.Header{"X-Amz-Target": {"SWBExternalService.ListInstances"}}, "", true},
		"not signed, of an SDK": {http.Header{"Amz-Sdk-Invocation-Id": {"1"}}, "", true},
		"not signed, of a CLI":  {http.Header{"User-Agent": {"aws-cli/2.9.19 Python/3.11.2"}}, "", true},
		"not signed, of Boto":   {http.Header{"User-Agent": {"Boto3/1.34.0"}}, "", true},
		"action in the query":   {http.Header{}, "?Action=GetCallerIdentity", true},
		"a browser's form":      {http.Header{"Content-Type": {form}, "User-Agent": {"Mozilla/5.0 (X11)"}}, "", false},
		"a password":            {http.Header{"Authorization": {"Basic x"}}, "", false},
		"a browser's address":   {http.Header{"User-Agent": {"Mozilla/5.0"}}, "?q=x", false},
		"nothing":               {http.Header{}, "", false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+test.query, nil)
		r.Header = test.header
		if got := awsapi.IsCall(r); got != test.want {
			t.Errorf("%s: IsCall() = %t, want %t", name, got, test.want)
		}
	}
}

package awsapi_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const (
	key    = "ASIAABCDEFGHIJKLMNOP"
	secret = "kept/By+Nobody/But=TheHolder"
	token  = "IQoJ/a+session=token"
)

// A world is the handler behind a real connection, with one role session.
type world struct {
	session model.RoleSession
	failure error // of finding a session
	ahead   time.Duration
	tries   int                 // of the client, each after a pause
	used    []model.AccessKeyID // of sessions whose use was told
	logged  strings.Builder
	server  *httptest.Server
}

// start serves role credentials that are good for another hour, on a server whose clock is ahead of the client's.
func start(t *testing.T) *world {
	t.Helper()
	w := &world{tries: 1, session: model.RoleSession{
		AccessKeyID: key, Account: "111122223333", RoleID: "AROAABCDEFGHIJKLMNOPQ", SessionName: "ada@example.com",
		RoleARN:   "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Read_00ff",
		ExpiresAt: time.Now().Add(time.Hour),
	}}
	handler := awsapi.New(awsapi.Config{
		Session: w.find,
		Used:    func(_ context.Context, s model.RoleSession) { w.used = append(w.used, s.AccessKeyID) },
		Now:     func() time.Time { return time.Now().Add(w.ahead) },
		Random:  rand.Reader,
		Log:     slog.New(slog.NewTextHandler(&w.logged, nil)),
	})
	w.server = httptest.NewServer(handler)
	t.Cleanup(w.server.Close)
	return w
}

func (w *world) find(_ context.Context, k model.AccessKeyID, t vault.Secret) (model.RoleSession, vault.Secret, error) {
	if w.failure != nil {
		return model.RoleSession{}, "", w.failure
	}
	if k != w.session.AccessKeyID || t != token {
		return model.RoleSession{}, "", model.Missing("access key", string(k))
	}
	return w.session, secret, nil
}

// call asks who the caller is, with the SDK's own client.
func (w *world) call(t *testing.T, path, key, secret, token string) (*sts.GetCallerIdentityOutput, error) {
	t.Helper()
	client := sts.New(sts.Options{
		Region: "eu-central-1", BaseEndpoint: aws.String(w.server.URL + path), RetryMaxAttempts: w.tries,
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, token),
	})
	return client.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
}

func TestTheSDKLearnsWhoItIs(t *testing.T) {
	for _, path := range []string{"", "/", "/aws", "/aws/"} {
		w := start(t)
		got, err := w.call(t, path, key, secret, token)
		if err != nil {
			t.Fatalf("at %q: %v", path, err)
		}
		const wantARN = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Read_00ff/ada@example.com"
		if *got.Account != "111122223333" || *got.UserId != "AROAABCDEFGHIJKLMNOPQ:ada@example.com" || *got.Arn != wantARN {
			t.Errorf("at %q: %s %s %s", path, *got.Account, *got.UserId, *got.Arn)
		}
		if len(w.used) != 1 || w.used[0] != key {
			t.Errorf("told of the use of %v, want %s", w.used, key)
		}
	}
}

func TestTheSDKIsRefusedInAWSsWords(t *testing.T) {
	for _, test := range []struct {
		name               string
		key, secret, token string
		change             func(*world)
		code, words        string
	}{
		{name: "expired", change: func(w *world) { w.session.ExpiresAt = time.Now() },
			code: "ExpiredToken", words: "The security token included in the request is expired"},
		{name: "revoked", change: func(w *world) { w.session.RevokedAt = time.Now().Add(-time.Second) },
			code: "InvalidClientTokenId", words: "The security token included in the request is invalid"},
		{name: "another secret", secret: secret + "x",
			code: "SignatureDoesNotMatch", words: "Check your AWS Secret Access Key"},
		{name: "another token", token: token + "x",
			code: "InvalidClientTokenId", words: "The security token included in the request is invalid"},
		{name: "no token", token: "-",
			code: "InvalidClientTokenId", words: "The security token included in the request is invalid"},
		{name: "an unknown key", key: "ASIAZZZZZZZZZZZZZZZZ",
			code: "InvalidClientTokenId", words: "The security token included in the request is invalid"},
		{name: "a clock that is late", change: func(w *world) { w.ahead = 16 * time.Minute },
			code: "SignatureDoesNotMatch", words: "Signature expired"},
		{name: "a clock that is early", change: func(w *world) { w.ahead = -16 * time.Minute },
			code: "SignatureDoesNotMatch", words: "Signature not yet current"},
		{name: "expired, and another secret: nothing is told", secret: secret + "x",
			change: func(w *world) { w.session.ExpiresAt = time.Now() },
			code:   "SignatureDoesNotMatch", words: "Check your AWS Secret Access Key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := start(t)
			if test.change != nil {
				test.change(w)
			}
			sent := strings.TrimPrefix(or(test.token, token), "-")
			_, err := w.call(t, "/", or(test.key, key), or(test.secret, secret), sent)
			wantAPIError(t, err, test.code, http.StatusForbidden, test.words)
			if len(w.used) > 0 {
				t.Errorf("told of the use of %v", w.used)
			}
			if w.logged.Len() > 0 {
				t.Errorf("logged %s", &w.logged)
			}
		})
	}
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func wantAPIError(t *testing.T, err error, code string, status int, words string) {
	t.Helper()
	e, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		t.Fatalf("error %v, want %s", err, code)
	}
	if e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), words) {
		t.Errorf("error %v, want %s with %q", e, code, words)
	}
	r, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || r.HTTPStatusCode() != status {
		t.Errorf("status of %v, want %d", err, status)
	}
}

func TestAnSDKWhoseClockIsOffMendsItself(t *testing.T) {
	w := start(t)
	w.ahead, w.tries = time.Hour, 2
	inner := w.server.Config.Handler
	w.server.Config.Handler = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		out.Header().Set("Date", time.Now().Add(w.ahead).UTC().Format(http.TimeFormat))
		inner.ServeHTTP(out, r)
	})
	w.session.ExpiresAt = time.Now().Add(2 * time.Hour)
	if _, err := w.call(t, "/", key, secret, token); err != nil {
		t.Error(err)
	}
}

func TestAFaultOfOursIsLoggedAndNotTold(t *testing.T) {
	for _, test := range []struct {
		failure error
		code    string
		status  int
	}{
		{errors.New("disk 7 is on fire"), "InternalFailure", http.StatusInternalServerError},
		{&model.Error{Kind: model.Unavailable, Message: "disk 7 is full"},
			"ServiceUnavailable", http.StatusServiceUnavailable},
	} {
		w := start(t)
		w.failure = test.failure
		_, err := w.call(t, "/", key, secret, token)
		wantAPIError(t, err, test.code, test.status, "")
		if strings.Contains(err.Error(), "disk 7") {
			t.Errorf("told: %v", err)
		}
		if logged := w.logged.String(); !strings.Contains(logged, "disk 7") || strings.Contains(logged, secret) {
			t.Errorf("logged %q", logged)
		}
	}
}

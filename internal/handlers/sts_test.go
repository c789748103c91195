package handlers_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// A bench is a desk at which nora.person holds a role in an account, until a moment an hour from now.
type bench struct {
	*desk
	account model.AccountID
	set     model.PermissionSet
	rule    model.AssignmentID
	actor   model.Actor
}

func openBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{desk: openDesk(t), account: "333344445555"}
	b.now = time.Now().UTC().Truncate(time.Second) // AWS clients sign with the time of day
	key, err := vault.NewKey(rand.Reader)
	b.must(err)
	b.center.Vault, err = vault.New(rand.Reader, key)
	b.must(err)
	ctx := t.Context()
	org, err := b.center.Organization(ctx)
	b.must(err)
	_, err = b.center.AddAccount(ctx, host,
		model.Account{ID: b.account, Name: "Dev", Email: "dev@securecart.example", OU: org.RootID}, "")
	b.must(err)
	b.set, err = b.center.CreatePermissionSet(ctx, host,
		model.PermissionSet{Name: "Developer", Description: "Deploys the shop", SessionDuration: 8 * time.Hour}, "")
	b.must(err)
	nora := b.people["person"]
	rules, err := b.center.Assign(ctx, host, center.AssignRequest{Sets: []model.PermissionSetID{b.set.ID},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(nora.ID)}},
		Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(b.account)}}, ExpiresAt: b.now.Add(time.Hour)})
	b.must(err)
	b.rule = rules[0].ID
	b.actor = model.Actor{User: nora.ID, UserName: nora.UserName, Name: nora.DisplayName, Session: "browser", MFA: true}
	return b
}

func (b *bench) issue() center.RoleCredentials {
	b.t.Helper()
	issued, err := b.center.IssueRoleCredentials(b.t.Context(), b.actor, b.account, b.set.ID)
	b.must(err)
	return issued
}

// call asks the console's STS who signed, with AWS's own client.
func (b *bench) call(path string, key model.AccessKeyID, secret, token vault.Secret,
) (*sts.GetCallerIdentityOutput, error) {
	client := sts.New(sts.Options{Region: "eu-central-1", RetryMaxAttempts: 1,
		BaseEndpoint: aws.String(b.server.URL + path),
		Credentials:  credentials.NewStaticCredentialsProvider(string(key), secret.Reveal(), token.Reveal())})
	return client.GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
}

func TestAWSsClientLearnsWhoTheCredentialsAreFor(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	issued := b.issue()
	for _, path := range []string{"", "/", "/aws", "/aws/"} {
		got, err := b.call(path, issued.AccessKeyID, issued.SecretAccessKey, issued.SessionToken)
		if err != nil {
			t.Fatalf("at %q: %v", path, err)
		}
		wantARN := "arn:aws:sts::333344445555:assumed-role/" + b.set.RoleName(b.account) + "/nora.person"
		if *got.Account != "333344445555" || *got.Arn != wantARN || !strings.HasPrefix(*got.UserId, "AROA") ||
			!strings.HasSuffix(*got.UserId, ":nora.person") {
			t.Errorf("at %q: %s %s %s, want %s", path, *got.Account, *got.Arn, *got.UserId, wantARN)
		}
	}
	p, err := b.center.Portal(t.Context(), b.actor)
	if err != nil || len(p.Issued) != 1 || !p.Issued[0].LastUsedAt.Equal(b.now) {
		t.Errorf("the portal says %+v, %v; want that they were used now", p.Issued, err)
	}
}

func TestAWSsClientIsRefusedInAWSsWords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before func(b *bench, issued *center.RoleCredentials) error
		want   string
	}{
		"revoked": {func(b *bench, i *center.RoleCredentials) error {
			return b.center.RevokeRoleSession(b.t.Context(), b.actor, b.actor.User, i.AccessKeyID, "")
		}, "InvalidClientTokenId"},
		"the assignment was removed": {func(b *bench, _ *center.RoleCredentials) error {
			_, err := b.center.Unassign(b.t.Context(), host, []model.AssignmentID{b.rule}, "")
			return err
		}, "InvalidClientTokenId"},
		"the person is disabled": {func(b *bench, _ *center.RoleCredentials) error {
			return b.center.DisableUser(b.t.Context(), host, b.actor.User, "")
		}, "InvalidClientTokenId"},
		"another secret": {func(_ *bench, i *center.RoleCredentials) error {
			i.SecretAccessKey = "*" + i.SecretAccessKey[1:] // no secret has that
			return nil
		}, "SignatureDoesNotMatch"},
		"another token": {func(_ *bench, i *center.RoleCredentials) error {
			i.SessionToken += "x"
			return nil
		}, "InvalidClientTokenId"},
		"no token": {func(_ *bench, i *center.RoleCredentials) error {
			i.SessionToken = ""
			return nil
		}, "InvalidClientTokenId"},
		"an unknown key": {func(_ *bench, i *center.RoleCredentials) error {
			i.AccessKeyID = "ASIAZZZZZZZZZZZZZZZZ"
			return nil
		}, "InvalidClientTokenId"},
	} {
		t.Run(name, func(t *testing.T) {
			b := openBench(t)
			issued := b.issue()
			b.must(test.before(b, &issued))
			_, err := b.call("/", issued.AccessKeyID, issued.SecretAccessKey, issued.SessionToken)
			if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != test.want {
				t.Errorf("error %v, want %s", err, test.want)
			}
		})
	}
}

func TestCredentialsThatExpiredAreRefusedAsSuch(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	real := b.now
	b.now = real.Add(-59 * time.Minute) // the rule ends two hours from here, less a minute
	short, err := b.center.CreatePermissionSet(t.Context(), host,
		model.PermissionSet{Name: "Short", SessionDuration: time.Hour}, "")
	b.must(err)
	_, err = b.center.Assign(t.Context(), host, center.AssignRequest{Sets: []model.PermissionSetID{short.ID},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(b.actor.User)}},
		Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(b.account)}}})
	b.must(err)
	issued, err := b.center.IssueRoleCredentials(t.Context(), b.actor, b.account, short.ID)
	b.must(err)
	if !issued.ExpiresAt.Equal(real.Add(time.Minute)) {
		t.Fatalf("expire at %s, want %s", issued.ExpiresAt, real.Add(time.Minute))
	}
	b.now = real
	if _, err := b.call("/", issued.AccessKeyID, issued.SecretAccessKey, issued.SessionToken); err != nil {
		t.Errorf("a minute before the end: %v", err)
	}
	b.now = real.Add(time.Minute)
	_, err = b.call("/", issued.AccessKeyID, issued.SecretAccessKey, issued.SessionToken)
	if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != "ExpiredToken" {
		t.Errorf("at the end: %v, want ExpiredToken", err)
	}
}

func TestWhatIsPostedToTheFrontPageByABrowserGoesNowhere(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	for _, path := range []string{"/", "/aws", "/aws/"} {
		got := b.as("person").post(path, "Action", "GetCallerIdentity", "Version", "2011-06-15")
		got.shows(t, http.StatusMethodNotAllowed)
	}
	b.as("person").get("/aws").shows(t, http.StatusMethodNotAllowed)
}

func TestAnUnsignedCallGetsAWSsAnswerWhateverCookieComesWithIt(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.server.URL+"/",
		strings.NewReader("Action=GetCallerIdentity&Version=2011-06-15"))
	b.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Amz-Date", "20261120T120000Z")
	res, err := b.as("person").http.Do(req)
	b.must(err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	b.must(err)
	const want = "<Code>MissingAuthenticationToken</Code>"
	if res.StatusCode != http.StatusForbidden || !strings.Contains(string(text), want) {
		t.Errorf("%d %s, want MissingAuthenticationToken", res.StatusCode, text)
	}
	if len(res.Cookies()) > 0 {
		t.Errorf("cookies were set: %v", res.Cookies())
	}
}

package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gatehouse/internal/model"
)

// openedTo is the console over SecureCart with somebody of each role, before anybody signed in.
func openedTo(t *testing.T) *census {
	t.Helper()
	c := &census{shop: openShop(t), people: map[string]model.User{}}
	for _, p := range c.planted.People {
		if _, has := c.people[p.Role]; !has {
			c.people[p.Role] = p.User
		}
	}
	return c
}

// postJSON sends a text as a program with a session does.
func (c *census) postJSON(path, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://gatehouse.example"+path, strings.NewReader(body))
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Origin", "http://gatehouse.example")
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

const officeOnly = `{"id":"office","principal":"arn:aws:iam::111111111111:user/alice","action":"s3:GetObject",
	"resource":"arn:aws:s3:::x/y","resourceAccount":"111111111111","context":{},"identityPolicies":[{"name":"Office","document":
	{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*",
	"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}]}}]}`

func TestAPostedScenarioIsExplained(t *testing.T) {
	t.Parallel()
	c := openedTo(t)
	c.signInAs(t, admin)
	w := c.postJSON("/simulate/explain", "application/json; charset=utf-8", officeOnly)
	var answer struct {
		ID, Decision string
		Depends      struct{ Words string }
		Evaluation   struct{ MissingContextValues []string } `json:"evaluationResult"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %v: %s", w.Code, err, w.Body)
	}
	if answer.ID != "office" || answer.Decision != "implicitDeny" || len(answer.Evaluation.MissingContextValues) != 1 ||
		answer.Depends.Words != "Allowed if aws:SourceIp is in 203.0.113.0/24." {
		t.Errorf("%+v", answer)
	}
	for _, test := range []struct {
		name, role, contentType, body string
		status                        int
		words                         string
	}{
		{"no scenario", admin, "application/json", `[]`, http.StatusUnprocessableEntity, `{"error":"read scenario: `},
		{"no policy", admin, "application/json", strings.Replace(officeOnly, `"Allow"`, `"Alow"`, 1),
			http.StatusUnprocessableEntity, `policy \"Office\": line `},
		{"too much", admin, "application/json", `"` + strings.Repeat("x", 600<<10) + `"`, http.StatusRequestEntityTooLarge, ""},
		{"a form", admin, "application/x-www-form-urlencoded", "a=b", http.StatusUnsupportedMediaType, ""},
		{"somebody who may not simulate for others", ordinary, "application/json", officeOnly, http.StatusForbidden,
			`may not iam:SimulatePrincipalPolicy`},
		{"nobody", nobody, "application/json", officeOnly, http.StatusSeeOther, ""},
	} {
		c.signInAs(t, test.role)
		w := c.postJSON("/simulate/explain", test.contentType, test.body)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.words) {
			t.Errorf("%s: %d, want %d: %s", test.name, w.Code, test.status, w.Body)
		}
	}
}

func TestTheSimulatorSaysWhatAnAnswerDependsOn(t *testing.T) {
	t.Parallel()
	c := openedTo(t)
	c.signInAs(t, admin)
	ask := func(condition, keys string) string {
		w := c.serve(http.MethodPost, "/simulate", url.Values{"principal": {"arn:aws:iam::444455556666:user/alice"},
			"user": {"elena.novak"}, "actions": {"s3:GetObject"}, "resources": {"arn:aws:s3:::x/y"}, "owner": {"444455556666"},
			"keys": {keys}, "identity": {`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*",
			"Condition":{` + condition + `}}]}`}})
		text := strings.Join(strings.Fields(markup.ReplaceAllString(w.Body.String(), " ")), " ")
		if w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, text)
		}
		return text
	}
	for _, test := range []struct{ name, condition, keys, want string }{
		{"a value would allow it", `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`, "",
			"Allowed if aws:SourceIp is in 203.0.113.0/24 ."},
		{"a value would deny it", `"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}`, "",
			"Not allowed if aws:RequestedRegion is us-east-1 ."},
		{"it is met only because the key is not there", `"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}`, "",
			"pasted identity policy asks for aws:RequestedRegion, and this request does not say it; a condition there is met only because of that."},
		{"no value makes a difference", `"StringEquals":{"aws:RequestedRegion":"eu-west-1","aws:SourceVpc":"vpc-1"}`,
			"aws:SourceVpc = vpc-2",
			"pasted identity policy asks for aws:RequestedRegion, and this request does not say it; no value of it changes the answer."},
	} {
		// An element ends before the point that follows it.
		if got := ask(test.condition, test.keys); !strings.Contains(strings.ReplaceAll(got, " .", "."), strings.ReplaceAll(test.want, " .", ".")) {
			t.Errorf("%s: %q is not in %s", test.name, test.want, got)
		}
	}
}

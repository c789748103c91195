package handlers_test

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/handlers"
	"gatehouse/internal/model"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

const management = model.AccountID("111122223333")

var host = model.Actor{Host: true}

// desk is a running console whose organization has a management account and one person for each way of operating it.
type desk struct {
	t      *testing.T
	center *center.Center
	server *httptest.Server
	people map[string]model.User // administrator, auditor, help-desk, person
	now    time.Time
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, people: map[string]model.User{}, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.now }
	s, err := store.Open(t.Context(), storetest.Location(t), clock)
	d.must(err)
	storetest.Guard(t, s)
	t.Cleanup(func() { d.must(s.Close()) })
	d.center = center.New(center.Config{Store: s, Now: clock, Random: rand.Reader, Limits: signin.DefaultLimits(),
		Log: slog.New(slog.DiscardHandler)})
	d.found()
	for _, role := range []struct{ name, set, file string }{
		{"administrator", center.AdministratorSet, "administrator"}, {"auditor", center.AuditorSet, "auditor"},
		{"help-desk", center.HelpDeskSet, "help-desk"},
	} {
		d.operator(role.name, role.set, role.file)
	}
	d.people["person"] = d.user("nora.person", "Nora", "Person")
	d.server = httptest.NewServer(handlers.New(handlers.Config{Center: d.center, Log: slog.New(slog.DiscardHandler), Now: clock,
		BaseURL: "http://gatehouse.example"}))
	t.Cleanup(d.server.Close)
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// found makes the organization with its management account.
func (d *desk) found() {
	d.t.Helper()
	org, err := model.NewOrganization(rand.Reader, "SecureCart", management, "")
	d.must(err)
	ctx := d.t.Context()
	d.must(d.center.Store.Housekeep(ctx, func(tx *store.Tx) error {
		for _, step := range []func() error{
			func() error { return tx.InsertOrganization(ctx, org) },
			func() error {
				return tx.InsertPolicy(ctx, model.Policy{ID: model.FullAWSAccess, Kind: model.ServiceControlPolicy,
					Name: model.FullAWSAccessTitle, Document: model.FullAWSAccessBody, AWSManaged: true}, "")
			},
			func() error { return tx.InsertOU(ctx, model.OU{ID: org.RootID, Name: "Root"}) },
			func() error {
				return tx.AttachPolicy(ctx, model.Attachment{Policy: model.FullAWSAccess, Target: model.Target{Kind: model.TargetOU, ID: string(org.RootID)}})
			},
			func() error {
				return tx.InsertAccount(ctx, model.Account{ID: management, Name: "SecureCart-Management", Email: "aws@securecart.example",
					State: model.AccountActive, OU: org.RootID})
			},
			func() error {
				return tx.AttachPolicy(ctx, model.Attachment{Policy: model.FullAWSAccess, Target: model.Target{Kind: model.TargetAccount, ID: string(management)}})
			},
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	}))
}

// operator makes a person who holds one of the operators' sets in the management account.
func (d *desk) operator(name, set, file string) {
	d.t.Helper()
	policy, err := os.ReadFile(filepath.Join("..", "center", "operators", file+".json"))
	d.must(err)
	made, err := d.center.CreatePermissionSet(d.t.Context(), host, model.PermissionSet{Name: set, SessionDuration: time.Hour,
		InlinePolicy: string(policy)}, "")
	d.must(err)
	u := d.user("olga."+name, "Olga", name)
	_, err = d.center.Assign(d.t.Context(), host, center.AssignRequest{Sets: []model.PermissionSetID{made.ID},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(u.ID)}},
		Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(management)}}})
	d.must(err)
	d.people[name] = u
}

// user makes a person.
func (d *desk) user(name, given, family string) model.User {
	d.t.Helper()
	u, err := d.center.CreateUser(d.t.Context(), host, model.User{UserName: name, GivenName: given, FamilyName: family,
		Email: name + "@securecart.example"}, nil)
	d.must(err)
	return u
}

// group makes a group with members.
func (d *desk) group(name string, members ...model.UserID) model.Group {
	d.t.Helper()
	g, err := d.center.CreateGroup(d.t.Context(), host, model.Group{Name: name}, members...)
	d.must(err)
	return g
}

// client is a browser in which one of the people is signed in.
type client struct {
	*desk
	http  *http.Client
	agent string // what the browser says of itself
}

// as signs somebody in, with a second factor proved.
func (d *desk) as(role string) *client {
	d.t.Helper()
	token, digest, err := vault.NewToken(rand.Reader)
	d.must(err)
	id, err := model.NewUUID(rand.Reader)
	d.must(err)
	u, err := d.center.Store.User(d.t.Context(), d.people[role].ID)
	d.must(err)
	ctx := context.WithoutCancel(d.t.Context())
	d.must(d.center.Store.Housekeep(ctx, func(tx *store.Tx) error {
		return tx.InsertSession(ctx, model.Session{ID: model.SessionID(id), User: u.ID, Stage: model.StageSignedIn, Methods: "password totp",
			SignedInAt: d.now, FactorAt: d.now, Epoch: u.SessionEpoch}, digest)
	}))
	jar, err := cookiejar.New(nil)
	d.must(err)
	base, err := url.Parse(d.server.URL)
	d.must(err)
	jar.SetCookies(base, []*http.Cookie{{Name: "gatehouse", Value: string(token), Path: "/"}})
	return &client{desk: d, http: &http.Client{Jar: jar}, agent: "test"}
}

// answer is what came back, after redirects.
type answer struct {
	status int
	path   string // of the page that was reached
	body   string
}

// get asks for a page.
func (c *client) get(path string) answer {
	c.t.Helper()
	res, err := c.http.Get(c.server.URL + path)
	c.must(err)
	return c.read(res)
}

// region asks for a region of a page, as htmx does.
func (c *client) region(path, id string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.server.URL+path, nil)
	c.must(err)
	req.Header.Set("HX-Request", "true")
	req.Header.Set("HX-Request-Type", "partial")
	req.Header.Set("HX-Target", "div#"+id)
	res, err := c.http.Do(req)
	c.must(err)
	return c.read(res)
}

// post sends a form: pairs of names and values.
func (c *client) post(path string, pairs ...string) answer {
	c.t.Helper()
	return c.send(path, nil, pairs)
}

// regionPost sends a form as htmx does, for a region of the answer.
func (c *client) regionPost(path, id string, pairs ...string) answer {
	c.t.Helper()
	return c.send(path, map[string]string{"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#" + id}, pairs)
}

func (c *client) send(path string, headers map[string]string, pairs []string) answer {
	c.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.server.URL+path, strings.NewReader(form.Encode()))
	c.must(err)
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("User-Agent", c.agent)
	res, err := c.http.Do(req)
	c.must(err)
	return c.read(res)
}

func (c *client) read(res *http.Response) answer {
	c.t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	c.must(err)
	return answer{status: res.StatusCode, path: res.Request.URL.Path, body: string(body)}
}

// shows fails the test unless the answer has a status and all texts.
func (a answer) shows(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s answered %d, want %d:\n%s", a.path, a.status, status, a.main())
		return
	}
	for _, text := range texts {
		if !strings.Contains(a.body, text) {
			t.Errorf("%s does not show %q:\n%s", a.path, text, a.main())
		}
	}
}

// lacks fails the test when the answer has one of the texts.
func (a answer) lacks(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(a.body, text) {
			t.Errorf("%s shows %q", a.path, text)
		}
	}
}

var markup = regexp.MustCompile(`<[^>]*>`)

// main is what a reader sees of the page without its frame, at most so much as helps.
func (a answer) main() string {
	_, after, _ := strings.Cut(a.body, "<main")
	text, _, _ := strings.Cut(after, "</main>")
	words := strings.Join(strings.Fields(markup.ReplaceAllString(text, " ")), " ")
	return words[:min(len(words), 800)]
}

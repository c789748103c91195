package e2e

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// shared is the console with the sample organization that tests share which leave it as they find it, or add things of
// their own to it.
var shared = sync.OnceValues(func() (*console, error) {
	dir, err := os.MkdirTemp("", "gatehouse-e2e-")
	if err != nil {
		return nil, err
	}
	atEnd(func() error { return os.RemoveAll(dir) })
	c, err := plant(dir)
	if err != nil {
		return nil, err
	}
	atEnd(func() error { return c.quit() })
	return c, nil
})

// planted is a database with the sample organization, made once; every console begins with a copy of it.
var planted = sync.OnceValues(func() (*console, error) {
	dir, err := os.MkdirTemp("", "gatehouse-e2e-")
	if err != nil {
		return nil, err
	}
	atEnd(func() error { return os.RemoveAll(dir) })
	c := newConsole(dir)
	return c, c.seed()
})

// plant runs a console over a copy of the sample organization in a folder.
func plant(dir string) (*console, error) { return plantWith(dir) }

// plantWith is plant with further flags.
func plantWith(dir string, flags ...string) (*console, error) {
	from, err := planted()
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Dir(from.db))); err != nil {
		return nil, err
	}
	if err := os.Chmod(filepath.Join(dir, "master.key"), 0o600); err != nil {
		return nil, err
	}
	c := newConsole(dir)
	c.people, c.flags = from.people, flags
	return c, c.start()
}

// sample is the shared console. Its people sign in once for all tests: who ends sessions or changes passwords needs a
// console of their own, from ownSample.
func sample(t *testing.T) *console {
	t.Helper()
	c, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ownSample is a console with the sample organization that no other test sees.
func ownSample(t *testing.T) *console {
	t.Helper()
	c, err := plant(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c.until(t)
	return c
}

// As opens a tab in which a person of the sample is signed in, by role or user name, at their home. Nothing is counted yet.
func (c *console) As(t *testing.T, who string, v view) *journey {
	t.Helper()
	j := c.Tab(t, who, v)
	j.Open("/")
	j.countAnew()
	return j
}

// Tab opens a tab in which a person of the sample is signed in, and loads nothing.
func (c *console) Tab(t *testing.T, who string, v view) *journey {
	t.Helper()
	j := newJourney(t, c.base, v)
	j.take(c.signIn(t, who))
	return j
}

// pick is the first of the sample's people with a role, or the one with a user name.
func pick(t *testing.T, people []SeededUser, who string) SeededUser {
	t.Helper()
	for _, p := range people {
		if p.Role == who || p.UserName == who {
			return p
		}
	}
	t.Fatalf("nobody is %s among %v", who, people)
	return SeededUser{}
}

// take gives the tab the cookies of a visitor.
func (j *journey) take(v *visitor) {
	j.t.Helper()
	for _, cookie := range v.cookies() {
		j.do("take over the session", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, network.SetCookie,
				network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: v.base})
			return err
		}))
	}
}

// visitor is somebody without a browser: HTTP with cookies.
type visitor struct {
	base   string
	client *http.Client
	since  time.Time
	agent  string // User-Agent; empty: Go's
}

// stillFresh is how long a test may take over somebody who signed in for another one: after five minutes dangerous acts ask
// them to confirm, which is for other tests.
const stillFresh = 2 * time.Minute

func newVisitor(base string) *visitor {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &visitor{base: base, client: &http.Client{Jar: jar, Timeout: 30 * time.Second}, since: time.Now()}
}

func (v *visitor) cookies() []*http.Cookie {
	u, _ := url.Parse(v.base) // we made it
	return v.client.Jar.Cookies(u)
}

// answer is what came back: where the visitor ended up, and what stands there.
type answer struct {
	status int
	path   string
	kind   string // Content-Type
	body   []byte
}

// Get reads an address, following redirects.
func (v *visitor) Get(t *testing.T, path string) answer {
	t.Helper()
	return v.send(t, http.MethodGet, path, nil)
}

// Post sends a form, following redirects.
func (v *visitor) Post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	return v.send(t, http.MethodPost, path, form)
}

func (v *visitor) send(t *testing.T, method, path string, form url.Values) answer {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(t.Context(), method, v.base+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", v.base)
	}
	if v.agent != "" {
		req.Header.Set("User-Agent", v.agent)
	}
	res, err := v.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Request.URL.RequestURI(), res.Header.Get("Content-Type"), text}
}

// signIn is a person of the sample, signed in once for everybody who asks.
func (c *console) signIn(t *testing.T, who string) *visitor {
	t.Helper()
	p := pick(t, c.people, who)
	c.signing.Lock()
	defer c.signing.Unlock()
	if v := c.signed[p.UserName]; v != nil && time.Since(v.since) < stillFresh {
		return v
	}
	v := newVisitor(c.base)
	v.Post(t, "/signin", url.Values{"username": {p.UserName}, "password": {p.Password}})
	if a := v.Post(t, "/signin/mfa", url.Values{"code": {c.Code(p.TOTPSecret)}}); a.status != http.StatusOK {
		t.Fatalf("sign in as %s: %d at %s", p.UserName, a.status, a.path)
	}
	c.signed[p.UserName] = v
	return v
}

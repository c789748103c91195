package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"
)

var allMarkup = flag.Bool("markup", false, "store all 60 cases of markup, and look at ten things of each kind, rather than 4 and one")

// watch notes in every document, before its own scripts, what would open a dialog and what the content policy refuses.
const watch = `window.ran = []; window.refused = []
for (const name of ['alert', 'confirm', 'prompt']) window[name] = text => { window.ran.push(name + ' ' + text) }
document.addEventListener('securitypolicyviolation', e => window.refused.push(e.violatedDirective + ' ' + e.blockedURI))`

// watched opens a tab with a watch in each of its documents.
func watched(t *testing.T, base string) *journey {
	t.Helper()
	j := newJourney(t, base, view{})
	j.do("watch", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, cdppage.AddScriptToEvaluateOnNewDocument,
			cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: watch})
		return err
	}))
	return j
}

// TestStoredMarkupRunsNowhere stores markup in every field that takes it and looks in Chromium at every page that shows it.
func TestStoredMarkupRunsNowhere(t *testing.T) {
	t.Parallel()
	cases := markup()
	if len(cases) != 60 {
		t.Fatalf("there are %d cases", len(cases))
	}
	if !*allMarkup {
		cases = []string{cases[6], cases[40], cases[44], cases[56]} // an element, two ways out of where text stands, htmx
	}
	c := ownSample(t)
	admin := newVisitor(c.base)
	admin.agent = cases[len(cases)-1] // it stands in the list of sessions
	c.enter(t, admin, administrator)
	stored := storeMarkup(t, admin, cases)
	shown := showing(t, admin, cases)
	t.Logf("%d values stored, shown by %d pages of %d kinds", stored, len(shown.paths), len(shown.kinds))
	if len(shown.kinds) < 40 {
		t.Errorf("only %d kinds of pages show what was stored: %v", len(shown.kinds), shown.kinds)
	}
	for i, text := range cases {
		if !shown.cases[text] {
			t.Errorf("case %d is shown nowhere", i)
		}
		for _, list := range []string{"/users", "/search", "/audit"} {
			shown.paths = append(shown.paths, list+"?q="+url.QueryEscape(text))
		}
	}

	for some := range slices.Chunk(shown.paths, 60) { // a tab lives five minutes
		j := watched(t, c.base)
		j.take(admin)
		for _, path := range some {
			j.Open(path)
			j.calm(path)
		}
	}
	// What htmx swaps in is a document of its own kind.
	j := watched(t, c.base)
	j.take(admin)
	j.Open("/groups")
	j.Type("q", mark)
	j.wait("the swapped list", `location.search.includes('q=`+mark+`') && document.querySelector('main').innerText.includes('`+mark+`')`)
	j.calm("/groups, swapped in")
}

// calm fails the test when something on the page ran, was refused, or came from what was stored.
func (j *journey) calm(where string) {
	j.t.Helper()
	type state struct {
		Ran, Refused, Markup, Loaded []string
		Title                        string
	}
	s := Eval[state](j, `({
		ran: window.ran, refused: window.refused, title: document.title,
		markup: [...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a =>
			/^(on|hx-on|data-hx-|srcdoc$|autofocus$)/.test(a.name) && (a.value.includes('document.title') || a.value.includes('fired')))
			|| /^(iframe|object|embed|base|marquee|math|video|audio)$/i.test(e.tagName)
			|| (e.tagName === 'SCRIPT' && e.textContent.includes('document.title'))).map(e => e.outerHTML.slice(0, 80)),
		loaded: performance.getEntriesByType('resource').map(r => r.name).filter(n => /fired|evil/.test(n)),
	})`)
	if len(s.Ran)+len(s.Refused)+len(s.Markup)+len(s.Loaded) > 0 || s.Title == "7" {
		j.t.Errorf("%s: ran %q, refused %q, markup %q, loaded %q, title %q", where, s.Ran, s.Refused, s.Markup, s.Loaded, s.Title)
	}
}

// TestTheWatchSeesMarkupThatRuns shows the same cases on a page that does not escape, without which the test above would
// prove nothing.
func TestTheWatchSeesMarkupThatRuns(t *testing.T) {
	t.Parallel()
	cases := markup()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i, err := strconv.Atoi(r.URL.Query().Get("case"))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err == nil {
			fmt.Fprintf(w, `<!doctype html><title>calm</title><body><p>%s</p><input value="%[1]s"></body>`, cases[i])
		}
	}))
	defer site.Close()
	j := watched(t, site.URL)
	ran := 0
	for i := range cases {
		j.do("open a case", chromedp.Navigate(fmt.Sprintf("%s/?case=%d", site.URL, i)))
		if Eval[bool](j, `new Promise(done => setTimeout(() => done(window.ran.length > 0 || document.title === '7'), 50))`) {
			ran++
		}
	}
	t.Logf("%d of %d run by themselves where nothing is escaped", ran, len(cases))
	if ran < 35 {
		t.Errorf("only %d cases run where nothing is escaped", ran)
	}
	j.mu.Lock()
	j.problems = nil // errors of the broken pages, which are meant
	j.mu.Unlock()
}

// enter signs a person of the sample in through a visitor of one's own.
func (c *console) enter(t *testing.T, v *visitor, who string) {
	t.Helper()
	p := pick(t, c.people, who)
	v.Post(t, "/signin", url.Values{"username": {p.UserName}, "password": {p.Password}})
	if a := v.Post(t, "/signin/mfa", url.Values{"code": {c.Code(p.TOTPSecret)}}); a.status != http.StatusOK {
		t.Fatalf("sign in as %s: %d at %s", p.UserName, a.status, a.path)
	}
}

// storeMarkup puts every case into every field of every noun that takes it and says how many were stored.
func storeMarkup(t *testing.T, v *visitor, cases []string) int {
	t.Helper()
	stored, taken := 0, make([]bool, len(cases))
	for i, text := range cases {
		n := strconv.Itoa(i)
		spaceless := strings.ReplaceAll(text, " ", "/")
		quoted, _ := json.Marshal("arn:aws:s3:::" + text)
		document := `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","Action":"s3:*","Resource":` + string(quoted) + `}]}`
		for _, f := range []struct {
			page, action string
			values       url.Values
		}{
			{"/groups/new", "/groups", url.Values{"name": {text}, "description": {text}}},
			{"/users/new", "/users", url.Values{"username": {spaceless}, "given_name": {text}, "family_name": {text}, "title": {text},
				"display_name": {text}, "email": {"case" + n + "@securecart.example"}}},
			{"/accounts/new", "/accounts/new", url.Values{"account_id": {fmt.Sprintf("9876%08d", i)}, "name": {first(text, 50)},
				"email": {"account" + n + "@securecart.example"}, "reason": {text}}},
			{"/accounts/ous/new", "/accounts/ous/new", url.Values{"name": {first(text, 128)}, "reason": {text}}},
			{"/accounts/policies/new", "/accounts/policies/new", url.Values{"name": {first(text, 128)}, "description": {text},
				"document": {document}}},
			{"/permission-sets/new", "/permission-sets", url.Values{"name": {"Case" + n}, "description": {text}, "inline_policy": {document},
				"reason": {text}}},
		} {
			form := fields(v.Get(t, f.page).body, f.action)
			for name, value := range f.values {
				if form.Has(name) {
					form[name] = value
				}
			}
			a := v.Post(t, f.action, form)
			if a.status >= http.StatusInternalServerError {
				t.Errorf("%s with case %d: %d", f.action, i, a.status)
			}
			if a.status == http.StatusOK {
				stored, taken[i] = stored+1, true
			} else {
				t.Logf("%s refuses case %d with %d", f.action, i, a.status)
			}
		}
	}
	if i := slices.Index(taken, false); i >= 0 {
		t.Errorf("case %d was stored nowhere", i)
	}
	return stored
}

func first(text string, most int) string { return text[:min(len(text), most)] }

// fields is what a browser would send of the form with this action, untouched.
func fields(document []byte, action string) url.Values {
	values := url.Values{}
	doc, err := html.Parse(bytes.NewReader(document))
	if err != nil {
		return values
	}
	for form := range doc.Descendants() {
		if form.Data != "form" || get(form, "action") != action || !strings.EqualFold(get(form, "method"), "post") {
			continue
		}
		for n := range form.Descendants() {
			name, kind := get(n, "name"), get(n, "type")
			switch {
			case name == "" || n.Data == "button" || kind == "checkbox" && !has(n, "checked") || kind == "radio" && !has(n, "checked"):
			case n.Data == "input":
				values.Add(name, get(n, "value"))
			case n.Data == "textarea":
				values.Add(name, "")
			case n.Data == "select":
				for o := range n.Descendants() {
					if o.Data == "option" && (has(o, "selected") || !values.Has(name)) {
						values.Set(name, get(o, "value"))
					}
				}
			}
		}
	}
	return values
}

func get(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// pagesShowing is the pages that show what was stored, and their kinds.
type pagesShowing struct {
	paths, kinds []string
	cases        map[string]bool // those that stand on one of them
}

var identifier = regexp.MustCompile(`[0-9a-f]{10}-[0-9a-f-]{36}|[0-9a-f]{8}-[0-9a-f-]{27}|ps-[0-9a-f]{16}|ou-[0-9a-z]+-[0-9a-z]+|p-[0-9A-Za-z]{8,}|[0-9]{12}`)

// showing follows the links of the console and keeps the pages that show what was stored: ten of each kind, or one.
func showing(t *testing.T, v *visitor, cases []string) pagesShowing {
	t.Helper()
	found, seen, visited, most := pagesShowing{cases: map[string]bool{}}, map[string]bool{}, map[string]int{}, 1
	if *allMarkup {
		most = 10
	}
	queue := []string{"/", "/me", "/portal", "/simulate", "/users?q=" + mark, "/groups?q=" + mark, "/accounts?q=" + mark, "/accounts/policies",
		"/permission-sets?q=Case", "/search?q=" + mark, "/audit", "/accounts?view=list&q=" + mark, "/users/new", "/accounts/new"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		short, _, _ := strings.Cut(path, "?")
		kind := identifier.ReplaceAllString(short, "*")
		if seen[path] || visited[kind] >= most {
			continue
		}
		seen[path] = true
		a := v.Get(t, path)
		if a.status != http.StatusOK || !strings.HasPrefix(a.kind, "text/html") {
			continue
		}
		switch text := html.UnescapeString(string(a.body)); {
		case strings.Contains(text, mark):
			visited[kind]++
			found.paths = append(found.paths, path)
			if !slices.Contains(found.kinds, kind) {
				found.kinds = append(found.kinds, kind)
			}
			for _, c := range cases {
				found.cases[c] = found.cases[c] || strings.Contains(text, c)
			}
		case kind != short:
			continue // a thing that shows nothing of it leads to nothing more
		}
		for _, l := range links(a.body) {
			if strings.HasPrefix(l.address, "/") && !strings.HasPrefix(l.address, "/static/") {
				queue = append(queue, l.address)
			}
		}
	}
	return found
}

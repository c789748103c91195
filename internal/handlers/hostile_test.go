package handlers_test

import (
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"gatehouse/internal/catalog"
	"gatehouse/internal/center"
	"gatehouse/internal/handlers"
	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
	"gatehouse/internal/signin"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// TestNoFormBreaksOnHostileInput sends every form of the console at least 200 values that it does not expect, one field at
// a time. Nothing may end in an error of ours; what is refused is refused at a field, with what was typed kept; and no
// markup comes back as markup.
func TestNoFormBreaksOnHostileInput(t *testing.T) {
	values := hostileValues()
	if len(values) < 200 {
		t.Fatalf("there are only %d hostile values", len(values))
	}
	forms := openShop(t).forms()
	if len(forms) < 25 {
		t.Errorf("only %d forms were found", len(forms))
	}
	for _, f := range forms {
		t.Run(f.name(), func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			for i, value := range values {
				for field := range f.fieldsFor(i) {
					s.try(t, f, field, value)
				}
			}
		})
	}
}

// shop is the console over SecureCart in a database of its own. Identifiers come from a seed, so that every shop has the
// same and a form found in one can be sent to another.
type shop struct {
	handler http.Handler
	cookie  *http.Cookie
}

func openShop(t *testing.T) *shop {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "gatehouse.db"), clock)
	must(err)
	t.Cleanup(func() { must(db.Close()) })
	random := rand.NewChaCha8([32]byte([]byte("the same identifiers every time!")))
	key, err := vault.NewKey(random)
	must(err)
	keys, err := vault.New(random, key)
	must(err)
	hasher, err := vault.NewHasher(vault.Cost{Passes: 1, MemoryKiB: 64, Lanes: 1})
	must(err)
	shelf, err := catalog.Load()
	must(err)
	log := slog.New(slog.DiscardHandler)
	c := center.New(center.Config{Store: db, Vault: keys, Hasher: hasher, Limits: signin.DefaultLimits(), Catalog: shelf,
		Now: clock, Random: random, Log: log})
	planted, err := securecart.Seed(ctx, c, host)
	must(err)
	elena := planted.People[0].User
	_, err = c.ProvisionCredentials(ctx, host, elena.ID, "a password nobody knows")
	must(err)
	_, err = c.GenerateCredentialReport(ctx, host)
	must(err)
	s := &shop{handler: handlers.New(handlers.Config{Center: c, Log: log, Now: clock, BaseURL: "http://gatehouse.example"})}
	token, digest, err := vault.NewToken(random)
	must(err)
	must(db.Housekeep(ctx, func(tx *store.Tx) error {
		return tx.InsertSession(ctx, model.Session{ID: "11111111-1111-4111-8111-111111111111", User: elena.ID, Stage: model.StageSignedIn,
			Methods: "password totp", SignedInAt: now, FactorAt: now, Epoch: elena.SessionEpoch}, digest)
	}))
	s.cookie = &http.Cookie{Name: "gatehouse", Value: token.Reveal()}
	return s
}

func (s *shop) serve(method, path string, form url.Values) *httptest.ResponseRecorder {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, "http://gatehouse.example"+path, body)
	r.AddCookie(s.cookie)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// form is a form as it stands on a page.
type form struct {
	page, action, method string
	values               url.Values      // of all its fields, as the page fills them
	typed                []string        // names of the fields that a value can be put into
	secret               map[string]bool // fields that do not show what was sent: passwords, choices
}

func (f form) name() string {
	return pattern(f.page) + " to " + pattern(f.action) + " " + strings.Join(f.typed, ",")
}

// fieldsFor yields the field for the nth value: the fields take turns, and the first 20 values go into every field.
func (f form) fieldsFor(n int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i, field := range f.typed {
			if (n < 20 || i == n%len(f.typed)) && !yield(field) {
				return
			}
		}
	}
}

// try sends a form with one field changed and judges the answer.
func (s *shop) try(t *testing.T, f form, field, value string) {
	t.Helper()
	values := maps.Clone(f.values)
	values[field] = []string{value}
	path, body := f.action, values
	if f.method == http.MethodGet {
		path, body = f.action+"?"+values.Encode(), nil
	}
	w := s.serve(f.method, path, body)
	if w.Code >= http.StatusInternalServerError {
		t.Errorf("%s=%.80q: %d", field, value, w.Code)
	}
	page := w.Body.String()
	if len(value) > 8 && strings.ContainsAny(value, "<>") && strings.Contains(strings.ToLower(page), strings.ToLower(value)) &&
		strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("%s=%.80q comes back as markup", field, value)
	}
	if w.Code == http.StatusUnprocessableEntity && f.method == http.MethodPost {
		s.judgeRefusal(t, f, field, value, page)
	}
}

// judgeRefusal checks that a refused form says what is wrong and still has what was typed.
func (s *shop) judgeRefusal(t *testing.T, f form, field, value, page string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	told, kept := false, f.secret[field] || !plain(value)
	for n := range doc.Descendants() {
		if attribute(n, "aria-invalid") == "true" || strings.Contains(attribute(n, "class"), "gh-errs") {
			told = true
		}
		if attribute(n, "name") == field && same(valueOf(n), value) {
			kept = true
		}
	}
	if !told {
		t.Errorf("%s=%.80q is refused without saying where", field, value)
	}
	if told && !kept {
		t.Errorf("%s=%.80q is refused, and what was typed is gone", field, value)
	}
}

// plain reports whether a browser sends a value back as it stands in a page.
func plain(value string) bool {
	return !strings.ContainsAny(value, "\x00\r") && strings.TrimSpace(value) != ""
}

func same(shown, typed string) bool {
	return shown == typed || strings.TrimSpace(shown) == strings.TrimSpace(typed)
}

// forms finds every form of the console by following its links, each kind of page once.
func (s *shop) forms() []form {
	var found []form
	seen, queue := map[string]int{}, []string{"/", "/portal", "/me", "/simulate"}
	known := map[string]bool{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[pattern(path)] >= 2 {
			continue
		}
		seen[pattern(path)]++
		w := s.serve(http.MethodGet, path, nil)
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		doc, err := html.Parse(w.Body)
		if err != nil {
			continue
		}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if href := attribute(n, "href"); n.Data == "a" && strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") {
				queue = append(queue, href)
			}
			if n.Data != "form" {
				continue
			}
			if f := readForm(doc, n, path); len(f.typed) > 0 && f.action != "/signout" && !known[f.name()] {
				known[f.name()] = true
				found = append(found, f)
			}
		}
	}
	return found
}

func readForm(doc, node *html.Node, page string) form {
	address, _ := url.Parse(page)
	f := form{page: page, action: attribute(node, "action"), method: strings.ToUpper(attribute(node, "method")),
		values: url.Values{}, secret: map[string]bool{}}
	if f.action == "" {
		f.action = address.Path
	}
	if f.method == "" {
		f.method = http.MethodGet
	}
	for n := range doc.Descendants() {
		name := attribute(n, "name")
		if name == "" || !belongs(n, node) {
			continue
		}
		_, readOnly := attributes(n)["readonly"]
		switch kind := attribute(n, "type"); {
		case n.Data == "button" || kind == "submit":
			continue
		case n.Data == "input" && (kind == "checkbox" || kind == "radio"):
			f.secret[name] = true
			if _, checked := attributes(n)["checked"]; checked {
				f.values.Add(name, attribute(n, "value"))
			}
		case n.Data == "input" || n.Data == "textarea" || n.Data == "select":
			f.values.Set(name, valueOf(n))
			f.secret[name] = kind == "password" || kind == "hidden" || readOnly || attribute(n, "autocomplete") == "one-time-code" || n.Data == "select"
		default:
			continue
		}
		if !slices.Contains(f.typed, name) {
			f.typed = append(f.typed, name)
		}
	}
	return f
}

var ids = regexp.MustCompile(`[0-9a-f]{10}-[0-9a-f-]{36}|[0-9a-f]{8}-[0-9a-f-]{27}|ps-[0-9a-f]{16}|ou-[0-9a-z]+-[0-9a-z]+|r-[0-9a-z]{4}|p-[0-9A-Za-z]{8,}|\b[0-9]{12}\b|ASIA[A-Z2-7]{16}`)

// pattern is an address without what differs from thing to thing.
func pattern(path string) string {
	path, _, _ = strings.Cut(path, "?")
	path = ids.ReplaceAllString(path, "*")
	if rest, ok := strings.CutPrefix(path, "/permission-sets/catalogue/"); ok && rest != "" {
		return "/permission-sets/catalogue/*"
	}
	return path
}

func attributes(n *html.Node) map[string]string {
	list := map[string]string{}
	for _, a := range n.Attr {
		list[a.Key] = a.Val
	}
	return list
}

func attribute(n *html.Node, name string) string { return attributes(n)[name] }

// belongs reports whether a field is sent with a form: it stands in it, or names it.
func belongs(field, form *html.Node) bool {
	if named := attribute(field, "form"); named != "" {
		return named == attribute(form, "id")
	}
	return within(field, form)
}

func within(n, ancestor *html.Node) bool {
	for at := n; at != nil; at = at.Parent {
		if at == ancestor {
			return true
		}
	}
	return false
}

// valueOf is what a field holds: an input's value, a textarea's text, a select's chosen option.
func valueOf(n *html.Node) string {
	switch n.Data {
	case "textarea":
		if n.FirstChild != nil {
			return n.FirstChild.Data
		}
		return ""
	case "select":
		first, chosen := "", ""
		for o := range n.Descendants() {
			if o.Data != "option" {
				continue
			}
			if first == "" {
				first = attribute(o, "value")
			}
			if _, selected := attributes(o)["selected"]; selected {
				chosen = attribute(o, "value")
			}
		}
		if chosen == "" {
			return first
		}
		return chosen
	}
	return attribute(n, "value")
}

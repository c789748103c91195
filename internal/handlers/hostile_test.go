package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
)

// TestNoFormBreaksOnHostileInput sends every form of the console at least 200 values that it does not expect, one field at
// a time: with -whole every value into every field, else a sample. Nothing may end in an error of ours or show one of the
// database; what is refused is refused at a field, with what was typed kept; what is taken is stored letter by letter; no
// markup comes back as markup, and every page that shows a value has the elements that it has for a harmless one.
func TestNoFormBreaksOnHostileInput(t *testing.T) {
	t.Parallel()
	values := hostileValues()
	if len(values) < 200 {
		t.Fatalf("there are only %d hostile values", len(values))
	}
	forms := openShop(t).forms()
	if len(forms) < 30 {
		t.Errorf("only %d forms were found", len(forms))
	}
	for i, f := range forms {
		t.Run(f.name(), func(t *testing.T) {
			t.Parallel()
			tr := &trial{f: f, open: openShop}
			tr.all(t, i, values)
		})
	}
}

// TestNoGateBreaksOnHostileInput does the same to the forms before sign-in, each from the browser that meets it.
func TestNoGateBreaksOnHostileInput(t *testing.T) {
	t.Parallel()
	for i, gate := range []struct {
		name string
		open func(*testing.T) (*shop, string)
	}{
		{"set-up", func(t *testing.T) (*shop, string) {
			s := openEmptyShop(t)
			token, _, err := s.center.SetUpLink(t.Context(), host)
			if err != nil {
				t.Fatal(err)
			}
			return s, "/setup/" + token.Reveal()
		}},
		{"sign-in", func(t *testing.T) (*shop, string) { return openShop(t).signedOut(), "/signin" }},
		{"second factor", func(t *testing.T) (*shop, string) { return openShop(t).withPassword(t), "/signin/mfa" }},
		{"recovery code", func(t *testing.T) (*shop, string) { return openShop(t).withPassword(t), "/signin/recovery" }},
		{"first key", func(t *testing.T) (*shop, string) {
			s := openShop(t)
			path := "/invite/" + s.invitation(t)
			s.cookies = nil
			s.take(s.serve(http.MethodPost, path, url.Values{"password": {"four words nobody says"}}))
			return s, "/signin/enrol/key"
		}},
		{"second factor with a key", func(t *testing.T) (*shop, string) { return openShop(t).withKey(t).withPassword(t), "/signin/mfa" }},
		{"step-up", func(t *testing.T) (*shop, string) { return openShop(t), "/confirm?next=/me" }},
		{"forgotten password", func(t *testing.T) (*shop, string) { return openShop(t).withMail(t).signedOut(), "/forgot" }},
		{"new password", func(t *testing.T) (*shop, string) {
			s := openShop(t)
			secret, err := s.center.ProvisionCredentials(t.Context(), host, s.planted.Users["ben.carter"], elenasPassword)
			must(t, err)
			s.enforce(t, func(p *model.SignInPolicy) { p.MinLength = model.MaxPasswordLength })
			s.signedOut()
			s.take(s.serve(http.MethodPost, "/signin", url.Values{"username": {"ben.carter"}, "password": {elenasPassword}}))
			code, err := mfa.App{Secret: secret, Digits: mfa.Digits}.Code(mfa.Step(s.now))
			must(t, err)
			proved := s.serve(http.MethodPost, "/signin/mfa", url.Values{"code": {code}})
			s.cookies = nil
			s.take(proved)
			return s, "/signin/password"
		}},
		{"invitation", func(t *testing.T) (*shop, string) {
			s := openShop(t)
			return s.signedOut(), "/invite/" + s.invitation(t)
		}},
		{"enrolment", func(t *testing.T) (*shop, string) {
			s := openShop(t)
			path := "/invite/" + s.invitation(t)
			s.cookies = nil
			s.take(s.serve(http.MethodPost, path, url.Values{"password": {"four words nobody says"}}))
			return s, "/signin/enrol"
		}},
	} {
		t.Run(gate.name, func(t *testing.T) {
			t.Parallel()
			s, path := gate.open(t)
			w := s.serve(http.MethodGet, path, nil)
			doc, err := html.Parse(w.Body)
			if err != nil || w.Code != http.StatusOK {
				t.Fatalf("GET of the %s page = %d, %v", gate.name, w.Code, err)
			}
			forms := 0
			for n := range doc.Descendants() {
				if n.Data != "form" {
					continue
				}
				if f := readForm(doc, n, path); len(f.typed) > 0 {
					forms++
					tr := &trial{f: f, a: s}
					tr.all(t, i, hostileValues())
				}
			}
			if forms == 0 {
				t.Errorf("the %s page has no form", gate.name)
			}
		})
	}
}

// form is a form as it stands on a page.
type form struct {
	page, action, method string
	values               url.Values      // of all its fields, as the page fills them
	hidden               []string        // names of those that are not seen
	typed                []string        // names of the fields that a value can be put into
	secret               map[string]bool // fields that do not show what was sent: passwords, choices
}

func (f form) name() string {
	return pattern(f.page) + " to " + pattern(f.action) + " " + strings.Join(f.typed, ",")
}

// address is where a form leads with which fields, whichever page it stands on.
func (f form) address() string {
	return f.method + pattern(f.action) + " " + strings.Join(f.typed, ",")
}

// judgeRefusal checks that a refused form says what is wrong and still has what was typed. What nobody sees nobody has typed.
func (f form) judgeRefusal(t *testing.T, field, value string, doc *html.Node) {
	t.Helper()
	told, kept := slices.Contains(f.hidden, field), f.secret[field] || !plain(value)
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
	known := map[string]bool{} // a form that stands on many pages, as the search does, is one
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
			if f := readForm(doc, n, path); len(f.typed) > 0 && f.action != "/signout" && !known[f.address()] {
				known[f.address()] = true
				found = append(found, f)
			}
		}
	}
	return found
}

// formsIn reads every form of a page.
func formsIn(t *testing.T, page, path string) []form {
	t.Helper()
	return formsOf(parsed(t, page), path)
}

func formsOf(doc *html.Node, path string) []form {
	var list []form
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" {
			list = append(list, readForm(doc, n, path))
		}
	}
	return list
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
			if kind == "hidden" {
				f.hidden = append(f.hidden, name)
			}
			f.secret[name] = kind == "password" || kind == "hidden" || name == "code" || readOnly || attribute(n, "autocomplete") == "one-time-code" || n.Data == "select"
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

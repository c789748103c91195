package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gatehouse/internal/store/storetest"
)

// trial puts hostile values through one form. Two shops of the same identifiers take the same acts, one with the hostile
// value and one with a harmless value of the same shape: their pages must have the same elements.
type trial struct {
	f      form
	open   func(*testing.T) *shop // nil for a gate, which keeps nothing and has one shop
	a, b   *shop
	at     form // the form as the shops' pages have it now
	number int  // of requests
}

// all sends the nth form every value of a sample, or of all.
func (tr *trial) all(t *testing.T, n int, values []string) {
	t.Helper()
	tr.begin(t)
	for i, value := range values {
		for j, field := range tr.f.typed {
			if *whole || (i+j+n)%5 == 0 {
				tr.try(t, field, value)
			}
		}
	}
}

// begin opens the shops anew.
func (tr *trial) begin(t *testing.T) {
	t.Helper()
	tr.at = tr.f
	if tr.open != nil {
		for _, earlier := range []*shop{tr.a, tr.b} {
			if earlier != nil {
				earlier.close(t)
			}
		}
		tr.a, tr.b = tr.open(t), tr.open(t)
		tr.a.seen = tr.a.watch(t).Contents()
	}
}

// needed are fields that a new thing needs, and what they take that nobody else has.
var needed = map[string]string{"username": "nina%d.new", "given_name": "Nina", "family_name": "New", "email": "nina%d@securecart.example",
	"name": "New-%d", "account_id": "%012d", "actions": "s3:GetObject", "identity": `{"Version":"2012-10-17","Statement":[]}`}

// filled is the form as somebody sends it who types a value into one field, and into the others what they ask for.
func (tr *trial) filled(field, value string) url.Values {
	values := cloned(tr.at.values)
	for name, text := range needed {
		if slices.Contains(tr.f.typed, name) && values.Get(name) == "" {
			if strings.Contains(text, "%") {
				text = fmt.Sprintf(text, 700_000+tr.number)
			}
			values.Set(name, text)
		}
	}
	values[field] = []string{value}
	return values
}

func (tr *trial) send(s *shop, values url.Values) *httptest.ResponseRecorder {
	if tr.f.method == http.MethodGet {
		return s.serve(http.MethodGet, tr.f.action+"?"+values.Encode(), nil)
	}
	return s.serve(tr.f.method, tr.f.action, values)
}

// shown is an answer and, when it is a page, its elements.
type shown struct {
	status int
	doc    *html.Node // nil: no page
}

func show(t *testing.T, w *httptest.ResponseRecorder) shown {
	t.Helper()
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || w.Body.Len() == 0 {
		return shown{status: w.Code}
	}
	return shown{w.Code, parsed(t, w.Body.String())}
}

// try sends the form with one field changed and judges the answer and the pages that it leads to.
func (tr *trial) try(t *testing.T, field, value string) {
	t.Helper()
	tr.number++
	w := tr.send(tr.a, tr.filled(field, value))
	page, twin := judgeText(t, field, value, w), harmless(field, value)
	switch {
	case tr.f.method == http.MethodGet:
		if twin != value {
			compare(t, field, value, page, show(t, tr.send(tr.a, tr.filled(field, twin))))
		}
	case w.Code == http.StatusUnprocessableEntity:
		if page.doc != nil {
			tr.f.judgeRefusal(t, field, value, page.doc)
		}
		if twin == value || tr.open == nil {
			return
		}
		other := tr.send(tr.a, tr.filled(field, twin))
		compare(t, field, value, page, show(t, other))
		if other.Code < http.StatusBadRequest {
			tr.begin(t) // the harmless one was taken: the shops are not alike any more
		}
	case w.Code < http.StatusBadRequest && tr.open != nil:
		tr.judgeTaken(t, field, value, w, page)
	}
}

// judgeText looks for errors of ours and of the database, and for markup that was text.
func judgeText(t *testing.T, field, value string, w *httptest.ResponseRecorder) shown {
	t.Helper()
	if w.Code >= http.StatusInternalServerError {
		t.Errorf("%s=%.80q: %d", field, value, w.Code)
	}
	page, text := show(t, w), w.Body.String()
	for _, words := range databaseWords {
		if strings.Contains(text, words) && !strings.Contains(value, words) {
			t.Errorf("%s=%.80q shows an error of the database: %s", field, value, words)
		}
	}
	if page.doc == nil {
		return page
	}
	if len(value) > 8 && strings.ContainsAny(value, "<>") && strings.Contains(strings.ToLower(text), strings.ToLower(value)) {
		t.Errorf("%s=%.80q comes back as markup", field, value)
	}
	judgeElements(t, fmt.Sprintf("%s=%.80q", field, value), page.doc)
	return page
}

// databaseWords are what the errors of both databases and of their drivers have in them.
var databaseWords = []string{"SQL logic error", "SQLITE_", "constraint failed", "no such table", "no such column", "SQLSTATE",
	"unrecognized token", "violates unique", "sql: "}

// judgeTaken looks at the pages after a value was taken, at those after a harmless one, and for the value in the database.
func (tr *trial) judgeTaken(t *testing.T, field, value string, w *httptest.ResponseRecorder, page shown) {
	t.Helper()
	twin := tr.send(tr.b, tr.filled(field, harmless(field, value)))
	alike := twin.Code == w.Code
	if alike && page.doc != nil && value != harmless(field, value) {
		compare(t, field, value, page, show(t, twin))
	}
	tr.judgeStored(t, field, value)
	pages := []string{w.Header().Get("Location"), tr.f.page}
	if value != harmless(field, value) {
		pages = append(pages, "/audit")
	}
	for _, path := range pages {
		if path == "" {
			continue
		}
		page := judgeText(t, field, value, tr.a.serve(http.MethodGet, path, nil))
		if alike && value != harmless(field, value) {
			compare(t, field, value, page, show(t, tr.b.serve(http.MethodGet, twinPath(path, w, twin), nil)))
		}
		if path == tr.f.page && !tr.goOn(page) {
			alike = false
		}
	}
	if !alike {
		tr.begin(t)
	}
}

// twinPath is the page in the other shop: where its answer leads, for the page that the answer leads to.
func twinPath(path string, w, twin *httptest.ResponseRecorder) string {
	if path == w.Header().Get("Location") {
		return twin.Header().Get("Location")
	}
	return path
}

// goOn takes over what the page sends unseen now, such as the version of a thing; false when the form is gone.
func (tr *trial) goOn(page shown) bool {
	if page.doc == nil {
		return false
	}
	for _, f := range formsOf(page.doc, tr.f.page) {
		if f.address() == tr.f.address() && f.action == tr.f.action {
			tr.at.values = cloned(tr.at.values)
			for _, name := range f.hidden {
				tr.at.values.Set(name, f.values.Get(name))
			}
			return true
		}
	}
	return false
}

// unkept are fields that a form takes and does not store as they are written: numbers, what a search looked for, what other
// choices have made pointless, and what the forms of new and old things have in common.
var unkept = []string{"session_duration", "find", "kind", "until", "version", "username"}

// judgeStored looks for a value that was taken in what the shop wrote, letter by letter but for white space around it. A
// review writes nothing.
func (tr *trial) judgeStored(t *testing.T, field, value string) {
	t.Helper()
	before := tr.a.seen
	tr.a.seen = tr.a.watch(t).Contents()
	changes := tr.a.seen.Since(before)
	if slices.Contains(unkept, field) || len(changes) == 0 {
		return
	}
	lines := []string{strings.ReplaceAll(value, "\r\n", "\n")}
	if field == "customer_policies" {
		lines = strings.Split(lines[0], "\n") // one a line
	}
	for _, line := range lines {
		if !stored(t, changes, strings.TrimSpace(line)) {
			t.Errorf("%s=%.80q was taken and is nowhere", field, value)
		}
	}
}

// stored reports whether a text stands in what was written, or in a list or an object there.
func stored(t *testing.T, changes []storetest.Change, text string) bool {
	t.Helper()
	quoted, err := json.Marshal(text)
	must(t, err)
	return slices.ContainsFunc(changes, func(c storetest.Change) bool {
		return strings.Contains(c.After, text) || strings.Contains(c.After, strings.Trim(string(quoted), `"`))
	})
}

// harmless is a value of the same shape without what markup is made of. Documents keep their quotes, without which they are
// none, and get a sign that policies treat like the others; pasted lists, around whose parts quotes are dropped, keep them too.
func harmless(field, value string) string {
	const letter = "\u01c1" // found in no name, whatever is searched
	if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") {
		return strings.NewReplacer("<", "~", ">", "~", "&", "~").Replace(value)
	}
	twin := strings.NewReplacer("<", letter, ">", letter, "&", letter).Replace(value)
	if field == "members" {
		return twin
	}
	return strings.NewReplacer(`"`, letter, "'", letter, "`", letter).Replace(twin)
}

// compare holds the elements of a page against those of the page for a harmless value, if both were answered alike.
func compare(t *testing.T, field, value string, page, twin shown) {
	t.Helper()
	if twin.status != page.status || twin.doc == nil || page.doc == nil {
		return
	}
	got, want := skeleton(page.doc), skeleton(twin.doc)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("%s=%.80q changes the elements of a page from the %dth on: %q, for a harmless value %q", field, value, i,
				got[min(i, len(got)):min(i+3, len(got))], want[min(i, len(want)):min(i+3, len(want))])
			return
		}
	}
}

// skeleton is the elements of a page, each with its depth and the names of its attributes.
func skeleton(doc *html.Node) []string {
	var list []string
	var walk func(*html.Node, int)
	walk = func(n *html.Node, depth int) {
		if n.Type == html.ElementNode {
			var b strings.Builder
			fmt.Fprint(&b, depth, " ", n.Data)
			for _, a := range n.Attr {
				b.WriteString(" " + a.Key)
			}
			list = append(list, b.String())
		}
		for c := range n.ChildNodes() {
			walk(c, depth+1)
		}
	}
	walk(doc, 0)
	return list
}

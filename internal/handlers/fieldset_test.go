package handlers_test

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/store/storetest"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	whole  = flag.Bool("whole", false, "try every hostile value, not a sample of them")
)

// columnsOf are the names of all columns of the database, and some more that other programs have.
func columnsOf(t *testing.T) []string {
	t.Helper()
	names := map[string]bool{"role": true, "is_admin": true, "admin": true, "permissions": true, "user": true, "_method": true, "__proto__": true}
	for _, columns := range openShop(t).watch(t).Columns() {
		for _, column := range columns {
			names[column] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// TestNoFormSetsWhatItDoesNotOffer sends every form with every column of the database as a field more, one at a time and in
// shapes that other programs read, in the address, and as JSON. A field that the form does not have is refused, and nothing
// is written; what stands in the address changes nothing. What each form writes is in a golden file, column by column.
func TestNoFormSetsWhatItDoesNotOffer(t *testing.T) {
	t.Parallel()
	columns := columnsOf(t)
	if len(columns) < 100 {
		t.Errorf("only %d columns", len(columns))
	}
	var book strings.Builder
	before := map[string]storetest.Contents{}
	c := takeCensus(t)
	for i, one := range c.routes {
		if one.method != http.MethodPost || one.who == "machine" {
			continue
		}
		plain, status := writtenBy(t, before, one, nil)
		fmt.Fprintf(&book, "%s %d\n", one.name(), status)
		for _, name := range names(plain) {
			fmt.Fprintf(&book, "\t%s\n", name)
		}
		judgeAddress(t, before, one, columns, plain)
		c.refuseColumns(t, i, one, columns)
	}
	golden := filepath.Join("testdata", "writes.golden")
	if *update {
		must(t, os.WriteFile(golden, []byte(book.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	if book.String() != string(want) {
		t.Errorf("forms write other columns than %s has; write it with -update and look at what changed", golden)
	}
}

// judgeAddress carries a form out with every column in its address, where nothing is read.
func judgeAddress(t *testing.T, before map[string]storetest.Contents, one call, columns []string, plain []storetest.Change) {
	t.Helper()
	extra := url.Values{}
	for _, column := range columns {
		extra.Set(column, intruded)
	}
	with, _ := writtenBy(t, before, one, extra)
	if !slices.Equal(names(with), names(plain)) {
		t.Errorf("%s with columns in its address writes %v, without %v", one.name(), names(with), names(plain))
	}
	for _, change := range with {
		if strings.Contains(change.After, intruded) {
			t.Errorf("%s writes what stands in its address into %s", one.name(), change.Name())
		}
	}
}

// intruded is what no form offers to write.
const intruded = "ADMINISTRATOR-OF-ALL"

// writtenBy carries a form out in a shop of its own, and lists what is other than before, the trail aside. Before is the
// same for everybody who signs in alike.
func writtenBy(t *testing.T, before map[string]storetest.Contents, one call, query url.Values) (list []storetest.Change, status int) {
	t.Helper()
	c := takeCensus(t)
	role := c.signInFor(t, one)
	if before[role] == nil {
		before[role] = c.watch(t).Contents()
	}
	c.watch(t)
	if query != nil {
		one.path += "?" + query.Encode()
	}
	status = c.sendReviewed(t, one)
	for _, change := range c.watch(t).Contents().Since(before[role]) {
		if change.Table != "events" && change.Table != "event_objects" && change.Table != "head" {
			list = append(list, change)
		}
	}
	return list, status
}

// names are the columns that changed, and the tables that got or lost rows, each once.
func names(changes []storetest.Change) []string {
	list := map[string]bool{}
	for _, change := range changes {
		switch {
		case change.Added:
			list[change.Table+" +"] = true
		case change.Gone:
			list[change.Table+" -"] = true
		default:
			list[change.Name()] = true
		}
	}
	return slices.Sorted(maps.Keys(list))
}

// sharing are forms for a new thing that are read into the fields of the form for an old one: its version says nothing there.
var sharing = []string{"POST /accounts/new", "POST /accounts/ous/new", "POST /accounts/policies/new"}

// refuseColumns sends the nth form with one field more: each column plain, and four of five in one other shape.
func (c *census) refuseColumns(t *testing.T, n int, one call, columns []string) {
	t.Helper()
	c.signInFor(t, one)
	mark := c.watch(t).Mark()
	for i, column := range columns {
		shapes := []string{column, column + "[]", "user[" + column + "]", "user." + column, strings.ToUpper(column)}
		for j, name := range shapes {
			_, has := one.form[name]
			here := name == "reason" || (name == "version" && slices.Contains(sharing, one.name())) // of acts; of the shared fields
			if has || here || (j > 0 && (i+n)%len(shapes) != j) {
				continue
			}
			form := cloned(one.form)
			form.Set(name, intruded)
			w := c.sendAs(one, "application/x-www-form-urlencoded", form.Encode())
			if wrote := c.wrote(t, mark); len(wrote) > 0 {
				t.Fatalf("%s with %s is answered %d, and %v", one.name(), name, w.Code, wrote)
			}
		}
	}
	var fields []string
	for _, column := range columns {
		fields = append(fields, fmt.Sprintf("%q:%q", column, intruded))
	}
	if w := c.sendAs(one, "application/json", "{"+strings.Join(fields, ",")+"}"); w.Code < http.StatusBadRequest && !asksToSignIn(w) {
		t.Errorf("%s as JSON is answered %d", one.name(), w.Code)
	}
	if wrote := c.wrote(t, mark); len(wrote) > 0 {
		t.Errorf("%s as JSON: %v", one.name(), wrote)
	}
}

// sendAs sends a body to a route as a script does, which wants no page for an answer.
func (c *census) sendAs(one call, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://gatehouse.example"+one.path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Accept", "text/plain")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, cookie := range c.cookies {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w
}

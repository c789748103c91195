package handlers_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// misshapen are identifiers that are none.
var misshapen = []string{"0", "-1", "1", "none", "new2", "..", "%2e%2e", "%00", "%ff", "a%00b", "' OR '1'='1", "*", "%25", "_", "null", "undefined", "true",
	"<script>alert(1)</script>", "9223372036854775808", "1e9", "00000000-0000-0000-0000-000000000000", "a%2Fb", "a%5Cb", "%C3%A9", "%F0%9F%98%80",
	"[object Object]", ";x=1", "id=1&id=2", strings.Repeat("a", 5000)}

// TestWhatIsNotTheirsIsAsIfItWereNotThere asks every address with an identifier in it for things that never were, that are
// gone, that are somebody else's or of another kind, and that are no identifiers. Nothing is written, nothing is found, and
// what is there and may not be seen gets the answer of what is not.
func TestWhatIsNotTheirsIsAsIfItWereNotThere(t *testing.T) {
	t.Parallel()
	w, sent := openWarehouse(t), 0
	for _, one := range w.routes {
		for _, at := range placesIn(one.pattern) {
			th, known := w.things[at]
			if !known {
				t.Errorf("nothing is known of %s, at %s", at, one.name())
				continue
			}
			if w.random(one, at) == "" {
				continue
			}
			w.arrive(t, one)
			mark := w.watch(t).Mark()
			none := w.ask(t, one, at, w.random(one, at))
			w.judgeMissing(t, one, "what never was", none)
			for _, id := range th.foreign {
				other := w.ask(t, one, at, id)
				w.judgeMissing(t, one, "what is somebody else's", other)
				if a, b := alike(none, w.random(one, at)), alike(other, id); a != b {
					t.Errorf("%s: what is somebody else's is answered\n%s\nand what never was\n%s", one.name(), b, a)
				}
			}
			if th.deleted != "" {
				w.judgeMissing(t, one, "what is gone", w.ask(t, one, at, th.deleted))
			}
			for _, id := range misshapen {
				w.judgeMissing(t, one, fmt.Sprintf("%.30q", id), w.ask(t, one, at, id))
				sent++
			}
			if wrote := w.wrote(t, mark); len(wrote) > 0 {
				t.Errorf("%s for what is not there: %v", one.name(), wrote)
			}
			sent += 2 + len(th.foreign)
		}
	}
	if sent < 3000 {
		t.Errorf("only %d requests were sent", sent)
	}
}

// TestWhoMayNotLearnsNothingOfWhatIsThere asks as somebody without any permission for what operators see: the answer is the
// same whether it is there or not.
func TestWhoMayNotLearnsNothingOfWhatIsThere(t *testing.T) {
	t.Parallel()
	w := openWarehouse(t)
	for _, one := range w.routes {
		for _, at := range placesIn(one.pattern) {
			th := w.things[at]
			if one.who != "operator" || th.real == "" {
				continue
			}
			w.signInAs(t, ordinary)
			there, never := w.ask(t, one, at, th.real), w.ask(t, one, at, th.random)
			if a, b := alike(there, th.real), alike(never, th.random); a != b || there.Code < http.StatusBadRequest {
				t.Errorf("%s: what is there is answered\n%s\nand what is not\n%s", one.name(), a, b)
			}
		}
	}
}

// placesIn are the places of identifiers in a pattern: the pattern up to each.
func placesIn(pattern string) []string {
	var places []string
	at := ""
	for _, part := range strings.Split(strings.TrimPrefix(pattern, "/"), "/") {
		at += "/" + part
		if strings.HasPrefix(part, ":") || part == "*" {
			places = append(places, at)
		}
	}
	return places
}

// random is an identifier of the right shape that leads to nothing; empty where an address is about what is not there.
func (w *warehouse) random(one call, at string) string {
	if one.pattern == "/portal/:account/:set" && at == "/portal/:account" {
		return "" // the set of a role that is not held says enough
	}
	return w.things[at].random
}

// arrive makes the browser that of who may ask.
func (w *warehouse) arrive(t *testing.T, one call) {
	t.Helper()
	switch one.who {
	case "operator":
		w.signInAs(t, admin)
	case "everyone":
		w.signInAs(t, ordinary)
	default:
		w.signInAs(t, nobody)
	}
}

// ask sends the request of a route with one identifier replaced; the others are of what is there.
func (w *warehouse) ask(t *testing.T, one call, at, id string) *httptest.ResponseRecorder {
	t.Helper()
	address, path := one.pattern, ""
	for _, place := range placesIn(one.pattern) {
		value := w.things[place].real
		if place == at {
			value = id
		}
		part := place[strings.LastIndex(place, "/"):]
		before, after, _ := strings.Cut(address, part)
		path, address = path+before+"/"+escaped(value), after
	}
	r := httptest.NewRequest(one.method, "http://gatehouse.example"+path+address, nil)
	if one.method == http.MethodPost {
		form := one.form
		r = httptest.NewRequest(one.method, "http://gatehouse.example"+path+address, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range w.cookies {
		r.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

// escaped is an identifier as it stands in an address; what is escaped already stays.
func escaped(id string) string {
	if strings.Contains(id, "%") || strings.HasPrefix(id, "job-function/") {
		return strings.ReplaceAll(id, " ", "%20")
	}
	return url.PathEscape(id)
}

func (w *warehouse) judgeMissing(t *testing.T, one call, what string, answer *httptest.ResponseRecorder) {
	t.Helper()
	if answer.Code == http.StatusNotFound || answer.Code == http.StatusForbidden {
		return
	}
	t.Errorf("%s for %s is answered %d → %q: %.150s", one.name(), what, answer.Code, answer.Header().Get("Location"), main(answer))
}

// alike is an answer without what differs for every request: its number, and the identifier that was asked for.
func alike(w *httptest.ResponseRecorder, id string) string {
	text := fmt.Sprint(w.Code, " ", w.Header(), "\n", w.Body.String())
	for _, written := range []string{html.EscapeString(id), url.PathEscape(id), url.QueryEscape(id), id} {
		text = strings.ReplaceAll(text, written, "ID")
	}
	return tokens.ReplaceAllString(text, "REQUEST")
}

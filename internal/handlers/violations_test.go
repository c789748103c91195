package handlers_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/handlers"
)

// newspaper is a console that is asked for nothing but to take reports, with its log and a clock.
type newspaper struct {
	http.Handler
	log bytes.Buffer
	now time.Time
}

func openNewspaper() *newspaper {
	n := &newspaper{now: time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)}
	n.Handler = handlers.New(handlers.Config{Log: slog.New(slog.NewTextHandler(&n.log, nil)), Now: func() time.Time { return n.now },
		BaseURL: "http://gatehouse.example"})
	return n
}

// report sends a report as a browser does and returns the status of the answer and what the log says of it.
func (n *newspaper) report(body string) (status int, said string) {
	n.log.Reset()
	r := httptest.NewRequest(http.MethodPost, "http://gatehouse.example/csp", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/csp-report")
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	for line := range strings.Lines(n.log.String()) {
		if strings.Contains(line, "content policy violated") {
			said += line
		}
	}
	return w.Code, said
}

func TestWhatABrowserRefusesIsInTheLogWithoutTheAddressOfThePage(t *testing.T) {
	t.Parallel()
	n := openNewspaper()
	status, said := n.report(`{"csp-report": {"document-uri": "http://gatehouse.example/invite/s3cret-token?q=s3cret",
		"effective-directive": "img-src", "blocked-uri": "https://evil.example/s3cret?a=s3cret", "line-number": 7}}`)
	if status != http.StatusNoContent {
		t.Errorf("a report is answered with %d", status)
	}
	for _, want := range []string{"level=WARN", "route=/invite/:token", "directive=img-src", "blocked=https://evil.example ", "line=7"} {
		if !strings.Contains(said, want) {
			t.Errorf("the log does not say %s: %s", want, said)
		}
	}
	if strings.Contains(said, "s3cret") {
		t.Errorf("the log has what addresses hide: %s", said)
	}
	if _, said = n.report(`{"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "inline"}}`); !strings.Contains(said, "blocked=inline") {
		t.Errorf("the log does not say that it was inline: %s", said)
	}
}

func TestWhatIsNoReportIsRefused(t *testing.T) {
	t.Parallel()
	n := openNewspaper()
	for body, want := range map[string]int{
		``: http.StatusBadRequest, `{`: http.StatusBadRequest, `[]`: http.StatusBadRequest, `{"csp-report": {}}`: http.StatusBadRequest,
		`{"csp-report": {"effective-directive": 1}}`:                                             http.StatusBadRequest,
		`{"csp-report": {"effective-directive": "` + strings.Repeat("x", 16<<10) + `"}}`:         http.StatusRequestEntityTooLarge,
		`{"csp-report": {"effective-directive": "img-src", "document-uri": "%zz://\u0000"}}`:     http.StatusNoContent,
		`{"csp-report": {"effective-directive": "img-src\nlevel=ERROR", "blocked-uri": "\r\n"}}`: http.StatusNoContent,
	} {
		status, said := n.report(body)
		if status != want {
			t.Errorf("%.60q is answered with %d, want %d", body, status, want)
		}
		if strings.Count(said, "\n") > 1 || len(said) > 1000 {
			t.Errorf("%.60q writes to the log: %s", body, said)
		}
	}
}

func TestReportsDoNotFloodTheLog(t *testing.T) {
	t.Parallel()
	n, lines := openNewspaper(), 0
	send := func() {
		for range 100 {
			if _, said := n.report(`{"csp-report": {"effective-directive": "img-src"}}`); said != "" {
				lines++
			}
		}
	}
	send()
	if lines != 30 {
		t.Errorf("100 reports in a minute write %d lines, want 30", lines)
	}
	n.now = n.now.Add(time.Minute)
	send()
	if lines != 60 {
		t.Errorf("100 reports in the next minute write %d lines more, want 30", lines-30)
	}
}

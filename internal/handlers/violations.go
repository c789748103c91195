package handlers

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// violationsPath is where browsers say what the content policy made them refuse.
const violationsPath = "/csp"

// Reports come from whoever sends them, so that few and short ones are read.
const (
	mostViolation    = 16 << 10 // bytes of a report
	violationsMinute = 30       // reports a minute that reach the log
	mostReported     = 200      // bytes of each text in it
)

// violation is what a browser reports, as application/csp-report of Content Security Policy level 3, section 5.3.
type violation struct {
	Report struct {
		Document  string `json:"document-uri"`
		Directive string `json:"effective-directive"`
		Blocked   string `json:"blocked-uri"`
		Source    string `json:"source-file"`
		Line      int    `json:"line-number"`
	} `json:"csp-report"`
}

// reportViolation writes to the log what a browser refused on a page of ours. Somebody tries to put something into pages
// when that happens, or a page is wrong. Addresses may hold tokens of links and what was searched: the log gets routes and
// hosts alone.
func (h *Handlers) reportViolation(c echo.Context) error {
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, mostViolation))
	if err != nil {
		return errTooLarge
	}
	var v violation
	if err := json.Unmarshal(body, &v); err != nil || v.Report.Directive == "" {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	if h.violations.take(h.Now()) {
		h.Log.Warn("content policy violated", "id", requestIDOf(c), "route", routeOf(c.Echo(), v.Report.Document),
			"directive", cut(v.Report.Directive), "blocked", hostOf(v.Report.Blocked), "source", hostOf(v.Report.Source),
			"line", v.Report.Line)
	}
	return c.NoContent(http.StatusNoContent)
}

// routeOf is the route of a page's address, which says which page it is and nothing else of it.
func routeOf(e *echo.Echo, address string) string {
	page, err := url.Parse(address)
	if err != nil {
		return ""
	}
	found := e.NewContext(nil, nil)
	e.Router().Find(http.MethodGet, page.Path, found)
	return found.Path()
}

// hostOf is scheme and host of an address, or the word that stands for none, such as inline.
func hostOf(address string) string {
	at, err := url.Parse(address)
	switch {
	case err != nil:
		return ""
	case at.Host != "":
		return cut(at.Scheme + "://" + at.Host)
	case at.Scheme != "":
		return cut(at.Scheme)
	}
	word, _, _ := strings.Cut(at.Path, "/")
	return cut(word)
}

func cut(text string) string { return text[:min(len(text), mostReported)] }

// budget counts what may happen so often in a minute.
type budget struct {
	most int

	mu    sync.Mutex
	begun time.Time
	used  int
}

// take reports whether it may happen once more now.
func (b *budget) take(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now.Sub(b.begun) >= time.Minute {
		b.begun, b.used = now, 0
	}
	b.used++
	return b.used <= b.most
}

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

// A console without its verbs panics at the first page. The request ends, the log has the stack, and the page has neither.
func TestAPanicIsAnErrorWithItsStackInTheLogAlone(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	handler := handlers.New(handlers.Config{Log: slog.New(slog.NewTextHandler(&log, nil)), Now: time.Now, BaseURL: "http://gatehouse.example"})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://gatehouse.example/signin", nil))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("a panic is answered with %d", w.Code)
	}
	if !strings.Contains(log.String(), "goroutine") {
		t.Errorf("the log has no stack: %s", log.String())
	}
	for _, inside := range []string{"goroutine", "panic", "nil pointer", ".go:"} {
		if strings.Contains(w.Body.String(), inside) {
			t.Errorf("the page tells of the inside: %q", inside)
		}
	}
}

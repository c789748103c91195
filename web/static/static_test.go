package static

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, s set, path, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	s.serve(w, r)
	return w.Result()
}

func TestWithoutABuildThePlainStylesheetIsServed(t *testing.T) {
	s := load(fstest.MapFS{"dist/.gitkeep": {}}, []byte("body{}"))
	if s.built {
		t.Error("an empty dist counts as built")
	}
	for _, name := range []string{"app.css", "app.js", "boot.js", "editor.js", "icons.svg", "favicon.svg"} {
		if res := get(t, s, Prefix+s.digest+"/"+name, ""); res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", name, res.StatusCode)
		}
	}
}

func TestABuiltFileIsKeptForEverUnderItsDigestOnly(t *testing.T) {
	s := load(fstest.MapFS{
		"dist/app.css":    {Data: []byte("body{color:red}")},
		"dist/app.css.gz": {Data: []byte("gz")},
		"dist/i/a.svg":    {Data: []byte("<svg/>")},
	}, nil)
	tests := []struct{ path, encoding, cache, body, kind string }{
		{s.digest + "/app.css", "", "public, max-age=31536000, immutable", "body{color:red}", "text/css; charset=utf-8"},
		{s.digest + "/app.css", "gzip, br", "public, max-age=31536000, immutable", "gz", "text/css; charset=utf-8"},
		{"0123456789ab/app.css", "", "no-cache", "body{color:red}", "text/css; charset=utf-8"},
		{s.digest + "/i/a.svg", "", "public, max-age=31536000, immutable", "<svg/>", "image/svg+xml"},
	}
	for _, tt := range tests {
		res := get(t, s, Prefix+tt.path, tt.encoding)
		body := new(strings.Builder)
		_ = res.Write(body)
		if got := res.Header.Get("Cache-Control"); got != tt.cache {
			t.Errorf("%s: cache %q, want %q", tt.path, got, tt.cache)
		}
		if got := res.Header.Get("Content-Type"); got != tt.kind {
			t.Errorf("%s: type %q, want %q", tt.path, got, tt.kind)
		}
		if !strings.HasSuffix(body.String(), tt.body) {
			t.Errorf("%s as %q: body does not end in %q", tt.path, tt.encoding, tt.body)
		}
	}
}

func TestAnUnknownFileIsNotFound(t *testing.T) {
	s := load(fstest.MapFS{"dist/app.css": {Data: []byte("x")}}, nil)
	for _, path := range []string{"/static/", "/static/app.css", "/static/x/none.css", "/static/x/../app.css"} {
		if res := get(t, s, path, ""); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
}

func TestTheDigestFollowsTheContent(t *testing.T) {
	a := load(fstest.MapFS{"dist/app.css": {Data: []byte("a")}}, nil)
	b := load(fstest.MapFS{"dist/app.css": {Data: []byte("b")}}, nil)
	if a.digest == b.digest {
		t.Error("two contents, one digest")
	}
}

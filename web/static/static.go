// Package static owns the files a browser loads beside a page: the built scripts,
// styles, fonts and icons, embedded, under addresses that change with their content.
//
// The files come out of web/assets by "make assets" and are not in version control.
// Without them the package still compiles: it then serves a small stylesheet of its
// own and empty scripts, Built reports false, and a page says so.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// dist holds what the asset build wrote; only .gitkeep in a fresh clone.
//
//go:embed all:dist
var dist embed.FS

// plain is the stylesheet of a console whose assets were never built.
//
//go:embed plain.css
var plain []byte

// Prefix begins the path of every file; the route is Prefix + "*".
const Prefix = "/static/"

// files is computed once from the embedded data and never changes afterwards.
var files = load(dist, plain)

// file is one served file: its bytes, and its bytes compressed where that pays.
type file struct {
	mime    string
	body    []byte
	gzipped []byte
}

// set is every file by name, under one digest of them all.
type set struct {
	digest string
	built  bool
	byName map[string]file
}

// URL returns the address of a built file, for example "app.css" or "icons.svg".
func URL(name string) string { return Prefix + files.digest + "/" + name }

// Built reports whether the assets are in the binary. Where they are not, say at
// start "assets not built: run make assets".
func Built() bool { return files.built }

// Names lists the served files, in no particular order.
func Names() []string {
	names := make([]string, 0, len(files.byName))
	for name := range files.byName {
		names = append(names, name)
	}
	return names
}

// Handler serves the files below Prefix. A file asked for under the current digest
// may be kept for ever; under another digest it must be asked for anew, so that an
// old page keeps working while a new binary takes over.
func Handler() http.Handler { return http.HandlerFunc(files.serve) }

func (s set) serve(w http.ResponseWriter, r *http.Request) {
	digest, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
	f, known := s.byName[name]
	if !ok || !known {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.mime)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-cache")
	if digest == s.digest {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("ETag", `"`+s.digest+`"`)
	body := f.body
	if f.gzipped != nil {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			h.Set("ETag", `"`+s.digest+`-gz"`)
			body = f.gzipped
		}
	}
	http.ServeContent(w, r, name, time.Time{}, io.NewSectionReader(bytes.NewReader(body), 0, int64(len(body))))
}

// load reads the embedded build, or stands in for it when there is none.
func load(from fs.FS, plain []byte) set {
	s := set{byName: map[string]file{}}
	sum := sha256.New()
	_ = fs.WalkDir(from, "dist", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(p) == ".gitkeep" {
			return err
		}
		body, err := fs.ReadFile(from, p)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(p, "dist/")
		_, _ = io.WriteString(sum, name+"\x00")
		_, _ = sum.Write(body)
		s.put(name, body)
		return nil
	})
	s.built = len(s.byName) > 0
	if !s.built {
		_, _ = sum.Write(plain)
		for _, name := range []string{"app.js", "boot.js", "editor.js"} {
			s.put(name, nil)
		}
		s.put("app.css", plain)
		s.put("icons.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`))
		s.put("favicon.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`))
	}
	s.digest = hex.EncodeToString(sum.Sum(nil))[:12]
	return s
}

// put files the body under its name; "x.gz" is the compressed form of "x".
func (s set) put(name string, body []byte) {
	plainName, compressed := strings.CutSuffix(name, ".gz")
	f := s.byName[plainName]
	f.mime = contentType(plainName)
	if compressed {
		f.gzipped = body
	} else {
		f.body = body
	}
	s.byName[plainName] = f
}

// contentType does not ask the machine, whose tables differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

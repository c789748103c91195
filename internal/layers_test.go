// Package internal_test proves the shape of the program: which package may use which, what pure packages keep away from,
// and how long a file or a function may be.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "gatehouse/"

// allowed is, for each package, the packages of ours that it may import. A package that is not here fails the test: decide
// its place first.
var allowed = map[string][]string{
	"internal/eval":             {},
	"internal/eval/reference":   {}, // imported by tests alone
	"internal/eval/compare":     {"internal/eval"},
	"internal/mutate":           {},
	"internal/model":            {},
	"internal/mfa":              {},
	"internal/mfa/softkey":      {}, // imported by tests alone
	"internal/signin":           {},
	"internal/catalog":          {},
	"internal/catalog/generate": {"internal/catalog"},
	"internal/audit":            {"internal/model"},
	"internal/vault":            {},
	"internal/syslog":           {},
	"internal/redirect":         {},
	"internal/mail":             {"internal/vault"},
	"internal/mail/mailtest":    {}, // imported by tests alone
	"db/migrations":             {},
	"internal/store":            {"internal/model", "internal/audit", "internal/vault", "db/migrations"},
	"internal/store/storetest":  {"internal/store", "internal/vault"},
	"internal/access":           {"internal/model", "internal/eval", "internal/store"},
	"internal/report":           {"internal/model", "internal/eval", "internal/audit", "internal/store", "internal/access"},
	"internal/center": {"internal/model", "internal/eval", "internal/mfa", "internal/signin", "internal/catalog", "internal/audit",
		"internal/vault", "internal/mail", "internal/store", "internal/access", "internal/report"},
	"internal/securecart":   {"internal/model", "internal/center"},
	"internal/awsapi/sigv4": {},
	"internal/awsapi":       {"internal/model", "internal/vault", "internal/awsapi/sigv4"},
	"internal/handlers": {"internal/model", "internal/eval", "internal/vault", "internal/store", "internal/report", "internal/center",
		"internal/securecart", "internal/awsapi", "internal/redirect", "web/templates", "web/static"},
	"web/static":    {},
	"web/templates": {"web/static"},
	"cmd/console": {"internal/model", "internal/eval", "internal/signin", "internal/vault", "internal/mail", "internal/catalog",
		"internal/audit", "internal/store", "internal/center", "internal/securecart", "internal/handlers", "internal/syslog", "web/static"},
	"e2e":         {"web/static", "web/templates"},
	"e2e/measure": {},
}

// pure packages touch nothing outside the program: what they say depends on their arguments alone.
var pure = []string{"internal/eval", "internal/model", "internal/mfa", "internal/signin", "internal/audit", "internal/redirect"}

var impure = []string{"context", "crypto/rand", "database/sql", "log", "log/slog", "math/rand", "math/rand/v2", "net", "net/http", "os",
	"os/exec", "path/filepath", "sync", "github.com/jmoiron/sqlx", "github.com/labstack/echo/v4"}

// source is a hand-written file of the program.
type source struct {
	path string // from the top of the repository, with slashes
	pkg  string // its folder
	*ast.File
	set *token.FileSet
}

// sources reads every Go file that people write, tests included when asked for.
func sources(t *testing.T, tests bool) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || (strings.HasPrefix(d.Name(), ".") && d.Name() != "..")) {
			return fs.SkipDir
		}
		if d.IsDir() && d.Name() == "peerbench" {
			return fs.SkipDir // a module of its own, which the program does not use
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_templ.go") {
			return nil
		}
		if strings.HasSuffix(file, "_test.go") && !tests {
			return nil
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(file, ".."+string(filepath.Separator)))
		list = append(list, source{path: name, pkg: filepath.ToSlash(filepath.Dir(name)), File: parsed, set: set})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 100 {
		t.Fatalf("found %d files: the test looks in the wrong place", len(list))
	}
	return list
}

func TestPackagesImportOnlyWhatTheirPlaceAllows(t *testing.T) {
	for _, file := range sources(t, false) {
		may, known := allowed[file.pkg]
		if !known {
			t.Errorf("%s: the package has no place among the layers", file.path)
			continue
		}
		for _, spec := range file.Imports {
			name := strings.Trim(spec.Path.Value, `"`)
			if ours, ok := strings.CutPrefix(name, module); ok && !slices.Contains(may, ours) {
				t.Errorf("%s imports %s, which its layer does not allow", file.path, ours)
			}
			if slices.Contains(pure, file.pkg) && slices.Contains(impure, name) {
				t.Errorf("%s imports %s, but its package is pure", file.path, name)
			}
		}
	}
}

// Handlers may name the filters of the store, which the verbs take, and ask whether the database answers.
func TestHandlersTouchNoDatabase(t *testing.T) {
	for _, file := range sources(t, false) {
		if file.pkg != "internal/handlers" {
			continue
		}
		ast.Inspect(file.File, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			where, name := file.set.Position(selector.Pos()), selector.Sel.Name
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == "store" && !strings.HasSuffix(name, "Filter") && !strings.HasSuffix(name, "Page") {
				t.Errorf("%s: handlers use store.%s", where, name)
			}
			if x, ok := selector.X.(*ast.SelectorExpr); ok && x.Sel.Name == "Store" && name != "Ready" {
				t.Errorf("%s: handlers use Store.%s", where, name)
			}
			return true
		})
	}
}

func TestEveryPackageSaysWhatItOwns(t *testing.T) {
	said := map[string]bool{}
	for _, file := range sources(t, false) {
		said[file.pkg] = said[file.pkg] || (file.Doc != nil && len(file.Doc.Text()) > 60)
	}
	for pkg, ok := range said {
		if !ok {
			t.Errorf("%s has no package comment that says what it owns", pkg)
		}
	}
}

const (
	mostLines   = 500 // of a file
	mostInFuncs = 80  // of a function
)

// tables are functions that are one literal, as long as what they list.
var tables = []string{"internal/handlers/routes.go: routes"}

func TestFilesAndFunctionsStayShort(t *testing.T) {
	for _, file := range sources(t, true) {
		if n := file.set.Position(file.FileEnd).Line; n > mostLines {
			t.Errorf("%s has %d lines, at most %d", file.path, n, mostLines)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || slices.Contains(tables, file.path+": "+f.Name.Name) {
				continue
			}
			if n := file.set.Position(f.End()).Line - file.set.Position(f.Pos()).Line + 1; n > mostInFuncs {
				t.Errorf("%s: %s has %d lines, at most %d", file.path, f.Name.Name, n, mostInFuncs)
			}
		}
	}
}

// What would let text become markup, or a request reach a struct that does not list its fields.
func TestNothingGoesRoundEscapingOrTheFormDecoder(t *testing.T) {
	forbidden := map[string][]string{
		"templ": {"Raw", "SafeURL", "SafeCSS", "SafeCSSProperty", "SafeScript", "SafeScriptInline", "JSFuncCall", "JSUnsafeFuncCall",
			"ComponentScript", "FromGoHTML", "ToGoHTML"},
		"c":        {"Bind", "FormParams", "FormValue", "MultipartForm"},
		"template": {"HTML", "JS", "URL", "CSS"},
	}
	for _, file := range sources(t, false) {
		ast.Inspect(file.File, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := selector.X.(*ast.Ident); ok && slices.Contains(forbidden[x.Name], selector.Sel.Name) {
				t.Errorf("%s uses %s.%s", file.set.Position(selector.Pos()), x.Name, selector.Sel.Name)
			}
			return true
		})
	}
}

func TestRoutesAreRegisteredInTheTableAlone(t *testing.T) {
	for _, file := range sources(t, false) {
		if file.pkg != "internal/handlers" || file.path == "internal/handlers/handlers.go" {
			continue
		}
		ast.Inspect(file.File, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			verbs := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "Any", "Add", "Match", "Group", "Static", "File"}
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == "e" && slices.Contains(verbs, selector.Sel.Name) {
				t.Errorf("%s registers a route outside the table", file.set.Position(selector.Pos()))
			}
			return true
		})
	}
}

func TestNothingRefersToThisMachine(t *testing.T) {
	for _, file := range sources(t, true) {
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(file.path)))
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range []string{"/wo" + "rk/", "/home" + "/", "/ro" + "ot/"} {
			if strings.Contains(string(text), place) {
				t.Errorf("%s names a folder of one machine: %s", file.path, place)
			}
		}
	}
}

package internal_test

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ban is something of another package that the program does not use, and the files or folders that may all the same.
type ban struct {
	pkg   string   // import path
	names []string // what of it; everything where there are none
	why   string
	but   map[string]string // file or folder, and why there
}

var bans = []ban{
	{pkg: "math/rand", why: "secrets come from crypto/rand, and nothing else is drawn"},
	{pkg: "math/rand/v2", why: "secrets come from crypto/rand, and nothing else is drawn", but: map[string]string{
		"internal/store/storetest": "draws which bits a test flips"}},
	{pkg: "text/template", why: "it escapes nothing"},
	{pkg: "html/template", why: "pages are templ components"},
	{pkg: "encoding/gob", why: "what comes from outside is never turned into types of its choice"},
	{pkg: "encoding/xml", names: []string{"Unmarshal", "NewDecoder"}, why: "no XML is read"},
	{pkg: "net/http/pprof", why: "nothing for debugging is served"},
	{pkg: "expvar", why: "nothing for debugging is served"},
	{pkg: "unsafe", why: "memory stays safe"},
	{pkg: "plugin", why: "no code is loaded"},
	{pkg: "os/exec", why: "the product starts no other program", but: map[string]string{
		"internal/eval/mutate": "runs the tests", "internal/mutate": "runs the tests",
		"internal/eval/compare": "runs the evaluator that it compares with"}},
	{pkg: "crypto/md5", why: "broken"}, {pkg: "crypto/des", why: "broken"}, {pkg: "crypto/rc4", why: "broken"},
	{pkg: "crypto/sha1", why: "broken, except in an HMAC", but: map[string]string{
		"internal/mfa/totp.go": "RFC 6238: authenticator apps know nothing else"}},
	{pkg: "net/http", names: []string{"DefaultClient", "DefaultTransport", "DefaultServeMux", "Get", "Head", "Post", "PostForm", "Handle",
		"HandleFunc", "ListenAndServe", "ListenAndServeTLS", "Serve"}, why: "without time limits, or open to every package"},
	{pkg: "time", names: []string{"Now", "Since", "Until"}, why: "the clock comes in from outside", but: map[string]string{
		"cmd/console":                     "hands the clock in",
		"internal/store/dialect.go":       "the clock of a store that only reads",
		"internal/store/storetest":        "for tests alone",
		"internal/mail/mailtest":          "for tests alone",
		"internal/handlers/middleware.go": "how long a request took, in its line of the log",
		"internal/syslog/syslog.go":       "time limits of a connection",
		"internal/mutate":                 "a command for developers that says how long it took",
		"internal/eval":                   "commands for developers that say how long they took"}},
}

// hand is the hand-written files of the program without its tests and without what only measures it.
func hand(t *testing.T) []source {
	return slices.DeleteFunc(sources(t, false), func(f source) bool { return strings.HasPrefix(f.pkg, "e2e") })
}

// imported is the names under which a file knows packages.
func imported(file source) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Imports {
		name := strings.Trim(spec.Path.Value, `"`)
		short := path.Base(name)
		if regexp.MustCompile(`^v[0-9]+$`).MatchString(short) {
			short = path.Base(path.Dir(name))
		}
		if spec.Name != nil {
			short = spec.Name.Name
		}
		names[short] = name
	}
	return names
}

func (b ban) lifted(file source) bool {
	for place := range b.but {
		if file.path == place || strings.HasPrefix(file.path, place+"/") {
			return true
		}
	}
	return false
}

func TestWhatIsForbiddenIsNotUsed(t *testing.T) {
	for _, file := range hand(t) {
		known := imported(file)
		for _, b := range bans {
			if b.lifted(file) {
				continue
			}
			for short, pkg := range known {
				if pkg != b.pkg {
					continue
				}
				if len(b.names) == 0 {
					t.Errorf("%s imports %s: %s", file.path, b.pkg, b.why)
				}
				for at := range uses(file, short, b.names) {
					t.Errorf("%s uses %s: %s", at, b.pkg, b.why)
				}
			}
		}
	}
}

// uses yields where a file uses one of a package's names.
func uses(file source, short string, names []string) func(func(token.Position) bool) {
	return func(yield func(token.Position) bool) {
		ast.Inspect(file.File, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := selector.X.(*ast.Ident)
			return !ok || x.Name != short || !slices.Contains(names, selector.Sel.Name) || yield(file.set.Position(n.Pos()))
		})
	}
}

// A name that is never compared with == or bytes.Equal, because how long that takes tells how much of it was right.
var secretName = regexp.MustCompile(`(?i)^(mac|hmac|sum|tag|signature|token|secret|password|passphrase|code|proof|answer)$`)

// Comparisons of things with such a name that are no secrets.
var notSecret = map[string]string{
	"internal/eval/index.go: tag, tagOf":                            "part of the hash of a name",
	"internal/mail/mailtest/mailtest.go: password, Password":        "a server for tests alone",
	"internal/store/dialect.go: Code, SQLITE_CONSTRAINT_UNIQUE":     "the number of an error",
	"internal/store/dialect.go: Code, SQLITE_CONSTRAINT_PRIMARYKEY": "the number of an error",
	"internal/store/guardcheck.go: sum, sum":                        "of rows in the database, under a head that has a MAC of its own",
}

func TestSecretsAreComparedInConstantTime(t *testing.T) {
	for _, file := range hand(t) {
		ast.Inspect(file.File, func(n ast.Node) bool {
			var a, b ast.Expr
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op == token.EQL || n.Op == token.NEQ {
					a, b = n.X, n.Y
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) == 2 && f.Sel.Name == "Equal" && nameOf(f.X) == "bytes" {
					a, b = n.Args[0], n.Args[1]
				}
			}
			if a == nil || constant(a) || constant(b) || !secretName.MatchString(nameOf(a)) && !secretName.MatchString(nameOf(b)) {
				return true
			}
			at := file.set.Position(n.Pos())
			if _, ok := notSecret[file.path+": "+nameOf(a)+", "+nameOf(b)]; !ok {
				t.Errorf("%s compares %s and %s: use hmac.Equal or subtle.ConstantTimeCompare", at, nameOf(a), nameOf(b))
			}
			return true
		})
	}
}

// nameOf is the last name of an expression: of x.y.Token it is Token.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.CallExpr:
		return nameOf(e.Fun)
	case *ast.SliceExpr:
		return nameOf(e.X)
	}
	return ""
}

func constant(e ast.Expr) bool {
	_, literal := e.(*ast.BasicLit)
	return literal || nameOf(e) == "nil" || nameOf(e) == "len"
}

var statement = regexp.MustCompile(`(?i)^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|WITH|PRAGMA|WHERE|AND|ORDER BY|FROM|SET)\b`)

func TestSQLIsNotFormatted(t *testing.T) {
	for _, file := range hand(t) {
		if file.pkg == "internal/store/storetest" {
			continue
		}
		ast.Inspect(file.File, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || nameOf(f.X) != "fmt" {
				return true
			}
			for _, argument := range call.Args {
				if text, ok := argument.(*ast.BasicLit); ok && text.Kind == token.STRING {
					if s, err := strconv.Unquote(text.Value); err == nil && statement.MatchString(s) && strings.ToUpper(s[:3]) == s[:3] {
						t.Errorf("%s formats SQL: values are parameters", file.set.Position(n.Pos()))
					}
				}
			}
			return true
		})
	}
}

var marked = regexp.MustCompile(`#nosec\b(.*)`)

func TestEachFindingThatIsTakenAsItIsHasAReason(t *testing.T) {
	reason := regexp.MustCompile(`^( G[0-9]{3})+ -- \S.{8,}`)
	for _, file := range sources(t, true) {
		for _, group := range file.Comments {
			for _, comment := range group.List {
				if m := marked.FindStringSubmatch(comment.Text); m != nil && !reason.MatchString(m[1]) {
					t.Errorf("%s: write which rule, and why: // #nosec G000 -- reason", file.set.Position(comment.Pos()))
				}
			}
		}
	}
}

package internal_test

import (
	"go/ast"
	"slices"
	"testing"
)

// registering are the methods of a router, and functions of net/http, that make something answer at an address, with the
// fewest arguments that they take. Others have methods of such names with fewer.
var registering = map[string]int{
	"GET": 1, "HEAD": 1, "POST": 1, "PUT": 1, "PATCH": 1, "DELETE": 1, "OPTIONS": 1, "TRACE": 1, "CONNECT": 1,
	"Add": 3, "Any": 2, "Match": 3, "Static": 2, "StaticFS": 2, "FileFS": 3, "RouteNotFound": 2,
	"Handle": 2, "HandleFunc": 2, "NewServeMux": 0,
}

// TestRoutesAreRegisteredThroughTheTableAlone finds what could answer at an address without saying for whom.
func TestRoutesAreRegisteredThroughTheTableAlone(t *testing.T) {
	may := []string{"internal/handlers/handlers.go register Add", "internal/handlers/handlers.go New Match"} // the table; static files
	var found []string
	for _, file := range sources(t, false) {
		if file.pkg != "internal/handlers" && file.pkg != "cmd/console" && file.pkg != "web/static" {
			continue
		}
		for _, spec := range file.Imports {
			if path := spec.Path.Value; path == `"net/http/pprof"` || path == `"expvar"` {
				t.Errorf("%s imports %s, which answers at addresses of its own", file.path, path)
			}
		}
		for _, decl := range file.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(function, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				selector, ok := call.Fun.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if fewest, registers := registering[selector.Sel.Name]; registers && len(call.Args) >= fewest {
					found = append(found, file.path+" "+function.Name.Name+" "+selector.Sel.Name)
				}
				return true
			})
		}
	}
	for _, where := range found {
		if !slices.Contains(may, where) {
			t.Errorf("%s: a route outside the table", where)
		}
	}
	for _, where := range may {
		if !slices.Contains(found, where) {
			t.Errorf("%s is not there any more: the test looks in the wrong place", where)
		}
	}
}

package internal_test

import (
	"go/ast"
	"slices"
	"testing"
)

// Methods that return rows of a database, which hold a connection until they are closed.
var rowsMethods = []string{"Query", "Queryx", "QueryContext", "QueryxContext", "NamedQuery", "NamedQueryContext"}

// TestRowsAreClosedAndTheirErrorIsLookedAt asks that the function that gets rows closes them by a defer, and where it walks
// through them asks for the error that ended the walk.
func TestRowsAreClosedAndTheirErrorIsLookedAt(t *testing.T) {
	found := 0
	for _, file := range hand(t) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil || file.path == "internal/store/sqliteconn.go" { // the driver's rows, which it hands on
				continue
			}
			seen := map[string]bool{} // rows.Next, defer rows.Close
			named := map[ast.Node]string{}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					named[n.Rhs[0]] = nameOf(n.Lhs[0])
				case *ast.DeferStmt:
					seen["defer "+called(n.Call)] = true
				case *ast.CallExpr:
					seen[called(n)] = true
				}
				return true
			})
			ast.Inspect(f.Body, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 || !slices.Contains(rowsMethods, nameOf(call)) { // without arguments it is that of a URL
					return true
				}
				found++
				if rows := named[n]; rows == "" || !seen["defer "+rows+".Close"] || seen[rows+".Next"] && !seen[rows+".Err"] {
					t.Errorf("%s: close rows by a defer, and look at their Err after the last", file.set.Position(n.Pos()))
				}
				return true
			})
		}
	}
	if found < 5 {
		t.Errorf("only %d queries were found: the test looks for other names than the program uses", found)
	}
}

// called is the last two names of what is called: rows.Close.
func called(call *ast.CallExpr) string {
	if f, ok := call.Fun.(*ast.SelectorExpr); ok {
		return nameOf(f.X) + "." + f.Sel.Name
	}
	return nameOf(call)
}

package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is one change.
type mutant struct {
	number int
	place  string // file:line
	what   string
}

// switches is the file that knows which mutant is switched on, and notes which are reached when it is asked to.
const switches = `package %s

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
)

var (
	mutant, _      = strconv.Atoi(os.Getenv("MUTANT"))
	traceTo        = os.Getenv("MUTANTS_REACHED")
	mutantsReached [1 << 14]atomic.Bool // by number, which costs no memory on the way: a test may count that
)

func mutated(number int) bool {
	if traceTo != "" {
		traceMutant(number)
	}
	return number == mutant
}

func traceMutant(number int) {
	if mutantsReached[number].Load() || mutantsReached[number].Swap(true) {
		return
	}
	trace, err := os.OpenFile(traceTo, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer trace.Close()
	fmt.Fprintln(trace, number)
}

func withoutError(number int, err error) error {
	if mutated(number) {
		return nil
	}
	return err
}
`

// rewriter turns one file into one with mutants.
type rewriter struct {
	set     *token.FileSet
	text    []byte
	name    string
	left    map[string]bool // places that do not compile
	mutants []mutant
	inserts []insert
}

// insert is text to put in at an offset.
type insert struct {
	offset, order int
	text          string
}

// rewrite writes all files with their mutants into work and says what replaces what.
func (of target) rewrite(work string, left map[string]bool) ([]mutant, map[string]string, error) {
	overlay := map[string]string{filepath.Join(of.dir, "mutated.go"): filepath.Join(work, "mutated.go")}
	if err := os.WriteFile(filepath.Join(work, "mutated.go"), fmt.Appendf(nil, switches, filepath.Base(of.dir)), 0o600); err != nil {
		return nil, nil, err
	}
	var mutants []mutant
	for _, name := range of.files {
		text, err := os.ReadFile(filepath.Join(of.dir, name))
		if err != nil {
			return nil, nil, err
		}
		r := &rewriter{set: token.NewFileSet(), text: text, name: name, left: left, mutants: mutants}
		file, err := parser.ParseFile(r.set, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				ast.Inspect(f.Body, r.visit)
				r.results(f.Type, f.Body)
			}
		}
		if err := os.WriteFile(filepath.Join(work, name), r.apply(), 0o600); err != nil {
			return nil, nil, err
		}
		overlay[filepath.Join(of.dir, name)] = filepath.Join(work, name)
		mutants = r.mutants
	}
	for from, to := range overlay {
		delete(overlay, from)
		full, err := filepath.Abs(from)
		if err != nil {
			return nil, nil, err
		}
		overlay[full] = to
	}
	return mutants, overlay, nil
}

var swapped = map[token.Token]token.Token{token.LAND: token.LOR, token.LOR: token.LAND, token.LSS: token.LEQ, token.LEQ: token.LSS,
	token.GTR: token.GEQ, token.GEQ: token.GTR}

// visit looks for what can be changed.
func (r *rewriter) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if other, ok := swapped[n.Op]; ok {
			r.swap(n, other)
		}
		switch n.Op {
		case token.EQL, token.NEQ, token.LSS, token.GTR, token.LEQ, token.GEQ:
			r.negate(n)
		}
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			r.negate(n)
		}
	case *ast.Ident:
		if n.Name == "true" || n.Name == "false" {
			r.negate(n)
		}
	case *ast.IfStmt:
		r.condition(n.Cond)
	case *ast.SwitchStmt:
		if n.Tag == nil {
			for _, c := range n.Body.List {
				for _, e := range c.(*ast.CaseClause).List {
					r.condition(e)
				}
			}
		}
	case *ast.ExprStmt:
		r.omit(n)
	case *ast.IncDecStmt:
		r.omit(n)
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			r.omit(n)
		}
	case *ast.ForStmt:
		// What a loop does at its end is left alone: most changes would not end.
		if n.Init != nil {
			ast.Inspect(n.Init, r.visit)
		}
		ast.Inspect(n.Body, r.visit)
		return false
	}
	return true
}

// results changes what a function returns, and each function within it: no error in place of one, the opposite of what a
// call says. What is passed on from a call that failed is left alone, as no decision is made there.
func (r *rewriter) results(of *ast.FuncType, body *ast.BlockStmt) {
	last := ""
	if of.Results != nil {
		if name, ok := of.Results.List[len(of.Results.List)-1].Type.(*ast.Ident); ok {
			last = name.Name
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			r.results(n.Type, n.Body)
			return false
		case *ast.ReturnStmt:
			if len(n.Results) == of.Results.NumFields() && len(n.Results) > 0 {
				r.result(last, n.Results[len(n.Results)-1])
			}
		}
		return true
	})
}

func (r *rewriter) result(kind string, e ast.Expr) {
	name, isName := e.(*ast.Ident)
	switch {
	case kind == "error" && !passesOn(e):
		if number, ok := r.add(e, "returned as no error"); ok {
			r.wrap(e, fmt.Sprintf("withoutError(%d, ", number), ")")
		}
	case kind == "bool" && !(isName && (name.Name == "true" || name.Name == "false")):
		r.condition(e)
	}
}

// passesOn says whether an error is none, one of a call that failed, or such a one with words around it. A call that is given
// a context does something: its error is passed on, as it is where it is kept in a variable first.
func passesOn(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "nil" || e.Name == "err"
	case *ast.CallExpr:
		if len(e.Args) == 0 {
			return false
		}
		first, _ := e.Args[0].(*ast.Ident)
		return first != nil && first.Name == "ctx" || len(e.Args) > 1 && passesOn(e.Args[len(e.Args)-1])
	}
	return false
}

// condition changes a condition that is no comparison, which would be changed anyway.
func (r *rewriter) condition(e ast.Expr) {
	switch e.(type) {
	case *ast.CallExpr, *ast.Ident, *ast.SelectorExpr:
		r.negate(e)
	}
}

// negate turns a condition around.
func (r *rewriter) negate(n ast.Node) {
	if number, ok := r.add(n, "negated"); ok {
		r.wrap(n, "((", fmt.Sprintf(") != mutated(%d))", number))
	}
}

// swap uses another operator: "and" for "or", "less" for "at most".
func (r *rewriter) swap(n *ast.BinaryExpr, other token.Token) {
	number, ok := r.add(n, "with "+other.String())
	if !ok {
		return
	}
	x, y := oneLine(r.source(n.X)), oneLine(r.source(n.Y))
	r.wrap(n, fmt.Sprintf("(mutated(%d) && ((%s) %s (%s)) || !mutated(%d) && (", number, x, other, y, number), "))")
}

// oneLine keeps the lines of the changed file those of the original.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", " ") }

// omit leaves a statement out.
func (r *rewriter) omit(n ast.Node) {
	if number, ok := r.add(n, "left out"); ok {
		r.wrap(n, fmt.Sprintf("if !mutated(%d) { ", number), " }")
	}
}

func (r *rewriter) add(n ast.Node, how string) (int, bool) {
	place := fmt.Sprintf("%s:%d", r.name, r.set.Position(n.Pos()).Line)
	number := len(r.mutants) + 1
	r.mutants = append(r.mutants, mutant{number, place, r.source(n) + " " + how})
	if r.left[place] {
		r.mutants = r.mutants[:number-1]
		return 0, false
	}
	return number, true
}

func (r *rewriter) source(n ast.Node) string {
	return string(r.text[r.offset(n.Pos()):r.offset(n.End())])
}

func (r *rewriter) offset(p token.Pos) int { return r.set.Position(p).Offset }

// wrap puts text around a node. Of two nodes with the same start the outer comes first.
func (r *rewriter) wrap(n ast.Node, before, after string) {
	from, to := r.offset(n.Pos()), r.offset(n.End())
	order := len(r.inserts)
	r.inserts = append(r.inserts, insert{from, order, before}, insert{to, -order, after})
}

func (r *rewriter) apply() []byte {
	slices.SortStableFunc(r.inserts, func(a, b insert) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.order, b.order))
	})
	var out []byte
	at := 0
	for _, i := range r.inserts {
		out = append(append(out, r.text[at:i.offset]...), i.text...)
		at = i.offset
	}
	return append(out, r.text[at:]...)
}

package internal_test

import (
	"go/ast"
	"maps"
	"slices"
	"testing"
)

// rises is what begins a session or lets it rise in rights, and the functions that may use it: each of them proved first who
// it is, or is used by those alone that did. One more is a new way to sign in, and takes what the others have: the rules of
// internal/signin in the same transaction, a count of guesses before it, and the tests of both.
var rises = map[string][]string{
	"InsertSession": {"internal/center: enter"},
	"RaiseSession":  {"internal/center: raise"},
	"enter":         {"internal/center: open", "internal/center: enterWithPasskey"},
	"open":          {"internal/center: SignIn", "internal/center: SetUp", "internal/center: useLink"},
	"raise":         {"internal/center: RenewPassword", "internal/center: enrolled", "internal/center: pass"},
	"pass":          {"internal/center: VerifyCode", "internal/center: VerifyKey", "internal/center: VerifyRecoveryCode"},
}

func TestSessionsBeginAndRiseWhereWhoItIsWasProved(t *testing.T) {
	found := map[string]map[string]bool{}
	for _, file := range hand(t) {
		for _, d := range file.Decls {
			where := file.pkg + ": package"
			if f, ok := d.(*ast.FuncDecl); ok {
				where = file.pkg + ": " + f.Name.Name
			}
			ast.Inspect(d, func(n ast.Node) bool {
				selector, ok := n.(*ast.SelectorExpr)
				if !ok || !rise(file, selector) {
					return true
				}
				name := selector.Sel.Name
				if !slices.Contains(rises[name], where) {
					t.Errorf("%s uses %s, which lets a session begin or rise", file.set.Position(n.Pos()), name)
				}
				if found[name] == nil {
					found[name] = map[string]bool{}
				}
				found[name][where] = true
				return true
			})
		}
	}
	for name, may := range rises {
		if does := slices.Sorted(maps.Keys(found[name])); len(does) != len(may) {
			t.Errorf("%s may be used by %q, and is by %q", name, may, does)
		}
	}
}

// rise reports whether a selector is one of rises: the exported ones anywhere, the others in internal/center, where a field is
// called open as well.
func rise(file source, s *ast.SelectorExpr) bool {
	_, ok := rises[s.Sel.Name]
	return ok && (s.Sel.IsExported() || file.pkg == "internal/center" && nameOf(s.X) != "try")
}

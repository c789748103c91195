package eval

import (
	"errors"
	"strings"
)

// variable checks the ${...} of a text and reports whether they can be read.
func (v *validator) variable(t *Text) bool {
	rest := t.Value
	for {
		_, after, found := strings.Cut(rest, "${")
		if !found {
			return true
		}
		if !v.doc.variables() {
			v.fail(t.Span, "Variable unsupported in version",
				`Write "Version": "2012-10-17"; earlier policies have no variables.`)
			return false
		}
		name, _, length, err := cutVariable("${" + after)
		if err != nil {
			v.brokenVariable(t, err)
			return false
		}
		switch {
		case strings.Contains(name, " "):
			v.fail(t.Span, "Unsupported space in variable", "Remove the space from "+quote("${"+name+"}")+".")
		case strings.HasSuffix(name, "/"):
			v.fail(t.Span, "Missing tag key in variable", "Name a tag after the slash in "+quote("${"+name+"}")+".")
		}
		rest = ("${" + after)[length:]
	}
}

func (v *validator) brokenVariable(t *Text, err error) {
	switch {
	case errors.Is(err, errMissingQuote):
		v.fail(t.Span, "Missing quote in variable",
			"Put the default value between single quotes, as in ${aws:PrincipalTag/team, 'none'}.")
	case errors.Is(err, errEmptyVariable):
		v.fail(t.Span, "Empty variable", "Name a condition key between the braces, as in ${aws:username}.")
	default:
		v.fail(t.Span, "Missing brace in variable", "Close the variable with }, as in ${aws:username}.")
	}
}

package eval_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

func TestParseKnowsWhereEverythingStands(t *testing.T) {
	text := `{
  "Version": "2012-10-17",
  "Id": "orders",
  "Statement": {
    "Sid": "Lesen",
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:Größe"],
    "NotResource": "arn:aws:s3:::\u0061",
    "Condition": {
      "NumericLessThan": {"s3:max-keys": 10},
      "Bool": {"aws:SecureTransport": [true, "false"]}
    }
  }
}`
	doc, err := eval.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s := doc.Statements[0]
	limit := s.Conditions[0]
	for _, at := range []struct {
		what, got, want string
		span            eval.Span
		line, from, to  int
	}{
		{"version", doc.Version.Value, "2012-10-17", doc.Version.Span, 2, 14, 26},
		{"id", doc.ID.Value, "orders", doc.ID.Span, 3, 9, 17},
		{"sid", s.Sid.Value, "Lesen", s.Sid.Span, 5, 12, 19},
		{"second action, columns in characters", s.Action.Values[1].Value, "s3:Größe", s.Action.Values[1].Span, 7, 32, 42},
		{"escaped resource", s.Resource.Values[0].Value, "arn:aws:s3:::a", s.Resource.Values[0].Span, 8, 20, 41},
		{"number", limit.Values[0].Value, "10", limit.Values[0].Span, 10, 42, 44},
		{"condition", limit.Key.Value, "s3:max-keys", limit.Span, 10, 27, 44},
		{"boolean", s.Conditions[1].Values[0].Value, "true", s.Conditions[1].Values[0].Span, 11, 40, 44},
	} {
		want := eval.Span{Start: eval.Position{Line: at.line, Column: at.from},
			End: eval.Position{Line: at.line, Column: at.to}}
		if at.got != at.want || at.span != want {
			t.Errorf("%s: got %q at %v, want %q at %v", at.what, at.got, at.span, at.want, want)
		}
	}
	if s.Span.Start.Line != 4 || s.Span.End.Line != 13 {
		t.Errorf("the statement spans %v", s.Span)
	}
	if !s.Resource.Negated() || s.Action.Negated() || s.Principal.Present() {
		t.Error("NotResource is negated, Action is not, and there is no principal")
	}
}

// syntaxCase is a text that is no policy, and the error that says so.
type syntaxCase struct {
	text         string
	line, column int
	message      string
}

func testSyntaxErrors(t *testing.T, cases map[string]syntaxCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := eval.Parse([]byte(c.text))
			e, ok := errors.AsType[*eval.SyntaxError](err)
			if !ok {
				t.Fatalf("got %v, want a syntax error", err)
			}
			if e.Line != c.line || e.Column != c.column || !strings.Contains(e.Message, c.message) {
				t.Errorf("got %v, want line %d, column %d: %s", e, c.line, c.column, c.message)
			}
		})
	}
}

func TestParseRefusesWhatIsNotJSONAndSaysWhere(t *testing.T) {
	testSyntaxErrors(t, map[string]syntaxCase{
		"nothing":               {"", 1, 1, "the text is empty"},
		"blank lines":           {" \n\t\n ", 3, 2, "the text is empty"},
		"not UTF-8":             {"{\"a\xff\"", 1, 4, "not valid UTF-8"},
		"a word":                {"policy", 1, 1, "expected a JSON value"},
		"an open object":        {"{", 1, 2, "expected a name in double quotes"},
		"a trailing comma":      {`{"Id":"a",}`, 1, 11, "expected a name in double quotes"},
		"no colon":              {`{"Id" "a"}`, 1, 7, `expected a colon after "Id"`},
		"no value":              {`{"Id":`, 1, 7, "the text ends too early"},
		"no comma in an object": {`{"Id":"a" "b":1}`, 1, 11, "expected a comma or the closing }"},
		"no comma in a list":    {`{"Statement":[1 2]}`, 1, 17, "expected a comma or the closing ]"},
		"an open list":          {`{"Statement":[`, 1, 15, "the text ends too early"},
		"a bad value in a list": {`{"Statement":[x]}`, 1, 15, "expected a JSON value"},
		"an open string":        {`{"Id":"a`, 1, 7, "no closing quote"},
		"an open name":          {`{"Id`, 1, 2, "no closing quote"},
		"a line break inside":   {"{\"Id\":\"a\n\"}", 1, 9, "cannot contain a line break"},
		"an unknown escape":     {`{"Id":"\x"}`, 1, 8, "not an escape sequence"},
		"an escape at the end":  {`{"Id":"\`, 1, 8, "not an escape sequence"},
		"a short \\u":           {`{"Id":"\u00"}`, 1, 8, "four hexadecimal digits"},
		"a cut \\u":             {`{"Id":"\u0`, 1, 8, "four hexadecimal digits"},
		"half a pair":           {`{"Id":"\ud83d!"}`, 1, 8, "four hexadecimal digits"},
		"a minus alone":         {`{"Id":-}`, 1, 8, "expected a digit"},
		"a leading zero":        {`{"Id":01}`, 1, 8, "expected a comma"},
		"an open fraction":      {`{"Id":1.}`, 1, 9, "expected a digit after the decimal point"},
		"an open exponent":      {`{"Id":1e+}`, 1, 10, "expected a digit in the exponent"},
		"too deep":              {strings.Repeat("[", 40), 1, 33, "nested more than 32 levels"},
		"two documents":         {`{"Statement":[]} {}`, 1, 18, "more text after the end"},
	})
}

func TestParseRefusesWhatIsNotAPolicyAndSaysWhere(t *testing.T) {
	statement := func(s string) string { return `{"Statement":[{` + s + `}]}` }
	testSyntaxErrors(t, map[string]syntaxCase{
		"a list":              {`[]`, 1, 1, "A policy must be an object, not a list."},
		"no statement":        {`{"Version":"2012-10-17"}`, 1, 1, "Add a Statement element"},
		"an unknown version":  {`{"Version":"2020-01-01","Statement":[]}`, 1, 12, `Write "Version": "2012-10-17"`},
		"a number as version": {`{"Version":2012,"Statement":[]}`, 1, 12, "Version must be a string, not a number."},
		"an unknown element":  {`{"Statements":[],"Statement":[]}`, 1, 2, `Remove "Statements"`},
		"a text as statement": {`{"Statement":"Allow"}`, 1, 14, "Statement must be an object or a list of objects"},
		"null in the list":    {`{"Statement":[null]}`, 1, 15, "A statement must be an object, not null."},
		"a repeated key": {statement(`"Effect":"Deny","Effect":"Allow","Action":"*"`), 1, 32,
			`Remove one of the two "Effect"`},
		"a twin in other case": {statement(`"Effect":"Deny","effect":"Allow","Action":"*"`), 1, 32, "differ only in case"},
		"no effect":            {statement(`"Action":"*"`), 1, 15, `Add "Effect"`},
		"a small effect":       {statement(`"Effect":"allow","Action":"*"`), 1, 25, "Write Allow or Deny"},
		"a boolean effect":     {statement(`"Effect":true,"Action":"*"`), 1, 25, "Effect must be a string, not a boolean."},
		"no action":            {statement(`"Effect":"Allow"`), 1, 15, "Add an Action or NotAction element"},
		"two actions": {statement(`"Effect":"Allow","Action":"*","NotAction":"*"`), 1, 46,
			"Keep either Action or NotAction"},
		"two resources": {statement(`"Effect":"Allow","Action":"*","NotResource":"*","Resource":"*"`), 1, 64,
			"Keep either NotResource or Resource"},
		"two principals": {statement(`"Effect":"Allow","Action":"*","Principal":"*","NotPrincipal":"*"`), 1, 62,
			"Keep either Principal or NotPrincipal"},
		"an action in a list": {statement(`"Effect":"Allow","Action":[["*"]]`), 1, 43,
			"Each entry of Action must be a string"},
		"a bare principal": {statement(`"Effect":"Allow","Action":"*","Principal":"111111111111"`), 1, 58, `Write "*"`},
		"an unknown principal": {statement(`"Effect":"Allow","Action":"*","Principal":{"Aws":"1"}`), 1, 59,
			"Write AWS, Service, Federated or CanonicalUser"},
		"a list of principals": {statement(`"Effect":"Allow","Action":"*","Principal":["*"]`), 1, 58,
			"Principal must be an object"},
		"a list of conditions": {statement(`"Effect":"Allow","Action":"*","Condition":[]`), 1, 58,
			"Condition must be an object"},
		"a text as operator": {statement(`"Effect":"Allow","Action":"*","Condition":{"Bool":"x"}`), 1, 66,
			`The operator "Bool" must be an object`},
		"an object as value": {statement(`"Effect":"Allow","Action":"*","Condition":{"Bool":{"a:b":[{}]}}`), 1, 74,
			`A value of "a:b" must be`},
	})
}

func TestCompileNamesThePolicyInItsError(t *testing.T) {
	_, err := eval.Compile("ReadOrders", []byte("{}"))
	if err == nil || !strings.HasPrefix(err.Error(), `policy "ReadOrders": line 1, column 1: Add a Statement element`) {
		t.Error(err)
	}
}

func TestEscapesStandForTheirCharacters(t *testing.T) {
	doc, err := eval.Parse([]byte(`{"Id":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00","Statement":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := "\"\\/\b\f\n\r\té😀"; doc.ID.Value != want {
		t.Errorf("got %q, want %q", doc.ID.Value, want)
	}
}

func TestAPolicyKeepsItsNameAndDocument(t *testing.T) {
	p := compile(t, "ReadOrders", `{"Statement":{`+allowRead+`}}`)
	if p.Name() != "ReadOrders" || len(p.Document().Statements) != 1 {
		t.Errorf("got %q with %d statements", p.Name(), len(p.Document().Statements))
	}
}

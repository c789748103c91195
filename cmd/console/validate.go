package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"gatehouse/internal/catalog"
	"gatehouse/internal/eval"
)

const validateHelp = `NAME
    console validate - check policy documents

SYNOPSIS
    console validate --type TYPE [--json] [FILE...]
    console validate < documents.jsonl

DESCRIPTION
    With --type, reads policy documents as they are: the files named, or standard input if there is none or the
    name is "-". For each finding it writes a line

        FILE:LINE:COLUMN: SEVERITY: CHECK: what to write instead

    CHECK and SEVERITY are the names that IAM Access Analyzer gives them. A document with an ERROR is one that AWS
    does not accept or that does not do what it says. WARNING, SECURITY_WARNING and SUGGESTION are advice.

    Without --type, reads JSON lines with "id", "policyType" and "text", the text being the document, and writes
    one JSON line for each: {"id", "valid", "findings": [{"severity", "code", "message", "start", "end"}]}.

    Actions, services and condition keys are checked against the catalogue that is built into the program; a
    program built without one skips those checks.

OPTIONS
    --type TYPE   what the documents are used as, in any case:
                  identity   attached to a user, group, role or permission set
                  boundary   permissions boundary
                  session    passed when a session is made
                  resource   on a resource, such as a bucket
                  trust      who may assume a role
                  scp, rcp   service and resource control policies
    --json        write findings as a JSON line for each document, with the file as its "id"

EXIT STATUS
    0  no document has an ERROR
    1  a document has one, or could not be read
    With JSON lines as input, 0 unless the lines themselves cannot be read or written.

EXAMPLES
    console validate --type scp guardrails/*.json
    aws iam get-role --role-name deploy --query Role.AssumeRolePolicyDocument | console validate --type trust
`

var errInvalid = errors.New("not every document is valid")

// validate checks documents from files or standard input.
func (p process) validate(_ context.Context, _ config, args []string) error {
	flags := flag.NewFlagSet("validate", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	kind := flags.String("type", "", "")
	asJSON := flags.Bool("json", false, "")
	if err := flags.Parse(args); err != nil {
		return p.helped(err, validateHelp)
	}
	use := eval.PolicyType(strings.ToUpper(*kind))
	switch {
	case *kind == "" && (flags.NArg() > 0 || *asJSON):
		return errors.New("say with --type what the documents are used as; see console validate --help")
	case *kind != "" && !use.Known():
		return fmt.Errorf("--type %s: write identity, boundary, session, resource, trust, scp or rcp", *kind)
	}
	c, err := catalog.Load()
	if err != nil {
		return fmt.Errorf("load catalogue: %w", err)
	}
	if *kind == "" {
		return runValidate(p.in, p.out, evalCatalog(c))
	}
	return p.documents(documentCheck{use, *asJSON, evalCatalog(c)}, flags.Args())
}

// documentCheck is how documents are checked.
type documentCheck struct {
	use    eval.PolicyType
	asJSON bool
	known  eval.Catalog
}

// documents checks files, or standard input if there are none.
func (p process) documents(check documentCheck, names []string) error {
	if len(names) == 0 {
		names = []string{"-"}
	}
	var problems error
	for _, name := range names {
		text, err := p.document(name)
		if err != nil {
			problems = errors.Join(problems, err)
			continue
		}
		answer := validated(name, check.use, string(text), check.known)
		if !answer.Valid {
			problems = cmp.Or(problems, errInvalid)
		}
		if err := p.print(answer, check.asJSON); err != nil {
			return fmt.Errorf("write findings: %w", err)
		}
	}
	return problems
}

func (p process) document(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(p.in)
	}
	return os.ReadFile(name) // #nosec G304 -- a file that the operator names
}

func (p process) print(answer validateLine, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(p.out)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(answer)
	}
	for _, f := range answer.Findings {
		if _, err := fmt.Fprintf(p.out, "%s:%d:%d: %s: %s: %s\n", answer.ID, f.Start.Line, f.Start.Column,
			f.Severity, f.Code, f.Message); err != nil {
			return err
		}
	}
	return nil
}

// evalCatalog lets the evaluator ask the catalogue. An empty one knows nothing and
// must not make every action look wrong.
func evalCatalog(c *catalog.Catalog) eval.Catalog {
	if c.Empty() {
		return eval.Catalog{}
	}
	return eval.Catalog{
		Actions: func(prefix string) (names []string) {
			for _, a := range c.Actions(prefix) {
				names = append(names, a.Name)
			}
			return names
		},
		Retired: c.Retired,
		ConditionKey: func(key string) (kind string, ok bool) {
			k, ok := c.ConditionKey(key)
			return string(k.Type), ok
		},
	}
}

// runValidate reads documents, one JSON object with "id", "policyType" and "text" a
// line, and writes what is wrong with each, one line each in the same order. A line
// that cannot be read gets an "error" and stops nothing.
func runValidate(in io.Reader, out io.Writer, known eval.Catalog) error {
	return eachLine(in, out, func(line []byte) any {
		var d struct {
			ID   string          `json:"id"`
			Type eval.PolicyType `json:"policyType"`
			Text string          `json:"text"`
		}
		if err := json.Unmarshal(line, &d); err != nil {
			return evalLine{ID: d.ID, Error: "read document: " + err.Error()}
		}
		if !d.Type.Known() {
			return evalLine{ID: d.ID, Error: "policyType must be IDENTITY, RESOURCE, SCP, RCP, TRUST, BOUNDARY or SESSION"}
		}
		return validated(d.ID, d.Type, d.Text, known)
	})
}

// validateLine is what is wrong with one document.
type validateLine struct {
	ID       string         `json:"id"`
	Valid    bool           `json:"valid"`
	Findings []eval.Finding `json:"findings"`
}

func validated(id string, use eval.PolicyType, text string, known eval.Catalog) validateLine {
	findings := eval.Validate([]byte(text), use, known)
	if findings == nil {
		findings = []eval.Finding{}
	}
	return validateLine{ID: id, Valid: eval.Valid(findings), Findings: findings}
}

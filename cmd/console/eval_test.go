package main

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/internal/eval"
)

const scenario = `{"id":"a","principal":"arn:aws:iam::111111111111:user/alice","action":"s3:GetObject",` +
	`"resource":"arn:aws:s3:::x/y","resourceAccount":"111111111111","context":{},"identityPolicies":` +
	`[{"name":"p","document":{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}}]}`

func TestEvalAnswersEveryLineWhateverStandsBefore(t *testing.T) {
	unreadable := strings.Replace(strings.Replace(scenario, `"Allow"`, `"Deny"`, 1), `"Resource":"*"`,
		`"Resource":"*","Condition":{"Odd":{"a:b":"c"}}`, 1)
	in := "garbage\n\n" + scenario + "\n{\"id\":\"b\"}\n" + strings.TrimSpace(unreadable)
	var out strings.Builder
	if err := runEval(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSpace(out.String()), "\n")
	want := []string{
		`{"error":"read scenario:`,
		`{"id":"a","decision":"allowed","decidedBy":"identity"}`,
		`{"id":"b","error":"principal must be`,
		`{"id":"a","error":"policy \"p\", line 1, column `,
	}
	if len(got) != len(want) {
		t.Fatalf("got %d lines: %s", len(got), out.String())
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("line %d is %s, want %s…", i, got[i], want[i])
		}
	}
}

func TestEvalExplainsWhenAsked(t *testing.T) {
	var out strings.Builder
	p := process{in: strings.NewReader(scenario + "\ngarbage\n{\"id\":\"b\"}\n"), out: &out}
	if err := p.eval(t.Context(), config{}, []string{"--explain"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"reason":"The identity policy \"p\" allows it."`, `"layers":[`,
		`{"error":"read scenario`, `"id":"b"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in %s", want, out.String())
		}
	}
	if err := p.eval(t.Context(), config{}, []string{"--unknown"}); err == nil {
		t.Error("an unknown flag is accepted")
	}
}

func TestValidateAnswersEveryLine(t *testing.T) {
	var out strings.Builder
	in := `{"id":"a","policyType":"SCP","text":"{}"}` + "\n" + `{"id":"b","policyType":"GROUP","text":"{}"}` + "\nx\n" +
		`{"id":"c","policyType":"IDENTITY","text":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}`
	if err := runValidate(strings.NewReader(in), &out, eval.Catalog{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"valid":false`, `"code":"Missing statement"`, `{"id":"b","error":"policyType must be`,
		`{"error":"read document`, `{"id":"c","valid":true,"findings":[]}`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in %s", want, out.String())
		}
	}
}

func TestValidateReadsDocumentsAsTheyAre(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.json")
	bad := filepath.Join(t.TempDir(), "bad.json")
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(good, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`)
	write(bad, "{\"Version\":\"2012-10-17\",\n\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\"}]}")
	for _, c := range []struct {
		name  string
		args  []string
		in    string
		fails string // "" when it does not
		want  []string
	}{
		{"a good file", []string{"--type", "identity", good}, "", "", nil},
		{"a bad file", []string{"--type", "Identity", good, bad}, "", "not every document is valid",
			[]string{bad + ":2:14: ERROR: Missing resource: Add a Resource element"}},
		{"standard input", []string{"--type=scp"}, "{", "not every document is valid", []string{"-:1:2: ERROR: Json syntax error: "}},
		{"as JSON", []string{"--type", "identity", "--json", good, "-"}, "{}", "not every document is valid",
			[]string{`{"id":"` + good + `","valid":true,"findings":[]}`, `{"id":"-","valid":false,`}},
		{"a file that is not there", []string{"--type", "scp", bad + "x"}, "", "no such file", nil},
		{"no type", []string{good}, "", "say with --type", nil},
		{"an unknown type", []string{"--type", "group"}, "", "--type group: write identity", nil},
		{"an unknown flag", []string{"--kind", "scp"}, "", "not defined", nil},
		{"help", []string{"--help"}, "", "help requested", []string{"NAME", "EXIT STATUS", "--type TYPE"}},
		{"lines", nil, `{"id":"a","policyType":"SCP","text":"{}"}`, "", []string{`{"id":"a","valid":false,`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			err := process{in: strings.NewReader(c.in), out: &out}.validate(t.Context(), config{}, c.args)
			if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%v, want %q", err, c.fails)
			}
			for _, want := range c.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%s is not in %s", want, out.String())
				}
			}
		})
	}
}

func TestEvalHasHelp(t *testing.T) {
	var out strings.Builder
	if err := (process{out: &out}).eval(t.Context(), config{}, []string{"--help"}); !errors.Is(err, flag.ErrHelp) {
		t.Error(err)
	}
	for _, want := range []string{"SYNOPSIS", "serviceControlPolicies", "--explain", "/simulate/explain"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in the help", want)
		}
	}
}

// brokenPipe can be neither read nor written.
type brokenPipe struct{}

func (brokenPipe) Read([]byte) (int, error)  { return 0, errors.New("broken") }
func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestEvalReportsABrokenPipe(t *testing.T) {
	if err := runEval(brokenPipe{}, &strings.Builder{}); err == nil {
		t.Error("a broken input is no error")
	}
	if err := runEval(strings.NewReader(scenario), brokenPipe{}); err == nil {
		t.Error("a broken output is no error")
	}
}

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheSMTPServerIsReadFromFlagsAndVariables(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("from the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const from = "Gatehouse <id@example.com>"
	for name, tt := range map[string]struct {
		args      []string
		variables map[string]string
		password  string
		problem   string
	}{
		"none": {},
		"a variable": {[]string{"--smtp", "smtps://ana@mail.example.com", "--smtp-from", from},
			map[string]string{mailPasswordVariable: "from the variable"}, "from the variable", ""},
		"a file": {[]string{"--smtp-password-file", file},
			map[string]string{"GATEHOUSE_SMTP": "smtp://ana@mail.example.com", "GATEHOUSE_SMTP_FROM": from}, "from the file", ""},
		"both": {[]string{"--smtp", "smtps://ana@mail.example.com", "--smtp-from", from, "--smtp-password-file", file},
			map[string]string{mailPasswordVariable: "x"}, "", "give one of them"},
		"no such file":        {[]string{"--smtp", "smtps://a@b.example", "--smtp-from", from, "--smtp-password-file", file + "x"}, nil, "", "no such file"},
		"a sender alone":      {[]string{"--smtp-from", from}, nil, "", "need --smtp"},
		"a password in sight": {[]string{"--smtp", "smtps://ana:secret@mail.example.com", "--smtp-from", from}, nil, "", "leave the password out"},
	} {
		c, _, err := load(func(name string) string { return tt.variables[name] }, tt.args, io.Discard)
		if tt.problem != "" {
			if err == nil || !strings.Contains(err.Error(), tt.problem) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || (c.Mail == nil) != (len(tt.args) == 0) {
			t.Errorf("%s: %v, %v", name, c.Mail, err)
		}
		if c.Mail != nil && c.Mail.Password.Reveal() != tt.password {
			t.Errorf("%s: the password is %q", name, c.Mail.Password.Reveal())
		}
	}
}

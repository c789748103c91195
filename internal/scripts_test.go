package internal_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What a script of ours does not use, and why.
var dangerousInScripts = map[string]string{
	`\.(inner|outer)HTML\s*\+?=`:                "text would become markup",
	`insertAdjacentHTML|document\.write`:        "text would become markup",
	`\beval\(|new Function\(|import\([^'"]`:     "text would become code",
	`set(Timeout|Interval)\(\s*['"\x60]`:        "text would become code",
	`postMessage|addEventListener\('message'`:   "other windows have nothing to say",
	`document\.cookie|sessionStorage|indexedDB`: "nothing of a session is kept in the browser",
	`__proto__|\.prototype\b`:                   "objects of the language stay as they are",
	`\bfor\s*\(\s*(const|let|var)\s+\w+\s+in\b`: "names that others put into a prototype would be among them",
}

// Names that scripts keep in the browser: settings of the page, nothing of anybody.
var kept = regexp.MustCompile(`localStorage\.setItem\((\w+|'[^']*')`)

func TestScriptsUseNothingDangerous(t *testing.T) {
	files, err := filepath.Glob("../web/assets/*.js")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../web/assets/js/*.js")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, more...)
	if len(files) < 15 {
		t.Fatalf("only %d scripts were found", len(files))
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for pattern, why := range dangerousInScripts {
			if found := regexp.MustCompile(pattern).FindString(string(text)); found != "" {
				t.Errorf("%s uses %s: %s", file, found, why)
			}
		}
		for _, set := range kept.FindAllStringSubmatch(string(text), -1) {
			if name := strings.Trim(set[1], "'"); name != "gatehouse-theme" && !(name == "store" && strings.HasSuffix(file, "keys.js")) {
				t.Errorf("%s keeps %s in the browser", file, name)
			}
		}
	}
}

// TestARowThatIsNotThereIsNotPassedOver asks make test-long for a row that it does not have, which would run nothing and fail nothing.
func TestARowThatIsNotThereIsNotPassedOver(t *testing.T) {
	long := exec.CommandContext(t.Context(), "../.ci/long")
	long.Env = append(os.Environ(), "ROWS=Q2")
	said, err := long.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "no row Q2") || !strings.Contains(string(said), " Q2a ") {
		t.Errorf("the answer is %v: %s", err, said)
	}
}

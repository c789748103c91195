package internal_test

import (
	"encoding/csv"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// requirement is a row of docs/asvs.csv: a demand of the Application Security Verification Standard 5.0, in our words.
type requirement struct {
	id, level, demand string
	shown             []string // tests, headings of documents, targets of the Makefile
	remark            string   // what else is to be known; "not applicable: …" and "open: …" say why something does not hold
}

func requirements(t *testing.T) []requirement {
	t.Helper()
	file, err := os.Open("../docs/asvs.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []requirement
	for _, r := range records[1:] {
		list = append(list, requirement{r[0], r[1], r[2], strings.Fields(r[3]), r[4]})
	}
	return list
}

// proofs is everything that a row may name: package:Test, docs/file.md#heading, Makefile#target.
func proofs(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, file := range sources(t, true) {
		if !strings.HasSuffix(file.path, "_test.go") {
			continue
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && regexp.MustCompile(`^(Test|Fuzz)[A-Z0-9]`).MatchString(f.Name.Name) {
				known[file.pkg+":"+f.Name.Name] = true
			}
		}
	}
	documents, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(documents, "../Makefile") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pattern := regexp.MustCompile(`(?m)^#+ (.+)$`)
		if strings.HasSuffix(name, "Makefile") {
			pattern = regexp.MustCompile(`(?m)^([a-z-]+):`)
		}
		for _, heading := range pattern.FindAllStringSubmatch(string(text), -1) {
			known[strings.TrimPrefix(name, "../")+"#"+strings.ReplaceAll(heading[1], " ", "-")] = true
		}
	}
	return known
}

func TestEveryRequirementIsShownByATestThatExistsOrSaysWhyNot(t *testing.T) {
	known, seen := proofs(t), map[string]bool{}
	for _, r := range requirements(t) {
		if seen[r.id] {
			t.Errorf("%s is there twice", r.id)
		}
		seen[r.id] = true
		if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(r.id) || !regexp.MustCompile(`^[123]$`).MatchString(r.level) || r.demand == "" {
			t.Errorf("%s: a row has an id, a level and what is demanded", r.id)
		}
		reason := regexp.MustCompile(`^(not applicable|open): .{5,}`).MatchString(r.remark)
		if len(r.shown) == 0 && !reason {
			t.Errorf("%s has neither a test nor a reason", r.id)
		}
		if len(r.shown) > 0 && strings.HasPrefix(r.remark, "not applicable") {
			t.Errorf("%s does not apply and is shown all the same", r.id)
		}
		for _, proof := range r.shown {
			if !known[proof] {
				t.Errorf("%s names %s, which does not exist", r.id, proof)
			}
		}
	}
}

// The standard has 70 requirements of level 1 and 183 of level 2. Of level 3 those are taken on that matter most here.
func TestEveryRequirementOfTheFirstTwoLevelsIsListed(t *testing.T) {
	count := map[string]int{}
	for _, r := range requirements(t) {
		count[r.level]++
	}
	if count["1"] != 70 || count["2"] != 183 || count["3"] < 33 {
		t.Errorf("%d of level 1, %d of level 2, %d of level 3; want 70, 183, 33 or more", count["1"], count["2"], count["3"])
	}
}

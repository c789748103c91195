package static

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	comment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	// classRule is a rule for one class alone, outside of any media query: what the class means.
	classRule = regexp.MustCompile(`(?m)^(\.[a-z0-9-]+) \{([^}]*)\}`)
)

// A class with two meanings hides or bends a page that its second author never looked at.
func TestAClassHasItsMeaningFromOneStylesheet(t *testing.T) {
	files, err := filepath.Glob("../assets/css/*.css")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stylesheets: %v", err)
	}
	meant := map[string]string{} // class and property → file
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		for _, rule := range classRule.FindAllStringSubmatch(comment.ReplaceAllString(string(text), ""), -1) {
			for declaration := range strings.SplitSeq(rule[2], ";") {
				property, _, _ := strings.Cut(strings.TrimSpace(declaration), ":")
				key := rule[1] + " " + property
				if first, ok := meant[key]; ok && first != name && property != "" {
					t.Errorf("%s is set in %s and in %s", key, first, name)
				}
				meant[key] = name
			}
		}
	}
}

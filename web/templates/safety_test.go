package templates_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// forbidden is what the content policy would refuse, or what would let text become
// markup or code.
var forbidden = map[string]*regexp.Regexp{
	"markup from text": regexp.MustCompile(
		`templ\.(Raw|Unsafe|SafeURL|SafeCSS|JSFuncCall|JSUnsafe|ComponentScript)`,
	),
	"an inline style":        regexp.MustCompile(`\sstyle=|<style`),
	"an event attribute":     regexp.MustCompile(`\s(on[a-z]+|hx-on[:a-z]*)=`),
	"an inline script":       regexp.MustCompile(`<script>|<script [^>]*>[^<]`),
	"a script in an address": regexp.MustCompile(`javascript:|hx-vals="js:|\{ "data:`),
	"a filter expression":    regexp.MustCompile(`hx-trigger="[^"]*\[`),
}

func TestNoTemplateNeedsMoreThanTheContentPolicyAllows(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates found", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for what, pattern := range forbidden {
			if found := pattern.Find(text); found != nil {
				t.Errorf("%s has %s: %s", file, what, found)
			}
		}
	}
}

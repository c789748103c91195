package internal_test

import (
	"bytes"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/a-h/templ/generator"
	"github.com/a-h/templ/parser/v2"
)

// TestTheCodeOfTemplatesIsWhatTheySay generates it anew, as make generate does.
func TestTheCodeOfTemplatesIsWhatTheySay(t *testing.T) {
	for _, folder := range []string{"web/templates", "e2e"} {
		templates := globbed(t, folder, "*.templ")
		for _, name := range templates {
			generated := strings.TrimSuffix(name, ".templ") + "_templ.go"
			if got, err := os.ReadFile(generated); err != nil || !bytes.Equal(got, generatedFrom(t, name, folder)) {
				t.Errorf("%s is not what %s says: run make generate", generated, name)
			}
		}
		if code := globbed(t, folder, "*_templ.go"); len(templates) == 0 || len(code) != len(templates) {
			t.Errorf("%s has %d templates and %d files of generated code", folder, len(templates), len(code))
		}
	}
}

func globbed(t *testing.T, folder, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("..", folder, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func generatedFrom(t *testing.T, name, folder string) []byte {
	t.Helper()
	template, err := parser.Parse(name)
	if err != nil {
		t.Fatal(err)
	}
	var code bytes.Buffer
	_, err = generator.Generate(template, &code, generator.WithVersion(templ.Version()), generator.WithFileName(folder+"/"+filepath.Base(name)))
	if err != nil {
		t.Fatal(err)
	}
	formatted, err := format.Source(code.Bytes())
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return formatted
}

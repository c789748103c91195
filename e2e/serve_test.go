package e2e

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheConsoleStartsAndServesItsAssets(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	j := newJourney(t, c.base, view{})
	j.Open("/no-such-page")
	j.See("Page not found")
	res, err := http.Get(Eval[string](j, `document.querySelector('link[rel=stylesheet]').href`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if kept := res.Header.Get("Cache-Control"); res.StatusCode != http.StatusOK ||
		!strings.Contains(kept, "immutable") {
		t.Errorf("the stylesheet: status %d, cache %q", res.StatusCode, kept)
	}
	j.Shot("notfound")
	j.Axe()
}

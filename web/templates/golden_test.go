package templates_test

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gatehouse/web/templates"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, time.November, 20, 14, 32, 0, 0, time.UTC)

var digest = regexp.MustCompile(`/static/[0-9a-f]{12}/`)

// render is the markup of a component, an element a line, without what changes from
// build to build.
func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(digest.ReplaceAllString(b.String(), "/static/DIGEST/"), "><", ">\n<") + "\n"
}

// with gives a component children.
func with(c templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func golden(t *testing.T, name string, c templ.Component) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Helper()
		got, file := render(t, c), filepath.Join("testdata", name+".html")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("markup changed (-want +got); if it is meant, run go test ./web/templates -update\n%s", diff)
		}
	})
}

func shell() templates.Shell {
	return templates.Shell{
		Title: "Users", Section: "/users", OrgName: "SecureCart", OrgID: "o-sc7k2p9d1q", Search: "/search",
		Crumbs: []templates.Link{{Text: "Directory", Href: "/users"}, {Text: "Users"}},
		Viewer: templates.Viewer{Name: "Elena Novak", UserName: "elena.novak", Initials: "EN", Operator: true},
		Nav: []templates.NavGroup{
			{Items: []templates.NavItem{{Text: "Overview", Href: "/", Icon: "layout-dashboard"}}},
			{
				Heading: "Directory",
				Items:   []templates.NavItem{{Text: "Users", Href: "/users", Icon: "user", Count: "48"}},
			},
		},
		Toasts: []templates.Toast{{Tone: templates.ToneOK, Text: "Ana is disabled.", Undo: "/undo/1"}},
	}
}

func TestLayouts(t *testing.T) {
	body := templates.Head(templates.HeadProps{Title: "Users", Count: "48"})
	golden(t, "layout", templates.Layout(shell(), body))
	bare := shell()
	bare.Search, bare.Crumbs, bare.Viewer.Operator, bare.Unstyled, bare.Editor, bare.Failed = "", nil, false, true, true, true
	golden(t, "layout-bare", templates.Layout(bare, body))
	portal := shell()
	portal.Nav, portal.Section = templates.PortalNav(), "/portal"
	golden(t, "portal", templates.Portal(portal, body))
	golden(t, "gate", templates.Gate(templates.Shell{Title: "Sign in"}, false, body))
	golden(t, "gate-wide", templates.Gate(templates.Shell{Title: "Set up"}, true, body))
	golden(
		t,
		"more-toasts",
		templates.MoreToasts(
			[]templates.Toast{{Tone: templates.ToneBad, Text: "Not saved.", Detail: "The disk is full."}},
		),
	)
	golden(t, "more-toasts-none", templates.MoreToasts(nil))
}

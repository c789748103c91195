package e2e

import (
	"slices"
	"strings"
	"testing"
)

// route is a line of the product's route table.
type route struct{ method, path, who string }

// routes asks the product for its route table.
func routes(t *testing.T) []route {
	t.Helper()
	cmd, err := newConsole(t.TempDir()).command(t.Context(), "routes")
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list the routes: %v", err)
	}
	var list []route
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		list = append(list, route{words[0], words[1], words[2]})
	}
	return list
}

// files are the addresses for reading that answer with something else than a page.
var files = []string{"/complete", "/assignments.csv", "/reports/credentials.csv", "/audit.csv", "/audit.jsonl"}

func TestEveryPageOfTheRouteTableIsLookedAt(t *testing.T) {
	t.Parallel()
	var known []string
	for _, p := range pages() {
		known = append(known, p.route)
	}
	var listed []string
	for _, r := range routes(t) {
		if r.method != "GET" || r.who == "machine" || slices.Contains(files, r.path) {
			continue
		}
		listed = append(listed, r.path)
		if !slices.Contains(known, r.path) {
			t.Errorf("nobody looks at %s: add it to the pages", r.path)
		}
	}
	for _, path := range known {
		if !slices.Contains(listed, path) {
			t.Errorf("there is no page at %s any more", path)
		}
	}
}

// fits reports whether an address belongs to a route: ":" stands for one part, "*" for the rest.
func fits(route, address string) bool {
	pattern, parts := strings.Split(route, "/"), strings.Split(address, "/")
	for i, p := range pattern {
		switch {
		case p == "*":
			return len(parts) > i
		case i >= len(parts):
			return false
		case strings.HasPrefix(p, ":"):
			if parts[i] == "" {
				return false
			}
		case p != parts[i]:
			return false
		}
	}
	return len(parts) == len(pattern)
}

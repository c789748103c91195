package e2e

import (
	"bytes"
	"flag"
	"hash/crc32"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestEveryPageIsSoundInEveryView(t *testing.T) {
	c := sample(t)
	prepare(t, c)
	paths := resolve(t, c, pages())
	for _, p := range pages() {
		t.Run(p.picture(), func(t *testing.T) {
			t.Parallel()
			j := p.visit(t, c, paths[p.picture()])
			if p.do != nil {
				p.do(j)
			}
			j.Look(p.picture())
		})
	}
}

// visit opens the page and makes sure that it is the one meant.
func (p page) visit(t *testing.T, c *console, path string) *journey {
	t.Helper()
	if p.open != nil {
		return p.open(t)
	}
	j := c.Tab(t, p.as, view{})
	j.Open(path)
	if at := Eval[string](j, `location.pathname + location.search`); at != path {
		t.Errorf("%s led to %s", path, at)
	}
	meant := http.StatusOK
	if p.name == "refused" {
		meant = http.StatusForbidden
	}
	status := Eval[int](j, `performance.getEntriesByType('navigation')[0].responseStatus`)
	if status != meant {
		t.Errorf("%s answers %d", path, status)
	}
	return j
}

// picture names the page in tests and pictures.
func (p page) picture() string {
	if p.name != "" {
		return p.name
	}
	if p.route == "/" {
		return "overview"
	}
	return strings.NewReplacer("/", "-", ":", "", "*", "policy").Replace(p.route[1:])
}

var everyView = flag.Bool("views", false, "try the colours of every page, light and dark, and its targets on the phone, not those of every fourth")

// Look tries the page as it stands, and that it fits a phone. Light and dark differ in colours alone, so in the dark only those
// are tried, and on the phone what the room changes; the dark phone is for the eye, when pictures are asked for. Without -views
// colours and targets are those of every fourth page; the gallery's components, of which all are made, are tried in each view.
func (j *journey) Look(name string) {
	j.t.Helper()
	j.Turn(view{})
	j.Shot(name)
	whole := *everyView || crc32.ChecksumIEEE([]byte(name))%4 == 0
	j.sound(map[bool]string{true: allRules, false: structureRules}[whole])
	if whole || picturing() {
		j.Turn(view{dark: true})
		j.Shot(name)
		j.axe(colourRules)
	}
	j.Turn(view{phone: true})
	j.Shot(name)
	j.Fits()
	if whole {
		j.axe(roomRules)
	}
	if picturing() {
		j.Turn(view{phone: true, dark: true})
		j.Shot(name)
	}
	j.Turn(view{})
}

// link is where a page leads, and its words.
type link struct{ address, words string }

// resolve finds the address of each page by following links as the person who looks at it.
func resolve(t *testing.T, c *console, list []page) map[string]string {
	t.Helper()
	found, seen := map[string]string{}, map[string][]link{}
	for _, p := range list {
		if p.open != nil {
			continue
		}
		path := p.route + p.query
		if strings.ContainsAny(p.route, ":*") || p.pick != "" {
			at := slices.IndexFunc(seen[p.as], func(l link) bool {
				path, _, _ := strings.Cut(l.address, "?")
				return fits(p.route, path) && (p.pick == "" || strings.HasPrefix(l.words, p.pick)) && !taken(list, p.route, path)
			})
			if at < 0 {
				t.Errorf("no page leads to %s", p.route)
				continue
			}
			path = seen[p.as][at].address
		}
		found[p.picture()] = path
		seen[p.as] = append(seen[p.as], links(c.signIn(t, p.as).Get(t, path).body)...)
	}
	return found
}

// taken reports whether an address belongs to a more exact route than this one: /users/new is not /users/:id.
func taken(list []page, route, address string) bool {
	return slices.ContainsFunc(list, func(p page) bool {
		return p.route != route && fits(p.route, address) && strings.Count(p.route, ":") < strings.Count(route, ":")+strings.Count(route, "*")
	})
}

// links are the links of a document in its order.
func links(document []byte) []link {
	var list []link
	open := false
	for z := html.NewTokenizer(bytes.NewReader(document)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return list
		case html.StartTagToken:
			token := z.Token()
			for _, a := range token.Attr {
				if token.Data == "a" && a.Key == "href" {
					list, open = append(list, link{address: a.Val}), true
				}
			}
		case html.EndTagToken:
			if token := z.Token(); token.Data == "a" {
				open = false
			}
		case html.TextToken:
			if text := strings.TrimSpace(z.Token().Data); open && text != "" {
				last := &list[len(list)-1]
				last.words = strings.TrimSpace(last.words + " " + text)
			}
		}
	}
}

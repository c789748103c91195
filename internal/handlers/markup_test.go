package handlers_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// foreign are elements that no page of the console has: they run, load, redirect or reach outside.
var foreign = []string{"style", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "portal", "math", "foreignobject",
	"animate", "set", "audio", "video", "marquee", "plaintext", "xmp"}

// leading are attributes whose value is an address that a browser goes to or loads.
var leading = []string{"href", "src", "action", "formaction", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "poster", "data",
	"background", "cite", "ping", "srcset", "xlink:href", "manifest"}

// elsewhere are the only sites that pages link to.
var elsewhere = []string{"https://docs.aws.amazon.com/"}

// judgeMarkup looks for what the content security policy would have to stop: code, styles and addresses of others in a page.
func judgeMarkup(t *testing.T, where, page string) {
	t.Helper()
	judgeElements(t, where, parsed(t, page))
}

// parsed is a page as a browser without scripts has it: what is in <noscript> counts.
func parsed(t *testing.T, page string) *html.Node {
	t.Helper()
	doc, err := html.ParseWithOptions(strings.NewReader(page), html.ParseOptionEnableScripting(false))
	must(t, err)
	return doc
}

func judgeElements(t *testing.T, where string, doc *html.Node) {
	t.Helper()
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch {
		case slices.Contains(foreign, n.Data):
			t.Errorf("%s: there is a <%s>", where, n.Data)
		case n.Data == "script" && (!strings.HasPrefix(attribute(n, "src"), "/static/") || n.FirstChild != nil):
			t.Errorf("%s: there is a script in the page", where)
		case n.Data == "meta" && attribute(n, "http-equiv") != "":
			t.Errorf("%s: there is a <meta http-equiv=%s>", where, attribute(n, "http-equiv"))
		}
		for _, a := range n.Attr {
			key, value := strings.ToLower(a.Key), strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(key, "on") || strings.HasPrefix(key, "hx-on") || strings.HasPrefix(key, "data-hx") ||
				key == "style" || key == "srcdoc":
				t.Errorf("%s: <%s> has the attribute %s=%q", where, n.Data, a.Key, a.Val)
			case strings.HasPrefix(key, "hx-") && (strings.HasPrefix(value, "js:") || strings.HasPrefix(value, "javascript:")):
				t.Errorf("%s: <%s> has code in %s=%q", where, n.Data, a.Key, a.Val)
			case slices.Contains(leading, key) && !ours(value):
				t.Errorf("%s: <%s> leads to %s=%q", where, n.Data, a.Key, a.Val)
			}
		}
	}
}

// ours reports whether an address stays on the console, or leads to one of the few sites that it links to.
func ours(address string) bool {
	if strings.ContainsAny(address, "\\\t\r\n") || strings.HasPrefix(address, "//") {
		return false
	}
	return address == "" || strings.ContainsAny(address[:1], "/#?") ||
		slices.ContainsFunc(elsewhere, func(site string) bool { return strings.HasPrefix(address, site) })
}

package templates

import (
	"strings"

	"gatehouse/web/static"
)

// Shell is what a layout shows around the body of a page.
type Shell struct {
	Title    string     // the page's name; "Error: " is put before it when Failed
	Failed   bool       // the form on the page was refused
	Section  string     // Href of the nav item that is current, for example "/users"
	Crumbs   []Link     // from the outermost place to this one; the last has no Href
	Viewer   Viewer     // zero when nobody is signed in
	Nav      []NavGroup // only places this person may open
	OrgName  string
	OrgID    string
	Search   string // address that answers ?q=…; empty leaves the search field out
	Toasts   []Toast
	Editor   bool // the page has an EditorField: load its script
	Unstyled bool // the assets were never built: say so (static.Built is false)
}

// Viewer is the person who is signed in.
type Viewer struct {
	Name     string
	UserName string
	Initials string
	Operator bool // may open the console, not only the portal
}

// Link is a text with an address; without Href it is plain text.
type Link struct{ Text, Href string }

// NavGroup is a heading and the places under it; the heading may be empty.
type NavGroup struct {
	Heading string
	Items   []NavItem
}

// NavItem is one place in the navigation; Count is shown at its end when not empty.
type NavItem struct{ Text, Href, Icon, Count string }

// Toast is a short message about what just happened. Problems stay until dismissed.
type Toast struct {
	Tone   Tone // ToneOK leaves after a while, the others stay until they are dismissed
	Text   string
	Detail string
	Undo   string // address that takes the action back by POST; empty for none
}

// PortalNav is the navigation of the portal, the same for everyone.
func PortalNav() []NavGroup {
	return []NavGroup{{Items: []NavItem{
		{Text: "My accounts", Href: "/portal", Icon: "apps"},
		{Text: "My security", Href: "/me", Icon: "shield-check"},
		{Text: "My access, explained", Href: "/me/access", Icon: "route"},
	}}}
}

// Initials are the first letters of the first and the last word of a name.
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" .-_@", r) })
	if len(words) == 0 {
		return "?"
	}
	first := []rune(words[0])[:1]
	if len(words) > 1 {
		first = append(first, []rune(words[len(words)-1])[0])
	}
	return strings.ToUpper(string(first))
}

// documentTitle follows the advice to begin the title of a refused form with the error.
func (s Shell) documentTitle() string {
	title := s.Title + " · Gatehouse"
	if s.Failed {
		return "Error: " + title
	}
	return title
}

// crumbs falls back to the organization, so that the bar is never empty.
func (s Shell) crumbs() []Link {
	if len(s.Crumbs) == 0 {
		return []Link{{Text: s.OrgName}}
	}
	return s.Crumbs
}

func asset(name string) string { return static.URL(name) }

// htmxConfig: a server error never replaces part of a page (app.js shows it as a
// toast); regions are replaced whole, so a fragment carries its own id.
const htmxConfig = `{"defaultSwap":"outerHTML","noSwap":[204,304,"5xx"],"history":"reload"}`

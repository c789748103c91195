package handlers

import (
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// searchPath is where the field on every page leads.
const searchPath = "/search"

// kindWords are the words for the kinds of thing that a search finds.
var kindWords = map[model.RefKind]templates.FoundKind{
	model.RefUser:          {Title: "Users", List: "/users"},
	model.RefGroup:         {Title: "Groups", List: "/groups"},
	model.RefAccount:       {Title: "Accounts", List: "/accounts"},
	model.RefPermissionSet: {Title: "Permission sets", List: "/permission-sets"},
}

// search finds things by name. A single match is opened at once: of a person, what they reach.
func (h *Handlers) search(c echo.Context) error {
	q := strings.TrimSpace(c.QueryParam("q"))
	p := templates.SearchPage{Query: q}
	if q != "" {
		found, err := h.Center.Find(c.Request().Context(), person(c), q)
		if err != nil {
			return err
		}
		if only, ok := onlyOne(found); ok {
			return h.redirect(c, only)
		}
		p.Kinds = foundKinds(found, q)
	}
	return h.render(c, page{title: "Search", crumbs: []templates.Link{{Text: "Search"}}}, templates.Search(p))
}

// onlyOne returns the address of the only match.
func onlyOne(found center.Found) (string, bool) {
	if len(found.Kinds) != 1 || found.Kinds[0].Total != 1 {
		return "", false
	}
	thing := found.Kinds[0].Things[0]
	if thing.Kind == model.RefUser {
		return hrefOf(thing.Ref) + "/access", true
	}
	return hrefOf(thing.Ref), true
}

func foundKinds(found center.Found, q string) []templates.FoundKind {
	kinds := make([]templates.FoundKind, len(found.Kinds))
	for i, k := range found.Kinds {
		kinds[i] = kindWords[k.Kind]
		kinds[i].Total = k.Total
		if k.Total > len(k.Things) {
			kinds[i].All = listAddress{path: kinds[i].List}.with("q", q)
		}
		for _, thing := range k.Things {
			kinds[i].Things = append(kinds[i].Things, foundThing(thing))
		}
	}
	return kinds
}

func foundThing(thing center.FoundThing) templates.FoundThing {
	t := templates.FoundThing{Link: templates.Link{Text: thing.Name, Href: hrefOf(thing.Ref)}, Note: thing.Note}
	if thing.Kind == model.RefUser {
		t.Initials = templates.Initials(thing.Name)
		t.Access = hrefOf(thing.Ref) + "/access"
	}
	return t
}

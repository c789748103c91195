package templates

// SearchPage is what a search found, by kind of thing.
type SearchPage struct {
	Query string
	Kinds []FoundKind
}

// FoundKind is the matches of one kind.
type FoundKind struct {
	Title, List string // "Users", "/users"
	Things      []FoundThing
	Total       int
	All         string // address of the list with all matches; empty when all are here
}

// FoundThing is one match.
type FoundThing struct {
	Link     Link
	Note     string
	Initials string // of a person
	Access   string // address of what a person reaches
}

func (p SearchPage) total() int {
	n := 0
	for _, k := range p.Kinds {
		n += k.Total
	}
	return n
}

func (k FoundKind) actions() []Action {
	if k.All == "" {
		return nil
	}
	return []Action{{Text: "Show all " + Number(k.Total), Href: k.All}}
}

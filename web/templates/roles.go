package templates

import (
	"net/url"
	"strings"
	"time"
)

// RolesProps is a table of who holds which permission set where, each row with the ways it comes about. It is the
// region "roles": the address that shows it shows another row open with ?why=.
type RolesProps struct {
	Title    string // of the card: "Effective access"
	Count    string
	Noun     string // what the rows are of, for the ear: "Ana Beltrán"
	Rows     []RoleRow
	People   bool // the columns that differ from row to row
	Sets     bool
	Accounts bool
	Used     bool
	Graph    bool // draw how access arrives; for the roles of one person
	Address  string
	Query    url.Values // of the address, without why
	Why      string     // id of the row that is open
	Search   bool       // offers a filter
	Pager    PagerProps
	Actions  []Action
	Empty    EmptyProps // instead of the table when there are no rows and no filter
	Now      time.Time
}

// RoleRow is one role of one person, or of a group's members. What is not known is left empty.
type RoleRow struct {
	ID        string
	Person    Link
	UserName  string
	Account   Link
	AccountID string
	Unit      string // where the account sits
	Set       Link
	Session   string // how long a session lasts: "8 h"
	Ways      []RoleWay
	EndsAt    time.Time // zero: no end
	LastUsed  time.Time // zero: never; shown with RolesProps.Used
	Grants    []string  // names of the policies that may allow something
	Unknown   []string  // policies whose document is not known: they grant nothing
	Boundary  string    // name of the permissions boundary
	Limits    []string  // organization policies that limit the account
}

// RoleWay is one rule through which a role is held.
type RoleWay struct {
	Rule        Link // to the assignment
	Group       Link // zero for a rule made for the person alone
	Members     int  // of the group
	MemberSince time.Time
	Unit        string    // the unit whose accounts the rule reaches; empty when it names the account
	Reason      string    // as it was given
	Since       time.Time // when the rule was made
	EndsAt      time.Time
}

// whyHref is the address that opens a row, or closes it when it is open.
func (p RolesProps) whyHref(row RoleRow) string {
	query := url.Values{}
	for name, values := range p.Query {
		query[name] = values
	}
	query.Del("why")
	if p.Why != row.ID {
		query.Set("why", row.ID)
	}
	if len(query) == 0 {
		return p.Address
	}
	return p.Address + "?" + query.Encode()
}

func (p RolesProps) columns() []Column {
	var columns []Column
	if p.People {
		columns = append(columns, Column{Text: "Person"})
	}
	if p.Accounts {
		columns = append(columns, Column{Text: "Account"}, Column{Text: "Account id"})
	}
	if p.Sets {
		columns = append(columns, Column{Text: "Permission set"})
	}
	columns = append(columns, Column{Text: "Through"})
	if p.Used {
		columns = append(columns, Column{Text: "Last used"})
	}
	return append(columns, Column{Text: "Ends"}, Column{Text: "Explanation", Hidden: true})
}

// through names the ways of a row briefly: the first, and how many more.
func (r RoleRow) through() string {
	name := "Direct"
	if len(r.Ways) > 0 && r.Ways[0].Group.Text != "" {
		name = r.Ways[0].Group.Text
	}
	if len(r.Ways) > 1 {
		name += " and " + Number(len(r.Ways)-1) + " more"
	}
	return name
}

func (r RoleRow) throughIcon() (icon string) {
	if len(r.Ways) > 0 && r.Ways[0].Group.Text != "" {
		return iconGroup
	}
	return iconPerson
}

const (
	iconGroup  = "users"
	iconPerson = "user"
)

// what is the row in words, for buttons that repeat in every row.
func (r RoleRow) what() string {
	parts := []string{}
	for _, text := range []string{r.Person.Text, r.Set.Text} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	what := strings.Join(parts, ", ")
	if r.Account.Text != "" {
		what += " in " + r.Account.Text
	}
	return what
}

// sinceText is the second line of the step from a person or group to the set: when and why.
func (w RoleWay) sinceText() string {
	text := "Assigned " + w.Since.UTC().Format("2 Jan 2006")
	if !w.EndsAt.IsZero() {
		text += ", ends " + w.EndsAt.UTC().Format("2 Jan 2006, 15:04") + " UTC"
	}
	return text
}

// memberText is the first line of the step to a group.
func (w RoleWay) memberText(row RoleRow) string {
	switch {
	case row.Person.Text == "":
		return "Members of"
	case w.MemberSince.IsZero():
		return "Member of"
	}
	return "Member since " + w.MemberSince.UTC().Format("2 Jan 2006")
}

// mostGraphNodes is how many boxes a column of the graph may have: beyond it, only the table is readable.
const mostGraphNodes = 12

// rolesGraph draws how the rows come about. It has no nodes when that would be too many to read.
func rolesGraph(p RolesProps) GraphProps {
	g := GraphProps{Columns: []string{"Person", "Group or direct", "Permission set", "Account"}}
	b := graphBuilder{graph: &g, nodes: map[string]int{}, edges: map[[2]string]int{}, perColumn: map[int]int{}}
	for _, row := range p.Rows {
		for i, way := range row.Ways {
			hot := row.ID == p.Why && i == 0
			person := b.node(GraphNode{ID: "p", Column: 0, Title: row.Person.Text, Sub: row.UserName, Hot: hot})
			via := b.node(way.node(hot))
			set := b.node(GraphNode{ID: "s" + row.Set.Text, Column: 2, Title: row.Set.Text, Sub: row.Session,
				Href: row.Set.Href, Hot: hot})
			account := b.node(GraphNode{ID: "a" + row.AccountID, Column: 3, Title: row.Account.Text, Sub: row.AccountID,
				Mono: true,
				Href: row.Account.Href, Hot: hot})
			ends := !way.EndsAt.IsZero()
			b.edge(GraphEdge{From: person, To: via, Hot: hot, Dashed: ends && way.Group.Text == ""})
			b.edge(GraphEdge{From: via, To: set, Hot: hot, Dashed: ends})
			b.edge(GraphEdge{From: set, To: account, Hot: hot, Dashed: !row.EndsAt.IsZero()})
		}
	}
	for _, n := range b.perColumn {
		if n > mostGraphNodes {
			return GraphProps{}
		}
	}
	g.Label = "How access arrives: " + p.Noun + " reaches " + Plural(b.perColumn[3], "account", "accounts") + " through " +
		Plural(b.perColumn[1], "way", "ways") + ". The table below says the same."
	return g
}

func (w RoleWay) node(hot bool) GraphNode {
	if w.Group.Text != "" {
		return GraphNode{ID: "g" + w.Group.Text, Column: 1, Title: w.Group.Text, Sub: Plural(w.Members, "member", "members"),
			Href: w.Group.Href, Hot: hot}
	}
	n := GraphNode{ID: "d", Column: 1, Title: "Direct", Sub: "for this person alone", Hot: hot}
	if !w.EndsAt.IsZero() {
		n.ID, n.Sub, n.Dashed = "d"+machine(w.EndsAt), "ends "+w.EndsAt.UTC().Format("2 Jan 2006, 15:04"), true
	}
	return n
}

// graphBuilder adds nodes and edges once; a hot one stays hot.
type graphBuilder struct {
	graph     *GraphProps
	nodes     map[string]int
	edges     map[[2]string]int
	perColumn map[int]int
}

func (b *graphBuilder) node(n GraphNode) string {
	if at, known := b.nodes[n.ID]; known {
		b.graph.Nodes[at].Hot = b.graph.Nodes[at].Hot || n.Hot
		return n.ID
	}
	b.nodes[n.ID] = len(b.graph.Nodes)
	b.perColumn[n.Column]++
	b.graph.Nodes = append(b.graph.Nodes, n)
	return n.ID
}

func (b *graphBuilder) edge(e GraphEdge) {
	key := [2]string{e.From, e.To}
	if at, known := b.edges[key]; known {
		known := &b.graph.Edges[at]
		known.Hot, known.Dashed = known.Hot || e.Hot, known.Dashed && e.Dashed
		return
	}
	b.edges[key] = len(b.graph.Edges)
	b.graph.Edges = append(b.graph.Edges, e)
}

package templates

import (
	"cmp"
	"fmt"
	"slices"
)

// GraphProps is how access arrives: columns from the person to the account, nodes in
// them, edges from column to column. The same facts stand in a table beside it.
type GraphProps struct {
	Label   string   // the facts in words, for the ear
	Columns []string // heads, from left to right
	Nodes   []GraphNode
	Edges   []GraphEdge
}

// GraphNode is a box. Ids are unique in a graph and are not shown.
type GraphNode struct {
	ID     string
	Column int // from 0
	Title  string
	Sub    string // one line below: members, an account id
	Mono   bool   // Sub is an id
	Href   string
	Hot    bool // on the highlighted path
	Dashed bool // temporary
	Denied bool // access ends here
}

// GraphEdge is a line from a node to one in a later column.
type GraphEdge struct {
	From, To string
	Hot      bool
	Dashed   bool
}

// The graph's measures, in units of its viewBox.
const (
	graphWidth  = 1048
	graphTop    = 30
	graphNode   = 44
	graphGap    = 46 // least room for edges between columns
	graphNarrow = 120
	graphWide   = 280
)

// graphBox is a node with its place.
type graphBox struct {
	GraphNode
	x, y, width float64
	title, sub  string // cut to the width of the box
}

// graphLine is an edge with its curve.
type graphLine struct {
	path        string
	hot, dashed bool
}

// graphPlan is a graph with every place worked out.
type graphPlan struct {
	heads  []graphHead
	boxes  []graphBox
	lines  []graphLine
	height float64
}

type graphHead struct {
	text string
	x    float64
}

// plan lays the graph out: each column as wide as its texts need, nodes in the order of
// what leads to them so that few edges cross, short columns centred on the longest.
func (p GraphProps) plan() graphPlan {
	columns := p.ordered()
	widths, xs := p.spread(columns)
	most := 1
	for _, nodes := range columns {
		most = max(most, len(nodes))
	}
	pitch := 84.0
	if most > 3 {
		pitch = max(54, 300/float64(most))
	}
	out := graphPlan{height: graphTop + float64(most-1)*pitch + graphNode + 4}
	at := map[string]graphBox{}
	for c, nodes := range columns {
		if c < len(p.Columns) {
			out.heads = append(out.heads, graphHead{p.Columns[c], xs[c]})
		}
		top := graphTop + float64(most-len(nodes))*pitch/2
		for i, n := range nodes {
			box := graphBox{GraphNode: n, x: xs[c], y: top + float64(i)*pitch, width: widths[c]}
			box.title, box.sub = cut(n.Title, widths[c], 7.2), cut(n.Sub, widths[c], 6.6)
			at[n.ID] = box
			out.boxes = append(out.boxes, box)
		}
	}
	out.lines = p.lines(at)
	return out
}

// lines are the edges between placed nodes, the highlighted ones last, so on top.
func (p GraphProps) lines(at map[string]graphBox) []graphLine {
	var out []graphLine
	for _, e := range p.Edges {
		from, okFrom := at[e.From]
		to, okTo := at[e.To]
		if !okFrom || !okTo {
			continue
		}
		x1, y1, x2, y2 := from.x+from.width, from.y+graphNode/2, to.x, to.y+graphNode/2
		mid := number((x1 + x2) / 2)
		out = append(out, graphLine{
			path: fmt.Sprintf("M%s %sC%s %s %s %s %s %s",
				number(x1), number(y1), mid, number(y1), mid, number(y2), number(x2), number(y2)),
			hot: e.Hot, dashed: e.Dashed,
		})
	}
	slices.SortStableFunc(out, func(a, b graphLine) int { return cmp.Compare(rank(a.hot), rank(b.hot)) })
	return out
}

func rank(hot bool) int {
	if hot {
		return 1
	}
	return 0
}

// ordered is the nodes by column, each column sorted by the mean place of what leads to
// its nodes; nodes without such keep the order they came in.
func (p GraphProps) ordered() [][]GraphNode {
	count := len(p.Columns)
	for _, n := range p.Nodes {
		count = max(count, n.Column+1)
	}
	columns := make([][]GraphNode, count)
	for _, n := range p.Nodes {
		columns[n.Column] = append(columns[n.Column], n)
	}
	place := map[string]float64{}
	for _, nodes := range columns {
		weight := make(map[string]float64, len(nodes))
		for i, n := range nodes {
			sum, edges := 0.0, 0
			for _, e := range p.Edges {
				if from, ok := place[e.From]; ok && e.To == n.ID {
					sum, edges = sum+from, edges+1
				}
			}
			weight[n.ID] = (float64(i) + 0.5) / float64(len(nodes))
			if edges > 0 {
				weight[n.ID] = sum / float64(edges)
			}
		}
		slices.SortStableFunc(nodes, func(a, b GraphNode) int { return cmp.Compare(weight[a.ID], weight[b.ID]) })
		for i, n := range nodes {
			place[n.ID] = (float64(i) + 0.5) / float64(len(nodes))
		}
	}
	return columns
}

// spread gives every column its width and its left edge, over the whole width. Where
// the texts need more than there is, the widest columns give way first.
func (p GraphProps) spread(columns [][]GraphNode) (widths, xs []float64) {
	widths, xs = make([]float64, len(columns)), make([]float64, len(columns))
	needs := make([]float64, len(columns))
	for c, nodes := range columns {
		needs[c] = graphNarrow
		for _, n := range nodes {
			needs[c] = max(needs[c], 26+max(float64(runes(n.Title))*7.2, float64(runes(n.Sub))*6.6))
		}
	}
	room := graphWidth - 1 - float64(len(columns)-1)*graphGap
	sum := 0.0
	for limit := float64(graphWide); limit >= graphNarrow; limit -= 4 {
		sum = 0
		for c, need := range needs {
			widths[c] = min(need, limit)
			sum += widths[c]
		}
		if sum <= room {
			break
		}
	}
	gap := 0.0
	if len(columns) > 1 {
		gap = (graphWidth - 1 - sum) / float64(len(columns)-1)
	}
	x := 0.5
	for c := range columns {
		xs[c] = x
		x += widths[c] + gap
	}
	return widths, xs
}

func runes(s string) int { return len([]rune(s)) }

// cut shortens a text to what fits a box of a width, at so many units a letter.
func cut(s string, width, letter float64) string {
	fit := int((width - 22) / letter)
	if runes(s) <= fit || fit < 2 {
		return s
	}
	return string([]rune(s)[:fit-1]) + "…"
}

func (p GraphProps) linked() bool {
	return slices.ContainsFunc(p.Nodes, func(n GraphNode) bool { return n.Href != "" })
}

package eval

import "strings"

// tree is a radix tree over the literal beginnings of resource patterns, of which it
// takes the part after the fifth colon: what stands before is much the same in all. Its
// parts lie side by side in memory, because reading them is what a decision waits for.
type tree struct {
	nodes      []treeNode // the root first, the branches of a node side by side
	first      []byte     // of each node, the first byte of its label
	text       string     // the labels and the literals of tails
	candidates []candidate
}

// treeNode says where its parts are: from, and up to.
type treeNode struct {
	label, labelEnd       uint32 // in text: what leads here from the node above
	branches, branchesEnd uint32 // in nodes
	here, hereEnd         uint32 // in candidates: patterns whose beginning ends here
}

// next returns the branch of n that the text goes on with, and what is left of the text
// then; ok is false when there is none.
func (t *tree) next(n *treeNode, text string) (branch *treeNode, rest string, ok bool) {
	if text == "" {
		return nil, "", false
	}
	for i := n.branches; i < n.branchesEnd; i++ {
		if t.first[i] != text[0] {
			continue
		}
		branch = &t.nodes[i]
		label := t.text[branch.label:branch.labelEnd]
		if len(text) < len(label) || text[:len(label)] != label {
			return nil, "", false
		}
		return branch, text[len(label):], true
	}
	return nil, "", false
}

// candidate is a statement whose Action element matches, unless it is negated, and of
// whose Resource element one entry may match.
type candidate struct {
	statement *statement
	resource  *resourcePattern // nil: the whole element has to be asked
	header    *header          // of the entry; nil when it is not plain
	tail
}

// tail is what follows the literal beginning of a resource pattern.
type tail struct {
	literal string
	shape   tailShape
}

type tailShape uint8

const (
	otherTail tailShape = iota // the pattern has to be asked
	noTail                     // nothing
	openTail                   // a star
	endTail                    // a star and the literal
	innerTail                  // a star, the literal and a star
)

// match reports whether the tail fits the text.
func (t *tail) match(text string) bool {
	switch t.shape {
	case noTail:
		return text == ""
	case openTail:
		return true
	case endTail:
		return strings.HasSuffix(text, t.literal)
	case innerTail:
		return strings.Contains(text, t.literal)
	default:
		return false
	}
}

// branch is a node of a tree that is being built.
type branch struct {
	label    string
	branches []*branch
	here     []candidate
}

// add puts a candidate where the text leads.
func (b *branch) add(text string, c candidate) {
	for text != "" {
		b = b.toward(text)
		n := commonPrefix(b.label, text)
		if n < len(b.label) {
			lower := *b
			lower.label = b.label[n:]
			*b = branch{label: b.label[:n], branches: []*branch{&lower}}
		}
		text = text[n:]
	}
	b.here = append(b.here, c)
}

// toward returns the branch that begins like the text, which is made if need be.
func (b *branch) toward(text string) *branch {
	for _, lower := range b.branches {
		if lower.label[0] == text[0] {
			return lower
		}
	}
	lower := &branch{label: text}
	b.branches = append(b.branches, lower)
	return lower
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// tree lays a root and what is below it out in memory, level by level.
func (b *branch) tree() *tree {
	t := &tree{}
	var text []byte
	queue := []*branch{b}
	for i := 0; i < len(queue); i++ {
		b := queue[i]
		n := treeNode{label: uint32(len(text)), branches: uint32(len(queue)), here: uint32(len(t.candidates))}
		text = append(text, b.label...)
		n.labelEnd = uint32(len(text))
		queue = append(queue, b.branches...)
		for _, c := range b.here {
			text = append(text, c.literal...)
			t.candidates = append(t.candidates, c)
		}
		n.branchesEnd, n.hereEnd = uint32(len(queue)), uint32(len(t.candidates))
		t.nodes = append(t.nodes, n)
		t.first = append(t.first, (b.label + "\x00")[0])
	}
	t.text = string(text)
	for _, n := range t.nodes {
		at := n.labelEnd
		for i := n.here; i < n.hereEnd; i++ {
			c := &t.candidates[i]
			end := at + uint32(len(c.literal))
			c.literal, at = t.text[at:end], end
		}
	}
	return t
}

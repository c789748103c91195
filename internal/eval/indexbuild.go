package eval

import (
	"encoding/binary"
	"slices"
	"strings"
)

// newIndex builds the index of a policy's statements.
func newIndex(statements []statement) index {
	b := indexBuilder{statements: statements, named: map[string][]int{}, groups: map[string]*group{}}
	for i := range statements {
		b.add(i)
	}
	x := index{every: b.group(b.every)}
	services := map[string][]actionWildcard{}
	for name, members := range b.named {
		if cut := strings.IndexByte(name, ':') + 1; hasWildcard(name) {
			services[name[:cut]] = append(services[name[:cut]], newActionWildcard(name[cut:], b.group(members)))
		} else {
			services[name[:cut]] = services[name[:cut]]
			x.names = append(x.names, nameEntry{name: name, exact: b.group(members)})
		}
	}
	for service, wildcards := range services {
		slices.SortFunc(wildcards, func(a, b actionWildcard) int { return strings.Compare(a.pattern, b.pattern) })
		x.names = append(x.names, nameEntry{name: service, wildcards: wildcards})
	}
	x.names = newNameTable(x.names)
	for i := range x.names {
		if e := &x.names[i]; strings.HasSuffix(e.name, ":") {
			x.services |= serviceBit(e.hash)
		}
	}
	return x
}

// serviceBit is the place of a service in a set of 64 bits, which others may share.
func serviceBit(hash uint64) uint64 { return 1 << (hash >> 58) }

// indexBuilder collects which statements name which actions.
type indexBuilder struct {
	statements []statement
	named      map[string][]int // by action with its service, in lower case, wildcards included
	every      []int
	groups     map[string]*group // by their members
}

func (b *indexBuilder) add(i int) {
	s := &b.statements[i]
	if s.negated.action {
		b.every = append(b.every, i)
		return
	}
	for j := range s.actions {
		switch a := &s.actions[j]; {
		case a.any:
			b.every = append(b.every, i)
		case a.name != "" && a.fits():
			name := a.service + ":" + a.name
			b.named[name] = append(b.named[name], i)
		}
	}
}

// fits reports whether an action can have such a name: longer ones are refused.
func (a *actionPattern) fits() bool {
	if hasWildcard(a.name) {
		return len(a.service) < maxAction
	}
	return len(a.service)+1+len(a.name) <= maxAction
}

func newActionWildcard(pattern string, g *group) actionWildcard {
	at := strings.IndexAny(pattern, "*?")
	return actionWildcard{pattern: pattern, literal: pattern[:at], open: pattern[at:] == "*", group: g}
}

// newNameTable puts the entries in their places, of which at most half are taken.
func newNameTable(entries []nameEntry) nameTable {
	size := 2
	for size < 2*len(entries) {
		size *= 2
	}
	t := make(nameTable, size)
	for _, e := range entries {
		var name actionName
		name.set(e.name, len(e.name))
		e.hash = name.hash
		i := e.hash & uint64(size-1)
		for t[i].name != "" {
			i = (i + 1) & uint64(size-1)
		}
		t[i] = e
	}
	return t
}

// group returns the group of the statements, which is nil for none. Names that lead to
// the same statements share one.
func (b *indexBuilder) group(members []int) *group {
	if len(members) == 0 {
		return nil
	}
	var key []byte
	for _, i := range members {
		key = binary.AppendUvarint(key, uint64(i))
	}
	if g, known := b.groups[string(key)]; known {
		return g
	}
	g := &group{}
	for _, i := range slices.Compact(members) {
		g.add(&b.statements[i])
	}
	b.groups[string(key)] = g
	return g
}

// maxSpread bounds the index to a multiple of its policy, whose statements are put under
// their resources for every action they name.
const maxSpread = 16

func (g *group) add(s *statement) {
	root := &g.allow
	if s.deny {
		root = &g.deny
	}
	if *root == nil {
		*root = &branch{}
	}
	actions, resources := len(s.actions), len(s.resources)
	if s.negated.resource || resources == 0 || actions*resources > maxSpread*(actions+resources) {
		(*root).here = append((*root).here, candidate{statement: s})
		return
	}
	for i := range s.resources {
		if r := &s.resources[i]; !r.dead {
			(*root).add(r.beginning(), candidate{s, r})
		}
	}
}

// add puts a candidate where the text leads.
func (b *branch) add(text string, c candidate) {
	for text != "" {
		i := strings.IndexByte(b.first, text[0])
		if i < 0 {
			i = len(b.below)
			b.first += text[:1]
			b.below = append(b.below, branch{label: text})
		}
		b = &b.below[i]
		n := commonPrefix(b.label, text)
		if n < len(b.label) {
			lower := *b
			lower.label = b.label[n:]
			*b = branch{label: b.label[:n], first: lower.label[:1], below: []branch{lower}}
		}
		text = text[n:]
	}
	b.here = append(b.here, c)
}

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// beginning is the literal text that a resource must have after its fifth colon, as far
// as it goes before a wildcard or variable. In the fields before, wildcards cross no
// colon and variables are not read, so the fifth colon of the pattern is that of the ARN.
func (p *resourcePattern) beginning() string {
	colons := 0
	for _, c := range p.pattern.chunks {
		for i := range c {
			if c[i].kind != literal {
				continue
			}
			for at := range len(c[i].text) {
				if c[i].text[at] != ':' {
					continue
				}
				if colons++; colons == 5 {
					return c[i].text[at+1:]
				}
			}
		}
	}
	return ""
}

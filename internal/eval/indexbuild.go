package eval

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// newIndex builds the index of statements.
func newIndex(statements []*statement) index {
	b := indexBuilder{statements: statements, groups: map[string]*group{}, headers: map[header]*header{}}
	names := 0
	for _, s := range statements {
		names += len(s.actions)
	}
	b.named, b.members = make([]namedAction, 0, names), make([]int, 0, names)
	for i := range statements {
		b.add(i)
	}
	x := index{every: b.group(slices.Compact(b.every)), denies: b.denies}
	slices.SortFunc(b.named, func(a, b namedAction) int {
		return cmp.Or(strings.Compare(a.service, b.service), strings.Compare(a.name, b.name), cmp.Compare(a.statement, b.statement))
	})
	services := 0
	for i := range b.named {
		if i == 0 || b.named[i].service != b.named[i-1].service {
			services++
		}
	}
	entries := make([]nameEntry, 0, len(b.named)+services)
	for len(b.named) > 0 {
		entries = b.addService(entries)
	}
	x.names = newNameTable(entries)
	return x
}

// namedGroup is an action, or a pattern of actions, with the statements that name it.
type namedGroup struct {
	text    string // in lower case, with the service
	name    string // without the service
	members []int
}

// addService takes the first service off the list of named actions and appends its
// entries. Where that is not too much, actions are put together with the patterns that
// they fit, so that a decision need not look for those.
func (b *indexBuilder) addService(entries []nameEntry) []nameEntry {
	service := nameEntry{name: b.named[0].service}
	var actions, patterns []namedGroup
	members := 0
	for len(b.named) > 0 && b.named[0].service == service.name {
		if g := b.nextGroup(); hasWildcard(g.name) {
			patterns = append(patterns, g)
			members += len(g.members)
		} else {
			actions = append(actions, g)
		}
	}
	for _, g := range patterns {
		at := strings.IndexAny(g.name, "*?")
		service.wildcards = append(service.wildcards,
			actionWildcard{pattern: g.name, literal: g.name[:at], open: g.name[at:] == "*", group: b.group(g.members)})
	}
	merged := len(actions)*members <= maxSpread*(len(actions)+members)
	for _, g := range actions {
		for i := range patterns {
			if merged && globASCII(patterns[i].name, g.name) {
				g.members = append(g.members, patterns[i].members...)
			}
		}
		slices.Sort(g.members)
		exact := b.group(slices.Compact(g.members))
		entries = append(entries, nameEntry{name: g.text, exact: exact, merged: merged})
	}
	return append(entries, service)
}

// indexBuilder collects which statements name which actions.
type indexBuilder struct {
	statements []*statement
	named      []namedAction
	every      []int
	denies     bool
	members    []int             // those of all groups, one after the other
	groups     map[string]*group // by their members
	key        []byte            // of the group that is looked up
	headers    map[header]*header
}

// namedAction says that a statement names an action.
type namedAction struct {
	text      string // in lower case, wildcards included
	service   string // of it, with its colon
	name      string // what follows
	statement int
}

func (b *indexBuilder) add(i int) {
	s := b.statements[i]
	b.denies = b.denies || s.deny
	if s.negated.action {
		b.every = append(b.every, i)
		return
	}
	for j := range s.actions {
		switch a := &s.actions[j]; {
		case a.any:
			b.every = append(b.every, i)
		case a.name != "" && a.fits():
			b.named = append(b.named, namedAction{a.text, a.text[:len(a.service)+1], a.name, i})
		}
	}
}

// nextGroup takes the statements off the list that name its first action.
func (b *indexBuilder) nextGroup() namedGroup {
	first := b.named[0]
	begin := len(b.members)
	for len(b.named) > 0 && b.named[0].name == first.name && b.named[0].service == first.service {
		b.members = append(b.members, b.named[0].statement)
		b.named = b.named[1:]
	}
	return namedGroup{first.text, first.name, slices.Compact(b.members[begin:len(b.members):len(b.members)])}
}

// fits reports whether an action can have such a name: longer ones are refused.
func (a *actionPattern) fits() bool {
	if hasWildcard(a.name) {
		return len(a.service) < maxAction
	}
	return len(a.service)+1+len(a.name) <= maxAction
}

// newNameTable puts the entries in their places, of which at most half are taken.
func newNameTable(entries []nameEntry) nameTable {
	size := uint64(2)
	for size < 2*uint64(len(entries)) {
		size *= 2
	}
	t := nameTable{places: make([]place, size), entries: entries}
	for i := range entries {
		hash := entries[i].hash()
		at := hash & (size - 1)
		for t.places[at].entry != 0 {
			at = (at + 1) & (size - 1)
		}
		t.places[at] = place{tagOf(hash), uint32(i + 1)}
	}
	return t
}

func (e *nameEntry) hash() uint64 {
	var name actionName
	name.set(e.name, 0)
	return name.hash
}

// group returns the group of the statements, each once and in order; nil for none. Names that lead to
// the same statements share one.
func (b *indexBuilder) group(members []int) *group {
	if len(members) == 0 {
		return nil
	}
	b.key = b.key[:0]
	for _, i := range members {
		b.key = binary.AppendUvarint(b.key, uint64(i))
	}
	if g, known := b.groups[string(b.key)]; known {
		return g
	}
	var deny, allow *branch
	for _, i := range members {
		if s := b.statements[i]; s.deny {
			deny = b.grow(deny, s)
		} else {
			allow = b.grow(allow, s)
		}
	}
	g := &group{}
	if deny != nil {
		g.deny = deny.tree()
	}
	if allow != nil {
		g.allow = allow.tree()
	}
	b.groups[string(b.key)] = g
	return g
}

// maxSpread bounds the index to a multiple of its policy, whose statements are put under
// their resources for every action they name.
const maxSpread = 16

// grow adds the resources of a statement to a tree, which is nil at first.
func (b *indexBuilder) grow(root *branch, s *statement) *branch {
	if root == nil {
		root = &branch{}
	}
	actions, resources := len(s.actions), len(s.resources)
	if s.negated.resource || resources == 0 || actions*resources > maxSpread*(actions+resources) {
		root.here = append(root.here, candidate{statement: s})
		return root
	}
	for i := range s.resources {
		r := &s.resources[i]
		if r.dead {
			continue
		}
		c := candidate{statement: s, resource: r}
		text := ""
		if !r.any {
			text, c.tail = r.pattern.afterHeader()
		}
		if r.padding == complete {
			c.header = b.header(&r.header)
		}
		root.add(text, c)
	}
	return root
}

// header returns one header for all that are alike, so that decisions find it in the
// processor's cache. It is nil for one that is not plain.
func (b *indexBuilder) header(h *header) *header {
	if !h.plain() {
		return nil
	}
	if known, ok := b.headers[*h]; ok {
		return known
	}
	own := *h
	b.headers[own] = &own
	return &own
}

// afterHeader is the literal text that a resource must have after its fifth colon, as
// far as it goes before a wildcard or variable, and what follows it in the pattern. In the
// fields before, wildcards cross no colon and variables are not read, so the fifth colon
// of the pattern is that of the ARN.
func (p *pattern) afterHeader() (beginning string, t tail) {
	colons := 0
	for i, c := range p.chunks {
		for j := range c {
			if c[j].kind != literal {
				continue
			}
			for at := range len(c[j].text) {
				if c[j].text[at] != ':' {
					continue
				}
				if colons++; colons == 5 {
					return c[j].text[at+1:], p.tail(i, j)
				}
			}
		}
	}
	return "", tail{}
}

// tail says what follows a piece of the pattern.
func (p *pattern) tail(chunk, piece int) tail {
	if piece < len(p.chunks[chunk])-1 {
		return tail{}
	}
	rest := p.chunks[chunk+1:]
	if len(rest) == 0 {
		return tail{shape: noTail}
	}
	text, ok := rest[0].fixed()
	switch {
	case !ok:
		return tail{}
	case len(rest) == 1 && text == "":
		return tail{shape: openTail}
	case len(rest) == 1:
		return tail{text, endTail}
	case len(rest) == 2 && len(rest[1]) == 0:
		return tail{text, innerTail}
	}
	return tail{}
}

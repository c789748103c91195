package eval

import (
	"slices"
	"strings"
)

// glob is a pattern of which every variable is known: what a text is compared with, one
// character after the other.
type glob struct {
	tokens []token
	fold   bool // without regard to case
}

// token is one character of a glob, or a wildcard.
type token struct {
	kind pieceKind // literal, anyOne or fieldOne
	star bool      // any number of what the kind stands for
	char rune      // of a literal
	slot string    // the folded key of a variable whose value is not known; empty otherwise
}

// tokensOf flattens a pattern. It is not possible for one that fits nothing, because a
// variable in it is a key with many values.
func tokensOf(p *pattern, ctx *Context) (list []token, ok bool) {
	for i, c := range p.chunks {
		if i > 0 {
			kind := anyOne
			if p.stars[i-1] == fieldRun {
				kind = fieldOne
			}
			list = append(list, token{kind: kind, star: true})
		}
		for j := range c {
			v, known := c[j].value(ctx)
			switch {
			case c[j].kind == anyOne || c[j].kind == fieldOne:
				list = append(list, token{kind: c[j].kind})
			case c[j].kind == variable && !ctx.Has(c[j].text):
				list = append(list, token{kind: variable, slot: c[j].text})
			case known:
				list = append(list, literals(v)...)
			default:
				return nil, false
			}
		}
	}
	return list, true
}

func literals(s string) []token {
	var list []token
	for _, r := range s {
		list = append(list, token{kind: literal, char: r})
	}
	return list
}

// anyARN is the pattern of all ARNs.
func anyARN() glob {
	g := glob{tokens: literals("arn")}
	for range 5 {
		g.tokens = append(g.tokens, token{kind: literal, char: ':'}, token{kind: fieldOne, star: true})
	}
	g.tokens[len(g.tokens)-1].kind = anyOne
	return g
}

// globsOf returns the globs that an operand stands for, one for each value that is
// known for the missing keys in it, and one without any.
func (s *search) globsOf(o *operand, op operator, known [][]string) []glob {
	tokens, ok := tokensOf(&o.text, &s.ctx)
	if !ok {
		return nil
	}
	fold := op.compare == stringEqualsIgnoreCase
	filled := []glob{{fold: fold}}
	for _, t := range tokens {
		var next []glob
		for _, g := range filled {
			if t.kind != variable {
				next = append(next, glob{append(slices.Clone(g.tokens), t), fold})
				continue
			}
			for _, v := range s.valuesOf(t.slot, &o.text, known) {
				next = append(next, glob{append(slices.Clone(g.tokens), literals(v)...), fold})
			}
		}
		filled = next
	}
	return filled
}

// valuesOf lists values of a variable that is not known: its fallback, and texts found for its key.
func (s *search) valuesOf(folded string, p *pattern, known [][]string) []string {
	const most = 4
	var list []string
	for _, c := range p.chunks {
		for i := range c {
			if c[i].kind == variable && c[i].text == folded && c[i].fallback != nil {
				list = append(list, *c[i].fallback)
			}
		}
	}
	texts := known[s.key(folded)]
	list = append(list, texts[:min(len(texts), most)]...)
	return append(list, someValue)
}

// accepts reports whether a token fits a character.
func (t *token) accepts(r rune, fold bool) bool {
	switch t.kind {
	case anyOne:
		return true
	case fieldOne:
		return r != ':'
	default:
		return t.char == r || fold && strings.EqualFold(string(t.char), string(r))
	}
}

// step moves from a set of places in the glob over a character.
func (g *glob) step(places []int, r rune) []int {
	var next []int
	for _, p := range places {
		if p == len(g.tokens) || !g.tokens[p].accepts(r, g.fold) {
			continue
		}
		if !g.tokens[p].star {
			p++
		}
		next = g.reach(next, p)
	}
	slices.Sort(next)
	return next
}

// reach adds a place, and those that stars let it go on to.
func (g *glob) reach(places []int, p int) []int {
	for {
		if slices.Contains(places, p) {
			return places
		}
		places = append(places, p)
		if p == len(g.tokens) || !g.tokens[p].star {
			return places
		}
		p++
	}
}

// instance is the shortest text that fits.
func (g *glob) instance() string {
	var b strings.Builder
	for _, t := range g.tokens {
		switch {
		case t.star:
		case t.kind == literal:
			b.WriteRune(t.char)
		default:
			b.WriteByte('x')
		}
	}
	return b.String()
}
